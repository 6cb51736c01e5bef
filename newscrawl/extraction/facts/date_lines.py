"""Date lines as printed: whether a block is one, and which of its dates is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from newscrawl.extraction.facts.date_elements import DateKind
from newscrawl.extraction.facts.date_reading import Date, FoundDate, find_dates, may_hold_date
from newscrawl.extraction.facts.date_words import date_words
from newscrawl.extraction.text import folded

_MAX_LENGTH = 160
_MAX_STRANGERS = 1
"""Words that a date line may hold beside date words: a zone's or a weekday's rare name."""
_FEW_STRANGERS, _MANY_STRANGERS = 6, 16
"""The same of a line near the story that has an author, a place or a section beside its date."""
_CLOCK = regex.compile(
    r"\b\d{1,2}(?:\s?[:h時时]\s?\d{2}|\.\d{2}\s?(?:uhr|[ap]\.?m\b))", regex.IGNORECASE
)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_EAST_ASIAN_BEHIND = regex.compile(
    r"[^\p{L}\n]{0,8}?([\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{1,8}+)(?!\s?[:：\d])"
)
"""Behind a date East Asian lines may say what it is."""
_SPAN = regex.compile(r"\s*[-–—]\s*")
_SPAN_OF_DAYS = regex.compile(r"(?<![\d:.])\d{1,2}(?:\.\s?)?[-–—]\s?\Z")
"""What stands before the last day of some: "14. - 20. January 2022"."""


def looks_like_date_line(text: str) -> bool:
    """Whether a short block is wholly a published or updated line, or a reading time."""
    if len(text) > _MAX_LENGTH or not any(map(str.isdigit, text)):
        return False
    words = date_words()
    found = _dates(text)
    rest, strangers = _beside(text, found)
    if found:
        return strangers <= _MAX_STRANGERS
    named = bool(words.updated.search(rest) or words.published.search(rest))
    timed = bool(_CLOCK.search(text)) and (named or not strangers)
    return not strangers and (timed or bool(words.without_date.search(text)))


def holds_date(text: str) -> bool:
    """Whether a line holds a date and little else, or says that it is the story's."""
    if not may_hold_date(text) or names_other_date(text):
        return False
    found = _dates(text)
    if not found:
        return False
    rest, strangers = _beside(text, found)
    published = date_words().published.search(rest)
    return strangers <= (_MANY_STRANGERS if published else _FEW_STRANGERS)


def opens_with_date(text: str) -> bool:
    """Whether a line opens with its date, or says that it is the first publication's.

    Any other word before it may name what the date is of: "Event date: 3 May 2024".
    """
    start = next((date.start for date in _dates(text)), 0)
    _, strangers = _beside(text[:start], ())
    return not strangers or says_published(text)


def announces(text: str) -> bool:
    """Whether a text says what a date is."""
    words, plain = date_words(), folded(text)
    return bool(words.updated.search(plain) or words.published.search(plain))


def says_published(text: str) -> bool:
    """Whether a text says that a date is the first publication's."""
    return bool(date_words().published.search(folded(text)))


def names_other_date(text: str) -> bool:
    """Whether a line's date is a copyright's, an event's or a membership's."""
    return bool(date_words().others.search(text))


def _dates(text: str) -> list[FoundDate]:
    # Whether a line is one doesn't depend on the order of its numbers: German reads them all.
    return list(find_dates(text[:_MAX_LENGTH], "de"))


def _beside(text: str, found: Sequence[FoundDate]) -> tuple[str, int]:
    """What a text says beside its dates, and how many words of that are no date words."""
    text = text[:_MAX_LENGTH]
    for date in reversed(found):
        text = f"{text[: date.start]} {text[date.end :]}"
    rest = folded(date_words().without_date.sub(" ", text))
    return rest, sum(not _belongs(w) for w in _WORD.findall(rest))


def read_date_line(text: str, language: str | None) -> Iterator[tuple[DateKind, Date]]:
    """Each date of a line with what the words around it say it is; published when they don't.

    A span of days ("3 May 2024 – 5 May 2024", "3–5 May 2024") is an event's or an archive's.
    """
    found = list(find_dates(text, language))
    if any(_SPAN.fullmatch(text, one.end, two.start) for one, two in pairwise(found)):
        return
    if any(_SPAN_OF_DAYS.search(text, 0, date.start) for date in found):
        return
    previous = 0
    for date in found:
        yield _kind(text, date, previous), date.value
        previous = date.end


def _kind(text: str, date: FoundDate, previous: int) -> DateKind:
    words = date_words()
    before = folded(text[previous : date.start])
    updated = [m.start() for m in words.updated.finditer(before)]
    published = [m.start() for m in words.published.finditer(before)]
    if updated or published:
        return "modified" if max(updated, default=-1) > max(published, default=-1) else "published"
    # What a colon follows announces the next date.
    behind = _EAST_ASIAN_BEHIND.match(text, date.end)
    return "modified" if behind and words.updated.search(folded(behind[1])) else "published"


def _belongs(word: str) -> bool:
    words = date_words()
    return word in words.fillers or any(
        pattern.fullmatch(word) for pattern in (words.updated, words.published)
    )
