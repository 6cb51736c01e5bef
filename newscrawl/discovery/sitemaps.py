"""Sitemaps: the addresses that a site lists for machines, with what it says of them.

One streaming pass of lxml in recover mode, entities never expanded: a broken or hostile file gives
what stands before its break, and costs no more than its bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from newscrawl.contract import GZIP_MAGIC
from newscrawl.discovery.found import (
    Found,
    moment_of,
    said_date,
    said_keywords,
    said_text,
    without_cut_end,
)
from newscrawl.extraction.facts.date_reading import Date
from newscrawl.records import Discovered
from newscrawl.urls import absolute_url, clean_url

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""Largest sitemap that is read, unpacked: the protocol's own limit."""
MAX_ENTRIES = 50_000
"""Most addresses that are read of a sitemap: the protocol's own limit."""
_GZIP_WINDOW = zlib.MAX_WBITS + 16
_STRAY_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)")
"""Ampersands of unescaped addresses, and of entities that a file defines for itself: in recover
mode, lxml drops both, and the address would be another."""
_ENTRIES = frozenset({"url", "sitemap"})
_TEXTS = frozenset({"loc", "lastmod", "publication_date", "title", "keywords"})
_OTHERS = frozenset({"image", "video"})
"""Extensions that have addresses and titles of their own."""

_Said = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class SitemapLink:
    """Another sitemap, as an index lists it."""

    url: str
    """Absolute, cleaned."""
    modified: Date | None = None
    """When one of its entries last changed."""

    @property
    def newest(self) -> dt.datetime | None:
        """``modified`` as a moment, a plain date as its end in UTC."""
        return moment_of(self.modified) if self.modified else None

    @property
    def rank(self) -> tuple[bool, dt.datetime, str]:
        """Which of an index's sitemaps are read first, the highest: those that name news in their
        address, then the last changed, then by address, in which dates grow."""
        oldest = dt.datetime.min.replace(tzinfo=dt.UTC)
        return "news" in self.url.rpartition("/")[2].lower(), self.newest or oldest, self.url


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap says."""

    stories: tuple[Found, ...] = ()
    """The pages that it lists, ``MAX_ENTRIES`` at most, in its order."""
    sitemaps: tuple[SitemapLink, ...] = ()
    """The sitemaps that it lists, likewise."""
    is_news: bool = False
    """Whether it lists stories only: it has publication dates or titles of news."""
    problem: str | None = None
    """Why not all of it was read, in words."""


def read_sitemap(content: bytes, url: str, zone: dt.tzinfo | None = None) -> Sitemap:
    """The sitemap or sitemap index of some bytes, gzip or not; no bytes raise an exception.

    ``url`` is its own address, ``zone`` the site's time zone. Itself it never lists.
    """
    content, problem = unpacked(content)
    own = clean_url(url)
    stories: dict[str, Found] = {}
    sitemaps: dict[str, SitemapLink] = {}
    is_news = False
    try:
        for kind, said in _entries(content):
            address = clean_url(absolute_url(url, said.get("loc")))
            if address is None or address == own:
                continue
            if kind == "sitemap":
                modified = said_date(said.get("lastmod"), zone)
                sitemaps.setdefault(address, SitemapLink(address, modified))
            else:
                stories.setdefault(address, Found(address, _discovered(said, url, zone)))
                is_news = is_news or "publication_date" in said
            if len(stories) + len(sitemaps) == MAX_ENTRIES:
                problem = f"more than {MAX_ENTRIES:,} entries"
                break
    except etree.LxmlError as error:
        problem = f"broken XML: {error}"
    if not (stories or sitemaps or problem):
        problem = "no entries"
    return Sitemap(tuple(stories.values()), tuple(sitemaps.values()), is_news, problem)


def unpacked(content: bytes) -> tuple[bytes, str | None]:
    """The content without its gzip, ``MAX_SITEMAP_BYTES`` at most, and what is wrong with it."""
    if not content.startswith(GZIP_MAGIC):
        return content[:MAX_SITEMAP_BYTES], None
    stream = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = stream.decompress(content, MAX_SITEMAP_BYTES)
    except zlib.error as error:
        return b"", f"broken compression: {error}"
    if stream.unconsumed_tail:
        return plain, f"more than {MAX_SITEMAP_BYTES:,} bytes"
    return plain, None if stream.eof else "the compressed file is cut"


def _entries(content: bytes) -> Iterator[tuple[str, _Said]]:
    """Each ``url`` or ``sitemap`` element's name, and its texts by name.

    A news extension's names stand without prefix, an image's or a video's with theirs.
    """
    said: _Said = {}
    events = etree.iterparse(
        io.BytesIO(_STRAY_AMPERSAND.sub(b"&amp;", without_cut_end(content))),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in events:
        name = _name(element)
        if name in _ENTRIES:
            yield name, said
            said = {}
            element.clear()
        elif name in _TEXTS:
            said.setdefault(name, element.text)


def _name(element: etree._Element) -> str:
    """The local name in lower case, with its prefix unless it is of the sitemap or its news.

    Of a prefix that the file doesn't declare, lxml makes a part of the name.
    """
    local = str(element.tag).rpartition("}")[2].lower()
    prefix = (element.prefix or "").lower()
    whole = f"{prefix}:{local}" if prefix in _OTHERS else local
    return whole.removeprefix("news:")


def _discovered(said: _Said, found_at: str, zone: dt.tzinfo | None) -> Discovered:
    return Discovered(
        source="sitemap",
        found_at=found_at,
        title=said_text(said.get("title")),
        published=said_date(said.get("publication_date"), zone),
        modified=said_date(said.get("lastmod"), zone),
        keywords=said_keywords((said.get("keywords") or "").split(",")),
    )
