"""Disks that a test fills up or makes read-only, folders that it freezes, as root can, and files
that it damages."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

SIZE = 4 << 20


class SmallDisk:
    """A file system of ``SIZE`` bytes, mounted at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Leave no room."""
        with (self.path / "filler").open("wb") as filler:
            space = os.statvfs(self.path)
            filler.write(bytes(space.f_bavail * space.f_frsize))

    def free(self) -> None:
        """Make room again."""
        (self.path / "filler").unlink()

    def remount(self, mode: str) -> None:
        """Make it read-only, ``ro``, or writable again, ``rw``."""
        _run("mount", "-o", f"remount,{mode}", self.path)


@contextmanager
def small_disk(path: Path) -> Iterator[SmallDisk]:
    """A disk at ``path``, which is made; the test is skipped where none can be mounted."""
    path.mkdir()
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "newscrawl-test", path)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield SmallDisk(path)
    finally:
        _run("umount", "--lazy", path)


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be made, renamed or removed, while open files can be written;
    the test is skipped where that can't be had."""
    try:
        _run("chattr", "+i", folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a folder can be frozen by root only, on some file systems")
    try:
        yield
    finally:
        _run("chattr", "-i", folder)


def damage(path: Path, table: str) -> None:
    """Have a table of an SQLite file, or an index, begin with what is none."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)
