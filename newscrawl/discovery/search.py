"""A search of a site for its stories: which places are read, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from newscrawl.discovery.found import Found
from newscrawl.discovery.leads import MOST, Lead
from newscrawl.discovery.selection import Rules, Verdict, judge, merged, newest_first
from newscrawl.urls import clean_url, story_key

MAX_CANDIDATES = 20_000
"""Stories that are kept to choose from, the newest: some 15 MB, and more than a run can fetch."""
MAX_JUDGED = 200_000
"""Addresses that are looked at in one run; sitemaps of large archives hold millions."""

_TOO_MANY = Verdict(taken=False, reason="too_many")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a search came to."""

    places: tuple[tuple[Lead, int], ...]
    """The places that were read, and how many stories each lists, wanted or not."""
    stories: tuple[Found, ...]
    """What would be fetched, newest first."""
    counts: Mapping[str, int]
    """Every decision (``Search.counts``)."""
    language: str | None = None
    """As the first start page declares it."""


class Search:
    """Collects what is found, each place and each story once, and knows the reason for each.

    ``now`` is the time of the run. ``is_done`` says of a story's key whether it needs no fetching
    now. ``log`` is told each decision.
    """

    def __init__(
        self,
        rules: Rules,
        now: dt.datetime,
        is_done: Callable[[str], bool],
        log: Callable[[str, Verdict], None],
    ) -> None:
        self.leads: dict[str, Lead] = {}
        """The places to read or read so far, by URL."""
        self._rules = rules
        self._now = now
        self._is_done = is_done
        self._log = log
        self._verdicts: dict[str, Verdict] = {}
        self._candidates: list[Found] = []
        self._beyond: Counter[str] = Counter()

    def new_leads(self, leads: Iterable[Lead]) -> Iterator[Lead]:
        """Those of the places that are to be read and weren't before, by their clean URLs, ``MOST``
        of a kind."""
        for lead in leads:
            url = clean_url(lead.url)
            if url is None or url in self.leads:
                continue
            if sum(known.kind == lead.kind for known in self.leads.values()) >= MOST[lead.kind]:
                self._beyond[f"left/more_{lead.kind}s"] += 1
                continue
            self.leads[url] = replace(lead, url=url)
            yield self.leads[url]

    def add(self, stories: Iterable[Found]) -> frozenset[str] | None:
        """Take up what a place lists, what it says of stories that are taken already included.

        The keys of all that the rules want, fetched before or not; ``None`` for a place of which
        not all was looked at.
        """
        wanted: set[str] = set()
        is_all = True
        for found in stories:
            key = story_key(found.url)
            verdict = self._verdict(key, found)
            if verdict.taken:
                self._candidates.append(found)
            if verdict.taken or verdict.reason == "known":
                wanted.add(key)
            is_all &= verdict is not _TOO_MANY
        if len(self._candidates) > 2 * MAX_CANDIDATES:
            self._candidates = self.newest()
        return frozenset(wanted) if is_all else None

    def newest(self) -> list[Found]:
        """The stories to fetch, each once, newest first; ``MAX_CANDIDATES`` at most."""
        stories = newest_first(merged(self._candidates, story_key), self._now)
        self._beyond["left/too_many"] += max(0, len(stories) - MAX_CANDIDATES)
        return stories[:MAX_CANDIDATES]

    def counts(self) -> Counter[str]:
        """How many URLs were ``taken/<reason>`` and ``left/<reason>``, places beyond the bounds
        included."""
        decided = (("taken" if v.taken else "left", v.reason) for v in self._verdicts.values())
        return Counter(map("/".join, decided)) + self._beyond

    def _verdict(self, key: str, found: Found) -> Verdict:
        """The verdict on a URL, by this place or by one before: once taken, always."""
        before = self._verdicts.get(key)
        if before is None and len(self._verdicts) >= MAX_JUDGED:
            self._beyond["left/too_many"] += 1
            return _TOO_MANY
        if before is not None and before.reason == "known":
            return before
        verdict = judge(found, self._rules)
        if before is not None and before.taken:
            if verdict.taken and verdict.rank < before.rank:
                self._verdicts[key] = verdict
            return before
        if verdict.taken and found.discovered.source != "revisit" and self._is_done(key):
            verdict = Verdict(taken=False, reason="known")
        self._verdicts[key] = verdict
        self._log(found.url, verdict)
        return verdict
