"""Pages to train on, as the tests of what changes them look at them."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.blocks import Outline, read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.training.corpus import read_corpus
from newscrawl.training.evidence import Evidence
from newscrawl.training.fitting import read_training_pages
from newscrawl.training.pages import ReadPage
from tests.cases import LABELLED

PAGES = [page.read for page in read_training_pages(read_corpus(LABELLED)).values()]
HOSTS = [page for page in PAGES if any(len(block.text) > 80 for block in page.blocks)]
"""Pages with paragraphs: where there are none, there is no place for a box."""


def short_page(html: str) -> ReadPage:
    """A page all whose blocks are story."""
    blocks, outline = read_blocks(parse(html.encode()))
    labels = np.full(len(blocks), LABELS.index("body"), np.int32)
    nothing = np.zeros(len(blocks), np.float32)
    return ReadPage("short.example", None, blocks, outline, Evidence(labels, nothing - 1, nothing))


def texts(page: ReadPage) -> list[str]:
    """The blocks' texts."""
    return [block.text for block in page.blocks]


def rows(page: ReadPage) -> list[tuple[str, int, float, float]]:
    """Text and evidence of each block."""
    told = page.evidence
    columns = (told.labels.tolist(), told.story.tolist(), told.worth.tolist())
    return list(zip(texts(page), *columns, strict=True))


def assert_whole(page: ReadPage) -> None:
    """Every element's parent is the one whose range it is in, each block stands on its element, and
    each element holds a run of blocks: those that stand in it."""
    outline = page.outline
    count = len(outline.tags)
    for row in (outline.parents, outline.ends, outline.names, outline.targets):
        assert len(row) == count
    assert outline.parents == [_parent_of(outline, node) for node in range(count)]
    assert all(node < end <= count for node, end in enumerate(outline.ends))
    nodes = np.array([block.node for block in page.blocks])
    assert [outline.tags[node] for node in nodes] == [block.tag for block in page.blocks]
    tree = Tree(page.blocks, outline)
    for node, (first, size) in enumerate(zip(tree.firsts, tree.counts, strict=True)):
        held = np.flatnonzero((nodes >= node) & (nodes < tree.ends[node]))
        assert held.tolist() == list(range(first, first + size))


def _parent_of(outline: Outline, node: int) -> int:
    """The innermost element whose range a node is in: its parent, by the ends alone."""
    return max((n for n in range(node) if outline.ends[n] > node), default=-1)
