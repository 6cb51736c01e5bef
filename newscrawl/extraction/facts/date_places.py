"""Where the page prints its dates: date lines, and lines around the story with a date in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from newscrawl.extraction.composer import Labelled, Places
from newscrawl.extraction.facts.date_lines import (
    announces,
    holds_date,
    looks_like_date_line,
    names_other_date,
    opens_with_date,
    says_published,
)
from newscrawl.extraction.facts.date_reading import find_dates, may_hold_date
from newscrawl.extraction.facts.date_words import date_words

_STRANGE = frozenset(
    "related comments author_bio ad promo newsletter paywall fundraising consent legal caption "
    "correction headline".split()
)
"""Labels of blocks whose dates are not the story's, but for those that touch the headline."""
_FOREIGN = frozenset({"related", "comments", "newsletter", "consent", "paywall"})
"""Labels of blocks of which not even those are that say when something was published."""
_TOUCHING = 4
_ABOVE, _UNDER, _BELOW = 8, 25, 15
"""Blocks above the headline, under it and behind the text that are read."""
_LONGEST_LINE, _LONGEST_START = 160, 100
_LONGEST_LABEL = 30
_SURE_BEHIND = 0.57
"""How sure a label must be behind the text: the date of a first comment or teaser looks alike."""
_LONGEST_SENTENCE = 400
_OPENING = regex.compile(r"[^\n]{6,60}?(?:\s[-–—|]|[-–—]\s|\)[.:,]?\s)")
"""How a story opens that tells place and date: "OSTRA, May 3, 2024 (NPA) – "."""
_OPENS = regex.compile(r"\A\W*\Z|[,(|]\s*\Z")
"""What stands before the date there."""


@dataclass(frozen=True, slots=True)
class DateTexts:
    """Texts that may hold the story's dates, each with the label that stands before it."""

    lines: tuple[str, ...]
    """Date lines, and bylines that may hold a date."""
    telling: tuple[str, ...]
    """Those of them between headline and text, or little above, that open with a date or say that
    it is the first publication's, and those behind the text that say so."""
    loose: Callable[[], tuple[str, ...]]
    """Other lines around the story, the most trusted place first: looked for, once, where nothing
    else gives one of the dates."""


def date_texts(labelled: Sequence[Labelled], where: Places) -> DateTexts:
    """Where to look for a story's dates on a page with these labelled blocks; ``where`` are the
    ``places_of`` them."""
    head, first, last = _span(where, len(labelled))
    named = {
        i: text
        for i in sorted((*where["date"], *where["byline"]))
        if not names_other_date(text := _with_label(labelled, i))
        if i <= last or labelled[i][1].confidence > _SURE_BEHIND or announces(text)
    }
    said = tuple(_sentences(labelled, head, last))
    near = (
        text
        for i, text in named.items()
        if (head - _ABOVE <= i <= first and opens_with_date(text))
        or (i >= last and says_published(text))
    )
    # What stands between headline and text tells more than a line of an archive's frame above.
    nearest = sorted(named, key=lambda i: not head <= i <= first)

    @cache
    def loose() -> tuple[str, ...]:
        return tuple(_loose(labelled, head, first, last))

    return DateTexts(
        lines=(*(named[i] for i in nearest), *said),
        telling=(*near, *said),
        loose=loose,
    )


def _sentences(labelled: Sequence[Labelled], head: int, last: int) -> Iterator[str]:
    """What says in a sentence around the story when it was published, whatever it is taken for."""
    around = (*range(max(0, head - _ABOVE), head), *range(max(0, last), last + _BELOW))
    for block, _ in (labelled[i] for i in around if i < len(labelled)):
        opening = date_words().sentences.search(block.text[:_LONGEST_SENTENCE])
        if opening and may_hold_date(block.text):
            yield block.text[opening.start() : opening.start() + _LONGEST_START]


def _with_label(labelled: Sequence[Labelled], index: int) -> str:
    """A block's text behind that of the block before, where that only announces a date."""
    text = labelled[index][0].text
    before = labelled[index - 1][0].text if index else ""
    if len(before) <= _LONGEST_LABEL and not any(map(str.isdigit, before)) and announces(before):
        return f"{before} {text}"
    return text


def _loose(labelled: Sequence[Labelled], head: int, first: int, last: int) -> Iterator[str]:
    under = range(head + 1, min(head + _UNDER, first + 2, len(labelled)))
    above = range(head - 1, max(-1, head - 1 - _ABOVE), -1)
    below = range(last, min(last + _BELOW, len(labelled)))
    for place in (under, above, below):
        for index in place:
            block, label = labelled[index]
            touches = index == head - 1 or head < index < min(first, head + _TOUCHING)
            strange = label.name in _STRANGE and not touches
            if place is below and label.name not in _FOREIGN and says_published(block.text):
                strange = False
            unfit = block.hidden or strange or (place is above and label.name == "nav")
            if not unfit and may_hold_date(block.text):
                yield from _lines(_with_label(labelled, index), announced=index > first)
    for index in range(max(head, 0), min(first + 2, head + _UNDER, len(labelled))):
        yield from _opening(labelled[index][0].text)
    for index in range(first + 1, last):
        yield from _within(labelled, index)
    yield from _closing(labelled, last)


def _lines(text: str, *, announced: bool) -> Iterator[str]:
    """The lines of a text that open with a date, and with a word that says so if need be."""
    for line in text.split("\n"):
        start = line if len(line) <= _LONGEST_LINE else line[:_LONGEST_START]
        if holds_date(start) and (announces(start) if announced or start != line else True):
            yield start


def _opening(text: str) -> Iterator[str]:
    """The date line that opens a paragraph or a headline."""
    match = _OPENING.match(text)
    if match and holds_date(match.group()):
        # Whether a date opens it doesn't depend on the order of its numbers.
        date = next(find_dates(match.group(), "de"))
        before = match.group()[: date.start]
        if _OPENS.search(before) or says_published(before):
            yield match.group()


def _within(labelled: Sequence[Labelled], index: int) -> Iterator[str]:
    """The lines of a block amid the text that hold a date and what it is, and nothing else."""
    block, label = labelled[index]
    unfit = block.hidden or label.name in _FOREIGN or len(block.text) > _LONGEST_LINE
    if not unfit and may_hold_date(block.text):
        for line in _with_label(labelled, index).split("\n"):
            if looks_like_date_line(line) and announces(line):
                yield line


def _closing(labelled: Sequence[Labelled], last: int) -> Iterator[str]:
    """The date that a text is signed with, in a line of its own, behind a name or a place."""
    text = labelled[last][0].text if last < len(labelled) else ""
    line = text.rpartition("\n")[2]
    if len(text) <= _LONGEST_START and looks_like_date_line(line):
        yield line


def _span(where: Places, blocks: int) -> tuple[int, int, int]:
    """Positions of the headline above most of the text, and of the text's first and last block."""
    body, heads = where["body"], where["headline"]
    if not body:
        head = heads[0] if heads else -1
        return head, min(head + _UNDER, blocks), blocks
    above = [i for i in heads if i < body[0]] or [i for i in heads if i < body[len(body) // 2]]
    head = above[-1] if above else min(heads, default=max(-1, body[0] - _ABOVE))
    return head, next((i for i in body if i > head), head + _UNDER), max(body[-1], head)
