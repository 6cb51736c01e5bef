"""A printed byline in its parts: what opens with "By", what with "Photos:", and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from newscrawl.extraction.facts.byline_words import byline_words
from newscrawl.extraction.facts.date_reading import find_dates
from newscrawl.extraction.text import clean

MAX_LINE = 300
"""Characters of a line that are read."""
_ADDRESS = regex.compile(
    r"https?:[^\s|]*|[\[\]\w.+-]{1,64}(?:@|\s?\[at\]\s?)[\w.-]+|@\w+|\bwww\.\S+|\[email[^\]]*\]"
)
_ADDRESS_SIGN = re.compile(r"[@\[]|https?:|www\.")
"""What every address holds, quicker to look for."""
_OPEN_BRACKET = re.compile(r"[(（]")
_BRACKETS = regex.compile(r"\s*[()（）\[\]【】〔〕]\s*")
_BARS = regex.compile(r"\s*[|•●<>｜»«]+\s*|\s+[-~]\s+|\s*[–—―]+\s*|\s+·\s+|(?<=\P{Lo})·\s*")
_CLOCK = regex.compile(
    r"(?:\b(?:à|um|at|kl\.?|ore|las|às|om|о|в)\s)?\b\d{1,2}(?::|h|\.(?=\d{2}\b))\d{2}(?::\d{2})?"
    r"(?:\s?(?:uhr|[ap]\.?m\b\.?|GMT|UTC|[A-Z]{1,2}[SD]?T\b))?",
    regex.IGNORECASE,
)
_PLACED = regex.compile(r"\p{Han}{2}\d{1,2}日[電电]")
"""A place of two characters and a day behind a name: "台北3日電"."""
# "en" joins names in Dutch, and opens a place in French and Spanish.
_DUTCH = regex.compile(r"^\W*door\b", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BylinePart:
    """A part of a line between bars, dates and labels."""

    text: str
    """Without its opening."""
    opened: bool
    """Whether it opens as authors do."""
    others: bool
    """Whether it opens as a credit of others does."""
    pictured: bool = False
    """Whether that is a credit of pictures."""


def byline_parts(text: str | None) -> tuple[BylinePart, ...]:
    """The parts of a line's first 300 characters, in order, without addresses and dates."""
    return _parts((text or "")[:MAX_LINE])


@lru_cache(maxsize=2048)
def _parts(text: str) -> tuple[BylinePart, ...]:
    lines = (clean(line) for line in text.splitlines())
    line = " | ".join(line for line in lines if line)
    line = line.replace(" en ", " & ") if _DUTCH.match(line) else line
    words = byline_words()
    line = _ADDRESS.sub(" | ", line) if _ADDRESS_SIGN.search(line) else line
    line = words.behind.sub(r" | \2: \1 | ", line) if _OPEN_BRACKET.search(line) else line
    for date in reversed(list(find_dates(line, "de"))):
        line = f"{line[: date.start]} | {line[date.end :]}"
    line = _CLOCK.sub(" | ", line)
    line = _BRACKETS.sub(" | ", _PLACED.sub(" ", line))
    line = words.labelled.sub(r" | \g<0>", line)
    return tuple(_read_parts(line))


def _read_parts(line: str) -> Iterator[BylinePart]:
    words = byline_words()
    for part in _BARS.split(line):
        if words.others.match(part):
            yield BylinePart(
                words.others.sub("", part),
                opened=False,
                others=True,
                pictured=words.pictured.match(part) is not None,
            )
        elif opening := words.opening.match(part):
            yield BylinePart(part[opening.end() :], opened=True, others=False)
        elif any(c.isalpha() for c in part):
            yield BylinePart(part, opened=False, others=False)
