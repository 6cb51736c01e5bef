"""The state's tables, and how an older file comes to have them.

The same tables stand in the state and, for what a run has to say, in the run's own file. Rows are
numbered by what they are called, so that they can be copied from one to the other as they are.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from newscrawl.errors import ConfigurationError

APPLICATION_ID = 0x6E777363
"""``nwsc``: tells a state from any other SQLite file."""
BUSY_SECONDS = 30.0
"""How long a process waits for another one's transaction, of which the longest applies a run."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE {schema}.sites (
            name TEXT PRIMARY KEY,
            memory BLOB NOT NULL,
            run TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE {schema}.stories (
            number INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            id TEXT NOT NULL,
            url TEXT,
            first_seen INTEGER NOT NULL,
            last_fetched INTEGER NOT NULL,
            next_visit INTEGER,
            visits INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            content_hash BLOB NOT NULL,
            fields BLOB NOT NULL,
            signature BLOB NOT NULL,
            gone INTEGER
        )""",
        """CREATE INDEX {schema}.stories_due ON stories (site, next_visit)
            WHERE next_visit IS NOT NULL""",
        """CREATE INDEX {schema}.stories_recent ON stories (site, first_seen)
            WHERE signature != x''""",
        """CREATE TABLE {schema}.keys (
            key INTEGER PRIMARY KEY,
            story INTEGER NOT NULL
        )""",
        """CREATE TABLE {schema}.rejects (
            key INTEGER PRIMARY KEY,
            code TEXT NOT NULL,
            tries INTEGER NOT NULL,
            last_tried INTEGER NOT NULL,
            next_try INTEGER
        )""",
        """CREATE TABLE {schema}.validators (
            url INTEGER PRIMARY KEY,
            etag TEXT,
            last_modified TEXT,
            last_seen INTEGER NOT NULL
        )""",
        """CREATE TABLE {schema}.leads (
            site INTEGER PRIMARY KEY,
            listed BLOB NOT NULL
        )""",
    ),
    (
        # Kept without the number of stories that each place lists.
        "DELETE FROM {schema}.leads",
        """CREATE TABLE {schema}.runs (
            site TEXT NOT NULL,
            finished_at INTEGER NOT NULL,
            run TEXT NOT NULL,
            listed INTEGER,
            stories INTEGER NOT NULL,
            with_date INTEGER NOT NULL,
            with_byline INTEGER NOT NULL,
            median_words INTEGER,
            removed_share REAL,
            tried INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            PRIMARY KEY (site, finished_at, run)
        ) WITHOUT ROWID""",
    ),
)
"""What brings a file from each version, the number of its row, to the next. ``sites.run`` names the
run that was taken over last."""

RUN_TABLES = (
    "CREATE TABLE run.blocks (story INTEGER PRIMARY KEY, fingerprints BLOB NOT NULL)",
    """CREATE TABLE run.journal (
        run TEXT NOT NULL,
        site TEXT NOT NULL,
        manifest TEXT,
        sealed INTEGER NOT NULL
    )""",
)
"""Only in a run's own file: the blocks of its new stories, which the site's memory comes to hold;
and the run itself."""


def connect(path: str) -> sqlite3.Connection:
    """A connection to an SQLite file whose statements are transactions of their own."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA temp_store = FILE")
    return connection


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the state at ``path`` to the newest version.

    Raises ``ConfigurationError`` for a file of a newer newscrawl, and for one that is no state;
    ``sqlite3.OperationalError`` where it can't be read for other reasons, a full disk among them.
    """
    newest = len(MIGRATIONS)
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(path, f"no state of newscrawl: {error}") from error
    if application != APPLICATION_ID and tables:
        raise ConfigurationError(path, "another program's SQLite file: name another state")
    if version > newest:
        raise ConfigurationError(
            path,
            f"a state of version {version}, and this newscrawl knows {newest}: "
            "upgrade newscrawl, or name another state",
        )
    if version < newest:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        create(connection, "main", version)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")


def create(connection: sqlite3.Connection, schema: str, version: int = 0) -> None:
    """Give an attached file that has the tables of ``version`` those of the newest one."""
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement.format(schema=schema))
    connection.execute(f"PRAGMA {schema}.user_version = {len(MIGRATIONS)}")
