"""Which of the waiting requests is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface


class HostQueue(DownloaderAwarePriorityQueue):
    """Gives out no more of a host's requests than may be under way there.

    Scrapy's own queue hands the rest to the downloader as well, where they take the places of other
    hosts' requests, and are sent although the host wants to be left alone by then.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = _UnderWay(crawler)
        self._most = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")

    def pop(self) -> Request | None:
        """The next request; ``None`` while every host that has one is busy."""
        under_way = self._downloader_interface.stats(self.pqueues)
        return super().pop() if any(count < self._most for count, _ in under_way) else None


class _UnderWay(DownloaderInterface):
    """Counts a host's requests from the first middleware on: robots.txt and DNS take their time."""

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """The number of each host's requests, and the host."""
        under_way = Counter(map(self.get_slot_key, self.downloader.active))
        return [(under_way[slot], slot) for slot in possible_slots]
