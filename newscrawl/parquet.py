"""Records as a Parquet file: the same fields, named and typed as in the contract. Needs pyarrow.

Everything is as in JSONL, ``date_published`` and ``date_modified`` included: as ISO 8601 text,
since each may hold a time with its offset or a plain date, and no Parquet type holds both. Times
that are always in UTC are timestamps, dates that are always plain are dates.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
from pyarrow import parquet

from newscrawl.records import Article

_GROUP = 2048
"""Records of a row group, which is what is in memory at a time: 10 to 20 MB of news."""
_GROUP_CHARACTERS = 64 << 20
"""Characters that end a row group before it has as many."""

_TYPES: Mapping[object, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
    dt.date: pa.date32(),
    dt.datetime | dt.date: pa.string(),
}
"""Of what a record's fields hold, ``None`` apart."""


def write_parquet(articles: Iterable[Article], write: Callable[[bytes], object]) -> int:
    """Write the records as one Parquet file, group by group; gives their number."""
    count = 0
    schema = arrow_schema()
    record = pa.struct(schema)
    with parquet.ParquetWriter(_Sink(write), schema, compression="zstd") as writer:
        for group in _groups(articles):
            rows = [_plain(article, record) for article in group]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def arrow_schema() -> pa.Schema:
    """The Arrow schema of an ``Article``."""
    return pa.schema(_fields(Article))


def _fields(record: type) -> list[pa.Field]:
    hints = get_type_hints(record)
    return [
        pa.field(field.name, _arrow(hints[field.name]), nullable=_is_nullable(hints[field.name]))
        for field in dataclasses.fields(record)
    ]


def _arrow(hint: Any) -> pa.DataType:
    """The Arrow type of what a field holds, ``None`` apart."""
    hint = _without_none(hint)
    if hint in _TYPES:
        return _TYPES[hint]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return pa.struct(_fields(hint))
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _TYPES[str]
    if origin is tuple:
        return pa.list_(_arrow(arguments[0]))
    if origin is Mapping:
        return pa.map_(*map(_arrow, arguments))
    raise TypeError(f"{hint} has no Parquet type")


def _is_nullable(hint: Any) -> bool:
    return types.NoneType in get_args(hint)


def _without_none(hint: Any) -> Any:
    kept = tuple(each for each in get_args(hint) if each is not types.NoneType)
    return Union[kept] if _is_nullable(hint) else hint  # noqa: UP007 - of a tuple of types


def _groups(articles: Iterable[Article]) -> Iterator[list[Article]]:
    group: list[Article] = []
    characters = 0
    for article in articles:
        group.append(article)
        characters += len(article.body or "") + sum(len(run.text) for run in article.removed)
        if len(group) == _GROUP or characters > _GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _plain(value: Any, kind: pa.DataType) -> Any:
    """A value as Arrow wants it for a type: records as dicts, mappings as pairs."""
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return {field.name: _plain(getattr(value, field.name), field.type) for field in kind}
    if pa.types.is_list(kind):
        return [_plain(each, kind.value_type) for each in value]
    if pa.types.is_map(kind):
        return [(key, _plain(each, kind.item_type)) for key, each in value.items()]
    return value.isoformat() if pa.types.is_string(kind) and isinstance(value, dt.date) else value


class _Sink(io.RawIOBase):
    """A file to write to, as pyarrow wants one."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._take = write

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._take(content)
        return len(content)
