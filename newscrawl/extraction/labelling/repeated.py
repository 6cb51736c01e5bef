"""What a site's memory says of a page's blocks: what recurs is no story, what is unique no ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newscrawl.extraction.blocks import size
from newscrawl.extraction.labelling.asks import ASKS
from newscrawl.extraction.labelling.block_memory import BlockMemory, Repetition
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import Block, Label

_OFTEN = 3
"""Stories from which on a block counts as recurring: two may share a paragraph of background."""
_RULED_OUT = 1 / 3
"""Share of the stories from which on a block is not the story, whatever the model says."""
_HARDLY, _RARELY = 1e-6, 1e-3
"""What is left of the odds of being story when that is ruled out, and just before."""
MANY = 20
"""Stories that a site's memory must have before what it doesn't know counts as unique."""
LONG = 300
"""Bytes of a unique block that is rarely an ask."""
_UNIQUE_ODDS = 0.2
"""What is left of its odds of being one: appeals do change, but not with each story."""
STORY_LABELS = frozenset({"body", "headline", "standfirst", "caption", "correction"})
"""What recurring text is not. Bylines and credits do recur."""
ASK_LABELS = frozenset(LABELS[ask] for ask in ASKS)
_STORY = [LABELS.index(name) for name in sorted(STORY_LABELS)]


def repeated_odds(blocks: Sequence[Block], memory: BlockMemory | None) -> Floats:
    """[B, labels]: by how much the memory corrects the probabilities."""
    found = np.ones((len(blocks), len(LABELS)), np.float32)
    if memory is None or not memory.stories:
        return found
    for row, block in enumerate(blocks):
        repetition = memory.share(block)
        found[row, _STORY] = story_odds(repetition)
        if size(block) >= LONG and is_unique(repetition, memory):
            found[row, ASKS] = _UNIQUE_ODDS
    return found


def story_odds(repetition: Repetition) -> float:
    """What is left of the odds that a block is story: the less the larger its share."""
    if repetition.stories < _OFTEN:
        return 1.0
    share = repetition.share / _RULED_OUT
    return _HARDLY if share >= 1 else float(_RARELY**share)


def is_unique(repetition: Repetition, memory: BlockMemory) -> bool:
    """Whether no other story has a block, as far as that can be told."""
    return memory.stories >= MANY and repetition.stories <= 1


def without_repeated(
    labelled: Sequence[tuple[Block, Label]], memory: BlockMemory | None
) -> list[tuple[Block, Label]]:
    """The blocks, those that the memory knows labelled with that as the reason; what it rules out
    as story is none, whichever way took it for one."""
    if memory is None or not memory.stories:
        return list(labelled)
    return [(block, _told(label, memory.share(block))) for block, label in labelled]


def _told(label: Label, repetition: Repetition) -> Label:
    odds = story_odds(repetition)
    if odds == 1 or (label.name in STORY_LABELS and odds > _HARDLY):
        return label
    reason = f"stands in {repetition.stories} of the site's last {repetition.of} stories"
    if label.name in STORY_LABELS:
        return Label("other", 0.5, reason)
    return Label(label.name, label.confidence, reason)
