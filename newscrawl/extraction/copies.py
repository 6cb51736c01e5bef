"""A story that a page holds twice, for the printer or for those who listen, is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter

from newscrawl.extraction.blocks import prose_bytes, size
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.text import squeezed
from newscrawl.records import Block, Label

_WHOLE = 0.5
"""Size of a block with the whole story in it, as a share of the rest of the story; and how much of
the block that rest must be."""
_COMPARED = 500
"""Paragraphs that are looked for in such a block."""
_IN_A_ROW = 3
"""Different paragraphs that make a copy."""
_COPY = Label("other", 0.9, "tells the story again")


def without_copies(labelled: Sequence[Labelled]) -> Sequence[Labelled]:
    """The blocks, with those taken out of the story that say again what others of it say: a run of
    paragraphs that have been there before, or a block that has the others in it."""
    story = [block for block, label in labelled if label.name == "body"]
    copies = {block.index for block in chain(_wholes(story), _repeated(story))}
    if not copies:
        return labelled
    return [(b, _COPY if b.index in copies else label) for b, label in labelled]


def _wholes(story: Sequence[Block]) -> list[Block]:
    sizes = [size(block) for block in story]
    total = sum(sizes)
    large = [b for b, own in zip(story, sizes, strict=True) if own >= _WHOLE * (total - own)]
    return [block for block in large if _said_elsewhere(block, story) >= _WHOLE * size(block)]


def _said_elsewhere(whole: Block, story: Sequence[Block]) -> int:
    """Bytes of a block that smaller paragraphs of the story have, too: the first of them."""
    text, most = squeezed(whole.text), size(whole)
    shorter = ((block, found) for block in story if 0 < (found := prose_bytes(block)) < most)
    compared = islice(shorter, _COMPARED)
    return sum(found for block, found in compared if squeezed(block.text) in text)


def _repeated(story: Sequence[Block]) -> Iterator[Block]:
    """Those of at least three different paragraphs in a row that have been there before: one alone
    may be what each of a list's items says."""
    seen: set[str] = set()
    known = []
    for block in story:
        known.append((block.text in seen, block))
        seen.add(block.text)
    for again, pairs in groupby(known, itemgetter(0)):
        run = [block for _, block in pairs]
        if again and len({block.text for block in run if prose_bytes(block)}) >= _IN_A_ROW:
            yield from run
