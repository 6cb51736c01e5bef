"""How a crawl treats a server: Crawl-delay, a pause when it is asked for, a budget of requests.

Delay with jitter, concurrency and AutoThrottle are Scrapy's own; ``settings`` turns them on.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from newscrawl import clock
from newscrawl.middlewares import Refused

MAX_CRAWL_DELAY = 60.0
"""Longest Crawl-delay that is kept, in seconds: some robots.txt name a day, to keep everybody out,
which Disallow is for."""
_JITTER = 0.2
"""How much the delay of a host with a Crawl-delay varies, upwards: never shorter than it asks."""
MAX_PAUSE = 60.0
"""Longest pause, in seconds, that a run waits out; behind a longer one, the next run asks."""
FIRST_PAUSE = 2.0
"""Pause, in seconds, behind the first 429 or 503 without Retry-After; the next is twice as long."""
_BUSY = frozenset({429, 503})
_TICK = 0.5
"""Seconds after which a pause looks whether the crawl is being stopped."""


class CrawlDelay:
    """Keeps the delay that a host's robots.txt asks for, whatever AutoThrottle makes of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delays: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take over the Crawl-delay for the host of the request."""
        settings = self._crawler.settings
        asked = robotparser.crawl_delay(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
        host = urlparse_cached(request).hostname or ""
        if asked and asked > 0:
            self._crawler.stats.set_value(f"newscrawl/crawl_delay/{host}", asked)
            slot = patient_slot(asked)
            self._delays[host] = slot["delay"]
            # Scrapy forgets an idle host; this is for when it comes back.
            self._crawler.engine.downloader.per_slot_settings[host] = slot
            self._keep(host)

    def response_downloaded(self, request: Request) -> None:
        """Raise the delay again, behind AutoThrottle."""
        self._keep(request.meta.get("download_slot", ""))

    def _keep(self, host: str) -> None:
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None and host in self._delays:
            slot.delay, slot.jitter = max(slot.delay, self._delays[host]), _JITTER


def patient_slot(asked: float) -> dict[str, float]:
    """Scrapy's settings of a host that asks for a Crawl-delay of so many seconds."""
    return {"delay": min(asked, MAX_CRAWL_DELAY) / (1 - _JITTER), "jitter": _JITTER}


@dataclass(slots=True)
class _Pause:
    """What a host that was too busy has asked for."""

    until: float = 0.0
    """On the monotonic clock."""
    asked: int = 0
    """Times in a row."""
    is_over: bool = True
    """Whether this run may come back."""


class BackOff:
    """Waits when a server answers 429 or 503: as long as it says, or longer each time.

    All requests to the host wait. A host that asks for a longer pause than ``MAX_PAUSE`` isn't
    asked again in this run, nor is one whose pause isn't over when the run ends: its requests are
    ``Refused`` with ``busy``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pauses: defaultdict[str, _Pause] = defaultdict(_Pause)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackOff:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked; raise ``Refused`` with ``busy``."""
        pause = self._pauses.get(_host(request))
        while pause:
            if not pause.is_over:
                raise Refused("busy", "the server asked to be left alone for longer than a run")
            left = pause.until - monotonic()
            if left <= 0:
                return
            if is_ending(self._crawler):
                raise Refused("busy", "the run ended before the pause that the server asked for")
            await asyncio.sleep(min(left, _TICK))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """``response`` itself, or the request once more behind a pause."""
        pause = self._pauses[_host(request)]
        if response.status not in _BUSY:
            pause.asked = 0
            return response
        seconds = retry_after(response.headers.get("Retry-After"), clock.now())
        if seconds is None:
            seconds = FIRST_PAUSE * 2**pause.asked
        pause.asked += 1
        self._crawler.stats.inc_value("newscrawl/pauses")
        if seconds > MAX_PAUSE:
            pause.is_over = False
            return response
        pause.until = max(pause.until, monotonic() + seconds)
        spider = self._crawler.spider
        reason = f"http_{response.status}"
        again = get_retry_request(request, spider=spider, reason=reason) if spider else None
        return again or response


def is_ending(crawler: Crawler) -> bool:
    """Whether a crawl's spider is being closed, at its deadline or on a signal; Scrapy itself tells
    nobody before the last answer is there."""
    slot = crawler.engine._slot  # noqa: SLF001 - there is no other place to look at
    return slot is None or slot.closing is not None


def retry_after(value: bytes | None, now: dt.datetime) -> float | None:
    """Seconds that a Retry-After header asks for, given as such or as a date; ``None`` for none."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())


class RequestBudget:
    """Ends the crawl, in good order, when it has sent ``NEWSCRAWL_MAX_REQUESTS`` requests.

    Each counts, robots.txt, redirects and retries included. One that comes too late is ``Refused``
    with ``budget``, which is no verdict on its page: a spider leaves it to the next run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._most = crawler.settings.getint("NEWSCRAWL_MAX_REQUESTS")
        if not self._most:
            raise NotConfigured
        self._crawler = crawler
        self._sent = 0
        self._end: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RequestBudget:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count it; raise ``Refused`` with ``budget``."""
        if self._sent < self._most:
            self._sent += 1
            return
        if self._end is None:
            self._end = asyncio.get_running_loop().create_task(self._close())
        raise Refused("budget", f"{request.url} is one request too many for this run")

    async def _close(self) -> None:
        if self._crawler.engine.spider is not None:
            await self._crawler.engine.close_spider_async(reason="budget")


def _host(request: Request) -> str:
    return urlparse_cached(request).hostname or ""
