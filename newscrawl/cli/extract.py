"""``newscrawl extract``: records of pages on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypedDict, Unpack

import click

from newscrawl.cli.batch import Row, manifest_row, results
from newscrawl.cli.messages import say
from newscrawl.cli.options import options
from newscrawl.cli.output import open_output, output_file
from newscrawl.cli.progress import progress
from newscrawl.errors import InputError, UsageError
from newscrawl.extraction.composer import RemovedChoice
from newscrawl.extraction.labelling.model import read_model
from newscrawl.input import input_lines, read_page_stdin


class _Options(TypedDict):
    output: str
    removed: RemovedChoice
    model: str | None
    jobs: int
    quiet: bool
    debug: bool


@click.command("extract")
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@options("manifest", "url", "removed", "model", "jobs", "output")
def command(
    files: tuple[str, ...], *, manifest: str | None, url: str | None, **shared: Unpack[_Options]
) -> int:
    """Read saved pages, compressed or not, and write one record each, in order. Nothing is fetched.

    A page that isn't an article is a record without body; so is a file that can't be read, with
    page_type "error", a line on standard error and exit code 3 at the end.

    \b
    Example:
      newscrawl extract page.html --url https://news.example/story -o story.jsonl
      newscrawl extract --manifest pages.jsonl --jobs 2 -o stories.jsonl
    """
    _check_sources(files, manifest, url)
    path = output_file(shared["output"], *files, manifest, shared["model"])
    rows = _file_rows(files, url) if manifest is None else _manifest_rows(manifest)
    return _write(rows, path, shared)


def _check_sources(files: tuple[str, ...], manifest: str | None, url: str | None) -> None:
    if bool(files) == (manifest is not None):
        raise UsageError(
            "name saved pages, - for standard input, or a --manifest: one of the three"
        )
    if files.count("-") > 1:
        raise UsageError("standard input can be read once: name - only once")
    if url is not None and len(files) != 1:
        raise UsageError("--url is the address of one page: name one file, or use a --manifest")


def _file_rows(files: tuple[str, ...], url: str | None) -> Iterator[Row]:
    for number, name in enumerate(files, 1):
        if name == "-":
            yield _stdin_row(number, url)
        else:
            yield Row(number=number, path=Path(name), url=url)


def _stdin_row(number: int, url: str | None) -> Row:
    try:
        content = read_page_stdin()
    except InputError as error:
        return Row(number=number, url=url, problem=str(error))
    return Row(number=number, url=url, content=content)


def _manifest_rows(manifest: str) -> Iterator[Row]:
    folder = Path() if manifest == "-" else Path(manifest).parent
    return (manifest_row(number, line, folder) for number, line in input_lines(manifest))


def _write(rows: Iterable[Row], path: Path | None, shared: _Options) -> int:
    """Write the rows' records and say what couldn't be read; gives the exit code."""
    read_model(shared["model"])  # its faults are the user's to mend, not each page's
    count = unread = 0
    with (
        open_output(path) as write,
        progress(wanted=path is not None and not shared["quiet"]) as show,
    ):
        for result in results(rows, shared["removed"], shared["model"], shared["jobs"]):
            write(f"{result.line}\n".encode())
            count += 1
            if result.problem:
                unread += 1
                say(result.problem)
            show(f"{count} pages")
    if path is not None and not shared["quiet"]:
        noun = "record" if count == 1 else "records"
        say(f"extract: {count} {noun}, {unread} of them errors -> {path}")
    return InputError.exit_code if unread else 0
