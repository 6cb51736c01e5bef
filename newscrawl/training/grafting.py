"""More labelled pages out of those at hand: boxes of one page, grafted into another.

Asks are rare on labelled pages, and stand where their site puts them. Grafted, they stand in every
kind of story, in the midst of its paragraphs too, and around it, also without their names or their
wrapper.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from newscrawl.extraction.blocks import PROSE_LINKS, Outline
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Ints, Tree
from newscrawl.records import Block, LabelName
from newscrawl.training.evidence import UNKNOWN, Evidence
from newscrawl.training.pages import Box, ReadPage
from newscrawl.training.written import written_boxes

_GRAFTED: dict[LabelName, float] = {
    "body": 5,
    "fundraising": 4,
    "related": 3,
    "paywall": 2.5,
    "newsletter": 2.5,
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
"""How often boxes of each label are grafted: the rare and harmful ones more often than they are,
but not so often that any box in a story is taken for an ask."""
_COPIED: frozenset[LabelName] = frozenset(
    {
        "fundraising",
        "related",
        "paywall",
        "newsletter",
        "promo",
        "ad",
        "author_bio",
        "share",
        "comments",
        "consent",
    }
)
"""What is taken from labelled pages, too; the rest comes with newscrawl alone."""
_WRITTEN_SHARE = 0.5
_UNWRAPPED, _FLATTENED, _NAMELESS = 0.3, 0.1, 0.35
"""Shares of the boxes without their wrapper, as plain paragraphs, and without names."""
_AT_THE_END, _OUTSIDE = 0.2, 0.35
_HIDDEN = 0.3
"""Share of the boxes outside of the story that are hidden, as dialogs are until a script opens
them."""
_STORYS: frozenset[LabelName] = frozenset({"body", "caption", "attribution", "correction"})
"""What stands nowhere but in the story."""
_SAME_LANGUAGE = 0.7
"""Share of the boxes that are in their page's language, where there are such."""
_MOST_BOXES = 5
_BESIEGED, _AGAIN = 0.25, 0.5
"""Share of the pages all whose boxes are of one label, and how often such a box is the last one
again: sites repeat what they ask for."""
_LARGEST = 40
_STORY_SHARE = 0.6
_PROSE = 80


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
        """The page with one to five boxes more; without running text it has no place for them."""
        if not _story_sizes(page).any():
            return page
        besieged = self._random.random() < _BESIEGED
        name = self._label()
        box = self._box(name, page.language)
        for _ in range(self._random.randint(1, _MOST_BOXES)):
            page = self._graft(page, name, box)
            if not besieged:
                name = self._label()
            if not besieged or self._random.random() >= _AGAIN:
                box = self._box(name, page.language)
        return page

    def _box(self, name: LabelName, language: str | None) -> Box:
        """A box of a label, by preference in a language."""
        pages, written = self._copied.get(name, []), written_boxes()[name]
        if self._random.random() < _SAME_LANGUAGE:
            spoken = [boxes for boxes in pages if boxes[0].language == language]
            own = [box for box in written if box.language == language]
            if spoken or own:
                pages, written = spoken, own
        if pages and (not written or self._random.random() >= _WRITTEN_SHARE):
            # By page first: a page with forty teasers is one example of a page with teasers.
            box = self._random.choice(self._random.choice(pages))
        else:
            box = self._random.choice(written)
        chance = self._random.random()
        if chance < _FLATTENED:
            return box.flattened()
        return box.unwrapped() if chance < _FLATTENED + _UNWRAPPED else box

    def _label(self) -> LabelName:
        return self._random.choices(list(_GRAFTED), list(_GRAFTED.values()))[0]

    def _graft(self, page: ReadPage, name: LabelName, box: Box) -> ReadPage:
        tree = Tree(page.blocks, page.outline)
        home, hidden = self._home(page, tree, name)
        inside = range(home + 1, int(tree.ends[home]))
        children = [n for n in inside if tree.parents[n] == home and tree.counts[n]]
        if not children:
            return page
        places = [
            (children[0], tree.firsts[children[0]]),
            *((tree.ends[n], tree.firsts[n] + tree.counts[n]) for n in children),
        ]
        late = self._random.random() < _AT_THE_END
        at, block = map(int, places[-1] if late else self._random.choice(places))
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
    """The deepest element with others in it that holds most of the story."""
    held = tree.held(_story_sizes(page), np.arange(len(tree.parents)))
    inner = np.zeros(len(held), bool)
    inner[tree.parents[tree.counts > 0]] = True
    return int(np.flatnonzero(inner & (held >= _STORY_SHARE * held[0]))[-1])


def _story_sizes(page: ReadPage) -> Ints:
    """[B]: characters of what is story or, where none is known, running text; else 0."""
    sizes = np.array([len(block.text) for block in page.blocks])
    story = page.evidence.is_story()
    if not story.any():
        links = np.array([block.link_density for block in page.blocks])
        story = (sizes > _PROSE) & (links < PROSE_LINKS)
    found: Ints = np.where(story, sizes, 0)
    return found


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
            blocks, end = page.blocks[first : first + count], int(tree.ends[node])
            # Around an inline element's paragraphs its text may be the outer element's.
            if all(node <= block.node < end for block in blocks):
                beyond = end
                yield LABELS[own[0]], Box(page.language, blocks, page.outline, node, end)


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
