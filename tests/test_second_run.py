"""A site crawled twice: lists are asked for conditionally, and no story that is known again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.settings import ITEM_PIPELINES
from tests.changing_site import ChangingSite, serve_changing_site, story
from tests.driver import crawl, lines, run_forked
from tests.listings import index, rss, urlset

FRONT = b"""<!doctype html><title>Front</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml"><a href="/story/of-the-wall-1">
One</a>"""


class Courier:
    """A site that lists its stories in four places, and the runs over it."""

    def __init__(self, folder: Path, site: ChangingSite) -> None:
        self.site = site
        self._folder = folder
        self._runs = 0
        self.listed = {"/feed.xml": ["2"], "/news.xml": ["3"], "/old.xml": ["4"]}
        """Numbers of stories by feed or sitemap."""
        site.unlinked["/robots.txt"] = f"Sitemap: {site.url}/maps.xml".encode()
        site.unlinked["/maps.xml"] = index("/news.xml", "/old.xml").encode()
        site.pages["/story/of-the-wall-1"] = story("1")
        site.front = lambda: FRONT  # type: ignore[method-assign]

    def run(self, hours: float = 0, **arguments: Any) -> list[str]:
        """The numbers of the stories that a run writes, ``hours`` after the first."""
        for path, numbers in self.listed.items():
            links = [f"/story/of-the-wall-{number}" for number in numbers]
            self.site.unlinked[path] = (rss if path == "/feed.xml" else urlset)(*links).encode()
            for number, link in zip(numbers, links, strict=True):
                self.site.unlinked.setdefault(link, story(number))
        self.site.answers.clear()
        self._runs += 1
        folder = self._folder / str(self._runs)
        folder.mkdir()
        options = {"run_id": str(self._runs), "state": str(self._folder / "state.sqlite")}
        if "site" not in arguments:
            arguments["start"] = f"{self.site.url}/"
        settings = arguments.pop("settings", {})
        entry = crawl("site", **arguments)
        settings = {"DOWNLOAD_TIMEOUT": 30, **settings}
        done = run_forked(folder, [entry], options=options, hours=hours, settings=settings)
        self.manifest = json.loads((folder / "out.json").read_text())
        self.stats = done["outcomes"][0]["stats"]
        return sorted(record["url"].rpartition("-")[2] for record in lines(folder / "out.jsonl"))

    def rules(self, **keys: Any) -> str:
        """The file of the same site, with more keys."""
        name = self.site.url.removeprefix("http://")
        keys = {"name": name, "start": [f"{self.site.url}/"]} | keys
        file = self._folder / f"{len(list(self._folder.iterdir()))}.toml"
        file.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
        return str(file)

    def fetched(self, status: int) -> set[str]:
        """The paths that the last run was answered with a status."""
        return {path for path, answer in self.site.answers if answer == status}


LISTS = {"/", "/feed.xml", "/maps.xml", "/news.xml", "/old.xml"}


@pytest.fixture
def courier(tmp_path: Path) -> Iterator[Courier]:
    """A site with a run behind it."""
    with serve_changing_site() as site:
        courier = Courier(tmp_path, site)
        assert courier.run() == ["1", "2", "3", "4"]
        assert courier.fetched(200) > LISTS
        yield courier


def test_second_run_fetches_nothing_again(courier: Courier) -> None:
    """Right after the first, front page, feed and sitemaps answer 304, and no story is fetched."""
    assert courier.run() == []
    assert courier.fetched(304) == LISTS
    assert courier.fetched(200) == {"/robots.txt"}
    assert courier.stats["newscrawl/discovery/not_modified"] == len(LISTS)
    assert courier.manifest["status"] == "done"


@pytest.mark.parametrize("place", ["/feed.xml", "/news.xml"])
def test_new_story_is_found_behind_unchanged_places(courier: Courier, place: str) -> None:
    """A front page or an index that hasn't changed names no places: they are remembered."""
    courier.listed[place] = ["5", *courier.listed[place]]
    assert courier.run() == ["5"]
    assert courier.fetched(200) == {"/robots.txt", place, "/story/of-the-wall-5"}


def test_limit_hides_nothing_behind_a_304(courier: Courier) -> None:
    """A list of which a run took only a part is sent again, until all of it is known."""
    courier.listed["/feed.xml"] = ["5", "6", "2"]
    assert courier.run(limit=1) == ["5"]
    assert courier.run(limit=1) == ["6"]
    assert courier.run(limit=1) == []
    assert courier.run() == []
    assert courier.fetched(304) == LISTS


