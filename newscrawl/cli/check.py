"""``newscrawl check``: records and manifests against their contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click

from newscrawl.cli.messages import counted, say, write_out
from newscrawl.cli.options import options
from newscrawl.contract import Problem, check_file, check_unlisted, manifests_below
from newscrawl.contract.manifest import MANIFEST_ENDING
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
      newscrawl check output
    """
    checked: Counter[str] = Counter()
    found = unread = 0
    for what, problems in chain.from_iterable(_checks(Path(path)) for path in paths):
        checked[what] += 1
        try:
            found += _report(problems)
        except InputError as error:
            say(str(error))
            unread += 1
    if not (found or unread or quiet):
        numbers = (counted(count, what) for what, count in checked.items())
        say(f"{' and '.join(numbers)}, no problems")
    return InputError.exit_code if unread else min(found, 1)


def _checks(path: Path) -> Iterator[tuple[str, Iterable[Problem]]]:
    """What a path stands for, a manifest or another file each, and its problems."""
    is_folder = path.is_dir()
    found = manifests_below(path) or [path / f"*{MANIFEST_ENDING}"] if is_folder else [path]
    for each in found:
        yield "manifest" if each.name.endswith(MANIFEST_ENDING) else "file", check_file(each)
    if is_folder:
        yield from (("file", [each]) for each in check_unlisted(path))


def _report(problems: Iterable[Problem]) -> int:
    """Write problems and count them."""
    count = 0
    for count, each in enumerate(problems, 1):  # noqa: B007 - the last one is the answer
        place = each.file if each.line is None else f"{each.file}:{each.line}"
        line = printable(f"{place}: {each.field}: {each.problem}")
        write_out(line.encode(errors="replace") + b"\n")
    return count
