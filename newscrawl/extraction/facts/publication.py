"""What the publication says of itself and its filing: name, canonical URL, section, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import first_text, texts
from newscrawl.extraction.text import clean, folded
from newscrawl.urls import clean_url, site_of, split_web_url

_PUBLISHER_TYPES = frozenset({"NewsMediaOrganization", "WebSite"})
_PUBLISHER_META = ("og:site_name", "application-name", "dc.publisher", "publisher")
_SECTION_META = ("article:section", "parsely-section", "sailthru.section", "articlesection")
_TAG_META = ("article:tag", "parsely-tags", "news_keywords", "sailthru.tags", "keywords")
_FRONT = re.compile(
    r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home)(?:\.\w{1,5})?)?", re.IGNORECASE
)
"""Paths of front pages, those of one language included."""
_MAX_NAME = 100
_MAX_TAGS = 50
_MAX_TAG_LIST = 10_000


def find_publisher(document: Document) -> Fact[str] | None:
    """The name that the publication gives itself."""
    for name in _declared_publishers(document):
        if _is_name(name):
            return Fact(name, "json-ld", name)
    for key in _PUBLISHER_META:
        fact = document.first_meta(key)
        if fact and _is_name(fact.value):
            return fact
    return None


def find_canonical_url(document: Document) -> Fact[str] | None:
    """The page's own canonical URL, cleaned, when believable.

    Believable is one on the page's own site that isn't a homepage, unless the page is one itself.
    """
    declared = document.canonical
    og = document.first_meta("og:url")
    candidates = [Fact(declared, "dom", declared)] if declared else []
    candidates += [og] if og else []
    for fact in candidates:
        url = clean_url(fact.value)
        if url and _is_believable(url, document.url):
            return Fact(url, fact.source, fact.raw)
    return None


def find_section(document: Document) -> Fact[str] | None:
    """The section of the publication in which the story is filed."""
    section = first_text(document.story, "articleSection") if document.story else None
    if section and _is_name(section):
        return Fact(section, "json-ld", section)
    fact = document.first_meta(*_SECTION_META)
    return fact if fact and _is_name(fact.value) else None


def find_tags(document: Document) -> Fact[tuple[str, ...]] | None:
    """The topics that the page names, each once, from the first place that names any."""
    story = texts(document.story, "keywords") if document.story else ()
    if tags := _split_tags(story):
        return Fact(tags, "json-ld", ", ".join(story))
    for key in _TAG_META:
        values = document.meta.get(key, ())
        if tags := _split_tags(values):
            return Fact(tags, "meta", ", ".join(values))
    return None


def _declared_publishers(document: Document) -> Iterator[str]:
    if document.story:
        yield from texts(document.story, "publisher")
    for node in document.typed(_PUBLISHER_TYPES):
        yield from texts(node, "name")


def _is_name(value: str) -> bool:
    return len(value) <= _MAX_NAME and not value.startswith("@") and "://" not in value


def _is_believable(url: str, page_url: str | None) -> bool:
    if split_web_url(page_url) is None or page_url is None:
        return not _is_homepage(url)
    return site_of(url) == site_of(page_url) and (_is_homepage(page_url) or not _is_homepage(url))


def _is_homepage(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_FRONT.fullmatch(parts.path)) and not parts.query


def _split_tags(values: tuple[str, ...]) -> tuple[str, ...]:
    """Single values may hold a list of their own; a list of values may hold commas inside one."""
    single = values[0][:_MAX_TAG_LIST].replace(";", ",") if len(values) == 1 else None
    parts = values if single is None else single.split(",")
    by_key: dict[str, str] = {}
    for part in parts:
        tag = clean(part)
        if tag and _is_name(tag) and folded(tag):
            by_key.setdefault(folded(tag), tag)
    return tuple(by_key.values())[:_MAX_TAGS]
