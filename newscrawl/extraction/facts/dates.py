"""When the story was published and modified: JSON-LD, meta, time elements, date lines, URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.date_elements import DateElement, DateKind, date_elements
from newscrawl.extraction.facts.date_lines import read_date_line
from newscrawl.extraction.facts.date_places import DateTexts
from newscrawl.extraction.facts.date_reading import (
    Date,
    moment_in,
    read_date,
    read_machine_date,
)
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import Node, texts
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
        "citation_online_date",
        "prism.publicationdate",
        "publishedat",
        "published_at",
        "published",
        "dc.created",
        "uploaddate",
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
        "lastmodified",
        "last_modified",
        "last-updated",
        "lastmod",
        "revised",
    ),
}
_PUBLISHED_META = regex.compile(
    r"(?<![a-z]|(?:last|next|book|video|album|music)[-_:. ])"
    r"(?:publi(?:sh|shed|cation)|release|issue)[-_ ]?(?:date|time|on)(?![a-z])"
)
"""Publications have names of their own for it: "w-published-date". The last time is when the story
was modified; books, videos and records have dates of their own."""
_PAGE_TYPES = frozenset({"WebPage", "ItemPage"})
_WORK_TYPES = frozenset(
    "VideoObject Recipe HowTo PodcastEpisode RadioEpisode QAPage "
    "MedicalWebPage AboutPage CollectionPage FAQPage CreativeWork".split()
)
"""What stands for the story where no article is described."""
_URL_DAY = regex.compile(
    r"/(?P<y>(?:19|20)\d{2})(?:[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})(?!\d)|(?P<m>\d{2})(?P<d>\d{2})(?!\d))"
    r"|/(?P<numbers>\d{2}-\d{2}-(?:19|20)\d{2})(?!\d)"
)
_URL_MONTH = regex.compile(r"/((?:19|20)\d{2})/(\d{2})(?=/)")
_TIME_ZONES = dt.timedelta(days=1)
"""By how much a printed day may differ from the moment that it tells."""
_MAX_MONTH = 12


@dataclass(frozen=True, slots=True)
class Dates:
    """Published and modified, each with its own source."""

    published: Fact[Date] | None = None
    modified: Fact[Date] | None = None


def find_story_dates(
    document: Document, texts: DateTexts, language: str | None, zone: dt.tzinfo | None = None
) -> Dates:
    """The story's dates, each from the most trusted place that has it.

    Neither date ever stands in for the other. ``zone`` is that of times for which the page names
    none, when the user has said so.
    """
    page = _Page(document, texts, language)
    published = next(_candidates(page, "published"), None)
    return Dates(
        published=_in_zone(_printed_before(page, published) if published else None, zone),
        modified=_in_zone(next(_candidates(page, "modified"), None), zone),
    )


def _printed_before(page: _Page, published: Fact[Date]) -> Fact[Date]:
    """The date that the page prints as its first, where that lies before the declared one.

    What is declared is often when the page was last built or moved: of 13 pages on which a date
    line lies two days or more before it, 11 are told right by the line.
    """
    latest = _day_of(published.value) - _TIME_ZONES
    told = (read_date_line(line, page.language) for line in page.texts.telling)
    # To ask the markup, too, costs more, and few pages print an earlier date.
    if not any(_day_of(date) < latest for dates in told for _, date in dates):
        return published
    printed = next(_from_lines(page, page.texts.telling, "published"), None)
    if printed is None or _swapped(printed.value) == _day_of(published.value):
        return published
    earlier = _day_of(printed.value) < latest
    denied = any(month in _months(published) for month in _url_months(page.document.url))
    return printed if earlier and not denied else published


def _day_of(date: Date) -> dt.date:
    return date.date() if isinstance(date, dt.datetime) else date


def _swapped(date: Date) -> dt.date | None:
    """The day that the same numbers are in the other order."""
    day = _day_of(date)
    return day.replace(month=day.day, day=day.month) if day.day <= _MAX_MONTH else None


def _months(fact: Fact[Date]) -> str:
    return f"{fact.value.year}/{fact.value.month:02}"


def _url_months(url: str | None) -> list[str]:
    """Year and month in an address: "2024/05"."""
    parts = split_web_url(url)
    return [f"{y}/{m}" for y, m in _URL_MONTH.findall(parts.path)] if parts else []


def _in_zone(fact: Fact[Date] | None, zone: dt.tzinfo | None) -> Fact[Date] | None:
    """The fact as a moment of the site's zone, where the page names a time and no zone."""
    if fact is None or zone is None or isinstance(fact.value, dt.datetime):
        return fact
    moment = moment_in(zone, fact.value, fact.raw or "")
    return Fact(moment, "site", fact.raw) if moment else fact


