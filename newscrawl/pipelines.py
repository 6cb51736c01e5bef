"""Item pipelines, each a thin adapter, and how they show in the log.

A page that gives no record is dropped with a reason code; ``feeds.rejects`` writes it down.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawl import contract
from newscrawl.errors import OutputError, RejectedPage
from newscrawl.feeds.files import WRITE_ERROR, stop_on
from newscrawl.feeds.rejects import NotModified
from newscrawl.memory import Memory, remembers, settled
from newscrawl.records import Article, Page, PageType
from newscrawl.settling.reading import Manner, Reader, ReadPage
from newscrawl.settling.settle import Settled, settle
from newscrawl.settling.spool import Spool
from newscrawl.terminal import printable

_logger = logging.getLogger(__name__)


class Rejected(RejectedPage, DropItem):
    """Drops an item, with a reason code and the type of a page that was read."""

    def __init__(self, code: str, detail: str = "", page_type: PageType | None = None) -> None:
        super().__init__(code, detail)
        self.page_type = page_type


class FetchedPipeline:
    """Rejects pages that weren't fetched, and drops those that haven't changed."""

    def process_item(self, item: Page) -> Page:
        """``item`` itself; raise ``Rejected`` with the code of its failure, or ``NotModified``."""
        if item.failure:
            raise Rejected(item.failure, item.detail)
        if item.status == HTTPStatus.NOT_MODIFIED:
            raise NotModified("HTTP 304")
        return item


class ExtractPipeline:
    """``Page`` to its story; whatever has no story to give is rejected."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractPipeline:
        memory = Memory.of(crawler).known.memory if remembers(crawler) else None
        jobs = crawler.settings.getint("NEWSCRAWL_JOBS")
        return cls(Reader(manner_of(crawler.settings), jobs, memory))

    async def process_item(self, item: Page) -> ReadPage:
        """The page with its story; raise ``Rejected``."""
        try:
            return await self._reader.read(item)
        except RejectedPage as error:
            raise Rejected(error.code, error.detail, getattr(error, "page_type", None)) from error

    def close_spider(self) -> None:
        """End the processes that read."""
        self._reader.close()


class ValidatePipeline:
    """Holds a record against its own contract."""

    def process_item(self, item: ReadPage) -> ReadPage:
        """``item`` itself; raise ``Rejected`` with ``invalid_record``."""
        broken = contract.problems(item.article)
        if broken:
            raise Rejected("invalid_record", ", ".join(broken), item.article.page_type)
        return item


class DuplicatesPipeline:
    """Takes a story once a run, whatever the URLs that it was found under.

    It is for spiders without memory: ``SettlePipeline`` does it for the others.
    """

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DuplicatesPipeline:
        if remembers(crawler):
            raise NotConfigured
        return cls()

    def process_item(self, item: ReadPage) -> Article:
        """The record; raise ``Rejected`` with ``duplicate``."""
        article = item.article
        named = {"id": article.id, "canonical_url": article.canonical_url}
        keys = {(name, value) for name, value in named.items() if value}
        if keys & self._known:
            raise Rejected("duplicate", article.canonical_url or "", article.page_type)
        self._known |= keys
        return article


@dataclass(frozen=True, slots=True)
class Waiting:
    """Stands for a page whose story waits in the spool: no record so far."""

    url: str


