"""The page's most probable labels, when a box costs something: so boxes stay whole.

Every element has a label, too, and every change costs: a box of its own inside the story little,
an odd block inside a box next to nothing, a piece of story inside clutter much.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Ints, Tree
from newscrawl.records import REMOVED_LABELS

_CHANGE, _EXCEPTION, _STRAY_STORY = 1.0, 0.6, 4.0
"""What it costs, in logarithms of probability, that an element differs from its parent, a block
from its element, and that either is story in clutter. By cross-validation on the labelled pages:
without costs 0.4 % less of the stories is kept, and half as many asks again leak; without the last
an eighth more do."""
_BODY = LABELS.index("body")
_OTHERS = slice(_BODY + 1, None)
"""All labels but ``body``, which is the first."""
_CLUTTER = np.isin(LABELS, tuple(REMOVED_LABELS - {"other"}))
_LEAST = 0.01
"""No label of a block is less probable: the network's certainties are only so certain."""


class _Branches(NamedTuple):
    """The tree of those elements that hold fewer blocks than their parent, by depth: the root is
    number 0."""

    homes: Ints
    """[B]: the number of each block's element."""
    parents: Ints
    """Of each element but the root, in rising order."""
    levels: list[slice]
    """The elements of each depth, from those below the root, among all but the root."""


def decode(probabilities: Floats, tree: Tree) -> Ints:
    """[B]: the index of each block's label, from [B, L] probabilities."""
    own = np.log(np.maximum(probabilities.T, _LEAST, order="C"))
    homes, parents, levels = _branches(tree)
    alone = tree.counts.take(tree.nodes) == 1
    told = np.where(alone, own, _to_parent(own, _EXCEPTION))
    above = np.zeros((len(own), 1 + len(parents)), np.float32)
    order = homes.argsort(kind="stable")
    _add(told.take(order, 1), homes.take(order), above)
    below, messages = above[:, 1:], np.empty_like(above[:, 1:])
    for level in reversed(levels):
        messages[:, level] = _to_parent(below[:, level], _CHANGE)
        _add(messages[:, level], parents[level], above)
    for level in levels:
        beside = above.take(parents[level], 1) - messages[:, level]
        below[:, level] += _to_child(beside, _CHANGE)
    homely = above.take(homes, 1)
    chosen = np.where(alone, homely, own + _to_child(homely - told, _EXCEPTION))
    found: Ints = chosen.argmax(0)
    return found


def _to_parent(scores: Floats, cost: float) -> Floats:
    """What children's scores say of their parents' labels, each [L, K]."""
    story = scores[_BODY] - _story_costs(cost)
    others = scores[_OTHERS].max(0) - cost
    found: Floats = np.maximum(scores, np.maximum(story, others))
    return found


def _to_child(scores: Floats, cost: float) -> Floats:
    """What parents' scores say of their children's labels, each [L, K]."""
    found: Floats = np.maximum(scores, scores.max(0) - cost)
    found[_BODY] = (scores - _story_costs(cost)).max(0)
    return found


@cache
def _story_costs(cost: float) -> Floats:
    """[L, 1]: what it costs that story stands in something of each label."""
    found = np.where(_CLUTTER, _STRAY_STORY, cost).astype(np.float32)
    found[_BODY] = 0
    return found[:, None]


def _add(columns: Floats, places: Ints, sums: Floats) -> None:
    """Add each column to the sum at its place; the places are in rising order."""
    first = np.empty(len(places), np.bool_)
    first[0] = True
    np.not_equal(places[1:], places[:-1], out=first[1:])
    starts = first.nonzero()[0]
    sums[:, places.take(starts)] += np.add.reduceat(columns, starts, 1)


def _branches(tree: Tree) -> _Branches:
    tops, count = tree.tops, len(tree.parents)
    branches = np.flatnonzero((tops == np.arange(count)) & (tree.counts > 0))
    numbers = np.zeros(count, np.int64)
    numbers[branches] = np.arange(len(branches))
    parents = numbers.take(tops.take(tree.parents.take(branches)))
    depths = np.zeros_like(branches)
    up = parents
    while up.any():
        depths += up > 0
        up = parents.take(up)
    depths[0] = -1
    order = depths.argsort(kind="stable")
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    ends = np.bincount(depths[1:]).cumsum().tolist()
    return _Branches(
        homes=places.take(numbers.take(tops.take(tree.nodes))),
        parents=places.take(parents.take(order))[1:],
        levels=[slice(*bounds) for bounds in pairwise((0, *ends))],
    )
