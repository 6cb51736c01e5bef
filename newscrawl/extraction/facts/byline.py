"""Whether a printed line is a byline, and whom it names."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.extraction.facts.author_elements import MAX_BYLINE, MAX_WORDS
from newscrawl.extraction.facts.byline_parts import byline_parts
from newscrawl.extraction.facts.byline_words import byline_words
from newscrawl.extraction.facts.date_lines import looks_like_date_line
from newscrawl.extraction.facts.date_reading import find_dates
from newscrawl.extraction.facts.date_words import date_words
from newscrawl.extraction.facts.names import (
    Named,
    agencies_beside,
    is_full_name,
    split_names,
)
from newscrawl.extraction.text import folded

_MAX_SENTENCE = 6


def looks_like_byline(text: str) -> bool:
    """Whether a short block is wholly a byline: an opening such as "By", and names behind it."""
    line = text.strip()
    if (
        len(line) > MAX_BYLINE
        or len(line.split()) > MAX_WORDS
        or line.endswith(("?", "!", ":", "…", "。"))
    ):
        return False
    parts = byline_parts(line)
    opened = next((part.text for part in parts if part.opened), None)
    names = split_names(line)
    if opened is None:
        return _is_named_with_role(line, names) and not any(p.others for p in parts)
    if opened.endswith(".") and len(opened.split()) > _MAX_SENTENCE:
        return False
    credible = any(is_full_name(n.name) for n in names) or [n.name for n in names] == [opened]
    return (credible or bool(agencies_beside(line))) and not looks_like_date_line(opened)


def is_opened(text: str) -> bool:
    """Whether a line opens a list of authors, somewhere in it, with a word such as "By"."""
    return any(part.opened for part in byline_parts(text))


def credits_picture(text: str) -> bool:
    """Whether a short line opens as a picture's credit, with its sign: "Photo: X", "Fot. X"."""
    opening = byline_words().pictured.match(text) if len(text) <= MAX_BYLINE else None
    return opening is not None and not opening[0][-1].isalpha()


def _is_named_with_role(line: str, names: Sequence[Named]) -> bool:
    """ "Jane Roe, Moscow correspondent", or "김민수 기자", and nothing else."""
    if not names or not names[-1].role:
        return False
    eastern = " " not in names[-1].name and is_full_name(names[-1].name)
    western = is_full_name(names[0].name) and line == f"{names[0].name}, {names[0].role}"
    return eastern or western


def names_only(line: str) -> bool:
    """Whether a line is full names, and dates at most."""
    if len(line) > MAX_BYLINE or len(line.split()) > MAX_WORDS:
        return False
    names = [named.name for named in split_names(line)]
    joints = byline_words().joints
    left = folded(" ".join(" ".join(joints.split(part.text)) for part in byline_parts(line)))
    for name in names:
        left = left.replace(folded(name), "", 1)
    stray = [w for w in left.split() if w.isalpha() and w not in date_words().fillers]
    return bool(names) and all(map(is_full_name, names)) and not stray


def is_dated(line: str, lines: Sequence[str]) -> bool:
    """Whether one of ``lines`` holds a date, or the line before or behind it does."""
    i = lines.index(line)
    return any(next(find_dates(text, "de"), None) for text in lines[max(0, i - 1) : i + 2])
