"""What a run brought, counted record by record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import NamedTuple

from newscrawl.contract.manifest import Metrics
from newscrawl.extraction.composer import SHOWN
from newscrawl.records import Article

_MOST_WORDS = 20_000
"""Longer stories count as so long: that bounds the lengths that are told apart, and no median of
news is near it."""


class Measured(NamedTuple):
    """A run of a site, and what it brought."""

    at: dt.datetime
    """When it ended, in UTC."""
    metrics: Metrics
    """What it brought."""


class Tally:
    """Counts records, in memory that doesn't grow with them. ``removed`` says whether the asks were
    written into them."""

    def __init__(self, *, removed: bool) -> None:
        self._removed = removed
        self._with_date = 0
        self._with_byline = 0
        self._lengths: Counter[int] = Counter()
        self._kept = 0
        self._taken = 0

    def add(self, article: Article) -> None:
        """Count a record."""
        self._with_date += article.date_published is not None
        self._with_byline += bool(article.byline or article.authors)
        self._lengths[min(article.word_count, _MOST_WORDS)] += 1
        self._kept += len(article.body or "")
        asks = (run.text for run in article.removed if run.label in SHOWN["asks"])
        self._taken += sum(map(len, asks))

    def metrics(self, *, listed: int | None, rejected: int) -> Metrics:
        """What the run brought; ``rejected`` are its rejects but for duplicates."""
        stories = self._lengths.total()
        text = self._kept + self._taken
        return Metrics(
            listed=listed,
            stories=stories,
            with_date=self._with_date,
            with_byline=self._with_byline,
            median_words=_lower_median(self._lengths),
            removed_share=round(self._taken / text, 4) if text and self._removed else None,
            tried=stories + rejected,
            rejected=rejected,
        )


def _lower_median(counts: Counter[int]) -> int | None:
    middle = (counts.total() + 1) // 2
    for value in sorted(counts):
        middle -= counts[value]
        if middle <= 0:
            return value
    return None
