"""How files are compressed, and told to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.cli.output import open_output
from newscrawl.compression import COMPRESSIONS, compression_named, compression_of, split_name
from tests.test_contract import packed


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_compression_is_deterministic(name: str) -> None:
    """The same content gives the same bytes: no time and no file name are in them."""
    assert packed(name, b"content") == packed(name, b"content")
    assert packed("gzip", b"")[4:8] == bytes(4)


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_compression_is_told(name: str) -> None:
    """A compression is told by the first bytes of what it makes, and by its ending."""
    compression = COMPRESSIONS[name]
    assert compression_of(packed(name, b"")) is compression
    assert compression_named(Path(f"stories.jsonl{compression.suffix}")) is compression
    assert (compression_of(b"{"), compression_named(Path("stories.jsonl"))) == (None, None)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("stories.jsonl", ("stories", ".jsonl", "")),
        ("stories.jsonl.gz", ("stories", ".jsonl", ".gz")),
        ("r.rejected.jsonl.zst", ("r.rejected", ".jsonl", ".zst")),
        ("stories", ("stories", "", "")),
        ("stories.gz", ("stories", "", ".gz")),
        (".gz", (".gz", "", "")),
    ],
)
def test_name_is_parted(name: str, parts: tuple[str, str, str]) -> None:
    """A name is parted before its ending and before its compression's."""
    assert split_name(Path("folder") / name) == parts


def test_what_is_packed_stays_so(tmp_path: Path) -> None:
    """A model, which is compressed by itself, is written as it is, whatever its file is called."""
    path = tmp_path / "model.npz.gz"
    with open_output(path, packed=True) as write:
        write(b"PK")
    assert path.read_bytes() == b"PK"
