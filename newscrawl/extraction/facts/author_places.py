"""Where the page prints its authors: bylines, lines around the headline, lines about the author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newscrawl.extraction.facts.byline_words import byline_words
from newscrawl.records import Block, Label

_Labelled = Sequence[tuple[Block, Label]]

_NEVER_BYLINES = frozenset({"ad", "newsletter", "comments", "share", "legal"})
_MOST_BESIDE_HEADLINE = 12
_JUST_BEHIND = 4
"""Blocks behind the text of which one may say who wrote it, whatever it is taken for."""
_LONGEST_BIO = 300
"""Characters of an author's note that are worth reading: it opens with the name."""


@dataclass(frozen=True, slots=True)
class AuthorTexts:
    """Texts that may name a story's authors, each place in page order."""

    bylines: tuple[str, ...] = ()
    """Blocks labelled as bylines."""
    beside: tuple[str, ...] = ()
    """All lines between headline and text, but those that are never bylines."""
    behind: tuple[str, ...] = ()
    """Lines right behind the text, and what is said of the author there or amid the text."""
    notes: tuple[str, ...] = ()
    """Those of them that are labelled as an author's note."""


def author_texts(labelled: _Labelled) -> AuthorTexts:
    """Where to look for a story's authors on a page with these labelled blocks."""
    body = [i for i, (_, label) in enumerate(labelled) if label.name == "body"]
    named = (i for i, (_, label) in enumerate(labelled) if label.name == "byline")
    notes = (block.text for block, label in labelled if label.name == "author_bio")
    return AuthorTexts(
        bylines=tuple(_with_next(labelled, i) for i in named),
        beside=tuple(_with_next(labelled, i) for i in _beside_headline(labelled)),
        behind=tuple(_behind(labelled, body[0], body[-1])) if body else (),
        notes=tuple(text[:_LONGEST_BIO] for text in notes),
    )


def _with_next(labelled: _Labelled, index: int) -> str:
    """A block's text, with that of the next block where it only opens a byline ("Written by")."""
    text = labelled[index][0].text
    if index + 1 < len(labelled) and byline_words().opening.fullmatch(text):
        return f"{text} {labelled[index + 1][0].text}"
    return text


def _beside_headline(labelled: _Labelled) -> list[int]:
    """The indexes of the blocks between the headline and the first paragraph."""
    found: list[int] = []
    for index, (block, label) in enumerate(labelled):
        if label.name == "body":
            break
        if label.name == "headline":
            found = []
        elif label.name not in _NEVER_BYLINES and not block.hidden:
            found.append(index)
    return found[-_MOST_BESIDE_HEADLINE:]


def _behind(labelled: _Labelled, first: int, last: int) -> Iterator[str]:
    for index in range(first, len(labelled)):
        block, label = labelled[index]
        just_behind = last < index <= last + _JUST_BEHIND and len(block.text) <= _LONGEST_BIO
        fits = just_behind or label.name == "author_bio"
        if fits and not block.hidden:
            yield _with_next(labelled, index)[:_LONGEST_BIO]
