"""What the model sees of a page: a row of numbers and bags of words for every block."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, compress, count, repeat

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.blocks import Outline
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.characters import Floats, character_features
from newscrawl.extraction.labelling.concepts import concept_names
from newscrawl.extraction.labelling.lexicon import ID_BITS, Lexicon
from newscrawl.extraction.labelling.measures import (
    block_measures,
    concept_rows,
    level_rows,
    peer_rows,
    place_rows,
    prose_sizes,
    story_rows,
)
from newscrawl.extraction.labelling.tokens import (
    MOST_NAMES,
    MOST_TARGETS,
    MOST_WORDS,
    all_words,
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
LINKS, HIDDEN, HEADLINE = 0, 1, 2
"""Columns of ``Features.own``: link density; whether the block is hidden, and the headline."""
_LEAD = 9
"""How many words two texts share at their beginning before one is the other's."""
_PART = 3
"""From how many words on a text may be a part of another."""
_TOPIC_LETTERS = 5
_IDS = (1 << ID_BITS) - 1
_ID_BYTES = np.dtype(np.int64).itemsize
_MOST_REPEATS = 4


@dataclass(frozen=True, slots=True)
class Features:
    """Of a page of B blocks. Ids are padded with 0, which is an unknown word's, too."""

    dense: Floats
    """[B, D], unscaled."""
    own: Floats
    """[B, 10]: those of its numbers that ``LINKS``, ``HIDDEN`` and ``HEADLINE`` name."""
    prose: Floats
    """[B]: bytes of the blocks that read as running text, 0 of the others."""
    addressing: NDArray[np.bool_]
    """[B]: whether a block speaks both for the publication and to its reader: "we" and "you"."""
    words: Ints
    """[B, ``MOST_WORDS``]: ids of each block's words."""
    targets: Ints
    """[B, ``MOST_TARGETS``]: ids of the words and concepts of its links' addresses."""
    names: Ints
    """[K, 1 + ``MOST_NAMES``]: ids of tag, concepts and names of each kind of element; the first
    kind has none."""
    around: Ints
    """[B, ``ANCESTORS``]: the kinds of the elements around, the own first, 0 beyond the root."""


def read_features(
    blocks: Sequence[Block],
    tree: Tree,
    outline: Outline,
    hints: Hints,
    lexicon: Lexicon,
) -> Features:
    """The features of a page with at least one block."""
    texts = [block.text for block in blocks]
    sizes, shapes = character_features(texts)
    kinds, names = _names(tree, outline, lexicon)
    words = words_of(texts)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    numbers = np.fromiter(map(lexicon.words.__getitem__, chain.from_iterable(words)), np.int64)
    concepts = _concept_counts(numbers >> ID_BITS, lengths)
    own = _own_rows(blocks, words, lengths, hints)
    prose = prose_sizes(sizes, own[LINKS])
    measures = block_measures(sizes, prose, shapes, own, tree)
    levels = tree.levels(LEVELS)
    rows = (
        shapes,
        own,
        _tag_rows(tree),
        np.log1p(concepts, dtype=np.float32),
        level_rows(tree, measures, levels),
        concept_rows(tree, concepts, levels[1 : 1 + CONCEPT_LEVELS]),
        peer_rows(tree, measures, kinds),
        story_rows(tree, measures),
        place_rows(tree, own[HEADLINE] > 0, levels, measures),
    )
    return Features(
        dense=np.concatenate(rows).T,
        own=own.T,
        prose=prose,
        addressing=_addressing(concepts),
        words=_padded(numbers & _IDS, lengths, MOST_WORDS),
        targets=_targets(tree, outline, lexicon),
        names=names,
        around=kinds.take(tree.around(ANCESTORS)).T,
    )


def _padded(ids: Ints, lengths: Ints, width: int) -> Ints:
    """[rows, width] of the ids of all rows and each row's number of them."""
    found = np.zeros((len(lengths), width), np.int64)
    found[np.arange(width) < lengths[:, None]] = ids
    return found


def _table(rows: Iterable[bytes], width: int) -> Ints:
    """[rows, width] of each row's ids, as the lexicon packs them."""
    size = width * _ID_BYTES
    joined = b"".join([row[:size].ljust(size, b"\0") for row in rows])
    return np.frombuffer(joined, np.int64).reshape(-1, width)


# --- of a block by itself -------------------------------------------------------------------------


