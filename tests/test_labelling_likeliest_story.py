"""Pages that seem to have no story: the likeliest paragraphs are it, the rest stays."""

from __future__ import annotations

import numpy as np
import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.features import read_features
from newscrawl.extraction.labelling.lexicon import Lexicon
from newscrawl.extraction.labelling.likeliest_story import with_likeliest_story
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Tree

STORY = "The ferry over the Tern stops at dusk from Monday, the port authority said on Friday."
LETTER = "We wrote to the port for nine months, and it cost us more than we had: keep us going."
BOX = f"<aside><div>{f'<p>{LETTER}</p>' * 3}</div></aside>"
ASKS = [{"fundraising": 0.89, "body": 0.1}] * 3
"""Of the paragraphs of ``BOX``: a story after seven steps, if it were doubted."""
BODY = LABELS.index("body")


def _read(html: str, rows: list[dict[str, float]]) -> tuple[list[str], list[str], Floats, Floats]:
    """Labels before and after, and each block's probabilities, which are given, before and
    after."""
    blocks, outline = read_blocks(parse(f"<main>{html}</main>".encode()))
    tree = Tree(blocks, outline)
    features = read_features(blocks, tree, outline, Hints(None, []), Lexicon(lambda _: 0))
    likely = np.full((len(blocks), len(LABELS)), 1e-5, np.float32)
    for row, given in zip(likely, rows, strict=True):
        for name, probability in given.items():
            row[LABELS.index(name)] = probability
    before = decode(likely, tree)
    found, after = with_likeliest_story(likely.copy(), before, features, tree)
    return [LABELS[n] for n in before], [LABELS[n] for n in after], likely, found


@pytest.mark.parametrize(
    "taken_for", ["fundraising", "paywall", "standfirst", "author_bio", "related"]
)
def test_a_short_story_comes_to_light(taken_for: str) -> None:
    """The paragraph that is likelier story than the others is the story, and nothing else is."""
    rows = [{taken_for: 0.55, "body": 0.4}, *[{"fundraising": 0.95, "body": 0.04}] * 3]
    before, after, likely, found = _read(f"<p>{STORY}</p>{BOX}", rows)
    assert "body" not in before
    assert after == ["body", "fundraising", "fundraising", "fundraising"]
    assert found.sum(1) == pytest.approx(1, abs=1e-6)
    assert found[1:, BODY] == pytest.approx(likely[1:, BODY] / likely[1:].sum(1))


def test_as_few_steps_as_are_needed() -> None:
    """Paragraphs that are less likely story than the first are not believed more than needed."""
    rows = [{"fundraising": 0.55, "body": 0.4}, *ASKS]
    _, after, _, found = _read(f"<p>{STORY}</p>{BOX}", rows)
    assert after == ["body", "fundraising", "fundraising", "fundraising"]
    assert found[0, BODY] < 0.8
    assert found[1, BODY] < 0.4


def test_paragraphs_that_are_about_as_likely_go_with_it() -> None:
    """A story of two paragraphs is found as a whole."""
    rows = [{"fundraising": 0.7, "body": 0.25}, {"fundraising": 0.8, "body": 0.15}, *ASKS]
    _, after, _, _ = _read(f"<p>{STORY}</p><p>{STORY}</p>{BOX}", rows)
    assert after[:2] == ["body", "body"]


@pytest.mark.parametrize(("asks", "story"), [(0.9, True), (0.97, False)])
def test_what_is_sure_stays(asks: float, *, story: bool) -> None:
    """A wall gets no story, and is as sure as before."""
    rows = [{"paywall": asks, "body": 1 - asks}] * 3
    before, after, likely, found = _read(BOX, rows)
    assert before == ["paywall"] * 3
    assert after == (["body"] * 3 if story else before)
    assert story or np.array_equal(likely, found)


def test_a_page_with_a_story_stays() -> None:
    """Where there is a story, an ask is an ask, however likely it is story, too."""
    rows = [{"body": 0.9, "fundraising": 0.05}, *[{"fundraising": 0.6, "body": 0.3}] * 3]
    before, after, likely, found = _read(f"<p>{STORY}</p>{BOX}", rows)
    assert before == after == ["body", *["fundraising"] * 3]
    assert np.array_equal(likely, found)


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<p>Give today.</p>", "fundraising"),
        (f"<p hidden>{LETTER}</p>", "fundraising"),
        (f"<h1>{STORY}</h1>", "headline"),
        (f"<p>{STORY}</p>", "caption"),
    ],
)
def test_no_paragraph_of_a_story(html: str, label: str) -> None:
    """Lines, hidden blocks, and what is never taken for a story are none."""
    before, after, _, _ = _read(html, [{label: 0.6, "body": 0.35}])
    assert before == after == [label]
