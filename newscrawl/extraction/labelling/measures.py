"""What stands in the elements around a block, and where on the page it stands.

Everything here has a row a number and a column a block: [K, B].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.blocks import PROSE_BYTES, PROSE_LINKS
from newscrawl.extraction.labelling.characters import MONEY, SENTENCES, Floats
from newscrawl.extraction.labelling.tree import TAGS, Ints, Tree

_SHORT_BYTES = 30
_SHOWN_SHARE = 0.4
"""Share of the page's prose that must be shown for hidden prose not to count."""
_STORY_SHARES = (0.35, 0.6, 0.85)
"""Shares of the page's prose that the story's container may hold."""
_STEPS = np.array([[3], [20]])
"""Blocks that count as one step, from near and from afar."""
_MOST_DISTANT = 2
_MOST_APART = 10

_COUNT, _SIZE, _LINKED, _PROSE, _MONEY, _SENTENCES, _PARAGRAPHS = range(7)
_COUNTED = slice(_PARAGRAPHS, None)
"""From ``_PARAGRAPHS`` on: how many blocks are one thing or another."""


def _code(tag: str) -> int:
    return TAGS.index(tag) + 1


_PARTS = np.array(
    [
        np.isin(["", *TAGS], tags)
        for tags in (("button", "form"), ("input",), ("a",), ("img", "picture", "figure"))
    ],
    np.int8,
)
"""[4, tags]: by a tag's code, which of the parts that are counted it is."""


def prose_sizes(sizes: Floats, links: Floats) -> Floats:
    """[B]: bytes of the blocks that read as running text, by size and link density; 0 of others."""
    found: Floats = np.where((sizes >= PROSE_BYTES) & (links < PROSE_LINKS), sizes, 0)
    return found


def block_measures(
    sizes: Floats, prose: Floats, shapes: Floats, own: Floats, tree: Tree
) -> NDArray[np.float64]:
    """[12, B], in the order of the names above; then headings, short and hidden blocks, ``p`` with
    prose and items of lists. ``own`` begins with link density and whether it is hidden."""
    links, hidden = own[0], own[1]
    shown = prose * (1 - hidden)
    if shown.sum() < _SHOWN_SHARE * prose.sum():
        shown = prose
    codes = tree.codes.take(tree.nodes)
    rows = (
        np.ones_like(sizes),
        sizes,
        sizes * links,
        shown,
        shapes[MONEY] > 0,
        np.expm1(shapes[SENTENCES]),
        shown > 0,
        _headings(codes),
        sizes < _SHORT_BYTES,
        hidden,
        (codes == _code("p")) & (prose > 0),
        codes == _code("li"),
    )
    return np.array(rows, np.float64)


def _headings(codes: Ints) -> NDArray[np.bool_]:
    return (codes >= _code("h1")) & (codes <= _code("h6"))


def level_rows(tree: Tree, measures: NDArray[np.float64], levels: Ints) -> Floats:
    """[20 * levels, B]: what ever wider elements hold; many blocks share one, so each is measured
    once."""
    elements, places = _distinct(levels)
    held = tree.held(measures, elements).astype(np.float32)
    parts = tree.below(_PARTS.take(tree.codes, 1), elements)
    whole = np.maximum(measures.sum(-1), 1e-6)
    count, size = held[_COUNT], np.maximum(held[_SIZE], 1)
    logarithms = np.log1p(
        np.concatenate(
            (
                held[: _SIZE + 1],
                (size / count)[None],
                parts[:2],
                parts[2:] / count,
                held[_MONEY : _SENTENCES + 1],
            ),
            dtype=np.float32,
        )
    )
    rows = (
        logarithms[:2],
        held[_LINKED : _PROSE + 1] / size,
        held[_PROSE][None] / whole[_PROSE],
        logarithms[2:3],
        held[_COUNTED] / count,
        logarithms[3:],
    )
    alike = np.concatenate(rows, dtype=np.float32).take(places, 1)
    blocks = count.take(places)
    place = (np.arange(len(tree.nodes)) - tree.firsts.take(levels)) / blocks
    own = np.stack((place, blocks / whole[_COUNT]))
    found = np.concatenate((alike, own), dtype=np.float32)
    return found.reshape(-1, len(tree.nodes))


def _distinct(elements: Ints) -> tuple[Ints, Ints]:
    """Those of some elements that differ, in rising order, and the place of each among these."""
    known = np.zeros(elements.max() + 1, np.bool_)
    known[elements] = True
    return known.nonzero()[0], (known.cumsum() - 1).take(elements)


