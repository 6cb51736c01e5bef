"""The quality gates on a real site: it is redesigned, has a quiet night, and loses its links."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.cli.crawling import exit_code, report
from newscrawl.contract.manifest import Breach
from newscrawl.running import Crawl, Outcome, Run
from tests.changing_site import ChangingSite, serve_changing_site, story
from tests.command import newscrawl
from tests.driver import crawl, run_forked

_HEAD = (
    '<meta property="article:published_time" content="2026-01-02T10:00:00+01:00">'
    '<meta name="author" content="Maud Ellery">'
)
_GONE = b"<!doctype html><title>Front</title><p>Our new front page is coming.</p>"


class Courier:
    """A site with a file of its own, and the runs over it."""

    def __init__(self, folder: Path, site: ChangingSite) -> None:
        self.folder = folder
        self.site = site
        self._runs = 0
        self.file = self._file("courier.toml", "")

    def _file(self, name: str, more: str) -> Path:
        path = self.folder / name
        keys = f'name = "courier"\nstart = "{self.site.url}/"\nrevisit = []\ndelay = 0.01\n'
        path.write_text(keys + more)
        return path

    def publish(self, *names: str, is_redesigned: bool = False) -> None:
        """Have the site bring stories; redesigned, without dates and in another container."""
        for name in names:
            page = story(name, head="" if is_redesigned else _HEAD)
            if is_redesigned:
                page = page.replace(b"<article>", b'<div class="x7">')
                page = page.replace(b"</article>", b"</div>")
            self.site.pages[f"/story/of-the-wall-{name}"] = page

    def run(self, file: Path | None = None, **options: Any) -> Mapping[str, Any]:
        """The manifest of a run."""
        self._runs += 1
        run = f"run {self._runs}"
        folder = self.folder / run
        folder.mkdir()
        state = {"run_id": run, "state": str(self.folder / "state.sqlite"), **options}
        run_forked(folder, [crawl("site", site=str(file or self.file))], options=state)
        manifest: Mapping[str, Any] = json.loads((folder / "out.json").read_text())
        return manifest

    def shift(self, *, minutes: int) -> None:
        """Have all runs so far been so much later."""
        with closing(sqlite3.connect(self.folder / "state.sqlite")) as state, state:
            state.execute("UPDATE runs SET finished_at = finished_at + ?", (60 * minutes,))

    def bound(self, bounds: str) -> Path:
        """A file of the same site with bounds."""
        return self._file("bound.toml", f"[quality]\n{bounds}\n")


@pytest.fixture(scope="module")
def courier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Courier]:
    """A site with three runs behind it."""
    with serve_changing_site() as site:
        courier = Courier(tmp_path_factory.mktemp("courier"), site)
        for names in (map(str, range(24)), ("24", "25"), ("26", "27")):
            courier.publish(*names)
            courier.run()
        yield courier


@pytest.fixture
def life(courier: Courier) -> Iterator[Courier]:
    """That site, as it was, whatever a test makes of it."""
    state = {path: path.read_bytes() for path in courier.folder.glob("state.sqlite*")}
    pages = dict(courier.site.pages)
    yield courier
    courier.site.pages = pages
    vars(courier.site).pop("front", None)
    for path in courier.folder.glob("state.sqlite*"):
        path.unlink()
    for path, data in state.items():
        path.write_bytes(data)


def _broken(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {breach["metric"]: breach["detail"] for breach in manifest["quality"]["breaches"]}


def test_quiet_night(life: Courier) -> None:
    """A run with nothing new breaks nothing; lists that haven't changed name what they did."""
    quality = life.run()["quality"]
    assert quality == {
        "metrics": {
            "listed": 28,
            "stories": 0,
            "with_date": 0,
            "with_byline": 0,
            "median_words": None,
            "removed_share": None,
            "tried": 0,
            "rejected": 0,
        },
        "runs": 3,
        "breaches": [],
    }


def test_redesign_is_noticed_at_once(life: Courier) -> None:
    """In the first run with new stories, and the next one, until somebody looks after it."""
    for run in range(2):
        life.publish(*(f"new-{run}{n}" for n in range(4)), is_redesigned=True)
        manifest = life.run()
        assert manifest["articles"]["count"] == 4
        assert _broken(manifest)["date"] == f"0 of {4 + 4 * run} stories with a date, 97 % before"


def test_front_page_without_links_is_noticed_at_once(life: Courier) -> None:
    """A site that lists no story any more breaks its pattern, though there is none to look at."""
    life.site.front = lambda: _GONE  # type: ignore[method-assign]
    assert _broken(life.run()) == {"listed": "0 stories listed, 26 before"}


