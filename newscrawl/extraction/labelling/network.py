"""The network that gives each block a probability for every label: NumPy, one page at a time.

A block's numbers and the embeddings of its words, its links' addresses and the names around it go
through a hidden layer; then every block looks at its neighbours, near and far, and at the page.
``training/network.py`` fits the weights and must compute the same scores.

Several networks of one shape, the members, compute side by side: M members, a width of W.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import NEAR, Features
from newscrawl.extraction.labelling.tree import Ints

REACHES = (1, 2, 4)
"""How many blocks away each layer's neighbours are."""
PAGE_AFTER = 1
"""After which of those layers every block sees the page as a whole."""
CLIP = 4.0
"""Standard deviations beyond which a number counts no further."""
TEMPERATURE = 1.5
"""By what the scores are divided, as the members are too sure of sites that they haven't seen: by
cross-validation, of the labels given with probabilities of 0.9 to 0.95, 86 % are right instead of
73 %."""
_PORTION = 256
"""Blocks whose embeddings are looked up at once: few megabytes."""
_MOST_PRODUCTS = 1 << 19
"""Multiplications of a matrix product up to which OpenBLAS stays on one thread. More threads, for
matrices as small as these, cost several times the work: they wait for each other, busily."""

Weights = Mapping[str, Floats]


def stacked(members: Sequence[Weights]) -> Weights:
    """The members' weights, each [M, ...]; ``vectors`` are side by side, [words + 1, M * vector],
    and an unknown word's is 0."""
    vectors = np.concatenate([weights["vectors"] for weights in members], 1)
    vectors[0] = 0
    names = members[0].keys() - {"vectors"}
    return {"vectors": vectors, **{name: np.stack([m[name] for m in members]) for name in names}}


def probabilities(features: Features, weights: Weights, scale: Weights) -> Floats:
    """[B, labels]: the geometric mean of the members' probabilities, with their stacked weights.

    ``scale`` holds ``mean`` and ``deviation`` of the numbers, each [D].
    """
    first = _start(features, weights, scale)
    hidden = first
    for layer, reach in enumerate(REACHES):
        seen = _product(_beside(hidden, reach), weights[f"beside{layer}"])
        hidden = hidden + _relu(seen, weights[f"beside{layer}_bias"])
        if layer == PAGE_AFTER:
            hidden += _page(hidden, weights["page"])
    scores = _product(np.concatenate((first, hidden), 2), weights["end"]).mean(1)
    scores += weights["end_bias"].mean(0)
    scores -= scores.max(1, keepdims=True)
    scores /= TEMPERATURE
    # What each member's own are divided by is one number a block: all are divided once.
    odds: Floats = np.exp(scores)
    odds /= odds.sum(1, keepdims=True)
    return odds


def _start(features: Features, weights: Weights, scale: Weights) -> Floats:
    """[B, M, W]: what each block is by itself."""
    dense = features.dense - scale["mean"]
    dense /= scale["deviation"]
    dense.clip(-CLIP, CLIP, out=dense)
    members, numbers = len(weights["start"]), dense.shape[1]
    alike = np.broadcast_to(dense[:, None], (len(dense), members, numbers))
    found = _product(alike, weights["start"][:, :numbers])
    bags = _bags_around(features, weights["vectors"], members)
    found += _product(bags, weights["start"][:, numbers:])
    return _relu(found, weights["start_bias"])


def _bags_around(features: Features, vectors: Floats, members: int) -> Floats:
    """[B, M, 5 * vector]: bags of a block's words and targets, of its element's names, and of the
    names near and far around it."""
    count, size = len(features.words), vectors.shape[1] // members
    found = np.empty((count, members, 5, size), np.float32)
    kinds = _bags(features.names, vectors)
    for start in range(0, count, _PORTION):
        rows = slice(start, start + _PORTION)
        around = kinds.take(features.around[rows].T, 0)
        bags = (
            _bags(features.words[rows], vectors),
            _bags(features.targets[rows], vectors),
            around[0],
            around[1:NEAR].sum(0) / 2,
            around[NEAR:].sum(0) / 3,
        )
        for number, bag in enumerate(bags):
            found[rows, :, number] = bag.reshape(-1, members, size)
    return found.reshape(count, members, -1)


def _bags(ids: Ints, vectors: Floats) -> Floats:
    """[rows, M * vector]: the sum of each row's vectors over the root of one more than their
    number; id 0 doesn't count."""
    ones = np.ones((1, ids.shape[1]), np.float32)
    known = (ids > 0) @ ones[0]
    sums: Floats = (ones @ vectors.take(ids, 0))[:, 0]
    sums /= np.sqrt(1 + known)[:, None]
    return sums


def _beside(hidden: Floats, reach: int) -> Floats:
    """[B, M, 3 * W]: the block so many before each, itself and the one so many behind."""
    found = np.empty((*hidden.shape[:2], 3, hidden.shape[2]), np.float32)
    found[:reach, :, 0] = 0
    found[reach:, :, 0] = hidden[:-reach]
    found[:, :, 1] = hidden
    found[:-reach, :, 2] = hidden[reach:]
    found[-reach:, :, 2] = 0
    return found.reshape(*hidden.shape[:2], -1)


def _page(hidden: Floats, weights: Floats) -> Floats:
    """[M, W]: what the page is as a whole, by its blocks' mean and maximum."""
    page = np.concatenate((hidden.mean(0), hidden.max(0)), 1)
    found: Floats = np.maximum(page[:, None] @ weights, 0)[:, 0]
    return found


def _product(values: Floats, weights: Floats) -> Floats:
    """[B, M, Y] of [B, M, X] and [M, X, Y], in portions that are computed on one thread."""
    count, members, inner = values.shape
    outer = weights.shape[2]
    found = np.empty((count, members, outer), np.float32)
    portion = max(1, _MOST_PRODUCTS // (inner * outer))
    for start in range(0, count, portion):
        rows = slice(start, start + portion)
        for member in range(members):
            np.matmul(values[rows, member], weights[member], out=found[rows, member])
    return found


def _relu(values: Floats, bias: Floats) -> Floats:
    """The values, which it changes, with a bias and without what is negative: NumPy compares with
    a row several times faster than with one number."""
    np.maximum(values, -bias, out=values)
    values += bias
    return values
