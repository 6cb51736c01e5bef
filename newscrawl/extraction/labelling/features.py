"""What the model sees of a page: a row of numbers and bags of words for every block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newscrawl.extraction.blocks import Outline
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.characters import Floats, character_features
from newscrawl.extraction.labelling.concepts import concept_names, concepts_of
from newscrawl.extraction.labelling.tokens import (
    MOST_TARGETS,
    all_words,
    name_tokens,
    target_tokens,
    words_of,
)
from newscrawl.extraction.labelling.tree import TAGS, Ints, Tree
from newscrawl.records import Block

LEVELS = 6
"""How many ever wider elements around a block are measured."""
CONCEPT_LEVELS = 3
ANCESTORS = 20
"""How many elements around a block are read for their names, the block's own first."""
NEAR = 4
"""How many of those are near."""
_PROSE_BYTES = 80
_PROSE_LINKS = 0.5
_SHORT_BYTES = 30
_STORY_SHARES = (0.35, 0.6, 0.85)
"""Shares of the page's prose that the story's container may hold."""
_LEAD = 9
"""How many words two texts share at their beginning before one is the other's."""


_TOPIC_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Features:
    """Of a page of B blocks."""

    dense: Floats
    """[B, D], unscaled."""
    own: Floats
    """[B, 10]: those of its numbers that ``LINKS`` and ``HEADLINE`` name."""
    words: list[list[int]]
    """Per block, ids of its words."""
    targets: list[list[int]]
    """Per block, ids of the words of its links' addresses."""
    names: list[list[int]]
    """Ids of tag and names of each distinct kind of element; the first is empty."""
    around: Ints
    """[B, ``ANCESTORS``]: the kinds of the elements around, the own first, 0 beyond the root."""


def read_features(
    blocks: Sequence[Block],
    tree: Tree,
    outline: Outline,
    hints: Hints,
    vocabulary: Mapping[str, int],
) -> Features:
    """The features of a page with at least one block; the vocabulary knows every word's id."""
    sizes, shapes = character_features([block.text for block in blocks])
    words = [words_of(block.text) for block in blocks]
    concepts = _concept_counts(words)
    own = _own_columns(blocks, words, hints)
    measures = _measures(sizes, shapes, own, tree)
    levels = tree.levels(LEVELS)
    kinds, names = _names(tree, outline, vocabulary)
    dense = (
        shapes,
        own,
        _tag_columns(tree),
        np.log1p(concepts),
        _level_columns(tree, measures, levels),
        _concept_columns(tree, concepts, levels[1 : 1 + CONCEPT_LEVELS]),
        _peer_columns(tree, measures, kinds),
        _story_columns(tree, measures[:, _PROSE]),
        _place_columns(tree, own, levels, measures),
    )
    return Features(
        dense=np.concatenate(dense, 1, dtype=np.float32),
        own=own,
        words=[[vocabulary[word] for word in found] for found in words],
        targets=_targets(tree, outline, vocabulary),
        names=names,
        around=kinds[tree.around(ANCESTORS)],
    )


# --- of a block by itself -------------------------------------------------------------------------

LINKS, _HIDDEN, HEADLINE = 0, 1, 2


def _own_columns(blocks: Sequence[Block], words: Sequence[Sequence[str]], hints: Hints) -> Floats:
    """[B, 10]: links, hidden; is and shares the headline; opens as a description; is in the text
    that the page declares, if it declares one; how often it stands on the page; shares of its words
    that the headline and the descriptions have, too."""
    repeats = Counter(block.text for block in blocks)
    headline = words_of(hints.headline or "")
    leads = {tuple(found) for text in hints.descriptions if (found := words_of(text)[:_LEAD])}
    topics = _topics([hints.headline or ""]), _topics(hints.descriptions)
    declared = " ".join(all_words(hints.text or ""))
    rows = [
        (
            block.link_density,
            block.hidden,
            bool(found) and found == headline,
            _LEAD > len(found) > 2 and " ".join(found) in " ".join(headline),
            len(found) >= _LEAD and tuple(found[:_LEAD]) in leads,
            bool(declared),
            len(found) > 2 and bool(declared) and " ".join(found[:_LEAD]) in declared,
            min(repeats[block.text] - 1, 4) / 2,
            *(len(topic.intersection(found)) / (len(found) + 3) for topic in topics),
        )
        for block, found in zip(blocks, words, strict=True)
    ]
    return np.array(rows, np.float32)


def _topics(texts: Sequence[str]) -> set[str]:
    """The words of texts that are long enough to say what they are about."""
    return {word for text in texts for word in words_of(text) if len(word) >= _TOPIC_LETTERS}


