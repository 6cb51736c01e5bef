"""What discovery comes to: a story's URL, with what was said of it where it was found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from newscrawl.extraction.facts.date_reading import Date, read_machine_date
from newscrawl.extraction.text import clean, unescaped
from newscrawl.records import Discovered

MAX_TEXT = 500
"""Longest title, section or keyword that is believed, in characters: as for headlines."""
MAX_KEYWORDS = 50
"""Keywords that are kept of a story: as many as a record has tags."""


_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class Found:
    """A URL that may be a story's."""

    url: str
    """Absolute, cleaned."""
    discovered: Discovered
    """Where it was found, and what was said of it there."""

    def newest(self) -> dt.datetime | None:
        """The story's last known moment, a plain date as its end in UTC; ``None`` if unsaid."""
        moments = [
            moment_of(date)
            for date in (self.discovered.published, self.discovered.modified)
            if date
        ]
        return max(moments, default=None)


def moment_of(date: Date) -> dt.datetime:
    """A date as a moment: a plain one as its end in UTC."""
    if isinstance(date, dt.datetime):
        return date
    return dt.datetime.combine(date, dt.time.max, tzinfo=dt.UTC)


def said_text(value: str | None) -> str | None:
    """A text of a feed or sitemap on one line, without markup; ``None`` if empty or too long."""
    text = clean(unescaped(_MARKUP.sub(" ", (value or "")[: 2 * MAX_TEXT])))
    return text if text and len(text) <= MAX_TEXT else None


def said_date(value: str | None, zone: dt.tzinfo | None = None) -> Date | None:
    """A date of a feed or sitemap, ``zone`` being the site's own for times without one.

    ``None`` for what isn't a date, however much it looks like one: nothing is guessed.
    """
    return read_machine_date(value, zone) if value else None


def said_keywords(values: Iterable[str | None]) -> tuple[str, ...]:
    """Topics, each once, ``MAX_KEYWORDS`` at most."""
    texts = dict.fromkeys(text for value in values if (text := said_text(value)))
    return tuple(texts)[:MAX_KEYWORDS]


def without_cut_end(markup: bytes) -> bytes:
    """Markup up to its last tag: of a file that is cut, half an address would be a whole one."""
    return markup[: markup.rfind(b">") + 1]
