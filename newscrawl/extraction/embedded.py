"""A story that the page carries only as data: for JSON-LD's readers, or for its own scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from newscrawl.extraction.document import Document, parse
from newscrawl.extraction.embedded_text import paragraphs_of, plain_key
from newscrawl.extraction.linked_data import Node
from newscrawl.extraction.page_data import data_objects
from newscrawl.extraction.templates import story_templates
from newscrawl.extraction.text import folded
from newscrawl.records import Source

_SHORTEST = 300
"""Bytes of HTML below which a text may be a teaser's."""
_AS_LONG = 0.9
_MAX_CANDIDATES = 20
_LD_KEYS = frozenset({"articlebody", "text"})
_STORY_KEYS = frozenset(
    "articlebody body bodyhtml bodytext bodycontent content contentelements contenthtml text html "
    "fulltext articletext storytext storybody maintext maincontent richtext paragraphs "
    "steps instructions slides chapters".split()
)
_PAGE_KEYS = frozenset("blocks components elements sections story article bodyblocks".split())
"""Where a story may be with all else that its page shows."""
_TITLE_KEYS = frozenset("headline headlines title titles name heading seotitle".split())
_ADDRESS_KEYS = frozenset(
    "url canonicalurl canonical link permalink href path uri websiteurl weburl fullurl shareurl "
    "urlalias".split()
)
_ABOUT_KEYS = frozenset({"metadata", "meta", "attributes", "fields", "seo"})
_LONG_TITLE = 20
"""Bytes from which a title may be a part of another one."""
_LOCKED = frozenset(
    "premium ispremium paid ispaid locked islocked paywall paywalled ispaywalled haspaywall "
    "subscriberonly subscribersonly issubscriberonly memberonly ismemberonly".split()
)
_FREE = frozenset({"isaccessibleforfree", "isfree", "free"})


@dataclass(frozen=True, slots=True)
class EmbeddedStory:
    """A page's story as its data has it."""

    root: etree._Element
    """A page with nothing but the story, as ``document.parse`` gives it."""
    source: Source
    """``json-ld``, or ``dom`` for the data of the page's own scripts."""
    key: str
    """The property that it was read from."""
    locked: bool
    """Whether the object that holds it says that it isn't for everybody."""
    is_markup: bool
    """Whether it is a template: markup may hold more than the story."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    paragraphs: Sequence[str]
    source: Source
    key: str
    locked: bool = False
    is_markup: bool = False

    @property
    def size(self) -> int:
        """Bytes of HTML."""
        return sum(len(text.encode("utf-8", "replace")) for text in self.paragraphs)


def embedded_story(document: Document, headline: str | None) -> EmbeddedStory | None:
    """The story that the page's data holds: in JSON-LD, an object of its scripts, or a template.

    The object must agree with the page's address or ``headline``; ``story_templates`` says with
    what a template must. Of several texts of about the longest's length that with the most
    paragraphs wins. Whether the page shows it, and whether it may be used, is for others to say.
    """
    found = [each for each in _candidates(document, headline) if each.size >= _SHORTEST]
    longest = max((each.size for each in found), default=0)
    full = [each for each in found if each.size >= _AS_LONG * longest]
    if not full:
        return None
    best = max(full, key=lambda each: len(each.paragraphs))
    root = parse(f"<html><body><article>{''.join(best.paragraphs)}</article></body></html>")
    return EmbeddedStory(root, best.source, best.key, best.locked, best.is_markup)


def _candidates(document: Document, headline: str | None) -> Iterator[_Candidate]:
    for markup in story_templates(document):
        yield _Candidate([markup], "dom", "template", is_markup=True)
    if document.story:
        yield from _texts(document.story, _LD_KEYS, "json-ld")
    page = _Page(document, headline)
    own = [node for node in data_objects(document.root) if page.is_about(node)][:_MAX_CANDIDATES]
    for keys in (_STORY_KEYS, _PAGE_KEYS):
        found = [text for node in own for text in _texts(node, keys, "dom")]
        if any(text.size >= _SHORTEST for text in found):
            yield from found
            return


def _texts(node: Node, keys: Iterable[str], source: Source) -> Iterator[_Candidate]:
    for name, value in node.items():
        if plain_key(name) in keys and value:
            yield _Candidate(paragraphs_of(value), source, name.partition("(")[0], _is_locked(node))


def _is_locked(node: Node) -> bool:
    """Whether an object, or what it holds, says that a reader has to pay or to register."""
    flags = {plain_key(name): str(value).lower() for name, value in node.items()}
    return any(flags.get(name) == "true" for name in _LOCKED) or any(
        flags.get(name) == "false" for name in _FREE
    )


class _Page:
    """What an object must agree with to be about the page's story."""

    def __init__(self, document: Document, headline: str | None) -> None:
        titles = (headline, *document.meta.get("og:title", ())[:1])
        self._titles = {name for title in titles if (name := folded(title))}
        self._paths = {p for a in (document.url, document.canonical) if a and (p := _path(a))}

    def is_about(self, node: Node) -> bool:
        """Whether an object, or its own description, has the page's address or headline."""
        nodes = (node, *_values(node, _ABOUT_KEYS))
        named = [text for n in nodes for v in _values(n, _TITLE_KEYS) for text in _strings(v)]
        placed = [text for n in nodes for v in _values(n, _ADDRESS_KEYS) for text in _strings(v)]
        return any(_path(text) in self._paths for text in placed) or any(
            _agree(folded(text), title) for text in named for title in self._titles
        )


def _values(node: object, keys: Iterable[str]) -> Iterator[object]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if plain_key(name) in keys)


def _strings(value: object) -> Iterator[str]:
    """A string, or those of an object: ``{"basic": "…"}``, ``{"rendered": "…"}``."""
    values = value.values() if isinstance(value, dict) else (value,)
    return (each for each in values if isinstance(each, str))


def _agree(one: str, other: str) -> bool:
    """Whether two titles are the same, or one is most of the other."""
    shorter, longer = sorted((one, other), key=len)
    close = len(shorter.encode()) >= _LONG_TITLE and 2 * len(shorter) > len(longer)
    return one == other or (close and shorter in longer)


def _path(address: str) -> str | None:
    """An address without host, query and closing slash; ``None`` for a homepage."""
    try:
        path = unquote(urlsplit(address).path).strip("/")
    except ValueError:
        return None
    return path or None
