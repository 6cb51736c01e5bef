"""The words of bylines, from ``bylines.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex

from newscrawl.extraction.text import folded

Pattern = regex.Pattern[str]


@dataclass(frozen=True, slots=True)
class BylineWords:
    """Patterns of words, each for the whole of the thing that its description names."""

    opening: Pattern
    """The start of a line of authors: "By", "Text:"."""
    labelled: Pattern
    """What opens authors, or others, also in the middle of a line: "Text:", "Foto:"."""
    others: Pattern
    """The start of a line of others: "Photos by", "Source:"."""
    pictured: Pattern
    """The start of a line of those who made the pictures."""
    behind: Pattern
    """A name and what it did in parentheses, in groups 1 and 2: "Jane Roe (Text)"."""
    joints: Pattern
    """What stands between two names, but for a comma, also one before it."""
    role: re.Pattern[str]
    """A word, in a folded text, that makes it a role."""
    eastern_role: Pattern
    """A role in a script that doesn't part words."""
    newsroom: Pattern
    """An end of a line, in such a script, that makes it a newsroom's."""
    group: re.Pattern[str]
    """A word, in a folded text, that speaks of several people without naming them."""
    nobody: re.Pattern[str]
    """A word, in a folded text, that no person's name holds, or none opens with."""
    honorific: Pattern
    """Titles at the start of a name."""
    degrees: frozenset[str]
    """Folded degrees, without spaces and dots."""
    particles: frozenset[str]
    """Parts of names that stay in lower case."""


@cache
def byline_words() -> BylineWords:
    """The table, read once."""
    data = tomllib.loads(files(__package__).joinpath("bylines.toml").read_text("utf-8"))
    texts, pictures = data["texts"], data["pictures"]
    labelled = rf"(?:{texts})\s?[:：＝=]"
    credits_picture = (
        rf"(?:{pictures})(?:\s?[:：＝=/]|\s(?:by|di|de|von|par|por|av|af|door)\b)|fot\.\s"
    )
    others = "|".join([*data["others"], credits_picture])
    stems = "|".join(map(folded, data["role_stems"].split()))
    fields = data["honorific_fields"]
    return BylineWords(
        opening=_compiled(rf"^\W*(?:{'|'.join(data['openings'])}|{labelled})\s*[:：／/・=＝]?\s*"),
        labelled=_compiled(rf"(?<![\p{{L}}\d])(?:{others}|{labelled}|(?:作者|記者|记者)[:：])"),
        others=_compiled(rf"^\W*(?:{others})"),
        pictured=_compiled(rf"^\W*(?:{credits_picture})"),
        behind=_compiled(rf"([^|()（）,;]{{2,60}}?)\s*[(（]\s*({texts}|{pictures})\s*[)）]"),
        joints=_compiled(
            r"\s*[;&+/／、،؛]\s*|(?<=[\p{Lo}])[·・，](?=[\p{Lo}])"
            rf"|\s+(?:{data['conjunctions']}|(?-i:[eyiи]))\s+"
            # Arabic writes "and" onto the next name.
            r"|(?<=[\p{Arabic}]{2}\s[\p{Arabic}]+)\s+و(?=\p{Arabic}+\s\p{Arabic}{2})"
        ),
        role=re.compile(rf"{stems}|\b(?:{_listed(data['role_words'])})s?\b"),
        eastern_role=regex.compile(data["eastern_roles"]),
        newsroom=regex.compile(rf"(?:{data['newsrooms']})$"),
        group=re.compile(rf"\b(?:{_listed(data['groups'])})\b"),
        nobody=re.compile(
            rf"\b(?:{_listed(data['groups'] + data['nobody'])})\b"
            rf"|^(?:{_listed(data['nobody_first'])})\b"
        ),
        honorific=_compiled(
            rf"^(?:(?:{data['honorifics']})(?:\.\s*|\s+)(?:(?:{fields})\b\.?\s*)*)+"
        ),
        degrees=frozenset(data["degrees"].split()),
        particles=frozenset(data["particles"].split()),
    )


def _compiled(pattern: str) -> Pattern:
    return regex.compile(pattern, regex.IGNORECASE)


def _listed(words: str) -> str:
    return "|".join(re.escape(folded(word)) for word in words.split())
