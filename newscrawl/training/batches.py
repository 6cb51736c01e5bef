"""Labelled pages as arrays of one size, for the network to be fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.labelling.features import ANCESTORS, Features
from newscrawl.extraction.labelling.network import CLIP, Weights
from newscrawl.extraction.labelling.tokens import MOST_NAMES, MOST_TARGETS, MOST_WORDS
from newscrawl.training.evidence import UNKNOWN, Evidence

MAX_BLOCKS = 3072
"""Blocks in a batch; longer pages are learned from up to here."""
_MAX_KINDS = 4096
MAX_PAGES = 64

Batch = dict[str, NDArray[Any]]
_Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Example:
    """One page of B blocks and K kinds of elements; ids are padded with 0."""

    dense: NDArray[np.float16]
    """[B, D], scaled."""
    words: _Ids
    targets: _Ids
    kinds: _Ids
    around: _Ids
    evidence: Evidence


def example(features: Features, evidence: Evidence, scale: Weights) -> Example:
    """A page for the network."""
    dense = (features.dense[:MAX_BLOCKS] - scale["mean"]) / scale["deviation"]
    return Example(
        dense=np.clip(dense, -CLIP, CLIP).astype(np.float16),
        words=features.words[:MAX_BLOCKS].astype(np.int32),
        targets=features.targets[:MAX_BLOCKS].astype(np.int32),
        kinds=features.names[1:_MAX_KINDS].astype(np.int32),
        around=features.around[:MAX_BLOCKS].astype(np.int32),
        evidence=evidence,
    )


def packed(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[list[Example]]:
    """The examples in a random order, as many together as a batch holds."""
    chunk: list[Example] = []
    blocks, kinds = 0, 1
    for number in rng.permutation(len(examples)).tolist():
        page = examples[number]
        full = blocks + len(page.dense) > MAX_BLOCKS or kinds + len(page.kinds) > _MAX_KINDS
        if chunk and (full or len(chunk) == MAX_PAGES - 1):
            yield chunk
            chunk, blocks, kinds = [], 0, 1
        chunk.append(page)
        blocks += len(page.dense)
        kinds += len(page.kinds)
    if chunk:
        yield chunk


def batch(pages: Sequence[Example]) -> Batch:
    """Pages one behind the other; the rest of the batch is a page of its own that says nothing."""
    found: Batch = {
        "dense": np.zeros((MAX_BLOCKS, pages[0].dense.shape[1]), np.float32),
        "words": np.zeros((MAX_BLOCKS, MOST_WORDS), np.int32),
        "targets": np.zeros((MAX_BLOCKS, MOST_TARGETS), np.int32),
        "around": np.zeros((MAX_BLOCKS, ANCESTORS), np.int32),
        "page": np.full(MAX_BLOCKS, MAX_PAGES - 1, np.int32),
        "kinds": np.zeros((_MAX_KINDS, MOST_NAMES + 1), np.int32),
        "kinds_page": np.full(_MAX_KINDS, MAX_PAGES - 1, np.int32),
        "labels": np.full(MAX_BLOCKS, UNKNOWN, np.int32),
        "story": np.full(MAX_BLOCKS, UNKNOWN, np.float32),
        "worth": np.zeros(MAX_BLOCKS, np.float32),
    }
    block, kind = 0, 1
    for number, page in enumerate(pages):
        rows, kinds = slice(block, block + len(page.dense)), slice(kind, kind + len(page.kinds))
        for name in ("dense", "words", "targets"):
            found[name][rows] = getattr(page, name)
        for name in ("labels", "story", "worth"):
            found[name][rows] = getattr(page.evidence, name)[:MAX_BLOCKS]
        found["around"][rows] = np.where(page.around > 0, page.around + kind - 1, 0)
        found["page"][rows] = number
        found["kinds"][kinds] = page.kinds
        found["kinds_page"][kinds] = number
        block, kind = rows.stop, kinds.stop
    return found
