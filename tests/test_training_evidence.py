"""What a labelled page says of its blocks, whatever kind of label it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import Block
from newscrawl.training.corpus import LabelledPage
from newscrawl.training.evidence import UNKNOWN, Evidence, digest, evidence, text_key

_LONG = "The ferry to Gull Island sailed again on Monday after nine weeks in the dry dock."
_OTHER = "Subscribe to our newsletter and read about all the ferries there are in the world."
_HALF = "The ferry to Gull Island sailed again on Monday. We bring you its news because you pay."


def _evidence(texts: list[str], **known: Any) -> Evidence:
    page = LabelledPage(id="a", path=Path("a.html"), url=None, **known)
    return evidence(
        page,
        [
            Block(n, text, f"/p[{n}]", "p", hidden=False, link_density=0, node=n)
            for n, text in enumerate(texts)
        ],
    )


def _names(found: Evidence) -> list[str | None]:
    return [None if n == UNKNOWN else LABELS[n] for n in found.labels.tolist()]


def test_digests_find_the_blocks_that_texts_find() -> None:
    """Labels that come with digests are the same as with texts, also where a page has changed."""
    labelled = [("nav", "Menu"), ("body", f" {_LONG}\u200b"), ("body", _HALF)]
    digests = [(name, digest(text_key(text))) for name, text in labelled]
    texts = ["New", "Menu", _LONG]
    assert _names(_evidence(texts, blocks=labelled)) == [None, "nav", "body"]
    assert _names(_evidence(texts, digests=digests)) == [None, "nav", "body"]


@pytest.mark.parametrize(
    ("texts", "labelled", "expected"),
    [
        (["Menu", _LONG], [("nav", "Menu"), ("body", _LONG)], ["nav", "body"]),
        (["New", "Menu", _LONG], [("nav", "Menu"), ("body", _LONG)], [None, "nav", "body"]),
        ([f" {_LONG}\u200b "], [("body", _LONG)], ["body"]),
        ([_LONG[:50]], [("body", _LONG)], ["body"]),
        ([f"{_LONG} {_OTHER}"], [("body", _LONG), ("newsletter", _OTHER)], [None]),
        ([_OTHER, _LONG], [("body", _LONG), ("newsletter", _OTHER)], ["newsletter", "body"]),
        (["Menu"], [("nav", "The menu")], [None]),
        (
            ["x", "Menu", "y"],
            [("nav", "Menu"), ("nav", "1"), ("other", "Menu")],
            [None, "nav", None],
        ),
        ([_LONG], [], [None]),
    ],
    ids="aligned inserted spaced part-of both moved short twice none".split(),
)
def test_labels(
    texts: list[str], labelled: list[tuple[str, str]], expected: list[str | None]
) -> None:
    """Labels go to the blocks they were given to: in order, by text, in part, never by a guess."""
    assert _names(_evidence(texts, blocks=tuple(labelled))) == expected


@pytest.mark.parametrize(
    ("text", "story", "sure"),
    [
        (_LONG, 1, True),
        (_LONG.replace("ferry to", "ferry\u200b  to"), 1, True),
        (_OTHER, 0, True),
        ("Monday", 0, False),
        ("A headline", 1, False),
        (_HALF, None, False),
    ],
    ids="in spaced out word line partly".split(),
)
def test_text_says_what_is_story(text: str, story: float | None, *, sure: bool) -> None:
    """A block in the page's text is story, one outside isn't, one in part is neither."""
    found = _evidence([text], body=f"A headline\n\n{_LONG}")
    if story is None:
        assert 0 < found.story[0] < 1
    else:
        assert found.story[0] == story
    assert (found.worth[0] > 0.5) == sure
    assert 0 < found.worth[0] <= 1.05


def test_passages_say_what_is_story() -> None:
    """Blocks with a passage are or aren't story; of those with both or none nothing is known."""
    texts = [_LONG, _OTHER, f"{_LONG} {_OTHER}", "Menu"]
    found = _evidence(texts, holds=("sailed  again",), lacks=("our newsletter",))
    assert found.story.tolist() == [1, 0, UNKNOWN, UNKNOWN]
    assert found.worth.tolist() == [1, 1, 0, 0]


def test_no_evidence_says_nothing() -> None:
    """Of a page without labels nothing is claimed."""
    found = _evidence([_LONG])
    assert (found.labels.tolist(), found.story.tolist()) == ([UNKNOWN], [UNKNOWN])
    assert found.worth.tolist() == [0]
