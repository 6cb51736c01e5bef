"""``newscrawl schema``: the contract for programs."""

from __future__ import annotations

import json

import click

from newscrawl.cli.messages import write_out
from newscrawl.cli.options import options
from newscrawl.contract import json_schema


@click.command("schema")
@options()
def command(*, quiet: bool, debug: bool) -> None:  # noqa: ARG001 - every command takes them
    """Print the JSON Schema (draft 2020-12) of one line of output.

    \b
    Example:
      newscrawl schema > story.schema.json
    """
    write_out(json.dumps(json_schema(), indent=2, ensure_ascii=False).encode() + b"\n")
