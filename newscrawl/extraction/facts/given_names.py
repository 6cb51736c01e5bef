"""Common given names, from ``given_names.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from newscrawl.extraction.text import folded

_INITIAL = re.compile(r"[^\W\d_]\.\s?[^\W\d_.]{2}|(?:[^\W\d_]\.\s){1,3}[^\W\d_.]{2}")
"""One letter with a dot before a name: "J. Roe", "T. V. Roe"."""
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "ı": "i"})
"""Letters that Unicode doesn't take for accented ones; the table has them plain."""


def opens_with_given_name(name: str) -> bool:
    """Whether a name's first word is a common given name, in any of many languages, or an initial.

    Evidence for a person where a name could as well be a heading or a firm. That a name's first
    word isn't in the table says nothing.
    """
    first = folded(name).partition(" ")[0].translate(_STROKES)
    return first in _given_names() or bool(_INITIAL.match(name))


@cache
def _given_names() -> frozenset[str]:
    text = files(__package__).joinpath("given_names.toml").read_text("utf-8")
    return frozenset(folded(name) for name in tomllib.loads(text)["names"].split())
