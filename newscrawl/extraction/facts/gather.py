"""All facts of a page, gathered from its document and its labelled blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.extraction.composer import Labelled, Places, places_of
from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.access import find_access
from newscrawl.extraction.facts.attribution import (
    merged,
    read_byline_credit,
    read_credit,
    read_credit_at_end,
)
from newscrawl.extraction.facts.author_places import AuthorTexts, author_texts
from newscrawl.extraction.facts.authors import find_authors
from newscrawl.extraction.facts.byline import looks_like_byline
from newscrawl.extraction.facts.corrections import read_correction
from newscrawl.extraction.facts.date_lines import looks_like_date_line
from newscrawl.extraction.facts.date_places import date_texts
from newscrawl.extraction.facts.datelines import find_dateline
from newscrawl.extraction.facts.dates import find_story_dates
from newscrawl.extraction.facts.fact import Fact, value_of
from newscrawl.extraction.facts.headline import site_names
from newscrawl.extraction.facts.language import find_language
from newscrawl.extraction.facts.names import agencies_beside, split_names
from newscrawl.extraction.facts.publication import (
    find_canonical_url,
    find_publisher,
    find_section,
    find_tags,
)
from newscrawl.extraction.text import clean
from newscrawl.records import (
    Attribution,
    Author,
    Block,
    SiteFacts,
)

_LAST_BLOCKS = 2
"""Body blocks at whose ends a credit in parentheses counts."""


def gather_facts(
    document: Document,
    labelled: Sequence[Labelled],
    body: str | None,
    status: int | None = None,
    site: SiteFacts | None = None,
) -> dict[str, Fact[Any]]:
    """What the page says beside headline, standfirst, body and images, by the record's field names.

    ``labelled`` are its blocks in page order, ``body`` is the story's text, ``status`` of HTTP,
    ``site`` what the user says of its site. What nobody says isn't there.
    """
    usual = site or SiteFacts()
    language = find_language(document, body, usual.language)
    tag = value_of(language)
    zone = ZoneInfo(usual.time_zone) if usual.time_zone else None
    where = places_of(labelled)
    dates = find_story_dates(document, date_texts(labelled, where), tag, zone)
    byline, authors = _writers(document, author_texts(labelled, where))
    dateline = find_dateline(labelled[where["body"][0]][0].text) if where["body"] else None
    attribution = merged(_credits(labelled, where))
    corrections = tuple(read_correction(labelled[i][0].text, tag) for i in where["correction"])
    found: dict[str, Fact[Any] | None] = {
        "publisher": find_publisher(document),
        "canonical_url": find_canonical_url(document),
        "byline": byline,
        "authors": authors,
        "date_published": dates.published,
        "date_modified": dates.modified,
        "dateline": Fact(dateline, "text", dateline.text) if dateline else None,
        "attribution": Fact(attribution, "text", attribution[0].text) if attribution else None,
        "corrections": Fact(corrections, "text", corrections[0].text) if corrections else None,
        "section": find_section(document),
        "tags": find_tags(document),
        "language": language,
        "access": find_access(document, body, _paywall_behind(labelled, where), status),
    }
    return {name: fact for name, fact in found.items() if fact}


def _writers(
    document: Document, texts: AuthorTexts
) -> tuple[Fact[str] | None, Fact[tuple[Author, ...]] | None]:
    """The byline as printed, and the authors."""
    authors = find_authors(document, texts, site_names(document))
    beside = [line for line in texts.beside if looks_like_byline(line)]
    return _printed_byline([*texts.bylines, *beside]), authors


def _printed_byline(lines: Sequence[str]) -> Fact[str] | None:
    """The first line that names somebody, else the first that is no date or word such as "By"."""
    longer = [text for line in lines if (text := clean(line)) and len(text.split()) > 1]
    naming = (text for text in longer if split_names(text) or agencies_beside(text))
    undated = (text for text in longer if not looks_like_date_line(text))
    text = next(naming, None) or next(undated, None)
    return Fact(text, "text", text) if text else None


def _credits(labelled: Sequence[Labelled], where: Places) -> Iterator[Attribution]:
    """In page order: credit blocks, bylines that are agencies, the ends of the last body blocks."""
    last = where["body"][-_LAST_BLOCKS:]
    for i in sorted((*where["attribution"], *where["byline"], *last)):
        block, label = labelled[i]
        if label.name == "attribution":
            yield from read_credit(block.text)
        elif label.name == "byline":
            if credit := read_byline_credit(block.text):
                yield credit
        elif credit := read_credit_at_end(block.text):
            yield credit


def _paywall_behind(labelled: Sequence[Labelled], where: Places) -> list[Block]:
    """The shown blocks labelled paywall behind the last body block."""
    last = max(where["body"], default=-1)
    behind = (labelled[i][0] for i in where["paywall"] if i > last)
    return [block for block in behind if not block.hidden]
