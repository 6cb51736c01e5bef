"""All facts of a page, gathered from its document and its labelled blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.extraction.access import find_access
from newscrawl.extraction.agencies import agencies_named
from newscrawl.extraction.attribution import find_dateline, merged, read_credit, read_credit_at_end
from newscrawl.extraction.byline import find_authors
from newscrawl.extraction.corrections import read_correction
from newscrawl.extraction.date_places import date_texts
from newscrawl.extraction.dates import find_story_dates
from newscrawl.extraction.facts import Fact, value_of
from newscrawl.extraction.headline import site_names
from newscrawl.extraction.images import find_images
from newscrawl.extraction.language import find_language
from newscrawl.extraction.names import OPENING
from newscrawl.extraction.publication import (
    find_canonical_url,
    find_publisher,
    find_section,
    find_tags,
)
from newscrawl.extraction.text import clean
from newscrawl.records import (
    Access,
    Attribution,
    Author,
    Block,
    Correction,
    Dateline,
    Image,
    Label,
    LabelName,
    Provenance,
)

if TYPE_CHECKING:
    from newscrawl.extraction.date_reading import Date
    from newscrawl.extraction.document import Document

Labelled = Sequence[tuple[Block, Label]]

_LAST_BLOCKS = 2
"""Body blocks at whose ends a credit in parentheses counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The record's metadata, by its field names."""

    publisher: str | None
    canonical_url: str | None
    byline: str | None
    authors: tuple[Author, ...]
    date_published: Date | None
    date_modified: Date | None
    dateline: Dateline | None
    attribution: tuple[Attribution, ...]
    corrections: tuple[Correction, ...]
    images: tuple[Image, ...]
    section: str | None
    tags: tuple[str, ...]
    language: str | None
    access: Access
    provenance: Mapping[str, Provenance]


def gather_facts(
    document: Document, labelled: Labelled, body: str | None, status: int | None = None
) -> Facts:
    """Everything that the page says beside headline, standfirst and body.

    ``labelled`` are its blocks in page order, ``body`` is the story's text, ``status`` of HTTP.
    """
    language = find_language(document, body)
    tag = value_of(language)
    dates = find_story_dates(document, date_texts(labelled), tag)
    publisher = find_publisher(document)
    bylines = _texts(labelled, "byline")
    byline = _printed_byline(bylines)
    authors = find_authors(document, bylines, site_names(document))
    canonical = find_canonical_url(document)
    section, tags, images = find_section(document), find_tags(document), find_images(document)
    first_body = next(iter(_texts(labelled, "body")), "")
    facts: dict[str, Fact[object] | None] = {
        "publisher": publisher,
        "canonical_url": canonical,
        "byline": byline,
        "authors": authors,
        "date_published": dates.published,
        "date_modified": dates.modified,
        "images": images,
        "section": section,
        "tags": tags,
        "language": language,
    }
    return Facts(
        publisher=value_of(publisher),
        canonical_url=value_of(canonical),
        byline=value_of(byline),
        authors=value_of(authors) or (),
        date_published=value_of(dates.published),
        date_modified=value_of(dates.modified),
        dateline=find_dateline(first_body),
        attribution=merged(_credits(labelled)),
        corrections=tuple(read_correction(t, tag) for t in _texts(labelled, "correction")),
        images=value_of(images) or (),
        section=value_of(section),
        tags=value_of(tags) or (),
        language=tag,
        access=find_access(document, body, _paywall_behind(labelled), status),
        provenance={name: fact.provenance for name, fact in facts.items() if fact},
    )


def _texts(labelled: Labelled, *names: LabelName) -> list[str]:
    return [block.text for block, label in labelled if label.name in names]


def _printed_byline(lines: Sequence[str]) -> Fact[str] | None:
    """The first byline block that is a line of its own, not a date or a word such as "By"."""
    for line in lines:
        text = clean(line)
        if text and len(text.split()) > 1:
            return Fact(text, "text", text)
    return None


def _credits(labelled: Labelled) -> Iterator[Attribution]:
    """In page order: credit blocks, bylines that are agencies, the ends of the last body blocks."""
    last = [block.index for block, label in labelled if label.name == "body"][-_LAST_BLOCKS:]
    for block, label in labelled:
        if label.name == "attribution":
            yield from read_credit(block.text)
        elif label.name == "byline":
            yield from _agency_byline(clean(block.text) or "")
        elif block.index in last and (credit := read_credit_at_end(block.text)):
            yield credit


def _agency_byline(line: str) -> Iterator[Attribution]:
    if agencies := agencies_named(OPENING.sub("", line, count=1)):
        yield Attribution(text=line, kind="wire", agencies=agencies)


def _paywall_behind(labelled: Labelled) -> list[Block]:
    """The shown blocks labelled paywall behind the last body block."""
    last = max((i for i, (_, label) in enumerate(labelled) if label.name == "body"), default=-1)
    return [b for b, label in labelled[last + 1 :] if label.name == "paywall" and not b.hidden]
