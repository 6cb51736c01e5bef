"""``newscrawl export``: records as a table for analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import chain

import click

from newscrawl.cli.messages import counted, say
from newscrawl.cli.options import options
from newscrawl.cli.output import open_output, output_file
from newscrawl.cli.progress import progress
from newscrawl.contract import article_files, read_articles
from newscrawl.errors import UsageError
from newscrawl.records import Article


@click.command("export")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options("output", output="stories.parquet")
def command(paths: tuple[str, ...], *, output: str, quiet: bool, debug: bool) -> None:  # noqa: ARG001 - main's
    """Write records to a Parquet file: the same fields, with the same names and types.

    PATH is a file of JSONL, compressed or not, a manifest, whose stories are taken, or a folder
    of runs with their manifests. date_published and date_modified are text, as in JSONL, since
    each is a time with its offset or a plain date; all other times are timestamps. Needs pyarrow:
    pip install 'newscrawl[parquet]'.

    \b
    Example:
      newscrawl export stories.jsonl -o stories.parquet
      newscrawl export output -o stories.parquet
    """
    if find_spec("pyarrow") is None:
        raise UsageError("export needs more packages: pip install 'newscrawl[parquet]'")
    from newscrawl.parquet import write_parquet  # noqa: PLC0415 - with pyarrow

    files = list(chain.from_iterable(map(article_files, paths)))
    path = output_file(output, *files)
    with (
        open_output(path) as write,
        progress(wanted=path is not None and not quiet) as show,
    ):
        count = write_parquet(_shown(chain.from_iterable(map(read_articles, files)), show), write)
    if path is not None and not quiet:
        say(f"export: {counted(count, 'record')} of {counted(len(files), 'file')} -> {path}")


def _shown(articles: Iterator[Article], show: Callable[[str], None]) -> Iterator[Article]:
    for count, article in enumerate(articles, 1):
        show(f"{count} records")
        yield article
