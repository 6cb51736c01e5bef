"""What each block is for, by rules of structure and words, each with its reason.

A stand-in with the right door: blocks and outline in, a label a block out. It finds the container
that holds most of the prose, believes boxes by their names, asks by their words, and spreads what
it found over the rest of a box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from newscrawl.extraction.attribution import read_credit
from newscrawl.extraction.blocks import Outline, size
from newscrawl.extraction.boxes import ASKS, PROSE_LINKS, SENTENCE, prose_bytes, read_boxes, summed
from newscrawl.extraction.byline import looks_like_byline
from newscrawl.extraction.corrections import looks_like_correction
from newscrawl.extraction.date_lines import looks_like_date_line
from newscrawl.extraction.lexicon import Match
from newscrawl.extraction.text import folded
from newscrawl.records import Block, Label, LabelName

_TEASER_BYTES = 25
_MOST_BESIDE_DECK = 2
_DECK_BYTES = (40, 500)
_LINK_LIST = 0.8
_CONTAINER_SHARE = 0.7
_LONG_PARAGRAPH = 300
"""Characters above which one asking phrase in the midst of the story is no ask."""
_WIDEST_GAP = 3


def label_blocks(blocks: Sequence[Block], outline: Outline, headline: str | None) -> list[Label]:
    """A label for every block, in the blocks' order; ``headline`` is the story's, when known."""
    page = _Page(blocks, outline, headline)
    labels = [_first_label(page, block) for block in blocks]
    _fill_gaps(labels)
    _join_headings(blocks, labels)
    return labels


class _Page:
    """A page's blocks with what the rules look up: its boxes, the story's container and span."""

    def __init__(self, blocks: Sequence[Block], outline: Outline, headline: str | None) -> None:
        self.blocks = blocks
        self.outline = outline
        self.headline = folded(headline)
        self.headings = self._find_headings()
        self.boxes = read_boxes(blocks, outline)
        container = self._find_container()
        self.inside = _below(outline, container)
        self.deck = self._find_deck()
        self.first, self.last = self._span()

    def box(self, block: Block) -> Match | None:
        """The box that a block stands in."""
        return self.boxes.around[block.node]

    def hides(self, block: Block) -> bool:
        """Whether a reader doesn't get to see a block."""
        return block.hidden and not self.boxes.revealed

    def is_story_prose(self, block: Block) -> bool:
        """Whether a block is prose that no box claims."""
        return bool(prose_bytes(block)) and not self.hides(block) and self.box(block) is None

    def _find_container(self) -> int:
        """The deepest node that holds most of the prose that stands in no box."""
        outline = self.outline
        prose = summed(self.blocks, outline, lambda b: size(b) if self.is_story_prose(b) else 0)
        children: dict[int, list[int]] = {}
        for node, parent in enumerate(outline.parents):
            if prose[node]:
                children.setdefault(parent, []).append(node)
        node = 0
        while below := children.get(node):
            best = max(below, key=prose.__getitem__)
            if prose[best] < _CONTAINER_SHARE * prose[node] or best not in children:
                break
            node = best
        return node

    def _find_headings(self) -> frozenset[int]:
        """Indexes of the blocks that repeat the headline, capitals, accents and commas apart."""
        if not self.headline:
            return frozenset()
        return frozenset(b.index for b in self.blocks if folded(b.text) == self.headline)

    def _find_deck(self) -> int | None:
        """Index of the block behind the headline that shares its element, when the text doesn't."""
        parents, blocks = self.outline.parents, self.blocks
        head = min(self.headings, default=len(blocks))
        if head + 1 >= len(blocks):
            return None
        home, deck = parents[blocks[head].node], blocks[head + 1]
        if parents[deck.node] != home or not _is_deck(deck):
            return None
        homes = [parents[b.node] for b in blocks if self.is_story_prose(b)]
        beside = homes.count(home)
        return deck.index if beside <= _MOST_BESIDE_DECK and beside < len(homes) else None

    def _span(self) -> tuple[int, int]:
        """Index of the container's first and last prose."""
        story = [b.index for b in self.blocks if self.inside[b.node] and self.is_story_prose(b)]
        return (story[0], story[-1]) if story else (len(self.blocks), -1)


def _is_heading(block: Block) -> bool:
    return block.tag in {"h2", "h3", "h4"}


def _is_deck(block: Block) -> bool:
    shaped = _DECK_BYTES[0] <= size(block) <= _DECK_BYTES[1] and block.link_density < PROSE_LINKS
    return shaped and not looks_like_byline(block.text) and not looks_like_date_line(block.text)


def _below(outline: Outline, top: int) -> list[bool]:
    inside: list[bool] = []
    for node, parent in enumerate(outline.parents):
        inside.append(node == top or (parent >= 0 and inside[parent]))
    return inside


# --- rules: the first that has something to say gives the label ----------------------------------


def _headline(page: _Page, block: Block) -> Label | None:
    if block.index in page.headings:
        return Label("headline", 0.95, "repeats the headline")
    if block.tag == "h1" and not page.headline:
        return Label("headline", 0.7, "is the page's h1")
    return None


