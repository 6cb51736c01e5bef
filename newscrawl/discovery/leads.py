"""Where a site lists its stories, and what each such place leads to: stories and further places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from parsel import Selector

from newscrawl.discovery.feeds import feed_links, read_feed
from newscrawl.discovery.found import Found
from newscrawl.discovery.links import article_links, section_links
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.records import Discovered
from newscrawl.urls import site_of

LeadKind = Literal["start", "section", "feed", "sitemap"]

MOST: Mapping[LeadKind, int] = {"start": 100, "section": 50, "feed": 20, "sitemap": 50}
"""Most places of a kind that are read in one run. Some sites have a sitemap for every day of twenty
years: the newest fifty hold what a run can fetch."""
DEEPEST_SITEMAP = 3
"""How far sitemap indexes are followed; the protocol allows for one level, sites use two."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A place that lists stories."""

    kind: LeadKind
    """``start`` for a front or section page that the user named."""
    url: str
    """Absolute, cleaned."""
    depth: int = 0
    """How many places lead to it, for its kind."""
    guessed: bool = False
    """Whether nobody said that it is there: not to have it is no failure."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a place said."""

    stories: tuple[Found, ...] = ()
    """The stories that it lists, wanted or not, in its order."""
    leads: tuple[Lead, ...] = ()
    """The places that it leads to."""
    problem: str | None = None
    """Why not all of it was read, in words."""
    language: str | None = None
    """What a page declares, as it stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a search goes."""

    zone: dt.tzinfo | None = None
    """The site's time zone."""
    since: dt.datetime | None = None
    """Sitemaps that haven't changed since then aren't read."""
    depth: int = 0
    """How many links away from the start pages section pages are read."""
    declared_feeds: bool = True
    """Whether the feeds that pages declare are read."""


def read_lead(lead: Lead, url: str, content: bytes, text: str, reach: Reach) -> Reading:
    """What a place says; ``url`` is where it was found in the end, ``text`` its decoded content."""
    return _READERS[lead.kind](lead, url, content, text, reach)


def first_leads(
    start: Iterable[str], feeds: Iterable[str], sitemaps: Iterable[str]
) -> tuple[Lead, ...]:
    """The places that the user named."""
    named: dict[LeadKind, Iterable[str]] = {"sitemap": sitemaps, "feed": feeds, "start": start}
    return tuple(Lead(kind, url) for kind, urls in named.items() for url in urls)


def guessed_sitemap(start: str) -> Lead:
    """Where a site's sitemap is if it is anywhere, when nothing says so."""
    return Lead("sitemap", urljoin(start, "/sitemap.xml"), guessed=True)


def _read_page(lead: Lead, url: str, _content: bytes, text: str, reach: Reach) -> Reading:
    document = Selector(text)
    site = site_of(url) or ""
    stories = tuple(
        Found(link, Discovered(source="section", found_at=url))
        for link in article_links(document, url, site)
    )
    feeds = feed_links(document, url) if reach.declared_feeds else []
    deeper = section_links(document, url, site) if lead.depth < reach.depth else []
    leads = (
        *(Lead("feed", feed) for feed in feeds),
        *(Lead("section", section, lead.depth + 1) for section in deeper),
    )
    return Reading(stories, leads, language=document.xpath("/html/@lang").get())


def _read_feed(_lead: Lead, url: str, content: bytes, _text: str, reach: Reach) -> Reading:
    feed = read_feed(content, url, reach.zone)
    return Reading(feed.stories, problem=feed.problem)


def _read_sitemap(lead: Lead, url: str, content: bytes, _text: str, reach: Reach) -> Reading:
    sitemap = read_sitemap(content, url, reach.zone)
    if lead.depth == DEEPEST_SITEMAP:
        return Reading(sitemap.stories, problem=sitemap.problem)
    links = sorted(sitemap.sitemaps, key=lambda link: link.rank, reverse=True)
    leads = tuple(
        Lead("sitemap", link.url, lead.depth + 1)
        for link in links
        if reach.since is None or link.newest is None or link.newest >= reach.since
    )
    return Reading(sitemap.stories, leads, sitemap.problem)


_READERS: Mapping[LeadKind, Callable[[Lead, str, bytes, str, Reach], Reading]] = {
    "start": _read_page,
    "section": _read_page,
    "feed": _read_feed,
    "sitemap": _read_sitemap,
}