def _concept_counts(words: Sequence[Sequence[str]]) -> Floats:
    width = len(concept_names())
    cells = [
        row * width + concept
        for row, found in enumerate(words)
        for word in found
        for concept in concepts_of(word)
    ]
    counts = np.bincount(np.array(cells, np.int64), minlength=len(words) * width)
    return counts.reshape(len(words), width).astype(np.float32)


def _tag_columns(tree: Tree) -> Floats:
    return np.eye(len(TAGS) + 1, dtype=np.float32)[tree.codes[tree.nodes]]


# --- of the elements around it --------------------------------------------------------------------

_COUNT, _SIZE, _LINKED, _PROSE, _PARAGRAPHS, _UNSEEN, _HEADINGS = range(7)
_MONEY, _ASKING, _SENTENCES, _SHORT, _P, _ITEMS = range(7, 13)
_ACTS, _ANCHORS, _IMAGES, _INPUTS = range(4)


def _measures(sizes: Floats, shapes: Floats, own: Floats, tree: Tree) -> Floats:
    """[B, 13], in the order of the names above."""
    links, hidden = own[:, LINKS], own[:, _HIDDEN]
    prose = np.where((sizes >= _PROSE_BYTES) & (links < _PROSE_LINKS), sizes, 0)
    shown = prose * (1 - hidden)
    if shown.sum() < 0.4 * prose.sum():
        shown = prose
    codes = tree.codes[tree.nodes]
    heading = (codes >= _code("h1")) & (codes <= _code("h6"))
    columns = (
        np.ones_like(sizes),
        sizes,
        sizes * links,
        shown,
        shown > 0,
        hidden,
        heading,
        shapes[:, 8] > 0,
        shapes[:, 6] > 0,
        np.expm1(shapes[:, 2]),
        sizes < _SHORT_BYTES,
        (codes == _code("p")) & (prose > 0),
        codes == _code("li"),
    )
    return np.stack(columns, 1, dtype=np.float32)


def _code(tag: str) -> int:
    return TAGS.index(tag) + 1


def _element_measures(tree: Tree) -> Floats:
    columns = (
        tree.is_tag("button", "form"),
        tree.is_tag("a"),
        tree.is_tag("img", "picture", "figure"),
        tree.is_tag("input"),
    )
    return np.stack(columns, 1).astype(np.float32)


def _level_columns(tree: Tree, measures: Floats, levels: Ints) -> Floats:
    """[B, ``LEVELS`` * 20]: what ever wider elements hold."""
    s = tree.held(measures, levels)
    parts = tree.below(_element_measures(tree), levels)
    whole = measures.sum(0) + 1e-6
    count, size = np.maximum(s[..., _COUNT], 1), np.maximum(s[..., _SIZE], 1)
    place = (np.arange(len(tree.nodes)) - tree.firsts[levels]) / count
    columns = (
        np.log1p(s[..., _COUNT]),
        np.log1p(s[..., _SIZE]),
        s[..., _LINKED] / size,
        s[..., _PROSE] / size,
        s[..., _PROSE] / whole[_PROSE],
        np.log1p(size / count),
        s[..., _PARAGRAPHS] / count,
        s[..., _HEADINGS] / count,
        s[..., _SHORT] / count,
        s[..., _UNSEEN] / count,
        s[..., _P] / count,
        s[..., _ITEMS] / count,
        np.log1p(parts[..., _ACTS]),
        np.log1p(parts[..., _INPUTS]),
        np.log1p(parts[..., _ANCHORS] / count),
        np.log1p(parts[..., _IMAGES] / count),
        np.log1p(s[..., _MONEY]),
        np.log1p(s[..., _SENTENCES]),
        place,
        s[..., _COUNT] / whole[_COUNT],
    )
    return np.concatenate([c.T for c in columns], 1)


def _concept_columns(tree: Tree, concepts: Floats, levels: Ints) -> Floats:
    """[B, ``CONCEPT_LEVELS`` * concepts]: the words of each concept in a block's elements."""
    counts = tree.held(concepts, levels)
    density = np.log1p(10 * counts / np.maximum(tree.counts[levels], 3)[..., None])
    return np.concatenate(list(density), 1)


def _peer_columns(tree: Tree, measures: Floats, kinds: Ints) -> Floats:
    """[B, 12]: what the blocks hold that stand in elements of the same kind: in the same way made,
    and in the same way made below a parent of the same kind."""
    own = kinds[tree.nodes]
    nested = own * (len(kinds) + 1) + kinds[tree.parents[tree.nodes]]
    whole = measures.sum(0) + 1e-6
    columns = []
    for groups in (own, nested):
        _, group = np.unique(groups, return_inverse=True)
        sums = np.zeros((int(group.max()) + 1, measures.shape[1]))
        np.add.at(sums, group, measures)
        s = sums[group]
        columns += [
            np.log1p(s[:, _COUNT]),
            s[:, _PROSE] / whole[_PROSE],
            s[:, _PROSE] / np.maximum(s[:, _SIZE], 1),
            s[:, _LINKED] / np.maximum(s[:, _SIZE], 1),
            np.log1p(s[:, _SIZE] / s[:, _COUNT]),
            np.log1p(s[:, _SENTENCES] / s[:, _COUNT]),
        ]
    return np.stack(columns, 1).astype(np.float32)


