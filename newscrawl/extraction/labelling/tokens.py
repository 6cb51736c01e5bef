"""Words of texts, of class names and of addresses, as the model's vocabulary knows them.

Names and addresses also tell the concepts that their words speak of: ``.~donate``, ``/~subscribe``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscrawl.extraction.labelling.concepts import concept_names, concepts_of

_WORD = re.compile(
    r"[^\u1680\x00-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u0589\u060c\u061b\u061f"
    r"\u06d4\u0964\u0965\u2000-\u2bff\u3000-\u3004\u3008-\u303f\uff00-\uff20\uff3b-\uff40\uff5b-\uff65]+"
    r"|\d+"
)
"""Runs of letters with their combining marks, which ``\\w`` would tear apart, and of digits."""
_NAME = re.compile(r"[a-z]{2,}")
_TURKISH_I = "i\u0307"
_STEM = 8
"""Letters of a word that count: the rest is mostly inflection."""
_NAME_STEM = 10
_MARKS = "<./"
"""What tags, names and parts of addresses begin with; no word does."""
_OPENING, _CLOSING = 160, 80
"""Characters of a text whose words count: an ask says what it wants at its ends."""
MOST_WORDS = 28
_FIRST = 18
_NAME_WORDS, _TARGET_WORDS, _CONCEPTS = 8, 6, 3
MOST_NAMES, MOST_TARGETS = _NAME_WORDS + _CONCEPTS, _TARGET_WORDS + _CONCEPTS
_ADDRESS_NOISE = frozenset({"http", "https", "www", "com", "html", "htm", "php", "org", "net"})


def all_words(text: str) -> list[str]:
    """A text's words, in lower case; numbers are words."""
    return _WORD.findall(text.lower().replace(_TURKISH_I, "i"))


def words_of(texts: Iterable[str]) -> list[list[str]]:
    """Each text's first and last words, in lower case, at most ``MOST_WORDS``."""
    rows = map(all_words, map(_ends, texts))
    return [
        row if len(row) <= MOST_WORDS else row[:_FIRST] + row[_FIRST - MOST_WORDS :] for row in rows
    ]


def _ends(text: str) -> str:
    if len(text) <= _OPENING + _CLOSING:
        return text
    return f"{text[:_OPENING]} {text[-_CLOSING:]}"


def stem(word: str) -> str:
    """What counts of a word: its first letters; ``0`` for a number. Names and addresses whole."""
    if word[0] in _MARKS:
        return word
    return "0" if word[0].isdigit() else word[:_STEM]


def name_tokens(tag: str, names: str) -> tuple[str, ...]:
    """The tag, and at most ``MOST_NAMES`` concepts and distinct words of an element's names."""
    return (f"<{tag}", *_marked(".", _NAME.findall(names), _NAME_WORDS))


def target_tokens(target: str) -> tuple[str, ...]:
    """At most ``MOST_TARGETS`` concepts and distinct words of a link's address, without its
    query."""
    words = _NAME.findall(target.partition("?")[0])
    return _marked("/", [w for w in words if w not in _ADDRESS_NOISE], _TARGET_WORDS)


def _marked(mark: str, words: Iterable[str], most: int) -> tuple[str, ...]:
    """At most three concepts that the words speak of, asks before the others, and the first words:
    names that no labelled page has are understood by their concepts."""
    distinct = dict.fromkeys(words)
    spoken = sorted(set().union(*map(concepts_of, distinct)))[:_CONCEPTS]
    known = dict.fromkeys(f"{mark}{word[:_NAME_STEM]}" for word in distinct)
    return (*(f"{mark}~{concept_names()[n]}" for n in spoken), *list(known)[:most])


def is_word(token: str) -> bool:
    """Whether a token is the stem of a word: no tag, name or part of an address."""
    return token[0] not in _MARKS
