"""Writes a crawl's manifest, when everything else is in its place."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FeedSlot

from newscrawl import __version__, clock
from newscrawl.contract import to_json_text
from newscrawl.contract.manifest import (
    Articles,
    Known,
    Left,
    Manifest,
    PublishedFile,
    Quality,
    Rejects,
    Status,
)
from newscrawl.errors import GONE_CODES
from newscrawl.feeds.articles import ArticleExporter, AtomicFileStorage
from newscrawl.feeds.files import WRITE_ERROR, AtomicFile, stop_on
from newscrawl.feeds.rejects import READ_CODES, RejectLog
from newscrawl.feeds.slowest import SlowestPages
from newscrawl.records import SCHEMA_VERSION

MAX_LEFT = 1000
"""URLs left to do that the manifest names; it counts all of them."""

_STATUS: Mapping[str, Status] = {
    "finished": "done",
    "shutdown": "stopped",
    "closespider_timeout": "deadline",
    "budget": "budget",
    "write_error": "failed",
    "start_error": "failed",
}
"""Scrapy's finish reasons; any other was asked for by somebody's settings."""

_INFLUENCE = (
    "AUTOTHROTTLE_ENABLED",
    "DOWNLOAD_DELAY",
    "DOWNLOAD_MAXSIZE",
    "DOWNLOAD_TIMEOUT",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "NEWSCRAWL_ALLOW_PRIVATE",
    "NEWSCRAWL_MODEL",
    "NEWSCRAWL_REMOVED",
    "REDIRECT_MAX_TIMES",
    "RETRY_TIMES",
    "ROBOTSTXT_OBEY",
    "USER_AGENT",
)
"""Settings that decide what a crawl writes. None of them is a secret."""


class ManifestWriter:
    """Writes ``NEWSCRAWL_MANIFEST`` when the crawl's other files have been published."""

    def __init__(self, crawler: Crawler) -> None:
        self.quality: Quality | None = None
        """What the quality gates found; they set it when the spider is closed."""
        self._crawler = crawler
        self._feeds: dict[str, tuple[PublishedFile, ...]] = {}
        self._reason = ""
        self._since: dt.datetime | None = None
        self._left: list[str] = []
        self._configuration_hash = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ManifestWriter:
        writer = cls(crawler)
        crawler.signals.connect(writer.spider_closed, signals.spider_closed)
        crawler.signals.connect(writer.feed_slot_closed, signals.feed_slot_closed)
        crawler.signals.connect(writer.feed_exporter_closed, signals.feed_exporter_closed)
        return writer

    def spider_closed(self, reason: str) -> None:
        """Keep what the spider knows: it's gone when the manifest is written."""
        self._reason = reason
        self._since = getattr(self._crawler.spider, "window_from", None)
        self._left = left_of(self._crawler)
        self._configuration_hash = configuration_hash(self._crawler)

    def feed_slot_closed(self, slot: FeedSlot) -> None:
        """A feed was stored, or a batch of one, or couldn't be: one of records, or a project's own.

        A manifest names what is in its own folder, and holds records and nothing else.
        """
        storage = slot.storage
        if not (
            isinstance(slot.exporter, ArticleExporter)
            and isinstance(storage, AtomicFileStorage)
            and self._is_near(storage.path)
        ):
            return
        files = storage.published
        if sum(file.count for file in files) == slot.exporter.records:
            before = self._feeds.get(slot.uri_template, ())
            self._feeds[slot.uri_template] = (*before, *files)

    def _is_near(self, path: Path) -> bool:
        manifest = self._crawler.settings["NEWSCRAWL_MANIFEST"]
        return bool(manifest) and path.resolve().parent == Path(manifest).resolve().parent

    def feed_exporter_closed(self) -> None:
        """Write the manifest. Scrapy sends this after ``spider_closed`` has reached everybody's
        first step, so that the rejects, which are published in one, are in place as well."""
        path = self._crawler.settings["NEWSCRAWL_MANIFEST"]
        if path:
            file = AtomicFile(Path(path), on_error=stop_on(self._crawler))
            file.write(to_json_text(self._manifest()).encode())
            file.publish()

    def _manifest(self) -> Manifest:
        crawler = self._crawler
        finished = clock.now()
        status = crawl_status(crawler, self._reason)
        return Manifest(
            run_id=crawler.settings["NEWSCRAWL_RUN_ID"],
            site=crawler.settings["NEWSCRAWL_SITE"],
            status=status,
            started_at=crawler.stats.get_value("start_time", finished),
            finished_at=finished,
            since=self._since,
            articles=self._articles(),
            rejected=self._rejected(),
            known=_known(crawler),
            left=Left(count=len(self._left), urls=tuple(self._left[:MAX_LEFT])),
            # Judged before it shows whether all can be published.
            quality=None if status == "failed" else self.quality,
            slowest=SlowestPages.of(crawler),
            configuration_hash=self._configuration_hash,
            versions={
                "newscrawl": __version__,
                "scrapy": scrapy.__version__,
                "python": platform.python_version(),
                "schema": SCHEMA_VERSION,
            },
            error=crawler.stats.get_value(WRITE_ERROR),
        )

    def _articles(self) -> Articles:
        """The run's records, with the first feed that has all of them: a project's second one would
        have them twice."""
        count = self._crawler.stats.get_value("newscrawl/articles", 0)
        feeds = self._feeds.values()
        whole = (files for files in feeds if sum(file.count for file in files) == count)
        files = next(whole, ())
        is_lost = self._crawler.stats.get_value(WRITE_ERROR) and not files
        return Articles() if is_lost else Articles(count=count, files=files)

    def _rejected(self) -> Rejects:
        log = RejectLog.of(self._crawler)
        by_code = dict(sorted(log.by_code.items()))
        is_near = log.path and self._is_near(log.path)
        files = (log.published,) if log.published and is_near else ()
        return Rejects(count=log.by_code.total(), by_code=by_code, files=files)


