"""Which of the URLs that were found are fetched, in which order, and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import translate
from typing import NamedTuple
from urllib.parse import unquote

from newscrawl.discovery.found import Found
from newscrawl.discovery.links import article_shape, is_static
from newscrawl.urls import site_of, split_web_url

FUTURE = dt.timedelta(days=1)
"""How far ahead a story's date may lie, for time zones' sake; further ahead it is no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the user wants of a site."""

    sites: frozenset[str]
    """Registrable domains of its stories; empty when any will do."""
    include: tuple[str, ...] = ()
    """Patterns (``matches``) of which a story's URL must match one, if there are any."""
    exclude: tuple[str, ...] = ()
    """Patterns of which it must match none."""
    since: dt.datetime | None = None
    """Stories that are said to be older aren't wanted; those of unknown age are."""


class Verdict(NamedTuple):
    """Whether a URL is fetched, and why."""

    taken: bool
    reason: str
    """A stable code for the log and the stats: what spoke for the URL, or against it."""
    rank: int = 0
    """How much a reason to take it says: the lower, the more."""


def judge(found: Found, rules: Rules) -> Verdict:
    """The verdict on a URL, by itself: what was fetched before isn't known here."""
    for reason, speaks_against in _AGAINST:
        if speaks_against(found, rules):
            return Verdict(taken=False, reason=reason)
    for rank, (reason, speaks_for) in enumerate(_FOR):
        if speaks_for(found, rules):
            return Verdict(taken=True, reason=reason, rank=rank)
    return Verdict(taken=False, reason="no_story_shape")


def matches(pattern: str, url: str) -> bool:
    """Whether a URL matches a user's pattern: a shell's ``*`` and ``?`` over the path and query,
    ``/sport/*``, or over the whole URL where the pattern has a scheme."""
    parts = split_web_url(url)
    if parts is None:
        return False
    query = f"?{parts.query}" if parts.query else ""
    text = url if "://" in pattern else f"{unquote(parts.path)}{query}"
    return re.match(translate(pattern), text) is not None


def newest_first(found: Iterable[Found], now: dt.datetime) -> list[Found]:
    """The newest by what is said of them, then those of unknown age in the order given."""
    oldest = dt.datetime.min.replace(tzinfo=dt.UTC)

    def age(one: Found) -> dt.datetime:
        moment = one.newest()
        return moment if moment and moment <= now + FUTURE else oldest

    return sorted(found, key=age, reverse=True)


def merged(found: Iterable[Found], key: Callable[[str], str]) -> Iterator[Found]:
    """Each story once, by ``key`` of its URL, in the order given, as where most is said of it."""
    best: dict[str, Found] = {}
    for one in found:
        name = key(one.url)
        before = best.get(name)
        if before is None:
            best[name] = one
        elif _told(one) > _told(before):
            best[name] = replace(before, discovered=one.discovered)
    yield from best.values()


def _told(found: Found) -> int:
    said = found.discovered
    return sum(map(bool, (said.title, said.published, said.modified, said.section, said.keywords)))


def _is_offsite(found: Found, rules: Rules) -> bool:
    return bool(rules.sites) and site_of(found.url) not in rules.sites


def _is_file(found: Found, _rules: Rules) -> bool:
    return is_static(found.url)


def _is_excluded(found: Found, rules: Rules) -> bool:
    return any(matches(pattern, found.url) for pattern in rules.exclude)


def _is_not_included(found: Found, rules: Rules) -> bool:
    return bool(rules.include) and not _is_included(found, rules)


def _is_included(found: Found, rules: Rules) -> bool:
    return any(matches(pattern, found.url) for pattern in rules.include)


def _is_too_old(found: Found, rules: Rules) -> bool:
    newest = found.newest()
    return rules.since is not None and newest is not None and newest < rules.since


def _is_of_feed(found: Found, _rules: Rules) -> bool:
    return found.discovered.source == "feed"


def _is_known(found: Found, _rules: Rules) -> bool:
    return found.discovered.source == "revisit"


def _is_news(found: Found, _rules: Rules) -> bool:
    return found.discovered.source == "sitemap" and found.discovered.published is not None


def _looks_like_story(found: Found, _rules: Rules) -> bool:
    return article_shape(found.url) is not None


_Check = Callable[[Found, Rules], bool]
_AGAINST: tuple[tuple[str, _Check], ...] = (
    ("offsite", _is_offsite),
    ("file", _is_file),
    ("excluded", _is_excluded),
    ("not_included", _is_not_included),
    ("too_old", _is_too_old),
)
_FOR: tuple[tuple[str, _Check], ...] = (
    ("included", _is_included),
    ("feed", _is_of_feed),
    ("news_sitemap", _is_news),
    ("revisit", _is_known),
    ("story_shape", _looks_like_story),
)
"""What speaks for a story, the surest first: a feed and a news sitemap list nothing else."""
