"""The file of the state: opened, brought up to date, and what earlier runs left is settled."""

from __future__ import annotations

import datetime as dt
import glob
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from newscrawl import clock
from newscrawl.errors import BusyError, OutputError
from newscrawl.state.journal import begin, is_left, recover
from newscrawl.state.known import KnownSite
from newscrawl.state.locks import FileLock, locked
from newscrawl.state.schema import connect, migrate
from newscrawl.state.story import number_of

_SUFFIXES = ("", "-wal", "-shm", "-journal")
"""An SQLite file, and what may stand beside it."""
_ADVICE = "make room and let it be written, or name another --state"


class State:
    """What earlier crawls know of all sites; ``None`` is a state that ends with its site.

    Opening it migrates an older file and settles what runs have left that were killed, or couldn't
    write to it. Beside the file stand, while a site is crawled, ``<state>.<number>.run`` and
    ``<state>.<number>.lock``.

    Raises ``ConfigurationError`` for what is no state, or a newer one, and ``OutputError`` where
    the file can't be used.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        if path is None:
            return
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(_beside(path, ".lock")), closing(connect(str(path))) as connection:
                migrate(connection, path)
                for file in sorted(path.parent.glob(f"{glob.escape(path.name)}.*.run")):
                    _settle_free(connection, file)

    def site(
        self,
        name: str,
        run_id: str,
        schedule: Sequence[dt.timedelta] | None = None,
        manifest: Path | None = None,
    ) -> KnownSite:
        """What is known of a site, for a run of its own; ``schedule`` are its ages of revisits, and
        ``manifest`` appears when it has published all.

        Raises ``BusyError`` while another run has the site.
        """
        if self.path is None:
            connection = connect(":memory:")
            migrate(connection, Path(":memory:"))
            begin(connection, "", name, run_id, manifest)
            return KnownSite(connection, name, schedule)
        file = _beside(self.path, f".{number_of(name):016x}.run")
        with _told(self.path):
            # Who opens the state takes the locks of all sites, for a moment each.
            with locked(_beside(self.path, ".lock")):
                lock = FileLock.take(file.with_suffix(".lock"))
            if lock is None:
                raise BusyError(name, self.path)
            connection = connect(str(self.path))
            try:
                # Its last run may have ended since the state was opened.
                _settle(connection, file)
                begin(connection, str(file), name, run_id, manifest)
                known = KnownSite(connection, name, schedule)
            except BaseException:
                connection.close()
                lock.release()
                raise
        # Also when the process ends before the run does.
        known.on_close = weakref.finalize(known, _give_up, connection, file, lock)
        return known


def _settle_free(connection: sqlite3.Connection, file: Path) -> None:
    """Settle the file of a run that is over; one that goes on has its lock. Where it published
    nothing can be removed now, its site's next run is told so."""
    lock = FileLock.take(file.with_suffix(".lock"))
    if lock is not None:
        try:
            with suppress(OutputError):
                _settle(connection, file)
        finally:
            lock.release()


def _settle(connection: sqlite3.Connection, file: Path) -> None:
    """Take over or drop what a run has left, if anything. Raises ``OutputError``."""
    if file.exists():
        try:
            recover(connection, file, clock.now())
        except OSError as error:
            problem = f"{error.strerror}: a killed run has left it: let it be removed"
            raise OutputError(error.filename or file, problem) from error
        _remove(file)


def _give_up(connection: sqlite3.Connection, file: Path, lock: FileLock) -> None:
    """End a run. Its file stays where it is sealed and not in the state: it may have been
    published; or where it has left what can't be removed."""
    stays = is_left(connection)
    connection.close()
    if not stays:
        _remove(file)
    lock.release()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(file: Path) -> None:
    for suffix in _SUFFIXES:
        _beside(file, suffix).unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say which file it was that couldn't be used."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise OutputError(path, f"{problem}: {_ADVICE}") from error
