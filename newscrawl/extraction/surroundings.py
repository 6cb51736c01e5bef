"""Where an element stands: in the story's part of the page, or beside it."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

_ASIDE_TAGS = frozenset({"aside", "nav", "footer"})
_ASIDE_WORDS = re.compile(
    r"(?<![a-z])(?<!has[-_])(?<!with[-_])(?<!no[-_])(?:comments?|kommentare?|comentarios|commentaires|"
    r"disqus|related|recommend(?:ed|ations?)?|more-?(?:from|stories|news|articles)|read-?more|"
    r"most-?(?:read|popular|viewed)|popular|trending|teasers?|sidebar|side-bar|widget-area|newsletter|"
    r"promo|carousel|latest|footer|site-nav|menu|author-?bio|about-?author)(?![a-z])",
    re.IGNORECASE,
)
_MAX_DEPTH = 40
_MAX_NAMES = 500
"""What is read of a class or an id, in characters."""


def is_beside_story(element: etree._Element) -> bool:
    """Whether an element is part of comments, teasers, a sidebar, a menu or a footer."""
    ancestors = islice(element.iterancestors(), _MAX_DEPTH)
    return any(_is_aside(e) for e in (element, *ancestors) if e.tag not in {"body", "html"})


def _is_aside(element: etree._Element) -> bool:
    if element.tag in _ASIDE_TAGS:
        return True
    named = (element.get(name) for name in ("class", "id"))
    return any(_ASIDE_WORDS.search(name[:_MAX_NAMES]) for name in named if name)
