"""A story as the state knows it, and its row in the table ``stories``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """What is kept of a story: under 1 KB with its keys and indexes."""

    id: str
    """As in its records; it never changes."""
    url: str | None
    """Where it was fetched last; ``None`` once nobody has visited it for a year."""
    first_seen: dt.datetime
    """When it was fetched first, in UTC."""
    last_fetched: dt.datetime
    """When it was fetched last, changed or not."""
    next_visit: dt.datetime | None
    """When it is due again; ``None`` for never."""
    visits: int = 1
    """Times that it was fetched."""
    revision: int = 1
    """Of its last record."""
    content_hash: str | None = None
    """Of its last record."""
    fields: bytes = b""
    """A digest of each field that is compared (``settling.revisions``)."""
    signature: bytes = b""
    """MinHash of its text (``settling.duplicates``); empty once it is older than 30 days."""
    gone: dt.datetime | None = None
    """Since when its address has been answered with 404 or 410; for good once it is never due."""


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server gave with an answer, to be asked later whether it still holds."""

    etag: str | None = None
    last_modified: str | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Validator | None:
        """The validator of an answer, headers by lower-case name; ``None`` when it has none."""
        etag, modified = headers.get("etag"), headers.get("last-modified")
        return cls(etag, modified) if etag or modified else None


STORY_COLUMNS = (
    "number, site, id, url, first_seen, last_fetched, next_visit, visits, revision, "
    "content_hash, fields, signature, gone"
)


def number_of(*names: str) -> int:
    """A row's number, made from what it is called: the same in every file. 63 bits."""
    joined = "\n".join(names).encode("utf-8", "replace")
    return int.from_bytes(blake2b(joined, digest_size=8).digest()) >> 1


def to_row(site: str, story: KnownStory) -> tuple[Any, ...]:
    """The columns of ``stories``, in order."""
    return (
        number_of(site, story.id),
        site,
        story.id,
        story.url,
        seconds(story.first_seen),
        seconds(story.last_fetched),
        seconds(story.next_visit),
        story.visits,
        story.revision,
        bytes.fromhex(story.content_hash or ""),
        story.fields,
        story.signature,
        seconds(story.gone),
    )


def from_row(row: tuple[Any, ...]) -> KnownStory:
    """The story of a row of ``STORY_COLUMNS``."""
    _, _, id_, url, first, last, due, visits, revision, content, fields, signature, gone = row
    return KnownStory(
        id=id_,
        url=url,
        first_seen=time(first),
        last_fetched=time(last),
        next_visit=None if due is None else time(due),
        visits=visits,
        revision=revision,
        content_hash=content.hex() or None,
        fields=fields,
        signature=signature,
        gone=None if gone is None else time(gone),
    )


def seconds(moment: dt.datetime | None) -> int | None:
    """A time as it is stored: whole seconds since 1970, rounded down."""
    return None if moment is None else int(moment.timestamp() // 1)


def time(stored: int) -> dt.datetime:
    """A stored time, in UTC."""
    return dt.datetime.fromtimestamp(stored, dt.UTC)