@dataclass(frozen=True)
class _Page:
    document: Document
    texts: DateTexts
    language: str | None

    @cached_property
    def elements(self) -> list[DateElement]:
        """Read only where JSON-LD and meta don't say everything."""
        return date_elements(self.document.root)


def _candidates(page: _Page, kind: DateKind) -> Iterator[Fact[Date]]:
    yield from _from_ld(page, kind, printed=False)
    meta = page.document.meta
    others = (name for name in meta if _PUBLISHED_META.search(name)) if kind == "published" else ()
    for name in (*_META_NAMES[kind], *others):
        for value in meta.get(name, ()):
            if date := read_date(value, page.language):
                yield Fact(date, "meta", value)
    yield from _from_elements(page, kind, in_lines=True)
    yield from _from_lines(page, page.texts.lines, kind)
    yield from _from_elements(page, kind, in_lines=False)
    if kind == "published":
        yield from _from_url(page.document.url, page.language)
    yield from _from_lines(page, page.texts.loose(), kind)
    yield from _from_ld(page, kind, printed=True)


def _from_ld(page: _Page, kind: DateKind, *, printed: bool) -> Iterator[Fact[Date]]:
    """From values for machines, or from those that a template printed into the place of one."""
    document = page.document
    others = _PAGE_TYPES if document.story else _PAGE_TYPES | _WORK_TYPES
    for node in (document.story, *document.typed(others)):
        for value in _ld_values(node, _LD_NAMES[kind]) if node else ():
            if date := read_date(value, page.language) if printed else read_machine_date(value):
                yield Fact(date, "json-ld", value)


def _ld_values(node: Node, names: tuple[str, ...]) -> Iterator[str]:
    """Strings, and numbers, which are time stamps."""
    for name in names:
        value = node.get(name)
        yield from (str(value),) if isinstance(value, int) else texts(node, name)


def _from_elements(page: _Page, kind: DateKind, *, in_lines: bool) -> Iterator[Fact[Date]]:
    """From elements that stand in date lines, which are the story's, or from all others."""
    for element in page.elements:
        if element.kind != kind:
            continue
        stands = any(element.text and element.text in line for line in page.texts.lines)
        if stands == in_lines and (date := read_date(element.value, page.language)):
            yield Fact(date, "dom" if element.trust else "microdata", element.value)


def _from_lines(page: _Page, lines: Iterable[str], kind: DateKind) -> Iterator[Fact[Date]]:
    """From printed lines, without what the markup says to be the other date."""
    others = [e.text for e in page.elements if e.kind != kind and e.text]
    for line in lines:
        rest = line
        for text in others:
            rest = rest.replace(text, " ")
        yield from (
            Fact(date, "text", line) for k, date in read_date_line(rest, page.language) if k == kind
        )


def _from_url(url: str | None, language: str | None) -> Iterator[Fact[Date]]:
    parts = split_web_url(url)
    for match in _URL_DAY.finditer(parts.path) if parts else ():
        ordered = match["y"] and f"{match['y']}-{match['m']:>02}-{match['d']:>02}"
        if date := read_date(ordered or match["numbers"], language):
            yield Fact(date, "url", match.group())
