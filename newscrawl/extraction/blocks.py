"""A page's tree to its text blocks, in one pass.

A block is a maximal run of inline text under its nearest block-level element. Beside the blocks
stands the ``Outline``: the tree as flat arrays, so that later steps never walk the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from newscrawl.extraction.text import clean
from newscrawl.records import Block

MAX_BLOCKS = 20_000
"""What is read of a page; the labelled pages have at most 3,000."""
_MAX_PATH_STEPS = 64

_SKIPPED = frozenset(
    "script style template noscript head svg math canvas iframe object embed audio video "
    "map datalist title".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark "
    "meter output picture progress q rp rt ruby s samp small source span strike strong sub sup "
    "time tt u var wbr link meta select option optgroup textarea".split()
)
"""Everything else breaks the line, unknown elements included: page builders lay out with them."""
_LEADING = {"a": "href", "form": "action"}
_NAMING = ("class", "id", "role", "itemprop", "data-testid")
_MAX_NAMES = 1_000
_MAX_TARGET = 500
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Outline:
    """The page's elements as parallel arrays in document order; index 0 is the root."""

    parents: list[int] = field(default_factory=list)
    """Index of the parent; -1 for the root."""
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Class, id, role and the like, lower case, as one string."""
    targets: list[str] = field(default_factory=list)
    """Where a link or form leads, lower case; ``input:email`` for a field that asks for one."""
    positions: list[int] = field(default_factory=list)
    """Position among the siblings of the same tag, from 1."""
    hidden: list[bool] = field(default_factory=list)
    """Whether it, or an ancestor, is hidden."""

    def ancestry(self, node: int) -> Iterator[int]:
        """The node and its ancestors, innermost first."""
        while node >= 0:
            yield node
            node = self.parents[node]

    def path(self, node: int) -> str:
        """``/html/body/div[2]/p[1]``, cut after 64 steps."""
        nodes = list(self.ancestry(node))[::-1][:_MAX_PATH_STEPS]
        return "".join(
            f"/{self.tags[n]}[{self.positions[n]}]" if depth > 1 else f"/{self.tags[n]}"
            for depth, n in enumerate(nodes)
        )


def read_blocks(root: etree._Element) -> tuple[list[Block], Outline]:
    """The blocks of a page in document order, at most 20,000, and the outline around them.

    ``root`` is a tree without comments (``extraction.document.parse``).
    """
    reader = _Reader()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            reader.close(element)
        elif element.tag in _SKIPPED:
            walk.skip_subtree()
            reader.skip()
        else:
            reader.open(element)
        if len(reader.blocks) >= MAX_BLOCKS:
            break
    reader.flush()
    return reader.blocks, reader.outline


def path_of(element: etree._Element) -> str:
    """Where an element of the tree stands, as ``Outline.path`` writes it."""
    steps = element.getroottree().getpath(element).split("/")[1 : _MAX_PATH_STEPS + 1]
    return "".join(
        f"/{step}" if depth < 2 or step.endswith("]") else f"/{step}[1]"  # noqa: PLR2004 - html, body
        for depth, step in enumerate(steps)
    )


def size(block: Block) -> int:
    """Bytes of its text in UTF-8: CJK characters, which say more each, count three."""
    return len(block.text.encode("utf-8", "replace"))


class _Reader:
    """Collects the current run of text and cuts it where the page breaks the line."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.outline = Outline()
        self._open: list[int] = []
        self._children: list[dict[str, int]] = []
        self._breaking: list[int] = []
        self._skipped = False
        self._parts: list[str] = []
        self._links = 0
        self._linked = 0

    def open(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == "br":
            self._break_line()
        node = self._enter(tag, element)
        if (tag not in INLINE and tag != "br") or self._newly_hidden(node):
            self.flush()
            self._breaking.append(node)
        elif tag == "a":
            self._links += 1
        self.add(element.text)

    def close(self, element: etree._Element) -> None:
        if self._skipped:
            self._skipped = False
        else:
            node = self._open.pop()
            self._children.pop()
            if self._breaking and self._breaking[-1] == node:
                self.flush()
                self._breaking.pop()
            elif element.tag == "a":
                self._links -= 1
        self.add(element.tail)

    def skip(self) -> None:
        """The element that comes next is closed without having been opened."""
        self._skipped = True

    def add(self, text: str | None) -> None:
        if not text:
            return
        if not text.isspace():
            self._parts.append(text)
            if self._links:
                self._linked += len(text.strip())
        elif self._parts:
            self._parts.append(" ")

    def flush(self) -> None:
        """End the current run: a block, if it has any text."""
        if not self._parts:
            return
        lines = [line for part in "".join(self._parts).split(_BREAK) if (line := clean(part))]
        if lines and self._breaking:
            self._append("\n".join(lines))
        self._parts.clear()
        self._linked = 0

    def _append(self, text: str) -> None:
        node = self._breaking[-1]
        self.blocks.append(
            Block(
                index=len(self.blocks),
                text=text,
                path=self.outline.path(node),
                tag=self.outline.tags[node],
                hidden=self.outline.hidden[node],
                link_density=min(1.0, round(self._linked / len(text), 3)),
                node=node,
            )
        )

    def _break_line(self) -> None:
        """A ``br``: a line, and with the one before it a paragraph."""
        for part in reversed(self._parts):
            if part == _BREAK:
                self.flush()
                return
            if not part.isspace():
                break
        self._parts.append(_BREAK)

    def _enter(self, tag: str, element: etree._Element) -> int:
        outline = self.outline
        parent = self._open[-1] if self._open else -1
        position = 1
        if self._children:
            counts = self._children[-1]
            position = counts[tag] = counts.get(tag, 0) + 1
        node = len(outline.tags)
        outline.parents.append(parent)
        outline.tags.append(tag)
        outline.positions.append(position)
        attributes = element.attrib
        outline.names.append(_names(attributes) if attributes else "")
        outline.targets.append(_target(tag, attributes))
        inherited = parent >= 0 and outline.hidden[parent]
        outline.hidden.append(inherited or _hides(tag, attributes))
        self._open.append(node)
        self._children.append({})
        return node

    def _newly_hidden(self, node: int) -> bool:
        outline = self.outline
        parent = outline.parents[node]
        return outline.hidden[node] and (parent < 0 or not outline.hidden[parent])


_BREAK = "\x1e"
"""Stands for a ``br`` in a run; ``clean`` lets no control character of a page through."""


def _names(attributes: etree._Attrib) -> str:
    found = [value for name in _NAMING if (value := attributes.get(name))]
    return " ".join(found)[:_MAX_NAMES].lower() if found else ""


def _target(tag: str, attributes: etree._Attrib) -> str:
    if tag == "input":
        return "input:email" if attributes.get("type") == "email" else ""
    leading = _LEADING.get(tag)
    return attributes.get(leading, "")[:_MAX_TARGET].lower() if leading else ""


def _hides(tag: str, attributes: etree._Attrib) -> bool:
    if tag == "dialog" and "open" not in attributes:
        return True
    return bool(attributes) and (
        "hidden" in attributes or bool(_HIDING_STYLE.search(attributes.get("style", "")))
    )
