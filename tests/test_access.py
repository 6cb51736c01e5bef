from __future__ import annotations

import pytest

from newscrawl.extraction.facts.access import find_access
from newscrawl.records import Block
from tests.documents import ld, read

STORY = {"@type": "NewsArticle"}
WALL = Block(
    9, "Subscribe to read on", "/html/body/div", "div", hidden=False, link_density=0, node=9
)


@pytest.mark.parametrize(
    ("head", "status", "expected"),
    [
        ("", None, None),
        ("", 402, "subscription"),
        (ld({**STORY, "isAccessibleForFree": True}), None, "free"),
        (ld({**STORY, "isAccessibleForFree": "True"}), None, "free"),
        (ld({**STORY, "isAccessibleForFree": "https://schema.org/False"}), None, "subscription"),
        (ld({**STORY, "hasPart": {"isAccessibleForFree": "False"}}), None, "subscription"),
        (ld({**STORY, "isAccessibleForFree": "perhaps"}), None, None),
        (ld({"@type": "Recipe", "isAccessibleForFree": False}), None, "subscription"),
        (
            ld({"@type": "Recipe", "isAccessibleForFree": True})
            + ld({**STORY, "isAccessibleForFree": False}),
            None,
            "subscription",
        ),
        ('<meta property="article:content_tier" content="metered">', None, "metered"),
        ('<meta property="article:content_tier" content="locked">', None, "subscription"),
        ('<meta itemprop="isAccessibleForFree" content="False">', None, "subscription"),
    ],
)
def test_declared(head: str, status: int | None, expected: str | None) -> None:
    """What is declared is said with its evidence; silence is neither free nor paid."""
    found = find_access(read(head), None, [], status)
    assert (found.value.declared if found else None) == expected
    assert len(found.value.evidence if found else ()) == (expected is not None)


@pytest.mark.parametrize(
    ("story", "body", "walled", "expected"),
    [
        ({"isAccessibleForFree": True}, "It ends here.", False, False),
        ({}, "It ends here.", False, None),
        ({}, "It stops in the mid", True, True),
        ({"isAccessibleForFree": False}, "It stops in the mid", False, True),
        ({"isAccessibleForFree": False}, "It ends here.", False, None),
        ({}, "It stops here…", True, True),
        ({}, "It stops in the mid", False, None),
        (
            {},
            "It goes on and on… " + "until the board meets again on Friday " * 3 + "and…",
            False,
            True,
        ),
        ({}, "Read also…", False, None),
        ({}, "It ends here.", True, None),
        ({"wordCount": 900}, "Much too short.", False, True),
        ({"wordCount": "900"}, "Much too short.", False, True),
        ({"wordCount": 3}, "Three words only.", False, None),
        ({"wordCount": "many"}, "It ends here.", False, None),
        ({"wordCount": "9" * 9_999}, "It ends here.", False, None),
        ({}, None, True, None),
    ],
)
def test_truncated(
    story: dict[str, object],
    body: str | None,
    walled: bool,  # noqa: FBT001 -- a table's column
    expected: bool | None,  # noqa: FBT001 -- same
) -> None:
    """A text is cut by its own look beside a wall, by its declared length, or where its last
    paragraph ends in an ellipsis; else unknown."""
    document = read(ld({**STORY, **story}))
    found = find_access(document, body, [WALL] if walled else [], None)
    assert (found.value.truncated if found else None) is expected


@pytest.mark.parametrize(
    ("head", "status", "body", "source"),
    [
        (ld({**STORY, "isAccessibleForFree": False}), None, None, "json-ld"),
        ('<meta property="article:content_tier" content="metered">', None, None, "meta"),
        ("", 402, None, "http"),
        ("", None, "It stops in the mid", "text"),
        (ld({**STORY, "wordCount": 900}), None, "Much too short.", "json-ld"),
    ],
)
def test_source(head: str, status: int | None, body: str | None, source: str) -> None:
    """Access names where it was read: its declaration, else what shows that the text is cut."""
    found = find_access(read(head), body, [WALL] if body else [], status)
    assert found is not None
    assert found.source == source
    assert found.raw
