"""More labelled pages out of those at hand: boxes of one page, grafted into another.

Asks are rare on labelled pages, and stand where their site puts them. Grafted, they stand in every
kind of story, in the midst of its paragraphs too, and around it, also without their names or their
wrapper.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from lxml import etree

from newscrawl.extraction.blocks import PROSE_LINKS, Outline, read_blocks
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.records import Block, LabelName
from newscrawl.training.evidence import UNKNOWN, Evidence

_COPIED: dict[LabelName, float] = {
    "fundraising": 4,
    "related": 4,
    "paywall": 3,
    "newsletter": 3,
    "promo": 3,
    "ad": 3,
    "author_bio": 3,
    "share": 1,
    "comments": 1,
    "consent": 1,
}
"""How often boxes of each label are taken from labelled pages: the rare and harmful ones more
often than they are, but not so often that any box in a story is taken for an ask."""
_WRITTEN: dict[LabelName, float] = {
    "body": 5,
    "fundraising": 4,
    "related": 3,
    "paywall": 2,
    "newsletter": 2,
    "author_bio": 2,
    "promo": 2,
    "ad": 2,
    "attribution": 1,
    "correction": 1,
    "comments": 1,
    "share": 0.5,
    "legal": 0.5,
    "consent": 0.5,
    "caption": 0.5,
    "nav": 0.5,
}
"""The same for the boxes that come with newscrawl."""
_WRITTEN_SHARE = 0.6
_NAMELESS, _UNWRAPPED, _AT_THE_END, _OUTSIDE = 0.35, 0.3, 0.2, 0.35
_HIDDEN = 0.3
"""Share of the boxes outside of the story that are hidden, as dialogs are until a script opens
them."""
_STORYS: frozenset[LabelName] = frozenset({"body", "caption", "attribution", "correction"})
"""What stands nowhere but in the story."""
_MOST_BOXES = 5
_LARGEST = 40
_STORY_SHARE = 0.6
_PROSE = 80


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A labelled page's blocks, outline and evidence."""

    site: str
    blocks: Sequence[Block]
    outline: Outline
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Box:
    """Neighbouring elements of a page, and their blocks."""

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


