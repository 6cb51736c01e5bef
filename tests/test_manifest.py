"""The manifest: written, read back, and held against the files that it names."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newscrawl import read_manifest
from newscrawl.contract import (
    check_file,
    check_unlisted,
    json_schema,
    rules,
    to_json_line,
    to_json_text,
)
from newscrawl.contract.manifest import (
    MANIFEST_VERSION,
    Articles,
    Known,
    Left,
    Manifest,
    PublishedFile,
    Rejects,
    SlowPage,
)
from newscrawl.errors import InputError
from newscrawl.feeds.files import AtomicFile
from newscrawl.records import Article, Reject
from tests.command import message, newscrawl
from tests.test_contract import REJECT, STORY, undescribed

_NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
_SCHEMA_DIGESTS = {
    "2.0.0": "1d9d83c209b1620b9de3c3d6ac2d85a2360229159a15ebbc705f72150e4dd0bf",
}
"""SHA-256 of the schema by version, descriptions left out."""

MANIFEST = Manifest(
    run_id="r1",
    site="news.example",
    status="done",
    started_at=_NOON,
    finished_at=_NOON + dt.timedelta(minutes=1),
    since=_NOON - dt.timedelta(days=2),
    articles=Articles(count=0),
    rejected=Rejects(by_code={}),
    known=Known(unchanged=3),
    left=Left(count=1, urls=("https://news.example/a",)),
    slowest=(SlowPage(url="https://news.example/b", seconds=1.5),),
    configuration_hash="0" * 64,
    versions={"newscrawl": "0.1.0"},
    error=None,
)


def _raw(**changes: Any) -> dict[str, Any]:
    return {**json.loads(to_json_text(MANIFEST)), **changes}


def _file(folder: Path, raw: object) -> Path:
    path = folder / "r1.manifest.json"
    path.write_text(json.dumps(raw))
    return path


# --- reading and schema ------------------------------------------------------------------------


def test_written_manifest_is_read_back_equal(tmp_path: Path) -> None:
    """Nothing is lost between writing and reading."""
    path = tmp_path / "r1.manifest.json"
    path.write_text(to_json_text(MANIFEST))
    assert read_manifest(path) == MANIFEST


def test_newer_minor_version_is_read(tmp_path: Path) -> None:
    """What a newer minor version adds is left out, at the top and inside of parts."""
    raw = _raw(schema_version="2.9.0", weather="fair")
    raw["known"]["moved"] = 1
    read = read_manifest(_file(tmp_path, raw))
    assert read == dataclasses.replace(MANIFEST, schema_version="2.9.0")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"new": 1}, "it is no manifest: new: unknown field"),
        ({"status": "fine"}, "it is no manifest: status: "),
        ({"left": {"count": "1", "urls": []}}, "it is no manifest: left.count: "),
        ({"schema_version": "1.1.0"}, "1.1.0, while this newscrawl reads 2.x: write it again"),
    ],
)
def test_reading_is_strict(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    """What isn't a manifest of this major version is refused, with every field that is wrong."""
    with pytest.raises(InputError, match=re.escape(message)):
        read_manifest(_file(tmp_path, _raw(**change)))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_reading_what_is_no_manifest(tmp_path: Path, content: bytes) -> None:
    """Anything else than a JSON object is an ``InputError``, as is a missing file."""
    path = tmp_path / "r1.manifest.json"
    path.write_bytes(content)
    for each in (path, tmp_path / "missing.json"):
        with pytest.raises(InputError):
            read_manifest(each)


def test_schema_accepts_a_manifest() -> None:
    """The manifest's schema is valid, names its version and accepts what is written."""
    schema = json_schema(Manifest)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(_raw())
    assert schema["$id"] == f"urn:newscrawl:manifest:{MANIFEST_VERSION}"


