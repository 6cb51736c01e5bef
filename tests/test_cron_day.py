"""A day from cron: stories come and change, runs are killed, a disk is full, the site is redesigned;
the files of all runs add up exactly."""

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

from newscrawl.cli.checking import paths_problems
from tests.changing_site import ChangingSite, body_of, headline, serve_changing_site, story
from tests.driver import crawl, fork, lines, run_forked

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
        for path in self._brought(number - 1):
            if self.versions[path] == 1 and self._chance.random() < 0.4:
                self._write(path, is_redesigned=number > REDESIGNED)
        for index in range(self._chance.randint(3, 6)):
            path = f"/2026/01/02/the-town-and-its-wall-{number * 10 + index}"
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

    def _brought(self, number: int) -> list[str]:
        published = self.manifest(number)
        files = published["articles"]["files"] if published else []
        records = [record for file in files for record in lines(self.out / file["file"])]
        return [record["url"].removeprefix(self._site.url) for record in records]

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
        name = str(self.out / f"run{number:02}")
        return crawl(
            "site",
            start=f"{self._site.url}/",
            articles=f"{name}.jsonl",
            rejected=f"{name}.rejected.jsonl",
            manifest=f"{name}.manifest.json",
        )

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
            (outcome,) = day.run(number, largest=8192)["outcomes"]
            assert outcome["status"] == "failed"
            assert "cannot write" in outcome["write_error"]
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
    assert list(paths_problems([day.out])) == []
    told = [json.loads(path.read_bytes()) for path in day.out.glob("*.manifest.json")]
    named = {file["file"] for one in told for part in ("articles", "rejected") for file in one[part]["files"]}
    assert {path.name for path in day.out.iterdir()} == named | {f"{one['run_id']}.manifest.json" for one in told}


def _require_exact_records(day: Day) -> None:
    records = [record for path in sorted(day.out.glob("*.jsonl")) if "rejected" not in path.name for record in lines(path)]
    revisions: dict[str, list[int]] = {}
    last = {}
    for record in records:
        path = "/" + record["url"].split("/", 3)[3]
        revisions.setdefault(path, []).append(record["revision"])
        last[path] = record["body"]
    assert revisions == {path: list(range(1, times + 1)) for path, times in day.versions.items()}
    assert last == {path: body_of(day.seed(path)) for path in day.versions}
