"""What the README says of cron: its crontab line, its systemd units, its job behind the crawls."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import newscrawl
from tests.changing_site import serve_changing_site, story
from tests.scheduled import FIRST, Scheduled
from tests.test_readme import BLOCKS

(CRONTAB,) = (block for language, block in BLOCKS if language == "crontab")
UNITS = [block for language, block in BLOCKS if language == "ini"]
(JOB,) = (block for language, block in BLOCKS if language == "python" and "manifest" in block)
PROGRAM = "/opt/newscrawl/bin/newscrawl"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The home of a user who has files of two sites, ``courier`` and ``ledger``."""
    settings = tmp_path / ".config" / "newscrawl"
    (settings / "sites").mkdir(parents=True)
    (settings / "config.toml").write_text("allow-private = true")
    with serve_changing_site() as site:
        site.pages = {f"/2026/01/02/{n}-and-the-harbour-of-the-town": story(n) for n in "ab"}
        for name in ("courier", "ledger"):
            rules = f'start = "{site.url}/"\ndelay = 0.01'
            (settings / "sites" / f"{name}.toml").write_text(rules)
        yield tmp_path


def _as_cron(home: Path, command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as cron does: with hardly any environment, in ``/``, without a terminal; here
    with standard input closed, too."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        ["/bin/sh", "-c", f"{command} <&-"],
        cwd="/",
        env={"HOME": str(home), **kept},
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_crontab_line(home: Path) -> None:
    """The line says one line a site on standard error, the next time with ``--quiet`` nothing, and
    depends on no working directory."""
    command = CRONTAB.split(maxsplit=5)[5].strip()
    command = command.replace(PROGRAM, f"{sys.executable} -m newscrawl")
    command = command.replace("ledger.example", "ledger").replace("/srv/news", f"{home}/news")
    done = _as_cron(home, command)
    assert (done.returncode, done.stdout) == (0, b"")
    said = sorted(done.stderr.decode().splitlines())
    assert [line.partition(" -> ")[0] for line in said] == [
        "newscrawl: courier: 2 stories, 0 rejected",
        "newscrawl: ledger: 2 stories, 0 rejected",
    ]
    quiet = _as_cron(home, f"{command} --quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")
    assert len(list((home / "news").rglob("*.manifest.json"))) == 4


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
def test_systemd_units(tmp_path: Path) -> None:
    """systemd finds nothing to say about the units."""
    names = [tmp_path / name for name in ("newscrawl.service", "newscrawl.timer")]
    for path, unit in zip(names, UNITS, strict=True):
        path.write_text(unit.replace(PROGRAM, sys.executable))
    verify = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, names)]
    done = subprocess.run(verify, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three runs of a site, of which one has its records in two files, one of them
    packed."""
    folder = tmp_path_factory.mktemp("news")
    for name in ("state", "reports"):
        (folder / name).mkdir()
    with serve_changing_site() as site:
        state = folder / "state" / "state.sqlite"
        scheduled = Scheduled(site, folder / "news" / "site", state, folder / "reports")
        for _ in range(3):
            scheduled.run()
            scheduled.add_stories(2)
    _part(folder / "news" / "site" / "2026-01-02" / "run001.jsonl")
    return folder / "news"


def _part(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    packed = file.with_name("run001.2.jsonl.gz")
    packed.write_bytes(gzip.compress(b"".join(lines[3:])))
    file.write_bytes(b"".join(lines[:3]))
    manifest = file.with_suffix(".manifest.json")
    told = json.loads(manifest.read_bytes())
    told["articles"]["files"] = [{"file": file.name}, {"file": packed.name}]
    manifest.write_text(json.dumps(told))


def _job(news: Path, folder: Path) -> str:
    job: str = JOB.replace("/srv/news", str(news)).replace("/srv/stories", f"{folder}/stories")
    assert job.count(str(folder)) == 1
    return job


def _work(news: Path, folder: Path) -> None:
    exec(_job(news, folder), {})  # noqa: S102 - the README's


def _work_until_killed(news: Path, folder: Path, stories: int) -> None:
    read, left = newscrawl.read_articles, count(stories, -1)

    def killing(*args: Any) -> Iterator[Any]:
        for article in read(*args):
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            yield article

    newscrawl.read_articles = killing  # type: ignore[assignment]
    _work(news, folder)


def _rows(folder: Path) -> Mapping[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(folder / "stories.sqlite")) as db:
        return {
            table: db.execute(f"SELECT rowid, * FROM {table}").fetchall()  # noqa: S608 - a constant
            for table in ("done", "stories")
        }


def test_job_takes_each_run_once(news: Path, tmp_path: Path) -> None:
    """The job takes all stories of all runs, a run whose manifest appears late included, and
    nothing a second time."""
    late = news / "site" / "2026-01-02" / "run002.manifest.json"
    hidden = late.with_suffix(".hidden")
    late.rename(hidden)
    _work(news, tmp_path)
    assert len(_rows(tmp_path)["done"]) == 2
    hidden.rename(late)
    _work(news, tmp_path)
    rows = _rows(tmp_path)
    assert (len(rows["done"]), len(rows["stories"])) == (3, FIRST + 4)
    _work(news, tmp_path)
    assert _rows(tmp_path) == rows


@pytest.mark.parametrize("stories", [0, 5, FIRST + 1])
def test_job_that_is_killed(news: Path, tmp_path: Path, stories: int) -> None:
    """Killed within a run, the job has all of the runs before and nothing of this one; the next
    time it takes the rest."""
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_work_until_killed, args=(news, tmp_path, stories))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(_rows(tmp_path)["stories"]) == (FIRST if stories > FIRST else 0)
    _work(news, tmp_path)
    assert len(_rows(tmp_path)["stories"]) == FIRST + 4
