"""A page's tree to its text blocks, in one pass.

A block is a maximal run of inline text under its nearest block-level element. Beside the blocks
stands the ``Outline``: the tree as flat arrays, so that later steps never walk the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
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
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter "
    "nobr output picture progress q rb ruby s samp small source span strike strong sub sup time "
    "tt u var wbr link meta option optgroup".split()
)
"""Everything else breaks the line: a form's fields, which stand between their labels, and unknown
elements, since page builders lay out with them."""
_FLOWING = INLINE | {"br"}
_LINKED, _IN_LINES, _ANNOTATED = 1, 2, 4
_MODES = {"a": _LINKED, "pre": _IN_LINES, "ruby": _ANNOTATED}
"""What marks the text inside."""
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
PROSE_BYTES = 80
"""Shorter blocks may be anything."""
_BREAK = "\x1e"
"""Stands for a ``br`` in a run; ``clean`` lets no control character of a page through."""


@dataclass(slots=True)
class Outline:
    """The page's elements as parallel arrays in document order; index 0 is the root."""

    parents: list[int] = field(default_factory=list)
    """Index of the parent; -1 for the root."""
    ends: list[int] = field(default_factory=list)
    """Index one past the last descendant: what a node holds is ``range(node, ends[node])``."""
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Class, id, role and the like as one string, lower case, in the page's order: of what holds a
    block, since nobody asks for the others'."""
    targets: list[str] = field(default_factory=list)
    """Where a link or form leads, lower case; ``input:email`` for a field that asks for one."""
    hidden: list[bool] = field(default_factory=list)
    """Whether it, or an ancestor, is hidden."""


def read_blocks(root: etree._Element, *, scripts: bool = True) -> tuple[list[Block], Outline]:
    """The blocks of a page in document order, at most 20,000, and the outline around them.

    ``root`` is a tree without comments (``extraction.document.parse``). Where ``scripts`` don't run
    a reader sees what ``noscript`` elements hold, too.
    """
    skipped = _SKIPPED if scripts else _SKIPPED - {"noscript"}
    outline = Outline()
    run = _Run()
    walk = _Walk(outline, run)
    element: etree._Element | None = root
    while element is not None and len(run.found) < MAX_BLOCKS:
        if (tag := element.tag) in skipped and not is_shadow(element):
            element = walk.behind(element)
        else:
            walk.open(element, tag)
            element = element[0] if len(element) else walk.behind(walk.close())
    walk.cut()
    paths, tags, hidden = _paths(outline, run.holding), outline.tags, outline.hidden
    blocks = [
        Block(index, text, paths[node], tags[node], hidden[node], density, node)
        for index, (text, density, node) in enumerate(run.found)
    ]
    return blocks, outline


def is_shadow(element: etree._Element) -> bool:
    """Whether a ``template`` is a component's declared shadow: its reader is shown it."""
    return element.tag == "template" and element.get("shadowrootmode") is not None


def adjoins(element: etree._Element) -> bool:
    """Whether another element ends where this one begins; a lowered number is part of its formula
    ("H₂O"), while a raised one may be a note's."""
    before = element.getprevious()
    return before is not None and not before.tail and "sub" not in {element.tag, before.tag}


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
    return found if (found := size(block)) >= PROSE_BYTES else 0


def size(block: Block) -> int:
    """Bytes of its text in UTF-8: CJK characters, which say more each, count three."""
    return len(block.text.encode("utf-8", "replace"))


