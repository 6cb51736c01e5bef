"""Pages, and parts of pages, to train on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newscrawl.extraction.blocks import Outline
from newscrawl.extraction.hints import Hints
from newscrawl.records import Block
from newscrawl.training.evidence import Evidence

_SPOKEN_AS = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he"}


def spoken(tag: str | None) -> str | None:
    """The language of a BCP 47 tag: its first subtag, one for each language."""
    language = (tag or "").partition("-")[0].lower()
    return _SPOKEN_AS.get(language, language) or None


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A labelled page's blocks, outline and evidence."""

    site: str
    language: str | None
    """As ``spoken`` gives it."""
    blocks: Sequence[Block]
    outline: Outline
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """A labelled page, read."""

    read: ReadPage
    hints: Hints


@dataclass(frozen=True, slots=True)
class Box:
    """Neighbouring elements of a page, and their blocks."""

    language: str | None
    blocks: Sequence[Block]
    outline: Outline
    start: int
    """The first element; those before ``end`` belong to the box."""
    end: int

    def unwrapped(self) -> Box:
        """Without its outer element, where that has no text of its own."""
        inner = self.start + 1
        if inner >= self.end or any(block.node == self.start for block in self.blocks):
            return self
        return replace(self, start=inner)

    def flattened(self) -> Box:
        """Its lines as paragraphs without names, as pages print them that know no boxes."""
        count = len(self.blocks)
        nodes = [block.node for block in self.blocks]
        ends = (min((n for n in nodes if n > node), default=self.end) for node in nodes)
        spans = zip(nodes, map(min, ends, map(self.outline.ends.__getitem__, nodes)), strict=True)
        targets = [next(filter(None, self.outline.targets[slice(*span)]), "") for span in spans]
        return Box(
            self.language,
            [b._replace(node=n, tag="p") for n, b in enumerate(self.blocks)],
            Outline([-1] * count, [*range(1, count + 1)], ["p"] * count, [""] * count, targets),
            0,
            count,
        )
