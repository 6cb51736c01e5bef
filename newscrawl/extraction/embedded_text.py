"""Structured content to paragraphs: strings, fragments of HTML, and trees of typed parts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

_MAX_PARTS = 20_000
_MAX_DEPTH = 24
_MAX_STORY = 200_000
"""Longest story that is read, in characters; that of a live blog may have 100,000."""
_TEXT_KEYS = (
    "text value html body content contentelements children nodes items paragraphs blocks elements "
    "model data attributes fields innerhtml rendered processed innerblocks root json document"
).split()
"""Where a part keeps its text or its parts, the most telling name first."""
_RUN_KEYS = frozenset({"content", "children", "nodes"})
_TYPE_KEYS = ("type", "_type", "__typename", "nodeType", "kind", "blockName")
_NO_TEXT = re.compile(
    r"image|photo|picture|figure|video|audio|podcast|gallery|slideshow|media|embed|oembed|iframe|"
    r"(?<![a-z])ads?(?![a-z])|advert|promo|related|newsletter|tweet|instagram|social|interstitial|"
    r"link.?list|teaser|recirc|paywall|caption|byline|author|raw.?html|(?<![a-z])script|divider|button",
    re.IGNORECASE,
)
_HOLDS_PARAGRAPHS = re.compile(
    r"(?<![a-z])(?:doc|document|root|list|ul|ol|body|section|article|content|container)(?![a-z])",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_BLOCK_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|table|section|br)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n\s*\n")


def plain_key(name: str) -> str:
    """A property's name without case, separators and arguments: ``body_html``, ``body({…})``."""
    return re.sub(r"[\W_]", "", name.partition("(")[0]).lower()


def paragraphs_of(value: object) -> list[str]:
    """The paragraphs of a value as HTML, in order; pictures and asides left out.

    Of a longer one the first 20,000 parts and 200,000 characters, no paragraph in part.
    """
    found: list[str] = []
    left = _MAX_STORY
    for piece in islice(_pieces(value, 0), _MAX_PARTS):
        left -= len(piece)
        if left < 0:
            break
        found += _markup(piece)
    return found


def _pieces(value: object, depth: int) -> Iterator[str]:
    """The texts of a value; an empty one for every part, so that counting them counts the work."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _MAX_DEPTH:
        for item in value:
            yield from _pieces(item, depth + 1)
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        yield ""
        key, inner = _inner(value)
        if isinstance(inner, list) and key in _RUN_KEYS and _is_run(_kind(value), inner):
            yield "".join(map(_leaf, inner))
        else:
            yield from _pieces(inner, depth + 1)


def _kind(part: dict[str, object]) -> str:
    return " ".join(kind for key in _TYPE_KEYS if isinstance(kind := part.get(key), str))


def _inner(part: dict[str, object]) -> tuple[str, object]:
    """Name and value of the property with a part's text; nothing for a picture and the like."""
    if _NO_TEXT.search(_kind(part)):
        return "", None
    by_name = {plain_key(name): value for name, value in part.items()}
    return next(((name, v) for name in _TEXT_KEYS if (v := by_name.get(name))), ("", None))


def _is_run(kind: str, parts: list[object]) -> bool:
    """Whether the parts of a typed part are the words of one paragraph: none has parts inside."""
    return bool(kind and not _HOLDS_PARAGRAPHS.search(kind)) and all(map(_is_leaf, parts))


def _is_leaf(part: object) -> bool:
    if not isinstance(part, dict):
        return isinstance(part, str)
    _, inner = _inner(part)
    if isinstance(inner, list):
        return all(isinstance(i, dict) and isinstance(_inner(i)[1], str | None) for i in inner)
    return not isinstance(inner, dict)


def _leaf(part: object) -> str:
    """The words of a part of a run; a space for a break or a picture."""
    inner = _inner(part)[1] if isinstance(part, dict) else part
    if isinstance(inner, list):
        return "".join(map(_leaf, inner))
    return inner if isinstance(inner, str) else " "


def _markup(piece: str) -> Iterator[str]:
    """A piece as HTML: a fragment as it is, plain text with an element for each paragraph."""
    text = piece if _TAG.search(piece) else html.unescape(html.unescape(piece))
    if _BLOCK_TAG.search(text):
        yield text
    elif _TAG.search(text):
        yield f"<p>{text}</p>"
    else:
        lines = _PARAGRAPH.split(text) if _PARAGRAPH.search(text) else text.split("\n")
        yield from (f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
