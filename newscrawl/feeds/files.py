"""Files that appear under their name complete, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from scrapy.crawler import Crawler

from newscrawl.compression import Compression, compression_named
from newscrawl.contract import read_lines
from newscrawl.contract.manifest import PublishedFile
from newscrawl.errors import InputError, OutputError

WRITE_ERROR = "newscrawl/write_error"
"""Name of the crawl's statistic that holds the first failure to write, in words."""

_BUFFER = 1 << 16
"""Bytes of a hidden file that wait to be written together: half the system's time for them."""

_tasks: set[asyncio.Task[None]] = set()


class AtomicFile:
    """Bytes on their way to ``path``, compressed where its name ends in ``.gz`` or ``.zst``.

    They are written to a hidden neighbour, which ``publish`` puts under the name and ``discard``,
    or the end of the process, removes. What isn't a regular file (a device, a pipe) is written to
    directly. With ``append`` the new file begins with the old one's lines.

    The first failure is handed to ``on_error`` as an ``OutputError`` and ends the matter: nothing
    is written or published after it.
    """

    def __init__(
        self, path: Path, *, on_error: Callable[[OutputError], None], append: bool = False
    ) -> None:
        self.path = path
        self.published: PublishedFile | None = None
        """What is under the name, once it is; never what isn't a regular file."""
        self._on_error = on_error
        self._sink: _Sink | None = None
        self._hidden: Path | None = None
        self._attempt(self._open, append)

    @property
    def size(self) -> int:
        """Bytes that were written, before compression; 0 for what isn't a regular file."""
        return self._sink.taken if self._sink and self._hidden else 0

    def write(self, data: bytes) -> None:
        """Add ``data``; what is written directly is with the operating system at once."""
        if self._sink is not None:
            self._attempt(self._sink.write, data)

    def seal(self) -> None:
        """Nothing more is to come: what was written is made durable, under its hidden name."""
        if self._sink is not None:
            self._attempt(self._sink.close, self._hidden is not None)

    def publish(self) -> None:
        """Put the file under its name, durably."""
        self.seal()
        if self._sink is not None:
            self._attempt(self._publish, self._sink)

    def discard(self) -> None:
        """Give up what was written."""
        if self._sink is not None:
            self._sink = None
            self._give_up()

    def _attempt(self, step: Callable[..., None], *arguments: object) -> None:
        try:
            step(*arguments)
        except (OSError, InputError) as error:
            self.discard()
            problem = error.problem if isinstance(error, InputError) else error.strerror
            self._on_error(OutputError(self.path, problem or type(error).__name__))

    def _open(self, append: bool) -> None:  # noqa: FBT001 # handed on by _attempt
        if self.path.exists() and not self.path.is_file():
            file: IO[bytes] = self.path.open("wb")
        else:
            self.path = self.path.resolve()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Cut, since a name may have 255 bytes at most and a character up to four.
            name = f".{self.path.name[:40]}.{secrets.token_hex(4)}.tmp"
            self._hidden = self.path.with_name(name)
            file = self._hidden.open("xb", _BUFFER)
        write = file.write if self._hidden else partial(_write, file)
        self._sink = _Sink(file, write, compression_named(self.path))
        self._give_up = weakref.finalize(self, _remove, file, self._hidden)
        if append and self._hidden and self.path.exists():
            for _, line in read_lines(self.path):
                self._sink.write(line + b"\n")

    def _publish(self, sink: _Sink) -> None:
        if self._hidden is not None:
            self._hidden.replace(self.path)
            _sync_folder(self.path.parent)
            self.published = sink.described(self.path.name)
        self._give_up.detach()
        self._sink = None


class _Sink:
    """Writes to a file, compressed or not, and keeps count of what is in it."""

    def __init__(
        self, file: IO[bytes], write: Callable[[bytes], object], compression: Compression | None
    ) -> None:
        self.taken = 0
        """Bytes that it was given."""
        self._file = file
        self._write = write
        self._compressor = None if compression is None else compression.compressor()
        self._lines = 0
        self._bytes = 0
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.taken += len(data)
        self._lines += data.count(b"\n")
        self._put(data if self._compressor is None else self._compressor.compress(data))

    def close(self, sync: bool) -> None:  # noqa: FBT001 # handed on by _attempt
        """Write the rest; with ``sync`` it survives a power cut."""
        if self._file.closed:
            return
        if self._compressor is not None:
            self._put(self._compressor.flush())
        self._file.flush()
        if sync:
            os.fsync(self._file.fileno())
        self._file.close()

    def described(self, name: str) -> PublishedFile:
        """What the manifest says of the file."""
        checksum = self._digest.hexdigest()
        return PublishedFile(file=name, count=self._lines, bytes=self._bytes, sha256=checksum)

    def _put(self, data: bytes) -> None:
        self._write(data)
        self._bytes += len(data)
        self._digest.update(data)


class StandardOutput:
    """Bytes on their way to standard output, at once."""

    def __init__(self, *, on_error: Callable[[OutputError], None]) -> None:
        self._on_error = on_error
        self._file: IO[bytes] | None = open(1, "wb", closefd=False)  # noqa: SIM115 # open as long as the process

    def write(self, data: bytes) -> None:
        """Add ``data`` and hand it to the reader."""
        if self._file is None:
            return
        try:
            _write(self._file, data)
        except OSError as error:
            file, self._file = self._file, None
            _close(file)
            self._on_error(OutputError("standard output", error.strerror or ""))


def stop_on(crawler: Crawler) -> Callable[[OutputError], None]:
    """What to do with the first failure to write: note it in the statistics and end the crawl.

    Scrapy itself would log a traceback for every record and crawl on. The spider's log is
    Scrapy's: newscrawl's own commands tell it by ``Outcome.write_error``.
    """

    def on_error(error: OutputError) -> None:
        if crawler.spider is not None:
            crawler.spider.logger.error("%s", error)
        if crawler.stats.get_value(WRITE_ERROR) is None:
            crawler.stats.set_value(WRITE_ERROR, str(error))
            task = asyncio.get_running_loop().create_task(_close_spider(crawler))
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)

    return on_error


async def _close_spider(crawler: Crawler) -> None:
    if crawler.engine.spider is not None:
        await crawler.engine.close_spider_async(reason="write_error")


def _write(file: IO[bytes], data: bytes) -> None:
    file.write(data)
    file.flush()


def _close(file: IO[bytes]) -> None:
    # What couldn't be written before can't be written now; it has been reported.
    with contextlib.suppress(OSError):
        file.close()


def _remove(file: IO[bytes], hidden: Path | None) -> None:
    _close(file)
    if hidden is not None:
        # Its folder vanished or became read-only: a hidden file is all that may stay.
        with contextlib.suppress(OSError):
            hidden.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename inside of ``folder`` survive a power cut, where its file system can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