# --- of its place on the page ---------------------------------------------------------------------


def _story_columns(tree: Tree, prose: Floats) -> Floats:
    """[B, 24]: where a block stands to the elements that hold most of the page's prose."""
    held = tree.held(prose, np.arange(len(tree.parents)))
    index = np.arange(len(tree.nodes))
    columns = []
    for share in _STORY_SHARES:
        holding = np.flatnonzero(held >= share * held[0])
        main = int(holding[np.argmax(tree.depths[holding])]) if held[0] else 0
        inside = (tree.nodes >= main) & (tree.nodes < tree.ends[main])
        common = np.zeros(len(tree.parents), np.int64)
        for node in tree.chain(main):
            common[node : tree.ends[node]] = tree.depths[node]
        apart = tree.depths[main] - common[tree.nodes]
        below = np.maximum(tree.depths[tree.nodes] - tree.depths[main], 0)
        running = np.flatnonzero(inside & (prose > 0))
        first, last = (running[0], running[-1]) if len(running) else (0, len(index) - 1)
        columns += [
            inside,
            np.minimum(apart, 10) / 4,
            np.minimum(below, 10) / 4,
            (index >= first) & (index <= last),
            *_distances(index - first),
            *_distances(index - last),
        ]
    return np.stack(columns, 1).astype(np.float32)


def _distances(steps: Ints) -> tuple[Floats, Floats]:
    """A distance in blocks as seen from near and from afar."""
    return np.clip(steps / 3, -2, 2), np.clip(steps / 20, -2, 2)


def _place_columns(tree: Tree, own: Floats, levels: Ints, measures: Floats) -> Floats:
    """[B, 13]: where a block stands on the page, to its headline and to the block before it."""
    index = np.arange(len(tree.nodes))
    codes = tree.codes[tree.nodes]
    heading = (codes >= _code("h1")) & (codes <= _code("h6"))
    named = own[:, HEADLINE] > 0
    marks = np.select([named & heading, named, codes == _code("h1")], [3, 2, 1], 0)
    head = int(np.argmax(marks))
    known = bool(marks[head])
    steps = index - head if known else np.zeros_like(index)
    ones = np.ones(len(index))
    whole = measures.sum(0)
    same = [
        np.concatenate(([False], row[1:] == row[:-1]))
        for row in (tree.nodes, levels[1], tree.parents[tree.nodes])
    ]
    columns = [
        ones * known,
        *_distances(steps),
        marks > 0,
        index / len(index),
        ones * np.log1p(len(index)) / 5,
        ones * np.log1p(whole[_PROSE]) / 8,
        ones * whole[_PROSE] / max(whole[_SIZE], 1),
        tree.depths[tree.nodes] / 20,
        *same,
    ]
    return np.stack(columns, 1).astype(np.float32)


# --- names and addresses --------------------------------------------------------------------------


def _names(
    tree: Tree, outline: Outline, vocabulary: Mapping[str, int]
) -> tuple[Ints, list[list[int]]]:
    """The kind of each element that holds a block, 0 for the others, and the kinds' ids."""
    numbers: dict[tuple[str, str], int] = {}
    kinds = np.zeros(len(tree.parents) + 1, np.int64)
    for node in np.flatnonzero(tree.counts).tolist():
        pair = outline.tags[node], outline.names[node]
        kinds[node] = numbers.setdefault(pair, len(numbers) + 1)
    ids = [[vocabulary[token] for token in name_tokens(*pair)] for pair in numbers]
    return kinds, [[], *ids]


def _targets(tree: Tree, outline: Outline, vocabulary: Mapping[str, int]) -> list[list[int]]:
    leading = [node for node, target in enumerate(outline.targets) if target]
    homes = tree.homes(np.array(leading, np.int64))
    found: dict[int, list[int]] = {}
    for node, home in zip(leading, homes.tolist(), strict=True):
        known = found.setdefault(home, [])
        if len(known) < MOST_TARGETS:
            known += [vocabulary[token] for token in target_tokens(outline.targets[node])]
    nothing: list[int] = []
    return [found.get(node, nothing)[:MOST_TARGETS] for node in tree.nodes.tolist()]
