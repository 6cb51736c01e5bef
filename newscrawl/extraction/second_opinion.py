"""readability-lxml's view of a page, asked where the labeller is unsure of the story."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from lxml import etree

from newscrawl.records import Block

_WORTH_ASKING = 2_000_000
"""Longest page that is handed over, in characters: its cost grows faster than the page."""


def readable_blocks(page: bytes | str, blocks: Sequence[Block]) -> frozenset[int]:
    """Indexes of the blocks that readability counts to the story; none where it finds none.

    Bytes are UTF-8.
    """
    text = page if isinstance(page, str) else page.decode("utf-8", "replace")
    if len(text) > _WORTH_ASKING:
        return frozenset()
    # Few pages need it, and importing it takes its time.
    from readability import Document as Readability  # noqa: PLC0415

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = Readability(text).summary(html_partial=True)
        root = etree.fromstring(summary, etree.HTMLParser(huge_tree=True))
    # readability raises whatever its parser, its cleaner or its recursion run into.
    except Exception:  # noqa: BLE001
        return frozenset()
    if root is None:
        return frozenset()
    story = _key("".join(map(str, root.itertext())))
    return frozenset(block.index for block in blocks if _key(block.text) in story)


def _key(text: str) -> str:
    return "".join(text.split())
