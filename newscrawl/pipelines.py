"""Item pipelines, each a thin adapter, and how they show in the log.

A page that gives no record is dropped with a reason code; ``feeds.rejects`` writes it down.
"""

from __future__ import annotations

import logging
from typing import Any

from itemadapter import ItemAdapter
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawl import contract
from newscrawl.errors import RejectedPage
from newscrawl.extraction.extract import extract
from newscrawl.extraction.labelling.model import read_model
from newscrawl.records import STORY_TYPES, Article, Page, PageType
from newscrawl.terminal import printable


class Rejected(RejectedPage, DropItem):
    """Drops an item, with a reason code and the type of a page that was read."""

    def __init__(self, code: str, detail: str = "", page_type: PageType | None = None) -> None:
        super().__init__(code, detail)
        self.page_type = page_type


class FetchedPipeline:
    """Rejects pages that weren't fetched."""

    def process_item(self, item: Page) -> Page:
        """``item`` itself; raise ``Rejected`` with the code of its failure."""
        if item.failure:
            raise Rejected(item.failure, item.detail)
        return item


class ExtractPipeline:
    """``Page`` to ``Article``; whatever has no story to give is rejected."""

    def __init__(self, settings: BaseSettings) -> None:
        self._removed = settings["NEWSCRAWL_REMOVED"]
        self._run_id = settings["NEWSCRAWL_RUN_ID"]
        self._model = read_model(settings["NEWSCRAWL_MODEL"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractPipeline:
        return cls(crawler.settings)

    def process_item(self, item: Page) -> Article:
        """The story of a page; raise ``Rejected``."""
        article = extract(
            item.body,
            url=item.url,
            content_type=item.headers.get("content-type"),
            status=item.status,
            removed=self._removed,
            fetched_at=item.fetched_at,
            run_id=self._run_id,
            model=self._model,
            said=item.discovered,
            site=item.facts,
        )
        if article.page_type not in STORY_TYPES:
            raise Rejected("not_article", article.page_type, article.page_type)
        for code, missing in (
            ("no_body", article.body is None),
            ("no_headline", article.headline is None),
        ):
            if missing:
                raise Rejected(code, page_type=article.page_type)
        return article


class ValidatePipeline:
    """Holds a record against its own contract."""

    def process_item(self, item: Article) -> Article:
        """``item`` itself; raise ``Rejected`` with ``invalid_record``."""
        broken = contract.problems(item)
        if broken:
            raise Rejected("invalid_record", ", ".join(broken), item.page_type)
        return item


class DuplicatesPipeline:
    """Takes a story once a run, whatever the URLs that it was found under."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def process_item(self, item: Article) -> Article:
        """``item`` itself; raise ``Rejected`` with ``duplicate``."""
        adapter = ItemAdapter(item)
        keys = {(name, adapter[name]) for name in ("id", "canonical_url") if adapter[name]}
        if keys & self._known:
            raise Rejected("duplicate", adapter["canonical_url"] or "", item.page_type)
        self._known |= keys
        return item


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
        """A record was made."""
        return _line(logging.INFO, "article", item.url, "")

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,  # noqa: ARG002 # Scrapy's interface
        spider: Spider,  # noqa: ARG002 # Scrapy's interface
    ) -> LogFormatterResult:
        """A page was rejected."""
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
