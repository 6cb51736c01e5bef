"""When each host may be asked next, by whichever process comes first."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

from newscrawl import clock
from newscrawl.state.locks import locked

_logger = logging.getLogger(__name__)

_BUSY_SECONDS = 5.0
"""How long a process waits for another one's transaction, which takes 0.02 milliseconds."""
_WAL_PAGES = 25
"""Pages of 4 KB behind which the log begins anew, so that it stays at 100 KB. SQLite's default are
4 MB, and take as long: some 0.03 milliseconds a turn."""
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_TABLE = """CREATE TABLE IF NOT EXISTS turns (
    host TEXT PRIMARY KEY,
    written REAL NOT NULL,
    next REAL NOT NULL
) WITHOUT ROWID"""
"""The time of each host's next turn, and when that was written; seconds since 1970."""

_Step = Callable[[sqlite3.Connection, str, float], float]


def rates_beside(state: Path) -> Path:
    """Where the processes that share a state have their rates: ``<state>.rates``."""
    return state.with_name(f"{state.name}.rates")


class Rates:
    """The next turn of each host, in an SQLite file that processes share; ``None`` for this one's.

    It is a file of its own, so that nobody waits for a run that is being applied to the state, and
    it is never flushed to the disk: one that doesn't survive a power cut is begun anew. A turn is a
    time and no lock: who is killed leaves nothing behind that others wait for longer than they
    would have. Times are the wall clock's, the only one that processes have in common; what was
    written later than now is from before the clock was set back, and doesn't count.

    Where the file can't be used, a warning says so and this process goes on with turns of its own.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def take(self, host: str, interval: float) -> float:
        """Take the host's turn: 0, and the next one comes ``interval`` seconds later. If it hasn't
        come, the seconds until then."""
        return self._do(_take, host, interval)

    def pause(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for so many seconds."""
        self._do(_pause, host, seconds)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _do(self, step: _Step, host: str, seconds: float) -> float:
        if self._path is not None:
            try:
                return self._transact(step, host, seconds)
            except (OSError, sqlite3.Error) as error:
                text = "cannot use %s: %s: this run keeps to its own rate, whoever else is crawling"
                _logger.warning(text, self._path, getattr(error, "strerror", None) or error)
                self.close()
                self._path = None
        return self._transact(step, host, seconds)

    def _transact(self, step: _Step, host: str, seconds: float) -> float:
        if self._connection is None:
            self._connection = _opened(self._path)
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            return step(connection, host, seconds)


def _take(connection: sqlite3.Connection, host: str, interval: float) -> float:
    now = _now()
    wait = _next(connection, host, now) - now
    if wait > 0:
        return wait
    connection.execute("REPLACE INTO turns VALUES (?, ?, ?)", (host, now, now + interval))
    return 0.0


def _pause(connection: sqlite3.Connection, host: str, seconds: float) -> float:
    now = _now()
    end = max(now + seconds, _next(connection, host, now))
    connection.execute("REPLACE INTO turns VALUES (?, ?, ?)", (host, now, end))
    return seconds


def _next(connection: sqlite3.Connection, host: str, now: float) -> float:
    query = "SELECT next FROM turns WHERE host = ? AND written <= ?"
    row = connection.execute(query, (host, now)).fetchone()
    return row[0] if row else now


def _now() -> float:
    """To be asked inside of a transaction: what others wrote before it was written earlier."""
    return clock.now().timestamp()


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is None:
        return _connected(":memory:")
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_name(f"{path.name}.lock")):
        try:
            return _connected(str(path))
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in _BROKEN:
                raise
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            return _connected(str(path))


def _connected(path: str) -> sqlite3.Connection:
    """A connection to the table, without the turns that are over."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        connection.execute(_TABLE)
        connection.execute("DELETE FROM turns WHERE next <= ?", (_now(),))
    except BaseException:
        connection.close()
        raise
    return connection
