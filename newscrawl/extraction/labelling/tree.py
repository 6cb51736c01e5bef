"""A page's outline as arrays, so that every element is measured at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.blocks import INLINE, Outline
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.records import Block

Ints = NDArray[np.int64]
_Figures = TypeVar("_Figures", Floats, Ints)

TAGS = (
    "p li a td th div span button label figcaption blockquote pre dt dd time section article "
    "header footer form aside nav main figure h1 h2 h3 h4 h5 h6 img picture input ul ol table"
).split()
_CODES = {tag: number for number, tag in enumerate(TAGS, 1)}
_DEEPEST = 64
"""Elements nested deeper than this are measured as if they weren't."""


class Tree:
    """N elements in document order and the B blocks below them."""

    def __init__(self, blocks: Sequence[Block], outline: Outline) -> None:
        self.parents: Ints = np.array(outline.parents)
        self.parents[0] = 0
        self.ends: Ints = np.array(outline.ends)
        self.codes: Ints = np.array([_CODES.get(tag, 0) for tag in outline.tags])
        self.inline = np.array([tag in INLINE for tag in outline.tags])
        self.nodes: Ints = np.array([block.node for block in blocks])
        steps = np.zeros(len(self.parents) + 1, np.int64)
        np.add.at(steps, self.ends, -1)
        self.depths: Ints = np.arange(len(self.parents)) + np.cumsum(steps)[:-1]
        own: Ints = np.bincount(self.nodes, minlength=len(self.parents)).astype(np.int64)
        self.counts: Ints = self.below(own, np.arange(len(own)))
        """[N]: how many blocks each element holds."""
        self.firsts: Ints = self._firsts()
        """[N]: index of the first block that each element holds; 0 where there is none."""
        self._wider: Ints = self._find_wider()

    def is_tag(self, *tags: str) -> NDArray[np.bool_]:
        """[N]: whether each element is one of these."""
        return np.isin(self.codes, [_CODES[tag] for tag in tags])

    def held(self, figures: _Figures, nodes: Ints) -> _Figures:
        """[..., K]: [B, K] figures of blocks, summed below each of some elements."""
        first = self.firsts[nodes]
        totals = _running(figures)
        found: _Figures = totals[first + self.counts[nodes]] - totals[first]
        return found

    def below(self, figures: _Figures, nodes: Ints) -> _Figures:
        """[..., K]: [N, K] figures of elements, summed over each of some and what it holds."""
        totals = _running(figures)
        found: _Figures = totals[self.ends[nodes]] - totals[nodes]
        return found

    def levels(self, count: int) -> Ints:
        """[count, B]: each block's element, then ever wider ones, each with more blocks in it."""
        rows = [self.nodes]
        for _ in range(count - 1):
            rows.append(self._wider[rows[-1]])
        return np.stack(rows)

    def around(self, count: int) -> Ints:
        """[B, count]: each block's element and its ancestors, -1 beyond the root."""
        columns = [self.nodes]
        for _ in range(count - 1):
            last = columns[-1]
            columns.append(np.where(last > 0, self.parents[last], -1))
        return np.stack(columns, 1)

    def chain(self, node: int) -> list[int]:
        """The root, and the elements down to a node."""
        found = [node]
        while found[-1] > 0:
            found.append(int(self.parents[found[-1]]))
        return found[::-1]

    def homes(self, nodes: Ints) -> Ints:
        """For each of some elements, the innermost that isn't inline."""
        for _ in range(_DEEPEST):
            inline = self.inline[nodes] & (nodes > 0)
            if not inline.any():
                break
            nodes = np.where(inline, self.parents[nodes], nodes)
        return nodes

    def _firsts(self) -> Ints:
        own = np.full(len(self.parents) + 1, len(self.nodes))
        np.minimum.at(own, self.nodes, np.arange(len(self.nodes)))
        bounds = np.stack((np.arange(len(self.parents)), self.ends), 1).ravel()
        found: Ints = np.where(self.counts, np.minimum.reduceat(own, bounds)[::2], 0)
        return found

    def _find_wider(self) -> Ints:
        """[N]: the nearest ancestor with more blocks; the root's is the root."""
        found = self.parents.copy()
        for _ in range(_DEEPEST):
            same = (self.counts[found] == self.counts) & (found > 0)
            if not same.any():
                break
            found = np.where(same, self.parents[found], found)
        return found


def _running(figures: _Figures) -> _Figures:
    """Sums of all rows before each row, and of all rows."""
    totals: _Figures = np.zeros(
        (len(figures) + 1, *figures.shape[1:]), np.result_type(figures, np.int64)
    )
    np.cumsum(figures, 0, out=totals[1:])
    return totals
