"""Runs crawls side by side in this process, to their end, a deadline or a signal."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newscrawl import clock
from newscrawl.contract.manifest import Breach, Status
from newscrawl.errors import NewscrawlError
from newscrawl.feeds.files import WRITE_ERROR, require_writable
from newscrawl.feeds.manifest import ManifestWriter, crawl_status, left_of
from newscrawl.feeds.rejects import RejectLog
from newscrawl.records import Article, Page, Reject
from newscrawl.settings import user_agent
from newscrawl.state import State
from newscrawl.terminal import PrintableFormatter

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One spider's work, and where it goes."""

    spider: str
    """``article`` or ``site``."""
    site: str
    """What is crawled, for people and for the manifest."""
    arguments: Mapping[str, Any]
    """The spider's arguments."""
    articles: Path | None
    """The JSONL file; ``None`` for standard output."""
    rejected: Path | None
    """The file of rejects; ``None`` for none."""
    manifest: Path | None
    """The manifest; ``None`` for none."""
    rotate: int | None = None
    """The most bytes of ``articles``, before compression; then numbered neighbours take over."""
    pages: Callable[[Page], None] | None = None
    """Takes the pages as they were fetched; nothing is extracted or written then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What holds for all crawls of a run."""

    run_id: str
    """Stands in every record (``new_run_id``)."""
    removed: str = "asks"
    """How much of what was removed is written: ``asks``, ``all``, ``none``."""
    model: str | None = None
    """The file of the model that labels; ``None`` for newscrawl's own."""
    allow_private: bool = False
    """Whether loopback and private addresses may be fetched."""
    contact: str | None = None
    """Who crawls: a URL or an address for the user agent."""
    deadline: float | None = None
    """Seconds after which each crawl ends."""
    debug: bool = False
    """Whether Scrapy's own log goes to standard error."""
    jobs: int = 1
    """Processes that read pages."""
    state: Path | None = None
    """What earlier crawls know of the sites; ``None`` for nothing, and to leave nothing."""
    rates: Path | None = None
    """Where processes share their rates; ``None`` for beside the state, if there is one."""
    delay: float | None = None
    """Seconds between requests to a host; ``None`` for the settings'. 0 turns AutoThrottle off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one crawl ended."""

    crawl: Crawl
    """What was asked."""
    status: Status
    """As in the manifest."""
    articles: int
    """Records made."""
    unchanged: int
    """Known stories that were visited and haven't changed."""
    rejected: Mapping[str, int]
    """Rejected pages by reason code."""
    rejects: tuple[Reject, ...]
    """The first of them, ``MAX_REJECTS`` at most."""
    write_error: str | None
    """What couldn't be written, in words."""
    left: int
    """URLs left to do."""
    breaches: tuple[Breach, ...]
    """Where it breaks the pattern of the site's runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a run ended."""

    outcomes: tuple[Outcome, ...]
    """One a crawl that began, in the order given."""
    refused: tuple[NewscrawlError, ...]
    """Why others didn't begin: ``BusyError`` for a site that another run has, ``OutputError`` where
    the state can't be written, and whatever a spider raises on its arguments."""
    stopped_by: int | None
    """Number of the signal that stopped it."""


def new_run_id() -> str:
    """A fresh identifier that sorts by time: ``20260102T030405Z-1f2e3d4c``."""
    return f"{clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def run(
    crawls: Sequence[Crawl],
    options: RunOptions,
    watch: Callable[[Crawler], None] | None = None,
) -> Run:
    """Run all crawls at once; once a process, since a reactor starts once only.

    ``watch`` is given each crawler before it starts, to connect to its signals. SIGINT or SIGTERM
    ends the crawls cleanly: what is done is published; a second one ends them at once.

    Raises ``OutputError`` and ``ConfigurationError`` before anything is fetched when a file can't
    be written or is no state.
    """
    State(options.state)
    for crawl in crawls:
        for path in filter(None, (crawl.articles, crawl.rejected, crawl.manifest)):
            require_writable(path)
    process = _Process(_settings(options))
    if not options.debug:
        _show_own_log()
    crawlers = [_crawler(process, crawl) for crawl in crawls]
    stop = _Stop(process)
    tasks = []
    for crawl, crawler in zip(crawls, crawlers, strict=True):
        stop.cover(crawler)
        if watch is not None:
            watch(crawler)
        tasks.append(process.crawl(crawler, **crawl.arguments))
    with stop:
        process.start(install_signal_handlers=False)
    refusals = list(map(_refusal, tasks))
    asked = zip(crawls, crawlers, refusals, strict=True)
    return Run(
        outcomes=tuple(
            _outcome(crawl, crawler) for crawl, crawler, refusal in asked if refusal is None
        ),
        refused=tuple(filter(None, refusals)),
        stopped_by=stop.signal,
    )


def _refusal(task: asyncio.Task[None]) -> NewscrawlError | None:
    """Why a crawl didn't begin; ``None`` for one that did."""
    try:
        if task.done():
            task.result()
    except NewscrawlError as error:
        return error
    return None


