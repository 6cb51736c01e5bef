"""The model file: weights, vocabulary, and what it was trained on. Loads without pickle."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np

from newscrawl.contract import unreadable
from newscrawl.errors import InputError
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.lexicon import Lexicon
from newscrawl.extraction.labelling.network import REACHES, Weights, stacked
from newscrawl.extraction.labelling.tokens import stem
from newscrawl.records import LabelName, RemovedLabel, StoryLabel

LABELS: tuple[LabelName, ...] = get_args(StoryLabel) + get_args(RemovedLabel)
"""The labels in the order of the network's outputs."""
FORMAT = 3
"""Of the file; changes with the features and the network: a model fits one version of them."""
_ABOUT, _VOCABULARY, _SHARES, _SCALE, _TELLS = "about", "vocabulary", "shares", "scale", "tells"
_VECTORS, _STEP = "vectors", "vectors_step"
_MOST_OF_A_BYTE = 127
_MOST_BYTES = 64 << 20
"""Largest model that is read, decompressed too."""
_LAYERS = (_VECTORS, "start", "start_bias", "page", "end", "end_bias")
_PARTS = {*_LAYERS, *(f"beside{n}{part}" for n in range(len(REACHES)) for part in ("", "_bias"))}
"""What every member has."""


class Vocabulary:
    """Ids of words, by their stems, of class names, parts of addresses, and their concepts."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        """The known tokens; a token's id is its place, from 1."""
        self._known = {token: number for number, token in enumerate(tokens, 1)}

    def id_of(self, word: str) -> int:
        """A word's id, or that of a name, a part of an address or a concept; 0 for the unknown."""
        return self._known.get(stem(word), 0)


@dataclass(frozen=True)
class Model:
    """A fitted network and the words that it knows."""

    vocabulary: Vocabulary
    scale: Weights
    """``mean`` and ``deviation`` of each number of a block."""
    members: Sequence[Weights]
    tells: Weights
    """Per token: the ``label`` for which it speaks most, and its ``lift``: how many times more
    often that label has the token than blocks do on average; 0 where it says nothing."""
    shares: Floats
    """[labels]: how common each label is among the blocks that the model has learned from."""
    about: Mapping[str, Any]
    """On what and how it was trained, and how it scored."""
    name: str = "unnamed"
    """Of its content: ``extractor.model`` of the records."""

    @cached_property
    def lexicon(self) -> Lexicon:
        """The vocabulary, as ``read_features`` takes it."""
        return Lexicon(self.vocabulary.id_of)

    @cached_property
    def network(self) -> Weights:
        """The members, as ``probabilities`` takes them."""
        return stacked(self.members)


@cache
def shipped_model() -> Model:
    """The model that comes with newscrawl."""
    return _parsed((files(__package__) / "model.npz").read_bytes(), "model.npz")


@cache
def read_model(path: str | Path | None) -> Model:
    """A model that ``newscrawl train`` wrote; without a path, the one that comes with newscrawl.

    Raises ``InputError``.
    """
    if path is None:
        return shipped_model()
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(_MOST_BYTES)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise unreadable(path, error) from error
    return _parsed(content, path)


def model_bytes(model: Model) -> bytes:
    """The file of a model: the same bytes for the same model."""
    groups = {
        _SCALE: _as(np.float32, model.scale),
        _TELLS: _as(np.float16, model.tells),
        **{f"member{n}": _in_bytes(m) for n, m in enumerate(model.members)},
    }
    arrays = {
        f"{group}.{name}": array
        for group, found in groups.items()
        for name, array in sorted(found.items())
    }
    about = {"format": FORMAT, **model.about}
    arrays[_ABOUT] = _packed(json.dumps(about, indent=1, ensure_ascii=False))
    arrays[_SHARES] = model.shares.astype(np.float32)
    arrays[_VOCABULARY] = _packed("\n".join(model.vocabulary.tokens))
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def _as(kind: type[np.floating[Any]], weights: Weights) -> dict[str, Any]:
    return {name: array.astype(kind) for name, array in weights.items()}


def _in_bytes(member: Weights) -> dict[str, Any]:
    """A member whose vectors, most of a model, are multiples of a step, which they lose nothing by:
    of a power of two, so that what is read and written again stays the same."""
    vectors = member[_VECTORS]
    most = np.maximum(np.abs(vectors).max(0), np.finfo(np.float32).tiny)
    step = np.exp2(np.ceil(np.log2(most / _MOST_OF_A_BYTE)))
    return {
        **_as(np.float16, member),
        _VECTORS: np.rint(vectors / step).astype(np.int8),
        _STEP: step.astype(np.float32),
    }


def _packed(text: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(text.encode(), np.uint8)


def _parsed(content: bytes, name: str | Path) -> Model:
    try:
        found = _arrays(content)
        about = json.loads(found.pop(_ABOUT).tobytes())
        if (version := about["format"]) != FORMAT:
            advice = "train it anew with this newscrawl"
            raise InputError(name, f"the model has format {version}, not {FORMAT}: {advice}")
        tokens = found.pop(_VOCABULARY).tobytes().decode().split("\n")
        shares = found.pop(_SHARES)
        groups: dict[str, dict[str, Any]] = {}
        for key, array in found.items():
            group, _, part = key.partition(".")
            groups.setdefault(group, {})[part] = array.astype(np.float32)
        scale, tells = groups.pop(_SCALE), groups.pop(_TELLS)
        members = [groups[key] for key in sorted(groups)]
        for member in members:
            member[_VECTORS] *= member.pop(_STEP)
    except _UNPARSABLE as error:
        raise _no_model(name) from error
    fits = shares.shape == (len(LABELS),) and all(m.keys() == _PARTS for m in members)
    if not members or not fits:
        raise _no_model(name)
    digest = hashlib.sha256(content).hexdigest()[:8]
    return Model(Vocabulary(tokens), scale, members, tells, shares, about, f"{FORMAT}-{digest}")


_UNPARSABLE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    MemoryError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy, ``zipfile`` and ``json`` make of files that aren't theirs."""


def _arrays(content: bytes) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        if sum(entry.file_size for entry in arrays.zip.infolist()) > _MOST_BYTES:
            raise ValueError("larger than any model")
        return {key: arrays[key] for key in arrays.files}


def _no_model(name: str | Path) -> InputError:
    return InputError(name, "this is no model: name one that newscrawl train wrote")
