"""Where the page prints its authors: bylines, lines around the headline, lines about the author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from newscrawl.extraction.composer import Labelled, Places
from newscrawl.extraction.facts.byline_words import byline_words

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


def author_texts(labelled: Sequence[Labelled], where: Places) -> AuthorTexts:
    """Where to look for a story's authors on a page with these labelled blocks; ``where`` are
    the ``places_of`` them."""
    body, notes = where["body"], where["author_bio"]
    return AuthorTexts(
        bylines=tuple(_with_next(labelled, i) for i in where["byline"]),
        beside=tuple(_with_next(labelled, i) for i in _beside_headline(labelled, where)),
        behind=tuple(_behind(labelled, body, notes)) if body else (),
        notes=tuple(labelled[i][0].text[:_LONGEST_BIO] for i in notes),
    )


def _with_next(labelled: Sequence[Labelled], index: int) -> str:
    """A block's text, with that of the next block where it only opens a byline ("Written by")."""
    text = labelled[index][0].text
    if index + 1 < len(labelled) and byline_words().opening.fullmatch(text):
        return f"{text} {labelled[index + 1][0].text}"
    return text


def _beside_headline(labelled: Sequence[Labelled], where: Places) -> list[int]:
    """The positions of the blocks between the headline and the first paragraph."""
    end = next(iter(where["body"]), len(labelled))
    start = max((i + 1 for i in where["headline"] if i < end), default=0)
    found = (
        index
        for index in range(end - 1, start - 1, -1)
        if labelled[index][1].name not in _NEVER_BYLINES and not labelled[index][0].hidden
    )
    return list(islice(found, _MOST_BESIDE_HEADLINE))[::-1]


def _behind(
    labelled: Sequence[Labelled], body: Sequence[int], notes: Sequence[int]
) -> Iterator[str]:
    just_behind = range(body[-1] + 1, min(body[-1] + 1 + _JUST_BEHIND, len(labelled)))
    for index in sorted({*just_behind, *(i for i in notes if i > body[0])}):
        block, label = labelled[index]
        fits = label.name == "author_bio" or len(block.text) <= _LONGEST_BIO
        if fits and not block.hidden:
            yield _with_next(labelled, index)[:_LONGEST_BIO]
