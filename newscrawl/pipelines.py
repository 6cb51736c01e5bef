"""Item pipelines, each a thin adapter, and how they show in the log.

A page that gives no record is dropped with a reason code; ``feeds.rejects`` writes it down. Items
that aren't newscrawl's, in the project that has it as an add-on, pass by untouched.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.pipelines import ItemPipelineManager
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawl import contract
from newscrawl.errors import OutputError, RejectedPage
from newscrawl.feeds.files import WRITE_ERROR, stop_on
from newscrawl.feeds.rejects import NotModified, Waiting
from newscrawl.memory import Memory, remembers, settled
from newscrawl.records import Article, Page, PageType
from newscrawl.settling.reading import Manner, Reader, ReadPage
from newscrawl.settling.settle import Settled, settle
from newscrawl.settling.spool import Spool
from newscrawl.terminal import printable

_logger = logging.getLogger(__name__)

_Pipeline = TypeVar("_Pipeline")
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Step = Callable[[_Pipeline, _Item], _Result]


def _only(
    kind: type[_Item],
) -> Callable[[_Step[_Pipeline, _Item, _Result]], _Step[_Pipeline, _Item, _Result]]:
    """A pipeline's step for items of one kind; all others it hands on as they are."""

    def narrowed(step: _Step[_Pipeline, _Item, _Result]) -> _Step[_Pipeline, _Item, _Result]:
        @wraps(step)
        def process_item(self: _Pipeline, item: _Item) -> _Result:
            return step(self, item) if isinstance(item, kind) else cast("_Result", item)

        return process_item

    return narrowed


class Pipelines(ItemPipelineManager):
    """Scrapy's item pipelines, but closed one after the other, in the order in which items pass.

    Scrapy closes all at once, the last ones first. What a pipeline has kept until the end would
    then find those behind it closed.
    """

    async def close_spider_async(self) -> None:
        """Close each."""
        for close in reversed(self.methods["close_spider"]):
            await self.get_awaitable(close)


class Rejected(RejectedPage, DropItem):
    """Drops an item, with a reason code and the type of a page that was read."""

    def __init__(self, code: str, detail: str = "", page_type: PageType | None = None) -> None:
        super().__init__(code, detail)
        self.page_type = page_type


class FetchedPipeline:
    """Rejects pages that weren't fetched, and drops those that haven't changed."""

    @_only(Page)
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

    @_only(Page)
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

    @_only(ReadPage)
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

    @_only(ReadPage)
    def process_item(self, item: ReadPage) -> Article:
        """The record; raise ``Rejected`` with ``duplicate``."""
        article = item.article
        named = {"id": article.id, "canonical_url": article.canonical_url}
        keys = {(name, value) for name, value in named.items() if value}
        if keys & self._known:
            raise Rejected("duplicate", article.canonical_url or "", article.page_type)
        self._known |= keys
        return article


class SettlePipeline:
    """Keeps stories until the crawl is over, then settles them, before anything is published.

    Their records go through the pipelines like any item, so to those of a project behind these;
    of pages without one, Scrapy's own signal tells.
    """

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

    @_only(ReadPage)
    def process_item(self, item: ReadPage) -> None:
        """Keep it; raise ``Waiting``."""
        try:
            self._spool.add(item)
        except OSError as error:
            self._on_error(OutputError(tempfile.gettempdir(), error.strerror or ""))
        self._crawler.stats.inc_value("newscrawl/waiting")
        raise Waiting("until the crawl is over", log_level="DEBUG")

    async def close_spider(self) -> None:
        """Settle what was kept; where anything couldn't be written, leave it to the next run."""
        stats = self._crawler.stats
        try:
            with self._memory.guarded():
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
        """Hand on a record; say what Scrapy says when a pipeline has dropped an item."""
        crawler, page = self._crawler, one.page
        if one.article is not None:
            if one.article.previous_hash:
                crawler.stats.inc_value("newscrawl/revisions")
            await crawler.engine.scraper.start_itemproc_async(one.article, response=None)
        elif one.reject is not None:
            told = {"item": page, "exception": one.reject, "response": None}
            tell = crawler.signals.send_catch_log_async
            await tell(signals.item_dropped, spider=crawler.spider, **told)
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
    """A line for each page and each record: URL and code, never what a page says.

    Anything else is logged as Scrapy does it.
    """

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A record was made, or a page was fetched that nobody is to read."""
        if not isinstance(item, Article | Page):
            return super().scraped(item, response, spider)
        event = "article" if isinstance(item, Article) else "read"
        return _line(logging.INFO, event, item.url, "")

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """A page was rejected, hasn't changed, or waits for the end of its run."""
        if not isinstance(item, Article | Page):
            return super().dropped(item, exception, response, spider)
        code = exception.code if isinstance(exception, RejectedPage) else ""
        event = _DROPPED.get(type(exception), "rejected" if code else "dropped")
        return _line(logging.INFO, event, item.url, code)

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """A pipeline failed: a defect."""
        if not isinstance(item, Article | Page):
            return super().item_error(item, exception, response, spider)
        return _line(logging.ERROR, "failed", item.url, type(exception).__name__)


_DROPPED: Mapping[type[BaseException], str] = {NotModified: "unchanged", Waiting: "read"}
"""What it means that a page was dropped without being rejected."""


def _line(level: int, event: str, url: str | None, code: str) -> LogFormatterResult:
    """A log line in which no URL, as given by whomever, moves a terminal's cursor."""
    return {"level": level, "msg": "%s %s %s", "args": (event, printable(url or ""), code)}