def concept_rows(tree: Tree, concepts: Ints, levels: Ints) -> Floats:
    """[levels * concepts, B]: the words of each concept in a block's elements."""
    elements, places = _distinct(levels)
    blocks = np.maximum(tree.counts.take(elements), 3)
    density = np.log1p((10 * tree.held(concepts, elements) / blocks).astype(np.float32))
    found: Floats = density.take(places, 1).swapaxes(0, 1)
    return found.reshape(-1, len(tree.nodes))


def peer_rows(tree: Tree, measures: NDArray[np.float64], kinds: Ints) -> Floats:
    """[12, B]: what the blocks hold that stand in elements of the same kind: in the same way made,
    and in the same way made below a parent of the same kind."""
    own = kinds.take(tree.nodes)
    nested = own * (len(kinds) + 1) + kinds.take(tree.parents.take(tree.nodes))
    whole = max(float(measures[_PROSE].sum()), 1e-6)
    rows = []
    for group in (own, np.unique(nested, return_inverse=True)[1]):
        count, size, linked, prose, sentences = (
            np.bincount(group, measures[row]).take(group)
            for row in (_COUNT, _SIZE, _LINKED, _PROSE, _SENTENCES)
        )
        most = np.maximum(size, 1)
        logarithms = np.log1p((count, size / count, sentences / count))
        rows += [logarithms[0], prose / whole, prose / most, linked / most, *logarithms[1:]]
    return np.array(rows, np.float32)


def story_rows(tree: Tree, measures: NDArray[np.float64]) -> Floats:
    """[24, B]: where a block stands to the elements that hold most of the page's prose."""
    prose = measures[_PROSE]
    held = tree.held(prose, np.arange(len(tree.parents)))
    known: dict[int, Floats] = {}
    rows = []
    for share in _STORY_SHARES:
        holding = np.flatnonzero(held >= share * held[0])
        main = int(holding[np.argmax(tree.depths[holding])]) if held[0] else 0
        if main not in known:
            known[main] = _rows_to(main, tree, prose)
        rows.append(known[main])
    return np.concatenate(rows)


def _rows_to(main: int, tree: Tree, prose: NDArray[np.float64]) -> Floats:
    """[8, B]: where a block stands to one element."""
    nodes, index = tree.nodes, np.arange(len(tree.nodes))
    inside = (nodes >= main) & (nodes < tree.ends[main])
    chain = np.array(tree.chain(main))
    # Those of the chain that hold a node are its first ones: each lies in the one before.
    begun = np.searchsorted(chain, nodes, "right")
    open_ = len(chain) - np.searchsorted(tree.ends[chain[::-1]], nodes, "right")
    apart = len(chain) - np.minimum(begun, open_)
    below = np.maximum(tree.depths.take(nodes) - tree.depths[main], 0)
    running = np.flatnonzero(inside & (prose > 0))
    first, last = (running[0], running[-1]) if len(running) else (0, len(index) - 1)
    rows = (
        inside,
        np.minimum(apart, _MOST_APART) / 4,
        np.minimum(below, _MOST_APART) / 4,
        (index >= first) & (index <= last),
        *_distances(index, first, last),
    )
    return np.array(rows, np.float32)


def _distances(index: Ints, *marks: int) -> NDArray[np.float64]:
    """[2 * marks, B]: how far behind each mark a block is, as seen from near and from afar."""
    steps = (index - np.array(marks)[:, None])[:, None] / _STEPS
    found: NDArray[np.float64] = np.minimum(np.maximum(steps, -_MOST_DISTANT), _MOST_DISTANT)
    return found.reshape(-1, len(index))


def place_rows(
    tree: Tree, named: NDArray[np.bool_], levels: Ints, measures: NDArray[np.float64]
) -> Floats:
    """[12, B]: where a block stands on the page, to its headline and to the block before it;
    ``named`` says which blocks are the headline."""
    index = np.arange(len(tree.nodes))
    codes = tree.codes.take(tree.nodes)
    marks = np.where(named, 2 + _headings(codes), codes == _code("h1"))
    head = int(np.argmax(marks))
    known = bool(marks[head])
    whole = measures.sum(-1)
    holders = np.stack((tree.nodes, levels[1], tree.parents.take(tree.nodes)))
    rows = np.empty((12, len(index)), np.float32)
    rows[0] = known
    rows[1:3] = _distances(index, head) if known else 0
    rows[3] = marks > 0
    rows[4] = index / len(index)
    rows[5] = np.log1p(len(index)) / 5
    rows[6] = np.log1p(whole[_PROSE]) / 8
    rows[7] = whole[_PROSE] / max(whole[_SIZE], 1)
    rows[8] = tree.depths.take(tree.nodes) / 20
    rows[9:, 0] = 0
    rows[9:, 1:] = holders[:, 1:] == holders[:, :-1]
    return rows
