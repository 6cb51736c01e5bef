"""Files held against their contract: every problem named, to the end."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from newscrawl.compression import COMPRESSIONS
from newscrawl.contract.lines import read_bounded, read_lines, unreadable
from newscrawl.contract.manifest import (
    MANIFEST_ENDING,
    Manifest,
    PublishedFile,
    is_plain_name,
    manifests_below,
    published_files,
    read_manifest,
)
from newscrawl.contract.reading import Wrong, parsed, read_record
from newscrawl.contract.rules import broken
from newscrawl.errors import InputError
from newscrawl.records import Article, Reject

_PACKED = ("", *(each.suffix for each in COMPRESSIONS.values()))
_REJECTS = tuple(f".rejected.jsonl{ending}" for ending in _PACKED)
_LINES = tuple(f".jsonl{ending}" for ending in _PACKED)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a record in a file."""

    file: str
    line: int | None
    """From 1; ``None`` for a file as a whole, and in a manifest."""
    field: str
    """``authors[0].name``; ``record`` for all of it, ``file`` for a file as a whole."""
    problem: str
    """A rule's stable code, or what is wrong in words."""


def check_file(path: str | Path) -> Iterator[Problem]:
    """Every problem of a manifest and the files that it names, or of a file of JSONL.

    A file is a manifest if it is called so (``….manifest.json``). Raises ``InputError``.
    """
    is_manifest = str(path).endswith(MANIFEST_ENDING)
    return _check_manifest(Path(path)) if is_manifest else check_lines(path)


def check_lines(path: str | Path) -> Iterator[Problem]:
    """Every problem of every line of a JSONL file, in order. Raises ``InputError``.

    Files named ``….rejected.jsonl`` hold ``Reject`` records, others ``Article`` ones, compressed
    or not.
    """
    return _check_lines(path, Reject if str(path).endswith(_REJECTS) else Article)


def _check_lines(path: str | Path, kind: type[Article | Reject]) -> Iterator[Problem]:
    for number, line in read_lines(path):
        for field, what in _problems_of(kind, line):
            yield Problem(str(path), number, field, what)


def check_unlisted(folder: str | Path) -> Iterator[Problem]:
    """The JSONL files below a folder that no manifest there names."""
    listed = {file for path in manifests_below(folder) for file in _listed(path)}
    for path in sorted(Path(folder).rglob("[!.]*")):
        if path.name.endswith(_LINES) and path not in listed:
            yield Problem(str(path), None, "file", "unlisted_file")


def _listed(path: Path) -> Iterator[Path]:
    with contextlib.suppress(InputError):  # it is checked for itself
        for _, file in published_files(read_manifest(path)):
            yield path.with_name(file.file)


def _check_manifest(path: Path) -> Iterator[Problem]:
    content = read_bounded(path)
    for field, what in _problems_of(Manifest, content):
        yield Problem(str(path), None, field, what)
    manifest, _ = read_record(Manifest, content)
    for field, file in published_files(manifest) if manifest else ():
        if is_plain_name(file.file):
            for name, what in _differences(path.with_name(file.file), file):
                yield Problem(str(path), None, f"{field}.{name}", what)
            with contextlib.suppress(InputError):  # it is one of the differences
                kind = Reject if field.startswith("rejected") else Article
                yield from _check_lines(path.with_name(file.file), kind)


def _differences(path: Path, described: PublishedFile) -> Iterator[Wrong]:
    """In what a file isn't as its manifest describes it."""
    if not path.is_file():
        yield "file", "missing_file"
        return
    try:
        with path.open("rb") as stream:
            checksum = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
        if size != described.bytes:
            yield "bytes", "size_mismatch"
        if checksum != described.sha256:
            yield "sha256", "checksum_mismatch"
        if sum(1 for _ in read_lines(path)) != described.count:
            yield "count", "count_mismatch"
    except InputError as error:
        yield "file", error.problem
    except OSError as error:
        yield "file", unreadable(path, error).problem


def _problems_of(kind: type[Article | Reject | Manifest], content: bytes) -> Iterator[Wrong]:
    record, wrong = read_record(kind, content)
    yield from wrong
    if record is not None:
        yield from ((field, "missing") for field in _absent(record, parsed(content)))
        yield from broken(record)


def _absent(record: object, raw: object, path: str = "") -> Iterator[str]:
    """Fields of a record and of its parts whose keys the line doesn't have."""
    if is_dataclass(record) and isinstance(raw, dict):
        for name in (field.name for field in fields(record)):
            if name in raw:
                yield from _absent(getattr(record, name), raw[name], f"{path}{name}.")
            else:
                yield path + name
    elif isinstance(record, tuple) and isinstance(raw, list):
        for index, (part, raw_part) in enumerate(zip(record, raw, strict=True)):
            yield from _absent(part, raw_part, f"{path.removesuffix('.')}[{index}].")
    elif isinstance(record, Mapping) and isinstance(raw, dict):
        for key, part in record.items():
            yield from _absent(part, raw[key], f"{path}{key}.")
