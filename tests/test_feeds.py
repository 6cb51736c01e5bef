"""Files that appear complete or not at all, the rejects and the manifest."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from newscrawl import read_articles, read_manifest
from newscrawl.contract import check_file, check_lines, read_lines
from newscrawl.contract.manifest import PublishedFile
from newscrawl.errors import OutputError
from newscrawl.feeds.files import AtomicFile
from newscrawl.feeds.rotation import RotatedFile
from tests.driver import crawl, lines, run_crawls, run_forked
from tests.misbehaving import Server


def _fail(error: OutputError) -> None:
    raise error


def test_file_appears_when_it_is_published(tmp_path: Path) -> None:
    """Before ``publish`` only a hidden file is there, after it only the named one."""
    path = tmp_path / "new" / "out.jsonl"
    file = AtomicFile(path, on_error=_fail)
    file.write(b"one\n")
    (hidden,) = path.parent.iterdir()
    assert hidden.name.startswith(".out.jsonl.")
    file.publish()
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b"one\n"


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst"])
def test_file_knows_what_it_holds(tmp_path: Path, name: str) -> None:
    """Lines, size and checksum are counted as they are written, and are those on the disk; a name
    that ends like a compression's is compressed, also where it is appended to."""
    for lines_more in (3, 1):
        file = AtomicFile(tmp_path / name, on_error=_fail, append=True)
        for _ in range(lines_more):
            file.write(b"line\n")
        file.publish()
    data = (tmp_path / name).read_bytes()
    described = PublishedFile(
        file=name, count=4, bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
    )
    assert file.published == described
    assert [line for _, line in read_lines(tmp_path / name)] == [b"line"] * 4
    assert (data == b"line\n" * 4) == (name == "out.jsonl")


def test_file_has_ordinary_permissions(tmp_path: Path) -> None:
    """Whoever may read other new files may read it."""
    (tmp_path / "other").touch()
    AtomicFile(tmp_path / "out", on_error=_fail).publish()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("out", "other")}
    assert len(modes) == 1


def test_file_replaces_or_appends(tmp_path: Path) -> None:
    """An old file is replaced, or begins the new one; until then it stays as it was."""
    path = tmp_path / "out"
    path.write_bytes(b"old\n")
    for append, expected in ((True, b"old\nnew\n"), (False, b"new\n")):
        file = AtomicFile(path, on_error=_fail, append=append)
        file.write(b"new\n")
        assert path.read_bytes() == b"old\n"
        file.publish()
        assert path.read_bytes() == expected
        path.write_bytes(b"old\n")


def test_file_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    """``discard`` and forgetting the file both remove what was written."""
    file = AtomicFile(tmp_path / "a", on_error=_fail)
    file.write(b"x")
    file.discard()
    forgotten = AtomicFile(tmp_path / "b", on_error=_fail)
    forgotten.write(b"x")
    del forgotten
    assert list(tmp_path.iterdir()) == []


def test_file_behind_a_link(tmp_path: Path) -> None:
    """A symbolic link stays one; the file that it names is written."""
    (tmp_path / "link").symlink_to("real")
    file = AtomicFile(tmp_path / "link", on_error=_fail)
    file.write(b"x")
    file.publish()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


def test_file_that_is_a_device_stays_one() -> None:
    """A device is written to, never replaced."""
    file = AtomicFile(Path("/dev/null"), on_error=_fail)
    file.write(b"x")
    file.publish()
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("path", ["/dev/full", "/proc/nowhere/out", "/dev/null/out"])
def test_file_that_cannot_be_written(path: str) -> None:
    """The first failure is told once, with the path; nothing is published after it."""
    errors: list[OutputError] = []
    file = AtomicFile(Path(path), on_error=errors.append)
    file.write(b"x")
    file.write(b"y")
    file.publish()
    assert [str(error.path) for error in errors] == [path]
    assert not file.published


def test_file_whose_folder_vanishes(tmp_path: Path) -> None:
    """A folder that is removed meanwhile is a failure to publish, not a crash."""
    errors: list[OutputError] = []
    path = tmp_path / "folder" / "out"
    file = AtomicFile(path, on_error=errors.append)
    file.write(b"x")
    for hidden in path.parent.iterdir():
        hidden.unlink()
    path.parent.rmdir()
    file.publish()
    assert len(errors) == 1
    assert not file.published


# --- rotation ----------------------------------------------------------------------------------


