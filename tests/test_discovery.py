"""A search against a server that misleads it: each place is bounded, counted and reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.discovery.feeds import MAX_FEED_ENTRIES
from newscrawl.discovery.leads import DEEPEST_SITEMAP, MOST
from tests.driver import Finished, crawl, lines, run_crawls
from tests.misbehaving import Server

FAILING = {
    "/feeds/lie.xml": "incomplete",
    "/feeds/no-gzip.xml": "incomplete",
    "/feeds/endless.xml": "too_large",
    "/bomb": "too_large",
    "/drip": "timeout",
    "/never": "timeout",
    "/loop": "too_many_redirects",
    "/hang-up": "connection",
    "/empty": "empty_page",
    "/status/404": "http_404",
    "/forbidden/feed.xml": "robots",
}
"""Feeds that can't be read, and the reason code of each."""
BROKEN = {
    "/feeds/good.xml": {1},
    "/feeds/cut.xml": {2},
    "/feeds/relative.xml": {3},
    "/feeds/bomb.xml": {4},
    "/feeds/none.xml": set(),
    "/maps/bomb.xml": {7},
    "/maps/cut.xml.gz": {8},
    "/maps/itself.xml": set(),
    "/maps/bomb.xml.gz": set(),
    "/maps/endless-8.xml": {10_008, 10_016, 10_017},
}
"""Feeds and sitemaps that can be read somehow, and the numbers of the stories there."""
PROBLEMS = 5
"""How many of them have something wrong: cut, bomb and none, and two of the compressed."""


def _crawl(folder: Path, server: Server, *more: str, start: str = "/front/one") -> Finished:
    """A crawl of a site whose front page has a story of its own, and what its file says beside."""
    site = folder / "site.toml"
    site.write_text("\n".join((f'start = "{server.url}{start}"', *more)))
    server.requests.clear()
    done = run_crawls(folder, [crawl("site", site=str(site))])
    assert done.returncode == 0, done.stderr
    return done


def _key(name: str, server: Server, *paths: str) -> str:
    return f"{name} = {[server.url + path for path in paths]}"


def _stories(folder: Path) -> set[int]:
    """The numbers of the stories that were written, without the front page's own."""
    path = folder / "out.jsonl"
    records = lines(path) if path.exists() else []
    return {int(record["url"].rpartition("-")[2].partition(";")[0]) for record in records} - {100}


def _codes(folder: Path) -> dict[str, str]:
    """The reason code of each rejected URL."""
    path = folder / "out.rejected.jsonl"
    rejects = lines(path) if path.exists() else []
    return {reject["requested_url"] or reject["url"]: reject["code"] for reject in rejects}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory, server: Server) -> tuple[Path, Finished]:
    """A crawl of a site all of whose feeds fail."""
    folder = tmp_path_factory.mktemp("failing")
    return folder, _crawl(folder, server, _key("feeds", server, *FAILING))


@pytest.mark.parametrize(("path", "code"), FAILING.items())
def test_failing_place_has_a_code(
    failing: tuple[Path, Finished], server: Server, path: str, code: str
) -> None:
    """A place that can't be read is a reject with its reason."""
    assert _codes(failing[0])[server.url + path] == code


def test_failing_places_cost_themselves_only(failing: tuple[Path, Finished]) -> None:
    """The other places' stories are fetched, and each failure is counted."""
    folder, done = failing
    assert (done.outcome["status"], done.outcome["articles"]) == ("done", 1)
    assert (
        done.outcome["stats"]["newscrawl/discovery/failed"] == len(_codes(folder)) == len(FAILING)
    )


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, server: Server) -> tuple[Path, Finished]:
    """A crawl of a site all of whose feeds and sitemaps are broken."""
    folder = tmp_path_factory.mktemp("broken")
    feeds = _key("feeds", server, *(path for path in BROKEN if "feeds" in path))
    sitemaps = _key("sitemaps", server, *(path for path in BROKEN if "maps" in path))
    return folder, _crawl(folder, server, feeds, sitemaps)


@pytest.mark.parametrize(("path", "stories"), BROKEN.items())
def test_broken_place_gives_what_it_can(
    broken: tuple[Path, Finished], path: str, stories: set[int]
) -> None:
    """What stands in a broken place is fetched."""
    assert stories <= _stories(broken[0]), path


def test_broken_places_give_nothing_else(broken: tuple[Path, Finished]) -> None:
    """No reject and no story comes of what is broken, and the stats count the problems."""
    folder, done = broken
    mapped = {number for number in _stories(folder) if number > 10_000}
    assert _stories(folder) - mapped == set().union(*BROKEN.values()) - mapped
    assert _codes(folder) == {}
    assert done.outcome["stats"]["newscrawl/discovery/problem"] == PROBLEMS


def test_endless_sitemap_is_cut(tmp_path: Path, server: Server) -> None:
    """Of a sitemap without end, no more is read than the protocol allows for."""
    done = _crawl(tmp_path, server, _key("sitemaps", server, "/maps/endless.xml"))
    assert list(_codes(tmp_path).values()) == ["too_large"]
    assert done.outcome["articles"] == 1


def test_feed_of_thousands_is_bounded(tmp_path: Path, server: Server) -> None:
    """Of 50,000 entries the first are taken, of them no more than the run may fetch."""
    done = _crawl(tmp_path, server, _key("feeds", server, "/feeds/many.xml"), "max_requests = 8")
    assert done.outcome["stats"]["newscrawl/selection/taken/feed"] == MAX_FEED_ENTRIES
    assert done.outcome["status"] == "budget"
    assert len(server.requests) == 8
    assert done.outcome["articles"] + done.outcome["left"] == MAX_FEED_ENTRIES


def test_sitemaps_without_end_are_bounded(tmp_path: Path, server: Server) -> None:
    """Indexes that contain themselves and ever more of their kind are followed for a few levels."""
    done = _crawl(tmp_path, server, _key("sitemaps", server, "/maps/endless-1.xml"))
    read = [path for path in server.requests if path.startswith("/maps/")]
    assert len(read) == len(set(read)) == 2 ** (DEEPEST_SITEMAP + 1) - 1
    assert len(_stories(tmp_path)) == len(read)
    assert done.outcome["status"] == "done"


def test_calendar_without_end_is_bounded(tmp_path: Path, server: Server) -> None:
    """Sections of sections are read to the depth asked for; months and sessions are none."""
    done = _crawl(tmp_path, server, "depth = 3", start="/calendar")
    assert server.requests.count("/calendar") == 1
    assert sum(path.startswith("/maze") for path in server.requests) == MOST["section"]
    assert _stories(tmp_path) == {3}
    assert done.outcome["stats"]["newscrawl/selection/left/more_sections"] > 0


def test_soft_404_is_no_story(tmp_path: Path, server: Server) -> None:
    """A page that says in words that it isn't there, or is the front page, gives no record."""
    done = _crawl(tmp_path, server, _key("feeds", server, "/feeds/soft.xml"))
    assert _stories(tmp_path) == set()
    assert set(_codes(tmp_path).values()) == {"not_article"}
    assert done.outcome["status"] == "done"
