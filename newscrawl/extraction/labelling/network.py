"""The network that gives each block a probability for every label: NumPy, one page at a time.

A block's numbers and the embeddings of its words, its links' addresses and the names around it go
through a hidden layer; then every block looks at its neighbours, near and far, and at the page.
``training/network.py`` fits the weights and must compute the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import NEAR, Features

REACHES = (1, 2, 4)
"""How many blocks away each layer's neighbours are."""
PAGE_AFTER = 1
"""After which of those layers every block sees the page as a whole."""
CLIP = 4.0
"""Standard deviations beyond which a number counts no further."""

Weights = Mapping[str, Floats]


def probabilities(features: Features, members: Sequence[Weights], scale: Weights) -> Floats:
    """[B, labels]: the geometric mean of the members' probabilities.

    ``scale`` holds ``mean`` and ``deviation`` of the numbers, each [D].
    """
    dense = (features.dense - scale["mean"]) / scale["deviation"]
    np.clip(dense, -CLIP, CLIP, out=dense)
    found = [_member(dense, features, weights) for weights in members]
    odds = np.exp(np.mean(found, 0))
    normal: Floats = odds / odds.sum(1, keepdims=True)
    return normal


def _member(dense: Floats, features: Features, weights: Weights) -> Floats:
    """[B, labels]: one member's logarithms of probabilities."""
    vectors = weights["vectors"]
    around = _bags(features.names, vectors)[features.around]
    start = np.concatenate(
        (
            dense,
            _bags(features.words, vectors),
            _bags(features.targets, vectors),
            around[:, 0],
            around[:, 1:NEAR].sum(1) / 2,
            around[:, NEAR:].sum(1) / 3,
        ),
        1,
    )
    first = _relu(start @ weights["start"] + weights["start_bias"])
    hidden = first
    for layer, reach in enumerate(REACHES):
        beside = np.concatenate((_shifted(hidden, reach), hidden, _shifted(hidden, -reach)), 1)
        hidden = hidden + _relu(beside @ weights[f"beside{layer}"] + weights[f"beside{layer}_bias"])
        if layer == PAGE_AFTER:
            page = np.concatenate((hidden.mean(0), hidden.max(0)))
            hidden = hidden + _relu(page @ weights["page"])
    scores = np.concatenate((first, hidden), 1) @ weights["end"] + weights["end_bias"]
    scores -= scores.max(1, keepdims=True)
    logarithms: Floats = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    return logarithms


def _bags(rows: Sequence[Sequence[int]], vectors: Floats) -> Floats:
    """[rows, width]: the sum of each row's vectors over the root of one more than their number.

    Id 0, an unknown word, has no vector and doesn't count.
    """
    flat: list[int] = []
    starts = []
    for row in rows:
        starts.append(len(flat))
        flat.append(0)
        flat += row
    ids = np.array(flat)
    counts = np.add.reduceat((ids > 0).astype(np.float32), starts)
    sums = np.add.reduceat(vectors[ids], starts)
    found: Floats = sums / np.sqrt(1 + counts)[:, None]
    return found


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0)


def _shifted(values: Floats, steps: int) -> Floats:
    """Rows moved down by some steps, or up; what comes in is 0."""
    found = np.zeros_like(values)
    if steps > 0:
        found[steps:] = values[:-steps]
    else:
        found[:steps] = values[-steps:]
    return found
