"""A crawl's access to the state: opened with its spider, and closed when all is published.

A spider that is to remember says under which name, in ``remembered_as``; others have no memory.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl import clock
from newscrawl.errors import OutputError, RejectedPage
from newscrawl.feeds.files import WRITE_ERROR, stop_on
from newscrawl.feeds.rejects import NotModified
from newscrawl.records import Article, Page
from newscrawl.state import State
from newscrawl.urls import story_key

_logger = logging.getLogger(__name__)

settled = object()
"""Scrapy signal: what becomes of a run's stories is decided and noted, but not sealed so far."""


def remembers(crawler: Crawler) -> bool:
    """Whether a crawler's spider has a memory."""
    return _name(crawler) is not None


def _name(crawler: Crawler) -> str | None:
    return getattr(crawler.spider, "remembered_as", None)


class Memory:
    """What is known of the site that a crawler's spider crawls.

    It notes what became of pages that gave no record, and has the state take over what was noted
    when the manifest is in place, unless anything couldn't be written.
    """

    def __init__(self, crawler: Crawler, name: str) -> None:
        path = crawler.settings["NEWSCRAWL_STATE"]
        self._state = str(path) if path else "the state"
        state = State(Path(path) if path else None)
        run_id = crawler.settings["NEWSCRAWL_RUN_ID"] or f"{clock.now():%Y%m%dT%H%M%S.%fZ}"
        manifest = crawler.settings["NEWSCRAWL_MANIFEST"]
        self.known = state.site(
            name,
            run_id,
            getattr(crawler.spider, "revisits", None),
            Path(manifest) if manifest else None,
        )
        """The site's part of the state, for this run."""
        self._stats = crawler.stats
        self._on_error = stop_on(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Memory:
        name = _name(crawler)
        if name is None:
            raise NotConfigured
        memory = cls(crawler, name)
        crawler.signals.connect(memory.item_dropped, signals.item_dropped)
        crawler.signals.connect(memory.item_error, signals.item_error)
        crawler.signals.connect(memory.spider_error, signals.spider_error)
        crawler.signals.connect(memory.engine_stopped, signals.engine_stopped)
        return memory

    @classmethod
    def of(cls, crawler: Crawler) -> Memory:
        """The memory of a crawl; raise ``LookupError`` for one whose spider has none."""
        memory = crawler.get_extension(cls)
        if memory is None:
            raise LookupError("the spider has no memory: it says no name in remembered_as")
        return memory

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """End the crawl, as one that can't write, where the state has no room, or is damaged."""
        try:
            yield
        except sqlite3.Error as error:
            self._on_error(OutputError(self._state, str(error)))

    def spider_error(self, failure: Failure) -> None:
        """End it, too, where the spider was the one that asked."""
        if isinstance(failure.value, sqlite3.Error):
            self._on_error(OutputError(self._state, str(failure.value)))

    def item_dropped(self, item: object, exception: Exception) -> None:
        """Note what became of a page that gave no record."""
        if not isinstance(item, Page):
            return
        with self.guarded():
            self._note(item, exception)

    def _note(self, item: Page, exception: Exception) -> None:
        key, at = story_key(item.requested_url or item.url), item.fetched_at or clock.now()
        if isinstance(exception, NotModified):
            self.known.visited(key, at, story_key(item.url))
            self._stats.inc_value("newscrawl/unchanged")
        elif isinstance(exception, RejectedPage):
            # A copy is known under its original, and says nothing about that.
            is_copy = exception.code == "duplicate"
            if not is_copy and self.known.failed(key, exception.code, at):
                self._stats.inc_value("newscrawl/gone")

    def item_error(self, item: object) -> None:
        """Forget a settled record that a project's own pipeline failed on."""
        if isinstance(item, Article):
            self.known.forget(item.id, item.url)

    def engine_stopped(self) -> None:
        """Know what was published, unless anything couldn't be; let others have the site."""
        try:
            if not self._stats.get_value(WRITE_ERROR):
                self.known.apply(clock.now())
        except sqlite3.Error as error:
            _logger.warning("the state couldn't be written, the next run will: %s", error)
        self.known.close()


class ConditionalRequests:
    """Asks with a validator where there is one, and counts the answers 304.

    Only requests that say in their ``meta`` who knows it: ``validator_of``, a function from the URL
    to a ``Validator`` or ``None``. A 304 reaches their callback as such.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ConditionalRequests:
        if not remembers(crawler):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Send what the server gave with its last answer."""
        if "validator_of" in request.meta:
            # A request that was redirected has its first address's.
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)
            validator = None
            with Memory.of(self._crawler).guarded():
                validator = request.meta["validator_of"](request.url)
            if validator is not None and validator.etag:
                request.headers["If-None-Match"] = validator.etag
            if validator is not None and validator.last_modified:
                request.headers["If-Modified-Since"] = validator.last_modified

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 # Scrapy calls it so
        """``response`` itself."""
        if response.status == HTTPStatus.NOT_MODIFIED:
            self._crawler.stats.inc_value("newscrawl/not_modified")
        return response
