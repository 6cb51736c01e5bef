"""Sitemaps as sites write them: what stands there is read, what is broken costs nothing else."""

from __future__ import annotations

import datetime as dt
import gzip
from zoneinfo import ZoneInfo

import pytest

from newscrawl.discovery.sitemaps import (
    MAX_ENTRIES,
    MAX_SITEMAP_BYTES,
    Sitemap,
    read_sitemap,
    unpacked,
)

URL = "https://news.example/maps/news.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def _read(text: str) -> Sitemap:
    return read_sitemap(text.encode(), URL)


def _urls(sitemap: Sitemap) -> list[str]:
    return [found.url for found in sitemap.stories]


def test_news_of_a_sitemap_travels_with_its_url() -> None:
    """Title, publication date and keywords of a news sitemap are kept, images' aren't."""
    sitemap = _read(
        f"""<?xml version="1.0"?><urlset {SPACE} {NEWS} xmlns:image="http://images.example/"><url>
        <loc>https://news.example/2026/11/18/wall</loc><lastmod>2026-11-19</lastmod>
        <image:image><image:loc>https://news.example/wall.jpg</image:loc>
        <image:title>A wall</image:title></image:image>
        <news:news><news:publication><news:name>News</news:name></news:publication>
        <news:publication_date>2026-11-18T15:00:00+01:00</news:publication_date>
        <news:title>Wall &amp; peace:
        the &lt;b&gt;end&lt;/b&gt;</news:title><news:keywords>walls, peace,walls</news:keywords>
        </news:news></url></urlset>"""
    )
    (found,) = sitemap.stories
    said = found.discovered
    assert (found.url, sitemap.is_news, sitemap.problem) == (
        "https://news.example/2026/11/18/wall",
        True,
        None,
    )
    assert (said.source, said.found_at, said.title) == ("sitemap", URL, "Wall & peace: the end")
    assert said.published == dt.datetime.fromisoformat("2026-11-18T15:00:00+01:00")
    assert said.modified == dt.date(2026, 11, 19)
    assert said.keywords == ("walls", "peace")


def test_index_lists_sitemaps() -> None:
    """An index gives sitemaps with their dates, and no stories; itself it doesn't list."""
    sitemap = _read(
        f"""<sitemapindex {SPACE}><sitemap><loc>/maps/2026-11.xml.gz</loc>
        <lastmod>2026-11-18T21:30:00Z</lastmod></sitemap><sitemap><loc>{URL}#x</loc></sitemap>
        <sitemap><loc>https://news.example/maps/old.xml</loc></sitemap></sitemapindex>"""
    )
    assert [link.url.rpartition("/")[2] for link in sitemap.sitemaps] == [
        "2026-11.xml.gz",
        "old.xml",
    ]
    assert sitemap.sitemaps[0].modified == dt.datetime(2026, 11, 18, 21, 30, tzinfo=dt.UTC)
    assert (sitemap.stories, sitemap.sitemaps[1].modified) == ((), None)


def test_gzip_is_unpacked() -> None:
    """A sitemap that is a gzip file is read like any other; a cut one as far as it goes."""
    text = "".join(f"<url><loc>https://news.example/{n}</loc></url>" for n in range(5000))
    packed = gzip.compress(f"<urlset>{text}</urlset>".encode())
    assert len(read_sitemap(packed, URL).stories) == 5000
    cut = read_sitemap(packed[: len(packed) // 2], URL)
    assert 0 < len(cut.stories) < 5000
    assert cut.problem == "the compressed file is cut"
    assert read_sitemap(b"\x1f\x8b broken", URL).problem


def test_bomb_of_gzip_is_bounded() -> None:
    """No more is unpacked than the protocol allows for."""
    plain, problem = unpacked(gzip.compress(b" " * (MAX_SITEMAP_BYTES + 1)))
    assert (len(plain), problem) == (MAX_SITEMAP_BYTES, "more than 52,428,800 bytes")


def test_bomb_of_entities_is_text() -> None:
    """Entities that a sitemap defines are never expanded; the addresses beside them are read."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    sitemap = _read(
        f"{bomb}<!ENTITY file SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>https://news.example/&m;</loc>"
        "</url><url><loc>https://news.example/&file;</loc></url>"
        "<url><loc>https://news.example/good</loc></url></urlset>"
    )
    assert _urls(sitemap)[-1] == "https://news.example/good"
    assert sum(map(len, _urls(sitemap))) < 200


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("<urlset><url><loc>https://news.example/1</loc></url><url><loc>https://news.ex", ["1"]),
        ("<urlset><url><loc>https://news.example/?a=1&b=2</loc></url></urlset>", ["?a=1&b=2"]),
        ("<urlset><url><loc>https://news.example/?a=1&amp;b=2</loc></url></urlset>", ["?a=1&b=2"]),
        ("\n\n <?xml version='1.0'?><urlset><url><loc>/1</loc></url></urlset>", ["1"]),
        ("<urlset><url><loc> \n /1 \n </loc></url></urlset>", ["1"]),
        ("<urlset><url><LOC>/1</LOC></url><url/><url><loc/></url></urlset>", ["1"]),
        ("<urlset><url><loc>/1</loc></url><url><loc>/1#top</loc></url></urlset>", ["1"]),
        ("<urlset><url><loc>javascript:x</loc></url><url><loc>/1</loc></url></urlset>", ["1"]),
        ("<urlset><url><loc>/1</loc><news:news><news:title>T</news:title></news:news>", ["1"]),
        ("<urlset>" + "<x>" * 5000 + "<url><loc>/1</loc></url>", []),
        ("", []),
        ("junk", []),
        ("<!doctype html><title>Not found</title><p>Sorry", []),
    ],
)  # fmt: skip
def test_broken_sitemaps_give_what_they_can(text: str, urls: list[str]) -> None:
    """No bytes raise an exception; where nothing was read, the problem says why."""
    sitemap = _read(text)
    assert _urls(sitemap) == [f"https://news.example/{url}" for url in urls]
    assert urls or sitemap.problem


@pytest.mark.parametrize("date", ["yesterday", "2026-13-45", "0000-00-00", "99999999999999", ""])
def test_wrong_dates_are_none(date: str) -> None:
    """What is no date is none; the address stays."""
    sitemap = _read(f"<urlset><url><loc>/1</loc><lastmod>{date}</lastmod></url></urlset>")
    assert [found.discovered.modified for found in sitemap.stories] == [None]


def test_times_without_zone_are_the_sites() -> None:
    """With a zone, a time that names none is the site's own; without, only its day is known."""
    text = b"<urlset><url><loc>/1</loc><lastmod>2026-07-18T15:00:00</lastmod></url></urlset>"
    (known,) = read_sitemap(text, URL, ZoneInfo("Europe/Oslo")).stories
    (unknown,) = read_sitemap(text, URL).stories
    assert known.discovered.modified == dt.datetime.fromisoformat("2026-07-18T15:00:00+02:00")
    assert unknown.discovered.modified == dt.date(2026, 7, 18)


def test_entries_are_bounded() -> None:
    """A sitemap of more entries than allowed gives the first, and says so."""
    text = "".join(f"<url><loc>/{n}</loc></url>" for n in range(MAX_ENTRIES + 10))
    sitemap = _read(f"<urlset>{text}</urlset>")
    assert (len(sitemap.stories), sitemap.problem) == (MAX_ENTRIES, "more than 50,000 entries")
