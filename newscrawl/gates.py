"""Has the quality gates judge a crawl with memory: counts its records, keeps the counts for later
runs, and has the manifest say what was found."""

from __future__ import annotations

import datetime as dt
import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl import clock
from newscrawl.feeds.manifest import ManifestWriter, crawl_status
from newscrawl.feeds.rejects import RejectLog
from newscrawl.memory import Memory, remembers, settled
from newscrawl.quality import Bounds, Measured, Tally, judge
from newscrawl.records import Article

_logger = logging.getLogger(__name__)


class QualityGates:
    """Compares the crawl with the site's earlier ones, from its spider's ``pattern_from`` on, and
    with the bounds that the spider names in ``quality_bounds``. A crawl that failed is neither
    judged nor remembered: it says nothing of the site's stories."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._tally = Tally(removed=crawler.settings["NEWSCRAWL_REMOVED"] != "none")
        self._run: Measured | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> QualityGates:
        if not remembers(crawler):
            raise NotConfigured
        gates = cls(crawler)
        crawler.signals.connect(gates.item_scraped, signals.item_scraped)
        crawler.signals.connect(gates.settled, settled)
        crawler.signals.connect(gates.spider_closed, signals.spider_closed)
        return gates

    def item_scraped(self, item: object) -> None:
        """Count a record."""
        if isinstance(item, Article):
            self._tally.add(item)

    def settled(self) -> None:
        """Keep what the run brought, before its notes are sealed."""
        crawler = self._crawler
        if crawl_status(crawler, "finished") == "failed":
            return
        rejects = RejectLog.of(crawler).by_code
        metrics = self._tally.metrics(
            listed=crawler.stats.get_value("newscrawl/discovery/listed"),
            rejected=rejects.total() - rejects["duplicate"],
        )
        self._run = Measured(clock.now(), metrics)
        Memory.of(crawler).known.measured(self._run)

    def spider_closed(self, reason: str) -> None:
        """Judge the run, and hand that to the manifest's writer."""
        crawler = self._crawler
        status = crawl_status(crawler, reason)
        if self._run is None or status == "failed":
            return
        bounds: Bounds = getattr(crawler.spider, "quality_bounds", {})
        if status != "done":
            # Who was stopped says nothing of how many stories there are.
            bounds = {**bounds, "stories": None}
        since: dt.datetime | None = getattr(crawler.spider, "pattern_from", None)
        runs = Memory.of(crawler).known.runs()
        history = [run for run in runs if since is None or run.at > since]
        quality = judge(self._run, history, bounds)
        for breach in quality.breaches:
            crawler.stats.inc_value(f"newscrawl/breaches/{breach.metric}")
            # The commands say it in their summary; a project has its log.
            _logger.info("breaks the pattern of its runs: %s", breach.detail)
        writer = crawler.get_extension(ManifestWriter)
        if writer is not None:
            writer.quality = quality
