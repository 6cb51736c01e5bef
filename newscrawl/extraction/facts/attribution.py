"""On whose credit a story is: wire, contribution, translation and republication credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

import regex

from newscrawl.extraction.facts.agencies import (
    agencies_credited,
    agencies_in,
    agencies_named,
    agency_credited,
    is_weak,
)
from newscrawl.extraction.facts.credits import (
    CreditPattern,
    agencies_lending,
    any_credit,
    credit_patterns,
    lists_names,
    note_beside,
    publication_name,
)
from newscrawl.extraction.facts.names import agencies_beside, split_names
from newscrawl.extraction.text import clean
from newscrawl.records import Attribution, CreditKind

MAX_CREDIT = 300
"""Longest block that is a credit on its own, in characters."""
_MAX_CHAIN = 8
_MAX_AGENCIES = 80
"""Longest list of agencies, in characters."""
_BULLETS = " \t—–-*_•"
_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】", "〔": "〕", "/": "/"}
_COPYRIGHT = regex.compile(r"©|\(c\)|copyright", regex.IGNORECASE)
_STAFF = regex.compile(r"\b(?:writers?|reporters?|journalists?|correspondents?|staff)\b")
_HOUSE = regex.compile(r"\b\p{Lu}\S*['’]s\s+(?=\p{Lu})")
_YEAR = regex.compile(r"\b(?:19|20)\d{2}\b")
_CLAUSE_END = regex.compile(r"\s*;\s*|(?<=[\p{Ll}\p{Lo}\d)]\.)\s+(?=\p{Lu})|\s*[|｜]\s*")
_LINK = regex.compile(r"\s*[,，、]\s+|\s+[-–—/]\s+|\s+(?=\p{L}{1,15} ?[:：])")
_PARENTHESISED = regex.compile(r"[(（\[【]([^()（）\[\]【】]{2,60})[)）\]】]\W{0,2}$")


def read_credit(text: str) -> tuple[Attribution, ...]:
    """The credits that a whole block is, one a kind; none when any clause of it is something else.

    Only behind a copyright or a republication note anything may follow. Blocks over 300 characters,
    and sentences that merely quote an agency, are no credits.
    """
    line = clean(text) or ""
    if not line or len(line) > MAX_CREDIT or is_weak(line):
        return ()
    return _read_line(line, _unwrapped(text))


@lru_cache(maxsize=4096)
def _read_line(line: str, bare: str) -> tuple[Attribution, ...]:
    """The credits that a line is; remembered, as the same menus and tags stand around all stories
    of a site."""
    clauses = [
        clause
        for part in bare.splitlines()
        for clause in _CLAUSE_END.split(clean(part) or "")
        if clause
    ]
    found: list[Attribution] = []
    for clause in clauses:
        chained = _read_chain(clause, line)
        if not chained and not _is_note(clause):
            break
        found += chained
        if _COPYRIGHT.match(line) or (found[:1] and found[0].kind == "republished"):
            return merged(found)
    else:
        return merged(found)
    whole = _read_clause(line, line) if len(clauses) > 1 else None
    return (whole,) if whole else ()


def read_byline_credit(text: str) -> Attribution | None:
    """The credit in a byline: "By Reuters", "Jane Roe with AFP", "Jane Roe, dpa"."""
    line = clean(text) or ""
    if lent := agencies_lending(line):
        return Attribution(text=line, kind="contributed", agencies=lent)
    agencies = () if is_weak(line) else agencies_beside(line)
    return Attribution(text=line, kind="wire", agencies=agencies) if agencies else None


def read_credit_at_end(text: str) -> Attribution | None:
    """A wire credit in parentheses at the very end of a paragraph: "… on Monday. (dpa)"."""
    line = clean(text) or ""
    match = _PARENTHESISED.search(line)
    agencies = agencies_named(match[1]) if match else ()
    return Attribution(text=line, kind="wire", agencies=agencies) if agencies else None


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
    return bare[1:-1].strip() if bare and _BRACKETS.get(bare[0]) == bare[-1] else bare


def _is_note(clause: str) -> bool:
    return bool(note_beside().fullmatch(_unwrapped(clause)))


def _read_chain(clause: str, text: str) -> tuple[Attribution, ...]:
    """The credits of a clause: several behind commas or dashes, each with its own words, or one."""
    cuts = list(_LINK.finditer(clause))
    if cuts and len(cuts) < _MAX_CHAIN and any_credit().match(clause):
        found = [_read_clause(link, text) for link in _links(clause, cuts)]
        if len(found) > 1 and all(credit and credit.kind != "wire" for credit in found):
            return tuple(credit for credit in found if credit)
    one = _read_clause(clause, text)
    return (one,) if one else ()


def _links(clause: str, cuts: Iterable[regex.Match[str]]) -> Iterator[str]:
    """``clause`` cut where what follows opens as a credit does."""
    start = 0
    for cut in cuts:
        if _opens_credit(clause[cut.end() :]):
            yield clause[start : cut.start()]
            start = cut.end()
    yield clause[start:]


def _opens_credit(text: str) -> bool:
    if not any_credit().fullmatch(text):
        return False
    return any(p.whole.fullmatch(text) for p in credit_patterns() if p.kind != "wire")


def _read_clause(clause: str, text: str) -> Attribution | None:
    bare = _unwrapped(clause)
    if len(bare) <= _MAX_AGENCIES and (agencies := agencies_named(bare)):
        return Attribution(text=text, kind="wire", agencies=agencies)
    if not any_credit().fullmatch(bare):
        return None
    return next((c for p in credit_patterns() if (c := _read_with(p, bare, text))), None)


def _read_with(pattern: CreditPattern, clause: str, text: str) -> Attribution | None:
    """The credit that a clause is under one pattern, provided that its slots name somebody."""
    match = pattern.whole.fullmatch(clause)
    if not match:
        return None
    groups = match.groupdict()
    agencies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    publication = None
    if named := groups.get("who"):
        agencies, people = _credited(named)
    if named := groups.get("agency"):
        agencies = agencies_named(named)
    if named := groups.get("pub"):
        agencies = agencies_in(named)
        publication = None if agencies else _publication(named)
    if groups and not (agencies or people or publication):
        return None
    return Attribution(
        text=text, kind=pattern.kind, agencies=agencies, people=people, publication=publication
    )


def _publication(text: str) -> str | None:
    """A publication's name is no date: "first published in March 2022" credits nobody."""
    name = publication_name(text)
    return None if name is None or _YEAR.search(name) else name


def _credited(who: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Agencies and people in "Reuters", "Jane Roe in Kyiv", "Associated Press writers Jane Roe"."""
    if whole := agency_credited(who):
        return (whole,), ()
    if not lists_names(who):
        return (), ()
    who = _HOUSE.sub("", who)
    lead = _STAFF.split(who, maxsplit=1)
    agency = agency_credited(lead[0]) if len(lead) > 1 else None
    names = [named.name for named in split_names(lead[1] if agency else who)]
    people = tuple(name for name in names if " " in name or not name[0].isupper())
    return (agency,) if agency else agencies_credited(who), people
