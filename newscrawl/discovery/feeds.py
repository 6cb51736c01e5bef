"""Feeds: RSS, Atom and JSON Feed, however broken, and where a page says that it has some.

feedparser reads the XML: it is slower than its rivals but the only one of those tried that keeps a
story behind broken markup and makes up no date ("yesterday" stays unread, and so does a time
without a zone); its clean-up of HTML, which nobody needs here, is off.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import feedparser
from parsel import Selector

from newscrawl.discovery.found import (
    Found,
    said_date,
    said_keywords,
    said_text,
    without_cut_end,
)
from newscrawl.records import Discovered
from newscrawl.urls import absolute_url, clean_url

MAX_FEED_ENTRIES = 1000
"""Most stories that are read of a feed, from its top, where the newest are. feedparser takes
0.13 ms for each; a feed of 50,000 would stand in everybody's way for seven seconds."""
MAX_FEED_LINKS = 10
"""Most feeds that are taken from one page: there is one for every tag on some."""

_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY[^>]{0,10000}>?", re.IGNORECASE)
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_COMMENTS = re.compile(r"/comments?/|comments?[-_.]feed|[?&]feed=comments", re.IGNORECASE)
_IS_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says."""

    stories: tuple[Found, ...] = ()
    """Its stories, ``MAX_FEED_ENTRIES`` at most, in its order."""
    problem: str | None = None
    """Why not all of it was read, in words."""


def read_feed(content: bytes, url: str, zone: dt.tzinfo | None = None) -> Feed:
    """The feed of some bytes; none of them raise an exception.

    ``url`` is its own address, ``zone`` the site's time zone.
    """
    is_json = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    entries, problem = _json_entries(content) if is_json else _xml_entries(content)
    stories: dict[str, Found] = {}
    for entry in entries:
        address = clean_url(absolute_url(entry.base or url, entry.link))
        if address:
            stories.setdefault(address, Found(address, entry.discovered(url, zone)))
    if not stories and problem is None:
        problem = "no entries"
    return Feed(tuple(stories.values()), problem)


def feed_links(document: Selector, base_url: str) -> list[str]:
    """The feeds of stories that a page declares, absolute, each once; those of comments aren't."""
    base = absolute_url(base_url, document.xpath("//base/@href").get()) or base_url
    found: dict[str, None] = {}
    for link in document.xpath("//link[@href and @type]"):
        kind = link.attrib["type"].partition(";")[0].strip().lower()
        relations = link.attrib.get("rel", "").lower().split()
        url = clean_url(absolute_url(base, link.attrib["href"]))
        if url and kind in _FEED_TYPES and "alternate" in relations and not _COMMENTS.search(url):
            found[url] = None
        if len(found) == MAX_FEED_LINKS:
            break
    return list(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry's texts, as the feed has them."""

    link: str | None
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    keywords: tuple[str | None, ...] = ()
    base: str | None = None
    """What relative links are relative to, where it isn't the feed itself."""

    def discovered(self, found_at: str, zone: dt.tzinfo | None) -> Discovered:
        return Discovered(
            source="feed",
            found_at=found_at,
            title=said_text(self.title),
            published=said_date(self.published, zone),
            modified=said_date(self.modified, zone),
            section=said_text(self.keywords[0]) if len(self.keywords) == 1 else None,
            keywords=said_keywords(self.keywords),
        )


def _xml_entries(content: bytes) -> tuple[Iterable[_Entry], str | None]:
    content, problem = _shortened(_ENTITY.sub(b"", without_cut_end(content)))
    document = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    broken = document.get("bozo_exception") if document.bozo else None
    if broken is not None and problem is None:
        problem = f"broken XML: {broken}"
    is_rss = (document.get("version") or "rss").startswith("rss")
    return (_xml_entry(entry, is_rss=is_rss) for entry in document.entries), problem


def _shortened(content: bytes) -> tuple[bytes, str | None]:
    """The content without the entries beyond the first ``MAX_FEED_ENTRIES``, and the problem."""
    ends = [match.end() for match in _ENTRY_END.finditer(content)]
    if len(ends) <= MAX_FEED_ENTRIES:
        return content, None
    return content[: ends[MAX_FEED_ENTRIES - 1]] + content[ends[-1] :], _too_many(len(ends))


def _too_many(entries: int) -> str:
    return f"{entries:,} entries, of which the first {MAX_FEED_ENTRIES:,} were read"


def _xml_entry(entry: Mapping[str, Any], *, is_rss: bool) -> _Entry:
    # As a plain dict, since the library's own gives one date for the other where only one is there.
    own = dict(entry)
    published, modified = own.get("published"), own.get("updated")
    if is_rss and published is None:  # its only date, dc:date, which the library takes for Atom's
        published, modified = modified, None
    links = [link for link in own.get("links", ()) if link.get("href")]
    stories = [link for link in links if link.get("rel", "alternate") == "alternate"]
    identity = str(own.get("id") or "")
    link = stories[0]["href"] if stories else own.get("link")
    return _Entry(
        link=link or (identity if _IS_ADDRESS.match(identity) else None),
        title=own.get("title"),
        published=published,
        modified=modified,
        keywords=tuple(tag.get("label") or tag.get("term") for tag in own.get("tags", ())),
        base=(own.get("title_detail") or {}).get("base"),
    )


def _json_entries(content: bytes) -> tuple[Iterable[_Entry], str | None]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        return (), f"broken JSON: {error}"
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return (), "no feed"
    problem = _too_many(len(items)) if len(items) > MAX_FEED_ENTRIES else None
    return _json_items(items[:MAX_FEED_ENTRIES]), problem


def _json_items(items: list[Any]) -> Iterator[_Entry]:
    for item in items:
        if isinstance(item, dict):
            tags = item.get("tags")
            yield _Entry(
                link=_text(item, "url") or _text(item, "external_url"),
                title=_text(item, "title"),
                published=_text(item, "date_published"),
                modified=_text(item, "date_modified"),
                keywords=tuple(t for t in tags if isinstance(t, str))
                if isinstance(tags, list)
                else (),
            )


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) else None
