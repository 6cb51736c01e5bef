"""Where output goes, looked at before there is any."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from newscrawl.cli.messages import write_out
from newscrawl.errors import OutputError, UsageError
from newscrawl.feeds.files import AtomicFile


def output_file(output: str, *read: str | Path | None) -> Path | None:
    """The file that ``-o`` names; ``None`` for standard output.

    Raises ``OutputError``, and ``UsageError`` where it is one of the files that are ``read``.
    """
    if output == "-":
        return None
    path = Path(output)
    if any(_is_same(path, Path(name)) for name in read if name is not None):
        raise UsageError(f"{path} is read, and would be lost: name another file to write")
    try:
        if path.is_dir():
            raise OutputError(path, "it is a folder: name a file in it")
        if path.exists() and not path.is_file():  # a device or a pipe is written to directly
            return path
    except OSError as error:
        raise OutputError(path, f"{error.strerror}: name another file") from error
    _require_folder(path.parent)
    return path


def output_folder(out: str) -> Path:
    """The folder that ``--out`` names, made if need be. Raises ``OutputError``."""
    path = Path(out)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(path, f"{error.strerror}: name another folder with --out") from error
    _require_folder(path)
    return path


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one of them isn't there, or is no path at all
        return False


def _require_folder(folder: Path) -> None:
    if not folder.exists():
        raise OutputError(folder, "there is no such folder: create it first")
    if not folder.is_dir():
        raise OutputError(folder, "it is not a folder: name another")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            folder, "it is read-only for this user: change that, or name another folder"
        )


@contextmanager
def open_output(path: Path | None, *, packed: bool = False) -> Iterator[Callable[[bytes], None]]:
    """Write to a file, which appears when the block ends well, or to standard output.

    A file's name says how it is compressed; what is ``packed`` is so already.
    """
    if path is None:
        yield write_out
        return
    file = AtomicFile(path, on_error=_raise, packed=packed)
    try:
        yield file.write
        file.publish()
    finally:
        file.discard()


def _raise(error: OutputError) -> NoReturn:
    raise error
