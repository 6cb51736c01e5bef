"""A site crawled again and again: what is new is written, what has changed is written again."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.state import State
from tests.changing_site import (
    ChangingSite,
    body_of,
    headline,
    paragraph,
    serve_changing_site,
    story,
)
from tests.driver import DEADLY, Finished, crawl, lines, run_crawls

APPEAL = (
    "Vellan torim pasku nel {day} sortem, ki {amount} dalor nem keli vistan porra e lume tassaro "
    "nel hiver, dun kel scrittar vel mano sen pauro ne favor."
)
PLEA = "Keli vistan nem torim: {amount} dalor porra skrittar, e dun kel mano sen pauro."
DAYS = ("12 marcha", "3 abrila", "27 mayo")


@pytest.fixture
def site() -> Iterator[ChangingSite]:
    """A site of its own for each test."""
    with serve_changing_site() as running:
        yield running


class Runs:
    """Runs of one site with one state."""

    def __init__(self, folder: Path, site: ChangingSite) -> None:
        self._folder = folder
        self._site = site
        self._count = 0

    def run(self, hours: float = 0, **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The records and the manifest of another run, ``hours`` after the first one."""
        folder = self.folder()
        self.finished(folder, hours, **more)
        return lines(folder / "out.jsonl"), json.loads((folder / "out.json").read_text())

    def folder(self) -> Path:
        """A folder for one more run."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        return folder

    def finished(self, folder: Path, hours: float = 0, **more: Any) -> Finished:
        """A run as it ended."""
        options = {"run_id": folder.name, "state": str(self._folder / "state.sqlite")}
        options |= more.pop("options", {})
        # A busy machine isn't what these tests are about.
        more["settings"] = {"DOWNLOAD_TIMEOUT": 30, **more.get("settings", {})}
        return run_crawls(
            folder,
            [crawl("site", start=f"{self._site.url}/")],
            options=options,
            hours=hours,
            **more,
        )


@pytest.fixture
def runs(tmp_path: Path, site: ChangingSite) -> Runs:
    """Runs of the site with a state that is new at first."""
    return Runs(tmp_path, site)


def _path(name: str) -> str:
    return f"/2026/01/02/{name}-and-the-harbour-of-the-town"


def _fill(site: ChangingSite, names: str) -> None:
    site.pages |= {_path(name): story(name) for name in names}


def _rejected(folder: Path) -> list[dict[str, Any]]:
    return lines(folder / "out.rejected.jsonl")


def test_what_repeats_is_in_no_body_from_the_first_run_on(site: ChangingSite, runs: Runs) -> None:
    """An appeal in plain paragraphs amid every story, in no known language, with another date and
    amount each time and random class names, is in no published body; a sentence that two stories
    share is in both."""
    background = paragraph("what both stories tell", 2)
    for n, name in enumerate("abcdefghij"):
        extra = [
            APPEAL.format(day=DAYS[n % 3], amount=n + 3),
            PLEA.format(amount=20 * n),
            *([background] if name in "cg" else ()),
        ]
        site.pages[_path(name)] = story(name, *extra)
    records, manifest = runs.run()
    assert manifest["articles"]["count"] == len(records) == 10
    assert all("dalor" not in record["body"] for record in records)
    with_background = [record for record in records if background in record["body"]]
    assert {record["headline"] for record in with_background} == {headline("c"), headline("g")}
    bodies = {record["headline"]: record["body"] for record in records}
    assert all(bodies[headline(name)] == body_of(name) for name in "abdefhij")

    site.pages[_path("k")] = story("k", APPEAL.format(day="9 juno", amount=99))
    (record,), _ = runs.run(hours=0.5)
    assert record["body"] == body_of("k")


def test_a_second_run_writes_nothing_new(site: ChangingSite, runs: Runs) -> None:
    """Right after the first run there is nothing to write and no story to ask for, and the front
    page is asked for conditionally."""
    _fill(site, "abcde")
    first, _ = runs.run()
    assert sorted(record["headline"] for record in first) == sorted(map(headline, "abcde"))
    assert {(record["revision"], record["previous_hash"]) for record in first} == {(1, None)}
    site.answers.clear()
    second, manifest = runs.run()
    assert second == []
    assert manifest["status"] == "done"
    assert ("/", 304) in site.answers
    assert not any("harbour" in path for path, _ in site.answers)
    assert manifest["known"]["not_modified"] >= 1


def test_a_changed_story_is_written_again(site: ChangingSite, runs: Runs) -> None:
    """A story that has changed by its next visit comes again under its id, with the next revision,
    the hash before and the names of what changed; the others are asked for conditionally."""
    _fill(site, "abcde")
    before = {record["headline"]: record for record in runs.run()[0]}
    site.pages[_path("b")] = story("b", paragraph("news of the evening"))
    site.answers.clear()
    (record,), manifest = runs.run(hours=2)
    old = before[headline("b")]
    assert record["id"] == old["id"]
    assert (record["revision"], record["previous_hash"]) == (2, old["content_hash"])
    assert record["changed"] == ["body"]
    assert manifest["known"] == {"revisions": 1, "unchanged": 4, "gone": 0, "not_modified": 5}
    assert Counter(status for path, status in site.answers if "harbour" in path) == {200: 1, 304: 4}
    site.pages[_path("b")] = story(
        "b", paragraph("news of the night"), title="Another headline now"
    )
    (record,), _ = runs.run(hours=7)
    assert (record["id"], record["revision"]) == (old["id"], 3)
    assert record["changed"] == ["headline", "body"]


def test_widgets_are_no_revision(site: ChangingSite, runs: Runs) -> None:
    """A page that changes around its story, in a menu, a tag or a modified date, is unchanged."""
    _fill(site, "abcde")
    runs.run()
    head = '<meta property="article:modified_time" content="2026-01-03T10:00:00Z">'
    site.pages = {
        path: page.replace(b"</head>", f"{head}</head>".encode()).replace(
            b"</body>", b'<ul><li><a href="/a">Weather</a></li><li><a href="/b">17 C</a></li></ul>'
        )
        for path, page in site.pages.items()
    }
    records, manifest = runs.run(hours=2)
    assert records == []
    assert manifest["known"] == {"revisions": 0, "unchanged": 5, "gone": 0, "not_modified": 1}


def test_a_gone_story_is_recorded(site: ChangingSite, runs: Runs) -> None:
    """A story that is answered with 410 is counted and rejected under its code, once."""
    _fill(site, "abc")
    runs.run()
    del site.pages[_path("b")]
    site.gone.add(_path("b"))
    records, manifest = runs.run(hours=2)
    assert (records, manifest["known"]["gone"]) == ([], 1)
    assert manifest["rejected"]["by_code"] == {"http_410": 1}
    _, manifest = runs.run(hours=7)
    assert (manifest["known"]["gone"], manifest["rejected"]["count"]) == (0, 0)


def test_a_404_for_a_while_loses_no_revision(site: ChangingSite, runs: Runs) -> None:
    """A story that wasn't there at one visit and has changed by the next is written again."""
    _fill(site, "abc")
    runs.run()
    before = site.pages.pop(_path("b"))
    _, manifest = runs.run(hours=2)
    assert (manifest["known"]["gone"], manifest["rejected"]["by_code"]) == (0, {"http_404": 1})
    site.pages[_path("b")] = before.replace(b"</article>", b"<p>A late turn of it.</p></article>")
    (record,), _ = runs.run(hours=7)
    assert (record["headline"], record["revision"]) == (headline("b"), 2)


