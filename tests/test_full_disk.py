"""Disks that are full, read-only or damaged, from the start or of a sudden: a message, and nothing
lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.changing_site import serve_changing_site
from tests.disks import SmallDisk, damage, frozen, small_disk
from tests.scheduled import FIRST, Scheduled

PLACES = ("out", "state")


@pytest.fixture(params=PLACES)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk, on which the runs' output or the state is."""
    with small_disk(tmp_path / request.param) as disk:
        yield disk


@pytest.fixture
def scheduled(tmp_path: Path) -> Iterator[Scheduled]:
    """A site with a run behind it, and some stories more."""
    for name in ("state", "reports"):
        (tmp_path / name).mkdir(exist_ok=True)
    with serve_changing_site() as site:
        scheduled = Scheduled(
            site, tmp_path / "out", tmp_path / "state" / "state.sqlite", tmp_path / "reports"
        )
        scheduled.run()
        scheduled.add_stories(FIRST, size=100_000)
        site.answers.clear()
        yield scheduled


def _end_well(scheduled: Scheduled, stories: int = FIRST) -> None:
    scheduled.require_whole_files()
    scheduled.site.on_request = len
    assert scheduled.run()["outcomes"][0]["articles"] == stories
    scheduled.require_each_story_once()


def test_full_from_the_start(disk: SmallDisk, scheduled: Scheduled) -> None:
    """Where there is no room, nothing is asked for; the run says what it couldn't write and what
    to do. The next one that has room writes all."""
    disk.fill()
    (refusal,) = scheduled.run()["refused"]
    assert refusal.startswith(f"OutputError: cannot write {disk.path}")
    assert ": make room" in refusal
    assert scheduled.site.answers == []
    disk.free()
    _end_well(scheduled)


def test_read_only_from_the_start(disk: SmallDisk, scheduled: Scheduled) -> None:
    """So it is where nothing may be written."""
    disk.remount("ro")
    (refusal,) = scheduled.run()["refused"]
    assert refusal.startswith(f"OutputError: cannot write {disk.path}")
    assert "Read-only file system: make room" in refusal
    assert scheduled.site.answers == []
    disk.remount("rw")
    _end_well(scheduled)


def test_full_of_a_sudden(disk: SmallDisk, scheduled: Scheduled) -> None:
    """A run that runs out of room says so and ends as failed; half of it is published nowhere."""
    scheduled.site.on_request = _once("/2026/01/02/the-town-and-its-wall-9", disk.fill)
    (outcome,) = scheduled.run()["outcomes"]
    assert outcome["status"] == "failed"
    assert outcome["write_error"].startswith(f"cannot write {disk.path}")
    disk.free()
    _end_well(scheduled)


def test_frozen_of_a_sudden(scheduled: Scheduled) -> None:
    """A run whose folder can no longer be changed says so. What it can't remove there the next one
    does."""
    scheduled.add_stories(4)
    with ExitStack() as stack:
        freeze = partial(stack.enter_context, frozen(scheduled.out / "2026-01-02"))
        # The last one, when the first page that failed is among the rejects.
        scheduled.site.on_request = _once("/2026/01/02/the-town-and-its-wall-19", freeze)
        (outcome,) = scheduled.run()["outcomes"]
        assert outcome["write_error"].startswith(f"cannot write {scheduled.out}")
        assert any(path.name.startswith(".") for path in scheduled.files())
    _end_well(scheduled, FIRST + 4)


def test_a_manifest_that_cannot_be_written(scheduled: Scheduled) -> None:
    """Records that were published and that no manifest can name are removed by the next run, which
    says so when it can't look, and publishes them again."""
    manifest = scheduled.out / "2026-01-02" / "run002.manifest.json"
    scheduled.site.on_request = _once("/2026/01/02/the-town-and-its-wall-9", manifest.mkdir)
    (outcome,) = scheduled.run()["outcomes"]
    assert outcome["write_error"] == f"cannot write {manifest}: Is a directory"
    assert manifest.with_name("run002.jsonl").exists()
    (refusal,) = scheduled.run()["refused"]
    assert refusal.startswith(f"OutputError: cannot write {manifest}: Is a directory: a killed run")
    manifest.rmdir()
    _end_well(scheduled)


def test_rejects_that_cannot_be_published(scheduled: Scheduled) -> None:
    """Where the rejects don't come under their name, no record is published either, and the
    manifest says nothing of the run's quality."""
    scheduled.add_stories(4)
    rejected = scheduled.out / "2026-01-02" / "run002.rejected.jsonl"
    # The last one, when the first page that failed is among the rejects.
    scheduled.site.on_request = _once("/2026/01/02/the-town-and-its-wall-19", rejected.mkdir)
    (outcome,) = scheduled.run()["outcomes"]
    assert outcome["write_error"] == f"cannot write {rejected}: Is a directory"
    manifest = json.loads((scheduled.out / "2026-01-02" / "run002.manifest.json").read_text())
    assert (manifest["articles"]["files"], manifest["quality"]) == ([], None)
    rejected.rmdir()
    _end_well(scheduled, FIRST + 4)


@pytest.mark.parametrize("part", ["stories_due", "keys", "rejects", "validators", "leads"])
def test_a_damaged_state(scheduled: Scheduled, part: str) -> None:
    """A run that finds a part of the state damaged says so, wherever that shows, and fails: it
    doesn't pass for one of a site without news."""
    damage(scheduled.state, part)
    (outcome,) = scheduled.run()["outcomes"]
    problem = f"cannot write {scheduled.state}: database disk image is malformed"
    assert (outcome["status"], outcome["write_error"]) == ("failed", problem)


def _once(path: str, step: Callable[[], Any]) -> Callable[[str], object]:
    waiting = [step]
    return lambda asked: waiting.pop()() if asked == path and waiting else None
