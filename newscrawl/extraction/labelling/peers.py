"""Paragraphs that are made alike are alike: the story's, wherever they stand among other boxes."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import Features
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import LabelName

_BODY = LABELS.index("body")
_BY_WORDS: tuple[LabelName, ...] = (
    "paywall",
    "fundraising",
    "newsletter",
    "promo",
    "ad",
    "author_bio",
    "consent",
    "legal",
    "attribution",
    "correction",
)
"""What a paragraph is by what it says, however it is made: an appeal among the story's own."""
_TOLD_BY_WORDS = [LABELS.index(name) for name in _BY_WORDS]
_SAYS_SO = 0.2
"""Probability of those from which on a paragraph isn't compared with others."""
_SAME = 3
"""Elements, from the own outwards, that are of the same kinds where blocks are made alike."""
_PEERS = 3
"""Paragraphs of a kind that say something of each other."""
_PULL = 1.2
"""How far a paragraph is drawn to the others of its kind, in logarithms of odds. By
cross-validation: without it 0.1 % less of the stories is kept."""
_HEAVIEST = 400.0
"""Bytes beyond which a paragraph weighs no more among the others."""
_SUREST = 6.0
_LEAST = 1e-6


def draw_to_peers(likely: Floats, features: Features) -> None:
    """Draw the odds that a paragraph is story to those of the paragraphs that are made like it.

    Changes ``likely``, [B, labels], whose rows keep their sum.
    """
    weights = np.minimum(features.prose, _HEAVIEST, dtype=np.float64)
    rows = np.flatnonzero((weights > 0) & (likely[:, _TOLD_BY_WORDS].sum(1) < _SAYS_SO))
    kinds = features.around[rows, :_SAME] @ len(features.names) ** np.arange(_SAME)
    _, alike, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    peered = counts.take(alike) >= _PEERS
    rows, alike = rows[peered], alike[peered]
    weights = weights[rows]
    story = likely[rows, _BODY].clip(_LEAST, 1 - _LEAST)
    odds = np.log(story / (1 - story)).clip(-_SUREST, _SUREST)
    usual = np.bincount(alike, weights * odds) / np.maximum(np.bincount(alike, weights), 1)
    drawn = 1 / (1 + np.exp(-odds - _PULL * (usual.take(alike) - odds)))
    likely[rows] *= ((1 - drawn) / (1 - story))[:, None]
    likely[rows, _BODY] = drawn
