"""Lines of a file from outside, plain or compressed, streaming and bounded."""

from __future__ import annotations

import codecs
import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from newscrawl.compression import COMPRESSIONS, LONGEST_MAGIC, Compression, compression_of
from newscrawl.errors import InputError

MAX_LINE_BYTES = 64 << 20
"""Longest line that is read: the record of a 50 MB page fits, with everything removed in it."""
_MAX_EXPANSION = 100
"""Decompressed bytes for each compressed one, after the first ``MAX_LINE_BYTES``: JSONL of news
expands 3 to 10 times, a bomb 1,000 times and more."""
_ADVICE: dict[int | None, str] = {
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path",
    errno.EISDIR: "name a file",
    errno.EACCES: "check its permissions",
}
GZIP_MAGIC = COMPRESSIONS["gzip"].magic
"""The first bytes of gzip, by which it is recognised, whatever the file is called."""


def read_lines(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """Numbered lines of a file, as ``split_lines`` gives them. Raises ``InputError``."""
    try:
        with Path(path).open("rb") as stream:
            yield from split_lines(stream, path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise unreadable(path, error) from error


def read_bounded(path: str | Path) -> bytes:
    """A file that is one record, of ``MAX_LINE_BYTES`` at most. Raises ``InputError``."""
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MAX_LINE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if len(content) > MAX_LINE_BYTES:
        raise InputError(path, f"it has more than {MAX_LINE_BYTES} bytes: no record is that long")
    return content


def unreadable(path: str | Path, error: OSError | ValueError) -> InputError:
    """The error of a file that can't be opened or read, with what to do about it."""
    number = error.errno if isinstance(error, OSError) else None
    reason = os.strerror(number) if number else str(error)
    return InputError(path, f"{reason}: {_ADVICE.get(number, 'check the file')}")


def split_lines(stream: io.BufferedReader, name: str | Path) -> Iterator[tuple[int, bytes]]:
    """Numbers, from 1, and bytes of a stream's lines that aren't blank, without their line ends and
    without a byte order mark.

    A compression is recognised by its first bytes. A line above ``MAX_LINE_BYTES``, a bomb, and a
    compression that is cut or broken raise ``InputError``, in which ``name`` stands for the stream.
    """
    compression = compression_of(stream.peek(LONGEST_MAGIC))
    if compression is None:
        lines = _bounded_lines(stream, name)
    else:
        lines = _unpacked_lines(stream, name, compression)
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)  # noqa: PLW2901 - Windows editors write one
        if line.strip():
            yield number, line.rstrip(b"\r\n")


def _bounded_lines(stream: io.BufferedIOBase, name: str | Path) -> Iterator[bytes]:
    while line := stream.readline(MAX_LINE_BYTES + 1):
        if len(line) > MAX_LINE_BYTES:
            raise InputError(name, f"a line has more than {MAX_LINE_BYTES} bytes: split the file")
        yield line


def _unpacked_lines(
    stream: io.BufferedReader, name: str | Path, compression: Compression
) -> Iterator[bytes]:
    packed = _Counted(stream)
    total = 0
    try:
        for line in _bounded_lines(compression.reader(cast("BinaryIO", packed)), name):
            total += len(line)
            if total > MAX_LINE_BYTES + _MAX_EXPANSION * packed.total:
                raise InputError(name, "it is a compression bomb: don't read it")
            yield line
    except compression.errors() as error:
        raise cut_or_broken(name) from error


def cut_or_broken(name: str | Path) -> InputError:
    """The error of a file whose compression is cut or broken."""
    return InputError(name, "its compression is cut or broken: fetch it again")


class _Counted:
    """A stream that counts what was read from it: a pipe has no position to ask for."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.total = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.total += len(data)
        return data
