"""Pages that seem to have no story: the likeliest paragraphs are it, the rest stays."""

from __future__ import annotations

import numpy as np
import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.believed import with_a_story
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.features import read_features
from newscrawl.extraction.labelling.lexicon import Lexicon
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Tree

STORY = "The ferry over the Tern stops at dusk from Monday, the port authority said on Friday."
LETTER = "We wrote to the port for nine months, and it cost us more than we had: keep us going."
REST = "<aside><div>{}</div></aside>".format("".join(f"<p>{LETTER}</p>" for _ in range(3)))
"""A box of three paragraphs."""


def _believed(html: str, rows: list[dict[str, float]]) -> tuple[list[str], list[str]]:
    """The labels before and after, where each block's probabilities are given."""
    blocks, outline = read_blocks(parse(f"<main>{html}</main>".encode()))
    tree = Tree(blocks, outline)
    features = read_features(blocks, tree, outline, Hints(None, []), Lexicon(lambda _: 0))
    likely = np.full((len(blocks), len(LABELS)), 1e-5, np.float32)
    for row, given in zip(likely, rows, strict=True):
        for name, probability in given.items():
            row[LABELS.index(name)] = probability
    before = decode(likely, tree)
    _, after = with_a_story(likely, before, features, tree)
    return [LABELS[n] for n in before], [LABELS[n] for n in after]


ASKS = [{"fundraising": 0.97, "body": 0.02}] * 3


@pytest.mark.parametrize(
    "taken_for", ["fundraising", "paywall", "standfirst", "author_bio", "related"]
)
def test_a_short_story_comes_to_light(taken_for: str) -> None:
    """The paragraph that is likelier story than the others is the story, and nothing else is."""
    rows = [{taken_for: 0.7, "body": 0.25}, *ASKS]
    before, after = _believed(f"<p>{STORY}</p>{REST}", rows)
    assert "body" not in before
    assert after == ["body", "fundraising", "fundraising", "fundraising"]


def test_paragraphs_that_are_about_as_likely_go_with_it() -> None:
    """A story of two paragraphs is found as a whole."""
    rows = [{"fundraising": 0.7, "body": 0.25}, {"fundraising": 0.8, "body": 0.15}, *ASKS]
    _, after = _believed(f"<p>{STORY}</p><p>{STORY}</p>{REST}", rows)
    assert after[:2] == ["body", "body"]
    assert set(after[2:]) == {"fundraising"}


def test_sure_asks_stay() -> None:
    """A page that only asks gets no story."""
    rows = [{"paywall": 0.998, "body": 0.001}] * 3
    before, after = _believed(REST, rows)
    assert before == after == ["paywall"] * 3


def test_a_page_with_a_story_stays() -> None:
    """Where there is a story, an ask is an ask, however much of the page asks."""
    rows = [{"body": 0.9, "fundraising": 0.05}, *[{"fundraising": 0.6, "body": 0.3}] * 3]
    before, after = _believed(f"<p>{STORY}</p>{REST}", rows)
    assert before == after == ["body", *["fundraising"] * 3]


def test_lines_are_no_story() -> None:
    """What is too short to be running text is never taken for it."""
    rows = [{"fundraising": 0.6, "body": 0.35}]
    before, after = _believed("<p>Give today.</p>", rows)
    assert before == after == ["fundraising"]
