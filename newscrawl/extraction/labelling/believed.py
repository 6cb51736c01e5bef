"""Where a page seems to have no story: the paragraphs that are likeliest to be it.

A letter to readers, a few words about an author and a short story read alike, and the model, which
has seen fewer stories of one paragraph, may take all of them for the same.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.features import Features
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Ints, Tree

_BODY = LABELS.index("body")
_STEP, _STEPS = 1.25, 14
"""How many times likelier a step makes it that a paragraph is story, and how many are taken at
most: what is surely something else stays that. With more steps fewer pages lose a story of one
paragraph (``tests.benchmarks.appeals``), and more of those that only ask get one."""
_ALIKE = 2.0
"""By how much less, in logarithms of the odds, a paragraph may be story than the likeliest one to
be made likelier with it. Where all are, a quarter more lines of asks come with the story."""
_LEAST = 1e-9


def with_a_story(
    likely: Floats, chosen: Ints, features: Features, tree: Tree
) -> tuple[Floats, Ints]:
    """The probabilities, [B, labels], and the labels chosen by them, [B]; where none is a story,
    with as few steps as bring one to light."""
    prose = features.prose > 0
    if (chosen == _BODY).any() or not prose.any():
        return likely, chosen
    story = likely[:, _BODY]
    odds = np.log(np.maximum(story, _LEAST) / np.maximum(1 - story, _LEAST))
    likeliest = prose & (odds >= odds[prose].max() - _ALIKE)

    def believed(steps: int) -> tuple[Floats, Ints]:
        found = likely.copy()
        found[likeliest, _BODY] *= np.float32(_STEP**steps)
        found /= found.sum(1, keepdims=True)
        return found, decode(found, tree)

    def told(steps: int) -> int:
        return int((believed(steps)[1] == _BODY).sum())

    return believed(bisect_left(range(_STEPS), 1, 1, key=told))
