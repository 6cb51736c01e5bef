"""Records read back from lines: strictly, with every problem named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.contract.lines import read_lines
from newscrawl.contract.rules import broken
from newscrawl.contract.schema import adapters
from newscrawl.errors import RecordError
from newscrawl.records import SCHEMA_VERSION, Article, Reject

if TYPE_CHECKING:
    from pydantic import ValidationError

_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.\d{1,9}")
_REJECTS = (".rejected.jsonl", ".rejected.jsonl.gz")
_WORDS = {"unexpected_keyword_argument": "unknown field", "missing": "missing"}
"""Pydantic's error types that its own message says for programmers."""


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


_Wrong = tuple[str, str]
"""Field and problem."""


def read_articles(path: str | Path) -> Iterator[Article]:
    """The records of a JSONL file, plain or gzip, one at a time; blank lines are passed over.

    Unknown fields and wrong types raise ``RecordError``, a file that can't be read ``InputError``.
    Every minor ``schema_version`` of this major one is read: fields that an older one lacks have
    their defaults, fields that a newer one adds are left out. Another major version is refused.
    """
    for number, line in read_lines(path):
        record, wrong = _read(Article, line)
        if not isinstance(record, Article):
            problem = "; ".join(f"{field}: {what}" for field, what in wrong)
            raise RecordError(path, number, problem)
        yield record


def check_lines(path: str | Path) -> Iterator[Problem]:
    """Every problem of every line of a JSONL file, in order. Raises ``InputError``.

    Files named ``….rejected.jsonl`` (or ``.gz``) hold ``Reject`` records, others ``Article`` ones.
    """
    kind = Reject if str(path).endswith(_REJECTS) else Article
    for number, line in read_lines(path):
        for field, what in _problems_of(kind, line):
            yield Problem(str(path), number, field, what)


def _problems_of(kind: type[Article | Reject], line: bytes) -> Iterator[_Wrong]:
    record, wrong = _read(kind, line)
    yield from wrong
    if record is not None:
        yield from ((field, "missing") for field in _absent(record, _parsed(line)))
        yield from broken(record)


def _read(
    kind: type[Article | Reject], line: bytes
) -> tuple[Article | Reject | None, Sequence[_Wrong]]:
    """The line's record, or what is wrong with the line."""
    from pydantic import ValidationError  # noqa: PLC0415 - see ``schema.adapters``

    try:
        raw = _parsed(line)
        refused, newer = _version(raw) if kind is Article else (None, False)
        if refused:
            return None, [("schema_version", refused)]
        reader = adapters()[kind]
        return reader.validate_json(line, strict=True, extra="ignore" if newer else "forbid"), ()
    except ValidationError as error:
        return None, _wrong(error, raw)
    except ValueError as error:
        return None, [("record", f"not JSON: {error}")]


def _parsed(line: bytes) -> object:
    from pydantic_core import from_json  # noqa: PLC0415 - see ``schema.adapters``

    return from_json(line)


def _version(raw: object) -> tuple[str | None, bool]:
    """Why a record's ``schema_version`` is refused, if it is; whether it is a newer minor one."""
    version = raw.get("schema_version") if isinstance(raw, dict) else None
    if version is None:
        return None, False
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None:
        return f"not a version such as {SCHEMA_VERSION}", False
    major, minor = map(int, match.groups())
    own_major, own_minor, _ = map(int, SCHEMA_VERSION.split("."))
    if major != own_major:
        advice = "a newer newscrawl reads it" if major > own_major else "write it again"
        return f"{version}, while this newscrawl reads {own_major}.x: {advice}", False
    return None, minor > own_minor


def _wrong(error: ValidationError, raw: object) -> list[_Wrong]:
    """A problem a field: pydantic gives one for each member of a union."""
    found: dict[str, str] = {}
    for entry in error.errors(include_url=False, include_context=False, include_input=False):
        found.setdefault(_field(entry["loc"], raw), _WORDS.get(entry["type"], entry["msg"]))
    return list(found.items())


def _field(location: Sequence[str | int], raw: object) -> str:
    """``authors[0].name``, without the names of union members, which aren't in the record."""
    path = ""
    for step in location:
        if isinstance(raw, list) and isinstance(step, int):
            path += f"[{step}]"
            raw = raw[step] if step < len(raw) else None
        elif isinstance(raw, dict):
            path += f".{step}"
            raw = raw.get(step)
    return path.removeprefix(".") or "record"


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
