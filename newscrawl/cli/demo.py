"""``newscrawl demo``: the first run, without network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypedDict, Unpack

import click

from newscrawl.cli.crawling import exit_code, report, run_crawls, site_crawl
from newscrawl.cli.demo_site import serve_demo_site
from newscrawl.cli.messages import write_out
from newscrawl.cli.options import options
from newscrawl.cli.output import output_folder
from newscrawl.running import new_run_id
from newscrawl.sites import Site

_CHUNK = 1 << 20


class _Options(TypedDict):
    removed: str
    model: str | None
    limit: int | None
    deadline: float | None
    quiet: bool
    debug: bool


@click.command("demo")
@options("out", "removed", "model", "limit", "deadline")
def command(*, out: str, **shared: Unpack[_Options]) -> int:
    """Serve the bundled news site on this machine, crawl it as "crawl" does, print the stories.

    \b
    Example:
      newscrawl demo
      newscrawl demo --quiet > stories.jsonl
    """
    run_id = new_run_id()
    folder = output_folder(out)
    # Loopback is behind no proxy, whatever the environment says about the network.
    os.environ["no_proxy"] = "*"
    with serve_demo_site() as origin:
        site = Site(name="demo", start=(f"{origin}/",))
        arguments = {"site": site, "limit": shared["limit"]}
        crawl = site_crawl(site.name, arguments, folder, run_id)
        run = run_crawls(
            [crawl],
            {**shared, "allow_private": True, "contact": None, "jobs": 1},
            run_id=run_id,
            delay=0,
        )
    if crawl.articles is not None and crawl.articles.is_file():
        _print(crawl.articles)
    report(run, quiet=shared["quiet"])
    return exit_code(run)


def _print(path: Path) -> None:
    with path.open("rb") as stories:
        while chunk := stories.read(_CHUNK):
            write_out(chunk)
