"""Labelled pages to a model."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from newscrawl.errors import UsageError
from newscrawl.extraction.facts.fact import value_of
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import Features, read_features
from newscrawl.extraction.labelling.lexicon import Lexicon
from newscrawl.extraction.labelling.model import LABELS, Model, Vocabulary
from newscrawl.extraction.labelling.network import Weights
from newscrawl.extraction.labelling.tokens import is_word, stem
from newscrawl.extraction.labelling.tree import Ints, Tree
from newscrawl.input import read_page_file
from newscrawl.training.batches import MAX_BLOCKS, Example, example
from newscrawl.training.corpus import LabelledPage, read_saved_page
from newscrawl.training.evidence import UNKNOWN, Evidence, evidence
from newscrawl.training.grafting import Grafter
from newscrawl.training.network import Settings, fit
from newscrawl.training.pages import ReadPage, TrainingPage, spoken
from newscrawl.training.paring import pared
from newscrawl.training.written import written_pages

Report = Callable[[str], None]

_GRAFTED = 1.0
"""Grafted pages for each labelled one, in every epoch."""
_WRITTEN = 0.2
"""Share of the grafted pages that come with newscrawl."""
_LABELLED_ODDS = 3.0
"""How much oftener pages are taken whose blocks have labels."""
_FEW = 3
"""Blocks known to be story or not; with no more, they are too few to put boxes between."""
_WORD_SITES, _NAME_SITES = 8, 6
"""On how many sites a word, or a name, must stand to be learned: what stands on fewer tells which
site it is. Small corpora have to do with a share of their sites. Grafted boxes don't count: in a
language that no story is in, each of their words would tell of an ask."""
_LEAST_SHARE = 0.1
_TELLING_LIFT = 3.0
_TELLING_BLOCKS = 5
_TELLING_LETTERS = 3
_AROUND_ALL = frozenset({"<html", "<body"})
"""What everything stands in tells nobody why."""
_LEAST_DEVIATION = 0.01


@dataclass(frozen=True, slots=True)
class _Seen:
    site: str
    features: Features
    evidence: Evidence


class _Tokens(dict[str, int]):
    """A vocabulary that learns every word that it is asked for, by its stem."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[str] = [""]

    def __missing__(self, word: str) -> int:
        token = stem(word)
        if token != word:
            self[word] = self[token]
            return self[word]
        self.tokens.append(token)
        self[token] = len(self.tokens) - 1
        return self[token]


def read_training_page(page: LabelledPage) -> TrainingPage | None:
    """A labelled page with its blocks; ``None`` where it has none. Raises ``InputError``."""
    document, blocks, outline, hints = read_saved_page(read_page_file(page.path), page.url)
    if not blocks:
        return None
    language = spoken(value_of(document.language))
    read = ReadPage(page.site, language, blocks, outline, evidence(page, blocks))
    return TrainingPage(read, hints)


def read_training_pages(pages: Iterable[LabelledPage]) -> dict[str, TrainingPage]:
    """By id, the labelled pages that teach something: they have evidence, and blocks.

    Raises ``InputError``.
    """
    read = ((page.id, read_training_page(page)) for page in pages if page.is_evidence)
    return {id_: page for id_, page in read if page}


def train(pages: Sequence[TrainingPage], settings: Settings, seed: int, report: Report) -> Model:
    """A model fitted on some pages and, in every epoch, on others grafted from them; no page is a
    ``UsageError``."""
    if not pages:
        raise UsageError(
            "no labelled page with a text is left to train on: label pages of more sites"
        )
    tokens = _Tokens()
    lexicon = Lexicon(tokens.__getitem__)
    seen = [_seen(page, lexicon) for page in pages]
    ids, vocabulary = _vocabulary(seen, tokens.tokens)
    seen = [_renumbered(page, ids) for page in seen]
    scale = _scale(seen)
    rounds = _rounds(pages, Lexicon(vocabulary.id_of), seed)
    first = next(rounds)
    tells = _tells([*seen, *first], vocabulary.tokens)
    known = _examples(seen, scale)
    epochs = (known + _examples(grafted, scale) for grafted in chain((first,), rounds))
    members = fit(epochs, len(vocabulary.tokens), settings, seed, report)
    about = {"settings": asdict(settings), "seed": seed, **_described(pages)}
    return Model(vocabulary, scale, members, tells, _shares(pages), about)


def _seen(page: TrainingPage, lexicon: Lexicon) -> _Seen:
    read = page.read
    tree = Tree(read.blocks, read.outline)
    features = read_features(read.blocks, tree, read.outline, page.hints, lexicon)
    return _Seen(read.site, features, read.evidence)


def _examples(pages: Iterable[_Seen], scale: Weights) -> list[Example]:
    return [example(page.features, page.evidence, scale) for page in pages]


def _renumbered(page: _Seen, ids: Ints) -> _Seen:
    """The page with a vocabulary's id for each token's."""
    features = page.features
    words, targets, names = (ids[old] for old in (features.words, features.targets, features.names))
    return replace(page, features=replace(features, words=words, targets=targets, names=names))


