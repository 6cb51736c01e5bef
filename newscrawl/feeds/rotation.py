"""Files of a bounded size in place of a long one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from newscrawl.compression import split_name
from newscrawl.contract.manifest import PublishedFile
from newscrawl.errors import OutputError
from newscrawl.feeds.files import AtomicFile


class RotatedFile:
    """Lines on their way to ``path`` and, where that gets full, to ``….2.jsonl`` and so on.

    A file is full where a line would make it longer than ``most`` bytes, before compression; a line
    that is longer than that is alone in its file. All appear together, or none does: at the first
    failure, which is handed to ``on_error``, those that are in place are removed.
    """

    def __init__(
        self,
        path: Path,
        *,
        most: int | None,
        on_error: Callable[[OutputError], None],
        append: bool = False,
    ) -> None:
        self._path = path
        self._most = most
        self._on_error = on_error
        self._files: list[AtomicFile] = []
        self._files.append(AtomicFile(path, on_error=self._fail, append=append))

    @property
    def published(self) -> tuple[PublishedFile, ...]:
        """The files that are under their names, in order."""
        return tuple(file.published for file in self._files if file.published)

    def write(self, line: bytes) -> None:
        """Add ``line``, with its end."""
        if self._files and self._is_full(self._files[-1], line):
            self._begin_next()
        if self._files:
            self._files[-1].write(line)

    def publish(self) -> None:
        """Put the files under their names, durably."""
        for file in tuple(self._files):
            file.publish()

    def discard(self) -> None:
        """Give up what was written."""
        for file in self._files:
            file.discard()

    def _is_full(self, file: AtomicFile, line: bytes) -> bool:
        return bool(self._most and file.size and file.size + len(line) > self._most)

    def _begin_next(self) -> None:
        stem, ending, packed = split_name(self._path)
        path = self._path.with_name(f"{stem}.{len(self._files) + 1}{ending}{packed}")
        # Closed now, since a run may have more files than a process may have open.
        self._files[-1].seal()
        if self._files:
            self._files.append(AtomicFile(path, on_error=self._fail))

    def _fail(self, error: OutputError) -> None:
        for file in self._files:
            file.discard()
            if file.published:
                with contextlib.suppress(OSError):
                    file.path.unlink()
        self._files.clear()
        self._on_error(error)