def _own_rows(
    blocks: Sequence[Block], words: Sequence[Sequence[str]], lengths: Ints, hints: Hints
) -> Floats:
    """[10, B]: links, hidden; is and shares the headline; opens as a description; is in the text
    that the page declares, if it declares one; how often it stands on the page; shares of its words
    that the headline and the descriptions have, too."""
    headline, *descriptions = words_of((hints.headline or "", *hints.descriptions))
    leads = {tuple(row[:_LEAD]) for row in descriptions if row}
    declared = all_words(hints.text or "")
    texts = [block.text for block in blocks]
    repeats = np.fromiter(map(Counter(texts).__getitem__, texts), np.float32)
    found = np.zeros((10, len(blocks)), np.float32)
    found[LINKS] = [block.link_density for block in blocks]
    found[HIDDEN] = [block.hidden for block in blocks]
    if headline:
        found[HEADLINE, [n for n, row in enumerate(words) if row == headline]] = 1
    short = np.flatnonzero((lengths >= _PART) & (lengths < _LEAD)).tolist()
    found[3, _within(headline, words, short)] = 1
    long = np.flatnonzero(lengths >= _LEAD).tolist()
    found[4, [n for n in long if tuple(words[n][:_LEAD]) in leads]] = 1
    found[5] = bool(declared)
    found[6, _within(declared, words, short + long)] = 1
    found[7] = np.minimum(repeats - 1, _MOST_REPEATS) / 2
    found[8:] = _shares(words, lengths, (_topics([headline]), _topics(descriptions)))
    return found


def _within(text: Sequence[str], words: Sequence[Sequence[str]], rows: Iterable[int]) -> list[int]:
    """Those of some rows of ``_PART`` words or more whose first ``_LEAD`` a text contains."""
    known, joined = frozenset(text), " ".join(text)
    # Words inside the row are whole words of the text: most rows have one that it has not.
    return [n for n in rows if words[n][1] in known and " ".join(words[n][:_LEAD]) in joined]


def _topics(texts: Iterable[Sequence[str]]) -> set[str]:
    """The words that are long enough to say what texts are about."""
    return {word for words in texts for word in words if len(word) >= _TOPIC_LETTERS}


def _shares(words: Sequence[Sequence[str]], lengths: Ints, topics: Sequence[set[str]]) -> Floats:
    """[topics, B]: the distinct words of each topic, as a share of three more than all words."""
    known = set().union(*topics)
    found = np.zeros((len(topics), len(words)), np.float32)
    sharing = [n for n, apart in enumerate(map(known.isdisjoint, words)) if not apart]
    for number, topic in enumerate(topics):
        found[number, sharing] = [len(topic.intersection(words[n])) for n in sharing]
    found /= lengths + 3
    return found


def _concept_counts(spoken: Ints, lengths: Ints) -> Ints:
    """[concepts, B]: how many of each block's words speak of each concept; ``spoken`` has for each
    word of all blocks a bit a concept."""
    height, count = len(concept_names()), len(lengths)
    telling = np.flatnonzero(spoken)
    blocks = np.repeat(np.arange(count), lengths).take(telling)
    words, concepts = np.nonzero(spoken.take(telling)[:, None] >> np.arange(height) & 1)
    cells = blocks.take(words) * height + concepts
    return np.bincount(cells, minlength=count * height).reshape(count, height).T


def _addressing(concepts: Ints) -> NDArray[np.bool_]:
    we, you = (concepts[concept_names().index(name)] > 0 for name in ("we", "you"))
    found: NDArray[np.bool_] = we & you
    return found


def _tag_rows(tree: Tree) -> Floats:
    codes = tree.codes.take(tree.nodes)
    found: Floats = (codes == np.arange(len(TAGS) + 1)[:, None]).astype(np.float32)
    return found


# --- names and addresses --------------------------------------------------------------------------


def _names(tree: Tree, outline: Outline, lexicon: Lexicon) -> tuple[Ints, Ints]:
    """[N + 1]: the kind of each element that holds a block, 0 for the others and beyond the root;
    and the kinds' ids."""
    holding = tree.counts > 0
    held = compress(zip(outline.tags, outline.names, strict=True), holding.tolist())
    known: dict[tuple[str, str], int] = defaultdict(count(1).__next__)
    kinds = np.zeros(len(holding) + 1, np.int64)
    kinds[:-1][holding] = list(map(known.__getitem__, held))
    return kinds, _table([b"", *map(lexicon.kinds.__getitem__, known)], 1 + MOST_NAMES)


def _targets(tree: Tree, outline: Outline, lexicon: Lexicon) -> Ints:
    """[B, ``MOST_TARGETS``], of the first links and forms in each block's element."""
    leading = list(compress(range(len(outline.targets)), outline.targets))
    homes = tree.homes(np.array(leading, np.int64)).tolist()
    found: dict[int, bytes] = {}
    for node, home in zip(leading, homes, strict=True):
        known = found.get(home, b"")
        if len(known) < MOST_TARGETS * _ID_BYTES:
            found[home] = known + lexicon.targets[outline.targets[node]]
    return _table(map(found.get, tree.nodes.tolist(), repeat(b"")), MOST_TARGETS)
