"""What makes a revision of a story, and what doesn't."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newscrawl.extraction.extract import extract
from newscrawl.records import Access, Author, Image
from newscrawl.settling.revisions import changed_fields, digests
from tests.changing_site import story

STORY = extract(story("a"), url="https://news.example/a")


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"body": "Another text."}, ("body",)),
        ({"headline": "Another headline", "body": "x"}, ("headline", "body")),
        ({"authors": (Author(name="Maud Ellery"),)}, ("authors",)),
        ({"body": "x", "tags": ("walls",)}, ("body", "tags")),
        ({"tags": ("walls",)}, ()),
        ({"images": (Image(url="https://news.example/a.jpg"),)}, ()),
        ({"access": Access(declared="metered")}, ()),
        ({"removed": (), "word_count": 0, "run_id": "another"}, ()),
        ({}, ()),
    ],
)
def test_changed_fields(changes: dict[str, Any], changed: tuple[str, ...]) -> None:
    """A change of the story itself is a revision, which names all that has changed; tags, images
    and the like alone are none."""
    assert changed_fields(digests(STORY), replace(STORY, **changes)) == changed


def test_digests_are_the_same_in_every_process() -> None:
    """What a run keeps of a record is compared in another process."""
    assert digests(STORY)[:4].hex() == "5356daa7"
    assert len(digests(STORY)) == 60
