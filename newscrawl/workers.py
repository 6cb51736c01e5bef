"""Worker processes that are replaced when one dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Workers:
    """Runs tasks in processes of their own.

    A pool doesn't say which task killed one of its processes: all tasks that were under way end in
    ``BrokenProcessPool``. They are to be done again one at a time with ``submit_alone``: the one
    that kills that process, too, is the culprit.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool = _pool(jobs)
        self._single = _pool(1)

    def submit(
        self, task: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have a task done among others."""
        try:
            return self._pool.submit(task, *args, **kwargs)
        except BrokenProcessPool:
            self._pool = _pool(self._jobs)
            return self._pool.submit(task, *args, **kwargs)

    def submit_alone(
        self, task: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have a task done by itself; the one before it has to be finished."""
        try:
            return self._single.submit(task, *args, **kwargs)
        except BrokenProcessPool:
            self._single = _pool(1)
            return self._single.submit(task, *args, **kwargs)

    def close(self) -> None:
        """End the processes, once what they are at is done."""
        self._pool.shutdown(cancel_futures=True)
        self._single.shutdown(cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["newscrawl.extraction.extract"])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_parent)


def _follow_parent() -> None:
    """Leave interrupts to the parent, and end when it ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the queue that this process reads is open in its siblings: no end comes there
