"""The words of dates and date lines, from ``dates.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex

from newscrawl.extraction.text import folded


@dataclass(frozen=True, slots=True)
class DateWords:
    """Everything folded: without case and accents."""

    months: Mapping[str, int]
    """Number of each month's name, from 1."""
    fillers: frozenset[str]
    """Words that a date line may hold beside its date."""
    updated: regex.Pattern[str]
    """A word that announces the date of the last change."""
    published: regex.Pattern[str]
    """A word that announces the date of the first publication."""
    without_date: regex.Pattern[str]
    """A reading time or a relative time."""


@cache
def date_words() -> DateWords:
    """The table, read once."""
    data = tomllib.loads(files("newscrawl.extraction").joinpath("dates.toml").read_text("utf-8"))
    months = {
        folded(name): i for i, names in enumerate(data["months"], 1) for name in names.split()
    }
    return DateWords(
        months=months,
        fillers=frozenset(folded(word) for word in data["words"].split()) | months.keys(),
        updated=_beginnings(data["updated"].split()),
        published=_beginnings(data["published"].split()),
        without_date=regex.compile("|".join(data["without_date"]), regex.IGNORECASE),
    )


def _beginnings(words: Iterable[str]) -> regex.Pattern[str]:
    """East Asian words may follow a number without a space."""
    return regex.compile(rf"(?<!\p{{L}})(?:{'|'.join(folded(w) for w in words)})\p{{L}}*")