def test_schema_changes_only_with_its_version() -> None:
    """A change of the manifest without a new ``MANIFEST_VERSION`` is caught here."""
    text = json.dumps(undescribed(json_schema(Manifest)), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == _SCHEMA_DIGESTS[MANIFEST_VERSION]


# --- checking ----------------------------------------------------------------------------------


def run_folder(folder: Path) -> Path:
    """A folder with a sound run: two files of stories, one of rejects, and the manifest."""
    path = folder / "r1.manifest.json"
    articles, rejects = (
        [_published(folder / name, text) for name, text in parts]
        for parts in (
            [("r1.jsonl", _lines(STORY, STORY)), ("r1.2.jsonl.zst", _lines(STORY))],
            [("r1.rejected.jsonl", _lines(REJECT))],
        )
    )
    manifest = dataclasses.replace(
        MANIFEST,
        articles=Articles(count=3, files=tuple(articles)),
        rejected=Rejects(count=1, by_code={REJECT.code: 1}, files=tuple(rejects)),
    )
    path.write_text(to_json_text(manifest))
    return path


def _lines(*records: Article | Reject) -> bytes:
    return "".join(f"{to_json_line(record)}\n" for record in records).encode()


def _published(path: Path, content: bytes) -> PublishedFile:
    file = AtomicFile(path, on_error=lambda error: pytest.fail(str(error)))
    file.write(content)
    file.publish()
    assert file.published
    return file.published


def _found(path: Path) -> list[tuple[str, str, str]]:
    return [(Path(each.file).name, each.field, each.problem) for each in check_file(path)]


def _changed(path: Path, part: str, **changes: Any) -> None:
    raw = json.loads(path.read_text())
    raw[part] |= changes
    path.write_text(json.dumps(raw))


def test_sound_run_has_no_problems(tmp_path: Path) -> None:
    """A manifest whose files are as it says has no problems, nor has its folder."""
    assert _found(run_folder(tmp_path)) == []
    assert list(check_unlisted(tmp_path)) == []


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that the manifest names and that isn't there is a problem; the others are checked."""
    path = run_folder(tmp_path)
    (tmp_path / "r1.jsonl").unlink()
    (tmp_path / "r1.rejected.jsonl").write_bytes(b"{}\n")
    name = path.name
    assert _found(path) == [
        (name, "articles.files[0].file", "missing_file"),
        (name, "rejected.files[0].bytes", "size_mismatch"),
        (name, "rejected.files[0].sha256", "checksum_mismatch"),
        ("r1.rejected.jsonl", "url", "missing"),
        ("r1.rejected.jsonl", "code", "missing"),
    ]


def test_flipped_bit_is_found(tmp_path: Path) -> None:
    """A file that has another checksum is a problem, though each of its lines may be sound."""
    path = run_folder(tmp_path)
    text = (tmp_path / "r1.jsonl").read_bytes()
    (tmp_path / "r1.jsonl").write_bytes(text.replace(b"Ferry sails", b"Ferry sailt", 1))
    assert _found(path) == [(path.name, "articles.files[0].sha256", "checksum_mismatch")]


def test_lost_line_is_found(tmp_path: Path) -> None:
    """A file that was cut at a line's end is told by its size, checksum and count."""
    path = run_folder(tmp_path)
    (tmp_path / "r1.jsonl").write_bytes(_lines(STORY))
    assert [what for _, _, what in _found(path)] == [
        "size_mismatch",
        "checksum_mismatch",
        "count_mismatch",
    ]


def test_cut_compression_is_a_problem(tmp_path: Path) -> None:
    """A compressed file that can't be read to its end doesn't end the check."""
    path = run_folder(tmp_path)
    file = tmp_path / "r1.2.jsonl.zst"
    file.write_bytes(file.read_bytes()[:-4])
    assert (path.name, "articles.files[1].file") in [found[:2] for found in _found(path)]


@pytest.mark.parametrize("name", ["../secret.jsonl", "/etc/passwd", "..", "", "a\\b"])
def test_file_elsewhere_is_not_opened(tmp_path: Path, name: str) -> None:
    """A manifest names files in its own folder only; no other is looked at."""
    path = run_folder(tmp_path)
    raw = json.loads(path.read_text())
    raw["articles"]["files"][0]["file"] = name
    path.write_text(json.dumps(raw))
    assert _found(path) == [(path.name, "articles.files", "bad_name")]


@pytest.mark.parametrize(
    ("part", "changes", "found"),
    [
        ("articles", {"count": 4}, ("articles.count", "count_mismatch")),
        ("rejected", {"by_code": {"odd": 1}}, ("rejected.by_code", "unknown_code")),
        ("rejected", {"by_code": {"robots": 2}}, ("rejected.by_code", "count_mismatch")),
        ("left", {"count": 0}, ("left.count", "count_mismatch")),
        ("known", {"moved": 1}, ("known.moved", "unknown field")),
    ],
)
def test_broken_rule_is_named(
    tmp_path: Path, part: str, changes: dict[str, Any], found: tuple[str, str]
) -> None:
    """What doesn't add up within the manifest itself is a problem of its field."""
    path = run_folder(tmp_path)
    _changed(path, part, **changes)
    assert _found(path) == [(path.name, *found)]


@pytest.mark.parametrize("name", ["started_at", "finished_at"])
def test_times_are_utc(name: str) -> None:
    """A manifest's times are in UTC, and said to be."""
    naive, oslo = _NOON.replace(tzinfo=None), _NOON.astimezone(dt.timezone(dt.timedelta(hours=1)))
    for time, code in ((naive, "naive_datetime"), (oslo, "not_utc")):
        change: dict[str, Any] = {name: time}
        broken = list(rules.broken(dataclasses.replace(MANIFEST, **change)))
        assert broken == [(name, code)]


def test_file_is_named_once(tmp_path: Path) -> None:
    """A file that is named twice would be read twice."""
    path = run_folder(tmp_path)
    files = json.loads(path.read_text())["articles"]["files"]
    _changed(path, "articles", files=[*files, files[1]], count=4)
    assert _found(path) == [(path.name, "articles.files", "repeated_file")]


def test_absent_key_is_named(tmp_path: Path) -> None:
    """A key that has a default must be there, too."""
    path = run_folder(tmp_path)
    raw = json.loads(path.read_text())
    del raw["slowest"], raw["known"]["gone"]
    path.write_text(json.dumps(raw))
    assert [found[1:] for found in _found(path)] == [
        ("known.gone", "missing"),
        ("slowest", "missing"),
    ]


def test_file_that_no_manifest_names(tmp_path: Path) -> None:
    """Of the files below a folder, those of JSONL that no manifest names are told."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run_folder(tmp_path / name)
    (tmp_path / "b" / "r0.jsonl.gz").touch()
    (tmp_path / "b" / ".r2.jsonl.tmp").touch()
    (tmp_path / "notes.txt").touch()
    found = [(each.file, each.problem) for each in check_unlisted(tmp_path)]
    assert found == [(str(tmp_path / "b" / "r0.jsonl.gz"), "unlisted_file")]


def test_folder_is_checked(tmp_path: Path) -> None:
    """``check`` takes a folder of runs, and goes on behind a manifest that is none."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run_folder(tmp_path / name)
    done = newscrawl(tmp_path, "check", ".")
    assert (done.returncode, message(done)) == (0, "2 manifests, no problems")
    (tmp_path / "a" / "r1.manifest.json").write_text("{")
    (tmp_path / "b" / "r1.jsonl").unlink()
    done = newscrawl(tmp_path, "check", ".")
    assert done.returncode == 1
    assert [line.partition(": ")[0] for line in done.stdout.decode().splitlines()] == [
        "a/r1.manifest.json",
        "b/r1.manifest.json",
        "a/r1.2.jsonl.zst",
        "a/r1.jsonl",
        "a/r1.rejected.jsonl",
    ]


def test_folder_without_a_run(tmp_path: Path) -> None:
    """A folder with nothing to check is an error that says what was looked for; the other paths
    are checked."""
    run_folder(tmp_path)
    (tmp_path / "new").mkdir()
    done = newscrawl(tmp_path, "check", "new", "r1.jsonl")
    assert done.returncode == 3
    assert message(done).startswith("cannot read new/*.manifest.json: No such file")
    done = newscrawl(tmp_path, "check", "r1.jsonl", "r1.manifest.json", "r1.2.jsonl.zst")
    assert (done.returncode, message(done)) == (0, "2 files and 1 manifest, no problems")


def test_schema_is_printed(tmp_path: Path) -> None:
    """``schema --manifest`` prints the manifest's JSON Schema."""
    assert json.loads(newscrawl(tmp_path, "schema", "--manifest").stdout) == json_schema(Manifest)
