"""The words that boxes use: ``lexicon.toml``, compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple, cast

from newscrawl.records import LabelName

_LONGEST_ALONE = 60
LONGEST_ASK = 700
"""Longer texts, in characters, hold one of these phrases by chance."""
_BEGINNING = r"(?:(?<![a-z])|(?<=__))(?:{})"


class Match(NamedTuple):
    """A label for which a text or name speaks, and the words that did."""

    label: LabelName
    words: str


_Patterns = tuple[tuple[LabelName, re.Pattern[str]], ...]


class _Lexicon(NamedTuple):
    any_name: re.Pattern[str]
    """One search instead of one a label, for the many names that say nothing."""
    names: _Patterns
    targets: _Patterns
    asks: _Patterns
    bios: _Patterns
    alone: _Patterns
    address: tuple[re.Pattern[str], ...]


@cache
def _lexicon() -> _Lexicon:
    tables = tomllib.loads((files(__package__) / "lexicon.toml").read_text(encoding="utf-8"))

    def compiled(table: str, template: str) -> _Patterns:
        return tuple(
            (cast("LabelName", label), re.compile(template.format("|".join(words))))
            for label, words in tables[table].items()
        )

    any_name = "|".join(word for words in tables["names"].values() for word in words)
    return _Lexicon(
        any_name=re.compile(_BEGINNING.format(any_name)),
        names=compiled("names", _BEGINNING),
        targets=compiled("targets", "{}"),
        # A word begins at a boundary; scripts that don't part words have none.
        asks=compiled("asks", r"\b(?:{})") + compiled("unparted", "{}"),
        bios=compiled("bios", "{}"),
        alone=compiled("alone", r"(?:{})\W*\Z"),
        address=tuple(
            re.compile(r"\b(?:{})\b".format("|".join(words)))
            for words in tables["address"].values()
        ),
    )


@lru_cache(maxsize=8192)
def named(names: str) -> Match | None:
    """The label that an element's class, id or role (in lower case) speaks for."""
    lexicon = _lexicon()
    return _first(lexicon.names, names) if lexicon.any_name.search(names) else None


@lru_cache(maxsize=8192)
def leads_to(target: str) -> Match | None:
    """The label of the ask to which a link or form (in lower case) leads."""
    return _first(_lexicon().targets, target)


def speaks_to_reader(text: str) -> bool:
    """Whether a text speaks both for the publication and to its reader: "we" and "you"."""
    lower = text.lower()
    return all(pattern.search(lower) for pattern in _lexicon().address)


def ask_in(text: str) -> Match | None:
    """The label whose asks a text makes: what it says to its reader, or is as a whole.

    Meant for texts of at most ``LONGEST_ASK`` characters.
    """
    lower = text.lower()
    found = _first(_lexicon().asks, lower) or _first(_lexicon().bios, text)
    if found is None and len(text) <= _LONGEST_ALONE:
        whole = next((label for label, p in _lexicon().alone if p.match(lower)), None)
        return Match(whole, text) if whole else None
    return found


def _first(patterns: _Patterns, text: str) -> Match | None:
    for label, pattern in patterns:
        if found := pattern.search(text):
            return Match(label, found.group())
    return None
