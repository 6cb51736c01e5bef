"""The labelled pages under ``fixtures/labelled`` are fit to train on: whole, and of every kind."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.records import RemovedLabel, StoryLabel
from tests.cases import LABELLED


def rows_of(name: str) -> dict[str, dict[str, Any]]:
    lines = (LABELLED / name).read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


PAGES = rows_of("labels.jsonl")
BLOCKS = rows_of("blocks.jsonl")


@pytest.mark.parametrize("page_id", PAGES)
def test_each_block_has_its_label(page_id: str) -> None:
    """The labelled blocks of a page are all of its blocks, in order."""
    page = (LABELLED / PAGES[page_id]["page"]).read_text(encoding="utf-8")
    blocks, _ = read_blocks(parse(page))
    assert [text for _, text in BLOCKS[page_id]["blocks"]] == [block.text for block in blocks]


def test_every_label_is_there() -> None:
    """Each label of the contract has a block, and no block has another."""
    found = {label for page in BLOCKS.values() for label, _ in page["blocks"]}
    assert found == {*get_args(StoryLabel), *get_args(RemovedLabel)}
