"""The words of dates and date lines, from ``dates.toml``."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import regex

from newscrawl.extraction.text import folded


@dataclass(frozen=True, slots=True)
class DateWords:
    """Everything folded: without case and accents."""

    months: Mapping[str, int]
    """Number of each month's name, from 1."""
    fillers: frozenset[str]
    """Words that a date line may hold beside its date."""
    updated: re.Pattern[str]
    """A word that announces the date of the last change."""
    published: re.Pattern[str]
    """A word that announces the date of the first publication."""
    without_date: regex.Pattern[str]
    """A reading time or a relative time."""
    sentences: regex.Pattern[str]
    """How a sentence opens that says when its story was published."""
    others: regex.Pattern[str]
    """Words about a date that is not the story's."""
    afternoon: regex.Pattern[str]
    """What stands before an hour from noon on, where no "pm" stands behind it."""
    zones: Mapping[str, dt.timezone]
    """By abbreviation, in lower case."""
    zones_in: Mapping[str, Mapping[str, dt.timezone]]
    """What an abbreviation means in one region, by the region's code."""

    zones_of: Mapping[str, ZoneInfo]
    """What English abbreviations mean whose offset changes with the season."""

    def zone(self, name: str, language: str | None) -> dt.tzinfo | None:
        """What a printed zone ("MESZ") means in the region of a page's language tag."""
        region = (language or "").rpartition("-")[2]
        found = self.zones_in.get(region, self.zones).get(name) or self.zones.get(name)
        english = language is None or language.startswith("en")
        return found or (self.zones_of.get(name) if english else None)


@cache
def date_words() -> DateWords:
    """The table, read once."""
    data = tomllib.loads(files(__package__).joinpath("dates.toml").read_text("utf-8"))
    months = {
        folded(name): i for i, names in enumerate(data["months"], 1) for name in names.split()
    }
    return DateWords(
        months=months,
        fillers=frozenset(folded(word) for word in data["words"].split()) | months.keys(),
        updated=_beginnings(data["updated"].split()),
        published=_beginnings(data["published"].split()),
        without_date=regex.compile("|".join(data["without_date"]), regex.IGNORECASE),
        sentences=regex.compile("|".join(data["sentences"]), regex.IGNORECASE),
        others=regex.compile("|".join(data["others"]), regex.IGNORECASE),
        afternoon=regex.compile("|".join(data["afternoon"].split())),
        zones={
            name: _zone(offset) for offset, names in data["zones"].items() for name in names.split()
        },
        zones_in={
            region: {name: _zone(offset) for name, offset in zones.items()}
            for region, zones in data["zones_in"].items()
        },
        zones_of={name: ZoneInfo(key) for name, key in data["zones_of"].items()},
    )


def _zone(offset: str) -> dt.timezone:
    ahead = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    return dt.timezone(-ahead if offset[0] == "-" else ahead)


def _beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """East Asian words may follow a number without a space."""
    beginnings = "|".join(folded(word).replace("_", " ") for word in words)
    return re.compile(rf"(?<![^\W\d_])(?:{beginnings})[^\W\d_]*")