class _Process(AsyncCrawlerProcess):
    """Scrapy's, but for how it stops."""

    _is_stopping = False

    async def stop(self) -> None:
        """Close the spiders, as a deadline does; nothing when it is called again.

        Scrapy's own stops their engines, and so cuts off what a spider that is being closed already
        has to settle and to publish.
        """
        if self._is_stopping:
            return
        self._is_stopping = True
        running = [one for one in self.crawlers if one.crawling and one.engine.running]
        engines = [crawler.engine for crawler in running if crawler.engine.spider]
        closing = (engine.close_spider_async(reason="shutdown") for engine in engines)
        await asyncio.gather(*closing)


class _Stop:
    """Ends the crawls of a process on a signal, and remembers which."""

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        self.signal: int | None = None
        self._process = process
        self._loop = asyncio.get_event_loop()
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        for number in _SIGNALS:
            self._loop.add_signal_handler(number, self._on_signal, number)

    def __exit__(self, *_: object) -> None:
        for number in _SIGNALS:
            self._loop.remove_signal_handler(number)

    def cover(self, crawler: Crawler) -> None:
        """Stop a crawl, too, whose engine isn't running when the signal comes."""

        async def engine_started() -> None:
            if self.signal is not None:
                await crawler.engine.stop_async()

        crawler.signals.connect(engine_started, signals.engine_started, weak=False)

    def _on_signal(self, number: int) -> None:
        if self.signal is None:
            self.signal = number
            self._task = self._loop.create_task(self._process.stop())
            return
        from twisted.internet import reactor  # noqa: PLC0415 # importing it earlier installs another

        reactor.stop()  # type: ignore[misc] # to mypy, the reactor is a module


def _settings(options: RunOptions) -> Settings:
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    values: dict[str, Any] = {
        "USER_AGENT": user_agent(options.contact),
        "NEWSCRAWL_RUN_ID": options.run_id,
        "NEWSCRAWL_REMOVED": options.removed,
        "NEWSCRAWL_MODEL": options.model,
        "NEWSCRAWL_ALLOW_PRIVATE": options.allow_private,
        "NEWSCRAWL_JOBS": options.jobs,
        "NEWSCRAWL_STATE": options.state,
        "NEWSCRAWL_RATES": options.rates,
        "LOG_ENABLED": options.debug,
        "LOG_LEVEL": "DEBUG",
    }
    if options.deadline is not None:
        values["CLOSESPIDER_TIMEOUT"] = options.deadline
    if options.delay is not None:
        values["DOWNLOAD_DELAY"] = options.delay
        values["AUTOTHROTTLE_ENABLED"] = options.delay > 0
    settings.setdict(values, priority="cmdline")
    return settings


def _crawler(process: AsyncCrawlerProcess, crawl: Crawl) -> Crawler:
    # As a file: URL, since a plain path is a template to Scrapy in which "%(time)s" is replaced.
    uri = "stdout:" if crawl.articles is None else crawl.articles.absolute().as_uri()
    feed = {
        "format": "jsonl",
        "overwrite": crawl.articles is not None,
        "item_classes": [Article],
        "rotate": crawl.rotate,
    }
    values: dict[str, Any] = {
        "FEEDS": {uri: feed},
        "NEWSCRAWL_SITE": crawl.site,
        "NEWSCRAWL_REJECTED": crawl.rejected,
        "NEWSCRAWL_MANIFEST": crawl.manifest,
    }
    take = crawl.pages
    if take is not None:
        values |= {"FEEDS": {}, "ITEM_PIPELINES": {"newscrawl.pipelines.FetchedPipeline": 50}}
    settings = process.settings.copy()
    settings.setdict(values, priority="cmdline")
    crawler = Crawler(process.spider_loader.load(crawl.spider), settings)
    if take is not None:
        # Scrapy passes by name, and only what a receiver names: a list's append has no names.
        crawler.signals.connect(lambda item: take(item), signals.item_scraped, weak=False)  # noqa: PLW0108
    return crawler


def _show_own_log() -> None:
    """Warnings of newscrawl itself go to standard error, Scrapy's own only on demand."""
    own = logging.getLogger("newscrawl")
    if not own.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(PrintableFormatter("newscrawl: %(message)s"))
        own.addHandler(handler)


def _outcome(crawl: Crawl, crawler: Crawler) -> Outcome:
    log = RejectLog.of(crawler)
    writer = crawler.get_extension(ManifestWriter)
    return Outcome(
        crawl=crawl,
        status=crawl_status(crawler, crawler.stats.get_value("finish_reason")),
        articles=crawler.stats.get_value("newscrawl/articles", 0),
        unchanged=crawler.stats.get_value("newscrawl/unchanged", 0),
        rejected=dict(log.by_code),
        rejects=tuple(log.rejects),
        write_error=crawler.stats.get_value(WRITE_ERROR),
        left=len(left_of(crawler)),
        breaches=writer.quality.breaches if writer and writer.quality else (),
    )
