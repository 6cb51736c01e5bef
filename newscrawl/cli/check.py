"""``newscrawl check``: records against their contract."""

from __future__ import annotations

import click

from newscrawl.cli.messages import say, write_out
from newscrawl.cli.options import options
from newscrawl.contract import check_lines
from newscrawl.errors import InputError
from newscrawl.terminal import printable


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options()
def command(files: tuple[str, ...], *, quiet: bool, debug: bool) -> int:  # noqa: ARG001 - main's
    """Check JSONL records, plain or .gz: one line a problem, "file:line: field: problem".

    Files named .rejected.jsonl are checked as rejects. Exits with 0 when nothing is wrong, 1 when
    something is, 3 when a file can't be read.

    \b
    Example:
      newscrawl check stories.jsonl
    """
    found = unread = 0
    for file in files:
        try:
            found += _report(file)
        except InputError as error:
            say(str(error))
            unread += 1
    if not (found or unread or quiet):
        say(f"{len(files)} {'file' if len(files) == 1 else 'files'}, no problems")
    return InputError.exit_code if unread else min(found, 1)


def _report(file: str) -> int:
    """Write a file's problems and count them."""
    count = 0
    for count, each in enumerate(check_lines(file), 1):  # noqa: B007 - the last one is the answer
        write_out(
            printable(f"{each.file}:{each.line}: {each.field}: {each.problem}").encode(
                errors="replace"
            )
            + b"\n"
        )
    return count
