"""What the user hands over: lists and pages, in files or on standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from newscrawl.compression import compression_of
from newscrawl.contract import cut_or_broken, read_lines, split_lines, unreadable
from newscrawl.errors import InputError

MAX_PAGE_BYTES = 64 << 20
"""Longest page that is read, as stored and decompressed alike; the extraction reads less of it."""
_STDIN = "standard input"


def input_lines(name: str) -> Iterator[tuple[int, bytes]]:
    """Numbered lines of a file, or of standard input for ``-``. Raises ``InputError``."""
    if name == "-":
        return split_lines(cast("io.BufferedReader", sys.stdin.buffer), _STDIN)
    return read_lines(name)


def read_page_file(path: Path) -> bytes:
    """A saved page's bytes, decompressed where they are compressed.

    What can't be opened, too many bytes, and a compression that is cut or broken raise
    ``InputError``.
    """
    try:
        with path.open("rb") as stream:
            return _page(stream, path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise unreadable(path, error) from error


def read_page_stdin() -> bytes:
    """The page on standard input, like a saved one."""
    return _page(sys.stdin.buffer, _STDIN)


def _page(stream: BinaryIO, name: str | Path) -> bytes:
    content = _bounded(stream, name)
    compression = compression_of(content)
    if compression is None:
        return content
    try:
        return _bounded(compression.reader(io.BytesIO(content)), name)
    except compression.errors() as error:
        raise cut_or_broken(name) from error


def _bounded(stream: BinaryIO | io.BufferedIOBase, name: str | Path) -> bytes:
    content = stream.read(MAX_PAGE_BYTES + 1)
    if len(content) > MAX_PAGE_BYTES:
        raise InputError(name, f"it has more than {MAX_PAGE_BYTES} bytes: no page is that long")
    return content
