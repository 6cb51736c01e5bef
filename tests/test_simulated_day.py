"""A day of a site on which stories come, change, fail and go, crawled every 48 minutes."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.changing_site import ChangingSite, headline, serve_changing_site, story
from tests.driver import crawl, lines, run_forked
from tests.listings import rss

RUNS = 30
STEP = 0.8
"""Hours between two runs: no age or wait is a multiple of it, so that seconds don't matter."""
AGES = (1, 6, 24, 72, 168)
"""Hours: when a story is visited again, and how long a page that failed is left alone."""
LISTED = 8
"""Stories that the feed names."""
FEED = "/feed.xml"
FRONT = f'<!doctype html><link rel="alternate" type="application/rss+xml" href="{FEED}">'.encode()


@dataclass
class Item:
    """A story on the site, and what a crawler is to know of it."""

    name: str
    version: int = 1
    written: list[int] = field(default_factory=list)
    """Versions that it was written in."""
    due: float | None = 0.0
    """Hour of its next fetch; ``None`` for never."""
    first_seen: float | None = None
    tries: int = 0

    @property
    def path(self) -> str:
        return f"/story/of-the-wall-{self.name}"


class Day:
    """The site's day, by chance but each time the same, and what is to come of it."""

    def __init__(self, site: ChangingSite) -> None:
        self._site = site
        self._chance = random.Random(5)  # noqa: S311 - a plot
        self.items: list[Item] = []
        self.expected: Counter[str] = Counter()
        site.front = lambda: FRONT  # type: ignore[method-assign]

    def go_on(self, hour: float) -> list[tuple[str, int]]:
        """Change the site, and say what a run at that hour is to write: names and versions."""
        chance, site = self._chance, self._site
        if chance.random() < 0.6:
            first = len(self.items)
            self.items += [Item(str(first + n)) for n in range(chance.choice((1, 1, 2)))]
        for item in self.items:
            item.version += chance.random() < 0.1
            if item.written and chance.random() < 0.03:
                site.gone.add(item.path)
        site.failing = {item.path for item in self.items if chance.random() < 0.2}
        site.failing |= {FEED} if chance.random() < 0.15 else set()
        for item in self.items:
            site.unlinked[item.path] = story(f"{item.name} {item.version}")
        listed = self.items[-LISTED:]
        site.unlinked[FEED] = rss(*(item.path for item in reversed(listed))).encode()
        named = [] if FEED in site.failing else listed
        return [
            (item.name, item.version)
            for item in self.items
            if item.due is not None
            and item.due <= hour
            and (item.first_seen is not None or item in named)
            and self._writes(item, hour)
        ]

    def _writes(self, item: Item, hour: float) -> bool:
        """Whether a fetch of a story gives a record; when the next one is due."""
        is_failing, is_gone = item.path in self._site.failing, item.path in self._site.gone
        if item.first_seen is None and is_failing:
            item.due = hour + AGES[item.tries]
            item.tries += 1
            return False
        item.first_seen = hour if item.first_seen is None else item.first_seen
        ages = (item.first_seen + age for age in AGES if item.first_seen + age > hour)
        item.due = next(ages, None)
        if is_failing:
            return False
        if is_gone:
            item.due = None
            self.expected["gone"] += 1
            return False
        if item.version in item.written:
            self.expected["unchanged"] += 1
            return False
        self.expected["revisions"] += bool(item.written)
        item.written.append(item.version)
        return True


def _runs(folder: Path, site: ChangingSite, day: Day) -> Iterator[list[dict[str, Any]]]:
    """The records of each run, after they were compared with what was to be written."""
    for number in range(RUNS):
        hour = number * STEP
        expected = day.go_on(hour)
        run = folder / str(number)
        run.mkdir()
        run_forked(
            run,
            [crawl("site", start=f"{site.url}/")],
            options={"run_id": str(number), "state": str(folder / "state.sqlite")},
            settings={"DOWNLOAD_TIMEOUT": 30},
            hours=hour,
        )
        records = lines(run / "out.jsonl")
        named = {headline(f"{name} {version}"): (name, version) for name, version in expected}
        written = [named.get(record["headline"], record["url"]) for record in records]
        assert sorted(map(str, written)) == sorted(map(str, expected)), f"run {number}"
        yield records


def test_a_day_adds_up(tmp_path: Path) -> None:
    """Over thirty runs every story is written exactly once, and again exactly when it is found
    changed; each revision names the one before; the manifests' counts are the day's."""
    with serve_changing_site() as site:
        day = Day(site)
        records = [record for run in _runs(tmp_path, site, day) for record in run]
        answers = Counter(site.answers)
    by_url: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_url.setdefault(record["url"].removeprefix(site.url), []).append(record)
    assert {path: len(found) for path, found in by_url.items()} == {
        item.path: len(item.written) for item in day.items if item.written
    }
    for found in by_url.values():
        assert [record["revision"] for record in found] == list(range(1, len(found) + 1))
        hashes = [None, *(record["content_hash"] for record in found)]
        assert [record["previous_hash"] for record in found] == hashes[:-1]
        assert len({record["id"] for record in found}) == 1
    known = [json.loads((tmp_path / f"{n}/out.json").read_text())["known"] for n in range(RUNS)]
    counts = {name: sum(run[name] for run in known) for name in ("revisions", "unchanged", "gone")}
    assert counts == day.expected
    assert sum(run["not_modified"] for run in known) == sum(
        count for (_, status), count in answers.items() if status == 304
    )
    assert min(*counts.values(), answers[FEED, 304], answers["/", 304]) > 0
