"""What is no story gets a rare label rather than a common one: half of all blocks are menus."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import REMOVED_LABELS

_REMOVED = np.isin(LABELS, tuple(REMOVED_LABELS))
_PULL = 0.35
"""The power of a label's share by which its odds shrink: 0 leaves the model's, 1 makes all labels
as common as each other. By cross-validation on the labelled pages: of each kind of clutter 3 % more
gets its name, of asks 5 %; of the story's lines less than one in a thousand more is taken for an
ask."""
_LEAST_SHARE = 1e-3
_LEAST = 1e-12


def draw_to_rare_labels(likely: Floats, shares: Floats) -> None:
    """Draw the odds among the labels of what is removed to those with small ``shares``, [labels].

    Changes ``likely``, [B, labels], whose rows keep their sum, and each label of what is kept its
    probability.
    """
    removed = likely[:, _REMOVED]
    drawn = removed * np.maximum(shares[_REMOVED], _LEAST_SHARE) ** -_PULL
    drawn *= removed.sum(1, keepdims=True) / np.maximum(drawn.sum(1, keepdims=True), _LEAST)
    likely[:, _REMOVED] = drawn