@pytest.mark.parametrize("has_changed", [True, False])
def test_a_story_that_has_moved_to_another(
    site: ChangingSite, runs: Runs, *, has_changed: bool
) -> None:
    """A story whose address comes to redirect to another known one isn't written with that one's
    text, and not asked for again."""
    _fill(site, "abc")
    first, _ = runs.run()
    of_a = next(record["id"] for record in first if record["headline"] == headline("a"))
    del site.pages[_path("b")]
    site.redirects[_path("b")] = _path("a")
    if has_changed:
        site.pages[_path("a")] = story("a", paragraph("late"))
    records, manifest = runs.run(hours=2)
    revised = [(of_a, 2)] if has_changed else []
    assert [(record["id"], record["revision"]) for record in records] == revised
    assert manifest["rejected"]["by_code"] == ({"duplicate": 1} if has_changed else {})
    site.answers.clear()
    records, _ = runs.run(hours=7)
    assert records == []
    asked = [path for path, _ in site.answers]
    assert _path("b") not in asked
    assert _path("a") in asked


def test_a_story_keeps_its_id(site: ChangingSite, runs: Runs) -> None:
    """Another slug with the same story number, or an address that redirects to it, is the story
    that is known already."""
    site.pages["/news/the-harbour-council-votes-8123456"] = story("a")
    _fill(site, "bc")
    first, _ = runs.run()
    old = next(record for record in first if record["headline"] == headline("a"))
    site.pages["/news/the-council-has-voted-on-it-8123456"] = site.pages.pop(
        "/news/the-harbour-council-votes-8123456"
    )
    records, _ = runs.run(hours=0.1)
    assert records == []
    site.unlinked = {"/news/the-council-has-voted-on-it-8123456": story("a", paragraph("late"))}
    site.pages.pop("/news/the-council-has-voted-on-it-8123456")
    site.redirects["/2026/01/02/the-council-of-the-harbour-votes"] = (
        "/news/the-council-has-voted-on-it-8123456"
    )
    records, manifest = runs.run(hours=0.2)
    assert [(record["id"], record["revision"]) for record in records] == [(old["id"], 2)]
    assert manifest["rejected"]["by_code"] == {}


