from __future__ import annotations

import pytest

from newscrawl.extraction.access import find_access
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
        ('<meta property="article:content_tier" content="metered">', None, "metered"),
        ('<meta property="article:content_tier" content="locked">', None, "subscription"),
    ],
)
def test_declared(head: str, status: int | None, expected: str | None) -> None:
    """What is declared is said with its evidence; silence is neither free nor paid."""
    access = find_access(read(head), None, [], status)
    assert access.declared == expected
    assert len(access.evidence) == (expected is not None)


@pytest.mark.parametrize(
    ("story", "body", "walled", "expected"),
    [
        ({"isAccessibleForFree": True}, "It ends here.", False, False),
        ({}, "It ends here.", False, None),
        ({}, "It stops in the mid", True, True),
        ({}, "It stops here…", True, True),
        ({}, "It stops in the mid", False, None),
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
    """A text is cut by its own look beside a wall, or by its declared length; else unknown."""
    document = read(ld({**STORY, **story}))
    assert find_access(document, body, [WALL] if walled else [], None).truncated is expected
