"""Whether the page's data tells a story that its blocks don't, and whether it may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newscrawl.extraction.blocks import read_blocks, size
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.document import Document
from newscrawl.extraction.embedded import EmbeddedStory, embedded_story
from newscrawl.extraction.facts.access import is_walled
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.labeller import label_blocks
from newscrawl.extraction.labelling.model import Model
from newscrawl.extraction.text import squeezed
from newscrawl.records import Label, Source

_CLEARLY_MORE = 2.0
"""How many times longer than the page's own the data's story must be to be the story."""
_SHOWN = 0.5
"""Share of the data's story from which on a page shows it itself."""
_MOSTLY_STORY = 0.5
"""Share of a template that must be story: it may be a dialog as well."""
_WORDS = 30
"""Bytes below which a block may be in any text."""
_APART = frozenset(
    {
        "headline",
        "byline",
        "date",
        "attribution",
        "correction",
        "paywall",
        "fundraising",
        "newsletter",
    }
)
"""Labels of what is story in data: it holds nothing that only stands around on a page."""


@dataclass(frozen=True, slots=True)
class DataStory:
    """A page with the story from its data."""

    labelled: Sequence[Labelled]
    """The page's blocks and the story's, in page order; the page's alone where it is withheld."""
    source: Source
    key: str
    """The property that holds it."""
    withheld: bool
    """Whether readers have to pay or register for it: then it isn't used."""


def find_data_story(
    document: Document,
    labelled: Sequence[Labelled],
    headline: str | None,
    status: int | None,
    model: Model,
) -> DataStory | None:
    """The story of a page that shows no more than a fragment of it.

    ``None`` where the data has no story, a hardly longer one, or one that the page shows, too:
    what a page shows has its paragraphs. Never used is what the page declares to be paid for, what
    its data marks so, and anything on a page with a paywall.
    """
    data = embedded_story(document, headline)
    if data is None:
        return None
    story = _read(data, headline, model)
    own, told = (sum(map(_story_size, pairs)) for pairs in (labelled, story))
    if told <= _CLEARLY_MORE * own or _shown(labelled, story) >= _SHOWN * told:
        return None
    if told < _MOSTLY_STORY * sum(size(block) for block, _ in story):
        return None
    withheld = data.locked or is_walled(document, labelled, status)
    merged = labelled if withheld else _merged(labelled, story)
    return DataStory(merged, data.source, data.key, withheld)


def _read(data: EmbeddedStory, headline: str | None, model: Model) -> list[Labelled]:
    """The data's blocks, labelled as those of a page; their path says that they are none.

    A property's value is all story; a template is as far as the labeller takes it for one.
    """
    blocks, outline = read_blocks(data.root)
    labels = label_blocks(blocks, outline, Hints(headline), model)
    told = f"the page's data has it: {data.key}"
    return [
        (
            block._replace(path=block.path.replace("/html/body", "/script", 1), node=0),
            label._replace(name="body", reason=told)
            if label.name == "body" or not (data.is_markup or label.name in _APART)
            else label,
        )
        for block, label in zip(blocks, labels, strict=True)
    ]


def _story_size(pair: Labelled) -> int:
    block, label = pair
    return size(block) if label.name == "body" else 0


def _shown(labelled: Sequence[Labelled], story: Sequence[Labelled]) -> int:
    """Bytes of the page's visible blocks that are part of the story, words apart."""
    text = "".join(squeezed(block.text.casefold()) for block, _ in story)
    blocks = (block for block, _ in labelled if not block.hidden and size(block) >= _WORDS)
    return sum(size(block) for block in blocks if squeezed(block.text.casefold()) in text)


def _merged(labelled: Sequence[Labelled], story: Sequence[Labelled]) -> list[Labelled]:
    """The story's blocks where the page has the first of its fragments, or behind its headline."""
    fragment = Label("other", 0.5, "a fragment of the story that the page's data has whole")
    page = [(b, fragment if label.name == "body" else label) for b, label in labelled]
    bodies = [n for n, (_, label) in enumerate(labelled) if label.name == "body"]
    heads = [n + 1 for n, (_, label) in enumerate(labelled) if label.name == "headline"]
    place = next(iter((*bodies[:1], *heads[-1:])), 0)
    both = [*page[:place], *story, *page[place:]]
    return [(block._replace(index=n), label) for n, (block, label) in enumerate(both)]
