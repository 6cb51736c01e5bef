"""Records read back: strictly, with everything named that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from newscrawl.contract.lines import read_lines
from newscrawl.contract.schema import adapter, version_of
from newscrawl.errors import RecordError
from newscrawl.records import Article, Reject

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic import ValidationError

_Record = TypeVar("_Record", bound="DataclassInstance")

_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.\d{1,9}")
_WORDS = {"unexpected_keyword_argument": "unknown field", "missing": "missing"}
"""Pydantic's error types that its own message says for programmers."""

Wrong = tuple[str, str]
"""Field and problem: ``authors[0].name``, or ``record`` for all of it; a rule's stable code, or
what is wrong in words."""


def read_articles(path: str | Path) -> Iterator[Article]:
    """The records of a JSONL file, compressed or not, one at a time; blank lines are passed over.

    Unknown fields and wrong types raise ``RecordError``, a file that can't be read ``InputError``.
    Every minor ``schema_version`` of this major one is read: fields that an older one lacks have
    their defaults, fields that a newer one adds are left out. Another major version is refused.
    """
    return _records(Article, path)


def read_rejects(path: str | Path) -> Iterator[Reject]:
    """The rejected pages of a JSONL file; as ``read_articles`` in all else."""
    return _records(Reject, path)


def _records(kind: type[_Record], path: str | Path) -> Iterator[_Record]:
    for number, line in read_lines(path):
        record, wrong = read_record(kind, line)
        if record is None:
            raise RecordError(path, number, in_words(wrong))
        yield record


def read_record(kind: type[_Record], content: bytes) -> tuple[_Record | None, Sequence[Wrong]]:
    """The record of this kind that ``content`` is, or what is wrong with it."""
    from pydantic import ValidationError  # noqa: PLC0415 - see ``schema.adapter``

    try:
        raw = parsed(content)
        refused, newer = _compared(version_of(kind), raw)
        if refused:
            return None, [("schema_version", refused)]
        reader = adapter(kind)
        return reader.validate_json(content, strict=True, extra="ignore" if newer else "forbid"), ()
    except ValidationError as error:
        return None, _wrong(error, raw)
    except ValueError as error:
        return None, [("record", f"not JSON: {error}")]


def parsed(content: bytes) -> object:
    """The JSON that ``content`` is. Raises ``ValueError``."""
    from pydantic_core import from_json  # noqa: PLC0415 - see ``schema.adapter``

    return from_json(content)


def in_words(wrong: Sequence[Wrong]) -> str:
    """What is wrong, for a message."""
    return "; ".join(f"{field}: {what}" for field, what in wrong)


def _compared(own: str | None, raw: object) -> tuple[str | None, bool]:
    """Why a record's ``schema_version`` is refused, if it is; whether it is a newer minor one."""
    version = raw.get("schema_version") if isinstance(raw, dict) else None
    if own is None or version is None:
        return None, False
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None:
        return f"not a version such as {own}", False
    major, minor = map(int, match.groups())
    own_major, own_minor, _ = map(int, own.split("."))
    if major != own_major:
        advice = "a newer newscrawl reads it" if major > own_major else "write it again"
        return f"{version}, while this newscrawl reads {own_major}.x: {advice}", False
    return None, minor > own_minor


def _wrong(error: ValidationError, raw: object) -> list[Wrong]:
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