class _Walk:
    """Writes the outline, and tells the run where lines, blocks and links begin and end."""

    __slots__ = ("_node", "_opened", "_outline", "_run")

    def __init__(self, outline: Outline, run: _Run) -> None:
        self._outline = outline
        self._run = run
        self._opened: list[tuple[etree._Element, int, int]] = []
        """The open elements, each with home and mode of the run that it interrupts."""
        self._node = -1
        """Of the innermost open element."""

    def open(self, element: etree._Element, tag: str) -> None:
        """An element begins, with its own text."""
        outline, run, above = self._outline, self._run, self._node
        concealed = above >= 0 and outline.hidden[above]
        breaks = tag not in _FLOWING and (tag != "input" or element.get("type") != "hidden")
        hides = element.get("hidden") is not None
        if style := element.get("style"):
            breaks = breaks or bool(_BREAKING_STYLE.search(style))
            hides = hides or bool(_HIDING_STYLE.search(style))
        if tag == "dialog":
            hides = hides or element.get("open") is None
        self._opened.append((element, run.home, run.mode))
        self._node = node = len(outline.tags)
        outline.parents.append(above)
        outline.ends.append(node + 1)
        outline.tags.append(tag)
        outline.names.append("")
        outline.targets.append(_target(element, tag) if tag in _LEADING else "")
        outline.hidden.append(hides or concealed)
        if breaks or (hides and not concealed):
            if run.parts:
                run.flush()
            run.home = node
        elif tag == "br":
            run.break_line()
        elif run.parts and adjoins(element):
            run.parts.append(SEAM)
        if tag in _MODES and (tag != "a" or not _names_place(element)):
            run.mode |= _MODES[tag]
        if (text := element.text) and (run.parts or not text.isspace()):
            run.add(text)

    def close(self) -> etree._Element:
        """The innermost open element ends: that element."""
        outline, run, node = self._outline, self._run, self._node
        if run.parts and run.home == node:
            run.flush()
        element, run.home, run.mode = self._opened.pop()
        self._node = above = outline.parents[node]
        outline.ends[node] = len(outline.tags)
        if node in run.holding:
            outline.names[node] = _names(element)
            run.holding.add(above)
        return element

    def behind(self, element: etree._Element) -> etree._Element | None:
        """What follows an element that has ended, or those around it that end with it."""
        run = self._run
        while self._opened:
            if (text := element.tail) and (run.parts or not text.isspace()):
                run.add(text)
            following = element.getnext()
            if following is not None:
                return following
            element = self.close()
        return None

    def cut(self) -> None:
        """The page ends here, whatever is open."""
        while self._opened:
            self.close()


class _Run:
    """The current run of inline text, and what came of those before it."""

    __slots__ = ("_linked", "found", "holding", "home", "mode", "parts")

    def __init__(self) -> None:
        self.found: list[tuple[str, float, int]] = []
        """Text, link density and node of each block."""
        self.holding: set[int] = set()
        """The nodes of the elements that hold one: as they end, those around the block's own."""
        self.parts: list[str] = []
        self.home = -1
        """The node of the element that the run's block belongs to."""
        self.mode = 0
        """What marks the text that comes next, of ``_MODES``."""
        self._linked = 0

    def add(self, text: str) -> None:
        """Text that continues the run, as it stands in the page; no white space begins one."""
        if self.mode & _ANNOTATED:
            text = text.strip()
        if self.mode & _IN_LINES and "\n" in text:
            self._add_lines(text)
        elif text.isspace():
            self.parts.append(" ")
        else:
            self.parts.append(text)
            if self.mode & _LINKED:
                self._linked += len(text.strip())

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
        raw = "".join(self.parts)
        if SEAM in raw:
            raw = raw.replace(SEAM, "") if self.mode & _IN_LINES else joined(raw)
        text = _lines(raw) if _BREAK in raw else clean(raw)
        if text and len(self.found) < MAX_BLOCKS:
            part = self._linked / len(text)
            density = round(part, 3) if 0 < part < 1 else float(part > 0)
            self.found.append((text, density, self.home))
            self.holding.add(self.home)
        self.parts.clear()
        self._linked = 0

    def _add_lines(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.break_line()
            if line:
                self.add(line)


def _paths(outline: Outline, holding: AbstractSet[int]) -> dict[int, str]:
    """The paths of the elements that hold a block."""
    ends, tags, paths = outline.ends, outline.tags, {-1: ""}
    for above in sorted(holding):
        counts: dict[str, int] = {}
        # The root, too, is the child of -1: it ends where the last element does.
        node, end = above + 1, ends[above]
        while node < end:
            tag = tags[node]
            counts[tag] = number = counts.get(tag, 0) + 1
            if node in holding:
                step = f"{tag}[{number}]" if above > 0 else tag
                paths[node] = f"{paths[above]}/{step}"[:_MAX_PATH]
            node = ends[node]
    return paths


def _lines(raw: str) -> str:
    return "\n".join([line for part in raw.split(_BREAK) if (line := clean(part))])


def _names(element: etree._Element) -> str:
    found = [value for name, value in element.items() if name in _NAMING]
    return " ".join(found)[:_MAX_NAMES].lower()  # type: ignore[arg-type]  # no bytes


def _names_place(element: etree._Element) -> bool:
    """Whether an ``a`` is where others lead, as in old pages; one without ``name`` is a script's
    button where it leads nowhere."""
    return element.get("name") is not None and element.get("href") is None


def _target(element: etree._Element, tag: str) -> str:
    found = element.get(_LEADING[tag], "")[:_MAX_TARGET].lower()
    if tag != "input":
        return found
    return "input:email" if found == "email" else ""
