"""A page's tree to its text blocks, in one pass.

A block is a maximal run of inline text under its nearest block-level element. Beside the blocks
stands the ``Outline``: the tree as flat arrays, so that later steps never walk the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from newscrawl.extraction.text import SEAM, clean, joined
from newscrawl.records import Block

MAX_BLOCKS = 20_000
"""What is read of a page; the labelled pages have at most 3,000."""
_MAX_PATH = 1_000
"""Characters from which on a path names no deeper element."""

_SKIPPED = frozenset(
    "script style template noscript head svg math canvas iframe object embed audio video "
    "map datalist title rt rp".split()
)
"""Never text; ``rt`` and ``rp`` say how the characters of a ``ruby`` are read."""
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark "
    "meter nobr output picture progress q rb ruby s samp small source span strike strong sub "
    "sup time tt u var wbr link meta select option optgroup textarea".split()
)
"""Everything else breaks the line, unknown elements included: page builders lay out with them."""
_FLOWING = INLINE | {"br"}
_NAMING = frozenset({"class", "id", "role", "itemprop", "data-testid"})
_LEADING = {"a": "href", "form": "action", "input": "type"}
_MAX_NAMES = 1_000
_MAX_TARGET = 500
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BREAKING_STYLE = re.compile(
    r"(?<![\w-])display\s*:\s*(?:block|flex|grid|table|list-item|flow-root|-webkit-box)(?![\w-])",
    re.IGNORECASE,
)
PROSE_LINKS = 0.5
"""Link density from which a block is no prose."""
_PROSE_BYTES = 80
"""Shorter blocks may be anything."""
_BREAK = "\x1e"
"""Stands for a ``br`` in a run; ``clean`` lets no control character of a page through."""

_Home = tuple[int, str]
"""The element that a run's block belongs to: its node and its path."""


@dataclass(slots=True)
class Outline:
    """The page's elements as parallel arrays in document order; index 0 is the root."""

    parents: list[int] = field(default_factory=list)
    """Index of the parent; -1 for the root."""
    ends: list[int] = field(default_factory=list)
    """Index one past the last descendant: what a node holds is ``range(node, ends[node])``."""
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Class, id, role and the like as one string, lower case, in the page's order."""
    targets: list[str] = field(default_factory=list)
    """Where a link or form leads, lower case; ``input:email`` for a field that asks for one."""
    hidden: list[bool] = field(default_factory=list)
    """Whether it, or an ancestor, is hidden."""

    def ancestry(self, node: int) -> Iterator[int]:
        """The node and its ancestors, innermost first."""
        while node >= 0:
            yield node
            node = self.parents[node]


def read_blocks(root: etree._Element, *, scripts: bool = True) -> tuple[list[Block], Outline]:
    """The blocks of a page in document order, at most 20,000, and the outline around them.

    ``root`` is a tree without comments (``extraction.document.parse``). Where ``scripts`` don't run
    a reader sees what ``noscript`` elements hold, too.
    """
    skipped = _SKIPPED if scripts else _SKIPPED - {"noscript"}
    outline = Outline()
    run = _Run(outline)
    walk = _Walk(outline, run)
    # What is to come, last first; None stands where the innermost open element ends.
    todo: list[etree._Element | None] = [root]
    while todo and len(run.blocks) < MAX_BLOCKS:
        element = todo.pop()
        if element is None:
            element = walk.close()
        elif element.tag not in skipped:
            walk.open(element)
            todo.append(None)
            if len(element):
                todo += element[::-1]  # type: ignore[index]  # the stubs know no slices
            continue
        if text := element.tail:
            run.add(text)
    walk.cut()
    return run.blocks, outline


def path_of(element: etree._Element) -> str:
    """Where an element of the tree stands, as its block's path says it."""
    steps = element.getroottree().getpath(element).split("/")[1:]
    return "".join(
        f"/{step}" if depth < 2 or step.endswith("]") else f"/{step}[1]"  # noqa: PLR2004 - html, body
        for depth, step in enumerate(steps)
    )[:_MAX_PATH]


def prose_bytes(block: Block) -> int:
    """Bytes of a block that reads as running text; 0 for any other."""
    if block.link_density >= PROSE_LINKS:
        return 0
    return found if (found := size(block)) >= _PROSE_BYTES else 0


def size(block: Block) -> int:
    """Bytes of its text in UTF-8: CJK characters, which say more each, count three."""
    return len(block.text.encode("utf-8", "replace"))


