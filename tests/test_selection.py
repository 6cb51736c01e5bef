"""Which URLs are fetched, in which order, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from newscrawl.discovery.found import Found
from newscrawl.discovery.selection import Rules, judge, matches, merged, newest_first
from newscrawl.records import Discovered
from newscrawl.urls import story_key

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
STORY = "https://news.example/local/town-to-rebuild-sea-wall"


def _found(url: str = STORY, source: Any = "section", **said: Any) -> Found:
    return Found(url, Discovered(source=source, found_at="https://news.example/", **said))


def _hours(ago: float) -> dt.datetime:
    return NOW - dt.timedelta(hours=ago)


@pytest.mark.parametrize(
    ("found", "more", "reason"),
    [
        (_found(), {}, "+story_shape"),
        (_found("https://news.example/local/"), {}, "no_story_shape"),
        (_found("https://news.example/x", "feed"), {}, "+feed"),
        (_found("https://news.example/x", "sitemap"), {}, "no_story_shape"),
        (_found("https://news.example/x", "sitemap", published=NOW), {}, "+news_sitemap"),
        (_found("https://news.example/x", "revisit"), {}, "+revisit"),
        (_found("https://other.example/x", "feed"), {}, "offsite"),
        (_found("https://news.example/x.mp3", "feed"), {}, "file"),
        (_found(), {"exclude": ("/local/*",)}, "excluded"),
        (_found(source="feed"), {"exclude": ("/sport/*", "*wall")}, "excluded"),
        (_found(), {"include": ("/sport/*",)}, "not_included"),
        (_found("https://news.example/x"), {"include": ("/sport/*", "/x")}, "+included"),
        (_found(), {"include": ("/local/*",), "exclude": ("*sea*",)}, "excluded"),
        (_found(), {"since": _hours(24)}, "+story_shape"),
        (_found(source="feed", published=_hours(25)), {"since": _hours(24)}, "too_old"),
        (_found(source="feed", published=_hours(23)), {"since": _hours(24)}, "+feed"),
        (_found(source="feed", published=NOW.date()), {"since": _hours(1)}, "+feed"),
        (_found(published=_hours(99), modified=_hours(1)), {"since": _hours(24)}, "+story_shape"),
    ],
)  # fmt: skip
def test_verdict_has_a_reason(found: Found, more: dict[str, Any], reason: str) -> None:
    """Every URL is taken or left for one reason, which has a stable code."""
    verdict = judge(found, Rules(sites=frozenset({"news.example"}), **more))
    assert f"{'+' if verdict.taken else ''}{verdict.reason}" == reason


@pytest.mark.parametrize(
    ("pattern", "url", "fits"),
    [
        ("/sport/*", "https://news.example/sport/final", True),
        ("/sport/*", "https://news.example/local/sport/final", False),
        ("/sport", "https://news.example/sport/final", False),
        ("*final*", "https://news.example/sport/final-score", True),
        ("/story/????", "https://news.example/story/1234", True),
        ("*?id=*", "https://news.example/view?id=7", True),
        ("https://sport.*", "https://sport.news.example/x", True),
        ("https://sport.*", "https://news.example/https://sport.x", False),
        ("/caf\xe9/*", "https://news.example/caf%C3%A9/neuf", True),
        ("[", "https://news.example/[", False),
        ("*", "no url", False),
    ],
)
def test_patterns_are_a_shells(pattern: str, url: str, fits: bool) -> None:  # noqa: FBT001
    """A pattern is about the path, or about the whole URL when it has a scheme."""
    assert matches(pattern, url) is fits


def test_newest_come_first() -> None:
    """By the latest date that is said; the undated, and those dated far ahead, keep their order."""
    ages = {"a": _hours(5), "b": None, "c": _hours(1), "d": NOW + dt.timedelta(days=300), "e": None}
    found = [_found(f"https://news.example/{name}", published=age) for name, age in ages.items()]
    modified = _found("https://news.example/f", published=_hours(99), modified=_hours(2))
    assert "".join(one.url[-1] for one in newest_first([*found, modified], NOW)) == "cfabde"


def test_story_found_twice_is_one() -> None:
    """Of its places the most telling counts, at the address and in the order of the first."""
    section, feed = _found(), _found(f"{STORY}?print=1", "feed", title="Town rebuilds wall")
    other = _found("https://news.example/another-story-of-the-town")
    first, second = merged([section, other, feed], story_key)
    assert (first.url, first.discovered.title) == (STORY, "Town rebuilds wall")
    assert second is other
