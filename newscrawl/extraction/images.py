"""The story's images: address, caption and credit apart, lead first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

import regex
from lxml import etree

from newscrawl.extraction.credit_lines import split_caption
from newscrawl.extraction.document import Document
from newscrawl.extraction.facts import Fact
from newscrawl.extraction.linked_data import Node, children, first_text
from newscrawl.extraction.surroundings import is_beside_story
from newscrawl.records import Image, Source
from newscrawl.urls import absolute_url

_MAX_FIGURES = 60
_MAX_IMAGES = 40
_MAX_SRCSET = 20_000
_MIN_SIDE = 100
"""Smallest declared side of a picture, in pixels: below are icons, avatars and pixels."""
_NO_PICTURE = regex.compile(
    r"(?<![a-z])(?:logos?|avatars?|gravatar|icons?|favicon|sprite|placeholder|blank|spacer|pixel|tracking|"
    r"1x1|default-?(?:image|og|share)|emoji|author)(?![a-z])",
    regex.IGNORECASE,
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-full-src", "src")
_SIZE_WORDS = regex.compile(r"[-_](?:\d{2,4}x\d{2,4}|\d{2,4}w|scaled|\d{3,4})(?=\.\w+$)")
_CANDIDATE = regex.compile(r"[\s,]*+(\S++)(?:\s++(\d{1,9}(?:\.\d{1,9})?)[wx](?![^\s,]))?")


def find_images(document: Document) -> Fact[tuple[Image, ...]] | None:
    """The lead image and the figures of the story's part of the page, each picture once."""
    figures = list(islice(_figures(document), _MAX_FIGURES))
    lead = _declared_lead(document)
    by_key: dict[str, Image] = {}
    for image in figures:
        by_key.setdefault(_key(image.url), image)
    if lead:
        key = _key(lead.value.url)
        shown = by_key.pop(key, None)
        first = _joined(lead.value, shown)
        images = [first, *by_key.values()]
    else:
        images = [replace(image, is_lead=i == 0) for i, image in enumerate(by_key.values())]
    if not images:
        return None
    source: Source = lead.source if lead else "dom"
    return Fact(tuple(images[:_MAX_IMAGES]), source, images[0].url)


def _joined(lead: Image, shown: Image | None) -> Image:
    if shown is None:
        return lead
    return replace(
        shown,
        caption=shown.caption or lead.caption,
        credit=shown.credit or lead.credit,
        is_lead=True,
    )


def _declared_lead(document: Document) -> Fact[Image] | None:
    values = children(document.story, "image", document.ld) if document.story else ()
    for value in values:
        address = value if isinstance(value, str) else first_text(value, "url", "contentUrl", "@id")
        url = _picture(document.base, address)
        if url:
            details: Node = {} if isinstance(value, str) else value
            return Fact(_described(url, details), "json-ld", url)
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image"):
        fact = document.first_meta(name)
        url = _picture(document.base, fact.value) if fact else None
        if url:
            return Fact(Image(url=url, is_lead=True), "meta", url)
    return None


def _described(url: str, node: Node) -> Image:
    return Image(
        url=url,
        caption=first_text(node, "caption"),
        credit=first_text(node, "creditText", "creator", "copyrightNotice"),
        is_lead=True,
    )


def _figures(document: Document) -> Iterator[Image]:
    for figure in islice(document.root.iter("figure"), _MAX_FIGURES):
        if is_beside_story(figure):
            continue
        address = next((a for i in figure.iter("img", "source") if (a := _best_source(i))), None)
        url = _picture(document.base, address)
        if url:
            text = next(figure.iter("figcaption"), None)
            caption, credit = split_caption(text) if text is not None else (None, None)
            yield Image(url=url, caption=caption, credit=credit)


def _best_source(element: etree._Element) -> str | None:
    """The largest of ``srcset``, else the first real address; ``None`` for icons."""
    if any(_is_small(element.get(side)) for side in ("width", "height")):
        return None
    for name in ("srcset", "data-srcset"):
        if best := _largest(element.get(name)):
            return best
    if element.tag == "source":
        return None
    addresses = ((element.get(name) or "").strip() for name in _SOURCES)
    return next((a for a in addresses if a and not a.startswith("data:")), None)


def _is_small(side: str | None) -> bool:
    digits = (side or "").removesuffix("px")
    return digits.isascii() and digits.isdecimal() and int(digits) < _MIN_SIDE


def _largest(srcset: str | None) -> str | None:
    """The address of the largest size; one without a size counts as 1x."""
    if not srcset or len(srcset) > _MAX_SRCSET:
        return None
    found = [
        (float(match[2] or 1), match[1].rstrip(","))
        for match in _CANDIDATE.finditer(srcset.strip(", \t\r\n\f"))
        if not match[1].startswith("data:")
    ]
    return max(found, key=lambda row: row[0], default=(0.0, None))[1]


def _picture(base: str | None, address: str | None) -> str | None:
    url = absolute_url(base, address)
    if not url or _NO_PICTURE.search(urlsplit(url).path.rsplit("/", 1)[-1]):
        return None
    return url


def _key(url: str) -> str:
    """What the sizes of one picture have in common: its path without size."""
    return _SIZE_WORDS.sub("", urlsplit(url).path.lower())
