"""The report as a file: what stands in it, and what never does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import shlex
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from parsel import Selector

from newscrawl.contract.manifest import Breach, Known, Left, SlowPage
from newscrawl.errors import REJECT_CODES
from newscrawl.records import Article, Removed
from newscrawl.views.report import (
    MAX_INSPECTED,
    inspect_command,
    outstanding,
    report_page,
    site_report,
)
from newscrawl.views.stories import read_stories
from tests.runs import MORNING, article, quality, reject, write_run

_BREACH = Breach(metric="date", value=0, expected=1, detail="no date in 9 of 9 stories")


def _page(*manifests: Path, **inspected: str) -> Selector:
    return Selector(report_page([site_report(path) for path in manifests], inspected))


def _text(page: Selector, css: str = "body") -> str:
    texts = (part.xpath("string()").get() or "" for part in page.css(css))
    return " ".join(" ".join(texts).split())


def _rows(page: Selector, css: str) -> list[str]:
    return [" ".join(" ".join(row.css("::text").getall()).split()) for row in page.css(css)]


def _removed(label: Any, characters: int, confidence: float = 0.9) -> Removed:
    text = f"{label} {confidence} ".ljust(characters, "x")
    return Removed(
        label=label, text=text, confidence=confidence, reason="model", path="/p", after=0
    )


# --- what stands there -------------------------------------------------------------------------


def test_stories_newest_first(tmp_path: Path) -> None:
    """Each has headline and link, byline, time in UTC and words; those without a date come last."""
    zone = dt.timezone(dt.timedelta(hours=2))
    stories = [
        article(1, date_published=None, headline=None, byline=None, word_count=7),
        article(2, date_published=dt.date(2026, 11, 20)),
        article(3, date_published=dt.datetime(2026, 11, 20, 1, tzinfo=zone), byline="Ann Lee"),
        article(4, date_published=dt.datetime(2026, 11, 22, 1, tzinfo=zone), revision=3),
    ]
    page = _page(write_run(tmp_path, stories))
    assert _rows(page, ".stories tbody tr") == [
        "Council votes on bridge 4 revision 3 By Ann Lee 4 2026-11-21 23:00 304",
        "Council votes on bridge 2 By Ann Lee 2 2026-11-20 302",
        "Council votes on bridge 3 Ann Lee 2026-11-19 23:00 303",
        "(no headline) – 7",
    ]
    links = page.css(".stories a::attr(href)").getall()
    assert links[0] == "https://news.example/2026/11/22/story-4"
    assert len(links) == 4


def test_rejects_by_code(tmp_path: Path) -> None:
    """Codes come most frequent first, with count, meaning, five examples and how many more."""
    urls = [f"https://news.example/{number}" for number in range(9)]
    rejects = [
        reject("https://news.example/gone", "http_410"),
        *(reject(url, "not_article", "gallery") for url in urls),
    ]
    page = _page(write_run(tmp_path, rejects=rejects))
    assert _rows(page, ".rejected summary") == [
        f"9 not_article {REJECT_CODES['not_article']}",
        f"1 http_410 {REJECT_CODES['http_<status>']}",
    ]
    assert page.css(".rejected li a::attr(href)").getall() == [*urls[:5], rejects[0].url]
    assert _rows(page, ".rejected .more") == ["… and 4 more"]
    assert "gallery" in _text(page, ".rejected")
    assert not page.css(".rejected [data-copy]")


def test_rejected_page_that_was_read_can_be_inspected(tmp_path: Path) -> None:
    """Where there was a page to look at, there is a command to do so."""
    read = dataclasses.replace(reject("https://news.example/a", "no_body"), page_type="article")
    page = _page(write_run(tmp_path, rejects=[read, reject("https://news.example/b")]))
    commands = page.css(".rejected [data-copy]::attr(data-copy)").getall()
    assert commands == ["newscrawl inspect https://news.example/a"]


def test_removed_by_label(tmp_path: Path) -> None:
    """Labels come by their share of the text, each with the piece of which it is least sure."""
    stories = [
        article(
            n,
            body="b" * 700,
            removed=(_removed("ad", 100), _removed("promo", 200, confidence=0.9 - n / 10)),
        )
        for n in range(3)
    ]
    page = _page(write_run(tmp_path, stories))
    assert _rows(page, ".removed summary") == ["promo 20.0% 3", "ad 10.0% 3"]
    assert page.css(".removed blockquote::text").getall()[0].startswith("promo 0.7 x")
    assert "In 3 of 3 stories." in _text(page, ".removed")


def test_strange_and_slow_pages_have_their_command(tmp_path: Path) -> None:
    """Pages to look at have a command that a shell takes, and a link where they were inspected."""
    stories = [article(n, date_published=None if n == 5 else MORNING) for n in range(9)]
    slow = "https://news.example/it's;slow"
    manifest = write_run(tmp_path, stories, slowest=(SlowPage(url=slow, seconds=7.25),))
    page = _page(manifest, **{slow: "report.inspect/1.html"})
    strange, slowest = page.css(".pages")
    assert "no date (1 of 9)" in _text(strange, "ol")
    assert "7.2 s" in _text(slowest, "ol")
    commands = page.css("[data-copy]::attr(data-copy)").getall()
    words = [shlex.split(command) for command in commands]
    assert words[-2:] == [["newscrawl", "inspect", url] for url in (stories[5].url, slow)]
    assert page.css(".inspect a::attr(href)").getall() == ["report.inspect/1.html"]


def test_pages_to_inspect_are_bounded(tmp_path: Path) -> None:
    """Strange pages of every site come before slow ones; only the web's, and not hundreds."""
    slow = tuple(SlowPage(url=f"https://a.example/{n}", seconds=1) for n in range(200))
    odd = [article(n, language="de" if n == 3 else "en") for n in range(9)]
    other = (SlowPage(url="javascript:alert(1)", seconds=1),)
    manifests = [
        write_run(tmp_path, site="a.example", slowest=slow),
        write_run(tmp_path, odd, site="b.example", slowest=other),
    ]
    urls = outstanding([site_report(path) for path in manifests])
    assert urls[:2] == [odd[3].url, "https://a.example/0"]
    assert len(urls) == MAX_INSPECTED