def test_a_copy_is_rejected_with_its_original(site: ChangingSite, runs: Runs) -> None:
    """The same wire story in two sections gives one record and one reject that names the first, in
    one run and in a later one; so does an address whose canonical one is known."""
    _fill(site, "bc")
    site.pages["/world/wire-story-of-the-harbour-town"] = story("a")
    site.pages["/politics/what-the-harbour-town-decided"] = story(
        "a", title="What the harbour town decided"
    )
    folder = runs.folder()
    runs.finished(folder)
    records = lines(folder / "out.jsonl")
    (reject,) = _rejected(folder)
    (original,) = (record for record in records if record["body"] == body_of("a"))
    assert len(records) == 3
    assert reject["code"] == "duplicate"
    assert reject["detail"] == f"a copy of {original['id']} at {original['url']}"
    assert reject["page_type"] == "article"

    site.pages["/science/harbour-town-once-more-today"] = story("a")
    canonical = f'<link rel="canonical" href="{site.url}{_path("b")}">'
    site.pages["/science/something-else-of-the-harbour"] = story("x", head=canonical)
    site.pages["/science/something-else-of-the-harbour-again"] = story("y", head=canonical)
    folder = runs.folder()
    runs.finished(folder, hours=0.1)
    assert {reject["code"] for reject in _rejected(folder)} == {"duplicate"}
    assert original["id"] in [reject["detail"].split()[3] for reject in _rejected(folder)]


def test_a_copy_stays_one(site: ChangingSite, runs: Runs) -> None:
    """A copy isn't written as a new story when the state has forgotten its original's text."""
    _fill(site, "bc")
    site.pages["/world/wire-story-of-the-harbour-town"] = story("a")
    site.pages["/politics/what-the-harbour-town-decided"] = story("a")
    assert len(runs.run()[0]) == 3
    for days, name in ((31, "d"), (32, "e"), (33, "f")):
        _fill(site, name)
        (record,), _ = runs.run(hours=24 * days)
        assert record["headline"] == headline(name)


