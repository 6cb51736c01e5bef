"""A day from cron: stories come and change, runs are killed, a disk is full, the site is remade.
The files of all runs add up exactly."""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from newscrawl.contract.checking import check_file
from tests.changing_site import ChangingSite, body_of, headline, serve_changing_site, story
from tests.driver import crawl_into, fork, lines, run_forked

RUNS = 24
STEP = 1.1
"""Hours between two runs: a story is visited again when it is an hour old, so in the next one."""
KILLED = frozenset({4, 8, 11, 15, 18})
FULL = 13
REDESIGNED = 20
_DATED = '<meta property="article:published_time" content="2026-01-02T10:00:00+01:00">'


class Day:
    """The site, its runs, and how often each story has changed."""

    def __init__(self, site: ChangingSite, folder: Path) -> None:
        self._site, self._folder = site, folder
        self._chance = random.Random(8)  # noqa: S311 - a plot
        self._length = 1.0
        self.versions: Counter[str] = Counter()
        self.out = folder / "out"

    def go_on(self, number: int) -> None:
        """Change what the last published run has brought, and add stories."""
        for path in map(self.path_of, self.brought(number - 1)):
            if self.versions[path] == 1 and self._chance.random() < 0.4:
                self._write(path, is_redesigned=number >= REDESIGNED)
        for index in range(self._chance.randint(3, 6)):
            path = f"/story/of-the-wall-{number * 10 + index}"
            self._write(path, is_redesigned=number >= REDESIGNED)

    def _write(self, path: str, *, is_redesigned: bool) -> None:
        self.versions[path] += 1
        page = story(self.seed(path), title=headline(path), head="" if is_redesigned else _DATED)
        if is_redesigned:
            page = page.replace(b"<article>", b'<div class="x7">').replace(b"/article>", b"/div>")
        self._site.pages[path] = page

    def seed(self, path: str) -> str:
        """What the words of a story's newest version are made of."""
        return f"{path} {self.versions[path]}"

    def brought(self, number: int) -> list[dict[str, Any]]:
        """The records that a run has published."""
        published = self.manifest(number)
        files = published["articles"]["files"] if published else []
        return [record for file in files for record in lines(self.out / file["file"])]

    def path_of(self, record: Mapping[str, Any]) -> str:
        """Where on the site a record is from."""
        path: str = record["url"].removeprefix(self._site.url)
        return path

    def manifest(self, number: int) -> Mapping[str, Any] | None:
        """What a run has published; ``None`` for nothing."""
        path = self.out / f"run{number:02}.manifest.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def run(self, number: int, **more: Any) -> Mapping[str, Any]:
        """A run to its end."""
        begun = monotonic()
        done = run_forked(self._folder, [self._crawl(number)], **self._more(number), **more)
        self._length = monotonic() - begun
        return done

    def killed_run(self, number: int) -> None:
        """A run that is killed at a moment by chance, unless it is over by then."""
        process = fork(self._folder, [self._crawl(number)], **self._more(number))
        sleep(self._length * self._chance.random())
        process.kill()
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}

    def _crawl(self, number: int) -> Mapping[str, Any]:
        return crawl_into(self.out / f"run{number:02}", f"{self._site.url}/")

    def _more(self, number: int) -> dict[str, Any]:
        options = {"run_id": f"run{number:02}", "state": str(self._folder / "state.sqlite")}
        return {"options": options, "settings": {"DOWNLOAD_TIMEOUT": 30}, "hours": STEP * number}


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """A site at the beginning of a day."""
    with serve_changing_site() as site:
        yield Day(site, tmp_path)


def test_a_day_from_cron_adds_up(day: Day) -> None:
    """Every story is published once, and once more for its change, in files that are whole; the
    full disk is said, and the redesign is named by the first run behind it."""
    for number in range(RUNS):
        day.go_on(number)
        if number in KILLED:
            day.killed_run(number)
        elif number == FULL:
            assert "cannot write" in json.dumps(day.run(number, largest=8192))
        else:
            day.run(number)
    for number in range(RUNS, RUNS + 2):
        day.run(number)

    redesign = day.manifest(REDESIGNED)
    assert redesign is not None
    assert "date" in [breach["metric"] for breach in redesign["quality"]["breaches"]]
    _require_exact_files(day)
    _require_exact_records(day)


def _require_exact_files(day: Day) -> None:
    """The manifests are as they say, and there is nothing that they don't name."""
    manifests = sorted(day.out.glob("*.manifest.json"))
    named = {path.name for path in manifests}
    for path in manifests:
        assert list(check_file(path)) == []
        told = json.loads(path.read_bytes())
        named |= {file["file"] for part in ("articles", "rejected") for file in told[part]["files"]}
    assert {path.name for path in day.out.iterdir()} == named


def _require_exact_records(day: Day) -> None:
    """Each story has its revisions in order, the last one with a text that the site has."""
    revisions: dict[str, list[int]] = {}
    bodies = {}
    for number in range(RUNS + 2):
        for record in day.brought(number):
            path = day.path_of(record)
            revisions.setdefault(path, []).append(record["revision"])
            bodies[path] = record["body"]
    assert revisions == {path: list(range(1, last + 1)) for path, last in day.versions.items()}
    for path, body in bodies.items():
        assert set(body.split("\n\n")) <= set(body_of(day.seed(path)).split("\n\n"))
