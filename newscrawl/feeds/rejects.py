"""The log of rejected pages: nothing that a spider took up vanishes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.contract import to_json_line
from newscrawl.contract.manifest import PublishedFile
from newscrawl.errors import OutputError, RejectedPage
from newscrawl.feeds.files import AtomicFile, stop_on
from newscrawl.records import Article, Page, PageType, Reject

MAX_REJECTS = 1000
"""Rejects that are kept in memory, for messages; the file has all of them."""

READ_CODES = frozenset({"not_article", "no_body", "no_headline", "duplicate", "dropped"})
"""Reason codes of pages that were fetched and read well: any other is a technical failure."""


class NotModified(DropItem):
    """Drops the page of a known story that hasn't changed: no record and no reject."""


class Waiting(DropItem):
    """Takes a page out of the pipelines whose story waits in the spool: no record so far."""


class RejectLog:
    """Writes a ``Reject`` for each page that gave no record, to the file ``NEWSCRAWL_REJECTED``.

    The file appears when the crawl has ended; without rejects there is none, and one that an
    earlier run left under the name is removed. Counts go to ``newscrawl/rejected/<code>`` and
    ``newscrawl/articles`` of the crawl's statistics.
    """

    def __init__(self, crawler: Crawler) -> None:
        path = crawler.settings["NEWSCRAWL_REJECTED"]
        self.path = Path(path) if path else None
        self.rejects: list[Reject] = []
        self.by_code: Counter[str] = Counter()
        self._run_id = crawler.settings["NEWSCRAWL_RUN_ID"]
        self._stats = crawler.stats
        self._on_error = stop_on(crawler)
        self._file: AtomicFile | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RejectLog:
        log = cls(crawler)
        crawler.signals.connect(log.item_scraped, signals.item_scraped)
        crawler.signals.connect(log.item_dropped, signals.item_dropped)
        crawler.signals.connect(log.item_error, signals.item_error)
        crawler.signals.connect(log.spider_error, signals.spider_error)
        crawler.signals.connect(log.spider_closed, signals.spider_closed)
        return log

    @classmethod
    def of(cls, crawler: Crawler) -> RejectLog:
        """The log of a crawl; raise ``LookupError`` when its settings have turned it off."""
        log = crawler.get_extension(cls)
        if log is None:
            raise LookupError("the settings have no RejectLog among their EXTENSIONS")
        return log

    @property
    def published(self) -> PublishedFile | None:
        """The file, once it is under its name."""
        return self._file.published if self._file else None

    def item_scraped(self, item: object) -> None:
        """A record was made; other items of a project's own aren't counted."""
        if isinstance(item, Article):
            self._stats.inc_value("newscrawl/articles")

    def item_dropped(self, item: object, exception: Exception) -> None:
        """A pipeline rejected a page, or one of the project's own dropped it or its record."""
        if not isinstance(item, Page | Article) or isinstance(exception, NotModified | Waiting):
            return
        if isinstance(exception, RejectedPage):
            code, detail = exception.code, exception.detail
        else:
            code, detail = "dropped", str(exception)
        self._add(self._reject(item, code, detail, getattr(exception, "page_type", None)))

    def item_error(self, item: object, failure: Failure) -> None:
        """A pipeline failed on a page or its record."""
        if isinstance(item, Page | Article):
            self._add(self._reject(item, "internal_error", _words(failure)))

    def spider_error(self, response: Response | None, failure: Failure) -> None:
        """A spider failed on an answer."""
        url = getattr(response, "url", None) or ""
        detail = _words(failure)
        self._add(Reject(url=url, code="internal_error", detail=detail, run_id=self._run_id))

    def spider_closed(self) -> None:
        """Publish the file."""
        if self._file is not None:
            self._file.publish()
        elif self.path is not None:
            self._remove_old(self.path)

    def _remove_old(self, path: Path) -> None:
        try:
            if path.is_file():
                path.unlink()
        except OSError as error:
            self._on_error(OutputError(path, error.strerror or ""))

    def _reject(
        self, item: Page | Article, code: str, detail: str, kind: PageType | None = None
    ) -> Reject:
        requested_url = getattr(item, "requested_url", None)
        return Reject(
            url=item.url or "",
            requested_url=None if requested_url == item.url else requested_url,
            code=code,
            detail=detail,
            status=getattr(item, "status", None),
            page_type=getattr(item, "page_type", kind),
            fetched_at=item.fetched_at,
            run_id=self._run_id,
        )

    def _add(self, reject: Reject) -> None:
        self.by_code[reject.code] += 1
        self._stats.inc_value(f"newscrawl/rejected/{reject.code}")
        if len(self.rejects) < MAX_REJECTS:
            self.rejects.append(reject)
        if self.path is not None:
            self._file = self._file or AtomicFile(self.path, on_error=self._on_error)
            self._file.write(f"{to_json_line(reject)}\n".encode())


def _words(failure: Failure) -> str:
    return f"{failure.value.__class__.__name__}: {failure.getErrorMessage()}"