def test_a_locked_state_loses_and_doubles_nothing(
    site: ChangingSite, runs: Runs, tmp_path: Path
) -> None:
    """A run that has published and can't write to the state says so, and its stories are known to
    the next run."""
    _fill(site, "a")
    runs.run()
    _fill(site, "bcd")
    folder = runs.folder()
    with closing(sqlite3.connect(tmp_path / "state.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = runs.finished(folder, patience=0.1)
    assert "the state couldn't be written" in done.stderr
    assert len(lines(folder / "out.jsonl")) == 3
    records, manifest = runs.run()
    assert (records, manifest["rejected"]["count"]) == ([], 0)
    assert not list(tmp_path.glob("*.run"))


@pytest.mark.parametrize(
    ("moment", "published"),
    [
        ({"kill_before": "seal"}, 0),
        ({"kill_on": "feed_exporter_closed", "kill_with": ["SIGKILL"]}, 0),
        ({"kill_before": "apply"}, 5),
        ({"kill_on": "engine_stopped", "kill_with": ["SIGKILL"]}, 5),
    ],
    ids=["before the journal", "before the manifest", "before the state", "after all"],
)
def test_killed_run_loses_and_doubles_nothing(
    site: ChangingSite, runs: Runs, moment: dict[str, Any], published: int
) -> None:
    """Wherever a run is killed, its stories are in exactly one file that a manifest names, its own
    or the next run's."""
    _fill(site, "abcde")
    folder = runs.folder()
    assert runs.finished(folder, **moment).returncode == -signal.SIGKILL
    first = lines(folder / "out.jsonl") if (folder / "out.json").exists() else []
    assert len(first) == published
    second, _ = runs.run(hours=0.1)
    ids = [record["id"] for record in (*first, *second)]
    assert len(ids) == len(set(ids)) == 5
    assert runs.run(hours=0.2)[0] == []


def test_jobs(site: ChangingSite, runs: Runs) -> None:
    """With several processes the same stories come out, and the crawl's own reads no page: not
    those either that are read again, for what repeats in them."""
    for n, name in enumerate("abcde"):
        site.pages[_path(name)] = story(name, APPEAL.format(day=DAYS[n % 3], amount=n + 3))
    records, _ = runs.run(options={"jobs": 2}, reads_apart=True)
    assert {record["headline"]: record["body"] for record in records} == {
        headline(name): body_of(name) for name in "abcde"
    }


def test_a_page_that_kills_its_reader(site: ChangingSite, runs: Runs) -> None:
    """A page that kills the process that reads it is rejected as a defect; the others are read."""
    _fill(site, "abcde")
    site.pages[_path("x")] = story("x", "This page is deadly.")
    folder = runs.folder()
    runs.finished(folder, options={"jobs": 2}, environment={DEADLY: "This page is deadly."})
    assert len(lines(folder / "out.jsonl")) == 5
    (reject,) = _rejected(folder)
    assert reject["code"] == "internal_error"
    assert reject["detail"] == "reading it killed its process, twice"


def test_a_site_that_is_being_crawled_is_busy(
    site: ChangingSite, runs: Runs, tmp_path: Path
) -> None:
    """A second run of a site with the same state asks for nothing and says why."""
    _fill(site, "a")
    name = site.url.removeprefix("http://")
    with closing(State(tmp_path / "state.sqlite").site(name, "other")):
        done = runs.finished(runs.folder())
    assert "BusyError" in done.stderr
    assert site.answers == []


def test_spool_leaves_nothing(site: ChangingSite, runs: Runs, tmp_path: Path) -> None:
    """Of a run that was killed while its stories waited, no file is left."""
    _fill(site, "abcde")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = runs.finished(
        runs.folder(),
        kill_on="item_scraped",
        kill_with=["SIGKILL"],
        environment={"TMPDIR": str(temporary)},
    )
    assert done.returncode == -signal.SIGKILL
    assert list(temporary.iterdir()) == []


def test_full_disk_loses_and_doubles_nothing(site: ChangingSite, runs: Runs) -> None:
    """A run whose stories find no room on the disk publishes none and says so; the next one writes
    all of them."""
    _fill(site, "abcde")
    for name in "xy":
        noise = random.Random(name).randbytes(400_000).hex()  # noqa: S311 - for bulk
        site.pages[_path(name)] = story(name).replace(
            b"<article>", f"<!--{noise}--><article>".encode()
        )
    folder = runs.folder()
    done = runs.finished(folder, largest=600_000)
    assert done.outcome["status"] == "failed"
    manifest = json.loads((folder / "out.json").read_text())
    assert (manifest["status"], manifest["articles"]["files"]) == ("failed", [])
    assert "File too large" in manifest["error"]
    assert not (folder / "out.jsonl").exists()
    records, _ = runs.run(hours=0.1)
    assert len(records) == 7
