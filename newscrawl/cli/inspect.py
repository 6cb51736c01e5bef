"""``newscrawl inspect``: a page to look at, about one page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TypedDict, Unpack

import click
from click.core import ParameterSource

from newscrawl.cli.crawling import exit_code, rates_path, report_rejects, run_crawls
from newscrawl.cli.messages import say
from newscrawl.cli.options import CrawlOptions, options
from newscrawl.cli.output import open_output, output_file
from newscrawl.errors import InputError, UsageError
from newscrawl.extraction.composer import RemovedChoice
from newscrawl.extraction.extract import Reading, read_page
from newscrawl.extraction.labelling.model import Model, read_model
from newscrawl.input import read_page_file, read_page_stdin
from newscrawl.records import Page
from newscrawl.running import Crawl, new_run_id
from newscrawl.training.corpus import blocks_line
from newscrawl.urls import split_web_url
from newscrawl.views.inspection import inspection_page


class _Options(TypedDict):
    removed: RemovedChoice
    model: str | None
    allow_private: bool
    contact: str | None
    quiet: bool
    debug: bool


@click.command("inspect")
@click.argument("source", metavar="URL|FILE|-")
@options(
    "url",
    "removed",
    "labels",
    "model",
    "output",
    "allow-private",
    "contact",
    output="inspect.html",
)
def command(
    source: str,
    *,
    url: str | None,
    labels: str | None,
    output: str,
    **shared: Unpack[_Options],
) -> int:
    """Show a page's blocks, each with its label, confidence and reason, beside its record.

    URL is fetched as "scrape" does it; FILE is a saved page. The result is one HTML file
    for a browser; nothing of the page that it shows runs or loads. With --labels it is
    a line for a folder of labelled pages instead, as "newscrawl train" reads it.

    \b
    Example:
      newscrawl inspect page.html --url https://news.example/story
      newscrawl inspect page.html --quiet -o - > inspect.html
      newscrawl inspect page.html --labels page >> blocks.jsonl
    """
    if labels is not None and _by_default("output"):
        output = "-"
    path = output_file(output, source, shared["model"])
    _check(source, url, labels)
    model = read_model(shared["model"])
    if labels is not None:
        content, said = (
            f"{blocks_line(labels, _saved(source), url, model)}\n",
            f"labels of {labels}",
        )
    else:
        reading, code = _read(source, url, shared, model)
        if reading is None:
            return code
        content, said = inspection_page(reading, source), _summary(reading)
    with open_output(path) as write:
        write(content.encode())
    if path is not None and not shared["quiet"]:
        say(f"inspect: {said} -> {path}")
    return 0


def _by_default(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is ParameterSource.DEFAULT


def _check(source: str, url: str | None, labels: str | None) -> None:
    if labels == "":
        raise UsageError("--labels needs the page's id, as labels.jsonl has it")
    if split_web_url(source):
        if url is not None:
            raise UsageError("--url is the address of a saved page: leave it out for a fetched one")
        if labels is not None:
            raise UsageError("--labels is for the saved page that train will read: save it first")
    elif "://" in source:
        raise UsageError(f"'{source}' is not a web address: write https://… or name a saved page")


def _read(
    source: str, url: str | None, shared: _Options, model: Model
) -> tuple[Reading | None, int]:
    """The reading of a page, or the exit code without one: why is said."""
    if not split_web_url(source):
        return read_page(_saved(source), url=url, removed=shared["removed"], model=model), 0
    run_id = new_run_id()
    page, code = _fetched(source, shared, run_id)
    return read_fetched(page, shared["removed"], model, run_id) if page else None, code


def _saved(file: str) -> bytes:
    if file == "-":
        return read_page_stdin()
    try:
        return read_page_file(Path(file))
    except InputError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            advice = "there is no such file: check the path; an address starts with https://"
            raise InputError(file, advice) from error
        raise


def _fetched(url: str, shared: _Options, run_id: str) -> tuple[Page | None, int]:
    """The page at a URL, or the exit code without one: why is said."""
    pages: list[Page] = []
    crawl = Crawl(
        spider="article",
        site="inspect",
        arguments={"urls": [url]},
        articles=None,
        rejected=None,
        manifest=None,
        pages=pages.append,
    )
    fetching: CrawlOptions = {**shared, "limit": None, "deadline": None, "jobs": 1}
    run = run_crawls([crawl], fetching, run_id=run_id, rates=rates_path())
    for outcome in run.outcomes:
        report_rejects(outcome)
    return (pages[0], 0) if pages else (None, exit_code(run) or InputError.exit_code)


def read_fetched(page: Page, removed: RemovedChoice, model: Model, run_id: str) -> Reading:
    """The reading of a page as it was fetched."""
    return read_page(
        page.body,
        url=page.url,
        content_type=page.headers.get("content-type"),
        status=page.status,
        removed=removed,
        fetched_at=page.fetched_at,
        run_id=run_id,
        model=model,
    )


def _summary(reading: Reading) -> str:
    """``132 blocks, 14 of them body``."""
    counts = Counter(label.name for _, label in reading.labelled)
    total = counts.total()
    return f"{total} {'block' if total == 1 else 'blocks'}, {counts['body']} of them body"
