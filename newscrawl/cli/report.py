"""``newscrawl report``: a page to look at, about one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import quote

import click

from newscrawl.cli.crawling import exit_code, report_rejects, run_crawls
from newscrawl.cli.inspect import read_fetched
from newscrawl.cli.messages import say
from newscrawl.cli.options import options
from newscrawl.cli.output import open_output, output_file, output_folder
from newscrawl.cli.progress import progress
from newscrawl.errors import InputError, UsageError
from newscrawl.extraction.labelling.model import read_model
from newscrawl.records import Page
from newscrawl.running import Crawl, new_run_id
from newscrawl.views.inspection import inspection_page
from newscrawl.views.report import SiteReport, outstanding, report_page, site_report, verdict
from newscrawl.views.runs import find_run


class _Options(TypedDict):
    model: str | None
    allow_private: bool
    contact: str | None
    quiet: bool
    debug: bool


@click.command("report")
@click.argument("run", required=False)
@options("out", "output", "inspect", "model", "allow-private", "contact", output="report.html")
def command(
    run: str | None, *, out: str, output: str, inspect: bool, **shared: Unpack[_Options]
) -> int:
    """Show what a run brought: its stories, what was rejected and removed, what is odd, and trends.

    RUN is one of a site's files, or a run's identifier, or a folder of runs, of which it is the
    last; without it, the last run in DIR. The result is one HTML file for a browser.

    \b
    Example:
      newscrawl report
      newscrawl report output/news.example -o news.html
    """
    path = output_file(output)
    is_plain = path is not None and (path.is_file() or not path.exists())
    if inspect and not is_plain:
        raise UsageError("--inspect writes pages beside the report: name its file with -o")
    sites, code = _read(find_run(run, Path(out)), quiet=shared["quiet"])
    pages: Mapping[str, str] = {}
    if inspect and path is not None:
        pages, stopped = _inspect(outstanding(sites), path.with_suffix(".inspect"), shared)
        code = stopped or code
    with open_output(path) as write:
        write(report_page(sites, pages).encode())
    if path is not None and not shared["quiet"]:
        say(f"report: {verdict(sites)} -> {path}")
    return code


def _read(manifests: Iterable[Path], *, quiet: bool) -> tuple[Sequence[SiteReport], int]:
    """The sites of a run, and the exit code; what can't be read of them is said.

    Raises ``InputError`` when there is no site left.
    """
    sites, errors = [], []
    with progress(wanted=not quiet) as show:
        for manifest in manifests:
            show(f"reading {manifest.name} of {manifest.parent.parent.name}")
            try:
                sites.append(site_report(manifest))
            except InputError as error:
                errors.append(error)
    if not sites:
        raise errors[0]
    unread = [*map(str, errors), *(text for site in sites for text in site.unread)]
    for text in unread:
        say(text)
    return sites, InputError.exit_code if unread else 0


def _inspect(urls: Sequence[str], folder: Path, shared: _Options) -> tuple[Mapping[str, str], int]:
    """Fetch pages and write their inspect pages; these by URL, as the report links to them, and the
    exit code of a signal. A page that can't be had is said, and is no failure of the report."""
    if not urls:
        return {}, 0
    model, run_id = read_model(shared["model"]), new_run_id()
    fetched: list[Page] = []
    crawl = Crawl(
        spider="article",
        site="report",
        arguments={"urls": urls},
        articles=None,
        rejected=None,
        manifest=None,
        pages=fetched.append,
    )
    run = run_crawls(
        [crawl],
        {**shared, "removed": "asks", "limit": None, "deadline": None, "jobs": 1},
        run_id=run_id,
    )
    for outcome in run.outcomes:
        report_rejects(outcome)
    written: dict[str, str] = {}
    for page in fetched:
        url = page.requested_url or page.url
        file = output_folder(str(folder)) / f"{len(written) + 1}.html"
        with open_output(file) as write:
            write(inspection_page(read_fetched(page, "asks", model, run_id), url).encode())
        written[url] = f"{quote(folder.name)}/{file.name}"
    return written, exit_code(run) if run.stopped_by else 0
