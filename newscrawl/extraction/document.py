"""A parsed page's machine-readable part: meta elements, links, title, JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from newscrawl.extraction.blocks import adjoins, is_shadow
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import Node, read_nodes, types_of
from newscrawl.extraction.story import story_node
from newscrawl.extraction.text import SEAM, clean, joined
from newscrawl.urls import absolute_url

_SOUGHT = ("base", "figure", "h1", "h2", "h3", "html", "img", "link", "meta", "script", "title")
_MOST_SOUGHT = 2_000
_META_KEYS = ("name", "property", "itemprop", "http-equiv")
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
class Document:
    """What the page says about itself to machines, and its tree for whoever needs more."""

    url: str | None
    """Final URL, as given."""
    base: str | None
    """What relative addresses are resolved against: ``base href``, else ``url``."""
    root: etree._Element
    """The tree, as ``parse`` gives it; never changed."""
    elements: Mapping[str, Sequence[etree._Element]]
    """The first 2,000 elements of each tag that facts are read from, in page order."""
    meta: Mapping[str, tuple[str, ...]]
    """Contents by lower-case name, property, itemprop or http-equiv, in page order."""
    canonical: str | None
    """The canonical address that the page declares, absolute; believed or not."""
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


def parse(page: bytes | str) -> etree._Element:
    """A page, text or UTF-8, as a plain tree without comments; an empty one where nothing is.

    lxml's ``iterwalk`` needs a time for neighbouring comments that grows with their square, and
    libxml2 for the attributes of one element: a flood of them is left out. Behind an early
    ``</html>`` libxml2 begins a second tree: it moves into the body, where browsers show it.
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
    if root is None:
        return etree.Element("html")
    body = root.find("body")
    for rest in list(root.itersiblings()):
        rest.tag = "div"
        (root if body is None else body).append(rest)
    return root


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
    elements = _by_tag(root)
    meta = _read_meta(elements["meta"])
    base = absolute_url(url, next((e.get("href") for e in elements["base"]), None)) or url
    canonical = [absolute_url(base, href) for href in _canonical_links(elements["link"])]
    ld = read_nodes(_ld_scripts(elements["script"]))
    ld_types = tuple(map(types_of, ld))
    title = next((t for e in elements["title"] if (t := clean(e.text))), None)
    addresses = {a for a in (url, *canonical) if a}
    names = {n for n in (title, *meta.get("og:title", ())[:_MAX_TITLES]) if n}
    return Document(
        url=url,
        base=base,
        root=root,
        elements=elements,
        meta=meta,
        canonical=next(iter(canonical), None),
        title=title,
        language=_read_language(next(iter(elements["html"]), root), meta),
        ld=ld,
        ld_types=ld_types,
        story=story_node(ld, ld_types, addresses, names),
    )


def element_text(element: etree._Element) -> str | None:
    """The text inside an element on one line, without scripts; breaks and blocks part words.

    Of an element with more than 4,000 tags or 20,000 characters only the beginning: elements of one
    name can stand inside each other, each with all of the page in it.
    """
    parts: list[str] = []
    silent = 0
    for event, node in islice(etree.iterwalk(element, events=("start", "end")), _MAX_STEPS):
        hides = node.tag in _SILENT and not is_shadow(node)
        if event == "start":
            silent += hides
            parts.append(" " if node.tag in _BREAKS else SEAM if adjoins(node) else "")
            parts.append((node.text or "") if not silent else "")
        else:
            silent -= hides
            parts.append(" " if node.tag in _BREAKS else "")
            parts.append((node.tail or "") if node is not element and not silent else "")
    return clean(joined("".join(part[:_MAX_TEXT] for part in parts)[:_MAX_TEXT]))


def _by_tag(root: etree._Element) -> dict[str, list[etree._Element]]:
    """The elements of each tag that is sought: one walk through the tree finds them all."""
    found: dict[str, list[etree._Element]] = {tag: [] for tag in _SOUGHT}
    for element in root.iter(*_SOUGHT):
        same = found[element.tag]
        if len(same) < _MOST_SOUGHT:
            same.append(element)
    return found


def _read_meta(elements: Iterable[etree._Element]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        content = clean(element.get("content"))
        if content:
            for key in {key.strip().lower() for k in _META_KEYS if (key := element.get(k))}:
                found.setdefault(key, []).append(content)
    return {key: tuple(values) for key, values in found.items()}


def _canonical_links(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        is_canonical = "canonical" in (element.get("rel") or "").lower().split()
        if is_canonical and (href := clean(element.get("href"))):
            yield href


def _ld_scripts(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        if "ld+json" in (element.get("type") or "").lower() and (text := element.text):
            yield text


def _read_language(html: etree._Element, meta: Mapping[str, tuple[str, ...]]) -> Fact[str] | None:
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
