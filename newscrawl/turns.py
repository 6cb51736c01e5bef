"""Scrapy's downloader, with one rate a host for all processes that share a state."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

from scrapy import Request, Spider
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler

from newscrawl.middlewares import Refused
from newscrawl.state import Rates, rates_beside

_TICK = 0.5
"""Seconds after which a waiting request looks again whether the crawl is over."""
_NOW = sys.float_info.min
"""A delay that is over, and a delay all the same: after none, Scrapy sends all that waits."""


class TurnSlot(Slot):
    """Scrapy's slot of a host, whose requests wait for their turn among those of all processes.

    How long, is up to its ``delay`` and ``jitter`` still, which AutoThrottle and Crawl-delay set:
    each request puts the next turn that much later, whoever takes it. ``take`` does so, or gives
    the seconds until the turn comes (``Rates.take``). A turn is taken when a request can be sent
    and no earlier, so that none is wasted on one that waits for another's answer.
    """

    def __init__(self, like: Slot, take: Callable[[float], float]) -> None:
        super().__init__(like.concurrency, like.delay, like.jitter)
        self._take = take
        self._chance = 0.0
        """Where in the jitter's range, from -1 to 1, the delay behind the last request is."""

    def download_delay(self) -> float:
        """Seconds from the last request to the next: Scrapy sends it if they are over."""
        if not self.queue or self.free_transfer_slots() <= 0:
            return 0.0
        # Scrapy's own rule, for a delay that has become longer since the turn was put.
        wait = self.lastseen + self._delay(self._chance) - monotonic()
        if wait <= 0:
            chance = random.uniform(-1, 1)  # noqa: S311 - for politeness, not for secrets
            wait = self._take(self._delay(chance))
            if wait <= 0:
                self._chance = chance
                return _NOW if self.delay else 0.0
        return monotonic() - self.lastseen + min(wait, _TICK)

    def _delay(self, chance: float) -> float:
        return max(0.0, self.delay * (1 + self.jitter * chance))


class TurnDownloader(Downloader):
    """Scrapy's downloader with ``TurnSlot`` for its slots: the setting ``DOWNLOADER``.

    The turns are in ``NEWSCRAWL_RATES``, or else beside ``NEWSCRAWL_STATE``; with neither they are
    this crawl's own. Requests that wait for their turn when the crawl ends are ``Refused`` with
    ``stopped``, which is no verdict on their pages: a spider leaves them to the next run.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        rates, state = map(crawler.settings.get, ("NEWSCRAWL_RATES", "NEWSCRAWL_STATE"))
        beside = rates_beside(Path(state)) if state else None
        self._rates = Rates(Path(rates) if rates else beside)

    def pause(self, host: str, seconds: float) -> None:
        """Have all requests to a host wait, those of other processes, too."""
        self._rates.pause(host, seconds)

    def close(self) -> None:
        """Give up the slots and the rates."""
        super().close()
        self._rates.close()

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:  # noqa: ARG002 # Scrapy's own signature
        key, slot = super()._get_slot(request)
        if not isinstance(slot, TurnSlot):
            slot = self.slots[key] = TurnSlot(slot, partial(self._rates.take, key))
        return key, slot

    def _process_queue(self, slot: Slot) -> None:
        while slot.queue and self._is_ending():
            request, answer = slot.queue.popleft()
            answer.errback(Refused("stopped", f"{request.url} waited for its turn"))
        super()._process_queue(slot)

    def _is_ending(self) -> bool:
        # A stop, a deadline and a spent budget have nothing else in common that shows.
        slot = self.crawler.engine._slot  # noqa: SLF001
        return slot is None or slot.closing is not None
