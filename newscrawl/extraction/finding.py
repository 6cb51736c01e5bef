"""The story of a page: which blocks tell it, and which way found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from newscrawl.extraction.blocks import PROSE_LINKS, Outline, prose_bytes, read_blocks, size
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.copies import without_copies
from newscrawl.extraction.data_story import find_data_story
from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.access import is_walled
from newscrawl.extraction.hidden import without_hidden
from newscrawl.extraction.hints import Hints, read_hints
from newscrawl.extraction.labelling.block_memory import BlockMemory
from newscrawl.extraction.labelling.labeller import label_blocks
from newscrawl.extraction.labelling.model import Model
from newscrawl.extraction.page_type import page_type
from newscrawl.extraction.second_opinion import second_labels
from newscrawl.records import STORY_TYPES, Block, ExtractionPath, Label, Source

_UNSURE_BYTES = 600
"""A story shorter than this is worth a second opinion."""
_ALMOST_NOTHING = 300
"""Bytes of running text below which a page may have its text in ``noscript`` elements."""
_SURE = 0.72
"""How sure a paywall must be to close what is hidden behind it."""
_LEAST_STORY = 300
"""Least bytes of a second opinion's story: less is a caption, or numbers that match anything."""
_CLEARLY_MORE = 2.0
"""How many times longer than the labeller's the second opinion's story must be to be believed."""


@dataclass(frozen=True, slots=True)
class Story:
    """The blocks with their final labels, and which way gave them."""

    labelled: Sequence[Labelled]
    path: ExtractionPath
    confidence: float
    source: Source = "dom"
    key: str | None = None
    """The property of the page's data that holds it."""
    withheld: bool = False
    """Whether the page holds more, which is no reader's without paying or registering."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What blocks are judged by."""

    model: Model
    memory: BlockMemory | None


def find_story(
    document: Document, page: bytes | str, headline: str | None, status: int | None, by: Judgement
) -> Story:
    """The blocks with what each is for, by whichever way finds a story: the labeller, the page's
    data, or readability's second opinion.

    ``page`` is what ``document`` was parsed from; ``headline`` is its story's, when known.
    """
    story = _shown_story(document, _read_story(document, headline, status, by), status)
    story = replace(story, labelled=without_copies(story.labelled))
    found = _story_size(story.labelled)
    if found >= _UNSURE_BYTES:
        return story
    blocks, labels = [b for b, _ in story.labelled], [label for _, label in story.labelled]
    kind = page_type(document, story.labelled, status)
    may_tell = kind in STORY_TYPES or not story.labelled
    data = (
        find_data_story(document, story.labelled, headline, status, by.model) if may_tell else None
    )
    if data and not data.withheld:
        sure = _confidence([label for _, label in data.labelled])
        return Story(data.labelled, "embedded", sure, data.source, data.key)
    story = replace(story, withheld=story.withheld or data is not None)
    if _prose(blocks) >= _UNSURE_BYTES:
        second = without_copies(list(zip(blocks, second_labels(page, blocks, labels), strict=True)))
        if _story_size(second) > max(_CLEARLY_MORE * found, _LEAST_STORY):
            return replace(story, labelled=second, path="readability", confidence=0.5)
    return story


def _read_story(
    document: Document, headline: str | None, status: int | None, by: Judgement
) -> Story:
    """The story as the labeller sees it, with what ``noscript`` holds where all else is nearly
    nothing; not on a page with a paywall, whose readers aren't shown it."""
    hints = read_hints(document, headline)
    blocks, outline = read_blocks(document.root)
    story = _labelled_story(blocks, outline, hints, by)
    running = sum(map(prose_bytes, blocks))
    if running >= _ALMOST_NOTHING:
        return story
    blocks, outline = read_blocks(document.root, scripts=False)
    if sum(map(prose_bytes, blocks)) < running + _ALMOST_NOTHING:
        return story
    if is_walled(document, story.labelled, status):
        return replace(story, withheld=True)
    return _labelled_story(blocks, outline, hints, by)


def _shown_story(document: Document, story: Story, status: int | None) -> Story:
    """The story without what the page hides from its reader."""
    if not any(b.hidden and label.name == "body" for b, label in story.labelled):
        return story
    # A button to subscribe above the headline closes nothing; what says so in words does, anywhere.
    names = [label.name for _, label in story.labelled]
    head = names.index("headline") if "headline" in names else 0
    seen = [
        (b, label)
        for n, (b, label) in enumerate(story.labelled)
        if not b.hidden and label.confidence > _SURE and (n >= head or prose_bytes(b))
    ]
    walled = is_walled(document, seen, status)
    shown = without_hidden(story.labelled, walled=walled)
    return replace(
        story, labelled=shown, withheld=story.withheld or (walled and shown is not story.labelled)
    )


def _labelled_story(
    blocks: Sequence[Block], outline: Outline, hints: Hints, by: Judgement
) -> Story:
    labels = label_blocks(blocks, outline, hints, by.model, by.memory)
    return Story(list(zip(blocks, labels, strict=True)), "labeller", _confidence(labels))


def _story_size(labelled: Sequence[Labelled]) -> int:
    return sum(size(block) for block, label in labelled if label.name == "body")


def _prose(blocks: Sequence[Block]) -> int:
    return sum(size(block) for block in blocks if block.link_density < PROSE_LINKS)


def _confidence(labels: Sequence[Label]) -> float:
    """How sure the labels of the body are, on average."""
    sure = [label.confidence for label in labels if label.name == "body"]
    return round(fmean(sure), 3) if sure else 0.0
