"""What others say of a story's page: feeds, sitemaps, and the user's site file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from newscrawl import Article, extract
from newscrawl.records import Discovered, Selectors, SiteFacts

URL = "https://news.example/local/wall"
TEXT = "<p>The council of the harbour town voted on Tuesday to rebuild the old sea wall.</p>" * 6
BARE = f"<html><body><article>{TEXT}</article></body></html>"
FEED = Discovered(
    source="feed",
    found_at="https://news.example/feed",
    title="Town rebuilds wall",
    published=dt.datetime(2026, 11, 18, 15, tzinfo=dt.UTC),
    modified=dt.datetime(2026, 11, 19, 15, tzinfo=dt.UTC),
    section="Local",
    keywords=("Walls", "Sea"),
)


def _facts(article: Article) -> dict[str, Any]:
    names = ("headline", "date_published", "date_modified", "section", "tags")
    return {name: getattr(article, name) for name in names}


def _sources(article: Article) -> dict[str, str]:
    return {name: said.source for name, said in article.provenance.items()}


def test_feed_says_what_the_page_does_not() -> None:
    """Headline, date, section and tags come from the feed, and the provenance says so."""
    article = extract(BARE, url=URL, said=FEED)
    assert _facts(article) == {
        "headline": "Town rebuilds wall",
        "date_published": FEED.published,
        "date_modified": None,
        "section": "Local",
        "tags": ("Walls", "Sea"),
    }
    named = ("headline", "date_published", "section", "tags")
    assert {_sources(article)[name] for name in named} == {"feed"}
    assert article.provenance["date_published"].raw == "2026-11-18T15:00:00+00:00"


def test_page_is_believed_first() -> None:
    """What the page says of itself, no feed changes."""
    page = f"""<html><head><meta property="article:section" content="Coast">
        <meta property="article:tag" content="Harbour">
        <meta property="article:published_time" content="2026-11-17"></head>
        <body><article><h1>The sea wall will be rebuilt</h1>{TEXT}</article></body></html>"""
    with_feed, without = extract(page, url=URL, said=FEED), extract(page, url=URL)
    assert with_feed == without
    assert without.date_published == dt.date(2026, 11, 17)


@pytest.mark.parametrize("source", ["section", "revisit"])
def test_link_says_nothing(source: Any) -> None:
    """Where a page was linked is no statement about it."""
    said = Discovered(source=source, found_at="https://news.example/", title="More")
    assert extract(BARE, url=URL, said=said) == extract(BARE, url=URL)


META = '<meta property="article:published_time" content="{}">'


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (META.format("2026-07-18T15:00:00"), "2026-07-18T15:00:00+02:00 site"),
        (META.format("2026-11-18 15:00"), "2026-11-18T15:00:00+01:00 site"),
        (META.format("2026-11-18T15:00:00Z"), "2026-11-18T15:00:00+00:00 meta"),
        (META.format("2026-11-18"), "2026-11-18 meta"),
        ("<p>Published 18 November 2026, 15:00</p>", "2026-11-18T15:00:00+01:00 site"),
        ("<p>Published 18 November 2026 at 3:05 pm</p>", "2026-11-18T15:05:00+01:00 site"),
        ("<p>Published 18 November 2026, 15:00 GMT</p>", "2026-11-18T15:00:00+00:00 text"),
        ("<p>Published 18 November 2026, 15:00 XST</p>", "2026-11-18 text"),
        ("<p>Published 18 November 2026</p>", "2026-11-18 text"),
    ],
)
def test_time_without_zone_is_the_sites(printed: str, read: str) -> None:
    """A time for which the page names no zone is one of the zone that the user named."""
    head, line = (printed, "") if printed.startswith("<meta") else ("", printed)
    page = f"""<html lang="en"><head>{head}</head><body><article>
        <h1>Town rebuilds its old sea wall</h1>{line}{TEXT}</article></body>"""
    article = extract(page, url=URL, site=SiteFacts(time_zone="Europe/Oslo"))
    assert article.date_published is not None
    assert f"{article.date_published.isoformat()} {_sources(article)['date_published']}" == read


def test_language_is_the_sites_where_the_page_declares_none() -> None:
    """The user knows better than a guess from the text; the page knows better than the user."""
    site = SiteFacts(language="en-GB")
    assert extract(BARE, url=URL, site=site).language == "en-GB"
    declared = extract(BARE.replace("<html", '<html lang="en-US"'), url=URL, site=site)
    assert declared.language == "en-US"


PAGE = f"""<html><head><title>Town rebuilds its old sea wall</title></head><body><article>
    <h1>Town rebuilds its old sea wall</h1><div class="text">{TEXT}
    <p class="plea">The harbour is loved by all who live here, and it will be for long.</p></div>
    <div class="extra"><p>{"The lighthouse keeper spoke of the winter of the great flood. " * 5}</p>
    </div></article></body></html>"""


def _lines(article: Article) -> set[str]:
    return {text.split()[1] for text in (article.body or "").split("\n\n")}


def _extracted(day: str | None = None, **selectors: str) -> set[str]:
    """The second words of the body's paragraphs, under selectors that hold until November."""
    chosen = Selectors(until=dt.date(2026, 11, 30), **selectors)
    moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00") if day else None
    return _lines(extract(PAGE, url=URL, fetched_at=moment, site=SiteFacts(selectors=chosen)))


def test_selectors_outdo_the_labeller() -> None:
    """What ``body`` doesn't select and what ``remove`` does isn't body."""
    everything = {"council", "harbour", "lighthouse"}
    assert _lines(extract(PAGE, url=URL)) == everything
    assert _extracted(body="article .text") == {"council", "harbour"}
    assert _extracted(remove=".plea, .extra") == {"council"}
    assert _extracted(body="div.text, div.extra", remove="p.plea") == {"council", "lighthouse"}


def test_selectors_take_in_what_was_mistaken() -> None:
    """A block that ``body`` selects is body, unless it is an ask."""
    page = PAGE.replace(
        '<div class="text">',
        '<div class="text"><p class="related"><a href=/x>Read also: third line</a></p>',
    )
    site = SiteFacts(selectors=Selectors(until=dt.date(2026, 11, 30), body=".text"))
    assert "also:" not in _lines(extract(page, url=URL))
    assert "also:" in _lines(extract(page, url=URL, site=site))


def test_selectors_end() -> None:
    """They hold up to their last day; and where they match nothing, as on a page laid out anew."""
    assert _extracted("2026-11-30", body=".text") == {"council", "harbour"}
    assert _extracted("2026-12-01", body=".text") == {"council", "harbour", "lighthouse"}
    assert _extracted("2026-11-30", body=".gone") == {"council", "harbour", "lighthouse"}
