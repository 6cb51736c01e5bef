"""``newscrawl extract``: one line for every row, in order, whatever the rows are."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from newscrawl.cli.batch import manifest_row
from newscrawl.input import MAX_PAGE_BYTES
from tests.cases import DEMO_SITE
from tests.command import finish, message, newscrawl, start

_NEEDS_PROC = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="workers are found in /proc"
)
_PAGE = DEMO_SITE / "2026" / "11" / "16" / "school-bus-timetable-change.html"


def _records(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().split("\n")[:-1]]


def _manifest(folder: Path, rows: Sequence[object]) -> None:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "m.jsonl").write_text("".join(f"{line}\n" for line in lines))


_ROWS: list[tuple[object, str, str]] = [
    ({"id": "a", "path": "page.html", "url": "https://news.example/a"}, "a", "article"),
    ({"id": "b", "path": "page.html"}, "b", "article"),
    ({"id": "c", "path": "page.html", "url": None}, "c", "article"),
    ({"id": "d", "path": "page.html", "url": "http://["}, "d", "article"),
    ({"id": "e", "path": "page.html", "url": 5}, "e", "article"),
    ({"id": "f", "path": "page.html.gz", "more": [1]}, "f", "article"),
    ({"id": 7, "path": str(_PAGE)}, "7", "article"),
    ({"path": "page.html"}, "line-8", "article"),
    ({"id": "i", "path": "missing.html"}, "i", "error"),
    ({"id": "j"}, "j", "error"),
    ({"id": "k", "path": "nul\0"}, "k", "error"),
    ({"id": "l", "path": "\ud800"}, "l", "error"),
    ({"id": "m", "path": "."}, "m", "error"),
    ({"id": "n", "path": "cut.html.gz"}, "n", "error"),
    ({"id": "o", "path": "bomb.gz"}, "o", "error"),
    ({"id": "p", "path": "big.html"}, "p", "error"),
    ("{broken", "line-17", "error"),
    ('["q"]', "line-18", "error"),
    ("[" * 100_000, "line-19", "error"),
    ({"id": "t", "path": "page.html"}, "t", "article"),
]
"""Row, the id and the page type that must come out of it."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with saved pages, good and bad, and a manifest that names them."""
    folder = tmp_path_factory.mktemp("saved")
    page = _PAGE.read_bytes()
    packed = gzip.compress(page)
    (folder / "page.html").write_bytes(page)
    (folder / "page.html.gz").write_bytes(packed)
    (folder / "cut.html.gz").write_bytes(packed[:-100])
    (folder / "bomb.gz").write_bytes(gzip.compress(bytes(MAX_PAGE_BYTES + 1)))
    with (folder / "big.html").open("wb") as big:
        big.truncate(MAX_PAGE_BYTES + 1)
    _manifest(folder, [row for row, _, _ in _ROWS])
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_manifest_gives_one_line_a_row(saved: Path, tmp_path: Path, jobs: str) -> None:
    """Each row is one record, in order, with its id; those that can't be read are errors."""
    manifest = str(saved / "m.jsonl")
    done = newscrawl(tmp_path, "extract", "--manifest", manifest, "--jobs", jobs)
    records = _records(done.stdout)
    assert [record["id"] for record in records] == [id_ for _, id_, _ in _ROWS]
    assert [record["page_type"] for record in records] == [kind for _, _, kind in _ROWS]
    assert all((record["body"] is None) == (record["page_type"] == "error") for record in records)
    assert done.stderr.count(b"\n") == sum(kind == "error" for _, _, kind in _ROWS)
    assert done.returncode == 3


def test_records_keep_the_contract(saved: Path, tmp_path: Path) -> None:
    """Every record that ``extract`` writes passes ``check``, errors included."""
    arguments = ["--manifest", str(saved / "m.jsonl"), "--removed", "all", "-o", "out.jsonl"]
    newscrawl(tmp_path, "extract", *arguments)
    done = newscrawl(tmp_path, "check", "out.jsonl")
    assert (done.returncode, done.stdout) == (0, b"")


def test_manifest_may_be_gzip_and_standard_input(saved: Path) -> None:
    """A manifest is read from standard input, compressed too; paths start at the folder then."""
    row = gzip.compress(b'{"id": "a", "path": "page.html"}\n\n')
    done = newscrawl(saved, "extract", "--manifest", "-", stdin=row)
    assert [record["id"] for record in _records(done.stdout)] == ["a"]
    assert done.returncode == 0


