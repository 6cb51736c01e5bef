"""Short stories between appeals, which the labeller is measured on and never trained on."""

from __future__ import annotations

import json
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from newscrawl.extraction.labelling.model import LABELS, shipped_model
from newscrawl.training.written import written_boxes, written_pages
from tests.benchmarks.appeals import APPEALS, Composed, judge, pages

FILES = sorted(APPEALS.glob("*.json"))
PAGES = list(pages())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts(path: Path) -> None:
    """Each language has stories of five paragraphs and ten boxes of known labels."""
    texts = json.loads(path.read_text(encoding="utf-8"))
    assert texts["language"] == path.stem
    assert [len(story["paragraphs"]) for story in texts["stories"]] == [5] * 4
    labels = Counter(box["label"] for box in texts["boxes"])
    assert set(labels) <= set(LABELS)
    assert (labels["fundraising"], labels["paywall"], labels["newsletter"]) == (3, 2, 2)


def test_pages_hold_their_texts() -> None:
    """Each page has its paragraphs and the lines of its boxes, and comes out the same again."""
    assert len(PAGES) == len(FILES) * 4 * 4 * 4 == 1152
    assert [page.html for page in pages()] == [page.html for page in PAGES]
    for page in PAGES:
        html = unescape(page.html)
        assert all(text in html for text in page.paragraphs)
        assert all(text in html for _, text in page.lines)


def test_nothing_is_trained_on_them() -> None:
    """No text that is measured is one that training has; short lines are stock phrases."""
    boxes = [box for found in written_boxes().values() for box in found]
    trained = {block.text for box in boxes for block in box.blocks}
    trained |= {block.text for page in written_pages() for block in page.read.blocks}
    measured = {text for page in PAGES for _, text in page.lines if len(text) > 60}
    measured |= {text for page in PAGES for text in page.paragraphs}
    assert measured & trained == set()


def test_quality_has_a_floor() -> None:
    """What the model that comes with newscrawl reaches on these pages, less a little."""
    told = [page for page in PAGES if page.paragraphs]
    outcomes = [judge(page, shipped_model()) for page in told]
    lost = sum(len(outcome.lost) for outcome in outcomes)
    leaked = sum(len(outcome.leaked) for outcome in outcomes)
    assert lost / sum(len(page.paragraphs) for page in told) < 0.03
    assert leaked / sum(len(page.lines) for page in told) < 0.15
    assert sum(outcome.right for outcome in outcomes) / len(told) > 0.54


def test_judge_tells_right_from_wrong() -> None:
    """What is kept, leaked and named is told by the page's lines."""
    story = "The ferry over the Tern stops at dusk, the port said on Friday."
    ask = "Give today, so that this paper goes on: every gift counts, said the editors."
    html = f"<article><h1>Ferry</h1><p>{story}</p>{{}}</article>"
    kept = Composed(html.format(""), "en", "bare", [story], [], "")
    outcome = judge(kept, shipped_model())
    assert (outcome.right, outcome.lost, outcome.leaked) == (True, [], [])
    lost = judge(Composed(html.format(""), "en", "bare", [story, ask], [], ""), shipped_model())
    assert (lost.right, lost.lost) == (False, [ask])
    leaked = Composed(html.format(""), "en", "bare", [], [("fundraising", story)], "")
    outcome = judge(leaked, shipped_model())
    assert (outcome.right, outcome.leaked, outcome.named) == (False, [story], 0)
