"""On whose credit a story is: wire, contribution, translation and republication credits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import cast

import regex

from newscrawl.extraction.agencies import agencies_in, agencies_named, agency_named
from newscrawl.extraction.names import split_names
from newscrawl.extraction.text import clean
from newscrawl.records import Attribution, CreditKind, Dateline

MAX_CREDIT = 250
"""Longest block that is a credit on its own, in characters."""
_MAX_PLACE = 60
_MIN_BARE_PLACE = 5
"""Shortest place in capitals, in letters, that is a dateline by itself: NATO isn't one."""
_BULLETS = " \t—–-*_•"
_BRACKETS = ("()", "[]", "（）", "【】", "〔〕")
_BARE_ABBREVIATION = regex.compile(r"\p{Lu}{1,2}")
_COPYRIGHT = regex.compile(r"©|\(c\)|copyright", regex.IGNORECASE)
_STAFF = regex.compile(r"\b(?:writers?|reporters?|journalists?|correspondents?|staff)\b")
_YEAR = regex.compile(r"\b(?:19|20)\d{2}\b")
_CLAUSE_END = regex.compile(r"\s*;\s*|(?<=[\p{Ll}\p{Lo}\d)]\.)\s+(?=\p{Lu})|\s*[|｜]\s*")
_PARENTHESISED = regex.compile(r"[(（\[【]([^()（）\[\]【】]{2,60})[)）\]】]\W{0,2}$")
_DATELINE = regex.compile(
    r"^(?P<text>(?P<place>\p{Lu}[\p{L}\p{M}.'’ /-]{1,40}(?:, ?\p{Lu}[\p{L}\p{M}. ’'-]{1,30})?)"
    r"(?:, ?(?:\d{1,2}\.? ?\p{L}{3,10}\.?|\p{L}{3,10}\.? \d{1,2}\.?)(?: \d{4})?)?"
    r" ?[(（](?P<agency>[^()（）]{2,40})[)）]\s?(?:[.,]?\s?[-–—―:]+|\.))"
)
_BARE_DATELINE = regex.compile(
    r"^(?P<text>(?P<place>\p{Lu}{3}[\p{Lu}.'’ /-]{0,30}(?:, ?\p{Lu}[\p{L}. ]{1,20})?)"
    r"(?:, ?(?:\d{1,2}\.? ?\p{L}{3,10}\.?|\p{L}{3,10}\.? \d{1,2}\.?)(?: \d{4})?)?\s?[-–—―]{1,2})\s"
)


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: CreditKind
    whole: regex.Pattern[str]


def looks_like_credit(text: str) -> bool:
    """Whether a whole block is a credit."""
    return bool(read_credit(text))


def read_credit(text: str) -> tuple[Attribution, ...]:
    """The credits that a whole block is, one a kind; none when any clause of it is something else.

    Blocks over 250 characters, and sentences that merely quote an agency, are no credits.
    """
    line = clean(text) or ""
    if not line or len(line) > MAX_CREDIT or _BARE_ABBREVIATION.fullmatch(line):
        return ()
    found = [_read_clause(clause, line) for clause in _CLAUSE_END.split(_unwrapped(line)) if clause]
    if found and found[0] and _COPYRIGHT.match(line):
        return (found[0],)
    if all(found):
        return merged(credit for credit in found if credit)
    whole = _read_clause(line, line)
    return (whole,) if whole else ()


def read_credit_at_end(text: str) -> Attribution | None:
    """A wire credit in parentheses at the very end of a paragraph: "… on Monday. (dpa)"."""
    line = clean(text) or ""
    match = _PARENTHESISED.search(line)
    agencies = agencies_named(match[1]) if match else ()
    return Attribution(text=line, kind="wire", agencies=agencies) if agencies else None


def find_dateline(text: str) -> Dateline | None:
    """The place, and the agency if any, that open a story: "GULLHAVEN (Reuters) — …".

    Without an agency only a place in capitals before a dash counts.
    """
    line = clean(text) or ""
    match = _DATELINE.match(line)
    if match:
        agencies = agencies_named(match["agency"])
        if agencies and len(match["place"]) <= _MAX_PLACE:
            return Dateline(place=match["place"].strip(), agency=agencies[0], text=match["text"])
    bare = _BARE_DATELINE.match(line)
    if not bare or len(bare["text"].rstrip(" -–—―")) < _MIN_BARE_PLACE:
        return None
    return Dateline(place=bare["place"].strip(), text=bare["text"].strip())


