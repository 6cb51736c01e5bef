"""Date lines as printed: whether a block is one, and which of its dates is which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import regex

from newscrawl.extraction.date_reading import Date, FoundDate, find_dates
from newscrawl.extraction.date_words import date_words
from newscrawl.extraction.text import folded

DateKind = Literal["published", "modified"]

_MAX_LENGTH = 160
_MAX_STRANGERS = 1
"""Words that a date line may hold beside date words: a zone's or a weekday's rare name."""
_CLOCK = regex.compile(
    r"\b\d{1,2}(?:\s?[:h時时]\s?\d{2}|\.\d{2}\s?(?:uhr|[ap]\.?m\b))", regex.IGNORECASE
)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_BEHIND = 8
"""Characters behind a date in which East Asian lines say what it is."""


def looks_like_date_line(text: str) -> bool:
    """Whether a short block is wholly a published or updated line, or a reading time."""
    if len(text) > _MAX_LENGTH or not any(c.isdigit() for c in text):
        return False
    words = date_words()
    # Whether a line is one doesn't depend on the order of its numbers: German reads them all.
    found = list(find_dates(text, "de"))
    for date in reversed(found):
        text = f"{text[: date.start]} {text[date.end :]}"
    rest = folded(words.without_date.sub(" ", text))
    strangers = [w for w in _WORD.findall(rest) if not _belongs(w)]
    named = bool(words.updated.search(rest) or words.published.search(rest))
    timed = bool(_CLOCK.search(text)) and (named or not strangers)
    if found:
        return len(strangers) <= _MAX_STRANGERS
    return not strangers and (timed or bool(words.without_date.search(text)))


def read_date_line(text: str, language: str | None) -> Iterator[tuple[DateKind, Date]]:
    """Each date of a line with what the words around it say it is; published when they don't."""
    found = list(find_dates(text, language))
    previous = 0
    for date in found:
        yield _kind(text, date, previous), date.value
        previous = date.end


def _kind(text: str, date: FoundDate, previous: int) -> DateKind:
    words = date_words()
    before = folded(text[previous : date.start])
    behind = folded(text[date.end : date.end + _BEHIND])
    updated = [m.start() for m in words.updated.finditer(before)]
    published = [m.start() for m in words.published.finditer(before)]
    if updated or published:
        return "modified" if max(updated, default=-1) > max(published, default=-1) else "published"
    east_asian = words.updated.search(behind)
    return "modified" if east_asian and not east_asian.group().isascii() else "published"


def _belongs(word: str) -> bool:
    words = date_words()
    return word in words.fillers or any(
        pattern.fullmatch(word) for pattern in (words.updated, words.published)
    )