def test_bounds_of_the_site_file(life: Courier) -> None:
    """They hold from a site's first run on; ``false`` closes nothing."""
    life.publish(*(f"new-{n}" for n in range(4)), is_redesigned=True)
    bounds = life.bound("date = false\nbyline = 0.9\nlisted = 100")
    assert set(_broken(life.run(bounds))) == {"byline", "listed"}
    first = life.run(bounds, state=str(life.folder / "first.sqlite"))
    assert first["quality"]["runs"] == 0
    assert set(_broken(first)) == {"byline", "listed"}


def test_failed_run_is_not_judged(life: Courier) -> None:
    """An outage is said by the run's status, and is no part of the site's pattern."""
    life.site.failing.add("/")
    manifest = life.run()
    life.site.failing.clear()
    assert (manifest["status"], manifest["quality"]) == ("failed", None)
    assert life.run()["quality"]["runs"] == 3


@pytest.fixture
def fed(life: Courier) -> Iterator[Courier]:
    """That site with a feed, all links in it, and nothing but three runs with that behind it."""
    for path in life.folder.glob("state.sqlite*"):
        path.unlink()
    items = "".join(f"<item><link>{life.site.url}{path}</link></item>" for path in life.site.pages)
    feed = f'<rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'
    life.site.unlinked["/feed.xml"] = feed.encode()
    life.site.front = lambda: _GONE  # type: ignore[method-assign]
    own, life.file = life.file, life.file.with_name("fed.toml")
    life.file.write_text(f'{own.read_text()}feeds = ["{life.site.url}/feed.xml"]\n')
    for _ in range(3):
        assert _broken(life.run()) == {}
    yield life
    life.site.failing.clear()
    life.site.unlinked.clear()
    life.file = own


def test_list_that_fails_is_not_gone(fed: Courier) -> None:
    """A feed that can't be read this time names what it did; one that is gone names nothing."""
    fed.site.failing.add("/feed.xml")
    manifest = fed.run()
    assert (manifest["rejected"]["by_code"], _broken(manifest)) == ({"http_500": 1}, {})
    fed.site.failing.clear()
    fed.site.unlinked.clear()
    assert _broken(fed.run()) == {"listed": "0 stories listed, 28 before"}


def test_other_wishes_begin_another_pattern(fed: Courier) -> None:
    """Runs from before the user wanted something else of the site say nothing of it."""
    before = fed.run()
    less = fed.bound("byline = false")
    fed.shift(minutes=-2)
    first = fed.run(less)
    assert (first["quality"]["runs"], _broken(first)) == (0, {})
    fed.shift(minutes=1)
    second = fed.run(less)
    assert second["quality"]["runs"] == 1
    hashes = [manifest["configuration_hash"] for manifest in (before, first, second)]
    assert hashes[0] != hashes[1] == hashes[2]


def test_dead_link_is_no_outage(life: Courier) -> None:
    """A run that finds nothing new but a dead link is like any other quiet one."""
    life.site.gone.add("/story/of-the-wall-dead")
    manifest = life.run()
    life.site.gone.clear()
    assert (manifest["status"], manifest["rejected"]["by_code"]) == ("done", {"http_410": 1})
    assert _broken(manifest) == {}


def test_broken_pattern_is_said(life: Courier) -> None:
    """In the summary; with ``--strict`` it is exit code 4."""
    life.site.front = lambda: _GONE  # type: ignore[method-assign]
    done = newscrawl(
        life.folder, "crawl", str(life.file), "--state", "state.sqlite", "--out", "out", "--strict",
        "--allow-private", no_proxy="*",
    )  # fmt: skip
    *_, last = done.stderr.decode().splitlines()
    said = "0 stories, 0 rejected – breaks its pattern: 0 stories listed, 26 before -> out/courier/"
    assert last.startswith(f"newscrawl: courier: {said}")
    assert done.returncode == 4


def _run(**facts: Any) -> Run:
    outcome = Outcome(
        crawl=Crawl(**{**crawl("site"), "site": "courier", "articles": None}),
        **{
            "status": "done", "articles": 3, "unchanged": 0, "rejected": {}, "rejects": (),
            "write_error": None, "left": 0, "breaches": (_BREACH,), **facts,
        },
    )  # fmt: skip
    return Run(outcomes=(outcome,), stopped_by=None, refused=())


_BREACH = Breach(metric="date", value=0, expected=1, detail="0 of 3 stories with a date")


def test_quiet_run_says_what_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody who wants warnings only misses a broken pattern; all is well without a word."""
    report(_run(), quiet=True)
    report(_run(breaches=()), quiet=True)
    said = "newscrawl: courier: breaks its pattern: 0 of 3 stories with a date\n"
    assert capsys.readouterr().err == said


def test_strict_is_the_last_word() -> None:
    """What went wrong in the run itself counts before what is wrong with the site."""
    assert [exit_code(_run(), strict=strict) for strict in (False, True)] == [0, 4]
    assert exit_code(_run(breaches=()), strict=True) == 0
    assert exit_code(_run(status="failed"), strict=True) == 3
    assert exit_code(_run(write_error="cannot write x"), strict=True) == 74
