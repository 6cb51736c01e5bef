"""What words speak of, in many languages: ``concepts.toml``, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_UNPARTED = frozenset({"zh", "ja", "th", "km", "lo", "my"})
"""Languages whose scripts don't part words: their entries are looked for anywhere."""
_WHOLE = "$"


class _Concepts(NamedTuple):
    names: tuple[str, ...]
    beginnings: Mapping[str, tuple[int, ...]]
    longest: int
    """Letters of the longest beginning."""
    wholes: Mapping[str, tuple[int, ...]]
    unparted: tuple[tuple[int, re.Pattern[str]], ...]


@cache
def _concepts() -> _Concepts:
    tables = tomllib.loads((files(__package__) / "concepts.toml").read_text(encoding="utf-8"))
    beginnings: dict[str, set[int]] = {}
    wholes: dict[str, set[int]] = {}
    unparted = []
    for number, languages in enumerate(tables.values()):
        anywhere = {word for code in _UNPARTED for word in languages.get(code, ())}
        if anywhere:
            unparted.append((number, re.compile("|".join(map(re.escape, sorted(anywhere))))))
        for code, words in languages.items():
            for word in () if code in _UNPARTED else words:
                known = wholes if word.endswith(_WHOLE) else beginnings
                known.setdefault(word.removesuffix(_WHOLE), set()).add(number)
    return _Concepts(
        names=tuple(tables),
        beginnings={word: tuple(sorted(found)) for word, found in beginnings.items()},
        longest=max(map(len, beginnings)),
        wholes={word: tuple(sorted(found)) for word, found in wholes.items()},
        unparted=tuple(unparted),
    )


def concept_names() -> tuple[str, ...]:
    """The concepts, in the order of the numbers that ``concepts_of`` gives."""
    return _concepts().names


def concepts_of(word: str) -> set[int]:
    """The numbers of the concepts of which a word, in lower case, speaks."""
    known = _concepts()
    found = set(known.wholes.get(word, ()))
    for length in range(2, min(len(word), known.longest) + 1):
        if spoken := known.beginnings.get(word[:length]):
            found.update(spoken)
    if word[0] > "\u0dff":
        found.update(number for number, pattern in known.unparted if pattern.search(word))
    return found
