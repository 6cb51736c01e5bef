"""What a search makes of what it finds: bounded places, each story once, for its best reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from newscrawl.discovery import search
from newscrawl.discovery.found import Found
from newscrawl.discovery.leads import (
    DEEPEST_SITEMAP,
    MOST,
    Lead,
    Reach,
    read_lead,
)
from newscrawl.discovery.search import Search
from newscrawl.discovery.selection import Rules
from newscrawl.records import Discovered
from tests.listings import index

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SITE = "https://news.example"


def _search(known: str = "") -> Search:
    rules = Rules(sites=frozenset({"news.example"}))
    return Search(rules, NOW, lambda key: bool(known) and known in key, lambda *_: None)


def _found(path: str, source: Any = "section", hours: int | None = None) -> Found:
    published = None if hours is None else NOW - dt.timedelta(hours=hours)
    return Found(SITE + path, Discovered(source=source, found_at=SITE, published=published))


def test_story_is_counted_once_for_its_best_reason() -> None:
    """A story that looks like one and is in a feed is there because of the feed."""
    made = _search()
    story = "/town-to-rebuild-sea-wall"
    made.add([_found(story), _found("/about"), _found(f"{story}?utm_source=x", "feed", hours=2)])
    assert made.counts() == {"taken/feed": 1, "left/no_story_shape": 1}
    (only,) = made.newest()
    assert (only.url, only.discovered.source) == (SITE + story, "feed")


def test_url_that_a_feed_names_later_is_taken() -> None:
    """What no shape spoke for, a feed may."""
    made = _search()
    made.add([_found("/wall")])
    assert made.newest() == []
    made.add([_found("/wall", "feed")])
    assert made.counts() == {"taken/feed": 1}


def test_known_story_is_left_unless_it_is_due() -> None:
    """A known story comes by its schedule, not because it is listed still."""
    made = _search(known="wall")
    made.add([_found("/town-to-rebuild-sea-wall"), _found("/wall-visited-again", "revisit")])
    assert made.counts() == {"left/known": 1, "taken/revisit": 1}


def test_candidates_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more stories than are kept, the newest stay; the others are counted."""
    monkeypatch.setattr(search, "MAX_CANDIDATES", 3)
    made = _search()
    made.add([_found(f"/story-{n}", "feed", hours=n) for n in range(10)])
    assert [found.url for found in made.newest()] == [f"{SITE}/story-{n}" for n in range(3)]
    assert made.counts()["left/too_many"] == 7


def test_judged_urls_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a list without end only so many addresses are looked at."""
    monkeypatch.setattr(search, "MAX_JUDGED", 5)
    made = _search()
    made.add(_found(f"/story-{n}", "feed") for n in range(9))
    assert made.counts() == {"taken/feed": 5, "left/too_many": 4}


def test_places_are_read_once_and_bounded() -> None:
    """A place is one however it is addressed, and there are so many of a kind."""
    made = _search()
    twice = [Lead("feed", f"{SITE}/feed"), Lead("feed", f"{SITE}/feed#x"), Lead("feed", "no url")]
    assert list(made.new_leads(twice)) == twice[:1]
    many = [Lead("feed", f"{SITE}/feed/{n}") for n in range(100)]
    assert len(list(made.new_leads(many))) == MOST["feed"] - 1
    assert made.counts()["left/more_feeds"] == 101 - MOST["feed"]


def _maps(since: dt.datetime | None = None, depth: int = 0) -> list[str]:
    lines = "".join(
        f"<sitemap><loc>/{name}.xml</loc><lastmod>{date}</lastmod></sitemap>"
        for name, date in (("2025", "2025-12-31"), ("2026", "2026-11-19"), ("news", "2026-01-01"))
    )
    text = index("/undated.xml").replace("</sitemapindex>", f"{lines}</sitemapindex>")
    lead = Lead("sitemap", f"{SITE}/map.xml", depth)
    reading = read_lead(lead, lead.url, text.encode(), "", Reach(since=since))
    return [found.url.removeprefix(SITE) for found in reading.leads]


def test_sitemaps_are_read_newest_first() -> None:
    """News before the rest, the last changed before the others; old ones aren't read at all."""
    assert _maps() == ["/news.xml", "/2026.xml", "/2025.xml", "/undated.xml"]
    assert _maps(NOW - dt.timedelta(days=2)) == ["/2026.xml", "/undated.xml"]
    assert _maps(depth=DEEPEST_SITEMAP) == []


def test_sections_are_followed_to_their_depth() -> None:
    """Up to the depth asked for, a page leads to its sections, one level deeper."""
    page = """<html lang="nb"><link rel="alternate" type="application/rss+xml" href="/feed">
        <a href="/sport">Sport</a><a href="/2026/11/">November</a><a href="/login">Log in</a>
        <a href="/topics/harbour">Harbour</a><a href="/town-to-rebuild-sea-wall">Story</a>"""
    lead = Lead("start", f"{SITE}/")
    far = read_lead(lead, lead.url, b"", page, Reach(depth=1))
    near = read_lead(lead, lead.url, b"", page, Reach(declared_feeds=False))
    assert [(found.kind, found.url.removeprefix(SITE), found.depth) for found in far.leads] == [
        ("feed", "/feed", 0),
        ("section", "/sport", 1),
        ("section", "/topics/harbour", 1),
    ]
    assert (near.leads, near.language, len(near.stories)) == ((), "nb", 1)
