"""``newscrawl schema``: the contract for programs."""

from __future__ import annotations

import json

import click

from newscrawl.cli.messages import write_out
from newscrawl.cli.options import options
from newscrawl.contract import Manifest, json_schema
from newscrawl.records import Article


@click.command("schema")
@click.option("--manifest", "of_manifest", is_flag=True, help="Of a run's manifest instead.")
@options()
def command(*, of_manifest: bool, quiet: bool, debug: bool) -> None:  # noqa: ARG001 - every command takes them
    """Print the JSON Schema (draft 2020-12) of one line of output, or of a manifest.

    \b
    Example:
      newscrawl schema > story.schema.json
      newscrawl schema --manifest > manifest.schema.json
    """
    kind = Manifest if of_manifest else Article
    write_out(json.dumps(json_schema(kind), indent=2, ensure_ascii=False).encode() + b"\n")
