"""Stories that wait for the end of their run, on disk."""

from __future__ import annotations

import os
import pickle
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from newscrawl.settling.reading import ReadPage

_FAST = 1
"""zlib's level: a page shrinks to a quarter in a millisecond, and to a fifth in six."""


class Spool:
    """Pages with their stories, in order, read as often as needed.

    The file has no name: it is gone when the process ends, however it does, and nobody else can
    write what is unpickled here.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as the spool
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, read: ReadPage) -> None:
        """Put a page behind the others; raise ``OSError`` when there is no room for it."""
        packed = replace(read.page, body=zlib.compress(read.page.body, _FAST))
        self._file.seek(0, os.SEEK_END)
        pickle.dump(replace(read, page=packed), self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[ReadPage]:
        self._file.seek(0)
        for _ in range(self._count):
            read: ReadPage = pickle.load(self._file)  # noqa: S301 - see the class
            yield replace(read, page=replace(read.page, body=zlib.decompress(read.page.body)))

    def close(self) -> None:
        """Remove it."""
        self._file.close()