def merged(found: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """One entry for each kind in each printed block, with everybody's names."""
    by_kind: dict[tuple[CreditKind, str], Attribution] = {}
    for credit in found:
        known = by_kind.setdefault((credit.kind, credit.text), credit)
        by_kind[credit.kind, credit.text] = replace(
            known,
            agencies=tuple(dict.fromkeys((*known.agencies, *credit.agencies))),
            people=tuple(dict.fromkeys((*known.people, *credit.people))),
            publication=known.publication or credit.publication,
        )
    return tuple(by_kind.values())


def _unwrapped(text: str) -> str:
    """``text`` without bullets, dashes and the brackets around the whole of it."""
    bare = text.strip(_BULLETS).rstrip(".。 ")
    wrapped = any(bare.startswith(b[0]) and bare.endswith(b[1]) for b in _BRACKETS)
    return bare[1:-1].strip() if wrapped else bare


def _read_clause(clause: str, text: str) -> Attribution | None:
    bare = _unwrapped(clause).rstrip(".。 ")
    patterns = _patterns() if _worded().fullmatch(bare) else _wire_patterns()
    return next((c for p in patterns if (c := _read_with(p, bare, text))), None)


def _read_with(pattern: _Pattern, clause: str, text: str) -> Attribution | None:
    """The credit that a clause is under one pattern, provided that it names somebody."""
    match = pattern.whole.fullmatch(clause)
    if not match:
        return None
    groups = match.groupdict()
    publication = None
    people: tuple[str, ...] = ()
    if "agency" in groups:
        agencies = agencies_named(groups["agency"])
    elif "pub" in groups:
        agencies = agencies_in(groups["pub"])
        publication = None if agencies else _publication(groups["pub"])
    else:
        agencies, people = _credited(groups["who"])
    if not (agencies or people or publication):
        return None
    return Attribution(
        text=text, kind=pattern.kind, agencies=agencies, people=people, publication=publication
    )


def _publication(text: str) -> str | None:
    """A publication's name is no date: "first published in March 2022" credits nobody."""
    return None if _YEAR.search(text) else clean(text.strip(' .:()"“”„'))


def _credited(who: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Agencies and people in "Reuters", "Jane Roe in Kyiv", "Associated Press writers Jane Roe"."""
    lead = _STAFF.split(who, maxsplit=1)
    agency = agency_named(lead[0]) if len(lead) > 1 else None
    names = [named.name for named in split_names(lead[1] if agency else who)]
    people = tuple(name for name in names if " " in name or not name[0].isupper())
    return (agency,) if agency else agencies_in(who), people


@cache
def _patterns() -> tuple[_Pattern, ...]:
    text = files("newscrawl.extraction").joinpath("credits.toml").read_text("utf-8")
    return tuple(_compiled(tomllib.loads(text)))


@cache
def _wire_patterns() -> tuple[_Pattern, ...]:
    """Those that any short line matches: what they take for an agency decides."""
    return tuple(p for p in _patterns() if p.kind == "wire")


@cache
def _worded() -> regex.Pattern[str]:
    """One match instead of one a pattern, for the many lines that are no credit."""
    patterns = (p for p in _patterns() if p.kind != "wire")
    sources = (regex.sub(r"\(\?P<\w+>", "(?:", p.whole.pattern) for p in patterns)
    return regex.compile("|".join(f"(?:{source})" for source in sources), regex.IGNORECASE)


def _compiled(table: Mapping[str, object]) -> Iterator[_Pattern]:
    pieces = cast("Mapping[str, str]", table["pieces"])["words"]
    slots = {
        "{who}": r"(?P<who>[^;]{2,150})",
        "{agency}": r"(?P<agency>.{2,80}?)",
        "{pub}": r"(?P<pub>.{2,200}?)",
        "{piece}": pieces,
    }
    for row in cast("list[Mapping[str, object]]", table["credit"]):
        for pattern in cast("list[str]", row["patterns"]):
            source = pattern
            for slot, value in slots.items():
                source = source.replace(slot, value)
            yield _Pattern(cast("CreditKind", row["kind"]), regex.compile(source, regex.IGNORECASE))