def _ask(page: _Page, block: Block) -> Label | None:
    match = page.boxes.asks[block.index]
    if match is None:
        return None
    box = page.box(block)
    is_entry = block.link_density > _LINK_LIST and size(block) < SENTENCE
    if box and (box.label in ASKS or (box.label == "nav" and is_entry)):
        return None
    in_story = page.inside[block.node] and page.first <= block.index <= page.last
    if in_story and box is None and (len(block.text) > _LONG_PARAGRAPH or _is_heading(block)):
        return None
    return Label(match.label, 0.8 if in_story else 0.9, f"says “{match.words[:40]}”")


def _box(page: _Page, block: Block) -> Label | None:
    match = page.box(block)
    if match is None or match.label in {"standfirst", "byline"}:
        return None
    ask = page.boxes.asks[block.index]
    if ask and ask.label == match.label:
        return Label(match.label, 0.95, f"says “{ask.words[:40]}” in a box of its kind")
    return Label(match.label, 0.75, f"stands in a box: {match.words}")


def _hidden(page: _Page, block: Block) -> Label | None:
    return Label("other", 0.6, "is hidden") if page.hides(block) else None


def _standfirst(page: _Page, block: Block) -> Label | None:
    if not page.inside[block.node] and block.index > page.first:
        return None
    box = page.box(block)
    if box and box.label == "standfirst":
        return Label("standfirst", 0.8, f"stands in a box named “{box.words}”")
    if block.index == page.deck:
        return Label("standfirst", 0.75, "follows the headline, apart from the text")
    return None


def _credit(page: _Page, block: Block) -> Label | None:
    """A credit as a whole, above the story or near its end; "By Reuters" stays a byline."""
    above = page.first - 6 <= block.index <= page.first + 1
    below = page.last - 12 <= block.index <= page.last + 12
    found = read_credit(block.text) if above or below else ()
    if not found:
        return None
    if looks_like_byline(block.text):
        return Label("byline", 0.85, "is an agency's byline")
    if _at_edge(page, block) or any(c.kind not in {"wire", "source"} for c in found):
        return Label("attribution", 0.85, "is a credit as a whole")
    return None


def _at_edge(page: _Page, block: Block) -> bool:
    """Whether a bare agency or source is the story's here, and not a picture's or a button."""
    box = page.box(block)
    boxed = block.tag == "figcaption" or (box is not None and box.label in {"caption", "share"})
    return not boxed and not page.first + 1 < block.index < page.last - 2


def _line(page: _Page, block: Block) -> Label | None:
    """Byline, date line, correction: by their shape, around the story."""
    if not page.first - 20 <= block.index <= page.last + 6:
        return None
    box = page.box(block)
    if (box and box.label == "byline") or looks_like_byline(block.text):
        return Label("byline", 0.8, "reads as a byline")
    if looks_like_date_line(block.text):
        return Label("date", 0.85, "reads as a date line")
    if looks_like_correction(block.text):
        return Label("correction", 0.85, "reads as a correction")
    return None


def _outside(page: _Page, block: Block) -> Label | None:
    if page.inside[block.node]:
        return None
    if block.link_density > PROSE_LINKS or block.tag in {"li", "button"}:
        is_teaser = block.index > page.last and size(block) > _TEASER_BYTES
        name: LabelName = "related" if is_teaser else "nav"
        return Label(name, 0.6, f"link density {block.link_density:.2f}, outside the story")
    return Label("other", 0.5, "stands outside the story's container")


def _links(page: _Page, block: Block) -> Label | None:
    if block.link_density <= _LINK_LIST:
        return None
    if block.index < page.first:
        return Label("nav", 0.6, f"link density {block.link_density:.2f}, above the story")
    return Label("related", 0.7, f"link density {block.link_density:.2f}")


def _beyond(page: _Page, block: Block) -> Label | None:
    """Above the first and below the last prose of the container only list items are story."""
    if page.first <= block.index <= page.last:
        return None
    if block.index == page.first - 1 and _is_heading(block):
        return None
    if block.tag in {"li", "td", "tr", "blockquote"} and block.index > page.last:
        return None
    if block.index > page.last and block.tag == "p" and re.search(r"[.!?。…”]\W*$", block.text):
        return None
    return Label("other", 0.5, "stands beside the story's text")


def _body(_: _Page, block: Block) -> Label:
    return Label("body", 0.9 if prose_bytes(block) else 0.7, "stands among the story's text")


_RULES: tuple[Callable[[_Page, Block], Label | None], ...] = (
    _headline,
    _credit,
    _ask,
    _box,
    _hidden,
    _standfirst,
    _line,
    _outside,
    _links,
    _beyond,
)


def _first_label(page: _Page, block: Block) -> Label:
    return next((label for rule in _RULES if (label := rule(page, block))), _body(page, block))


def _fill_gaps(labels: list[Label]) -> None:
    """Few blocks between two of one ask belong to it."""
    asks = [i for i, label in enumerate(labels) if label.name in ASKS]
    for before, after in pairwise(asks):
        if labels[before].name == labels[after].name and after - before <= _WIDEST_GAP:
            for between in range(before + 1, after):
                if labels[between].name in {"body", "other"}:
                    labels[between] = Label(labels[before].name, 0.6, "stands between two asks")


def _join_headings(blocks: Sequence[Block], labels: list[Label]) -> None:
    """A heading that nothing else claims belongs to the list that it opens."""
    for block, follower in zip(blocks[-2::-1], blocks[:0:-1], strict=True):
        below = labels[follower.index]
        if labels[block.index].name == "other" and below.name == "related" and not block.hidden:
            labels[block.index] = Label(
                "related", below.confidence, "opens a list of other stories"
            )
