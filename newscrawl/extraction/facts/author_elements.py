"""Elements whose markup or class calls them author or byline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import cast

from lxml import etree

from newscrawl.extraction.document import Document, element_text
from newscrawl.extraction.surroundings import holders, is_beside_story
from newscrawl.urls import absolute_url

_MAX_MARKED = 20
_IN_BODY = f"[not(parent::meta or parent::link)])[position() <= {_MAX_MARKED}]"
# Quicker by the attribute than by the element that has it, as few have these. Joined are few: what
# that costs grows with the square of their number.
_MARKED_AUTHOR = etree.XPath(
    f"((descendant-or-self::*/@itemprop[contains(., 'author')]{_IN_BODY}"
    f" | (descendant-or-self::*/@rel[contains(concat(' ', ., ' '), ' author ')]{_IN_BODY})"
    "/parent::*"
)
_NAMED_WORD = re.compile(
    r"(?<![a-z])(?:post-?|entry-?|article-?)?(?:authors?|byline)(?:[-_]*(?:name|link))?(?![a-z])",
    re.IGNORECASE,
)
_MAX_NAMED = 100
MAX_BYLINE = 200
"""Longest text that may be a byline, in characters."""
MAX_WORDS = 14
"""The same in words."""


@dataclass(frozen=True, slots=True)
class AuthorElement:
    """What an element prints."""

    text: str
    url: str | None
    """Where it leads."""
    is_microdata: bool


def marked_authors(document: Document) -> Iterator[AuthorElement]:
    """Elements marked as author by ``itemprop`` or ``rel``, but those of comments and teasers."""
    around = holders(document.elements["h1"])
    # XPath answers with elements, strings or numbers; this path with elements only.
    marked = cast("list[etree.ElementBase]", _MARKED_AUTHOR(document.root))
    for element in marked[:_MAX_MARKED]:
        text = None if is_beside_story(element, around) else _marked_name(element)
        if text and len(text) <= MAX_BYLINE:
            url = absolute_url(document.base, element.get("href"))
            yield AuthorElement(text, url, "itemprop" in element.attrib)


def named_authors(document: Document) -> Iterator[AuthorElement]:
    """Short texts of elements whose class, or link, calls them author or byline, in page order."""
    around = holders(document.elements["h1"])
    for element in islice(_named(document.root), _MAX_NAMED):
        named = "href" in element.attrib or _NAMED_WORD.search(element.get("class") or "")
        if not named or is_beside_story(element, around):
            continue
        text = element_text(element)
        if text and len(text) <= MAX_BYLINE and len(text.split()) <= MAX_WORDS:
            url = absolute_url(document.base, element.get("href"))
            yield AuthorElement(text, url, is_microdata=False)


def _named(root: etree._Element) -> Iterator[etree._Element]:
    # Nearly all elements have a class: a pattern, or a path, would take twice the time.
    for element in chain.from_iterable(body.iterdescendants("*") for body in root.iter("body")):
        name, link = element.get("class", ""), element.get("href", "")
        is_named = "uthor" in name or "byline" in name or "Byline" in name
        if is_named or "/author" in link or "/autor" in link or "/contributor/" in link:
            yield element


def _marked_name(element: etree._Element) -> str | None:
    """The text of the ``itemprop="name"`` inside, else of the whole element."""
    for inner in element.iter():
        if inner.get("itemprop") == "name":
            return inner.get("content") or element_text(inner)
    return element_text(element)
