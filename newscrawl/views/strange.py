"""Which of a run's stories are unlike the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from newscrawl.records import Article
from newscrawl.views.page import cut
from newscrawl.views.top import Top

_UNSURE = 0.7
"""Confidence below which a body is unsure: 5 of the 52 stories under ``fixtures`` are, all of them
hard cases."""
_FAR = 4
"""A story is short or long when its words are so many times fewer or more than the median's. Of the
demo site's, which have 188 to 410, none is."""
_RARE = 0.25
"""Share of the stories up to which a trait is strange: so a run of four can have a strange one."""
_MOST = 10
"""Stories that are named."""
_KINDS = 1_000
"""Sets of traits that are told apart, of an attacker's thousands of languages."""

_Story = TypeVar("_Story")

_TRAITS: Mapping[str, Callable[[Article], bool]] = {
    "no date": lambda article: article.date_published is None,
    "no byline": lambda article: not (article.byline or article.authors),
    "the text looks cut": lambda article: article.access.truncated is True,
    "unsure of the body": lambda article: article.extractor.confidence < _UNSURE,
    "body by readability": lambda article: article.extractor.path == "readability",
    "body from the page's data": lambda article: article.extractor.path == "embedded",
    "a live page": lambda article: article.page_type == "live",
}


@dataclass(frozen=True, slots=True)
class Strange(Generic[_Story]):
    """A story that is unlike the others."""

    story: _Story
    reasons: Sequence[str]
    """In words, rarest first: ``no date (2 of 80)``."""


def traits(article: Article) -> frozenset[str]:
    """What may set a story apart, in words."""
    found = {name for name, has in _TRAITS.items() if has(article)}
    if article.language:
        found.add(f"language {cut(article.language, 20)}")
    return frozenset(found)


class Strangeness(Generic[_Story]):
    """Counts traits, keeps a few stories of each set of them, and tells the rarest.

    No trait is strange in itself: where no story has a date, to have none is ordinary. A ``_RARE``
    one that ``n`` of ``N`` stories share says ``log2(N / n)`` bits; a story is as strange as what
    its traits say together.
    """

    def __init__(self) -> None:
        self._traits: Counter[str] = Counter()
        self._words: Counter[int] = Counter()
        self._alike: dict[frozenset[str], Top[_Seen[_Story]]] = {}
        self._shortest: Top[_Seen[_Story]] = Top(_MOST)
        self._longest: Top[_Seen[_Story]] = Top(_MOST)

    def add(self, story: _Story, words: int, traits: frozenset[str]) -> None:
        """Take a story into account."""
        seen = _Seen(story, words, traits)
        self._words[words] += 1
        if traits in self._alike or len(self._alike) < _KINDS:
            self._traits.update(traits)
            self._alike.setdefault(traits, Top(_MOST)).add(0, seen)
        self._shortest.add(-words, seen)
        self._longest.add(words, seen)

    def most(self) -> Sequence[Strange[_Story]]:
        """The strangest stories, ``_MOST`` at most."""
        median = _median(self._words)
        counts = Counter(self._traits)
        for words, count in self._words.items():
            counts.update(dict.fromkeys(_length(words, median), count))
        strangest: Top[Strange[_Story]] = Top(_MOST)
        for seen in self._kept():
            bits = self._bits(seen.traits | _length(seen.words, median), counts)
            if bits:
                strangest.add(sum(bits.values()), self._strange(seen, bits, counts))
        return strangest.items

    def _kept(self) -> Iterable[_Seen[_Story]]:
        tops = (*self._alike.values(), self._shortest, self._longest)
        return {id(seen): seen for top in tops for seen in top.items}.values()

    def _bits(self, traits: Iterable[str], counts: Counter[str]) -> Mapping[str, float]:
        total = self._words.total()
        rare = [name for name in traits if 0 < counts[name] <= total * _RARE]
        return {name: math.log2(total / counts[name]) for name in rare}

    def _strange(
        self, seen: _Seen[_Story], bits: Mapping[str, float], counts: Counter[str]
    ) -> Strange[_Story]:
        total = f"{self._words.total():,}"
        names = sorted(bits, key=lambda name: (-bits[name], name))
        return Strange(seen.story, [f"{name} ({counts[name]:,} of {total})" for name in names])


@dataclass(frozen=True, slots=True)
class _Seen(Generic[_Story]):
    story: _Story
    words: int
    traits: frozenset[str]


def _length(words: int, median: int) -> frozenset[str]:
    if words * _FAR < median:
        return frozenset({"short"})
    return frozenset({"long"} if words > median * _FAR else ())


def _median(counts: Counter[int]) -> int:
    """The lower one of two."""
    left = counts.total() / 2
    for value, count in sorted(counts.items()):
        left -= count
        if left <= 0:
            return value
    return 0
