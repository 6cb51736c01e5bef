"""The commands by name, each imported only when it is called: most never need Scrapy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module

import click

from newscrawl import __version__

COMMANDS = {
    "demo": "Crawl the bundled news site: the first run, no network needed.",
    "scrape": "Fetch the pages that you name and write their stories.",
    "crawl": "Crawl whole sites into files, for cron.",
    "sites": "Keep site files; look what a crawl would find.",
    "extract": "Read saved pages and write their stories.",
    "inspect": "Show on one page what was kept of a page, what was removed, and why.",
    "report": "Show a run on one page: what came, what didn't, and what to look at.",
    "train": "Fit the labeller on labelled pages of your own.",
    "evaluate": "Measure the labeller on sites that it wasn't trained on.",
    "check": "Check records and manifests: name every problem by file, line and field.",
    "export": "Write records to a Parquet file.",
    "schema": "Print the JSON Schema of a record, or of a manifest.",
}
"""Name and summary, in the order in which a newcomer meets them."""


def nearest(name: str, names: Iterable[str]) -> str:
    """The end of an error message about a mistyped name: a suggestion, or the list of names."""
    listed = list(names)
    close = get_close_matches(name, listed, n=1)
    return f"did you mean {close[0]}?" if close else f"choose one of {', '.join(listed)}"


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            if cmd_name.startswith("-"):
                return None
            raise click.UsageError(
                f"there is no command '{cmd_name}': {nearest(cmd_name, COMMANDS)}", ctx
            )
        command: click.Command = import_module(f"newscrawl.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: newscrawl demo",
)
@click.version_option(__version__, prog_name="newscrawl", message="%(prog)s %(version)s")
def program() -> None:
    """News pages in, clean stories out: one line of JSON each, without the asks around them.

    \b
    Example:
      newscrawl demo
    """
