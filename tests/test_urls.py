"""URLs as text: all addresses of a story have one key, and those of two stories never do."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newscrawl.urls import story_key

TABLE = Path(__file__).parent / "tables" / "story_keys.toml"
STORIES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text("utf-8"))["story"]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story["what"]))
def test_addresses_of_a_story_have_one_key(story: dict[str, Any]) -> None:
    """However a story is addressed, it is the same story."""
    keys = {url: story_key(url) for url in story["urls"]}
    assert len(set(keys.values())) == 1, keys


def test_stories_have_keys_of_their_own() -> None:
    """No two stories of the table are taken for one."""
    keys = Counter(story_key(story["urls"][0]) for story in STORIES)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story["what"]))
def test_a_key_stays_what_it_is(story: dict[str, Any]) -> None:
    """The key as an address of its site has the same key, unless a number names the story."""
    key = story_key(story["urls"][0])
    if "#" not in key and ":" not in key:
        assert story_key(f"https://{key}") == key
