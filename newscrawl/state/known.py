"""What is known of one site, and what a run has to add: read at once, written when it is over."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, fields, replace
from typing import Any

import numpy as np

from newscrawl.contract.manifest import Metrics
from newscrawl.errors import GONE_CODES, GONE_FOR_GOOD
from newscrawl.extraction.labelling.block_memory import BlockMemory
from newscrawl.quality import Measured
from newscrawl.state.journal import apply, seal
from newscrawl.state.schedule import REVISITS, next_try, next_visit
from newscrawl.state.story import (
    STORY_COLUMNS,
    KnownStory,
    Validator,
    from_row,
    number_of,
    seconds,
    time,
    to_row,
)

_FINGERPRINT = np.dtype("<u4")
_METRICS = tuple(field.name for field in fields(Metrics))
"""The columns of ``runs``, behind those that name the run."""


class KnownSite:
    """A site's part of the state, for one run.

    What the run notes goes to a file of its own and is seen here at once. It comes into the state
    in two steps: ``seal`` makes it a journal, before anything is published; ``apply`` takes it
    over, once the manifest is in place. ``close`` drops what hasn't been sealed, and leaves what
    hasn't been applied to the next opening of the state. ``State.site`` makes one.
    """

    def __init__(
        self, connection: sqlite3.Connection, name: str, schedule: Sequence[dt.timedelta] | None
    ) -> None:
        self.name = name
        self._connection = connection
        self._schedule = REVISITS if schedule is None else schedule
        self.on_close: Callable[[], object] = connection.close
        """Ends it, its file and its lock."""
        self.memory = self._read_memory()
        """The blocks of the site's stories, and of those that the run has added by itself."""

    # What is known

    def validator(self, url: str) -> Validator | None:
        """What the server gave with its last answer for ``url``."""
        row = self._row("validators", "etag, last_modified", "url", number_of(self.name, url))
        return Validator(*row) if row else None

    def story_of(self, key: str) -> KnownStory | None:
        """The story that has a key (``urls.story_key``)."""
        row = self._row("keys", "story", "key", number_of(self.name, key))
        return self._story(row[0]) if row else None

    def story(self, id: str) -> KnownStory | None:  # noqa: A002 - the record's own name for it
        """The story of an id."""
        return self._story(number_of(self.name, id))

    def is_done(self, key: str, now: dt.datetime) -> bool:
        """Whether nothing is to be fetched under a key now: it is a known story, which ``due`` has
        when it is time, or was rejected for good or lately."""
        number = number_of(self.name, key)
        if self._row("keys", "story", "key", number):
            return True
        row = self._row("rejects", "next_try", "key", number)
        return row is not None and (row[0] is None or time(row[0]) > now)

    def is_settled(self, key: str) -> bool:
        """Whether a key is that of a known story, or was rejected for good: no list needs to name
        it again."""
        number = number_of(self.name, key)
        row = self._row("rejects", "next_try", "key", number)
        return bool(self._row("keys", "story", "key", number)) or row == (None,)

    def due(self, now: dt.datetime) -> Iterator[KnownStory]:
        """The stories that are to be visited again now, newest first."""
        rows = self._connection.execute(
            f"SELECT {STORY_COLUMNS} FROM main.stories WHERE site = ? AND next_visit <= ? "  # noqa: S608 - a constant
            "AND number NOT IN (SELECT number FROM run.stories) ORDER BY first_seen DESC",
            (self.name, seconds(now)),
        )
        yield from map(from_row, rows)

    def signatures(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """Id and MinHash of the site's newest stories, at most ``limit``, newest first."""
        yield from self._connection.execute(
            "SELECT id, signature FROM main.stories WHERE site = ? AND signature != x'' "
            "ORDER BY first_seen DESC LIMIT ?",
            (self.name, limit),
        )

    def leads(self) -> bytes:
        """What ``keep_leads`` was given last; empty at first."""
        row = self._row("leads", "listed", "site", number_of(self.name))
        return bytes(row[0]) if row else b""

    def runs(self) -> list[Measured]:
        """What the site's earlier runs brought, newest first."""
        rows = self._connection.execute(
            f"SELECT finished_at, {', '.join(_METRICS)} FROM main.runs WHERE site = ? "  # noqa: S608 - constants
            "ORDER BY finished_at DESC, run DESC",
            (self.name,),
        )
        return [
            Measured(time(at), Metrics(**dict(zip(_METRICS, values, strict=True))))
            for at, *values in rows
        ]

    # What the run notes

    def measured(self, run: Measured) -> None:
        """Know what the run brought."""
        (name,) = self._connection.execute("SELECT run FROM run.journal").fetchone()
        self._put("runs", self.name, seconds(run.at), name, *astuple(run.metrics))

    def keep_leads(self, listed: bytes) -> None:
        """Keep what is known of the places that list the site's stories (``spiders.places``)."""
        self._put("leads", number_of(self.name), listed)

    def remember(self, url: str, validator: Validator, at: dt.datetime) -> None:
        """Ask for ``url`` by this validator from now on."""
        self._put(
            "validators",
            number_of(self.name, url),
            validator.etag,
            validator.last_modified,
            seconds(at),
        )

    def keep(self, story: KnownStory, keys: Iterable[str], blocks: Iterable[int] = ()) -> None:
        """Know a story, new or changed, under these keys as well as those it had.

        ``blocks`` are the fingerprints of a new one's blocks; a known one's have been counted.
        """
        number = number_of(self.name, story.id)
        due = next_visit(story.first_seen, story.last_fetched, self._schedule)
        self._put("stories", *to_row(self.name, replace(story, next_visit=due)))
        self.name_also(story.id, keys)
        fingerprints = np.array(sorted(set(blocks)), _FINGERPRINT)
        if len(fingerprints):
            self._put("blocks", number, fingerprints.tobytes())

    def name_also(self, id: str, keys: Iterable[str]) -> None:  # noqa: A002 - the record's own name for it
        """Know a story under further keys; one that is another story's stays so."""
        for key in keys:
            number = number_of(self.name, key)
            if self._row("keys", "story", "key", number) is None:
                self._put("keys", number, number_of(self.name, id))

    def forget(self, id: str, url: str | None) -> None:  # noqa: A002 - the record's own name for it
        """Note nothing of a story after all, whose record was lost: the next run is to write it."""
        number = number_of(self.name, id)
        for table, column, value in (
            ("stories", "number", number),
            ("keys", "story", number),
            ("blocks", "story", number),
            ("validators", "url", number_of(self.name, url or "")),
        ):
            self._connection.execute(f"DELETE FROM run.{table} WHERE {column} = ?", (value,))  # noqa: S608 - all constants

    def retire(self, story: KnownStory) -> None:
        """Never visit a story again."""
        self._put("stories", *to_row(self.name, replace(story, next_visit=None)))

    def visited(self, key: str, at: dt.datetime, answered: str | None = None) -> None:
        """The story of a key was looked at and hasn't changed; it is over where the address that
        ``answered`` for it is another known story's."""
        story, other = self.story_of(key), self.story_of(answered or key)
        if story is not None and other is not None and other.id != story.id:
            self.retire(story)
        elif story is not None:
            self.keep(replace(story, last_fetched=at, visits=story.visits + 1, gone=None), ())

    def failed(self, key: str, code: str, at: dt.datetime) -> bool:
        """A page was rejected with a code; whether that means that a known story is gone.

        A 404 may be a slip of the server's: it has to stand at the next visit, if one is to come.
        """
        story = self.story_of(key)
        if story is None:
            self._reject(number_of(self.name, key), code, at)
            return False
        is_missing = code in GONE_CODES
        was_missing = story.gone is not None
        gone = story.gone or (at if is_missing else None)
        story = replace(story, last_fetched=at, visits=story.visits + 1, gone=gone)
        is_last = next_visit(story.first_seen, at, self._schedule) is None
        if is_missing and (code == GONE_FOR_GOOD or was_missing or is_last):
            self.retire(story)
            return True
        self.keep(story, ())
        return False

    # How it becomes the state's

    def seal(self) -> None:
        """Make what was noted a journal, durably: it comes into the state if the run's manifest
        appears, whatever happens to this process."""
        seal(self._connection)

    def apply(self, now: dt.datetime) -> None:
        """Take the journal over into the state, in one transaction."""
        apply(self._connection, now)

    def close(self) -> None:
        """Forget what was noted and not applied, and let another run have the site."""
        self.on_close()

    def _read_memory(self) -> BlockMemory:
        row = self._connection.execute(
            "SELECT memory FROM main.sites WHERE name = ?", (self.name,)
        ).fetchone()
        return BlockMemory.from_bytes(row[0] if row else b"")

    def _row(self, table: str, columns: str, key: str, value: int) -> tuple[Any, ...] | None:
        """The row of a number as the run has left it."""
        for schema in ("run", "main"):
            row: tuple[Any, ...] | None = self._connection.execute(
                f"SELECT {columns} FROM {schema}.{table} WHERE {key} = ?",  # noqa: S608 - all constants
                (value,),
            ).fetchone()
            if row:
                return row
        return None

    def _story(self, number: int) -> KnownStory | None:
        row = self._row("stories", STORY_COLUMNS, "number", number)
        return from_row(row) if row else None

    def _put(self, table: str, *values: Any) -> None:
        places = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT OR REPLACE INTO run.{table} VALUES ({places})", values)  # noqa: S608 - all constants

    def _reject(self, number: int, code: str, at: dt.datetime) -> None:
        row = self._row("rejects", "tries", "key", number)
        tries = 1 + (row[0] if row else 0)
        again = next_try(code, tries, at)
        self._put("rejects", number, code, tries, seconds(at), seconds(again))
