"""Runs on disk: which one is meant, and what came before it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from newscrawl.contract.manifest import Left, SlowPage
from newscrawl.errors import InputError
from newscrawl.views.runs import find_run, read_run
from tests.runs import MORNING, article, write_run

_DAY = dt.timedelta(days=1)


def _ids(run: str | None, out: Path) -> list[tuple[str, str]]:
    """Site and day of each manifest that is found."""
    return [(path.parts[-3], path.parts[-2]) for path in find_run(run, out)]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Three days of two sites; the last one of one of them only."""
    for back in (2, 1, 0):
        for site in ("bay.example", "news.example") if back else ("news.example",):
            write_run(tmp_path / "out", [article(1)], site=site, started=MORNING - back * _DAY)
    return tmp_path / "out"


def test_last_run(out: Path) -> None:
    """Without a name, and by a folder, it is the last run there, of all its sites."""
    assert _ids(None, out) == [("news.example", "2026-11-23")]
    assert _ids(str(out), Path("elsewhere")) == [("news.example", "2026-11-23")]
    assert _ids(str(out / "bay.example"), out) == [("bay.example", "2026-11-22")]
    assert _ids(str(out / "bay.example" / "2026-11-21"), out) == [("bay.example", "2026-11-21")]
    shutil.rmtree(out / "news.example" / "2026-11-23")
    both = [("bay.example", "2026-11-22"), ("news.example", "2026-11-22")]
    assert _ids(None, out) == both


def test_run_by_its_identifier(out: Path) -> None:
    """An identifier finds the run on every site, however many came after it."""
    both = [("bay.example", "2026-11-21"), ("news.example", "2026-11-21")]
    assert _ids("20261121T040000Z-00000000", out) == both


def test_run_by_one_of_its_files(out: Path) -> None:
    """A manifest, or the stories that a crawl's last line names, mean that site's run."""
    (manifest,) = find_run(None, out)
    stories = manifest.with_name(manifest.name.replace(".manifest.json", ".jsonl"))
    assert find_run(str(manifest), out) == find_run(str(stories), out) == [manifest]


@pytest.mark.parametrize(
    ("run", "problem"),
    [
        ("20261121T040000Z-ffffffff", "it is neither a file nor a run in "),
        ("../out", "it is neither a file nor a run in "),
        ("*", "it is neither a file nor a run in "),
        ("a\0", "it is neither a file nor a run in "),
        (".", "there is no run in it: name a folder of runs"),
        (None, "there is no run in it: name a folder of runs"),
    ],
)
def test_run_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: str | None, problem: str
) -> None:
    """What doesn't name a run is an error that says what does."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=problem):
        find_run(run, tmp_path / "missing")


def test_file_without_a_manifest(tmp_path: Path) -> None:
    """A file of stories that no run has left is told from one of a run."""
    (tmp_path / "stories.jsonl.gz").touch()
    with pytest.raises(InputError, match=r"there is no stories\.manifest\.json beside it"):
        find_run(str(tmp_path / "stories.jsonl.gz"), tmp_path)


def test_earlier_runs(out: Path) -> None:
    """They are those of the same site before it, oldest first; later ones don't count."""
    (manifest,) = find_run("20261122T040000Z-00000000", out / "news.example")
    write_run(out, site="news.example", started=MORNING - 1.5 * _DAY)
    days = [earlier.started_at.isoformat()[:13] for earlier in read_run(manifest).earlier]
    assert days == ["2026-11-21T04", "2026-11-21T16"]


def test_earlier_runs_are_bounded(tmp_path: Path) -> None:
    """Of years of runs the last ones are read, sixty with this one, and none of their URLs."""
    left = Left(count=2, urls=("https://news.example/a",))
    slowest = (SlowPage(url="https://news.example/b", seconds=1),)
    for hour in range(80):
        started = MORNING + dt.timedelta(hours=hour)
        manifest = write_run(tmp_path, started=started, left=left, slowest=slowest)
    earlier = read_run(manifest).earlier
    assert len(earlier) == 59
    assert {(run.left.count, run.left.urls, run.slowest) for run in earlier} == {(2, (), ())}
    assert earlier[0].started_at == MORNING + dt.timedelta(hours=20)


def test_earlier_manifest_that_cannot_be_read(out: Path) -> None:
    """It is counted, and takes nothing from the others."""
    (manifest,) = find_run(None, out)
    (broken,) = (out / "news.example" / "2026-11-22").glob("*.manifest.json")
    broken.write_text('{"schema_version": "1.1.0"}')
    run = read_run(manifest)
    assert (len(run.earlier), run.unread) == (1, 1)


def test_manifest_that_cannot_be_read(tmp_path: Path) -> None:
    """The run's own manifest has to be one."""
    (tmp_path / "a.manifest.json").write_text("{}")
    with pytest.raises(InputError, match="it is no manifest"):
        read_run(tmp_path / "a.manifest.json")