def _rotated(folder: Path, sizes: Sequence[int], name: str = "out.jsonl") -> RotatedFile:
    file = RotatedFile(folder / name, most=100, on_error=_fail)
    for size in sizes:
        file.write(b"x" * (size - 1) + b"\n")
    return file


def test_rotated_files_appear_together(tmp_path: Path) -> None:
    """No file is longer than asked for, unless a single line is; all are hidden until the end."""
    file = _rotated(tmp_path, [60, 40, 1, 250, 60, 41])
    assert all(path.name.startswith(".") for path in tmp_path.iterdir())
    file.publish()
    sizes = {"out.jsonl": 100, "out.2.jsonl": 1, "out.3.jsonl": 250, "out.4.jsonl": 60}
    sizes["out.5.jsonl"] = 41
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == sizes
    assert {each.file: each.bytes for each in file.published} == sizes


def test_rotation_is_by_what_is_read(tmp_path: Path) -> None:
    """Compressed files are parted where plain ones are."""
    file = _rotated(tmp_path, [60, 60], "out.jsonl.gz")
    file.publish()
    assert [each.file for each in file.published] == ["out.jsonl.gz", "out.2.jsonl.gz"]


def test_more_files_than_a_process_may_have_open(tmp_path: Path) -> None:
    """A file that is full is closed, though it isn't published yet."""
    before = len(list(Path("/dev/fd").iterdir()))
    file = _rotated(tmp_path, [100] * 50)
    assert len(list(Path("/dev/fd").iterdir())) <= before + 1
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_rotated_files_appear_all_or_none(tmp_path: Path) -> None:
    """Where one can't be published, none stays."""
    errors: list[OutputError] = []
    file = RotatedFile(tmp_path / "out.jsonl", most=1, on_error=errors.append)
    for _ in range(3):
        file.write(b"x\n")
    (tmp_path / "out.2.jsonl").mkdir()
    file.publish()
    assert [error.path.name for error in errors if isinstance(error.path, Path)] == ["out.2.jsonl"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.2.jsonl"]
    assert file.published == ()


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst"])
def test_full_disk_leaves_nothing(tmp_path: Path, name: str) -> None:
    """Where there is no room, be it for the last bytes only, it is said once and no file stays."""
    errors: list[OutputError] = []
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = RotatedFile(tmp_path / name, most=500_000, on_error=errors.append)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        for size in (90_000, 410_000, 205_000):
            file.write(os.urandom(size))
        file.publish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [error.problem for error in errors] == ["File too large"]
    assert list(tmp_path.iterdir()) == []


# --- a crawl's files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Path:
    """A folder with what a crawl of three URLs wrote; one of them gave a record."""
    folder = tmp_path_factory.mktemp("feeds")
    urls = [f"{server.url}/story/of-the-wall-1", f"{server.url}/empty", "bad\x1b[31m"]
    run_crawls(folder, [crawl(urls=urls)])
    return folder


def test_articles_keep_the_contract(folder: Path) -> None:
    """The feed's lines are valid records."""
    assert list(check_lines(folder / "out.jsonl")) == []
    assert len(lines(folder / "out.jsonl")) == 1


def test_rejects_have_codes(folder: Path) -> None:
    """Each page without a record is there, with its code and the run."""
    rejects = lines(folder / "out.rejected.jsonl")
    assert {reject["code"] for reject in rejects} == {"empty_page", "bad_url"}
    assert {reject["run_id"] for reject in rejects} == {"run"}


def test_manifest_tells_the_run(folder: Path, server: Server) -> None:
    """Counts, checksums and sizes are those of the files."""
    manifest = json.loads((folder / "out.json").read_text())
    for part, name in (("articles", "out.jsonl"), ("rejected", "out.rejected.jsonl")):
        data = (folder / name).read_bytes()
        count = len(data.splitlines())
        assert manifest[part]["count"] == count
        checksum = hashlib.sha256(data).hexdigest()
        file = {"file": name, "count": count, "bytes": len(data), "sha256": checksum}
        assert manifest[part]["files"] == [file]
    assert manifest["rejected"]["by_code"] == {"bad_url": 1, "empty_page": 1}
    assert manifest["left"] == {"count": 0, "urls": []}
    assert (manifest["status"], manifest["error"]) == ("done", None)
    assert (manifest["run_id"], manifest["site"]) == ("run", "test")
    assert manifest["started_at"] < manifest["finished_at"]


def test_rejects_in_another_folder(tmp_path: Path) -> None:
    """The manifest counts rejects that aren't in its own folder, and names no file of them."""
    entry = crawl(urls=["nowhere"], rejected="apart/r.jsonl", manifest="r.manifest.json")
    run_forked(tmp_path, [entry])
    manifest = read_manifest(tmp_path / "r.manifest.json")
    assert (manifest.rejected.count, manifest.rejected.files) == (1, ())
    assert list(check_file(tmp_path / "r.manifest.json")) == []


def test_compressed_and_rotated_run(tmp_path: Path, server: Server) -> None:
    """The manifest names all files of a run, as they are on the disk; each is read as written."""
    urls = [*(f"{server.url}/story/of-the-wall-{n}" for n in range(4)), f"{server.url}/empty"]
    entry = crawl(
        urls=urls,
        articles="r.jsonl.zst",
        rejected="r.rejected.jsonl.gz",
        manifest="r.manifest.json",
    )
    run_crawls(tmp_path, [{**entry, "rotate": 1}])
    manifest = read_manifest(tmp_path / "r.manifest.json")
    names = ["r.jsonl.zst", "r.2.jsonl.zst", "r.3.jsonl.zst", "r.4.jsonl.zst"]
    assert [file.file for file in manifest.articles.files] == names
    assert [file.file for file in manifest.rejected.files] == ["r.rejected.jsonl.gz"]
    stories = [article for name in names for article in read_articles(tmp_path / name)]
    assert {article.url for article in stories} == set(urls[:-1])
    assert manifest.articles.count == len(stories)
    assert list(check_file(tmp_path / "r.manifest.json")) == []


def test_manifest_comes_last(folder: Path) -> None:
    """No file of the run is younger than its manifest."""
    last = (folder / "out.json").stat().st_mtime_ns
    assert all(
        (folder / name).stat().st_mtime_ns <= last for name in ("out.jsonl", "out.rejected.jsonl")
    )


def test_configuration_hash_follows_the_settings(
    folder: Path, tmp_path: Path, server: Server
) -> None:
    """The hash is the same for the same settings, and another when one that matters changes."""
    urls = [f"{server.url}/story/of-the-wall-1"]
    hashes = [json.loads((folder / "out.json").read_text())["configuration_hash"]]
    for options in ({}, {"removed": "all"}):
        run_crawls(tmp_path, [crawl(urls=urls)], options=options)
        hashes.append(json.loads((tmp_path / "out.json").read_text())["configuration_hash"])
    assert hashes[0] == hashes[1] != hashes[2]


def test_no_rejects_leave_no_file(tmp_path: Path, server: Server) -> None:
    """Without rejects there is no file of them, and an earlier run's is gone."""
    (tmp_path / "out.rejected.jsonl").write_text("old\n")
    run_crawls(tmp_path, [crawl(urls=[f"{server.url}/story/of-the-wall-1"])])
    assert {path.name for path in tmp_path.iterdir()} == {"out.json", "out.jsonl", "report.json"}


def test_defects_are_rejects(tmp_path: Path, server: Server) -> None:
    """A page on which newscrawl itself fails is in the rejects; nobody sees a traceback."""
    done = run_crawls(
        tmp_path,
        [crawl(urls=[f"{server.url}/story/of-the-wall-1"])],
        settings={"ITEM_PIPELINES": {"__main__.Broken": 1}},
    )
    (reject,) = lines(tmp_path / "out.rejected.jsonl")
    assert reject["code"] == "internal_error"
    assert reject["detail"] == "ZeroDivisionError: a defect"
    assert (done.outcome["status"], done.stderr) == ("failed", "")


def test_manifest_of_standard_output(tmp_path: Path, server: Server) -> None:
    """Records that went to standard output are counted, without a file."""
    run_crawls(tmp_path, [crawl(urls=[f"{server.url}/story/of-the-wall-1"], articles=None)])
    articles = json.loads((tmp_path / "out.json").read_text())["articles"]
    assert articles == {"count": 1, "files": []}


def test_full_disk_ends_the_crawl(tmp_path: Path, server: Server) -> None:
    """The crawl ends at the first record that can't be written, says so, and publishes nothing."""
    urls = [f"{server.url}/story/of-the-wall-{number}" for number in range(30)]
    done = run_crawls(tmp_path, [crawl(urls=urls, articles="/dev/full")])
    assert done.outcome["status"] == "failed"
    assert done.outcome["write_error"] == "cannot write /dev/full: No space left on device"
    assert done.outcome["left"] > 0
    assert done.stderr == ""
    manifest = json.loads((tmp_path / "out.json").read_text())
    assert (manifest["status"], manifest["articles"]["files"]) == ("failed", [])
    assert manifest["error"] == done.outcome["write_error"]