class _Walk:
    """Writes the outline, and tells the run where lines, blocks and links begin and end."""

    def __init__(self, outline: Outline, run: _Run) -> None:
        self._outline = outline
        self._run = run
        self._opened: list[tuple[etree._Element, str, _Home, dict[str, int]]] = []
        # Of the innermost open element: node, path, children so far by tag.
        self._node = -1
        self._path = ""
        self._counts: dict[str, int] = {}

    def open(self, element: etree._Element) -> None:
        """An element begins, with its own text."""
        run, tag, above = self._run, element.tag, self._node
        concealed = above >= 0 and self._outline.hidden[above]
        named, target, hides, breaks = "", "", tag == "dialog", tag not in _FLOWING
        if attributes := element.items():
            named, target, hides, styled = _read(tag, attributes)  # type: ignore[arg-type]  # no bytes
            breaks = breaks or styled
        self._opened.append((element, self._path, run.home, self._counts))
        self._append(tag, named, target, hidden=hides or concealed)
        if breaks or (hides and not concealed):
            if run.parts:
                run.flush()
            run.home = (self._node, self._path)
        elif tag == "br":
            run.break_line()
        elif run.parts and (before := element.getprevious()) is not None and not before.tail:
            run.parts.append(SEAM)
        if tag == "a":
            run.links += 1
        elif tag == "pre":
            run.preformatted += 1
        elif tag == "ruby":
            run.annotated += 1
        if text := element.text:
            run.add(text)

    def close(self) -> etree._Element:
        """The innermost open element ends: that element."""
        outline, run, node = self._outline, self._run, self._node
        element, self._path, home, self._counts = self._opened.pop()
        if run.home[0] == node:
            if run.parts:
                run.flush()
            run.home = home
        tag = outline.tags[node]
        if tag == "a":
            run.links -= 1
        elif tag == "pre":
            run.preformatted -= 1
        elif tag == "ruby":
            run.annotated -= 1
        outline.ends[node] = len(outline.tags)
        self._node = outline.parents[node]
        return element

    def cut(self) -> None:
        """The page ends here, whatever is open."""
        for node in self._outline.ancestry(self._node):
            self._outline.ends[node] = len(self._outline.tags)

    def _append(self, tag: str, names: str, target: str, *, hidden: bool) -> None:
        """The next node of the outline, which becomes the innermost open one."""
        outline, counts, above = self._outline, self._counts, self._node
        position = counts[tag] = counts.get(tag, 0) + 1
        self._node = len(outline.tags)
        path = self._path
        self._path = f"{path}/{tag}[{position}]"[:_MAX_PATH] if above > 0 else f"{path}/{tag}"
        self._counts = {}
        outline.parents.append(above)
        outline.ends.append(self._node + 1)
        outline.tags.append(tag)
        outline.names.append(names)
        outline.targets.append(target)
        outline.hidden.append(hidden)


class _Run:
    """The current run of inline text, and the blocks that came of those before it."""

    def __init__(self, outline: Outline) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.home: _Home = (-1, "")
        self.links = 0
        """Links that are open, as ``preformatted`` counts ``pre`` and ``annotated`` ``ruby``."""
        self.preformatted = 0
        self.annotated = 0
        self._outline = outline
        self._linked = 0

    def add(self, text: str) -> None:
        """Text that continues the run, as it stands in the page."""
        if self.annotated:
            text = text.strip()
        if self.preformatted and "\n" in text:
            self._add_lines(text)
        elif not text.isspace():
            self.parts.append(text)
            if self.links:
                self._linked += len(text.strip())
        elif self.parts:
            self.parts.append(" ")

    def break_line(self) -> None:
        """A ``br``: a line, and with the one before it a paragraph."""
        for part in reversed(self.parts):
            if part == _BREAK:
                self.flush()
                return
            if not part.isspace():
                break
        self.parts.append(_BREAK)

    def flush(self) -> None:
        """End the current run: a block, if it has any text."""
        parts, blocks, outline = self.parts, self.blocks, self._outline
        raw = parts[0] if len(parts) == 1 else "".join(parts)
        raw = raw.replace(SEAM, "") if self.preformatted else joined(raw)
        text = _lines(raw) if _BREAK in raw else clean(raw)
        if text and len(blocks) < MAX_BLOCKS:
            node, path = self.home
            density = min(1.0, round(self._linked / len(text), 3)) if self._linked else 0.0
            tag, hidden = outline.tags[node], outline.hidden[node]
            blocks.append(Block(len(blocks), text, path, tag, hidden, density, node))
        parts.clear()
        self._linked = 0

    def _add_lines(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.break_line()
            if line:
                self.add(line)


def _lines(raw: str) -> str:
    return "\n".join([line for part in raw.split(_BREAK) if (line := clean(part))])


def _read(tag: str, attributes: Sequence[tuple[str, str]]) -> tuple[str, str, bool, bool]:
    """Names and target for the outline; whether it is hidden; whether its style breaks the line."""
    leading = _LEADING.get(tag)
    named: list[str] = []
    target, closed, hides, breaks = "", tag == "dialog", False, False
    for name, value in attributes:
        if name in _NAMING:
            named.append(value)
        elif name == leading:
            target = value[:_MAX_TARGET].lower()
        elif name == "style":
            hides = hides or bool(_HIDING_STYLE.search(value))
            breaks = bool(_BREAKING_STYLE.search(value))
        elif name == "hidden":
            hides = True
        elif name == "open":
            closed = False
    if tag == "input":
        target = "input:email" if target == "email" else ""
    return " ".join(named)[:_MAX_NAMES].lower(), target, hides or closed, breaks
