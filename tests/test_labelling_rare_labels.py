"""How the labels of what is removed are balanced."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.rare_labels import draw_to_rare_labels

_BODY, _NAV, _PAYWALL = (LABELS.index(name) for name in ("body", "nav", "paywall"))


def _drawn(body: float, nav: float, paywall: float) -> Floats:
    likely = np.zeros((1, len(LABELS)), np.float32)
    likely[0, [_BODY, _NAV, _PAYWALL]] = body, nav, paywall
    shares = np.full(len(LABELS), 0.01, np.float32)
    shares[_NAV] = 0.5
    draw_to_rare_labels(likely, shares)
    found: Floats = likely[0]
    return found


def test_drawn() -> None:
    """Where a block is hardly more a menu than an ask, it is the ask."""
    found = _drawn(0.0, 0.55, 0.45)
    assert found[_PAYWALL] > found[_NAV]


def test_sure() -> None:
    """A menu that the model is sure of stays one."""
    found = _drawn(0.0, 0.9, 0.1)
    assert found[_NAV] > found[_PAYWALL]


def test_story() -> None:
    """How likely a block is story, and that it is something, stays as it was."""
    found = _drawn(0.4, 0.5, 0.1)
    assert found[_BODY] == np.float32(0.4)
    assert np.isclose(found.sum(), 1)


def test_ruled_out() -> None:
    """Nothing comes of a block that can only be story."""
    found = _drawn(1.0, 0.0, 0.0)
    assert found[_BODY] == 1
    assert found.sum() == 1
