"""Whether a page tells one story or announces many: the text between its linked titles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.extraction.blocks import prose_bytes, size
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.document import Document
from newscrawl.records import Block
from newscrawl.urls import absolute_url, site_of

SHORT_STORY = 300
"""Bytes of story below which other signs may say that a page is no article."""
_LINKED = 0.8
"""Link density of a title that is a link."""
_TITLE = 20
"""Bytes of the shortest title; a name or "read more" is shorter."""
_FEWEST = 4
_TEASER = 600
"""Bytes from which a text is more than a teaser's three or four sentences."""
_MOST = 0.6
_HALF = 0.5
_STEP = re.compile(r"(.+?)(?:\[(\d+)\])?")
"""Of a block's path."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a page tells, parted by its linked titles: the first part stands before all of them."""

    sizes: Sequence[float]
    """Bytes of the body in each part, each block's times its label's confidence; links apart."""
    paragraphs: Sequence[int]
    """How many paragraphs of running text each part has."""

    @property
    def titles(self) -> int:
        """How many linked titles there are."""
        return len(self.sizes) - 1

    @property
    def story(self) -> float:
        """Bytes of the longest part."""
        return max(self.sizes)

    def is_list(self, *, is_front: bool) -> bool:
        """Whether it is a list of teasers: short texts of one paragraph, each under its title.

        At a site's front whole posts may stand in the list, but none of them is most of it.
        """
        texts = [n for n in self.paragraphs[1:] if n]
        if len(texts) < _FEWEST:
            return False
        if is_front:
            return self.story < _HALF * sum(self.sizes)
        return (
            self.sizes[0] < SHORT_STORY
            and self.story < _TEASER
            and texts.count(1) > _MOST * len(texts)
        )


def read_telling(labelled: Sequence[Labelled], document: Document | None = None) -> Telling:
    """The telling of a page; given its document, only links to other pages of its site count.

    So headings with an anchor and a list of other sites' pages are no teasers.
    """
    sizes, paragraphs = [0.0], [0]
    links = _Links(document) if document else None
    for block, label in labelled:
        if block.link_density > _LINKED:
            if size(block) >= _TITLE and (links is None or links.lead_on(block)):
                sizes.append(0.0)
                paragraphs.append(0)
        elif label.name == "body":
            sizes[-1] += size(block) * label.confidence
            paragraphs[-1] += prose_bytes(block) > 0
    return Telling(sizes, paragraphs)


class _Links:
    """Where the links of a page's blocks lead."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._counted: dict[etree._Element, dict[str, list[etree._Element]]] = {}

    def lead_on(self, block: Block) -> bool:
        """Whether a block's link leads to another page of the site, or nobody knows where."""
        page = self._document.url
        address = absolute_url(self._document.base, self._target(block))
        if page is None or address is None:
            return True
        own, other = urlsplit(page), urlsplit(address)
        is_other_page = (own.path, own.query) != (other.path, other.query)
        return is_other_page and site_of(address) == site_of(page)

    def _target(self, block: Block) -> str | None:
        element = self._element(block.path)
        if element is None:
            return None
        inside = (link.get("href") for link in element.iter("a"))
        around = (link.get("href") for link in element.iterancestors("a"))
        return next(filter(None, chain(inside, around)), None)

    def _element(self, path: str) -> etree._Element | None:
        """The element at a block's path; ``None`` where the page's data has the block."""
        element = self._document.root
        for step in map(_STEP.fullmatch, path.removeprefix("/html/").split("/")):
            same = self._children(element).get(step[1], ()) if step else ()
            number = int(step[2] or 1) if step else 1
            if number > len(same):
                return None
            element = same[number - 1]
        return element

    def _children(self, parent: etree._Element) -> Mapping[str, Sequence[etree._Element]]:
        """By tag; counted once, and not anew for each item of a list."""
        if parent not in self._counted:
            found = self._counted[parent] = {}
            for child in parent:
                found.setdefault(child.tag, []).append(child)
        return self._counted[parent]
