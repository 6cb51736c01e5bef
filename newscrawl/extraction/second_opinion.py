"""readability-lxml's view of a page, asked where the labeller is unsure of the story."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from lxml import etree

from newscrawl.extraction.blocks import PROSE_BYTES, read_blocks, size
from newscrawl.extraction.text import squeezed
from newscrawl.records import Block, Label

_WORTH_ASKING = 2_000_000
"""Longest page that is handed over, in characters: its cost grows faster than the page."""

_UNSURE = 0.64
"""How sure a label must be to stand against a second opinion."""
_ASKS = frozenset({"paywall", "fundraising", "newsletter"})
_OPEN_TO_DOUBT = frozenset({"body", "other", "nav", "related", "legal", "standfirst", "promo"})


def second_labels(
    page: bytes | str, blocks: Sequence[Block], labels: Sequence[Label]
) -> list[Label]:
    """The labels with what readability counts to the story as body, asks and hidden text apart."""
    chosen = readable_blocks(page, blocks)
    return [
        Label("body", 0.5, "readability counts it to the story")
        if block.index in chosen and _is_open_to_doubt(label) and not block.hidden
        else label
        for block, label in zip(blocks, labels, strict=True)
    ]


def _is_open_to_doubt(label: Label) -> bool:
    unsure = label.confidence < _UNSURE and label.name not in _ASKS
    return unsure or label.name in _OPEN_TO_DOUBT


def readable_blocks(page: bytes | str, blocks: Sequence[Block]) -> frozenset[int]:
    """Indexes of the blocks that readability counts to the story; none where it finds none.

    A short one must be a paragraph by itself: its words may be in any text. Bytes are UTF-8.
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
    paragraphs = {squeezed(block.text) for block in read_blocks(root)[0]}
    story = squeezed("".join(map(str, root.itertext())))
    return frozenset(
        block.index
        for block in blocks
        if (text := squeezed(block.text)) in paragraphs
        or (size(block) >= PROSE_BYTES and text in story)
    )
