"""Which pages took longest to come, for the manifest."""

from __future__ import annotations

import heapq
from http import HTTPStatus
from time import monotonic
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from newscrawl.contract.manifest import SlowPage

MAX_SLOWEST = 10
"""Pages that the manifest names."""


class SlowestPages:
    """Keeps the web pages of a crawl that took longest, stories or not.

    Scrapy's own ``download_latency`` ends with the headers; a page ends with its last byte. One
    that never came, or is an error, is a reject; where robots.txt or a sitemap is only looked
    for, the error is an answer.
    """

    def __init__(self) -> None:
        self._sent: WeakKeyDictionary[Request, float] = WeakKeyDictionary()
        self._slowest: list[tuple[float, str]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SlowestPages:
        extension = cls()
        crawler.signals.connect(extension.headers_received, signals.headers_received)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        return extension

    @classmethod
    def of(cls, crawler: Crawler) -> tuple[SlowPage, ...]:
        """A crawl's slowest pages; none where its settings have turned this off."""
        extension = crawler.get_extension(cls)
        return extension.slowest if extension else ()

    @property
    def slowest(self) -> tuple[SlowPage, ...]:
        """Slowest first."""
        slowest = sorted(self._slowest, reverse=True)
        return tuple(SlowPage(url=url, seconds=round(seconds, 3)) for seconds, url in slowest)

    def headers_received(self, request: Request) -> None:
        """Note when the request was sent: from here on Scrapy knows, but for HTTP/2."""
        latency = request.meta.get("download_latency")
        if latency is not None:
            self._sent[request] = monotonic() - latency

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Keep the page if it is among the slowest."""
        sent = self._sent.pop(request, None)
        came = isinstance(response, HtmlResponse) and response.status < HTTPStatus.BAD_REQUEST
        if sent is None or not came:
            return
        heapq.heappush(self._slowest, (monotonic() - sent, response.url))
        if len(self._slowest) > MAX_SLOWEST:
            heapq.heappop(self._slowest)
