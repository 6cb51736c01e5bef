"""What a feed or sitemap said of a story: the weakest evidence, for what its page doesn't say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from newscrawl.extraction.facts.fact import Fact
from newscrawl.records import Discovered, Source

_SOURCES: Mapping[str, Source] = {"feed": "feed", "sitemap": "sitemap"}


def said_facts(said: Discovered | None) -> dict[str, Fact[Any]]:
    """Headline, date, section and tags by the record's field names, as far as they were said.

    The modified date isn't among them: sitemaps give the day on which they were made.
    """
    source = _SOURCES.get(said.source) if said else None
    if said is None or source is None:
        return {}
    values: dict[str, Any] = {
        "headline": said.title,
        "date_published": said.published,
        "section": said.section,
        "tags": said.keywords,
    }
    return {name: Fact(value, source, _raw(value)) for name, value in values.items() if value}


def _raw(value: str | dt.date | tuple[str, ...]) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str) else ", ".join(value)
