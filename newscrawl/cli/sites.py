"""``newscrawl sites``: the sites that the user has files for, and what is to be found on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, Unpack

import click

from newscrawl.cli.crawling import exit_code, narrowed, rates_path, report_rejects, run_crawls
from newscrawl.cli.messages import counted, say, write_out
from newscrawl.cli.options import SEARCHING, CrawlOptions, SearchOptions, options
from newscrawl.cli.output import open_output, output_file
from newscrawl.discovery.found import Found
from newscrawl.discovery.search import Survey
from newscrawl.durations import write_duration
from newscrawl.errors import ConfigurationError, InputError, OutputError, UsageError
from newscrawl.records import SiteFacts
from newscrawl.running import Crawl, new_run_id
from newscrawl.settings import CONCURRENT_REQUESTS_PER_DOMAIN, DOWNLOAD_DELAY
from newscrawl.sites import Site, folder_name, load_site, read_site, site_files, sites_folder
from newscrawl.sites.writing import write_site
from newscrawl.state import REVISITS
from newscrawl.terminal import printable
from newscrawl.urls import site_of, split_web_url

_SHOWN = 20
"""Stories that ``sites test`` shows where no --limit says how many."""


class _Fetching(TypedDict):
    allow_private: bool
    contact: str | None
    quiet: bool
    debug: bool


class _Testing(_Fetching, SearchOptions):
    limit: int | None
    deadline: float | None


@click.group("sites")
def command() -> None:
    """Keep what you know of sites in TOML files, one a site, and see what a crawl would find.

    Files in the user's configuration folder are known by name: "newscrawl crawl courier".

    \b
    Example:
      newscrawl sites list
    """


@command.command("list")
@options()
def list_sites(**_shared: Unpack[_Fetching]) -> int:
    """List the site files in the user's configuration folder.

    \b
    Example:
      newscrawl sites list
    """
    code = 0
    for path in site_files():
        try:
            _print(f"{path.stem}: {read_site(path).start[0]}")
        except ConfigurationError as error:
            code = error.exit_code
            say(str(error))
    if not site_files():
        say(f"no files in {sites_folder()}: write one with newscrawl sites new URL")
    return code


@command.command("show")
@click.argument("site")
@options()
def show_site(site: str, **_shared: Unpack[_Fetching]) -> int:
    """Show what holds for a site: its file's settings, and the defaults of the others.

    \b
    Example:
      newscrawl sites show news.example
    """
    for key, value in _settings(load_site(site)):
        _print(f"{key}: {value}")
    return 0


@command.command("new")
@click.argument("url", metavar="URL|DOMAIN")
@options("output", "allow-private", "contact", output="")
def new_site(url: str, *, output: str, **shared: Unpack[_Fetching]) -> int:
    """Look for a site's feeds and sitemaps, and write a file for it, with comments.

    It goes to the user's configuration folder, under the site's name, unless -o names another
    place.

    \b
    Example:
      newscrawl sites new https://news.example/
      newscrawl sites new news.example -o courier.toml
    """
    start = load_site(url if split_web_url(url) else url.strip().lower()).start[0]
    name = folder_name(site_of(start) or "")
    path = output_file(output) if output else _own_file(name)
    if path is not None and path.exists():
        raise UsageError(f"{path} is there already: edit it, or name another file with -o")
    survey, code = _survey(Site(name=name, start=(start,)), shared)
    if survey is None:
        return code
    listed = [(lead.url, count) for lead, count in survey.places]
    kinds = {lead.url: lead.kind for lead, _ in survey.places if lead.depth == 0}
    site = Site(
        name=name,
        start=(start,),
        feeds=tuple(url for url, kind in kinds.items() if kind == "feed"),
        sitemaps=tuple(url for url, kind in kinds.items() if kind == "sitemap"),
        facts=SiteFacts(language=survey.language),
    )
    with open_output(path) as write:
        write(write_site(site, listed).encode())
    if not shared["quiet"]:
        where = f" -> {path}" if path else ""
        places = counted(len(survey.places), "place")
        stories = counted(len(survey.stories), "story", "stories")
        say(f"{name}: {places}, {stories}{where}")
    return 0


@command.command("test")
@click.argument("site")
@options("limit", "deadline", *SEARCHING, "allow-private", "contact")
def test_site(site: str, **shared: Unpack[_Testing]) -> int:
    """Show what a first crawl would fetch, and why: the search is made, the stories aren't fetched.

    What earlier crawls know of the site isn't looked at.

    \b
    Example:
      newscrawl sites test news.example --since 2d
    """
    loaded = narrowed(load_site(site), shared)
    survey, code = _survey(loaded, shared, since=shared["since"], deadline=shared["deadline"])
    if survey is None:
        return code
    for line in _described(survey, shared["limit"] or _SHOWN):
        _print(line)
    return 0


def _survey(
    site: Site, shared: _Fetching, *, since: str | None = None, deadline: float | None = None
) -> tuple[Survey | None, int]:
    """What a search of a site comes to, or the exit code without one: why is said."""
    found: list[Survey] = []
    crawl = Crawl(
        spider="site",
        site=site.name,
        arguments={"site": site, "since": since, "survey": found.append},
        articles=None,
        rejected=None,
        manifest=None,
        pages=lambda _page: None,
    )
    fetching: CrawlOptions = {
        "allow_private": shared["allow_private"],
        "contact": shared["contact"],
        "quiet": shared["quiet"],
        "debug": shared["debug"],
        "deadline": deadline,
        "jobs": 1,
        "limit": None,
        "model": None,
        "removed": "none",
    }
    run = run_crawls([crawl], fetching, run_id=new_run_id(), rates=rates_path())
    for outcome in run.outcomes:
        report_rejects(outcome)
    if found and found[0].places:
        return found[0], 0
    return None, exit_code(run) or InputError.exit_code


def _own_file(name: str) -> Path:
    folder = sites_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(folder, f"{error.strerror}: name a file with -o") from error
    return folder / f"{name}.toml"


def _settings(site: Site) -> Iterator[tuple[str, str]]:
    """Each key of a site file with its value, or what holds without one."""
    facts, revisit = site.facts, site.revisit
    selectors = facts.selectors
    yield "name", site.name
    yield "start", ", ".join(site.start)
    yield "feeds", ", ".join(site.feeds) or "those that its pages declare"
    yield "sitemaps", ", ".join(site.sitemaps) or "those that its robots.txt names"
    yield "include", ", ".join(site.include) or "everything"
    yield "exclude", ", ".join(site.exclude) or "nothing"
    yield "time_zone", facts.time_zone or "as the pages say"
    yield "language", facts.language or "as the pages say"
    yield "delay", write_duration(DOWNLOAD_DELAY if site.delay is None else site.delay)
    yield "concurrency", str(site.concurrency or CONCURRENT_REQUESTS_PER_DOMAIN)
    ages = [age.total_seconds() for age in REVISITS] if revisit is None else revisit
    yield "revisit", ", ".join(map(write_duration, ages)) or "never"
    yield "depth", str(site.depth)
    yield "max_requests", str(site.max_requests)
    yield "selectors", "none" if selectors is None else f"until {selectors.until}"
    bounds = (
        f"{name} {'not looked at' if bound is None else f'{bound:g}'}"
        for name, bound in site.quality.items()
    )
    yield "quality", ", ".join(bounds) or "as the runs before"


def _described(survey: Survey, most: int) -> Iterator[str]:
    """The places, the first stories, and how many URLs were left for which reason."""
    yield "places"
    for lead, count in survey.places:
        yield f"  {lead.kind:<8} {count:>6}  {lead.url}"
    yield f"stories, newest first, times in UTC: {len(survey.stories)}"
    for found in survey.stories[:most]:
        yield f"  {_age(found):<16}  {found.discovered.source:<8} {found.url}"
    if len(survey.stories) > most:
        yield f"  and {len(survey.stories) - most} more: --limit N shows N"
    yield "decisions"
    for reason, count in sorted(survey.counts.items()):
        yield f"  {count:>6}  {reason}"


def _age(found: Found) -> str:
    newest = found.newest()
    return f"{newest.astimezone(dt.UTC):%Y-%m-%d %H:%M}" if newest else "undated"


def _print(line: str) -> None:
    write_out(f"{printable(line)}\n".encode())
