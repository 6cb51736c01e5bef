"""A site, as the user describes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.quality import Bounds
from newscrawl.records import SiteFacts

MAX_REQUESTS = 1000
"""Requests of one run to a site, where the user names no other number: at a request a second, a
quarter of an hour of a server's patience, and more new stories than any site has in a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site to crawl. What is ``None`` or empty is left to newscrawl."""

    name: str
    """What the user calls it; ``folder_name`` makes a folder's name of it."""
    start: tuple[str, ...]
    """Absolute http or https URLs of its front and section pages, at least one."""
    feeds: tuple[str, ...] = ()
    """Its feeds; where there are none, those that its pages declare."""
    sitemaps: tuple[str, ...] = ()
    """Its sitemaps; where there are none, those that its robots.txt names."""
    include: tuple[str, ...] = ()
    """Patterns of the URLs wanted (``discovery.selection.matches``)."""
    exclude: tuple[str, ...] = ()
    """Patterns of the URLs not wanted."""
    facts: SiteFacts = field(default_factory=SiteFacts)
    """What helps to read its pages."""
    delay: float | None = None
    """Seconds between requests."""
    concurrency: int | None = None
    """Requests under way at a time."""
    revisit: tuple[float, ...] | None = None
    """Seconds after a story's first visit at which it is looked at again; empty for never."""
    depth: int = 0
    """How many links away from the start pages sections are read, too."""
    max_requests: int = MAX_REQUESTS
    """Requests of one run, discovery and redirects included."""
    quality: Bounds = field(default_factory=dict)
    """What its runs are held against, in place of those before them."""
