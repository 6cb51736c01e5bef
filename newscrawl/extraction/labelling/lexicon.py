"""What is known of words, of elements' names and of addresses: each is looked up once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import TypeVar

from newscrawl.extraction.labelling.concepts import concepts_of
from newscrawl.extraction.labelling.tokens import name_tokens, target_tokens

ID_BITS = 32
"""Bits of a word's number that are its id."""
_MOST_WORDS = 50_000
_MOST_NAMES = 16_384
"""These are longer."""

_Key = TypeVar("_Key")
_Known = TypeVar("_Known")


class Lexicon:
    """Words, kinds of elements and targets as the ids that a vocabulary gives their tokens."""

    def __init__(self, id_of: Callable[[str], int]) -> None:
        self.words = _Remembered[str, int](
            lambda word: id_of(word) | sum(1 << ID_BITS + one for one in concepts_of(word)),
            _MOST_WORDS,
        )
        """By word, in lower case: its id, and from ``ID_BITS`` on a bit for each concept."""
        self.kinds = _Remembered[tuple[str, str], bytes](
            lambda kind: _packed(map(id_of, name_tokens(*kind))), _MOST_NAMES
        )
        """By tag and names: ids, packed as 64-bit numbers."""
        self.targets = _Remembered[str, bytes](
            lambda target: _packed(map(id_of, target_tokens(target))), _MOST_NAMES
        )
        """By address, likewise."""


def _packed(ids: Iterable[int]) -> bytes:
    return array("q", ids).tobytes()


class _Remembered(dict[_Key, _Known]):
    """What a function finds, once for each key: cheaper than a cache that notes every use."""

    def __init__(self, find: Callable[[_Key], _Known], most: int) -> None:
        super().__init__()
        self._find = find
        self._most = most

    def __missing__(self, key: _Key) -> _Known:
        if len(self) >= self._most:
            self.clear()
        found = self[key] = self._find(key)
        return found
