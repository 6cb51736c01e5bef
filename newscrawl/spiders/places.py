"""What is known of the places that list a site's stories, from one run to the next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from newscrawl.discovery.leads import MOST, Lead, Reading
from newscrawl.state import KnownSite, Validator

_MOST_LEADS = sum(MOST.values())
"""Leads that are kept of a place: more than are read in one run."""


@dataclass(slots=True, kw_only=True)
class _Place:
    """A place as it was when it was last sent."""

    url: str
    """Where redirects end."""
    validator: Validator | None = None
    """To ask whether it has changed; ``None`` if it must be sent again, changed or not."""
    leads: tuple[Lead, ...] = ()
    """What it leads to: a page that hasn't changed isn't sent again, and names no feeds."""
    open: frozenset[str] = field(default_factory=frozenset)
    """Keys of the stories that it lists which weren't settled when it was read."""
    listed: int = 0
    """Stories that it lists, wanted or not."""


class Places:
    """What earlier runs know of a site's places, and what this one comes to know.

    A place is asked for conditionally once every story that it lists, and that the rules want, is
    written or rejected for good: until then it must name them again. ``rules`` are all that its
    reading depends on; what was kept by other ones doesn't hold. ``scope`` is what of the site the
    user wants.
    """

    def __init__(self, known: KnownSite, *, rules: str, scope: str, now: dt.datetime) -> None:
        self._known = known
        self._rules = rules
        self._scope = scope
        data = known.leads()
        self.same_since = _same_since(data, scope, now)
        """When the scope came to be what it is; ``None`` if it never was another one."""
        self._before = _from_bytes(data, rules)
        self._by_url = {place.url: place for place in self._before.values()}
        self._now: dict[str, _Place] = {}

    def validator(self, url: str) -> Validator | None:
        """What a place that is settled was last sent with."""
        place = self._by_url.get(url)
        return place.validator if place else None

    def read(
        self,
        lead: Lead,
        url: str,
        validator: Validator | None,
        reading: Reading,
        stories: Iterable[str] | None,
    ) -> None:
        """Take up a place that was sent, with what stands there and the keys of its stories, as far
        as the rules want them; ``None`` if not all are known."""
        self._now[lead.url] = _Place(
            url=url,
            validator=None if stories is None else validator,
            leads=reading.leads[:_MOST_LEADS],
            listed=len(reading.stories),
            open=frozenset(key for key in stories or () if not self._known.is_settled(key)),
        )

    def listed(self, url: str) -> int:
        """How many stories a place that was taken up lists, wanted or not, as it was last sent."""
        place = self._now.get(url)
        return place.listed if place else 0

    def not_sent(self, lead: Lead, url: str) -> tuple[Lead, ...]:
        """What a place leads to that hasn't changed or couldn't be read: what it did before."""
        place = self._by_url.get(url) or self._before.get(lead.url)
        if place is None:
            return ()
        self._now[lead.url] = place
        return place.leads

    def keep(self) -> None:
        """Keep what the run came to know, when its stories are settled."""
        for place in self._now.values():
            if not all(map(self._known.is_settled, place.open)):
                place.validator = None
        since = self.same_since and self.same_since.isoformat()
        content = [self._rules, _rows(self._now), self._scope, since]
        self._known.keep_leads(json.dumps(content).encode())


def _rows(places: dict[str, _Place]) -> list[list[object]]:
    rows: list[list[object]] = []
    for url, place in places.items():
        validator = place.validator or Validator()
        leads = [[lead.kind, lead.url, lead.depth] for lead in place.leads]
        named = [url, place.url, validator.etag, validator.last_modified]
        rows.append([*named, place.listed, leads])
    return rows


def _same_since(data: bytes, scope: str, now: dt.datetime) -> dt.datetime | None:
    # States from before the scope was kept have none.
    kept, since = (json.loads(data)[2:] if data else ()) or (scope, None)
    if kept != scope:
        return now
    return dt.datetime.fromisoformat(since) if since else None


def _from_bytes(data: bytes, rules: str) -> dict[str, _Place]:
    """The places of ``_rows``, none if they were kept by other rules."""
    kept, rows, *_ = json.loads(data) if data else (rules, [])
    if kept != rules:
        return {}
    return {
        lead: _Place(
            url=url,
            validator=Validator(etag, modified),
            listed=listed,
            leads=tuple(Lead(kind, found, depth) for kind, found, depth in leads),
        )
        for lead, url, etag, modified, listed, leads in rows
    }
