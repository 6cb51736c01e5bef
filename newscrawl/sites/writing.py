"""The site file of a site that was looked at: what is known of it, and what could be said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from newscrawl.sites.site import MAX_REQUESTS, Site
from newscrawl.terminal import printable

_TEMPLATE = """\
# {start}
# Written by "newscrawl sites new". Lines behind a # are examples: take it away, and they count.

name = {name}

# Front and section pages, from which the search for stories starts.
start = {starts}

# Where the site lists its stories for machines. Without these lines, newscrawl takes the feeds that
# its pages declare and the sitemaps that its robots.txt names.
{feeds}
{sitemaps}

# Only URLs with such a path, and none with such a path; * stands for anything.
# include = ["/local/*", "/sport/*"]
# exclude = ["*/live/*"]

# The zone of times that pages and feeds print without one, and the language of undeclared pages.
# time_zone = "Europe/Oslo"
{language}

# Seconds between two requests, and how many may be under way; robots.txt may ask for more patience.
# delay = "1s"
# concurrency = 2

# How many requests a run may make, and how many links away sections are read, too.
# max_requests = {max_requests}
# depth = 1

# At which ages a story is looked at again, to see whether it has changed.
# revisit = ["1h", "6h", "1d", "3d", "7d"]

# Rarely needed: where stories stand on the pages, in CSS, until the day when you look again.
# [selectors]
# body = "article .text"
# remove = ["article .appeal"]
# until = 2030-12-31

# Each run is compared with those before it. A number takes their place: the least share of stories
# with a date; the most pages rejected. With false nobody looks.
# [quality]
# date = 0.9
# byline = false
# rejected = 0.5
"""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def write_site(site: Site, listed: Sequence[tuple[str, int]] = ()) -> str:
    """The TOML of a site, with comments; ``read_site`` reads it as ``site``.

    ``listed`` are the feeds and sitemaps that answered, and how many stories each listed.
    """
    counts = dict(listed)
    language = site.facts.language or ""
    known = _LANGUAGE.fullmatch(language)
    return _TEMPLATE.format(
        start=printable(site.start[0]),
        name=_quoted(site.name),
        starts=_list(site.start, {}),
        feeds=_line("feeds", site.feeds, counts),
        sitemaps=_line("sitemaps", site.sitemaps, counts),
        language=f"language = {_quoted(language)}" if known else '# language = "en"',
        max_requests=MAX_REQUESTS,
    )


def _line(key: str, urls: Sequence[str], counts: dict[str, int]) -> str:
    return f"{key} = {_list(urls, counts)}" if urls else f"# {key} = []"


def _list(urls: Iterable[str], counts: dict[str, int]) -> str:
    lines = (f"    {_quoted(url)},{_count(counts.get(url))}" for url in urls)
    return "\n".join(["[", *lines, "]"])


def _count(stories: int | None) -> str:
    return f"  # {stories} stories" if stories else ""


def _quoted(text: str) -> str:
    """A TOML string: JSON's are among them, but for the one character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
