"""Records as JSON. Plain ``json``, no pydantic: it runs once a page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from newscrawl.contract.manifest import Manifest
from newscrawl.records import Article, Reject


def to_json_line(record: Article | Reject) -> str:
    """A record as one line of JSON, without line end: fields in order, always encodable as UTF-8.

    Lone surrogates, which UTF-8 can't hold, become U+FFFD. NaN raises ``ValueError``.
    """
    return _json(record, indent=None)


def to_json_text(manifest: Manifest) -> str:
    """A manifest as JSON that people can read, too; as ``to_json_line`` in all else."""
    return _json(manifest, indent=2) + "\n"


def _json(record: object, indent: int | None) -> str:
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _plain(value: Any) -> object:
    """What ``json`` can't write by itself: records, times and mappings."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
