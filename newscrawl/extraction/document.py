"""A parsed page's machine-readable part: meta elements, links, title, JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from newscrawl.extraction.blocks import adjoins
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import Node, read_nodes, types_of
from newscrawl.extraction.story import story_node
from newscrawl.extraction.text import SEAM, clean, joined
from newscrawl.urls import absolute_url

_META_KEYS = ("name", "property", "itemprop", "http-equiv")
_MAX_META = 2_000
_MAX_TITLES = 5
_MAX_STEPS = 4_000
_MAX_TEXT = 20_000
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?\b", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
"""ISO 639's codes for texts of unknown, several, uncoded and no languages."""
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "tr", "td", "figcaption"})
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "rt", "rp"})


_LONG = 20_000
"""Bytes without a ``>`` among which a tag is worth a closer look."""
_FLOODED_TAG = re.compile(
    rb"""<([a-zA-Z][\w-]*)(?=[^>]{10000})(?:[^<>"']|"[^"]{0,64}"|'[^']{0,64}'){10000,}+"""
)
"""A tag with 10,000 bytes or short quoted values: one long value is data of the page's own."""


@dataclass(frozen=True, slots=True)
class Link:
    """A ``link`` element: its ``rel`` words in lower case, address as written, media type."""

    rel: frozenset[str]
    href: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """What the page says about itself to machines, and its tree for whoever needs more."""

    url: str | None
    """Final URL, as given."""
    base: str | None
    """What relative addresses are resolved against: ``base href``, else ``url``."""
    root: etree._Element
    """The tree, as ``parse`` gives it; never changed."""
    meta: Mapping[str, tuple[str, ...]]
    """Contents by lower-case name, property, itemprop or http-equiv, in page order."""
    links: tuple[Link, ...]
    """``link`` elements in page order."""
    title: str | None
    """Text of the ``title`` element."""
    language: Fact[str] | None
    """Declared language as BCP 47."""
    ld: tuple[Node, ...]
    """All JSON-LD objects, outer ones first."""
    ld_types: tuple[frozenset[str], ...]
    """The types of each of them."""
    story: Node | None
    """The JSON-LD object that describes this page's story."""

    def typed(self, names: frozenset[str]) -> Iterator[Node]:
        """The JSON-LD objects of any of the types ``names``, outer ones first."""
        pairs = zip(self.ld, self.ld_types, strict=True)
        return (node for node, types in pairs if not types.isdisjoint(names))

    def first_meta(self, *names: str) -> Fact[str] | None:
        """The first non-empty content under the first of ``names`` that has one."""
        found = next((v for name in names for v in self.meta.get(name, ())), None)
        return Fact(found, "meta", found) if found else None

    def canonical(self) -> str | None:
        """The canonical address that the page declares, absolute; believed or not."""
        href = next((link.href for link in self.links if "canonical" in link.rel), None)
        return absolute_url(self.base, href)


def parse(page: bytes | str) -> etree._Element:
    """A page, text or UTF-8, as a plain tree without comments; an empty one where nothing is.

    lxml's ``iterwalk`` needs a time for neighbouring comments that grows with their square, and
    libxml2 for the attributes of one element: a flood of them is left out.
    """
    raw = page.encode("utf-8", "replace") if isinstance(page, str) else page
    raw = _without_floods(raw.replace(b"\0", b""))
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.ParserError:
        root = None
    return etree.Element("html") if root is None else root


def _without_floods(raw: bytes) -> bytes:
    """The page without floods of attributes; only what lies between distant ``>`` is read."""
    parts: list[bytes] = []
    start = done = 0
    while len(raw) - start > _LONG:
        end = raw.rfind(b">", start, start + _LONG)
        if end < 0:
            end = raw.find(b">", start + _LONG)
            end = len(raw) if end < 0 else end
            parts += raw[done:start], _FLOODED_TAG.sub(rb"<\1 ", raw[start:end])
            done = end
        start = end + 1
    return b"".join((*parts, raw[done:]))


def read_document(root: etree._Element, url: str | None) -> Document:
    """Read ``root``, the ``parse``d tree of a page at ``url`` (``None`` when unknown)."""
    meta = _read_meta(root)
    links = tuple(_read_links(root))
    base = absolute_url(url, next((e.get("href") for e in root.iter("base")), None)) or url
    ld = read_nodes(_ld_scripts(root))
    title = next((t for e in root.iter("title") if (t := clean(e.text))), None)
    addresses = {
        a for a in (url, *(absolute_url(base, k.href) for k in links if "canonical" in k.rel)) if a
    }
    names = {n for n in (title, *meta.get("og:title", ())[:_MAX_TITLES]) if n}
    return Document(
        url=url,
        base=base,
        root=root,
        meta=meta,
        links=links,
        title=title,
        language=_read_language(root, meta),
        ld=ld,
        ld_types=tuple(map(types_of, ld)),
        story=story_node(ld, addresses, names),
    )


def element_text(element: etree._Element) -> str | None:
    """The text inside an element on one line, without scripts; breaks and blocks part words.

    Of an element with more than 4,000 tags or 20,000 characters only the beginning: elements of one
    name can stand inside each other, each with all of the page in it.
    """
    parts: list[str] = []
    silent = 0
    for event, node in islice(etree.iterwalk(element, events=("start", "end")), _MAX_STEPS):
        if event == "start":
            silent += node.tag in _SILENT
            parts.append(" " if node.tag in _BREAKS else SEAM if adjoins(node) else "")
            parts.append((node.text or "") if not silent else "")
        else:
            silent -= node.tag in _SILENT
            parts.append(" " if node.tag in _BREAKS else "")
            parts.append((node.tail or "") if node is not element and not silent else "")
    return clean(joined("".join(part[:_MAX_TEXT] for part in parts)[:_MAX_TEXT]))


def _read_meta(root: etree._Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in islice(root.iter("meta"), _MAX_META):
        content = clean(element.get("content"))
        if content:
            for key in {key.strip().lower() for k in _META_KEYS if (key := element.get(k))}:
                found.setdefault(key, []).append(content)
    return {key: tuple(values) for key, values in found.items()}


def _read_links(root: etree._Element) -> Iterator[Link]:
    for element in islice(root.iter("link"), _MAX_META):
        href = clean(element.get("href"))
        rel = frozenset((element.get("rel") or "").lower().split())
        if href and rel:
            yield Link(rel, href, clean(element.get("type")))


def _ld_scripts(root: etree._Element) -> Iterator[str]:
    for element in root.iter("script"):
        if element.text and "ld+json" in (element.get("type") or "").lower():
            yield element.text


def _read_language(root: etree._Element, meta: Mapping[str, tuple[str, ...]]) -> Fact[str] | None:
    html = next(root.iter("html"), root)
    declared = [Fact(v, "dom", v) for v in (html.get("lang"), html.get("xml:lang")) if v]
    for name in ("content-language", "og:locale", "dc.language", "language"):
        declared += [Fact(v, "meta", v) for v in meta.get(name, ())]
    for fact in declared:
        if tag := language_tag(fact.value):
            return Fact(tag, fact.source, fact.raw)
    return None


def language_tag(value: str) -> str | None:
    """``value`` ("en_US", "de", "zh-hant-tw") as a BCP 47 tag; ``None`` when it isn't one."""
    match = _LANGUAGE.fullmatch(value.strip())
    if not match:
        return None
    language, script, region = match.groups()
    if language.lower() in _NO_LANGUAGE:
        return None
    parts = (language.lower(), script and script.title(), region and region.upper())
    return "-".join(p for p in parts if p)
