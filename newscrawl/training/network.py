"""Fits the weights of ``extraction/labelling/network.py``, with JAX.

The same network, over many pages at once and with parts of it left out at random, so that it leans
on no single word, name or number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import NEAR
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.network import PAGE_AFTER, REACHES, Weights
from newscrawl.training.batches import MAX_PAGES, Example, batch, packed

Arrays = dict[str, jax.Array]

_RANDOM = "unsafe_rbg"
"""Of JAX's generators, the one that is several times faster on a CPU."""
_STORY = np.isin(LABELS, ("body", "standfirst")).astype(np.float32)
"""The labels that a page's text holds, as those who copied it out saw it."""
_KNOWN_WORTH = 0.3
"""How much a text counts where a block has a label of its own."""
_SCALE = 500.0
_BALANCE = 0.3
_WARM_UP = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is fitted. The values were chosen by cross-validation over sites."""

    members: int = 3
    epochs: int = 10
    width: int = 64
    vector: int = 24
    rate: float = 3e-3
    decay: float = 2e-2
    dropout: float = 0.2
    forgotten: float = 0.2
    """Share of words and names that are left out at random."""
    nameless: float = 0.2
    """Share of pages that lose all names, as on sites that generate theirs."""
    wordless: float = 0.2
    """Share of pages that lose all words, as in a language that no labelled page is in."""


def fit(
    epochs: Iterable[Sequence[Example]],
    words: int,
    settings: Settings,
    seed: int,
    report: Callable[[str], None],
) -> list[Weights]:
    """The weights of each member; ``epochs`` has the examples of each epoch, of about as many
    blocks as the others', and ``words`` is the size of the vocabulary.

    The same examples, settings and seed give the same weights on the same kind of machine.
    """
    rng = np.random.default_rng(seed)
    rest = iter(epochs)
    first = next(rest)
    steps = settings.epochs * len(list(packed(first, np.random.default_rng(seed))))
    schedule = optax.warmup_cosine_decay_schedule(
        0.0, settings.rate, min(_WARM_UP, steps // 4), steps + 1
    )
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=settings.decay)
    )
    keys = jax.random.split(jax.random.key(seed, impl=_RANDOM), settings.members)
    numbers = first[0].dense.shape[1]
    members = jax.vmap(partial(_initial, numbers, words, settings))(keys)
    state = jax.vmap(optimizer.init)(members)
    step = _step(optimizer, settings, _balance(first))
    key = jax.random.key(seed + 1, impl=_RANDOM)
    for epoch, examples in enumerate(islice(chain((first,), rest), settings.epochs)):
        losses = []
        for chunk in packed(examples, rng):
            key, own = jax.random.split(key)
            members, state, loss = step(members, state, batch(chunk), own)
            losses.append(float(loss.mean()))
        report(f"epoch {epoch + 1} of {settings.epochs}: loss {np.mean(losses):.3f}")
    members["vectors"] = members["vectors"].at[:, 0].set(0.0)  # as in every step: see _scores
    return [
        {name: np.array(values[n]) for name, values in members.items()}
        for n in range(settings.members)
    ]


def _balance(examples: Sequence[Example]) -> Floats:
    """[labels]: how much each label counts; the rare ones more, so that they are learned, too."""
    labels = np.concatenate([page.evidence.labels for page in examples])
    counts = np.bincount(labels[labels >= 0], minlength=len(LABELS)) + 1
    balance: Floats = np.clip((counts.mean() / counts) ** _BALANCE, 0.5, 2).astype(np.float32)
    return balance


def _initial(numbers: int, words: int, settings: Settings, key: jax.Array) -> Arrays:
    width, vector = settings.width, settings.vector
    keys: Iterator[jax.Array] = iter(jax.random.split(key, 8))

    def layer(inputs: int, outputs: int, gain: float) -> jax.Array:
        spread = gain * math.sqrt(2 / inputs)
        return jax.random.normal(next(keys), (inputs, outputs)) * spread

    weights = {
        "vectors": jax.random.normal(next(keys), (words + 1, vector)) * 0.1,
        "start": layer(numbers + 5 * vector, width, 1),
        "start_bias": jnp.zeros(width),
        "page": layer(2 * width, width, 0.5),
        "end": layer(2 * width, len(LABELS), 0.3),
        "end_bias": jnp.zeros(len(LABELS)),
    }
    for number in range(len(REACHES)):
        weights[f"beside{number}"] = layer(3 * width, width, 0.5)
        weights[f"beside{number}_bias"] = jnp.zeros(width)
    return weights


def _step(optimizer: optax.GradientTransformation, settings: Settings, balance: Floats) -> Any:
    """One step of every member over a batch, compiled."""

    def one(weights: Arrays, state: optax.OptState, pages: Arrays, key: jax.Array) -> Any:
        loss, gradients = jax.value_and_grad(_loss)(weights, pages, key, settings, balance)
        updates, state = optimizer.update(gradients, state, weights)
        return optax.apply_updates(weights, updates), state, loss

    @jax.jit
    def step(members: Arrays, state: optax.OptState, pages: Arrays, key: jax.Array) -> Any:
        keys = jax.random.split(key, settings.members)
        return jax.vmap(one, in_axes=(0, 0, None, 0))(members, state, pages, keys)

    return step


def _loss(
    weights: Arrays, pages: Arrays, key: jax.Array, settings: Settings, balance: Floats
) -> jax.Array:
    """Labels count in full; texts say only whether a block is story, shorter ones less."""
    logs = jax.nn.log_softmax(_scores(weights, pages, key, settings))
    labelled = pages["labels"] >= 0
    right = jnp.take_along_axis(logs, jnp.maximum(pages["labels"], 0)[:, None], 1)[:, 0]
    story = jnp.clip(jnp.exp(logs) @ _STORY, 1e-5, 1 - 1e-5)
    told = pages["story"]
    unlike = -(told * jnp.log(story) + (1 - told) * jnp.log(1 - story))
    worth = pages["worth"] * jnp.where(labelled, _KNOWN_WORTH, 1.0)
    right *= jnp.asarray(balance)[jnp.maximum(pages["labels"], 0)]
    total = jnp.where(labelled, -right, 0).sum() + jnp.where(told >= 0, worth * unlike, 0).sum()
    return total / _SCALE


def _scores(weights: Arrays, pages: Arrays, key: jax.Array, settings: Settings) -> jax.Array:
    keys = iter(jax.random.split(key, 7 + len(REACHES)))
    page = pages["page"]
    vectors = weights["vectors"].at[0].set(0.0)
    nameless = jax.random.uniform(next(keys), (MAX_PAGES,)) < settings.nameless
    # The first name of a kind is its tag.
    kinds = pages["kinds"].at[:, 1:].multiply(~nameless[pages["kinds_page"]][:, None])

    def known(ids: jax.Array) -> jax.Array:
        kept = jax.random.uniform(next(keys), ids.shape) >= settings.forgotten
        return _bags(ids * kept, vectors)

    def dropped(values: jax.Array) -> jax.Array:
        kept = jax.random.bernoulli(next(keys), 1 - settings.dropout, values.shape)
        return values * kept / (1 - settings.dropout)

    wordless = jax.random.uniform(next(keys), (MAX_PAGES,)) < settings.wordless
    words = pages["words"] * ~wordless[page][:, None]
    around = known(kinds)[pages["around"]] * (pages["around"] > 0)[..., None]
    start = jnp.concatenate(
        (
            pages["dense"],
            known(words),
            known(pages["targets"]),
            around[:, 0],
            around[:, 1:NEAR].sum(1) / 2,
            around[:, NEAR:].sum(1) / 3,
        ),
        1,
    )
    first = jax.nn.relu(start @ weights["start"] + weights["start_bias"])
    hidden = first
    for layer, reach in enumerate(REACHES):
        seen = dropped(hidden)
        beside = jnp.concatenate(
            (_shifted(seen, page, reach), seen, _shifted(seen, page, -reach)), 1
        )
        hidden += jax.nn.relu(beside @ weights[f"beside{layer}"] + weights[f"beside{layer}_bias"])
        if layer == PAGE_AFTER:
            hidden += jax.nn.relu(_overview(hidden, page) @ weights["page"])[page]
    ends = jnp.concatenate((dropped(first), dropped(hidden)), 1)
    return ends @ weights["end"] + weights["end_bias"]


def _bags(ids: jax.Array, vectors: jax.Array) -> jax.Array:
    return vectors[ids].sum(1) / jnp.sqrt(1 + (ids > 0).sum(1, keepdims=True))


def _shifted(values: jax.Array, page: jax.Array, steps: int) -> jax.Array:
    same = jnp.roll(page, steps) == page
    return jnp.where(same[:, None], jnp.roll(values, steps, 0), 0)


def _overview(hidden: jax.Array, page: jax.Array) -> jax.Array:
    """[``MAX_PAGES``, 2 * width]: mean and maximum over each page."""
    sums = jax.ops.segment_sum(hidden, page, MAX_PAGES)
    counts = jax.ops.segment_sum(jnp.ones(len(page)), page, MAX_PAGES)
    most = jax.ops.segment_max(hidden, page, MAX_PAGES)
    mean = sums / jnp.maximum(counts, 1)[:, None]
    return jnp.concatenate((mean, jnp.where(jnp.isfinite(most), most, 0)), 1)
