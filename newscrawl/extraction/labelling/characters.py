"""Character statistics of many texts at once, in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_KINDS = (
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
)
_KIND = {name: number for number, name in enumerate(_KINDS, 1)}
_SIGNS = {
    "stop": ".\u3002\uff0e\u2026\u0964\u06d4\u0589\u1362",
    "ask": "?!\uff1f\uff01\u061f\u037e",
    "comma": ",，、،；",
    "colon": ":：",
    "quote": '"“”„«»「」『』‹›',
    "mark": "@©®#|•·→›»*/",
    "line": "\n",
}
_KNOWN = 0x10000
"""Code points above the basic plane count as letters: rare scripts and emoji."""
_SEPARATOR = "\x00"
WIDTH = 22
"""Columns of ``character_features``."""


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind of each code point of the basic plane; 0 for caseless letters and the rest."""
    table = np.zeros(_KNOWN, np.uint8)
    by_category = {"Lu": "upper", "Ll": "lower", "Nd": "digit", "Sc": "money"}
    for point in range(_KNOWN):
        name = by_category.get(unicodedata.category(chr(point)))
        if name:
            table[point] = _KIND[name]
    for name, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = _KIND[name]
    return table


def character_features(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Per text: its size in UTF-8 bytes, float32[B], and its statistics, float32[B, ``WIDTH``].

    Texts are not empty and hold no NUL.
    """
    joined = _SEPARATOR.join(texts) + _SEPARATOR
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(points == 0)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = (ends - starts).astype(np.float32)
    kinds = _kinds()[np.minimum(points, _KNOWN - 1)]
    widths = 1 + (points > 0x7F) + (points > 0x7FF).astype(np.int64) + (points > 0xFFFF)
    sizes = np.add.reduceat(widths, starts).astype(np.float32) - 1
    spaces = np.add.reduceat((points == 0x20).astype(np.int64), starts)
    counts = np.stack(
        [np.add.reduceat((kinds == kind).astype(np.int64), starts) for kind in _KIND.values()], 1
    ).astype(np.float32)
    closing = np.zeros(len(points), np.int64)
    stops = (kinds == _KIND["stop"]) | (kinds == _KIND["ask"])
    closing[:-1] = stops[:-1] & (points[1:] == 0x20)
    sentences = np.add.reduceat(closing, starts)
    shares = counts[:, :3] / lengths[:, None]
    first, last = kinds[starts], kinds[ends - 1]
    ended = [last == _KIND[name] for name in ("stop", "ask", "colon", "quote")]
    begun = [first == _KIND[name] for name in ("lower", "digit", "quote", "mark")]
    columns = [
        np.log1p(sizes) / 3,
        np.log1p(spaces) / 2,
        np.log1p(sentences),
        *np.log1p(counts[:, 3:]).T,
        *shares.T,
        *ended,
        *begun,
    ]
    return sizes, np.stack(columns, 1).astype(np.float32)
