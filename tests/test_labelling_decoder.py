"""One label a block, from probabilities and the tree: boxes stay whole, stories too."""

from __future__ import annotations

import numpy as np
import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.tree import Tree

_PAGE = """
<main><p>One</p><p>Two</p><aside><p>Give</p><p>now</p><p>please</p></aside><p>Three</p></main>
<nav><a href=/>Home</a></nav>
"""
_FLAT = "<main><p>One</p><p>Two</p><p>Give</p><p>Three</p><p>Four</p></main>"
_ROWS = {
    "B": (0.9, 0.05, 0.05),
    "A": (0.05, 0.9, 0.05),
    "N": (0.05, 0.05, 0.9),
    "b": (0.5, 0.3, 0.2),
    "a": (0.3, 0.5, 0.2),
    "?": (0.34, 0.33, 0.33),
}
"""Probabilities of body, ask and nav: sure ones, leaning ones, none."""


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
    ids="clear box-keeps-leaning box-keeps-unsure story-keeps-leaning no-box unsure odd weak".split(),
)
def test_boxes_and_stories_stay_whole(page: str, seen: str, expected: str) -> None:
    """A block that is unsure goes with what it stands in; a sure box or block stands out."""
    blocks, outline = read_blocks(parse(page))
    assert len(blocks) == len(seen)
    rows = np.array([_ROWS[letter] for letter in seen], np.float32)
    found = decode(rows, Tree(blocks, outline)).tolist()
    assert "".join("BAN"[label] for label in found) == expected


def test_single_block_has_its_own_label() -> None:
    """A page of one block has no neighbours: its most probable label is it."""
    blocks, outline = read_blocks(parse("<p>One</p>"))
    assert decode(np.array([_ROWS["a"]], np.float32), Tree(blocks, outline)).tolist() == [1]
