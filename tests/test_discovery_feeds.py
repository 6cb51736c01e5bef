"""Feeds as sites write them: RSS, Atom and JSON, good and broken."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from parsel import Selector

from newscrawl.discovery.feeds import MAX_FEED_ENTRIES, MAX_FEED_LINKS, Feed, feed_links, read_feed

URL = "https://news.example/feeds/all.xml"


def _rss(items: str) -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{items}</channel></rss>'
    )


def _read(text: str | bytes) -> Feed:
    return read_feed(text.encode() if isinstance(text, str) else text, URL)


def _urls(feed: Feed) -> list[str]:
    return [found.url.removeprefix("https://news.example") for found in feed.stories]


RSS = _rss(
    """<item><title>Wall &amp; peace</title><link>https://news.example/wall?utm_source=rss</link>
    <pubDate>Wed, 18 Nov 2026 15:00:00 +0100</pubDate><category>World</category></item>"""
)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/"><entry>
    <title type="html">Wall &amp;amp; &lt;i&gt;peace&lt;/i&gt;</title>
    <link rel="enclosure" href="wall.mp3"/><link href="wall"/>
    <published>2026-11-18T14:00:00Z</published><category term="w" label="World"/></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 1,
                "url": "/wall",
                "title": "Wall & peace",
                "date_published": "2026-11-18T14:00:00Z",
                "tags": ["World"],
            }
        ],
    }
)
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <item rdf:about="x"><title>Wall &amp; peace</title><link>https://news.example/wall</link>
    <dc:date>2026-11-18T14:00:00Z</dc:date><dc:subject>World</dc:subject></item></rdf:RDF>"""


@pytest.mark.parametrize("text", [RSS, ATOM, JSON, RDF], ids=["rss", "atom", "json", "rdf"])
def test_what_a_feed_says_travels_with_the_url(text: str) -> None:
    """Title, date and section are read alike from all formats."""
    feed = _read(text)
    (found,) = feed.stories
    said = found.discovered
    assert (found.url, feed.problem) == ("https://news.example/wall", None)
    assert (said.source, said.found_at, said.title) == ("feed", URL, "Wall & peace")
    assert said.published == dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC)
    assert (said.modified, said.section, said.keywords) == (None, "World", ("World",))


def test_modified_is_never_published() -> None:
    """Of an Atom entry that was only ever updated, nobody knows when it was published."""
    (found,) = _read(ATOM.replace("published>", "updated>")).stories
    assert found.discovered.published is None
    assert found.discovered.modified == dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (_rss("<item><title>A & B <b>x</title><link>/1?a=1&b=2</link></item><item><link>/2</link>"),
         ["/1?a=1&b=2", "/2"]),
        ("\n \n" + RSS, ["/wall"]),
        (RSS.replace("World", "W\x08"), ["/wall"]),
        (RSS.replace("Wall", "M&uuml;r &nbsp;").encode(), ["/wall"]),
        (RSS.replace("Wall", "Mür").encode("latin-1"), ["/wall"]),
        (_rss("<item><dc:date>x</dc:date><media:x/><link>/1</link></item>"), ["/1"]),
        (_rss("<item><guid>https://news.example/1</guid></item>"), ["/1"]),
        (_rss('<item><guid isPermaLink="no">a</guid></item><item><link>/1</link></item>'), ["/1"]),
        (_rss("<item><link>/1</link></item>").rpartition("</item>")[0] + "<item><link>/cu", ["/1"]),
        (_rss("<item><link>javascript:x</link></item><item><link>/1#a</link></item>"), ["/1"]),
        (_rss("<item><link>relative/1</link></item>"), ["/feeds/relative/1"]),
        (_rss("<item><link>/1</link></item>" * 3), ["/1"]),
        (JSON.replace('"World"', "3"), ["/wall"]),
        (JSON[:-5], []),
        ('{"items": [1, {"url": 5}, {"url": "/1", "tags": "x"}]}', ["/1"]),
        ('{"items": 5}', []),
        ("[" * 100_000, []),
        ('{"items":' + "[" * 100_000, []),
        ("<!doctype html><title>Not found</title><a href='/1'>Sorry</a>", []),
        ("", []),
        (bytes(range(256)) * 100, []),
    ],
)  # fmt: skip
def test_broken_feeds_give_what_they_can(text: str | bytes, urls: list[str]) -> None:
    """No bytes raise an exception; where nothing was read, the problem says why."""
    feed = _read(text)
    assert _urls(feed) == urls
    assert urls or feed.problem


