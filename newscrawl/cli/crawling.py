"""What the commands that run a spider share: run it, report it, end with the right code."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from scrapy import signals

from newscrawl import clock
from newscrawl.cli.messages import counted, rejection, say
from newscrawl.cli.options import CrawlOptions, SearchOptions
from newscrawl.cli.progress import progress
from newscrawl.compression import COMPRESSIONS
from newscrawl.errors import InputError, OutputError
from newscrawl.running import Crawl, RunOptions, run
from newscrawl.sites import Site, folder_name
from newscrawl.state import rates_beside

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.running import Outcome, Run

_BROKEN_PATTERN = 4
"""Exit code: a quality gate failed. The run itself didn't, so there is no exception of it."""
_BROKEN_PIPE = os.strerror(errno.EPIPE)
_ENDS = {
    "stopped": "stopped",
    "deadline": "ended by the deadline",
    "budget": "ended by its budget of requests",
}


def site_crawl(
    site: str,
    arguments: Mapping[str, Any],
    out: Path,
    run_id: str,
    *,
    compress: str | None = None,
    rotate: int | None = None,
) -> Crawl:
    """A site's crawl into ``out/<site>/<date>/<run_id>.jsonl``, rejects and manifest beside it.

    ``compress`` is one of ``COMPRESSIONS`` and adds its ending, ``rotate`` as in ``Crawl``.
    """
    folder = out / folder_name(site) / clock.now().date().isoformat()
    ending = COMPRESSIONS[compress].suffix if compress else ""
    return Crawl(
        spider="site",
        site=site,
        arguments=arguments,
        articles=folder / f"{run_id}.jsonl{ending}",
        rejected=folder / f"{run_id}.rejected.jsonl{ending}",
        manifest=folder / f"{run_id}.manifest.json",
        rotate=rotate,
    )


def state_path(given: str | None) -> Path:
    """The state that is named, or the user's own."""
    return Path(given) if given else platformdirs.user_state_path("newscrawl") / "state.sqlite"


def rates_path(state: str | None = None) -> Path:
    """Where a run without memory keeps to one rate with the crawls that have a state."""
    return rates_beside(state_path(state))


def narrowed(site: Site, options: SearchOptions) -> Site:
    """The site with what the command line says of it in place of what its file does."""
    depth = options["depth"]
    return replace(
        site,
        include=options["include"] or site.include,
        exclude=options["exclude"] or site.exclude,
        depth=site.depth if depth is None else depth,
        max_requests=options["max_requests"] or site.max_requests,
    )


def run_crawls(
    crawls: Sequence[Crawl],
    options: CrawlOptions,
    *,
    run_id: str,
    state: Path | None = None,
    rates: Path | None = None,
    delay: float | None = None,
) -> Run:
    """Run crawls, with progress where somebody watches; say which couldn't begin, and why."""
    wanted = not (options["quiet"] or options["debug"])
    with progress(wanted=wanted and crawls[0].articles is not None) as show:
        done = run(
            crawls,
            RunOptions(
                run_id=run_id,
                removed=options["removed"],
                model=options["model"],
                allow_private=options["allow_private"],
                contact=options["contact"],
                deadline=options["deadline"],
                debug=options["debug"],
                jobs=options["jobs"],
                state=state,
                rates=rates,
                delay=delay,
            ),
            watch=_watcher(show),
        )
    # A reason that several of them share is said once.
    for reason in dict.fromkeys(map(str, done.refused)):
        say(reason)
    return done


def _watcher(show: Callable[[str], None]) -> Callable[[Crawler], None]:
    """Show each crawl's counts whenever one of its pages is done."""

    def watch(crawler: Crawler) -> None:
        def update() -> None:
            found = map(
                crawler.stats.get_value, ("newscrawl/waiting", "newscrawl/articles"), (0, 0)
            )
            stories = max(found)
            pages = crawler.stats.get_value("response_received_count", 0)
            show(f"{pages} pages fetched, {stories} stories")

        crawler.signals.connect(update, signals.item_scraped, weak=False)
        crawler.signals.connect(update, signals.item_dropped, weak=False)
        crawler.signals.connect(update, signals.response_received, weak=False)

    return watch


def report_rejects(outcome: Outcome) -> None:
    """A line for each rejected page, as far as they were kept in memory."""
    for reject in outcome.rejects:
        say(rejection(reject))
    more = sum(outcome.rejected.values()) - len(outcome.rejects)
    if more > 0:
        file = outcome.crawl.rejected
        where = f"see {file}" if file else "use -o to list them"
        say(f"{counted(more, 'more page')} rejected: {where}")


def report(run: Run, *, quiet: bool) -> None:
    """The line that sums up each crawl; ``quiet`` leaves only what went wrong."""
    for outcome in run.outcomes:
        if outcome.write_error:
            if not _reader_left(outcome):
                say(f"{outcome.write_error}: make room or name another place")
        elif outcome.status == "failed" and outcome.crawl.spider == "site":
            say(f"{outcome.crawl.site}: not crawled: {_cause(outcome)}")
        elif not quiet:
            say(_summary(outcome))
        elif outcome.breaches:
            say(f"{outcome.crawl.site}: {_breaches(outcome)}")


def exit_code(run: Run, *, strict: bool = False) -> int:
    """The exit code of a run: a signal's, a write error's, a failed crawl's, with ``strict`` that
    of a site that breaks its pattern, that of a crawl that couldn't begin, or 0."""
    if run.stopped_by is not None:
        return 128 + run.stopped_by
    refused = [error.exit_code for error in run.refused]
    unwritten = (outcome.write_error and not _reader_left(outcome) for outcome in run.outcomes)
    if any(unwritten) or OutputError.exit_code in refused:
        return OutputError.exit_code
    failed = (outcome.status == "failed" and not outcome.write_error for outcome in run.outcomes)
    if any(failed):
        return InputError.exit_code
    if strict and any(outcome.breaches for outcome in run.outcomes):
        return _BROKEN_PATTERN
    return next(iter(refused), 0)


def _cause(outcome: Outcome) -> str:
    return rejection(outcome.rejects[0]) if outcome.rejects else "run it again with --debug"


def _reader_left(outcome: Outcome) -> bool:
    """Whether standard output was closed by its reader: `newscrawl scrape … | head`."""
    return outcome.crawl.articles is None and (outcome.write_error or "").endswith(_BROKEN_PIPE)


def _summary(outcome: Outcome) -> str:
    """``demo: 14 stories, 3 rejected (not_article 2, robots 1) -> output/demo/….jsonl``."""
    by_code = ", ".join(f"{code} {count}" for code, count in sorted(outcome.rejected.items()))
    parts = [
        counted(outcome.articles, "story", "stories"),
        *([f"{outcome.unchanged} unchanged"] if outcome.unchanged else []),
        f"{sum(outcome.rejected.values())} rejected" + (f" ({by_code})" if by_code else ""),
    ]
    left = f"{counted(outcome.left, 'page')} left"
    if outcome.status in _ENDS:
        parts.append(f"{_ENDS[outcome.status]} with {left}")
    elif outcome.left:
        parts.append(left)
    broken = f" – {_breaches(outcome)}" if outcome.breaches else ""
    # Behind a second signal, nothing is published.
    path = outcome.crawl.articles
    where = f" -> {path}" if path and path.exists() else ""
    return f"{outcome.crawl.site}: {', '.join(parts)}{broken}{where}"


def _breaches(outcome: Outcome) -> str:
    return "breaks its pattern: " + "; ".join(breach.detail for breach in outcome.breaches)
