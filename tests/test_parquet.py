"""Records as a Parquet file: the same names, the same types, nothing lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from newscrawl.contract import to_json_line
from newscrawl.parquet import _GROUP, arrow_schema, write_parquet
from newscrawl.records import Article, Extractor
from tests.command import environment, message, newscrawl
from tests.test_contract import REJECT, STORY
from tests.test_manifest import run_folder

_BARE = Article(id="b", url=None, extractor=Extractor(version="0"))


def _written(path: Path, *articles: Article) -> Path:
    with path.open("wb") as file:
        write_parquet(articles, file.write)
    return path


def _rows(path: Path) -> list[dict[str, Any]]:
    return [_as_json(row) for row in parquet.read_table(path).to_pylist()]


def _as_json(value: Any) -> Any:
    """A row as the line of JSON has it."""
    if isinstance(value, dict):
        return {key: _as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        pairs = value and all(isinstance(each, tuple) for each in value)
        return {k: _as_json(v) for k, v in value} if pairs else list(map(_as_json, value))
    return value.isoformat() if isinstance(value, dt.date) else value


def _line(article: Article) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(to_json_line(article))
    line["provenance"] = line["provenance"] or []  # an empty map is read as an empty list of pairs
    return line


def test_nothing_is_lost(tmp_path: Path) -> None:
    """A full record and a bare one hold, read from Parquet, what their lines of JSON do."""
    path = _written(tmp_path / "stories.parquet", STORY, _BARE)
    assert _rows(path) == [_line(STORY), _line(_BARE)]


def test_fields_are_those_of_the_record() -> None:
    """Columns have the record's names, order and types; what may be absent may be null."""
    schema = arrow_schema()
    assert schema.names == [field.name for field in dataclasses.fields(Article)]
    types = {name: schema.field(name).type for name in schema.names}
    assert types["word_count"] == pa.int64()
    assert types["fetched_at"] == pa.timestamp("us", tz="UTC")
    assert types["date_published"] == types["date_modified"] == pa.string()
    assert types["corrections"].value_type.field("date").type == pa.date32()
    assert types["tags"] == pa.list_(pa.string())
    assert types["provenance"].key_type == pa.string()
    assert {name for name in schema.names if not schema.field(name).nullable} == {
        field.name for field in dataclasses.fields(Article) if "None" not in str(field.type)
    }


def test_records_are_written_in_groups(tmp_path: Path) -> None:
    """Many records are many row groups: no more than one of them is in memory."""
    many = [dataclasses.replace(_BARE, id=str(number)) for number in range(_GROUP + 1)]
    path = _written(tmp_path / "stories.parquet", *many)
    assert parquet.ParquetFile(path).num_row_groups == 2
    assert [row["id"] for row in _rows(path)] == [article.id for article in many]


def test_long_records_end_a_group(tmp_path: Path) -> None:
    """A group of very long records has fewer of them."""
    long = dataclasses.replace(_BARE, body="x" * (40 << 20))
    path = _written(tmp_path / "stories.parquet", long, long, long)
    assert parquet.ParquetFile(path).num_row_groups == 2


def test_no_records_are_a_table(tmp_path: Path) -> None:
    """Without records there is an empty table, with all its columns."""
    table = parquet.read_table(_written(tmp_path / "stories.parquet"))
    assert (table.num_rows, table.schema) == (0, arrow_schema())


# --- the command -------------------------------------------------------------------------------


def test_export_reads_runs(tmp_path: Path) -> None:
    """Of a folder of runs, a manifest or a file, all stories come, and no rejects."""
    (tmp_path / "runs").mkdir()
    manifest = run_folder(tmp_path / "runs")
    done = newscrawl(tmp_path, "export", "runs", str(manifest), "runs/r1.jsonl", "-o", "s.parquet")
    assert message(done) == "export: 8 records of 5 files -> s.parquet"
    assert _rows(tmp_path / "s.parquet") == [_line(STORY)] * 8


def test_export_to_standard_output(tmp_path: Path) -> None:
    """``-o -`` writes the file to standard output, and says nothing."""
    (tmp_path / "stories.jsonl").write_text(f"{to_json_line(STORY)}\n")
    done = newscrawl(tmp_path, "export", "stories.jsonl", "-o", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert parquet.read_table(pa.BufferReader(done.stdout)).num_rows == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.jsonl", "cannot read missing.jsonl: No such file"),
        ("bad.jsonl", "cannot read bad.jsonl: line 2: "),
        (".", "cannot read .: there is no .manifest.json in it: name a folder of runs"),
    ],
)
def test_export_leaves_no_part(tmp_path: Path, name: str, said: str) -> None:
    """What can't be read is one line and exit code 3, and no file is left."""
    lines = [to_json_line(STORY), to_json_line(REJECT)]
    (tmp_path / "bad.jsonl").write_text("\n".join(lines))
    done = newscrawl(tmp_path, "export", name)
    assert (done.returncode, message(done).startswith(said)) == (3, True)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jsonl"]


def test_export_without_pyarrow(tmp_path: Path) -> None:
    """Where pyarrow isn't installed, one line says what to install."""
    code = "import sys; sys.modules['pyarrow'] = None; from newscrawl.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "export", "stories.jsonl"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'newscrawl[parquet]'" in message(done)