@pytest.mark.parametrize(
    "date", ["yesterday", "Wed, 99 Foo 2026", "0", "Wed, 18 Nov 1066 15:00 GMT"]
)
def test_wrong_dates_are_none(date: str) -> None:
    """What is no date is none: a feed's "yesterday" isn't today's run minus a day."""
    (found,) = _read(_rss(f"<item><link>/1</link><pubDate>{date}</pubDate></item>")).stories
    assert (found.discovered.published, found.discovered.modified) == (None, None)


def test_times_without_zone_are_the_sites() -> None:
    """With a zone, a time that names none is the site's own; without, only its day is known."""
    text = RSS.replace(" +0100", "").encode()
    (known,) = read_feed(text, URL, ZoneInfo("Asia/Tokyo")).stories
    (unknown,) = read_feed(text, URL).stories
    assert known.discovered.published == dt.datetime.fromisoformat("2026-11-18T15:00:00+09:00")
    assert unknown.discovered.published == dt.date(2026, 11, 18)


def test_entity_bomb_is_text() -> None:
    """Entities that a feed defines are never expanded."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    items = "<item><title>&m;</title><link>/1</link></item><item><link>/2</link></item>"
    feed = _read(f"{bomb}]>{_rss(items)[21:]}")
    assert _urls(feed) == ["/1", "/2"]
    assert len(feed.stories[0].discovered.title or "") < 20


def _items(count: int) -> list[dict[str, Any]]:
    return [{"url": f"/{number}"} for number in range(count)]


@pytest.mark.parametrize("end", ["", "<broken"])
def test_entries_are_bounded(end: str) -> None:
    """Of 50,000 entries the first are read, and the problem says how many there were."""
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(50_000))
    feed = _read(_rss(items + end))
    assert _urls(feed) == [f"/{n}" for n in range(MAX_FEED_ENTRIES)]
    assert feed.problem == "50,000 entries, of which the first 1,000 were read"
    listed = _read(json.dumps({"items": _items(50_000)}))
    assert (len(listed.stories), listed.problem) == (MAX_FEED_ENTRIES, feed.problem)


def test_feeds_that_a_page_declares() -> None:
    """Feeds of all formats are found, relative to the page's base; comments and others aren't."""
    page = """<base href="https://news.example/x/">
        <link rel="alternate" type="application/rss+xml" href="rss.xml">
        <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="/atom#x">
        <link rel="alternate" type="application/feed+json" href="/feed.json">
        <link rel="alternate" type="application/rss+xml" href="/comments/feed/">
        <link rel="alternate" type="text/html" hreflang="de" href="/de/">
        <link rel="stylesheet" type="text/css" href="/style.css">
        <link rel="alternate" type="application/rss+xml" href="rss.xml?utm_source=page">"""
    assert feed_links(Selector(page), "https://news.example/") == [
        "https://news.example/x/rss.xml",
        "https://news.example/atom",
        "https://news.example/feed.json",
    ]


def test_feeds_of_a_page_are_bounded() -> None:
    """A page that declares a feed for each of its tags gives the first ``MAX_FEED_LINKS``."""
    page = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/tag/{n}/feed">' for n in range(50)
    )
    assert len(feed_links(Selector(page), "https://news.example/")) == MAX_FEED_LINKS
