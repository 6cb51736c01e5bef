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
from newscrawl.contract import json_schema, to_json_text
from newscrawl.contract.manifest import (
    MANIFEST_VERSION,
    Articles,
    Known,
    Left,
    Manifest,
    Rejects,
    SlowPage,
)
from newscrawl.errors import InputError
from tests.test_contract import undescribed

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
