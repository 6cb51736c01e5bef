"""``newscrawl scrape``: the stories of the pages that the user names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Unpack

import click

from newscrawl.cli.crawling import exit_code, rates_path, report, report_rejects, run_crawls
from newscrawl.cli.options import CrawlOptions, crawl_options
from newscrawl.cli.output import output_file
from newscrawl.compression import split_name
from newscrawl.errors import InputError, UsageError
from newscrawl.feeds.rejects import READ_CODES
from newscrawl.input import input_lines
from newscrawl.running import Crawl, new_run_id
from newscrawl.urls import split_web_url

_MAX_URLS = 1_000_000
"""URLs of one call: they are all kept in memory."""


@click.command("scrape")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@crawl_options("from", "output", "state")
def command(
    urls: tuple[str, ...],
    *,
    from_file: str | None,
    output: str,
    state: str | None,
    **options: Unpack[CrawlOptions],
) -> int:
    """Fetch the pages that you name and write one record each. Nothing is remembered; beside a
    crawl with the same state, both together keep to the rate of one.

    A page that gives no story is named on standard error with the reason; with -o FILE it also goes
    to FILE's neighbour .rejected.jsonl.

    \b
    Example:
      newscrawl scrape https://news.example/story -o story.jsonl
      newscrawl scrape --from urls.txt --deadline 50m -o stories.jsonl
    """
    path = output_file(output, from_file, options["model"])
    crawl = _crawl(_urls(urls, from_file, options["limit"]), path)
    run = run_crawls([crawl], options, run_id=new_run_id(), rates=rates_path(state))
    for outcome in run.outcomes:
        report_rejects(outcome)
    stories = any(outcome.articles for outcome in run.outcomes)
    report(run, quiet=options["quiet"] or not stories)  # each reject has had its line
    unread = any(outcome.rejected.keys() - READ_CODES for outcome in run.outcomes)
    return exit_code(run) or (InputError.exit_code if unread else 0)


def _crawl(urls: list[str], path: Path | None) -> Crawl:
    rejected = None
    if path is not None and (path.is_file() or not path.exists()):
        stem, _, packed = split_name(path)
        rejected = path.with_name(f"{stem}.rejected.jsonl{packed}")
    return Crawl(
        spider="article",
        site="scrape",
        arguments={"urls": urls},
        articles=path,
        rejected=rejected,
        manifest=None,
    )


def _urls(given: tuple[str, ...], from_file: str | None, limit: int | None) -> list[str]:
    """The URLs named, then those of the file; only the former must be web addresses here."""
    for url in given:
        if split_web_url(url) is None:
            raise UsageError(f"'{url}' is not a web address: write https://… in front")
    urls = [*given, *islice(_listed(from_file), _MAX_URLS + 1)]
    if not urls:
        raise UsageError("no URL: name pages, or a file that lists them with --from")
    if len(urls) > _MAX_URLS:
        raise UsageError(f"{from_file} has more than {_MAX_URLS} URLs: split it")
    return urls[:limit]


def _listed(from_file: str | None) -> Iterator[str]:
    if from_file is None:
        return
    for _, line in input_lines(from_file):
        yield line.decode("utf-8", "replace").strip()
