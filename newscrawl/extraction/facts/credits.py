"""How credits are printed: ``credits.toml``, compiled once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import regex

from newscrawl.extraction.facts.agencies import agencies_named, agency_named
from newscrawl.extraction.text import clean
from newscrawl.records import CreditKind

_SLOTS = {
    "{who}": r"(?P<who>[^;]{2,150})",
    "{agency}": r"(?P<agency>.{2,80}?)",
    "{pub}": r"(?P<pub>.{2,200}?)",
}
_GROUP = regex.compile(r"\(\?P<\w+>")
_SMALL_WORD = regex.compile(r"(?<![\p{L}\d.@/'’-])\p{Ll}[\p{Ll}\p{M}]*(?![\p{L}/@'’])")
_QUOTED = regex.compile(r"[„“\"«»《「『]([^„“”\"«»《》「」『』]{2,80})[”“\"»«》」』]")
_CASELESS = regex.compile(r"\p{Lo}")
_MAX_CASELESS = 30
"""Longest list of names, in characters, in scripts that don't show where a name begins."""
_FEW_WORDS = 3
"""A publication of so few words may be printed all small."""
_SMALL_SHARE = 0.34
"""Share of a publication's words that may be no part of a name: "Portal for the harbour"."""


@dataclass(frozen=True, slots=True)
class CreditPattern:
    """One way to print a credit; its groups are ``who``, ``agency`` and ``pub``."""

    kind: CreditKind
    whole: regex.Pattern[str]


@cache
def credit_patterns() -> tuple[CreditPattern, ...]:
    """All patterns in the order in which they are tried."""
    return tuple(
        CreditPattern(row["kind"], _compiled(source))
        for row in _data()["credit"]
        for source in row["patterns"]
    )


@cache
def any_credit() -> regex.Pattern[str]:
    """One match instead of one a pattern, for the many lines that are no credit."""
    return _joined(_filled(source) for row in _data()["credit"] for source in row["patterns"])


@cache
def note_beside() -> regex.Pattern[str]:
    """A note that stands beside a credit and credits nobody."""
    return _joined(_data()["beside"]["patterns"])


@cache
def _lent_hand() -> regex.Pattern[str]:
    return regex.compile(rf"[,\s]\s*{_data()['byline']['with']}\s+", regex.IGNORECASE)


def agencies_lending(byline: str) -> tuple[str, ...]:
    """The agencies that lent an author a hand: "Jane Roe with AFP"."""
    for match in _lent_hand().finditer(byline):
        if found := agencies_named(byline[match.end() :]):
            return found
    return ()


@cache
def dateline_patterns() -> tuple[regex.Pattern[str], ...]:
    """The ways to print place and agency before a story's first sentence, the bare place last."""
    table = _data()["datelines"]
    return tuple(
        regex.compile(
            "(?P<text>"
            + source.replace("{place}", table["place"]).replace("{day}", table["day"])
            + ")"
        )
        for source in (*table["patterns"], rf"{table['bare']}(?=\s)")
    )


@cache
def dateline_labels() -> frozenset[str]:
    """Labels, in lower case, that open a story as a place does."""
    return frozenset(_data()["datelines"]["labels"])


def lists_names(text: str) -> bool:
    """Whether a text holds nothing but names and the small words beside them."""
    if _CASELESS.search(text) and len(text) > _MAX_CASELESS:
        return False
    return not _strange_words(text)


def publication_name(text: str) -> str | None:
    """The name of a publication without articles, licences and dates; ``None`` for a sentence."""
    quoted = _QUOTED.search(text)
    if quoted:
        return clean(quoted[1])
    name = text
    for behind in _behind_name():
        name = behind.sub("", name)
    name = _before_name().sub("", name.strip(" .:()"), count=1).strip(" .:()")
    words = len(name.split())
    if words > _FEW_WORDS and len(_strange_words(name)) > _SMALL_SHARE * words:
        return None
    return clean(name)


def _strange_words(text: str) -> list[str]:
    known = _beside_names()
    words = (match[0] for match in _SMALL_WORD.finditer(text))
    return [word for word in words if word not in known and not agency_named(word)]


@cache
def _beside_names() -> frozenset[str]:
    return frozenset(_data()["words"]["beside_names"].split())


@cache
def _before_name() -> regex.Pattern[str]:
    return regex.compile(rf"^{_data()['publication']['before']}")


@cache
def _behind_name() -> tuple[regex.Pattern[str], ...]:
    return tuple(regex.compile(_filled(source)) for source in _data()["publication"]["behind"])


def _joined(sources: Any) -> regex.Pattern[str]:
    bare = (_GROUP.sub("(?:", source) for source in sources)
    return regex.compile("|".join(f"(?:{source})" for source in bare), regex.IGNORECASE)


def _compiled(source: str) -> regex.Pattern[str]:
    return regex.compile(_filled(source), regex.IGNORECASE)


def _filled(source: str) -> str:
    slots = {f"{{{name}}}": value for name, value in _data()["slots"].items()}
    for slot, value in {**slots, **_SLOTS}.items():
        source = source.replace(slot, value)
    return source


@cache
def _data() -> Mapping[str, Any]:
    text = files(__package__).joinpath("credits.toml").read_text("utf-8")
    return cast("Mapping[str, Any]", tomllib.loads(text))
