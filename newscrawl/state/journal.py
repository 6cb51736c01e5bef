"""A run's own file as a journal: taken over into the state exactly once, or not at all.

The file is attached to a connection to the state under the name ``run``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from newscrawl.extraction.labelling.block_memory import BlockMemory
from newscrawl.state.remains import is_published, remove_unnamed
from newscrawl.state.schema import RUN_TABLES, create
from newscrawl.state.story import seconds

REJECTS_KEPT = dt.timedelta(days=30)
"""Rejects that nobody tried for this long are forgotten: their pages may be tried once more."""
SIGNATURES_KEPT = dt.timedelta(days=30)
"""Older stories are no longer compared with new ones: copies of a story come within days."""
VALIDATORS_KEPT = dt.timedelta(days=60)
"""Validators of feeds, fronts and stories that weren't answered with anything new for so long."""
STORIES_KEPT = dt.timedelta(days=365)
"""Addresses of stories that nobody visited for so long; id and keys stay: none comes twice."""

RUNS_KEPT = dt.timedelta(days=14)
"""What a site's runs brought, two weekends of it, so that a change of the site's own becomes its
pattern within a week."""
LEAST_RUNS_KEPT = 20
"""The newest runs of a site stay, however old: who crawls once a week has a pattern, too."""

_COPIED = ("stories", "keys", "rejects", "validators", "leads", "runs")
_PRUNING: tuple[tuple[str, dt.timedelta], ...] = (
    ("DELETE FROM main.rejects WHERE last_tried < ?", REJECTS_KEPT),
    ("DELETE FROM main.validators WHERE last_seen < ?", VALIDATORS_KEPT),
    (
        "UPDATE main.stories SET signature = x'' WHERE signature != x'' AND first_seen < ?",
        SIGNATURES_KEPT,
    ),
    (
        "UPDATE main.stories SET url = NULL WHERE url IS NOT NULL AND last_fetched < ?",
        STORIES_KEPT,
    ),
)
"""What goes, and how old it is then."""
_PRUNING_RUNS = """DELETE FROM main.runs WHERE site = :site AND finished_at < :before
    AND finished_at < (SELECT min(finished_at) FROM (SELECT finished_at FROM main.runs
    WHERE site = :site ORDER BY finished_at DESC LIMIT :least))"""


def begin(
    connection: sqlite3.Connection, path: str, site: str, run: str, manifest: Path | None
) -> None:
    """Attach a fresh file for a run of a site; an empty ``path`` is one that has no name and no end
    to clean. ``manifest`` is what appears when all is published.

    Nothing of it needs to be durable before it is sealed.
    """
    connection.execute("ATTACH ? AS run", (path,))
    connection.execute("PRAGMA run.journal_mode = WAL")
    connection.execute("PRAGMA run.synchronous = OFF")
    create(connection, "run")
    for statement in RUN_TABLES:
        connection.execute(statement)
    where = None if manifest is None else str(manifest.absolute())
    connection.execute("INSERT INTO run.journal VALUES (?, ?, ?, FALSE)", (run, site, where))


def seal(connection: sqlite3.Connection) -> None:
    """Make the attached file a journal, durably."""
    connection.execute("PRAGMA run.synchronous = FULL")
    connection.execute("UPDATE run.journal SET sealed = TRUE")
    connection.execute("PRAGMA run.wal_checkpoint(TRUNCATE)")


def recover(connection: sqlite3.Connection, path: Path, now: dt.datetime) -> None:
    """Settle the file of a run that is over: take it over if the run had published all that it was
    to publish, and remove what else the run has left where it published.

    Raises ``OSError`` where that can't be looked at or removed.
    """
    try:
        connection.execute("ATTACH ? AS run", (str(path),))
    except sqlite3.DatabaseError:
        return
    try:
        if _is_published(connection):
            # It may be an older newscrawl's.
            (version,) = connection.execute("PRAGMA run.user_version").fetchone()
            with transaction(connection):
                create(connection, "run", version)
            apply(connection, now)
        clear(connection)
    finally:
        connection.execute("DETACH run")


def apply(connection: sqlite3.Connection, now: dt.datetime) -> None:
    """Take over what the attached file holds, in one transaction; once, however often called, and
    not at all where it isn't sealed."""
    sealed = connection.execute("SELECT run, site FROM run.journal WHERE sealed").fetchone()
    if sealed is None:
        return
    run, site = sealed
    with transaction(connection):
        known = connection.execute("SELECT memory, run FROM main.sites WHERE name = ?", (site,))
        memory, last_run = known.fetchone() or (b"", None)
        if run == last_run:
            return
        for table in _COPIED:
            connection.execute(f"INSERT OR REPLACE INTO main.{table} SELECT * FROM run.{table}")  # noqa: S608 - all constants
        connection.execute("DELETE FROM main.rejects WHERE key IN (SELECT key FROM run.keys)")
        connection.execute(
            "INSERT OR REPLACE INTO main.sites VALUES (?, ?, ?)",
            (site, _with_blocks(connection, memory), run),
        )
        for statement, age in _PRUNING:
            connection.execute(statement, (seconds(now - age),))
        before = seconds(now - RUNS_KEPT)
        kept = {"site": site, "before": before, "least": LEAST_RUNS_KEPT}
        connection.execute(_PRUNING_RUNS, kept)


def is_left(connection: sqlite3.Connection) -> bool:
    """Whether the attached file is for ``recover``: it is sealed and hasn't been taken over, or
    isn't and its run has left something that can't be removed now."""
    try:
        row = connection.execute(
            "SELECT sealed FROM run.journal "
            "WHERE (site, run) NOT IN (SELECT name, run FROM main.sites)"
        ).fetchone()
        is_sealed = bool(row and row[0])
        if row and not is_sealed:
            clear(connection)
    except (sqlite3.Error, OSError):
        return True
    return is_sealed


def clear(connection: sqlite3.Connection) -> None:
    """Remove what the attached file's run has left that no manifest names. Raises ``OSError``."""
    run, path = _begun(connection)
    if path is not None:
        remove_unnamed(path, run)


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, and no other process in between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A full disk has made SQLite roll it back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _with_blocks(connection: sqlite3.Connection, data: bytes) -> bytes:
    """A site's memory with the blocks of the run's new stories."""
    memory = BlockMemory.from_bytes(data)
    for (fingerprints,) in connection.execute("SELECT fingerprints FROM run.blocks"):
        memory.add(np.frombuffer(fingerprints, "<u4").tolist())
    return memory.to_bytes()


def _is_published(connection: sqlite3.Connection) -> bool:
    """Whether the manifest of the attached file's run says that it wrote everything."""
    run, path = _begun(connection)
    return path is not None and is_published(path, run)


def _begun(connection: sqlite3.Connection) -> tuple[str, Path | None]:
    """The id of the attached file's run, and where its manifest is to appear; neither for one that
    was killed before it could say so."""
    try:
        row = connection.execute("SELECT run, manifest FROM run.journal").fetchone()
    except sqlite3.DatabaseError:
        row = None
    run, manifest = row or ("", None)
    return run, Path(manifest) if manifest else None