def test_facts_of_the_run(tmp_path: Path) -> None:
    """What was seen again, what is left to do and what made it are told."""
    urls = tuple(f"https://news.example/left/{number}" for number in range(30))
    page = _page(
        write_run(
            tmp_path,
            [article(1)],
            status="deadline",
            known=Known(revisions=1, unchanged=14, gone=2),
            left=Left(count=70, urls=urls),
        )
    )
    facts = _text(page, ".facts")
    for words in ("1 story, 1 of them revised", "14 unchanged", "2 gone", "70 left to do"):
        assert words in facts
    assert page.css(".left a::attr(href)").getall() == list(urls[:20])
    assert _rows(page, ".left .more") == ["… and 50 more"]
    assert "ended by its deadline, with 70 pages left" in _text(page, ".findings")
    assert "scrapy 2.19.0" in _text(page, "footer")


# --- alarms ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quality": quality(_BREACH)}, "breaks its pattern: no date in 9 of 9 stories"),
        ({"error": "cannot write x: full", "status": "failed"}, "cannot write x: full"),
        ({"status": "failed"}, "failed: nothing could be read (internal_error 1)"),
        ({}, "newscrawl itself failed on 1 page: report it with the address"),
    ],
)
def test_alarm_stands_on_top(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """What somebody has to see to stands in the page's head, on the site's name."""
    defect = reject("https://news.example/a", "internal_error", "ZeroDivisionError: a defect")
    page = _page(write_run(tmp_path, rejects=[defect], **changes))
    assert said in _rows(page, "header .alarms li")
    assert page.css("header .alarms a::attr(href)").getall() == ["#site-0"]


def test_quiet_run_has_no_alarm(tmp_path: Path) -> None:
    """A run in which all is well says so by having none."""
    assert not _page(write_run(tmp_path, [article(1)], quality=quality())).css(".alarms")


def test_sites_with_alarms_come_first(tmp_path: Path) -> None:
    """Several sites have a table, and in it and below it those with alarms come first."""
    sites = {"a.example": quality(), "b.example": quality(_BREACH), "c.example": None}
    page = _page(*(write_run(tmp_path, site=site, quality=q) for site, q in sites.items()))
    for names in ("main h2", ".overview tbody a"):
        assert page.css(f"{names}::text").getall() == ["b.example", "a.example", "c.example"]
    assert page.css(".overview a::attr(href)").getall() == ["#site-0", "#site-1", "#site-2"]


def test_changes_since_the_run_before(tmp_path: Path) -> None:
    """Other settings and versions are named, since they may be why the stories are others."""
    hour = dt.timedelta(hours=1)
    versions = {"newscrawl": "0.2.0", "scrapy": "2.19.0"}
    write_run(tmp_path, started=MORNING - hour)
    page = _page(write_run(tmp_path, configuration_hash="1" * 64, versions=versions))
    assert _rows(page, ".findings li") == [
        "the settings are others than in the run before",
        "newscrawl 0.2.0, after 0.1.0 in the run before",
    ]


@pytest.mark.parametrize("broken", [None, "not JSON\n"])
def test_file_that_cannot_be_read(tmp_path: Path, broken: str | None) -> None:
    """A run whose stories are gone or broken is reported all the same, and says so on top."""
    manifest = write_run(tmp_path, [article(1)])
    (stories,) = manifest.parent.glob("*Z-00000000.jsonl")
    stories.unlink()
    if broken:
        stories.write_text(broken)
    page = _page(manifest)
    assert f"cannot read {stories}: " in _text(page, ".alarms")
    assert "The stories aren't here" in _text(page)


# --- empty and huge ----------------------------------------------------------------------------


def test_empty_run(tmp_path: Path) -> None:
    """A first run that brought nothing has a sentence in place of each thing."""
    text = _text(_page(write_run(tmp_path)))
    for sentence in ("No stories.", "No earlier runs", "Nothing.", "No page was fetched."):
        assert sentence in text


def test_size_is_bounded(tmp_path: Path) -> None:
    """Of many records with long texts some are listed, cut, with how many there are more."""
    long = "&" * 100_000
    stories = [article(n, headline=long, byline=long) for n in range(300)]
    rejects = [
        reject(f"https://news.example/{n}", f"http_{n % 200 + 400}", long) for n in range(300)
    ]
    html = report_page([site_report(write_run(tmp_path, stories, rejects))])
    assert len(html) < 2_000_000
    page = Selector(html)
    assert len(page.css(".stories tbody tr")) == 200
    assert "… and 100 more" in _rows(page, ".more")


def _peak(records: int) -> int:
    """The most memory that reading so many records takes, in bytes."""
    tracemalloc.start()
    read_stories(article(number) for number in range(records))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_run() -> None:
    """Of ten times as many records no more is kept."""
    _peak(10)
    assert _peak(5_000) < _peak(500) + 50_000


# --- hostile -----------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_address_that_is_not_of_the_web_is_no_link(tmp_path: Path, url: str) -> None:
    """Only http and https addresses become links or commands."""
    page = _page(
        write_run(
            tmp_path,
            [article(1, url=url)],
            [reject(url, "bad_url")],
            slowest=(SlowPage(url=url, seconds=1),),
            left=Left(count=1, urls=(url,)),
        )
    )
    assert page.xpath("//@href | //@src | //@data-copy").getall() == []
    assert url in _text(page)


def test_nothing_is_loaded(tmp_path: Path) -> None:
    """The page names no resource, and its policy would refuse one."""
    html = report_page([site_report(write_run(tmp_path, [article(1)]))])
    assert not re.search(r"url\(|@import|<link|<img| src=", html)
    assert "default-src 'none'" in html


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x9b", "\u202e", "\u2066", "\u2028"])
def test_invisible_characters_are_shown(tmp_path: Path, character: str) -> None:
    """Controls and direction marks of a headline are written out, and do nothing."""
    html = report_page([site_report(write_run(tmp_path, [article(1, headline=f"a{character}b")]))])
    assert character not in html
    assert f"a\\u{ord(character):04x}b" in html


@pytest.mark.parametrize("url", ["https://news.example/$(rm)`x`", "https://news.example/a'b\"c d"])
def test_command_is_quoted(url: str) -> None:
    """Whatever stands in an address, a shell sees one word."""
    assert shlex.split(inspect_command(url)) == ["newscrawl", "inspect", url]


def test_extreme_dates(tmp_path: Path) -> None:
    """The first and the last moment that there are can be sorted and shown."""
    east, west = (dt.timezone(dt.timedelta(hours=hours)) for hours in (14, -12))
    first, last = dt.datetime.min.replace(tzinfo=east), dt.datetime.max.replace(tzinfo=west)
    stories: list[Article] = [article(1, date_published=first), article(2, date_published=last)]
    page = _page(write_run(tmp_path, stories))
    assert _rows(page, ".stories .when") == ["9999-12-31", "0001-01-01"]
