"""Files held against their contract: every problem named, to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from newscrawl.contract.lines import read_lines
from newscrawl.contract.reading import Wrong, parsed, read_record
from newscrawl.contract.rules import broken
from newscrawl.records import Article, Reject

_REJECTS = (".rejected.jsonl", ".rejected.jsonl.gz")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a record in a file."""

    file: str
    line: int
    """From 1."""
    field: str
    """``authors[0].name``; ``record`` for the line as a whole."""
    problem: str
    """A rule's stable code, or what is wrong in words."""


def check_lines(path: str | Path) -> Iterator[Problem]:
    """Every problem of every line of a JSONL file, in order. Raises ``InputError``.

    Files named ``….rejected.jsonl`` (or ``.gz``) hold ``Reject`` records, others ``Article`` ones.
    """
    kind = Reject if str(path).endswith(_REJECTS) else Article
    for number, line in read_lines(path):
        for field, what in _problems_of(kind, line):
            yield Problem(str(path), number, field, what)


def _problems_of(kind: type[Article | Reject], line: bytes) -> Iterator[Wrong]:
    record, wrong = read_record(kind, line)
    yield from wrong
    if record is not None:
        yield from ((field, "missing") for field in _absent(record, parsed(line)))
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
