"""Where a page seems to have no story: the paragraphs that are likeliest to be it.

A letter to readers, a few words about an author and a short story read alike, and where they stand
together the model may take all of them for the same.
"""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.features import HIDDEN, Features
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Ints, Tree

_BODY = LABELS.index("body")
_STANDS_IN = np.isin(
    LABELS,
    "fundraising paywall newsletter standfirst author_bio related comments promo ad other".split(),
)
"""[labels]: what reads like a story, and may be one. Menus, dates, captions and such aren't among
them: they are known by their shape and place."""
_STEP, _STEPS = 1.25, 14
"""How many times likelier a step makes it that a paragraph is story, and how many are taken at
most: what is 23 times likelier something else stays that. Of the pages with one paragraph of
``tests.benchmarks.appeals``, which these values were chosen on, one in twenty loses it; with more
steps fewer do, and more of the pages that only ask get a story."""
_ALIKE = 2.5
"""By how much less, in logarithms of the odds, a paragraph may be story than the likeliest one to
be made likelier with it: with more, more lines of asks come with the story."""
_LEAST = 1e-9
"""No probability counts as less: its logarithm is a number."""


def with_likeliest_story(
    likely: Floats, chosen: Ints, features: Features, tree: Tree
) -> tuple[Floats, Ints]:
    """The probabilities, [B, labels], and the labels chosen by them, [B]; where none is a story,
    after as few steps as bring one to light, or as they were if none does."""
    candidates = (features.prose > 0) & (features.own[:, HIDDEN] == 0) & _STANDS_IN.take(chosen)
    if (chosen == _BODY).any() or not candidates.any():
        return likely, chosen
    story = likely[:, _BODY]
    odds = np.log(np.maximum(story, _LEAST) / np.maximum(1 - story, _LEAST))
    likeliest = candidates & (odds >= odds[candidates].max() - _ALIKE)
    believed = likely.copy()
    for _ in range(_STEPS):
        believed[likeliest, _BODY] *= np.float32(_STEP)
        believed /= believed.sum(1, keepdims=True)
        found = decode(believed, tree)
        if (found == _BODY).any():
            return believed, found
    return likely, chosen
