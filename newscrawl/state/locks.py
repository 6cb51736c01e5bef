"""Locks between processes, which the operating system gives back however their holder ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """An exclusive lock by the name of a file, which is there as long as the lock is held."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path, *, wait: bool = False) -> FileLock | None:
        """The lock; ``None`` when somebody else has it and nobody is to ``wait``."""
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                os.close(descriptor)
                return None
            # Its last holder may have removed the file between the two steps.
            if _is_same_file(path, descriptor):
                return cls(path, descriptor)
            os.close(descriptor)

    def release(self) -> None:
        """Give it back."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for a lock and hold it for a while."""
    lock = FileLock.take(path, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _is_same_file(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
