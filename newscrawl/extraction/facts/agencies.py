"""News agencies by the names that they are printed under, from ``agencies.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import regex

from newscrawl.extraction.text import folded

_SHORT = 4
"""Longest name, in letters, that could be a common word and must be written as an abbreviation."""
_MAX_LIST = 300
"""Longest text that is read as a list of agencies, in characters."""
_AROUND_NAME = ' .,:;()[]（）【】“”"©'
_SEPARATORS = regex.compile(
    r"\s*(?:[/,;+&·|=＝]|\s-\s|(?<=\p{Lu}{2})-(?=\p{Lu})"
    r"|\b(?:and|und|et|y|e|och|og|en|и|і|i|a|ve)\b|、|・|，)\s*"
)
_PLACE = regex.compile(r"\s+(?:in|from|aus|à|en|em|de)\s+\p{Lu}.*$")
_PLACED = regex.compile(r"([^\s/]+/\p{Ll}{1,3}) \p{Lu}\p{Ll}[\p{L}-]+")
"""An agency with staff initials and a place: "Reuters/kra Frankfurt"."""
_ABBREVIATED = regex.compile(r"([^()]{3,60})\s?\(([^()]{2,10})\)")
_WORD = r"\p{Lu}[\p{L}\p{M}\d’'-]*"
_NAME = rf"(?:{_WORD}(?: (?:d[aeiou]l? )?{_WORD}){{0,3}}|\p{{Lo}}{{2,12}}(?: \p{{Lo}}{{2,12}})?)"
"""Of one to four words with capitals, or of one or two in a script without."""
_STAFF_INITIALS = regex.compile(r"[a-zäöü]{1,3}|[A-Z]{2}")


@lru_cache(maxsize=4096)
def agency_named(text: str) -> str | None:
    """The canonical name of the agency that ``text`` wholly names; ``None`` when it names none."""
    name = text.strip(_AROUND_NAME)
    opening = _opening().match(name)
    for candidate in (name, name[opening.end() :]) if opening else (name,):
        found = _table().get(folded(candidate))
        if found and (len(candidate) > _SHORT or candidate.isupper() or candidate in _exact()):
            return found
    return None


def agencies_named(text: str) -> tuple[str, ...]:
    """The agencies that ``text`` lists, each once, when it lists nothing else.

    Staff initials between them are allowed: "Reuters/kra", "dpa/AFP".
    """
    if len(text) > _MAX_LIST:
        return ()
    if whole := agency_named(text):
        return (whole,)
    if (both := _ABBREVIATED.fullmatch(text)) and (whole := agency_named(both[1])):
        return (whole,) if agency_named(both[2]) == whole else ()
    text = text.strip(" ()[]（）【】/.")
    if placed := _PLACED.fullmatch(text):
        text = placed[1]
    found: list[str] = []
    for part in filter(None, _SEPARATORS.split(text)):
        if name := agency_named(part):
            found.append(name)
        elif not _STAFF_INITIALS.fullmatch(part):
            return ()
    return tuple(dict.fromkeys(found))


def agencies_in(text: str) -> tuple[str, ...]:
    """The agencies among the things that ``text`` lists, each once: "AFP in Paris and Jane Roe"."""
    return _among(text, agency_named)


def agency_credited(text: str) -> str | None:
    """As ``agency_named``, or an agency that no list has, by its name as it is printed, where that
    says what it is: "Northern Press Service", "агентство «Север»". Such words name offices, too:
    this is for what is thanked."""
    return agency_named(text) or _calling_itself(text)


def agencies_credited(text: str) -> tuple[str, ...]:
    """The agencies among the things that ``text`` lists, each once, unlisted ones as well."""
    return _among(text, agency_credited)


def _among(text: str, named: Callable[[str], str | None]) -> tuple[str, ...]:
    parts = (_PLACE.sub("", part) for part in (text, *_SEPARATORS.split(text)))
    found = (named(part) for part in parts if part)
    return tuple(dict.fromkeys(name for name in found if name))


def _calling_itself(text: str) -> str | None:
    match = _calling().fullmatch(text.strip(_AROUND_NAME))
    return (match["quoted"] or match["name"]) if match else None


def is_weak(text: str) -> bool:
    """Whether a name is capitals that mean much else, and so names nobody by itself."""
    return text in _data()["weak"]


@cache
def _opening() -> re.Pattern[str]:
    articles = rf"(?:{'|'.join(_data()['articles'])})(?:(?<=['’])|\s+)"
    kinds = rf"(?:{'|'.join(_data()['before'] + _data()['openings'])})\s+"
    return re.compile(rf"(?:{articles})?{kinds}|{articles}", re.IGNORECASE)


@cache
def _calling() -> regex.Pattern[str]:
    before, behind = ("|".join(_data()[key]) for key in ("before", "behind"))
    return regex.compile(
        rf"(?:[Tt]he\s)?(?P<name>(?i:{before})\s(?:{_NAME}|[«„“\"](?P<quoted>[^«»„“”\"]{{2,40}})[»“”\"]?)"
        rf"|{_NAME}\s?(?i:{behind}))"
    )


@cache
def _table() -> Mapping[str, str]:
    return {folded(alias): name for name, aliases in _agencies() for alias in (name, *aliases)}


@cache
def _exact() -> frozenset[str]:
    return frozenset(alias for name, aliases in _agencies() for alias in (name, *aliases))


@cache
def _agencies() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row["name"], tuple(row["aliases"])) for row in _data()["agency"])


@cache
def _data() -> Mapping[str, Any]:
    text = files(__package__).joinpath("agencies.toml").read_text("utf-8")
    return tomllib.loads(text)
