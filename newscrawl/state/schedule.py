"""When a story is looked at again, and when a page that failed is tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

REVISITS = (
    dt.timedelta(hours=1),
    dt.timedelta(hours=6),
    dt.timedelta(days=1),
    dt.timedelta(days=3),
    dt.timedelta(days=7),
)
"""Ages at which a story is visited again, and waits between tries of a page that failed."""

FINAL_CODES = frozenset(
    {
        "bad_redirect",
        "bad_url",
        "duplicate",
        "http_404",
        "http_410",
        "no_body",
        "no_headline",
        "not_article",
        "not_html",
        "offsite",
        "private_address",
        "robots",
        "too_large",
        "too_many_redirects",
    }
)
"""Reason codes of pages that another try wouldn't mend."""


def next_visit(
    first_seen: dt.datetime, now: dt.datetime, schedule: Sequence[dt.timedelta] = REVISITS
) -> dt.datetime | None:
    """When a story is due after a visit ``now``: at the next age of the schedule, then never.

    Ages that passed between two runs are made up for by one visit.
    """
    coming = (first_seen + age for age in schedule if first_seen + age > now)
    return next(coming, None)


def next_try(code: str, tries: int, now: dt.datetime) -> dt.datetime | None:
    """When a page that was rejected ``tries`` times, at last with ``code``, is tried again."""
    if code in FINAL_CODES or tries > len(REVISITS):
        return None
    return now + REVISITS[tries - 1]