def _rounds(pages: Sequence[TrainingPage], lexicon: Lexicon, seed: int) -> Iterator[list[_Seen]]:
    """Ever other pages with boxes, without end: what is learned of an ask is what all its places
    and neighbours have in common."""
    grafter = Grafter([page.read for page in pages], seed)
    rng = np.random.default_rng(seed)
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    hosts, odds = [*pages, *written_pages()], _odds(pages)
    count = round(_GRAFTED * len(pages)) if odds.any() else 0
    while True:
        chosen = rng.choice(len(hosts), count, p=odds) if count else ()
        reads = (replace(hosts[n], read=pared(hosts[n].read, chance)) for n in chosen)
        yield [_seen(replace(page, read=grafter.grafted(page.read)), lexicon) for page in reads]


def _odds(pages: Sequence[TrainingPage]) -> NDArray[np.float64]:
    """How often each page and each written one gets boxes, in sum 1: those with labelled blocks
    several times as often; 0 for all where no page is told enough of."""
    told = [(page.read.evidence.story != UNKNOWN).sum() > _FEW for page in pages]
    labelled = [(page.read.evidence.labels != UNKNOWN).any() for page in pages]
    odds = np.array(told) + np.array(labelled) * _LABELLED_ODDS
    odds = np.where([len(page.read.blocks) > MAX_BLOCKS // 4 for page in pages], 0, odds)
    written = np.full(len(written_pages()), odds.sum() * _WRITTEN / (1 - _WRITTEN))
    found = np.concatenate((odds, written / len(written)))
    return np.divide(found, max(found.sum(), 1.0))


def _vocabulary(seen: Sequence[_Seen], tokens: Sequence[str]) -> tuple[Ints, Vocabulary]:
    """The vocabulary's id for each token's, and the tokens that stand on enough sites."""
    sites: dict[int, set[str]] = defaultdict(set)
    for page in seen:
        features = page.features
        for found in (features.words, features.targets, features.names):
            for id_ in np.unique(found).tolist():
                sites[id_].add(page.site)
    share = _LEAST_SHARE * len({page.site for page in seen})
    words, names = min(_WORD_SITES, share), min(_NAME_SITES, share)
    ids = np.zeros(len(tokens), np.int64)
    known = []
    for id_, token in enumerate(tokens):
        if token and len(sites[id_]) >= max(2, words if is_word(token) else names):
            known.append(token)
            ids[id_] = len(known)
    return ids, Vocabulary(known)


def _scale(seen: Sequence[_Seen]) -> Weights:
    dense = np.concatenate([page.features.dense for page in seen])
    return {"mean": dense.mean(0), "deviation": dense.std(0) + _LEAST_DEVIATION}


def _tells(seen: Sequence[_Seen], tokens: Sequence[str]) -> Weights:
    """For each token the label that it speaks for, as ``Model.tells`` has it."""
    counts = np.zeros((len(tokens) + 1, len(LABELS)))
    totals = np.zeros(len(LABELS))
    for page in seen:
        features, labels = page.features, page.evidence.labels
        for index in np.flatnonzero(labels != UNKNOWN).tolist():
            near = features.names[features.around[index, :4]].ravel()
            own = np.concatenate((features.words[index], features.targets[index], near))
            counts[np.unique(own), labels[index]] += 1
            totals[labels[index]] += 1
    usual = totals / max(1.0, totals.sum())
    share = counts / np.maximum(counts.sum(1, keepdims=True), _TELLING_BLOCKS)
    lift = share / np.maximum(usual, 1e-3)
    best = lift.argmax(1)
    most = lift.max(1) * (np.take_along_axis(counts, best[:, None], 1)[:, 0] >= _TELLING_BLOCKS)
    most[1:] *= [
        token not in _AROUND_ALL and (len(token) >= _TELLING_LETTERS or not is_word(token))
        for token in tokens
    ]
    most[0] = 0
    return {
        "label": best.astype(np.float32),
        "lift": np.where(most >= _TELLING_LIFT, most, 0).astype(np.float32),
    }


def _shares(pages: Sequence[TrainingPage]) -> Floats:
    """How common each label is, as ``Model.shares`` has it."""
    labels = np.concatenate([page.read.evidence.labels for page in pages])
    counts = np.bincount(labels[labels != UNKNOWN], minlength=len(LABELS))
    shares: Floats = (counts / max(1, counts.sum())).astype(np.float32)
    return shares


def _described(pages: Sequence[TrainingPage]) -> dict[str, int]:
    """What a model was trained on."""
    reads = [page.read for page in pages]
    return {
        "pages": len(reads),
        "sites": len({read.site for read in reads}),
        "labelled_pages": sum(bool((read.evidence.labels != UNKNOWN).any()) for read in reads),
        "labelled_blocks": int(sum((read.evidence.labels != UNKNOWN).sum() for read in reads)),
    }
