"""JAX's network is NumPy's: a model labels as it was fitted to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import jax
import numpy as np
import pytest
from numpy.typing import NDArray

from newscrawl.extraction.labelling.features import Features, read_features
from newscrawl.extraction.labelling.model import shipped_model
from newscrawl.extraction.labelling.network import CLIP, TEMPERATURE, probabilities, stacked
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.training import network
from newscrawl.training.batches import batch, example
from newscrawl.training.corpus import read_corpus
from newscrawl.training.fitting import read_training_pages
from newscrawl.training.network import Settings
from newscrawl.training.pages import TrainingPage
from tests.cases import LABELLED

WEIGHTS = {**shipped_model().members[0]}
WEIGHTS["vectors"] = WEIGHTS["vectors"].copy()
WEIGHTS["vectors"][0] = 0  # as fitted weights have it (test_training_fitting)
UNSCALED = {"mean": np.zeros(1, np.float32), "deviation": np.ones(1, np.float32)}
PAGES = list(read_training_pages(read_corpus(LABELLED)).values())[:5]
NOTHING_LEFT_OUT = Settings(dropout=0.0, forgotten=0.0, nameless=0.0, wordless=0.0)


def _features(page: TrainingPage) -> Features:
    """The features of a page; numbers that a batch's halved precision holds exactly."""
    read, model = page.read, shipped_model()
    tree = Tree(read.blocks, read.outline)
    found = read_features(read.blocks, tree, read.outline, page.hints, model.lexicon)
    scaled = (found.dense - model.scale["mean"]) / model.scale["deviation"]
    dense = np.round(np.clip(scaled, -CLIP, CLIP) * 64) / 64
    return replace(found, dense=dense.astype(np.float32))


def _fitted(settings: Settings) -> list[NDArray[np.float32]]:
    """What training's network says of each page, all in one batch."""
    examples = [example(_features(p), p.read.evidence, UNSCALED) for p in PAGES]
    arrays = {name: jax.numpy.asarray(values) for name, values in batch(examples).items()}
    weights = {name: jax.numpy.asarray(w) for name, w in WEIGHTS.items()}
    score = jax.jit(network._scores, static_argnums=3)
    scores = score(weights, arrays, jax.random.key(0), settings)
    found = np.asarray(jax.nn.softmax(scores / TEMPERATURE))
    starts = np.cumsum([0, *(len(e.dense) for e in examples)])
    return [found[start:end] for start, end in pairwise(starts)]


def test_the_same_probabilities() -> None:
    """Pages in one batch get what NumPy gives each alone, for the same weights."""
    for page, found in zip(PAGES, _fitted(NOTHING_LEFT_OUT), strict=True):
        alone = probabilities(_features(page), stacked([WEIGHTS]), UNSCALED)
        assert found == pytest.approx(alone, abs=1e-4)


@pytest.mark.parametrize(
    "settings",
    [
        replace(NOTHING_LEFT_OUT, dropout=0.5),
        replace(NOTHING_LEFT_OUT, forgotten=0.5),
        replace(NOTHING_LEFT_OUT, nameless=0.9),
        replace(NOTHING_LEFT_OUT, wordless=0.9),
    ],
    ids="dropout forgotten nameless wordless".split(),
)
def test_what_is_left_out_changes_the_probabilities(settings: Settings) -> None:
    """Each kind of leaving out does something in training."""
    whole = np.concatenate(_fitted(NOTHING_LEFT_OUT))
    less = np.concatenate(_fitted(settings))
    assert np.abs(whole - less).max() > 0.01
