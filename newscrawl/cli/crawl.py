"""``newscrawl crawl``: whole sites into files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Unpack

import click
import platformdirs

from newscrawl.cli.crawling import exit_code, narrowed, report, run_crawls, site_crawl
from newscrawl.cli.options import SEARCHING, SiteCrawlOptions, crawl_options
from newscrawl.cli.output import output_folder
from newscrawl.errors import UsageError
from newscrawl.running import new_run_id
from newscrawl.sites import Site, folder_name, load_site


class _Options(SiteCrawlOptions):
    out: str
    compress: str | None
    rotate: int | None


@click.command("crawl")
@click.argument("sites", nargs=-1, required=True, metavar="SITE...")
@crawl_options("out", "compress", "rotate", "state", *SEARCHING)
def command(sites: tuple[str, ...], *, state: str | None, **options: Unpack[_Options]) -> int:
    """Crawl sites: a domain, a start page's URL, a TOML file, or the name of a site file each.

    Feeds, sitemaps and section pages are read first, then the stories that they list, newest
    first. The stories go to DIR/<site>/<date>/<run>.jsonl, rejected pages and the manifest beside
    them; the manifest comes last and names the run's files. What was written once is written again
    only when it has changed, with the next revision.

    \b
    Example:
      newscrawl crawl news.example --since 2d --deadline 50m
      newscrawl crawl news.example --include '/local/*' --exclude '*/live/*' --limit 50
    """
    run_id = new_run_id()
    loaded = [narrowed(load_site(site), options) for site in sites]
    _refuse_one_folder(loaded)
    folder = output_folder(options["out"])
    arguments = {"limit": options["limit"], "since": options["since"]}
    crawls = [
        site_crawl(
            site.name,
            {"site": site, **arguments},
            folder,
            run_id,
            compress=options["compress"],
            rotate=options["rotate"],
        )
        for site in loaded
    ]
    run = run_crawls(crawls, options, run_id=run_id, state=_state(state))
    report(run, quiet=options["quiet"])
    return exit_code(run)


def _state(given: str | None) -> Path:
    return Path(given) if given else platformdirs.user_state_path("newscrawl") / "state.sqlite"


def _refuse_one_folder(sites: Iterable[Site]) -> None:
    """Of two crawls into the same files, the later one would replace the other."""
    for folder, count in Counter(folder_name(site.name) for site in sites).items():
        if count > 1:
            raise UsageError(
                f"{count} of the sites go to the folder {folder}: name each once; several start "
                "pages of one site go into a TOML file"
            )
