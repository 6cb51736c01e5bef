"""Saved pages to records: one line for every row, in order, whatever a page or a worker does."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from newscrawl import __version__
from newscrawl.contract import to_json_line
from newscrawl.errors import InputError
from newscrawl.extraction.composer import RemovedChoice
from newscrawl.extraction.extract import extract
from newscrawl.extraction.labelling.model import read_model
from newscrawl.input import read_page_file
from newscrawl.records import Article, Extractor
from newscrawl.urls import split_web_url
from newscrawl.workers import Workers

_ROW = 'write {"id": …, "path": …, "url": …}'
_WAITING_PER_WORKER = 4
"""Rows that are handed out ahead: keeps workers busy and memory flat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A page to read: a line of a manifest, or a file that the user named."""

    number: int
    """Its place among the rows, from 1; a manifest's line number."""
    path: Path | None = None
    content: bytes = b""
    """The page itself, where there is no ``path``: standard input."""
    id: str | None = None
    url: str | None = None
    problem: str | None = None
    """Why there is no page to read."""


@dataclass(frozen=True, slots=True)
class Result:
    """A row's line of output."""

    line: str
    problem: str | None = None
    """Why it is the record of an error; ``None`` when the page was read."""


def results(
    rows: Iterable[Row], removed: RemovedChoice, model: str | None, jobs: int
) -> Iterator[Result]:
    """The result of each row, in order; ``jobs`` above 1 are worker processes.

    ``model`` is the file of the model that labels.
    """
    read = partial(_result, removed=removed, model=model)
    return map(read, rows) if jobs == 1 else _InWorkers(jobs, read).results(rows)


def manifest_row(number: int, line: bytes, folder: Path) -> Row:
    """The row of a manifest's line ``{id, path, url}``; relative paths start at ``folder``.

    A row without an id is called ``line-<number>``; a URL that isn't text counts as absent.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return Row(number=number, problem=f"line {number} is not JSON: {_ROW}")
    if not isinstance(row, dict):
        return Row(number=number, problem=f"line {number} is not a JSON object: {_ROW}")
    known = str(row["id"]) if isinstance(row.get("id"), str | int) else f"line-{number}"
    url = row["url"] if isinstance(row.get("url"), str) else None
    if not isinstance(row.get("path"), str):
        problem = f"line {number} has no path: {_ROW}"
        return Row(number=number, id=known, url=url, problem=problem)
    return Row(number=number, id=known, url=url, path=folder / row["path"])


def _result(row: Row, removed: RemovedChoice, model: str | None) -> Result:
    """The result of one row; every failure becomes the record of an error."""
    if row.problem:
        return _error(row, row.problem)
    try:
        content = row.content if row.path is None else read_page_file(row.path)
        article = extract(content, url=row.url, id=row.id, removed=removed, model=read_model(model))
        return Result(to_json_line(article))
    except InputError as error:
        return _error(row, str(error))
    except Exception as error:  # noqa: BLE001 - one page's defect must not cost all the others
        name = row.path or "standard input"
        return _error(row, f"{name}: unexpected {type(error).__name__}: {error}: report it")


def _error(row: Row, problem: str) -> Result:
    """The record of a row that gave no page."""
    record = Article(
        id=row.id or f"line-{row.number}",
        url=row.url if split_web_url(row.url) else None,
        page_type="error",
        extractor=Extractor(version=__version__),
    )
    return Result(to_json_line(record), problem)


class _InWorkers:
    """Rows that are read in worker processes, their results in order."""

    def __init__(self, jobs: int, read: Callable[[Row], Result]) -> None:
        self._workers = Workers(jobs)
        self._ahead = jobs * _WAITING_PER_WORKER
        self._read = read

    def results(self, rows: Iterable[Row]) -> Iterator[Result]:
        waiting: deque[tuple[Row, Future[Result]]] = deque()
        try:
            for row in rows:
                waiting.append((row, self._workers.submit(self._read, row)))
                if len(waiting) == self._ahead:
                    yield self._result(*waiting.popleft())
            while waiting:
                yield self._result(*waiting.popleft())
        finally:
            self._workers.close()

    def _result(self, row: Row, future: Future[Result]) -> Result:
        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(row)

    def _alone(self, row: Row) -> Result:
        try:
            return self._workers.submit_alone(self._read, row).result()
        except BrokenProcessPool:
            return _error(row, f"{row.path}: reading it killed its process, twice: report it")
