"""A page's outline as arrays, so that every element is measured at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.blocks import INLINE, Outline
from newscrawl.records import Block

Ints = NDArray[np.int64]
Figures = NDArray[np.integer[Any]] | NDArray[np.floating[Any]]

TAGS = (
    "p li a td th div span button label figcaption blockquote pre dt dd time section article "
    "header footer form aside nav main figure h1 h2 h3 h4 h5 h6 img picture input ul ol table"
).split()
_CODES = {tag: number for number, tag in enumerate((*TAGS, *sorted(INLINE.difference(TAGS))), 1)}
_INLINE_CODES = np.array([False, *(tag in INLINE for tag in _CODES)])
_DEEPEST = 64
"""Inline elements nested deeper than this in each other are measured as if they weren't."""


class Tree:
    """N elements in document order and the B blocks below them."""

    def __init__(self, blocks: Sequence[Block], outline: Outline) -> None:
        elements = np.arange(len(outline.parents))
        self.parents: Ints = np.fromiter(outline.parents, np.int64)
        self.parents[0] = 0
        self.ends: Ints = np.fromiter(outline.ends, np.int64)
        codes = np.fromiter(map(_CODES.get, outline.tags, repeat(0)), np.int64)
        self.inline = _INLINE_CODES.take(codes)
        self.codes: Ints = np.where(codes > len(TAGS), 0, codes)
        self.nodes: Ints = np.array([block.node for block in blocks], np.int64)
        ended = np.bincount(self.ends, minlength=len(elements) + 1)[:-1]
        self.depths: Ints = elements - np.cumsum(ended)
        self.counts: Ints = self.counted(self.nodes)
        """[N]: how many blocks each element holds."""
        self.firsts: Ints = self._firsts()
        """[N]: index of the first block that each element holds; 0 where there is none."""
        self.tops: Ints = self._tops()
        """[N]: the outermost element that holds the same blocks."""

    def held(self, figures: Figures, nodes: Ints) -> Any:
        """[K, ...]: [K, B] figures of blocks, summed below each of some elements."""
        first = self.firsts.take(nodes)
        return _between(figures, first, first + self.counts.take(nodes))

    def below(self, figures: Figures, nodes: Ints) -> Any:
        """[K, ...]: [K, N] figures of elements, summed over each of some and what it holds."""
        return _between(figures, nodes, self.ends.take(nodes))

    def counted(self, nodes: Ints) -> Ints:
        """[N]: how many of some blocks, whose elements are given, each element holds."""
        own = np.bincount(nodes, minlength=len(self.parents))
        found: Ints = self.below(own, np.arange(len(own)))
        return found

    def levels(self, count: int) -> Ints:
        """[count, B]: each block's element, then ever wider ones, each with more blocks in it."""
        return _climbed(self.nodes, self.parents.take(self.tops), count)

    def around(self, count: int) -> Ints:
        """[count, B]: each block's element and its ancestors, N beyond the root."""
        beyond = len(self.parents)
        above = np.append(self.parents, beyond)
        above[0] = beyond
        return _climbed(self.nodes, above, count)

    def chain(self, node: int) -> list[int]:
        """The root, and the elements down to a node."""
        found = [node]
        while found[-1] > 0:
            found.append(int(self.parents[found[-1]]))
        return found[::-1]

    def homes(self, nodes: Ints) -> Ints:
        """For each of some elements, the innermost that isn't inline."""
        for _ in range(_DEEPEST):
            inline = self.inline.take(nodes) & (nodes > 0)
            if not inline.any():
                break
            nodes = np.where(inline, self.parents.take(nodes), nodes)
        return nodes

    def _firsts(self) -> Ints:
        own = np.full(len(self.parents) + 1, len(self.nodes))
        np.minimum.at(own, self.nodes, np.arange(len(self.nodes)))
        holding = self.counts.nonzero()[0]
        bounds = np.stack((holding, self.ends.take(holding)), 1).ravel()
        found = np.zeros(len(self.parents), np.int64)
        found[holding] = np.minimum.reduceat(own, bounds)[::2]
        return found

    def _tops(self) -> Ints:
        same = self.counts == self.counts.take(self.parents)
        found: Ints = np.where(same, self.parents, np.arange(len(self.parents)))
        while ((further := found.take(found)) != found).any():
            found = further
        return found


def _climbed(nodes: Ints, above: Ints, count: int) -> Ints:
    """[count, B]: the nodes, what is above them, and so on."""
    rows = np.empty((count, len(nodes)), np.int64)
    rows[0] = nodes
    for number in range(1, count):
        above.take(rows[number - 1], out=rows[number], mode="clip")
    return rows


def _between(figures: Figures, first: Ints, beyond: Ints) -> Any:
    """[K, ...]: sums over [K, X] figures from some places up to others."""
    exact = np.int64 if figures.dtype.kind in "iu" else np.float64
    totals = np.zeros((*figures.shape[:-1], figures.shape[-1] + 1), exact)
    np.cumsum(figures, -1, exact, totals[..., 1:])
    return totals.take(beyond, -1) - totals.take(first, -1)
