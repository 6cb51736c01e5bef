"""Character statistics of many texts at once, in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_KINDS = (
    "plain",
    "upper",
    "lower",
    "digit",
    "stop",
    "comma",
    "colon",
    "ask",
    "quote",
    "money",
    "mark",
    "line",
    "space",
)
_KIND = {name: number for number, name in enumerate(_KINDS)}
_SIGNS = {
    "stop": ".\u3002\uff0e\u2026\u0964\u06d4\u0589\u1362",
    "ask": "?!\uff1f\uff01\u061f\u037e",
    "comma": ",，、،；",
    "colon": ":：",
    "quote": '"“”„«»「」『』‹›',
    "mark": "@©®#|•·→›»*/",
    "line": "\n",
    "space": " ",
}
_SHARED = slice(_KIND["upper"], _KIND["digit"] + 1)
"""Kinds that count as a share of the text."""
_COUNTED = slice(_KIND["stop"], _KIND["line"] + 1)
_KNOWN = 0x10000
"""Code points above the basic plane count as letters: rare scripts and emoji."""
_SEPARATOR = "\x00"
SENTENCES, MONEY = 2, 8
"""The rows that count sentences and signs of money, as logarithms."""


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind of each code point of the basic plane; 0 for caseless letters and the rest."""
    table = np.zeros(_KNOWN, np.uint8)
    by_category = {
        category: _KIND[name]
        for category, name in (("Lu", "upper"), ("Ll", "lower"), ("Nd", "digit"), ("Sc", "money"))
    }
    kinds = map(by_category.get, map(unicodedata.category, map(chr, range(_KNOWN))))
    table[:] = [kind or 0 for kind in kinds]
    for name, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = _KIND[name]
    return table


def character_features(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Per text: its size in UTF-8 bytes, float32[B], and its statistics, float32[22, B].

    Texts are not empty and hold no NUL.
    """
    joined = _SEPARATOR.join(texts) + _SEPARATOR
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    starts, ends = _bounds(points)
    octets = np.frombuffer(joined.encode("utf-8", "surrogatepass"), np.uint8)
    sizes = np.subtract(*_bounds(octets)[::-1]).astype(np.float32)
    lengths = ends - starts
    kinds = _kinds().take(points, mode="clip")
    rows = np.repeat(np.arange(0, len(_KINDS) * len(texts), len(_KINDS)), lengths + 1)
    rows += kinds
    counts = np.bincount(rows, minlength=len(_KINDS) * len(texts)).reshape(len(texts), -1).T
    stops = np.flatnonzero((kinds == _KIND["stop"]) | (kinds == _KIND["ask"]))
    closing = stops[points.take(stops + 1) == ord(" ")]
    sentences = np.bincount(rows.take(closing) // len(_KINDS), minlength=len(texts))
    first, last = kinds.take(starts), kinds.take(ends - 1)
    logarithms = np.log1p(
        np.concatenate(
            (sizes[None], counts[_KIND["space"]][None], sentences[None], counts[_COUNTED]),
            dtype=np.float32,
        )
    )
    logarithms[:2] /= ((3,), (2,))
    return sizes, np.concatenate(
        (
            logarithms,
            counts[_SHARED] / lengths,
            [last == _KIND[name] for name in ("stop", "ask", "colon", "quote")],
            [first == _KIND[name] for name in ("lower", "digit", "quote", "mark")],
        ),
        dtype=np.float32,
        casting="unsafe",
    )


def _bounds(
    units: NDArray[np.uint32] | NDArray[np.uint8],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each text begins, and where its separator stands."""
    ends = np.flatnonzero(units == 0)
    return np.concatenate(([0], ends[:-1] + 1)), ends