class Grafter:
    """Grafts boxes of some labelled pages, and of newscrawl's own, into pages."""

    def __init__(self, pages: Sequence[ReadPage], seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._copied: dict[LabelName, list[list[Box]]] = {}
        for page in pages:
            by_label: dict[LabelName, list[Box]] = {}
            for name, box in _boxes(page):
                by_label.setdefault(name, []).append(box)
            for name, boxes in by_label.items():
                self._copied.setdefault(name, []).append(boxes)

    def grafted(self, page: ReadPage) -> ReadPage:
        """The page with one to five boxes more."""
        for _ in range(self._random.randint(1, _MOST_BOXES)):
            page = self._graft(page, *self._box())
        return page

    def _box(self) -> tuple[LabelName, Box]:
        if not self._copied or self._random.random() < _WRITTEN_SHARE:
            name = self._label(_WRITTEN)
            return name, self._random.choice(_written()[name])
        weights = {name: weight for name, weight in _COPIED.items() if name in self._copied}
        if not weights:
            return self._box()
        name = self._label(weights)
        # By page first: a page with forty teasers is one example of a page with teasers.
        box = self._random.choice(self._random.choice(self._copied[name]))
        return name, box.unwrapped() if self._random.random() < _UNWRAPPED else box

    def _label(self, weights: dict[LabelName, float]) -> LabelName:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _graft(self, page: ReadPage, name: LabelName, box: Box) -> ReadPage:
        tree = Tree(page.blocks, page.outline)
        home, hidden = self._home(page, tree, name)
        inside = range(home + 1, int(tree.ends[home]))
        children = [n for n in inside if tree.parents[n] == home and tree.counts[n]]
        if not children:
            return page
        late = self._random.random() < _AT_THE_END
        before = children[-1] if late else self._random.choice(children)
        at, block = int(tree.ends[before]), int(tree.firsts[before] + tree.counts[before])
        nameless = self._random.random() < _NAMELESS
        outline = _joined(page.outline, box, at, home, nameless=nameless)
        moved = box.end - box.start
        blocks = [
            *(_moved(b, moved if b.node >= at else 0) for b in page.blocks[:block]),
            *(_moved(b, at - box.start)._replace(hidden=hidden) for b in box.blocks),
            *(_moved(b, moved if b.node >= at else 0) for b in page.blocks[block:]),
        ]
        evidence = _with_box(page.evidence, block, len(box.blocks), LABELS.index(name))
        return replace(page, blocks=blocks, outline=outline, evidence=evidence)

    def _home(self, page: ReadPage, tree: Tree, name: LabelName) -> tuple[int, bool]:
        """The element to graft a box into, and whether the box is hidden there."""
        story = _container(page, tree)
        around = tree.chain(story)[1:-1]
        if not around or name in _STORYS or self._random.random() >= _OUTSIDE:
            return story, False
        return self._random.choice(around), self._random.random() < _HIDDEN


def _container(page: ReadPage, tree: Tree) -> int:
    """The deepest element that holds most of the page's running text."""
    sizes = np.array([len(b.text) for b in page.blocks])
    prose = np.where(
        (sizes > _PROSE) & np.array([b.link_density < PROSE_LINKS for b in page.blocks]), sizes, 0
    )
    held = tree.held(prose, np.arange(len(tree.parents)))
    return int(np.flatnonzero(held >= _STORY_SHARE * held[0])[-1])


def _boxes(page: ReadPage) -> Iterator[tuple[LabelName, Box]]:
    """The widest elements of a page all whose blocks have the same of the labels copied."""
    labels = page.evidence.labels
    if (labels == UNKNOWN).all():
        return
    tree = Tree(page.blocks, page.outline)
    beyond = 0
    for node in range(len(tree.parents)):
        first, count = int(tree.firsts[node]), int(tree.counts[node])
        own = labels[first : first + count]
        if node < beyond or not 0 < count <= _LARGEST or len(set(own.tolist())) > 1:
            continue
        if own[0] != UNKNOWN and LABELS[own[0]] in _COPIED:
            beyond = int(tree.ends[node])
            blocks = page.blocks[first : first + count]
            yield LABELS[own[0]], Box(blocks, page.outline, node, beyond)


@cache
def _written() -> dict[LabelName, list[Box]]:
    """The boxes that come with newscrawl, by label."""
    found: dict[LabelName, list[Box]] = {}
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True)
    folder = files(__package__) / "boxes"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        root = etree.fromstring(file.read_bytes(), parser)
        for section in root.iterfind("body/section"):
            name = LABELS[LABELS.index(section.get("data-label"))]
            section.tail = None
            blocks, outline = read_blocks(section)
            found.setdefault(name, []).append(Box(blocks, outline, 1, len(outline.tags)))
    return found


def _joined(outline: Outline, box: Box, at: int, parent: int, *, nameless: bool) -> Outline:
    """The outline with the box's elements before element ``at``, as children of ``parent``."""
    inside, moved = slice(box.start, box.end), box.end - box.start
    shift = at - box.start
    names = [""] * moved if nameless else box.outline.names[inside]
    return Outline(
        parents=[
            *outline.parents[:at],
            *(p + shift if p >= box.start else parent for p in box.outline.parents[inside]),
            *(p + moved if p >= at else p for p in outline.parents[at:]),
        ],
        ends=[
            # What ends where the box begins is around it, or before it.
            *(
                end + moved if end > at or (end == at and node <= parent) else end
                for node, end in enumerate(outline.ends[:at])
            ),
            *(end + shift for end in box.outline.ends[inside]),
            *(end + moved for end in outline.ends[at:]),
        ],
        tags=[*outline.tags[:at], *box.outline.tags[inside], *outline.tags[at:]],
        names=[*outline.names[:at], *names, *outline.names[at:]],
        targets=[*outline.targets[:at], *box.outline.targets[inside], *outline.targets[at:]],
    )


def _moved(block: Block, steps: int) -> Block:
    return block._replace(node=block.node + steps)


def _with_box(evidence: Evidence, at: int, count: int, label: int) -> Evidence:
    """The evidence with a box of so many blocks before block ``at``."""
    return Evidence(
        labels=np.insert(evidence.labels, at, [label] * count),
        story=np.insert(evidence.story, at, [UNKNOWN] * count),
        worth=np.insert(evidence.worth, at, [0] * count),
    )