def crawl_status(crawler: Crawler, reason: str | None) -> Status:
    """How a crawl ended, ``reason`` being Scrapy's word for it, or ``None`` when it was cut off.

    A crawl has failed when it couldn't write, or when it made no record and everything that it
    tried failed technically; not so one that read where the site lists its stories, and found
    nothing to fetch there but dead links, nor one whose lists and known stories answered.
    """
    if crawler.stats.get_value(WRITE_ERROR):
        return "failed"
    status = _STATUS.get(reason or "shutdown", "stopped")
    by_code = RejectLog.of(crawler).by_code
    count = crawler.stats.get_value
    wanted = count("newscrawl/discovery/wanted")
    is_idle = wanted is not None and wanted <= sum(by_code[code] for code in GONE_CODES)
    is_known = count("newscrawl/unchanged") and not count("newscrawl/discovery/failed")
    was_read = count("newscrawl/articles") or is_idle or is_known
    nothing_read = not was_read and bool(by_code) and READ_CODES.isdisjoint(by_code)
    return "failed" if status == "done" and nothing_read else status


def left_of(crawler: Crawler) -> list[str]:
    """The URLs that a crawl's spider took up and didn't finish."""
    left = getattr(crawler.spider, "left", list)
    return cast("list[str]", left())


def configuration_hash(crawler: Crawler) -> str:
    """SHA-256 of the settings that decide what a crawl writes, and of its spider's site file."""
    values = {name: crawler.settings[name] for name in _INFLUENCE}
    values["site"] = getattr(crawler.spider, "site", None)
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


def _known(crawler: Crawler) -> Known:
    count = crawler.stats.get_value
    names = (field.name for field in dataclasses.fields(Known))
    return Known(**{name: count(f"newscrawl/{name}", 0) for name in names})
