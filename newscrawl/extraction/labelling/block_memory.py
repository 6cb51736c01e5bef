"""Which blocks a site's stories share: what recurs is not the story, whatever its words and markup.

A block is known by a few fingerprints of its words, so that a date or an amount that changes leaves
most of them; a ``BlockMemory`` counts in how many of the site's stories each has stood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np

from newscrawl.extraction.blocks import PROSE_LINKS, size
from newscrawl.records import Block

FINGERPRINTS = 4
"""Fingerprints of a block: of the hashes of its shingles the lowest ones (bottom-k sketch)."""
_SHINGLE, _LETTERS = 4, 10
"""Words of a shingle, and letters of one in a text that doesn't separate its words: so many that
hardly any turn of phrase is in a third of a site's stories."""
_LONGEST_WORD = 30
"""A text whose words are longer on average has no spaces between them."""
_LEAST_BYTES = 40
"""Shorter blocks are menus, names and dates: the labeller needs no memory for them."""
_MOST_TEXT = 4_000
"""Characters of a block that are read."""
_REMEMBERED = 500
"""Texts whose fingerprints are kept: a page's blocks are looked up as they are labelled, and after
that, and few pages have more that count."""
CAPACITY = 6_000
"""Fingerprints of a site that are kept: 10 bytes each, so that its memory stays under 64 KB."""
_KEPT = 4_500
"""Fingerprints that are left when the capacity is reached: then the rare and old ones go."""
_HALF_LIFE = 50.0
"""Stories after which a fingerprint that hasn't been seen again weighs half as much."""
_RECENT = 20
"""Stories of which a share is taken at least, where there are as many: an appeal that began with
today's run is found by it, and three stories of a day in a row have a paragraph in common."""
_MOST = 0xFFFF
_ENTRY = np.dtype([("key", "<u4"), ("count", "<u2"), ("first", "<u2"), ("last", "<u2")])
_HEAD = np.dtype("<u4")
_DIGITS = re.compile(r"\d+(?:[.,:/-]\d+)*")
_WORDS = re.compile(r"\w+")


class Repetition(NamedTuple):
    """How often a block has stood in a site's stories."""

    stories: int
    """In how many."""
    of: int
    """Of how many, counted from the first one that had it."""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.stories / self.of if self.of else 0.0


def counts(block: Block) -> bool:
    """Whether a block is running text, which may be story or boilerplate."""
    return block.link_density < PROSE_LINKS and size(block) >= _LEAST_BYTES


def fingerprints(block: Block) -> tuple[int, ...]:
    """Up to 4 numbers of 32 bits that say what a block reads like; none if it doesn't count."""
    return text_fingerprints(block.text) if counts(block) else ()


def text_fingerprints(text: str) -> tuple[int, ...]:
    """The fingerprints of a text, digits being all the same."""
    return _fingerprints(text[:_MOST_TEXT])


@lru_cache(_REMEMBERED)
def _fingerprints(text: str) -> tuple[int, ...]:
    hashes = {crc32(shingle.encode("utf-8", "replace")) for shingle in shingles(text)}
    return tuple(sorted(hashes)[:FINGERPRINTS])


def shingles(text: str, most: int = _MOST_TEXT, *, fold_digits: bool = True) -> set[str]:
    """Overlapping runs of four words, or of ten letters where words aren't separated, of the
    first ``most`` characters; with ``fold_digits`` all numbers are the same."""
    folded = unicodedata.normalize("NFKC", text[:most]).casefold()
    words = _WORDS.findall(_DIGITS.sub("0", folded) if fold_digits else folded)
    letters = "".join(words)
    if len(letters) > _LONGEST_WORD * len(words) or _is_unspaced(letters):
        return {letters[n : n + _LETTERS] for n in range(max(1, len(letters) - _LETTERS + 1))}
    return {" ".join(words[n : n + _SHINGLE]) for n in range(max(1, len(words) - _SHINGLE + 1))}


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Thai, Lao, Burmese, Khmer, Kana, Han: scripts that are written without spaces."""


def _is_unspaced(letters: str) -> bool:
    return 2 * len(_UNSPACED.findall(letters)) > len(letters)


@dataclass(slots=True)
class _Seen:
    """One fingerprint: in how many stories, and in which first and last (numbers from 1)."""

    count: int
    first: int
    last: int


class BlockMemory:
    """In how many of a site's stories each block has stood; bounded, the rare and old go first.

    Every story is to be added once: what its revisits show again says nothing.
    """

    def __init__(self, stories: int = 0) -> None:
        self.stories = stories
        """Stories that have been added."""
        self._seen: dict[int, _Seen] = {}

    @classmethod
    def from_bytes(cls, data: bytes) -> BlockMemory:
        """The memory that ``to_bytes`` wrote; an empty one of no bytes."""
        memory = cls(int.from_bytes(data[: _HEAD.itemsize], "little"))
        now = memory.stories
        for key, count, first, last in np.frombuffer(data[_HEAD.itemsize :], _ENTRY).tolist():
            memory._seen[key] = _Seen(count, now - first, now - last)
        return memory

    def to_bytes(self) -> bytes:
        """Itself in at most 60,004 bytes."""
        rows = [
            (key, min(s.count, _MOST), self._age(s.first), self._age(s.last))
            for key, s in self._seen.items()
        ]
        return self.stories.to_bytes(_HEAD.itemsize, "little") + np.array(rows, _ENTRY).tobytes()

    def add(self, fingerprints: Iterable[int]) -> None:
        """Count the blocks of one more story, each fingerprint once."""
        self.stories += 1
        for key in set(fingerprints):
            seen = self._seen.get(key)
            if seen is None:
                self._seen[key] = _Seen(1, self.stories, self.stories)
            else:
                seen.count += 1
                seen.last = self.stories
        if len(self._seen) > CAPACITY:
            weightiest = sorted(self._seen, key=self._weight, reverse=True)[:_KEPT]
            self._seen = {key: self._seen[key] for key in weightiest}

    def share(self, block: Block) -> Repetition:
        """How often a block has stood in the site's stories: the story at hand, once added, too."""
        return self.share_of(fingerprints(block))

    def share_of(self, fingerprints: Iterable[int]) -> Repetition:
        """The same by a block's fingerprints: as often as half of them have been seen."""
        found = [self._seen.get(key) for key in fingerprints]
        ranked = sorted(found, key=lambda seen: seen.count if seen else 0, reverse=True)
        decisive = ranked[(len(ranked) - 1) // 2] if ranked else None
        if decisive is None:
            return Repetition(0, self.stories)
        since = self.stories - decisive.first + 1
        return Repetition(decisive.count, max(since, min(self.stories, _RECENT)))

    def _age(self, number: int) -> int:
        return min(self.stories - number, _MOST)

    def _weight(self, key: int) -> float:
        seen = self._seen[key]
        return float(seen.count * 0.5 ** ((self.stories - seen.last) / _HALF_LIFE))