def test_validator_stays_with_its_address(courier: Courier) -> None:
    """An address that redirects is asked for by its validator; the target isn't, until it has
    answered itself."""
    courier.site.redirects["/"] = "/home"
    courier.site.unlinked["/home"] = FRONT
    assert courier.run() == []
    assert "/home" in courier.fetched(200)
    assert courier.run() == []
    assert "/home" in courier.fetched(304)


def test_failed_story_is_asked_for_later(courier: Courier) -> None:
    """A story that couldn't be fetched is tried again behind a wait; its feed must name it."""
    courier.listed["/feed.xml"] = ["5", "2"]
    courier.site.unlinked["/story/of-the-wall-5"] = b""
    assert courier.run() == []
    courier.site.unlinked["/story/of-the-wall-5"] = story("5")
    assert courier.run(hours=2) == ["5"]


def test_waiting_story_is_not_lost_behind_a_304(courier: Courier) -> None:
    """While a story that failed waits for its next try, its feed is sent again, run by run."""
    courier.listed["/feed.xml"] = ["5", "2"]
    courier.site.unlinked["/story/of-the-wall-5"] = b""
    assert courier.run() == []
    assert courier.run(hours=0.3) == []
    courier.site.unlinked["/story/of-the-wall-5"] = story("5")
    assert courier.run(hours=2) == ["5"]
    assert courier.run(hours=2.1) == []
    assert courier.fetched(304) == LISTS


def test_story_that_fails_behind_its_fetch_is_not_lost(courier: Courier) -> None:
    """A defect in a pipeline costs a run its story, not all later ones."""
    courier.listed["/feed.xml"] = ["5", "2"]
    broken = {"ITEM_PIPELINES": ITEM_PIPELINES | {"tests.driver.Broken": 35}}
    assert courier.run(settings=broken) == []
    assert courier.run(hours=2) == ["5"]


@pytest.mark.parametrize("failure", [b"", None], ids=["empty", "404"])
def test_failed_feed_is_asked_for_again(courier: Courier, failure: bytes | None) -> None:
    """A feed that failed once is known behind a front page that answers 304, however it failed."""
    feed = courier.listed.pop("/feed.xml")
    if failure is None:
        del courier.site.unlinked["/feed.xml"]
    else:
        courier.site.unlinked["/feed.xml"] = failure
    assert courier.run() == []
    assert courier.fetched(304) == LISTS - {"/feed.xml"}
    courier.listed["/feed.xml"] = ["5", *feed]
    assert courier.run() == ["5"]


def test_other_rules_are_not_hidden_by_304s(courier: Courier) -> None:
    """Lists that were read for some of their stories are sent again when others are wanted."""
    courier.listed["/feed.xml"] = ["5", "6", "2"]
    only = courier.rules(include=["*-5"])
    assert courier.run(site=only) == ["5"]
    assert courier.run(site=only) == []
    assert courier.fetched(304) == LISTS
    both = courier.rules(include=["*-5", "*-6"])
    assert courier.run(site=both) == ["6"]


def test_due_story_that_is_listed_is_asked_for_conditionally(courier: Courier) -> None:
    """A story's next visit is conditional where its feed names it still, and it isn't learned
    from again."""
    courier.listed["/feed.xml"] = ["5", "2"]
    assert courier.run(hours=2) == ["5"]
    stories = {f"/story/of-the-wall-{number}" for number in "1234"}
    assert courier.fetched(304) >= stories
    assert courier.fetched(200) == {"/robots.txt", "/feed.xml", "/story/of-the-wall-5"}


def test_other_address_of_a_known_story_is_known(courier: Courier) -> None:
    """Tracking, print views and the like don't make a story new."""
    links = ["?utm_source=feed", "?print=1", "/amp", "/#top"]
    feed = rss(*(f"/story/of-the-wall-2{link}" for link in links))
    courier.listed.pop("/feed.xml")
    courier.site.unlinked["/feed.xml"] = feed.encode()
    assert courier.run() == []
    assert courier.stats["newscrawl/selection/left/known"] == 1
    assert not any(path.startswith("/story/") for path, _ in courier.site.answers)
