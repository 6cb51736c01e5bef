"""When the story was published and modified: JSON-LD, meta, time elements, date lines, URL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import regex
from lxml import etree

from newscrawl.extraction.date_lines import DateKind, read_date_line
from newscrawl.extraction.date_reading import Date, read_date, read_machine_date
from newscrawl.extraction.date_words import date_words
from newscrawl.extraction.document import Document, element_text
from newscrawl.extraction.facts import Fact
from newscrawl.extraction.linked_data import texts, types_of
from newscrawl.extraction.surroundings import is_beside_story
from newscrawl.extraction.text import folded
from newscrawl.urls import split_web_url

_LD_NAMES: dict[DateKind, tuple[str, ...]] = {
    "published": ("datePublished", "dateCreated", "uploadDate"),
    "modified": ("dateModified",),
}
_META_NAMES: dict[DateKind, tuple[str, ...]] = {
    "published": (
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "article:published",
        "datepublished",
        "parsely-pub-date",
        "sailthru.date",
        "article.published",
        "published_time",
        "published-date",
        "publish-date",
        "publishdate",
        "publish_date",
        "publication_date",
        "pubdate",
        "pub_date",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
        "dc.date.created",
        "datecreated",
        "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime",
        "vr:published_time",
        "bt:pubdate",
        "rnews:datepublished",
        "article_date_original",
        "originalpublicationdate",
        "citation_publication_date",
        "dcterms.date",
        "dc.date",
        "date",
    ),
    "modified": (
        "article:modified_time",
        "og:article:modified_time",
        "article:modified",
        "og:updated_time",
        "article:updated_time",
        "datemodified",
        "dcterms.modified",
        "dc.date.modified",
        "last-modified",
        "lastmod",
        "revised",
    ),
}
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "VideoObject"})
_MAX_TIMES = 50
_URL_DAY = regex.compile(
    r"/(?P<y>(?:19|20)\d{2})(?:[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})(?!\d)|(?P<m>\d{2})(?P<d>\d{2})(?!\d))"
)


@dataclass(frozen=True, slots=True)
class Dates:
    """Published and modified, each with its own source."""

    published: Fact[Date] | None = None
    modified: Fact[Date] | None = None


def find_story_dates(document: Document, lines: Sequence[str], language: str | None) -> Dates:
    """The story's dates, each from the most trusted place that has it.

    ``lines`` are texts of date lines, and of bylines that may hold a date. Neither date ever stands
    in for the other.
    """
    return Dates(
        published=next(_candidates(document, lines, language, "published"), None),
        modified=next(_candidates(document, lines, language, "modified"), None),
    )


def _candidates(
    document: Document, lines: Sequence[str], language: str | None, kind: DateKind
) -> Iterator[Fact[Date]]:
    yield from _from_ld(document, kind)
    for name in _META_NAMES[kind]:
        for value in document.meta.get(name, ()):
            if date := read_date(value, language):
                yield Fact(date, "meta", value)
    yield from _from_times(document, kind, language)
    for line in lines:
        yield from (
            Fact(date, "text", line) for k, date in read_date_line(line, language) if k == kind
        )
    if kind == "published":
        yield from _from_url(document.url)


def _from_ld(document: Document, kind: DateKind) -> Iterator[Fact[Date]]:
    pages = [node for node in document.ld if types_of(node) & _PAGE_TYPES]
    for node in (document.story, *pages):
        for value in texts(node, *_LD_NAMES[kind]) if node else ():
            if date := read_machine_date(value):
                yield Fact(date, "json-ld", value)


def _from_times(document: Document, kind: DateKind, language: str | None) -> Iterator[Fact[Date]]:
    """From ``time`` elements: those marked as the wanted date, then those behind the headline."""
    times = list(islice(_story_times(document.root), _MAX_TIMES))
    marked = [e for e, _ in times if _marked(e) == kind]
    near = [e for e, behind in times if behind and _marked(e) is None and _said(e) == kind]
    far = [e for e, behind in times if not behind and _marked(e) is None and _said(e) == kind]
    for source, elements in (("microdata", marked), ("dom", near), ("dom", far)):
        for element in elements:
            value = element.get("datetime") or element.get("content") or element_text(element)
            if date := read_date(value, language):
                yield Fact(date, "microdata" if source == "microdata" else "dom", value)


def _story_times(root: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """``time`` elements in the story's part, and whether each stands behind an h1."""
    behind = False
    for element in root.iter("h1", "time"):
        if element.tag == "h1":
            behind = True
        elif not is_beside_story(element):
            yield element, behind


def _marked(element: etree._Element) -> DateKind | None:
    itemprop = (element.get("itemprop") or "").lower()
    if "datemodified" in itemprop:
        return "modified"
    return "published" if "datepublished" in itemprop or "pubdate" in element.attrib else None


def _said(element: etree._Element) -> DateKind:
    """What class and wording around a ``time`` say that it is."""
    parent = element.getparent()
    before = [element.get("class"), element.text, parent.text if parent is not None else None]
    words = folded(" ".join((text or "").replace("_", " ") for text in before))
    return "modified" if date_words().updated.search(words) else "published"


def _from_url(url: str | None) -> Iterable[Fact[Date]]:
    parts = split_web_url(url)
    match = _URL_DAY.search(parts.path) if parts else None
    if match:
        value = f"{match['y']}-{match['m']:>02}-{match['d']:>02}"
        if date := read_machine_date(value):
            yield Fact(date, "url", match.group())
