"""Stories in templates: markup that a page doesn't show until a script puts it in its place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from newscrawl.extraction.blocks import is_shadow, prose_bytes, read_blocks, size
from newscrawl.extraction.document import Document, parse
from newscrawl.extraction.hints import DESCRIPTIONS
from newscrawl.extraction.surroundings import holders, is_beside_story
from newscrawl.extraction.text import folded

_MAX_TEMPLATES = 50
_MAX_LENGTH = 1_000_000
_KIND = re.compile(r"text/.*(?:template|html|handlebars|mustache|tmpl)", re.IGNORECASE)
_PLACES = re.compile(r"\{\{|\{%|<%|\$\{")
"""What scripts fill in: a template with places for it is no story."""
_SHORTEST = 300
"""Bytes of running text of a template that may be a story, and not a note."""
_MOSTLY_PROSE = 0.75
_TELLING = 40
"""Characters of a description by which its words are recognised."""


def story_templates(document: Document) -> Iterator[str]:
    """The markup of the templates with running text that agree with the page about its story.

    Such a template holds the words of the page's description, stands in one container with its
    headline, or is the only one. At most 50 are looked at, none longer than a million characters.
    """
    around = holders(document.elements["h1"])
    pairs = ((e, _markup(e)) for e in islice(_templates(document.root), _MAX_TEMPLATES))
    found = [
        (element, markup, text)
        for element, markup in pairs
        if (text := _running_text(markup)) and not is_beside_story(element, around)
    ]
    described = [folded(d)[:_TELLING] for name in DESCRIPTIONS for d in document.meta.get(name, ())]
    for element, markup, text in found:
        shared = next((e for e in element.iterancestors() if e in around), None)
        beside_headline = shared is not None and shared.tag not in {"body", "html"}
        is_described = any(len(d) == _TELLING and d in text for d in described)
        if is_described or beside_headline or len(found) == 1:
            yield markup


def _templates(root: etree._Element) -> Iterator[etree._Element]:
    return (
        element
        for element in root.iter("template", "script")
        if (element.tag == "template" and not is_shadow(element))
        or _KIND.match(element.get("type") or "")
    )


def _markup(template: etree._Element) -> str:
    if template.tag == "script":
        return template.text or ""
    inner = (etree.tostring(child, encoding="unicode") for child in template)
    return html.escape(template.text or "") + "".join(inner)


def _running_text(markup: str) -> str:
    """The text of a template that is mostly running text, folded; empty for any other."""
    if not _SHORTEST <= len(markup) <= _MAX_LENGTH or _PLACES.search(markup):
        return ""
    blocks, _ = read_blocks(parse(markup))
    running = sum(map(prose_bytes, blocks))
    if running < max(_SHORTEST, _MOSTLY_PROSE * sum(map(size, blocks))):
        return ""
    return folded(" ".join(block.text for block in blocks))
