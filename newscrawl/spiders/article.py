"""The spider for URLs that somebody gives."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

from newscrawl.spiders.fetching import PageSpider

_SEPARATOR = re.compile(r",?\s+|,(?=[A-Za-z][A-Za-z0-9+.-]*:)")
"""White space, or a comma before a scheme: addresses of stories have commas of their own."""


class ArticleSpider(PageSpider):
    """Fetches the URLs given, each once, and follows redirects wherever they lead.

    ``scrapy crawl article -a urls="https://news.example/a https://news.example/b"``
    """

    name = "article"

    def __init__(self, urls: str | Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = _SEPARATOR.split(urls.strip(" ,")) if isinstance(urls, str) else urls
        self._waiting = deque(url for url in given if url.strip())

    def left(self) -> list[str]:
        """The URLs that are under way, then those whose turn didn't come."""
        return [*super().left(), *self._waiting]

    async def start(self) -> AsyncIterator[Any]:
        """A request for each URL, or the page that says why there is none."""
        while self._waiting:
            yield self.request(self._waiting.popleft())