def test_page_from_standard_input(tmp_path: Path) -> None:
    """``-`` reads a page from standard input, compressed too; ``--url`` is its address."""
    url = "https://news.example/buses"
    page = gzip.compress(_PAGE.read_bytes())
    done = newscrawl(tmp_path, "extract", "-", "--url", url, stdin=page)
    (record,) = _records(done.stdout)
    assert record["url"] == url
    assert record["body"]
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (["extract", "page.html", "-o", "./page.html"], "page.html"),
        (["extract", "--manifest", "m.jsonl", "-o", "m.jsonl"], "m.jsonl"),
        (["scrape", "--from", "urls.txt", "-o", "urls.txt"], "urls.txt"),
        (["export", "stories.jsonl", "-o", "stories.jsonl"], "stories.jsonl"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_input_is_not_written_over(tmp_path: Path, arguments: list[str], file: str) -> None:
    """A page or a list that is named as the output, too, stays as it is."""
    (tmp_path / file).write_text("{}")
    done = newscrawl(tmp_path, *arguments)
    assert message(done) == f"{file} is read, and would be lost: name another file to write"
    assert (done.returncode, (tmp_path / file).read_text()) == (2, "{}")


def test_cut_page_from_standard_input(tmp_path: Path) -> None:
    """What can't be read from standard input is the record of an error, like any other page."""
    page = gzip.compress(_PAGE.read_bytes())[:-9]
    done = newscrawl(tmp_path, "extract", "-", stdin=page)
    assert [record["page_type"] for record in _records(done.stdout)] == ["error"]
    assert "cannot read standard input: its compression is cut" in message(done)
    assert done.returncode == 3


def test_several_files(tmp_path: Path) -> None:
    """Files are read in the order in which they are named, whatever they are called."""
    (tmp_path / "one").write_bytes(_PAGE.read_bytes())
    (tmp_path / "two.txt").write_bytes(b"")
    done = newscrawl(tmp_path, "extract", "one", "two.txt", "one")
    assert [bool(record["body"]) for record in _records(done.stdout)] == [True, False, True]
    assert done.returncode == 0


def test_output_appears_complete(tmp_path: Path) -> None:
    """A manifest that turns out to be broken leaves the old output as it was, and nothing else."""
    rows = b'{"id": "a", "path": "missing"}\n' * 2_000
    (tmp_path / "m.gz").write_bytes(gzip.compress(rows)[:-9])
    (tmp_path / "out.jsonl").write_text("old\n")
    done = newscrawl(tmp_path, "extract", "--manifest", "m.gz", "-o", "out.jsonl")
    assert b"its compression is cut or broken" in done.stderr.splitlines()[-1]
    assert done.returncode == 3
    assert (tmp_path / "out.jsonl").read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.gz", "out.jsonl"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_signal_leaves_no_half_file(tmp_path: Path, number: signal.Signals, jobs: str) -> None:
    """Stopped by a signal, it ends in silence with the signal's code and takes its file away."""
    pipe = tmp_path / "rows"
    os.mkfifo(pipe)
    process = start(tmp_path, "extract", "--manifest", "rows", "--jobs", jobs, "-o", "out.jsonl")
    with pipe.open("wb"):  # it is being read now, and stays without a row
        process.send_signal(number)
        said = finish(process)
    assert (process.returncode, said) == (128 + number, b"")
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]


def _readers_of(pipe: Path) -> set[int]:
    """The processes that have a pipe open, besides this one."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):  # it closed, or it isn't ours to look at
            if entry.readlink() == pipe:
                found.add(int(entry.parts[2]))
    return found - {os.getpid()}


def _kill_reader_of(pipe: Path) -> None:
    """Wait for a process that reads a pipe, kill it and wait for its end."""
    with pipe.open("wb"):
        while not (readers := _readers_of(pipe)):
            time.sleep(0.01)
        (reader,) = readers
        os.kill(reader, signal.SIGKILL)
        while reader in _readers_of(pipe):
            time.sleep(0.01)


def _feed(pipe: Path, process: subprocess.Popen[bytes]) -> None:
    """Give the page to whoever reads the pipe, as often as it is read, until the process ends."""
    content, patience = _PAGE.read_bytes(), time.monotonic() + 60
    while process.poll() is None and time.monotonic() < patience:
        try:
            # Opening fails while nobody reads, writing when the reader is killed.
            with open(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "wb") as stream:  # noqa: PTH123
                stream.write(content)
        except OSError:
            time.sleep(0.01)


@_NEEDS_PROC
@pytest.mark.parametrize(("deaths", "kind", "code"), [(1, "article", 0), (2, "error", 3)])
def test_worker_that_dies_costs_one_row_at_most(
    tmp_path: Path, deaths: int, kind: str, code: int
) -> None:
    """A row whose worker is killed is tried again, and given up when it happens twice."""
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    (tmp_path / "page.html").write_bytes(_PAGE.read_bytes())
    paths = ["page.html", "pipe.html", *["page.html"] * 20]
    _manifest(tmp_path, [{"id": str(n), "path": path} for n, path in enumerate(paths)])
    process = start(tmp_path, "extract", "--manifest", "m.jsonl", "--jobs", "2", "-o", "out.jsonl")
    for _ in range(deaths):
        _kill_reader_of(pipe)
    if deaths == 1:
        _feed(pipe, process)
    said = finish(process)
    records = _records((tmp_path / "out.jsonl").read_bytes())
    assert [record["id"] for record in records] == [str(n) for n in range(len(paths))]
    kinds = [record["page_type"] for record in records]
    assert kinds == ["article", kind, *["article"] * 20]
    assert (b"killed its process" in said) == (deaths == 2)
    assert process.returncode == code


@_NEEDS_PROC
def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """No worker stays behind when the program itself is killed."""
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    _manifest(tmp_path, [{"path": "pipe.html"}])
    process = start(tmp_path, "extract", "--manifest", "m.jsonl", "--jobs", "2")
    with pipe.open("wb"):
        process.kill()
        finish(process)
        while _readers_of(pipe):
            time.sleep(0.01)


def test_manifest_paths_start_at_its_folder() -> None:
    """Relative paths start where the manifest is, absolute ones stay."""
    assert manifest_row(1, b'{"path": "a/b"}', Path("lists")).path == Path("lists/a/b")
    assert manifest_row(1, b'{"path": "/a/b"}', Path("lists")).path == Path("/a/b")


def test_progress_is_for_terminals(tmp_path: Path) -> None:
    """Without a terminal there is one line at the end, and none with ``--quiet``."""
    done = newscrawl(tmp_path, "extract", str(_PAGE), "-o", "out.jsonl")
    assert message(done) == "extract: 1 record, 0 of them errors -> out.jsonl"
    quiet = newscrawl(tmp_path, "extract", str(_PAGE), "-o", "out.jsonl", "--quiet")
    assert quiet.stderr == b""
