"""Labelled pages to a model: repeatable, and better than a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from newscrawl.errors import UsageError
from newscrawl.extraction.extract import extract
from newscrawl.extraction.labelling.lexicon import Lexicon
from newscrawl.extraction.labelling.model import LABELS, Model, model_bytes, read_model
from newscrawl.training import fitting
from newscrawl.training.corpus import read_corpus
from newscrawl.training.evaluation import judge
from newscrawl.training.fitting import read_training_pages, train
from tests.brief_training import BRIEF
from tests.cases import LABELLED

CORPUS = read_corpus(LABELLED)
PAGES = list(read_training_pages(CORPUS).values())


def _trained(seed: int) -> Model:
    return train(PAGES, BRIEF, seed, lambda _text: None)


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What was told while the model was fitted."""
    return []


@pytest.fixture(scope="module")
def model(said: list[str]) -> Model:
    """A model of the labelled pages under fixtures."""
    return train(PAGES, BRIEF, 0, said.append)


def test_same_seed_same_file(model: Model) -> None:
    """Trained again with the same seed, the file is the same to the byte; with another, not."""
    assert model_bytes(_trained(seed=0)) == model_bytes(model)
    assert model_bytes(_trained(seed=1)) != model_bytes(model)


def test_better_than_a_guess(model: Model) -> None:
    """On its own pages a model is right far more often than whoever says the commonest label."""
    pairs = sum((judge(page, model).pairs for page in CORPUS), Counter())
    right = sum(count for (own, given), count in pairs.items() if own == given)
    commonest = max(Counter(own for own, _ in pairs.elements()).values())
    assert right > 1.5 * commonest
    assert pairs.total() == model.about["labelled_blocks"]


def test_says_what_it_was_trained_on(model: Model) -> None:
    """The model names its pages, sites, blocks, settings and seed."""
    known = {key: model.about[key] for key in ("pages", "sites", "labelled_pages", "seed")}
    assert known == {"pages": 12, "sites": 6, "labelled_pages": 12, "seed": 0}
    assert model.about["labelled_blocks"] > 900
    assert model.about["settings"]["width"] == BRIEF.width


def test_every_epoch_has_boxes_of_its_own() -> None:
    """What is grafted differs from epoch to epoch, and is the same for the same seed."""

    def grafted() -> list[int]:
        rounds = fitting._rounds(PAGES, Lexicon(len), 0)
        return [sum(len(page.features.words) for page in next(rounds)) for _ in range(3)]

    assert len(set(grafted())) == 3
    assert grafted() == grafted()


def test_as_many_epochs_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training grafts boxes once an epoch, and no more."""
    rounds = []
    made = fitting._rounds

    def counted(*given: Any) -> Iterator[Any]:
        for found in made(*given):
            rounds.append(found)
            yield found

    monkeypatch.setattr(fitting, "_rounds", counted)
    train(PAGES, replace(BRIEF, epochs=2), 0, lambda _text: None)
    assert len(rounds) == 2


def test_tells_name_labels(model: Model) -> None:
    """What a word tells is a label that there is, of one that stands on its blocks often."""
    labels, lifts = model.tells["label"], model.tells["lift"]
    assert len(labels) == len(lifts) == len(model.vocabulary.tokens) + 1
    assert set(labels.tolist()) <= set(range(len(LABELS)))
    assert lifts[0] == 0
    assert (lifts > 1).any()


def test_what_all_stands_in_tells_nothing(model: Model) -> None:
    """No reason is that a block stands in the page."""
    known = dict(zip(model.vocabulary.tokens, model.tells["lift"][1:].tolist(), strict=True))
    assert "<body" in known
    assert known["<body"] == known.get("<html", 0) == 0


def test_file_labels_as_the_model_does(model: Model, tmp_path: Path) -> None:
    """Written and read again, a model gives the same story; its records name it."""
    (tmp_path / "model.npz").write_bytes(model_bytes(model))
    read = read_model(tmp_path / "model.npz")
    page = CORPUS[0].path.read_bytes()
    assert extract(page, model=read).body == extract(page, model=model).body
    assert extract(page, model=read).extractor.model == read.name != model.name


def test_progress_is_told(model: Model, said: list[str]) -> None:
    """Whoever waits is told of every epoch."""
    assert [text.partition(":")[0] for text in said] == [
        f"epoch {n + 1} of {BRIEF.epochs}" for n in range(BRIEF.epochs)
    ]


def test_nothing_to_train_on() -> None:
    """Without a page there is no model, and a line that says what to do."""
    with pytest.raises(UsageError, match="label pages of more sites"):
        train([], BRIEF, 0, lambda _text: None)


def test_unknown_words_say_nothing(model: Model) -> None:
    """The unknown word, which counts nowhere in training, has no vector in the model either."""
    assert not any(member["vectors"][0].any() for member in model.members)


def test_words_of_one_site_are_not_learned(model: Model) -> None:
    """What stands on a single site tells which site it is: no word or name of it is known."""
    own = {"lautersee", "fenwick"}
    assert not own & set(model.vocabulary.tokens)
    assert np.isfinite(model.scale["deviation"]).all()
