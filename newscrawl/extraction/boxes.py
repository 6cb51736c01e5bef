"""The boxes of a page: elements whose name, or whose asking, says what all of them is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.extraction import lexicon
from newscrawl.extraction.blocks import INLINE, Outline, size
from newscrawl.extraction.lexicon import Match
from newscrawl.records import Block, LabelName

ASKS: tuple[LabelName, ...] = ("fundraising", "paywall", "newsletter")
PROSE_LINKS = 0.5
"""Link density from which a block is no prose."""

_PROSE_BYTES = 80
"""Shorter blocks may be anything."""
_BELIEVED_SHARE = 0.4
"""A name that holds more of the page's prose is the story's own wrapper ("paywall-content")."""
_BELIEVED_COMMENTS_SHARE = 0.9
_HIDDEN_STORY_SHARE = 0.6
_ASKING_SHARE = 0.3
"""Share of a box's blocks, or of its text, that must ask before all of the box is an ask."""
_MOST_BYTES = 6_000
_MOST_BLOCKS = 40
_MOST_LINKS = 0.7
_MOST_ADVERTISED = 4
_SHORT = 150
SENTENCE = 30
"""Bytes from which a text says more than a menu entry."""
_WHOLLY_LINKED = 0.8
_STRONG = {*ASKS, "comments", "consent", "ad"}
_WHOLE_PAGE = frozenset({"html", "body", "main", "article"})
_ACTING = frozenset({"button", "form", "input"})
_MENU_TAGS = frozenset({"nav", "header", "footer", "menu"})
_BOX_TAGS: dict[str, LabelName] = {
    "nav": "nav",
    "footer": "nav",
    "aside": "related",
    "figcaption": "caption",
    "menu": "nav",
}
_QUOTED = re.compile(r"[“„«「\"‹][^”“»」\"›]{0,400}[”“»」\"›]")
_MONEY = re.compile(
    r"[$€£¥₹]\s?\d|\d[.,]?\s?(?:[$€£¥₹元円]|kr\b|euros?\b|usd\b|chf\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Boxes:
    """What the boxes say, per node and per block."""

    around: Sequence[Match | None]
    """For each node, the box that it stands in: the innermost, unless a strong one is around."""
    asks: Sequence[Match | None]
    """For each block, the ask that its own words make, quotations apart, or its only link's."""
    prose: Sequence[int]
    """For each node, the bytes of visible prose below it."""
    revealed: bool
    """Whether hidden text counts as shown: the story waits, hidden, for a script to show it."""


def prose_bytes(block: Block) -> int:
    """Bytes of a block that reads as running text; 0 for any other."""
    if block.link_density >= PROSE_LINKS:
        return 0
    return found if (found := size(block)) >= _PROSE_BYTES else 0


def summed(blocks: Sequence[Block], outline: Outline, measure: Callable[[Block], int]) -> list[int]:
    """A measure of blocks, summed up the tree: one figure a node."""
    sums = [0] * len(outline.tags)
    for block in blocks:
        sums[block.node] += measure(block)
    return _up(sums, outline)


def _up(sums: list[int], outline: Outline) -> list[int]:
    for node in range(len(sums) - 1, 0, -1):
        sums[outline.parents[node]] += sums[node]
    return sums


def read_boxes(blocks: Sequence[Block], outline: Outline) -> Boxes:
    """The page's boxes, by name and by what they ask."""
    revealed = _only_copy_is_hidden(blocks, outline)
    prose = summed(blocks, outline, lambda b: prose_bytes(b) if revealed or not b.hidden else 0)
    targets = _block_targets(blocks, outline)
    asks = [_ask_of(*pair) for pair in zip(blocks, targets, strict=True)]
    own = _named_boxes(outline, prose)
    figures = _Figures(blocks, outline, asks, targets)
    for node, match in _asking_boxes(outline, prose, figures):
        own[node] = match
    for node in _advertised(blocks, outline, asks):
        own[node] = Match("ad", "a heading that says so")
    return Boxes(_inherited(own, outline), asks, prose, revealed)


def _only_copy_is_hidden(blocks: Sequence[Block], outline: Outline) -> bool:
    """No paywall, and most of the prose is hidden."""
    sizes = [0, 0]
    for block in blocks:
        sizes[block.hidden] += prose_bytes(block)
    return sizes[True] > _HIDDEN_STORY_SHARE * sum(sizes) and not any(
        (match := lexicon.named(names)) and match.label == "paywall" for names in outline.names
    )


def _ask_of(block: Block, targets: set[LabelName]) -> Match | None:
    short = len(block.text) <= lexicon.LONGEST_ASK
    said = lexicon.ask_in(_QUOTED.sub(" ", block.text)) if short else None
    if said is None and targets and block.link_density > _WHOLLY_LINKED:
        label = next(name for name in ASKS if name in targets)
        return Match(label, "…") if size(block) >= SENTENCE else None
    return said


def _advertised(
    blocks: Sequence[Block], outline: Outline, asks: Sequence[Match | None]
) -> Iterator[int]:
    """Small elements that open with the word "Advertisement" in some language."""
    members = summed(blocks, outline, lambda _: 1)
    for block, ask in zip(blocks, asks, strict=True):
        parent = outline.parents[block.node]
        if ask and ask.label == "ad" and size(block) <= SENTENCE and parent >= 0:
            opens = block.index == 0 or blocks[block.index - 1].node < parent
            if opens and members[parent] <= _MOST_ADVERTISED:
                yield parent


def _inherited(own: Sequence[Match | None], outline: Outline) -> list[Match | None]:
    boxes: list[Match | None] = []
    for mine, parent in zip(own, outline.parents, strict=True):
        around = boxes[parent] if parent >= 0 else None
        boxes.append(around if mine is None or (around and around.label in _STRONG) else mine)
    return boxes


def _named_boxes(outline: Outline, prose: Sequence[int]) -> list[Match | None]:
    """What each node's name says, but for names under which much of the page's prose stands."""
    own = [_box_name(*pair) for pair in zip(outline.tags, outline.names, strict=True)]
    held: dict[Match, int] = {}
    seen: list[frozenset[Match]] = []
    for node, match in enumerate(own):
        parent = outline.parents[node]
        around = seen[parent] if parent >= 0 else frozenset()
        if match and match not in around:
            held[match] = held.get(match, 0) + prose[node]
            around |= {match}
        seen.append(around)
    doubted = {match for match, held_bytes in held.items() if held_bytes > _bound(match, prose[0])}
    return [match if match not in doubted else None for match in own]


def _box_name(tag: str, names: str) -> Match | None:
    if tag in _WHOLE_PAGE:
        return None
    match = lexicon.named(names) if names else None
    return match or (Match(_BOX_TAGS[tag], f"<{tag}>") if tag in _BOX_TAGS else None)


def _bound(match: Match, prose: int) -> float:
    share = _BELIEVED_COMMENTS_SHARE if match.label == "comments" else _BELIEVED_SHARE
    return share * prose


def _asking_boxes(
    outline: Outline, prose: Sequence[int], figures: _Figures
) -> Iterator[tuple[int, Match]]:
    """The widest elements of which enough asks, with a way to answer: a button, a link, a form."""
    claimed = [False] * len(outline.tags)
    for node, parent in enumerate(outline.parents):
        claimed[node] = parent >= 0 and claimed[parent]
        if claimed[node] or outline.tags[node] in _WHOLE_PAGE:
            continue
        if prose[node] > _BELIEVED_SHARE * prose[0] or not figures.is_box(node):
            continue
        asking = [name for name in ASKS if figures.asks_for(node, name)]
        if asking:
            label = max(asking, key=lambda name: figures.said[name][node])
            claimed[node] = True
            yield node, Match(label, "asks its reader")


class _Figures:
    """Sums a node that tell an ask from a story: who asks, who supports, what can be done."""

    def __init__(
        self,
        blocks: Sequence[Block],
        outline: Outline,
        asks: Sequence[Match | None],
        targets: Sequence[set[LabelName]],
    ) -> None:
        says = {name: [bool(ask and ask.label == name) for ask in asks] for name in ASKS}
        starts = {
            name: [
                said or (name in led and size(block) <= _SHORT)
                for block, said, led in zip(blocks, says[name], targets, strict=True)
            ]
            for name in ASKS
        }

        nothing = [0] * len(outline.tags)

        def count(flags: Sequence[bool]) -> list[int]:
            if not any(flags):
                return nothing
            return summed(blocks, outline, lambda b: int(flags[b.index]))

        def weigh(flags: Sequence[bool]) -> list[int]:
            if not any(flags):
                return nothing
            return summed(blocks, outline, lambda b: size(b) if flags[b.index] else 0)

        self.outline = outline
        self.blocks = summed(blocks, outline, lambda _: 1)
        self.bytes = summed(blocks, outline, size)
        self.linked = summed(blocks, outline, lambda b: round(b.link_density * size(b)))
        self.said = {name: count(flags) for name, flags in says.items()}
        self.starting = {name: count(flags) for name, flags in starts.items()}
        self.starting_bytes = {name: weigh(flags) for name, flags in starts.items()}
        self.supporting = summed(blocks, outline, lambda b: int(_supports(b)))
        self.acting = _up(
            [
                int(tag in _ACTING or lexicon.leads_to(target) is not None)
                for tag, target in zip(outline.tags, outline.targets, strict=True)
            ],
            outline,
        )

    def is_box(self, node: int) -> bool:
        """Whether a node is of a box's size, and no menu."""
        return (
            1 < self.blocks[node] <= _MOST_BLOCKS
            and self.bytes[node] <= _MOST_BYTES
            and self.linked[node] <= _MOST_LINKS * self.bytes[node]
            and self.outline.tags[node] not in _MENU_TAGS
        )

    def asks_for(self, node: int, name: LabelName) -> bool:
        """Whether enough of a node asks for what the label names."""
        starting = self.starting[name][node]
        if not starting or not (self.acting[node] or starting > 1):
            return False
        asking = starting + self.supporting[node]
        return (
            asking >= _ASKING_SHARE * self.blocks[node]
            or self.starting_bytes[name][node] >= _ASKING_SHARE * self.bytes[node]
        )


def _supports(block: Block) -> bool:
    """Whether a block goes well with an ask: a short one that names a sum, one of us to you."""
    if len(block.text) > lexicon.LONGEST_ASK:
        return False
    text = _QUOTED.sub(" ", block.text)
    return (size(block) <= _SHORT and bool(_MONEY.search(text))) or lexicon.speaks_to_reader(text)


def _block_targets(blocks: Sequence[Block], outline: Outline) -> list[set[LabelName]]:
    """For each block, the labels of the asks to which links in its element lead."""
    at_node: dict[int, set[LabelName]] = {}
    for node, target in enumerate(outline.targets):
        match = lexicon.leads_to(target) if target else None
        if match:
            for holder in outline.ancestry(node):
                at_node.setdefault(holder, set()).add(match.label)
                if outline.tags[holder] not in INLINE:
                    break
    return [at_node.get(block.node, set()) for block in blocks]
