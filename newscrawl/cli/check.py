"""``newscrawl check``: records and manifests against their contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click

from newscrawl.cli.messages import say, write_out
from newscrawl.cli.options import options
from newscrawl.contract import Problem, check_file, check_unlisted, manifests_below
from newscrawl.errors import InputError
from newscrawl.terminal import printable


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options()
def command(paths: tuple[str, ...], *, quiet: bool, debug: bool) -> int:  # noqa: ARG001 - main's
    """Check records and manifests: one line a problem, "file:line: field: problem".

    PATH is a file of JSONL, compressed or not; a manifest (.manifest.json), which is checked with
    the files that it names: that they are there, their sizes, checksums and every line; or a
    folder of runs: all its manifests, and that no file is there that none of them names. Files
    named .rejected.jsonl are checked as rejects. Exits with 0 when nothing is wrong, 1 when
    something is, 3 when a file can't be read.

    \b
    Example:
      newscrawl check stories.jsonl
    """
    files = found = unread = 0
    for problems in chain.from_iterable(_checks(Path(path)) for path in paths):
        files += 1
        try:
            found += _report(problems)
        except InputError as error:
            say(str(error))
            unread += 1
    if not (found or unread or quiet):
        say(f"{files} {'file' if files == 1 else 'files'}, no problems")
    return InputError.exit_code if unread else min(found, 1)


def _checks(path: Path) -> Iterator[Iterable[Problem]]:
    """The problems of each file that a path stands for."""
    if not path.is_dir():
        yield check_file(path)
        return
    yield from (check_file(each) for each in manifests_below(path) or [path])
    yield from ([each] for each in check_unlisted(path))


def _report(problems: Iterable[Problem]) -> int:
    """Write problems and count them."""
    count = 0
    for count, each in enumerate(problems, 1):  # noqa: B007 - the last one is the answer
        place = each.file if each.line is None else f"{each.file}:{each.line}"
        line = printable(f"{place}: {each.field}: {each.problem}")
        write_out(line.encode(errors="replace") + b"\n")
    return count