class SettlePipeline:
    """Keeps stories until the crawl is over, then settles and hands them on, before anything is
    published. What comes of a story then is told by Scrapy's own signals."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._memory = Memory.of(crawler)
        self._spool = Spool()
        self._on_error = stop_on(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SettlePipeline:
        if not remembers(crawler):
            raise NotConfigured
        return cls(crawler)

    def process_item(self, item: ReadPage) -> Waiting:
        """What stands for the page from now on."""
        try:
            self._spool.add(item)
        except OSError as error:
            self._on_error(OutputError(tempfile.gettempdir(), error.strerror or ""))
        self._crawler.stats.inc_value("newscrawl/waiting")
        return Waiting(item.page.url)

    async def close_spider(self) -> None:
        """Settle what was kept; where anything couldn't be written, leave it to the next run."""
        stats = self._crawler.stats
        try:
            with self._memory.noting():
                if not stats.get_value(WRITE_ERROR):
                    await self._settle()
                if not stats.get_value(WRITE_ERROR):
                    self._crawler.signals.send_catch_log(settled)
                    self._memory.known.seal()
        # Whatever it was, the run has to say that it failed.
        except Exception as error:
            _logger.debug("settling failed", exc_info=error)
            self._on_error(OutputError("the stories", f"{type(error).__name__}: {error}"))
        self._spool.close()

    async def _settle(self) -> None:
        settings = self._crawler.settings
        jobs = settings.getint("NEWSCRAWL_JOBS")
        async for one in settle(self._memory.known, self._spool, manner_of(settings), jobs):
            await self._tell(one)
            # Signals of the operating system are heard in between.
            await asyncio.sleep(0)

    async def _tell(self, one: Settled) -> None:
        """Send what Scrapy sends when an item leaves the last pipeline."""
        crawler, page = self._crawler, one.page
        told = {"response": None, "spider": crawler.spider}
        tell = crawler.signals.send_catch_log_async
        if one.article is not None:
            if one.article.previous_hash:
                crawler.stats.inc_value("newscrawl/revisions")
            await tell(signals.item_scraped, item=one.article, **told)
            _log("article", page)
        elif one.reject is not None:
            await tell(signals.item_dropped, item=page, exception=one.reject, **told)
            _log("rejected", page, one.reject.code)
        else:
            crawler.stats.inc_value("newscrawl/unchanged")
            _log("unchanged", page)


def _log(event: str, page: Page, code: str = "") -> None:
    line = _line(logging.INFO, event, page.url, code)
    _logger.log(line["level"], line["msg"], *line["args"])


def manner_of(settings: BaseSettings) -> Manner:
    """How the settings want pages to be read."""
    return Manner(
        removed=settings["NEWSCRAWL_REMOVED"],
        run_id=settings["NEWSCRAWL_RUN_ID"],
        model=settings["NEWSCRAWL_MODEL"],
    )


class ShortLog(LogFormatter):
    """A line an event: URL and code, never what a page says."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:  # noqa: ARG002 # Scrapy's interface
        """A page was fetched."""
        return _line(logging.DEBUG, "fetched", response.url, str(response.status))

    def scraped(
        self,
        item: Any,
        response: Response | Failure | None,  # noqa: ARG002 # Scrapy's interface
        spider: Spider,  # noqa: ARG002 # Scrapy's interface
    ) -> LogFormatterResult:
        """A record was made, or waits for the end of its run."""
        event = "article" if isinstance(item, Article) else "read"
        return _line(logging.INFO, event, item.url, "")

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,  # noqa: ARG002 # Scrapy's interface
        spider: Spider,  # noqa: ARG002 # Scrapy's interface
    ) -> LogFormatterResult:
        """A page was rejected, or hasn't changed."""
        if isinstance(exception, NotModified):
            return _line(logging.INFO, "unchanged", item.url, "")
        code = exception.code if isinstance(exception, RejectedPage) else "dropped"
        return _line(logging.INFO, "rejected", item.url, code)

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,  # noqa: ARG002 # Scrapy's interface
        spider: Spider,  # noqa: ARG002 # Scrapy's interface
    ) -> LogFormatterResult:
        """A pipeline failed: a defect."""
        return _line(logging.ERROR, "failed", item.url, type(exception).__name__)


def _line(level: int, event: str, url: str, code: str) -> LogFormatterResult:
    """A log line in which no URL, as given by whomever, moves a terminal's cursor."""
    return {"level": level, "msg": "%s %s %s", "args": (event, printable(url), code)}
