"""Paragraphs that are made alike are drawn to each other, unless their words say otherwise."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.features import read_features
from newscrawl.extraction.labelling.model import LABELS, shipped_model
from newscrawl.extraction.labelling.peers import draw_to_peers
from newscrawl.extraction.labelling.tree import Tree

_BODY, _RELATED, _ASK = (LABELS.index(name) for name in ("body", "related", "fundraising"))
_PROSE = "The ferry to Gull Island sailed again on Monday after nine weeks in the dry dock."
_PAGE = f"""<body><div class=text>{f"<p class=par>{_PROSE}</p>" * 3}</div>
<div class=text><p class=par>{_PROSE}</p></div>
<div class=box><p class=teaser>{_PROSE}</p></div></body>"""


def _drawn(last: int, sure: float, alike: str = _PAGE) -> float:
    """The odds that the fourth paragraph is story, taken for the label ``last``."""
    blocks, outline = read_blocks(parse(alike.encode()))
    tree = Tree(blocks, outline)
    features = read_features(blocks, tree, outline, Hints(), shipped_model().lexicon)
    likely = np.full((5, len(LABELS)), 1e-4, np.float32)
    likely[:3, _BODY] = 0.99
    likely[3, last] = sure
    likely[3, _BODY] = 1 - sure
    likely[4, _RELATED] = 0.99
    likely /= likely.sum(1, keepdims=True)
    untouched = likely[4].copy()
    draw_to_peers(likely, features)
    assert np.allclose(likely.sum(1), 1)
    assert (likely[4] == untouched).all()
    return float(likely[3, _BODY])


def test_a_paragraph_made_like_the_storys_is_story() -> None:
    """Wherever its container stands; one that is made otherwise keeps its odds."""
    assert _drawn(_RELATED, 0.9) > 0.9
    assert _drawn(_RELATED, 0.9, _PAGE.replace("</div>\n<div class=text>", "</div><div>")) < 0.2


def test_an_appeal_made_like_the_storys_paragraphs_stays_one() -> None:
    """What a paragraph says counts for more than how it is made."""
    assert _drawn(_ASK, 0.9) < 0.2
