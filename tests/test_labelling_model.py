"""The model file: comes back as it was written; whatever else is named is refused, never run."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from newscrawl.errors import InputError
from newscrawl.extraction.labelling import model as models
from newscrawl.extraction.labelling.model import (
    LABELS,
    model_bytes,
    read_model,
    shipped_model,
)
from tests.cases import SHIPPED_MODEL

SHIPPED = SHIPPED_MODEL.read_bytes()


class _Trap:
    """Does what an attacker likes when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("sprung"),)


def _arrays() -> dict[str, Any]:
    with np.load(io.BytesIO(SHIPPED)) as arrays:
        return dict(arrays)


def _npz(arrays: Mapping[str, Any]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=True, **arrays)
    return stream.getvalue()


def _about(text: str) -> bytes:
    return _npz({**_arrays(), "about": np.frombuffer(text.encode(), np.uint8)})


def _without(start: str) -> bytes:
    return _npz({key: array for key, array in _arrays().items() if not key.startswith(start)})


def _zip(name: str, size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, bytes(size))
    return stream.getvalue()


def _spoilt() -> bytes:
    middle = len(SHIPPED) // 2
    return SHIPPED[:middle] + bytes(100) + SHIPPED[middle + 100 :]


_TRAP = np.array([_Trap()], object)
_NO_MODEL = "this is no model: name one that newscrawl train wrote"
_FILES = {
    "empty": b"",
    "text": b"not a model\n",
    "page": b"<!doctype html><p>Hello",
    "cut": SHIPPED[:-1000],
    "half": SHIPPED[: len(SHIPPED) // 2],
    "spoilt": _spoilt(),
    "pickle": pickle.dumps(_Trap()),
    "pickle-inside": _npz({**_arrays(), "member0.end": _TRAP}),
    "pickled-about": _npz({**_arrays(), "about": _TRAP}),
    "zip": _zip("readme.txt", 10),
    "bomb": _zip("about.npy", models._MOST_BYTES + 1),
    "array": _npz({"a": np.zeros(3)}),
    "no-vocabulary": _without("vocabulary"),
    "no-tells": _without("tells"),
    "no-shares": _without("shares"),
    "few-shares": _npz({**_arrays(), "shares": np.zeros(3)}),
    "no-members": _without("member"),
    "no-layer": _without("member0.start"),
    "not-json": _about("format 1"),
    "no-format": _about("{}"),
    "a-list": _about("[1]"),
}


@pytest.mark.parametrize("name", _FILES)
def test_what_is_no_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A file that isn't a whole model is one line, and a pickle in it isn't loaded."""
    monkeypatch.chdir(tmp_path)
    Path("model.npz").write_bytes(_FILES[name])
    with pytest.raises(InputError) as caught:
        read_model(tmp_path / "model.npz")
    assert str(caught.value) == f"cannot read {tmp_path / 'model.npz'}: {_NO_MODEL}"
    assert not Path("sprung").exists()


def test_another_format_is_named(tmp_path: Path) -> None:
    """A model of another newscrawl says so, not that it is broken."""
    (tmp_path / "model.npz").write_bytes(_about(json.dumps({"format": 99})))
    with pytest.raises(InputError, match=f"has format 99, not {models.FORMAT}: train it anew"):
        read_model(tmp_path / "model.npz")


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.npz", "No such file or directory"), (".", "Is a directory"), ("a\0b", "null byte")],
)
def test_file_that_cannot_be_opened(tmp_path: Path, name: str, said: str) -> None:
    """A path that leads to no file says why."""
    with pytest.raises(InputError, match=said):
        read_model(f"{tmp_path}/{name}")


def test_round_trip(tmp_path: Path) -> None:
    """Written and read again, a model has the same bytes, words, weights and name."""
    content = model_bytes(shipped_model())
    (tmp_path / "model.npz").write_bytes(content)
    read = read_model(tmp_path / "model.npz")
    assert model_bytes(read) == content == SHIPPED
    assert read.vocabulary.tokens == shipped_model().vocabulary.tokens
    assert read.name == shipped_model().name
    assert read.about == shipped_model().about


def test_without_a_path_it_is_the_shipped_one() -> None:
    """No path means newscrawl's own model."""
    assert read_model(None) is shipped_model()


def test_tells_name_labels() -> None:
    """What each word of the shipped model tells is a label that there is."""
    tells = shipped_model().tells
    known = len(shipped_model().vocabulary.tokens)
    assert tells["label"].shape == tells["lift"].shape == (known + 1,)
    assert set(tells["label"].tolist()) <= set(range(len(LABELS)))
