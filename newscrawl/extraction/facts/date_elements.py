"""Dates in the page's markup: ``time`` elements, microdata, RDFa, hAtom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import regex
from lxml import etree

from newscrawl.extraction.document import element_text
from newscrawl.extraction.facts.date_words import date_words
from newscrawl.extraction.surroundings import holders, is_beside_story
from newscrawl.extraction.text import folded

DateKind = Literal["published", "modified"]

_MAX_ELEMENTS = 50
_BELOW_HEADLINE, _ABOVE_HEADLINE = 1, 2
_NEAR = 4
"""Steps from the headline up to an ancestor that a date above it shares."""
_LONGEST_LABEL = 40
_SOUGHT = "[position() <= 2000]"
"""Of each kind, the first; those of menus and teasers, which may stand before them, included."""
# Quicker by the attribute than by the element that has it, as few have these. Joined are not too
# many: what that costs grows with the square of their number.
_DATED = etree.XPath(
    f"(descendant::h1){_SOUGHT} | (descendant::time){_SOUGHT}"
    f" | ((descendant::*/@itemprop[contains(., 'ate')]){_SOUGHT}"
    f" | (descendant::*/@property[contains(., 'ate')]){_SOUGHT}"
    f" | (descendant::*/@title[../self::abbr or contains(../@class, 'updated')]){_SOUGHT})"
    "/parent::*[not(self::meta)]"
)
_MODIFIED = regex.compile(
    r"date-?modified|updated?(?:-?(?:date|time))?\b|dc:modified|last-?modified"
)
_PUBLISHED = regex.compile(
    r"date-?published|publi(?:shed|cation)-?date|pubdate|date-?created|upload-?date"
    r"|dc:(?:date|created)"
)
_FIRST_POST = regex.compile(r"publi|posted|(?:entry|post|meta)[-_]{0,2}date")


@dataclass(frozen=True, slots=True)
class DateElement:
    """An element that holds a date of the story."""

    kind: DateKind
    trust: int
    """0 where the markup names the date; 1 and 2 for ``time`` below and above the headline."""
    value: str
    """For machines where it says so."""
    text: str
    """As printed."""


def date_elements(root: etree._Element) -> list[DateElement]:
    """The elements with dates in the story's part, the most trusted first, at most 50."""
    return sorted(islice(_read(root), _MAX_ELEMENTS), key=lambda e: e.trust)


def _read(root: etree._Element) -> Iterator[DateElement]:
    # The stubs don't know that this path gives elements only.
    elements: list[etree._Element] = _DATED(root)  # type: ignore[assignment]
    heads = [e for e in elements if e.tag == "h1"]
    close = {a for head in heads[:1] for a in islice(head.iterancestors(), _NEAR)}
    behind, around = not heads, holders(heads)
    for element in elements:
        marked = _marked(element)
        if element.tag == "h1":
            behind = True
        counts = marked or (element.tag == "time" and (behind or _stands_by(element, close)))
        if not counts or is_beside_story(element, around):
            continue
        trust = 0 if marked else _BELOW_HEADLINE if behind else _ABOVE_HEADLINE
        text = element_text(element) or ""
        stamp = element.get("title") if marked else None
        value = element.get("datetime") or element.get("content") or stamp or text
        yield DateElement(marked or _said(element), trust, value, text)


def _marked(element: etree._Element) -> DateKind | None:
    """What microdata, RDFa or hAtom say that an element is."""
    if "pubdate" in element.attrib:
        return "published"
    names = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
    if element.tag != "time" and element.get("title"):
        names = f"{names} {_class_kind(element) or ''}-date"
    if _PUBLISHED.search(names):
        return "published"
    return "modified" if _MODIFIED.search(names) else None


def _class_kind(element: etree._Element) -> DateKind | None:
    """What its class says; "published updated" is a story that never changed."""
    names = (element.get("class") or "").lower()
    if _FIRST_POST.search(names):
        return "published"
    return "modified" if date_words().updated.search(folded(names.replace("_", " "))) else None


def _said(element: etree._Element) -> DateKind:
    """What class and wording say that a ``time`` is."""
    kind = _class_kind(element)
    words = folded(f"{_label(element)} {element.text or ''}")
    if kind is None and date_words().updated.search(words):
        return "modified"
    return kind or "published"


def _label(element: etree._Element) -> str:
    """The words right before an element, in its parent or in a short element of their own."""
    previous, parent = next(element.itersiblings("*", preceding=True), None), element.getparent()
    if previous is None:
        return (parent.text or "") if parent is not None else ""
    if (previous.tail or "").strip() or previous.tag == "time":
        return previous.tail or ""
    label = element_text(previous) or ""
    return label if len(label) <= _LONGEST_LABEL else ""


def _stands_by(element: etree._Element, close: set[etree._Element]) -> bool:
    """Whether an element above the headline belongs to it, not to a ticker or a menu."""
    ancestors = islice(element.iterancestors(), _NEAR)
    return any(a in close and a.tag != "body" for a in ancestors)
