"""Which links of a page lead to articles or to sections, by the look of their URLs alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import islice
from urllib.parse import parse_qsl, unquote

from parsel import Selector

from newscrawl.urls import absolute_url, clean_url, site_of, split_web_url

MAX_LINKS = 5000
"""Most links that are taken from one page."""

_STATIC = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|m?js|json|xml|rss|atom|txt|pdf|zip|gz|mp[34]|m4a|"
    r"webm|woff2?|epub|csv|docx?|xlsx?|pptx?)$"
)
_PAGE_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|amp)$")
_WORDS = tomllib.loads(files(__package__).joinpath("links.toml").read_text(encoding="utf-8"))
_NO_STORY_FOLDERS = frozenset(_WORDS["no_story"])
_STORY_FOLDERS = frozenset(_WORDS["story"])
_STORY_QUERY = frozenset(_WORDS["query"])
_LISTING_FOLDERS = frozenset(_WORDS["listing"])
_SECTION_SEGMENTS = 2

_YEAR = r"(?:19|20)\d\d"
_DATED_PATH = re.compile(
    rf"(?:^|/){_YEAR}[/-](?:0?[1-9]|1[0-2]|[a-z]{{3}})(?:[/-][0-3]?\d)?[/-](.+)$"
)
_COMPACT_DATE = re.compile(rf"(?:^|\D){_YEAR}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\D|$)")
_ARCHIVE_NUMBER = re.compile(rf"{_YEAR}(?:[01]\d(?:[0-3]\d)?)?")
_STORY_NUMBER = re.compile(r"(?:^|[^\d])\d{5,}(?:$|[^\d])")
_WORDS_OF_A_SLUG = 4
_WORDS_OF_A_PAGE = 3
_OPAQUE_ID = 6


def article_links(document: Selector, base_url: str, site: str) -> list[str]:
    """The links of a page that look like articles of ``site`` (a registrable domain).

    Cleaned, absolute, each once, in page order, without the page itself; ``MAX_LINKS`` at most.
    """
    return list(islice(filter(article_shape, _links(document, base_url, site)), MAX_LINKS))


def section_links(document: Selector, base_url: str, site: str) -> list[str]:
    """The links of a page that look like sections of ``site``, likewise."""
    return list(islice(filter(is_section, _links(document, base_url, site)), MAX_LINKS))


def _links(document: Selector, base_url: str, site: str) -> Iterator[str]:
    base = absolute_url(base_url, document.xpath("//base/@href").get()) or base_url
    seen = {clean_url(base_url)}
    for href in document.xpath("//a/@href").getall():
        url = clean_url(absolute_url(base, href))
        if url and url not in seen and site_of(url) == site:
            seen.add(url)
            yield url


def is_section(url: str) -> bool:
    """Whether a URL looks like that of a page that lists stories: one or two short words.

    Calendars, searches, tags and pages by number look like none: they have no end.
    """
    parts = split_web_url(url)
    if parts is None or parts.query or article_shape(url):
        return False
    segments = [_stem(segment) for segment in unquote(parts.path).lower().split("/") if segment]
    own = segments[1:] if segments and segments[0] in _LISTING_FOLDERS else segments
    return 0 < len(own) <= _SECTION_SEGMENTS and all(map(_names_section, own))


def _names_section(segment: str) -> bool:
    words = _words(segment)
    return (
        0 < words < _WORDS_OF_A_SLUG
        and not re.search(r"\d", segment)
        and segment not in _NO_STORY_FOLDERS
        and not _STATIC.search(segment)
    )


def article_shape(url: str) -> str | None:
    """Why a URL looks like an article's; ``None`` when it doesn't.

    Front pages, sections, tags, authors, searches, accounts and static files have no such shape.
    """
    parts = split_web_url(url)
    if parts is None:
        return None
    path = unquote(parts.path).lower()
    segments = [segment for segment in path.split("/") if segment]
    if _STATIC.search(path) or any(_stem(s) in _NO_STORY_FOLDERS for s in segments):
        return None
    for reason, fits in _SHAPES:
        if fits(segments, parts.query):
            return reason
    return None


def is_static(url: str) -> bool:
    """Whether a URL names a file that is no page: an image, a script, a document."""
    parts = split_web_url(url)
    return parts is not None and bool(_STATIC.search(unquote(parts.path).lower()))


def _stem(segment: str) -> str:
    return _PAGE_EXTENSION.sub("", segment)


def _words(segment: str) -> int:
    """Words of a slug, numbers aside."""
    return sum(bool(re.search(r"[^\W\d]", word)) for word in re.split(r"[-_+ ]+", segment))


def _names_date(segments: Sequence[str], _query: str) -> bool:
    path = "/".join(segments)
    dated = _DATED_PATH.search(path)
    if dated and re.search(r"[^\W\d]", _stem(dated[1])):
        return True
    return bool(_COMPACT_DATE.search(path)) and not _is_archive(segments)


def _is_archive(segments: Sequence[str]) -> bool:
    """Whether the last segment is nothing but a year, a month or a day."""
    return bool(segments and _ARCHIVE_NUMBER.fullmatch(_stem(segments[-1])))


def _has_slug(segments: Sequence[str], _query: str) -> bool:
    return any(_words(_stem(segment)) >= _WORDS_OF_A_SLUG for segment in segments[-2:])


def _has_story_number(segments: Sequence[str], _query: str) -> bool:
    return (
        bool(segments)
        and not _is_archive(segments)
        and bool(_STORY_NUMBER.search(_stem(segments[-1])))
    )


def _is_in_story_folder(segments: Sequence[str], _query: str) -> bool:
    if len(segments) < 2 or segments[-2] not in _STORY_FOLDERS:  # noqa: PLR2004 # folder and page
        return False
    last = _stem(segments[-1])
    return _words(last) >= _WORDS_OF_A_PAGE or (
        len(last) >= _OPAQUE_ID and bool(re.search(r"\d", last)) and not _is_archive(segments)
    )


def _is_page_with_slug(segments: Sequence[str], _query: str) -> bool:
    last = segments[-1] if segments else ""
    return bool(_PAGE_EXTENSION.search(last)) and _words(_stem(last)) >= _WORDS_OF_A_PAGE


def _has_story_query(_segments: Sequence[str], query: str) -> bool:
    return any(
        name.lower() in _STORY_QUERY and re.fullmatch(r"\d{3,}", value)
        for name, value in parse_qsl(query)
    )


_SHAPES: tuple[tuple[str, Callable[[Sequence[str], str], bool]], ...] = (
    ("date in the path", _names_date),
    ("slug of four words or more", _has_slug),
    ("story number", _has_story_number),
    ("folder of stories", _is_in_story_folder),
    ("page with a slug", _is_page_with_slug),
    ("story number in the query", _has_story_query),
)
