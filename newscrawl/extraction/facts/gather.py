"""All facts of a page, gathered from its document and its labelled blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.access import find_access
from newscrawl.extraction.facts.attribution import (
    merged,
    read_byline_credit,
    read_credit,
    read_credit_at_end,
)
from newscrawl.extraction.facts.author_places import author_texts
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
    Label,
    LabelName,
    SiteFacts,
)

Labelled = Sequence[tuple[Block, Label]]

_LAST_BLOCKS = 2
"""Body blocks at whose ends a credit in parentheses counts."""


def gather_facts(
    document: Document,
    labelled: Labelled,
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
    dates = find_story_dates(document, date_texts(labelled), tag, zone)
    byline, authors = _writers(document, labelled)
    dateline = find_dateline(next(iter(_texts(labelled, "body")), ""))
    attribution = merged(_credits(labelled))
    corrections = tuple(read_correction(t, tag) for t in _texts(labelled, "correction"))
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
        "access": find_access(document, body, _paywall_behind(labelled), status),
    }
    return {name: fact for name, fact in found.items() if fact}


def _texts(labelled: Labelled, *names: LabelName) -> list[str]:
    return [block.text for block, label in labelled if label.name in names]


def _writers(
    document: Document, labelled: Labelled
) -> tuple[Fact[str] | None, Fact[tuple[Author, ...]] | None]:
    """The byline as printed, and the authors."""
    places = author_texts(labelled)
    authors = find_authors(document, places, site_names(document))
    beside = [line for line in places.beside if looks_like_byline(line)]
    return _printed_byline([*places.bylines, *beside]), authors


def _printed_byline(lines: Sequence[str]) -> Fact[str] | None:
    """The first line that names somebody, else the first that is no date or word such as "By"."""
    longer = [text for line in lines if (text := clean(line)) and len(text.split()) > 1]
    naming = (text for text in longer if split_names(text) or agencies_beside(text))
    undated = (text for text in longer if not looks_like_date_line(text))
    text = next(naming, None) or next(undated, None)
    return Fact(text, "text", text) if text else None


def _credits(labelled: Labelled) -> Iterator[Attribution]:
    """In page order: credit blocks, bylines that are agencies, the ends of the last body blocks."""
    last = [block.index for block, label in labelled if label.name == "body"][-_LAST_BLOCKS:]
    for block, label in labelled:
        if label.name == "attribution":
            yield from read_credit(block.text)
        elif label.name == "byline":
            if credit := read_byline_credit(block.text):
                yield credit
        elif block.index in last and (credit := read_credit_at_end(block.text)):
            yield credit


def _paywall_behind(labelled: Labelled) -> list[Block]:
    """The shown blocks labelled paywall behind the last body block."""
    last = max((i for i, (_, label) in enumerate(labelled) if label.name == "body"), default=-1)
    return [b for b, label in labelled[last + 1 :] if label.name == "paywall" and not b.hidden]
