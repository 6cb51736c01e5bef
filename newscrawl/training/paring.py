"""More labelled pages out of those at hand: the same with a shorter story, or less around it.

Labelled stories are long, and their pages full. Short news has a paragraph between the asks of its
page, and perhaps nothing else; and there are pages that show none of it.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.blocks import Outline, prose_bytes
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.training.evidence import Evidence
from newscrawl.training.pages import ReadPage

_PARED, _BARE = 0.35, 0.5
"""Share of the pages that get a short story, and of those the share with less around it. With
short pages, besieged ones and flattened boxes two fifths more of ``tests.benchmarks.appeals`` come
out right, out of fold, and a third fewer lines leak there; on labelled pages one ask in a thousand
more does."""
_MOST_PARAGRAPHS = 4
"""Of a short story; none, one and so on are equally often left, so that a page's surroundings alone
don't tell that it has a story."""


def pared(page: ReadPage, chance: random.Random) -> ReadPage:
    """The page, or one with the first paragraphs only of what is known to be its story, perhaps
    without what stands around them; or with none of it."""
    story = page.evidence.is_story()
    prose = np.array([prose_bytes(block) > 0 for block in page.blocks]) & story
    if not prose.any() or chance.random() >= _PARED:
        return page
    most = chance.randint(int(story.all()), _MOST_PARAGRAPHS)
    page = _kept(page, ~story | (prose & (prose.cumsum() <= most)))
    if not most or chance.random() >= _BARE:
        return page
    tree = Tree(page.blocks, page.outline)
    held = tree.counted(tree.nodes[page.evidence.is_story()])
    home = int(np.flatnonzero(held == held[0])[-1])
    around = chance.choice(tree.chain(home)[1:] or [home])
    return _kept(page, (tree.nodes >= around) & (tree.nodes < tree.ends[around]))


def _kept(page: ReadPage, blocks: NDArray[np.bool_]) -> ReadPage:
    """The page with some of its blocks, without the elements that held nothing but others."""
    tree = Tree(page.blocks, page.outline)
    nodes = (tree.counted(tree.nodes[blocks]) > 0) | (tree.counts == 0)
    # An element without a text goes with what it stands in.
    for node in np.flatnonzero(~nodes).tolist():
        nodes[node : tree.ends[node]] = False
    nodes[0] = True
    before = np.concatenate(([0], nodes.cumsum()))
    outline = page.outline
    chosen = np.flatnonzero(nodes).tolist()
    evidence = page.evidence
    return replace(
        page,
        blocks=[
            block._replace(node=int(before[block.node]))
            for block, kept in zip(page.blocks, blocks.tolist(), strict=True)
            if kept
        ],
        outline=Outline(
            parents=[-1, *(int(before[outline.parents[n]]) for n in chosen[1:])],
            ends=[int(before[outline.ends[n]]) for n in chosen],
            tags=[outline.tags[n] for n in chosen],
            names=[outline.names[n] for n in chosen],
            targets=[outline.targets[n] for n in chosen],
        ),
        evidence=Evidence(evidence.labels[blocks], evidence.story[blocks], evidence.worth[blocks]),
    )
