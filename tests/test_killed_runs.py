"""Runs that are killed, at any moment: the files of all runs together add up exactly."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from tests.changing_site import serve_changing_site
from tests.scheduled import FIRST, Scheduled

KILLS = 20
RENAMES = ("rejects", "records", "manifest")
"""What a run puts under its name, in this order."""


@pytest.fixture
def scheduled(tmp_path: Path) -> Iterator[Scheduled]:
    """A site with some stories."""
    for name in ("state", "reports"):
        (tmp_path / name).mkdir()
    with serve_changing_site() as site:
        yield Scheduled(
            site, tmp_path / "out", tmp_path / "state" / "state.sqlite", tmp_path / "reports"
        )


def test_twenty_random_kills(scheduled: Scheduled) -> None:
    """Runs of a growing site that are killed at moments spread over all of a run's life leave no
    half file under a published name and hinder no later run; in the end every story is published
    exactly once, and of the killed runs nothing stays that no manifest names."""
    scheduled.run()
    scheduled.add_stories(2)
    begun = monotonic()
    scheduled.run()
    length = monotonic() - begun
    chance = random.Random(6)  # noqa: S311 - a plot
    for part in chance.sample(range(KILLS), KILLS):
        while not _is_killed(scheduled, length * (part + chance.random()) / KILLS):
            length *= 0.9
    done = scheduled.run()
    assert done["outcomes"][0]["status"] == "done"
    scheduled.require_each_story_once()


def _is_killed(scheduled: Scheduled, moment: float) -> bool:
    """Whether a run isn't over so many seconds behind its start, when it is killed."""
    scheduled.add_stories(2)
    process = scheduled.start()
    sleep(moment)
    process.kill()
    process.join()
    scheduled.require_whole_files()
    return process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("number", range(1, len(RENAMES) + 1), ids=RENAMES)
def test_killed_while_it_publishes(scheduled: Scheduled, number: int) -> None:
    """A run that is killed before a file comes under its name is as good as none: the next one
    removes what it had published, and publishes all."""
    process = scheduled.start(kill_before_rename=number)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    published = [path for path in scheduled.files() if not path.name.startswith(".")]
    assert len(published) == number - 1
    scheduled.require_whole_files()
    scheduled.run()
    scheduled.require_each_story_once()


@pytest.mark.parametrize(
    ("steps", "articles"),
    [(["is_done"], 0), (["keep"], FIRST), (["seal"], FIRST), (["apply"], FIRST)],
    ids=["searching", "settling", "publishing", "noting"],
)
def test_stopped_by_a_signal(scheduled: Scheduled, steps: list[str], articles: int) -> None:
    """SIGTERM ends a run cleanly whatever it is at: what is fetched is published; the next run
    does the rest."""
    done = scheduled.run(kill_before=steps, kill_with=["SIGTERM"])
    assert done["stopped_by"] == signal.SIGTERM
    assert done["outcomes"][0]["articles"] == articles
    scheduled.require_whole_files()
    scheduled.run()
    scheduled.require_each_story_once()


@pytest.mark.parametrize(
    "steps", [["is_done"], ["keep"], ["seal", "apply"]], ids=["searching", "settling", "publishing"]
)
def test_stopped_by_a_second_signal(scheduled: Scheduled, steps: list[str]) -> None:
    """A second SIGTERM ends a run at once, which loses nothing either."""
    done = scheduled.run(kill_before=steps, kill_with=["SIGTERM", "SIGTERM"])
    assert done["stopped_by"] == signal.SIGTERM
    scheduled.require_whole_files()
    scheduled.run()
    scheduled.require_each_story_once()


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/", "/2026/01/02/the-town-and-its-wall-3"], ids=str
)
def test_deadline_behind_a_server_that_hangs(scheduled: Scheduled, path: str) -> None:
    """A deadline ends a run that waits for robots.txt, a list or a story; it says how it ended,
    and the next run does what it left."""
    released = Event()
    scheduled.site.on_request = lambda asked: asked == path and released.wait(60)
    done = scheduled.run(options={"deadline": 0.5}, settings={"DOWNLOAD_TIMEOUT": 1})
    released.set()
    assert done["outcomes"][0]["status"] == "deadline"
    scheduled.require_whole_files()
    # A story that wasn't sent in time waits for an hour.
    scheduled.run(hours=2)
    scheduled.require_each_story_once()
