"""Whether a page tells one story or announces many: the text between its linked titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    for block, label in labelled:
        if block.link_density > _LINKED:
            if size(block) >= _TITLE and (document is None or _leads_on(document, block)):
                sizes.append(0.0)
                paragraphs.append(0)
        elif label.name == "body":
            sizes[-1] += size(block) * label.confidence
            paragraphs[-1] += prose_bytes(block) > 0
    return Telling(sizes, paragraphs)


def _leads_on(document: Document, block: Block) -> bool:
    """Whether the block's link leads to another page of the site, or nobody knows where."""
    address = absolute_url(document.base, _target(document.root, block))
    if document.url is None or address is None:
        return True
    own, other = urlsplit(document.url), urlsplit(address)
    is_other_page = (own.path, own.query) != (other.path, other.query)
    return is_other_page and site_of(address) == site_of(document.url)


def _target(root: etree._Element, block: Block) -> str | None:
    try:
        element = root.find(block.path.removeprefix("/html/"))
    except (KeyError, SyntaxError, ValueError):
        # A page may name its elements as no path can: "b@c".
        return None
    if element is None:
        return None
    inside = (link.get("href") for link in element.iter("a"))
    around = (link.get("href") for link in element.iterancestors("a"))
    return next((href for href in (*inside, *around) if href), None)
