"""Where an element stands: in the story's part of the page, or beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice

from lxml import etree

_ASIDE_TAGS = frozenset({"aside", "nav", "footer"})
_ASIDE_WORDS = re.compile(
    r"(?<![a-z])(?<!has[-_])(?<!with[-_])(?<!no[-_])(?:comments?|kommentare?|comentarios|commentaires|"
    r"disqus|related|recommend(?:ed|ations?)?|more-?(?:from|stories|news|articles)|read-?more|"
    r"most-?(?:read|popular|viewed)|popular|trending|teasers?|sidebar|side-bar|widget-area|newsletter|"
    r"promo|carousel|latest|footer|site-nav|menu|author-?bio|about-?author)(?![a-z])"
)
"""In lower case, which is quicker than to ignore it."""
_MAX_DEPTH = 40
_MAX_NAMES = 500
"""What is read of a class or an id, in characters."""


def holders(headings: Sequence[etree._Element]) -> frozenset[etree._Element]:
    """The elements around the first of the page's ``h1``: whatever they are called, they are no
    asides."""
    return frozenset(headings[0].iterancestors()) if headings else frozenset()


def is_beside_story(
    element: etree._Element, around: frozenset[etree._Element] = frozenset()
) -> bool:
    """Whether an element is part of comments, teasers, a sidebar, a menu or a footer.

    ``around`` are the ``holders`` of the story; an article's own footer is a part of it.
    """
    for e in chain((element,), islice(element.iterancestors(), _MAX_DEPTH)):
        if e in around or e.tag in {"body", "html"}:
            return False
        if _is_aside(e) and not _is_own_footer(e, around):
            return True
    return False


def _is_own_footer(element: etree._Element, around: frozenset[etree._Element]) -> bool:
    parent = element.getparent()
    is_footer = element.tag == "footer" or "footer" in (element.get("class") or "")
    return is_footer and parent is not None and parent.tag == "article" and parent in around


def _is_aside(element: etree._Element) -> bool:
    if element.tag in _ASIDE_TAGS:
        return True
    name, other = element.get("class"), element.get("id")
    return bool(
        (name and _names_aside(name[:_MAX_NAMES])) or (other and _names_aside(other[:_MAX_NAMES]))
    )


@lru_cache(maxsize=4096)
def _names_aside(name: str) -> bool:
    """Remembered, as what is asked about on one page, and one site, stands in the same elements."""
    return _ASIDE_WORDS.search(name.lower()) is not None
