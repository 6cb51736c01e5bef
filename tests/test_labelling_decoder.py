"""One label a block, from probabilities and the tree: boxes stay whole, stories too."""

from __future__ import annotations

import numpy as np
import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Tree

_PAGE = """
<main><p>One</p><p>Two</p><aside><p>Give</p><p>now</p><p>please</p></aside><p>Three</p></main>
<nav><a href=/>Home</a></nav>
"""
_FLAT = "<main><p>One</p><p>Two</p><p>Give</p><p>Three</p><p>Four</p></main>"
_NAMES = {"B": "body", "A": "fundraising", "N": "nav"}
_SEEN = {
    "B": (0.9, 0.05, 0.05),
    "A": (0.05, 0.9, 0.05),
    "N": (0.05, 0.05, 0.9),
    "b": (0.5, 0.3, 0.2),
    "a": (0.3, 0.5, 0.2),
    "?": (0.34, 0.33, 0.33),
}
"""Probabilities of those three: sure ones, leaning ones, none."""


def _decoded(page: str, seen: str) -> str:
    """The letters of a page's labels, where its blocks are seen as these letters."""
    blocks, outline = read_blocks(parse(page))
    rows = np.zeros((len(seen), len(LABELS)), np.float32)
    rows[:, [LABELS.index(name) for name in _NAMES.values()]] = [_SEEN[letter] for letter in seen]
    found = decode(rows, Tree(blocks, outline)).tolist()
    letters = {name: letter for letter, name in _NAMES.items()}
    return "".join(letters[LABELS[label]] for label in found)


@pytest.mark.parametrize(
    ("page", "seen", "expected"),
    [
        (_PAGE, "BBAAABN", "BBAAABN"),
        (_PAGE, "BBAbABN", "BBAAABN"),
        (_PAGE, "BBAA?BN", "BBAAABN"),
        (_PAGE, "BaBBBBN", "BBBBBBN"),
        (_PAGE, "BBbaaBN", "BBBBBBN"),
        (_PAGE, "BBAAA?N", "BBAAABN"),
        (_FLAT, "BBABB", "BBABB"),
        (_FLAT, "BBaBB", "BBBBB"),
    ],
    ids="clear leaning-in-box unsure-in-box leaning no-box unsure odd weak".split(),
)
def test_boxes_and_stories_stay_whole(page: str, seen: str, expected: str) -> None:
    """A block that is unsure goes with what it stands in; a sure box or block stands out."""
    assert _decoded(page, seen) == expected


def test_single_block_has_its_own_label() -> None:
    """A page of one block has no neighbours: its most probable label is it."""
    assert _decoded("<p>One</p>", "a") == "A"
