"""The spider for a site: from its start pages to its articles."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import HtmlResponse, Response

from newscrawl.discovery.links import article_links
from newscrawl.errors import UsageError
from newscrawl.sites import Site, load_site
from newscrawl.spiders.fetching import PageSpider, answered
from newscrawl.urls import site_of

_logger = logging.getLogger(__name__)


class SiteSpider(PageSpider):
    """Fetches what a site's start pages link to and what looks like an article, on that site only.

    ``scrapy crawl site -a start=https://news.example/ -a limit=20``, or ``-a site=`` with a
    site's name, a TOML file or a bare domain. ``limit`` is the most articles to fetch.
    """

    name = "site"

    def __init__(
        self,
        start: str | None = None,
        site: str | Site | None = None,
        limit: str | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        argument = start or site
        if not argument:
            raise UsageError("give the site spider a start page: -a start=https://news.example/")
        self._site = argument if isinstance(argument, Site) else load_site(argument)
        self.remembered_as = self._site.name
        self._limit = _limit(limit)
        self._articles: set[str] = set()
        self.allowed_sites = frozenset(filter(None, map(site_of, self._site.start)))

    async def start(self) -> AsyncIterator[Any]:
        """A request for each start page."""
        for url in self._site.start:
            yield self.request(url, callback=self.parse_start)

    def parse_start(self, response: Response) -> Iterator[Any]:
        """Requests for the articles that a start page links to; the page itself if it failed."""
        page = self.close_page(answered(response))
        if page.failure or not isinstance(response, HtmlResponse):
            yield page
            return
        links = article_links(response.selector, response.url, site_of(response.url) or "")
        if not links:
            _logger.warning("no links to articles on %s", response.url)
        for url in links:
            if self._limit is not None and len(self._articles) >= self._limit:
                return
            if url not in self._articles:
                self._articles.add(url)
                yield self.request(url)


def _limit(value: str | int | None) -> int | None:
    try:
        number = None if value is None else int(value)
    except ValueError:
        number = 0
    if number is not None and number < 1:
        raise UsageError(f"limit is {value!r}: give a number of articles, 1 or more")
    return number
