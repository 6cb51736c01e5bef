"""What is known of asks beside what the model has learned, and what its training exaggerates."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import Features
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Ints, Tree

ASKS = [LABELS.index(name) for name in ("paywall", "fundraising", "newsletter")]
_PAYWALL, _AUTHOR_BIO = map(LABELS.index, ("paywall", "author_bio"))
_ASK_ODDS, _ADDRESSING_ODDS, _FREE_ODDS, _BIO_ODDS = 0.8, 3.0, 0.2, 0.5
"""How much likelier an ask is than the model says, which has met more of them than there are, since
boxes are grafted into its pages; a block that says "we" and "you"; a paywall on a page that says it
is free; and a line about an author, which are grafted, too. By cross-validation: with odds of 1 one
ask in a hundred more gets its name, and half as many of the story's own lines again are taken for
one; no more of the lines about authors leak."""
_LEAST = 1e-3
_IS_ASK = np.isin(range(len(LABELS)), ASKS)
"""[labels]"""


def odds(features: Features, hints: Hints) -> Floats:
    """[B, labels]: by how much the probabilities are corrected."""
    found = np.ones((len(features.own), len(LABELS)), np.float32)
    found[:, ASKS] = np.where(features.addressing, _ADDRESSING_ODDS, 1)[:, None] * _ASK_ODDS
    found[:, _AUTHOR_BIO] = _BIO_ODDS
    if hints.free:
        found[:, _PAYWALL] *= _FREE_ODDS
    return found


def with_one_ask_a_box(chosen: Ints, likely: Floats, tree: Tree) -> Ints:
    """[B]: the labels; neighbouring asks of one box are all of the kind that suits it best."""
    found = chosen.copy()
    shared = tree.counts[tree.nodes] > 1
    boxes = np.where(shared, tree.nodes, tree.levels(2)[1])
    places = np.where(_IS_ASK.take(chosen), boxes, -1).tolist()
    for place, run in groupby(range(len(places)), key=places.__getitem__):
        rows = list(run)
        if place >= 0 and len(rows) > 1:
            logs = np.log(np.maximum(likely[rows][:, ASKS], _LEAST))
            found[rows] = ASKS[int(logs.sum(0).argmax())]
    return found
