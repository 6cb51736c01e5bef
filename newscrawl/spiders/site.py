"""The spider for a site: from the places that list its stories to the stories, newest first."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from newscrawl import clock
from newscrawl.discovery.found import Found
from newscrawl.discovery.leads import (
    Lead,
    Reach,
    first_leads,
    guessed_sitemap,
    read_lead,
)
from newscrawl.discovery.search import Search, Survey
from newscrawl.discovery.selection import Rules, Verdict
from newscrawl.discovery.sitemaps import MAX_SITEMAP_BYTES
from newscrawl.durations import read_since
from newscrawl.errors import UsageError
from newscrawl.memory import Memory, settled
from newscrawl.records import Discovered, Page
from newscrawl.sites import Site, load_site
from newscrawl.spiders.fetching import (
    LEFT_CODES,
    PageSpider,
    answered,
    failure_code,
    unanswered,
)
from newscrawl.spiders.places import Places
from newscrawl.state import Validator
from newscrawl.urls import clean_url, site_of, story_key

_logger = logging.getLogger(__name__)
_PAGES = frozenset({"start", "section"})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class SiteSpider(PageSpider):
    """Reads where a site lists its stories, then fetches the stories, on that site only.

    ``scrapy crawl site -a start=https://news.example/ -a limit=20``, or ``-a site=`` with a
    site's name, a TOML file or a bare domain. ``limit`` is the most stories to fetch, ``since``
    (``2d`` or a date) leaves out what is said to be older. With ``survey`` it ends behind the
    search and hands that over.
    """

    name = "site"

    def __init__(
        self,
        start: str | None = None,
        site: str | Site | None = None,
        limit: str | int | None = None,
        since: str | None = None,
        survey: Callable[[Survey], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        argument = start or site
        if not argument:
            raise UsageError("give the site spider a start page: -a start=https://news.example/")
        self.site = argument if isinstance(argument, Site) else load_site(argument)
        self.remembered_as = self.site.name
        ages = self.site.revisit
        self.revisits = None if ages is None else tuple(dt.timedelta(seconds=age) for age in ages)
        self.quality_bounds = self.site.quality
        self.allowed_sites = frozenset(filter(None, map(site_of, self.site.start)))
        self._limit = _limit(limit)
        self.window_from = _since(since)
        """Stories that are said to be older are left out."""
        self.pattern_from: dt.datetime | None = None
        """Since when the user wants of the site what he wants; runs before say nothing of it."""
        self._said_since = since
        self._survey = survey
        self._reading: set[str] = set()
        self._read: set[str] = set()
        self._unanswered: set[str] = set()
        self._language: str | None = None
        self._named_by_robots: list[Lead] = []
        self._waiting: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        """A spider whose site's own settings hold for the crawl."""
        spider: SiteSpider = super().from_crawler(crawler, *args, **kwargs)
        site = spider.site
        for name, value in (
            ("DOWNLOAD_DELAY", site.delay),
            ("CONCURRENT_REQUESTS_PER_DOMAIN", site.concurrency),
            ("NEWSCRAWL_MAX_REQUESTS", site.max_requests),
        ):
            if value is not None:
                crawler.settings.set(name, value, priority="spider")
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        return spider

    def left(self) -> list[str]:
        """The URLs that are under way, then those for which the budget didn't suffice."""
        return [*super().left(), *self._waiting]

    async def start(self) -> AsyncIterator[Any]:
        """A request for each place that the user named; those lead to all others."""
        self._now = clock.now()
        self._known = Memory.of(self.crawler).known
        zone = self.site.facts.time_zone
        self._reach = Reach(
            zone=ZoneInfo(zone) if zone else None,
            since=self.window_from,
            depth=self.site.depth,
            declared_feeds=not self.site.feeds,
        )
        self._places = Places(self._known, **self._wanted(), now=self._now)
        self.pattern_from = self._places.same_since
        self.crawler.signals.connect(self.settled, settled)
        self._search = Search(self._rules(), self._now, self._is_done, _log_decision)
        due = self._known.due(self._now)
        self._search.add(_revisit(story.url) for story in due if story.url)
        named = first_leads(self.site.start, self.site.feeds, self.site.sitemaps)
        for request in self._lead_requests(named):
            yield request

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the sitemaps that the site's robots.txt names until a callback can ask for them."""
        named = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        if site_of(request.url) in self.allowed_sites and not self.site.sitemaps:
            self._named_by_robots.extend(Lead("sitemap", url) for url in named)

    def parse_lead(self, response: Response, lead: Lead) -> Iterator[Any]:
        """What a place leads to: requests, and the place itself where it failed."""
        page = answered(response, html_only=lead.kind in _PAGES)
        if page.failure is None and response.status != HTTPStatus.NOT_MODIFIED:
            leads = self._read_lead(response, lead, Validator.of(page.headers))
            self._note_read(lead, "read")
        else:
            leads = self._places.not_sent(lead, response.url)
            if page.failure is None:
                self._note_read(lead, "not_modified")
        return self._go_on(page, lead, leads)

    def lead_failed(self, failure: Failure) -> Iterator[Any]:
        """The place that couldn't be read, and what comes after it, unless the crawl ends."""
        page, lead = unanswered(failure), failure.request.cb_kwargs["lead"]  # type: ignore[attr-defined] # Scrapy's
        leads = self._places.not_sent(lead, page.url)
        return iter(()) if page.failure in LEFT_CODES else self._go_on(page, lead, leads)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """As of any page; but what a busy server wasn't asked for is left to the next run."""
        if failure_code(failure.value or RuntimeError()) != "busy":
            yield from super().failed(failure)

    def settled(self) -> None:
        """Keep what is known of the places, now that it shows which have to be sent again."""
        self._places.keep()

    def _rules(self) -> Rules:
        return Rules(
            sites=self.allowed_sites,
            include=self.site.include,
            exclude=self.site.exclude,
            since=self.window_from,
        )

    def _wanted(self) -> Mapping[str, str]:
        """What of the site is wanted, and all that it depends on what is taken of a place. A
        ``since`` counted back from now leaves out more from run to run, and never less."""
        site = self.site
        scope = [site.start, site.feeds, site.sitemaps, site.include, site.exclude, site.depth]
        rules = [*scope, site.facts.time_zone, self._said_since]
        return {"scope": json.dumps(scope), "rules": json.dumps(rules)}

    def _is_done(self, key: str) -> bool:
        return self._known.is_done(key, self._now)

    def _lead_requests(self, leads: Iterable[Lead]) -> Iterator[Request | Page]:
        for lead in self._search.new_leads(leads):
            # Who gives feeds away to somebody else's server, or lists sitemaps there, means it.
            meta: dict[str, Any] = {
                "validator_of": self._places.validator,
                "allow_offsite": lead.kind not in _PAGES,
            }
            if lead.kind == "sitemap":
                meta["download_maxsize"] = MAX_SITEMAP_BYTES
            request = self.request(
                lead.url,
                meta=meta,
                callback=self.parse_lead,
                errback=self.lead_failed,
                cb_kwargs={"lead": lead},
            )
            if isinstance(request, Request):
                self._reading.add(lead.url)
            yield request

    def _read_lead(
        self, response: Response, lead: Lead, validator: Validator | None
    ) -> Iterable[Lead]:
        """Take up the stories that a place lists; the places that it leads to."""
        text = response.text if isinstance(response, TextResponse) else ""
        try:
            reading = read_lead(lead, response.url, response.body, text, self._reach)
            stories = self._search.add(reading.stories)
            self._language = self._language or reading.language
        except sqlite3.Error:
            # The state's, which ends the crawl (``Memory``).
            raise
        except Exception:
            # A defect that one place's bytes bring to light costs what stands there, no more.
            _logger.exception("reading %s failed: report it with this log", response.url)
            self._count("defect")
            return self._places.not_sent(lead, response.url)
        if reading.problem:
            _logger.info("%s %s: %s", lead.kind, response.url, reading.problem)
            self._count("problem")
        self._places.read(lead, response.url, validator, reading, stories)
        return reading.leads

    def _note_read(self, lead: Lead, how: str) -> None:
        self._read.add(lead.url)
        self._count(how)

    def _go_on(self, page: Page, lead: Lead, leads: Iterable[Lead]) -> Iterator[Any]:
        """The place if it failed, then further places, then, behind the last, the stories."""
        self.close_page(page)
        self._reading.discard(lead.url)
        if page.failure and page.status != HTTPStatus.NOT_MODIFIED and not lead.guessed:
            self._count("failed")
            if page.status not in _GONE:
                self._unanswered.add(lead.url)
            yield page
        named, self._named_by_robots = self._named_by_robots, []
        yield from self._lead_requests([*leads, *named])
        if not self._reading and self._read and not self._lists():
            yield from self._lead_requests([guessed_sitemap(self.site.start[0])])
        if not self._reading:
            yield from self._story_requests()

    def _lists(self) -> bool:
        """Whether there are lists for machines, read or not."""
        return any(lead.kind not in _PAGES for lead in self._search.leads.values())

    def _story_requests(self) -> Iterator[Request | Page]:
        stories = self._search.newest()
        wanted = [found for found in stories if clean_url(found.url) not in self._search.leads]
        self._report(wanted)
        if self._survey is not None:
            return
        if self._limit is not None and len(wanted) > self._limit:
            wanted = wanted[: self._limit]
        budget = self.site.max_requests
        self._waiting = [found.url for found in wanted[budget:]]
        for number, found in enumerate(wanted[:budget]):
            meta = {
                "discovered": found.discovered,
                "facts": self.site.facts,
                "is_known": self._known.story_of(story_key(found.url)) is not None,
                "validator_of": self._known.validator,
            }
            yield self.request(found.url, meta=meta, priority=-number)

    def _report(self, wanted: Sequence[Found]) -> None:
        counts = self._search.counts()
        for reason, count in counts.items():
            self.crawler.stats.set_value(f"newscrawl/selection/{reason}", count)
        if self._read:
            listed = sum(map(self._places.listed, self._read | self._unanswered))
            self.crawler.stats.set_value("newscrawl/discovery/wanted", len(wanted))
            self.crawler.stats.set_value("newscrawl/discovery/listed", listed)
        if not counts and self.crawler.stats.get_value("newscrawl/discovery/read"):
            _logger.warning("no links to articles on %s", ", ".join(self.site.start))
        if self._survey is not None:
            leads = self._search.leads.values()
            places = ((lead, self._places.listed(lead.url)) for lead in leads)
            read = tuple(place for place in places if place[0].url in self._read)
            self._survey(Survey(read, tuple(wanted), counts, self._language))

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/discovery/{what}")


def _revisit(url: str) -> Found:
    return Found(url, Discovered(source="revisit", found_at=url))


def _log_decision(url: str, verdict: Verdict) -> None:
    _logger.debug("%s %s: %s", "taken" if verdict.taken else "left", url, verdict.reason)


def _limit(value: str | int | None) -> int | None:
    try:
        number = None if value is None else int(value)
    except ValueError:
        number = 0
    if number is not None and number < 1:
        raise UsageError(f"limit is {value!r}: give a number of articles, 1 or more")
    return number


def _since(value: str | None) -> dt.datetime | None:
    moment = None if value is None else read_since(value, clock.now())
    if value is not None and moment is None:
        raise UsageError(f"since is {value!r}: give a time, 2d, or a date, 2026-11-01")
    return moment
