"""The story's images: address, caption and credit apart, lead first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from posixpath import commonpath
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.extraction.blocks import path_of
from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.credit_lines import split_caption, split_caption_text
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import Node, children, first_text
from newscrawl.extraction.surroundings import is_beside_story
from newscrawl.extraction.text import folded
from newscrawl.records import Block, Image, Label, Source
from newscrawl.urls import absolute_url

_MAX_FIGURES = 60
_MAX_IMAGES = 40
_MAX_SRCSET = 20_000
_MAX_NAMES = 500
"""What is read of a class or an id, in characters."""
_MIN_SIDE = 100
"""Smallest declared side of a picture, in pixels: below are icons, avatars and pixels."""
_NO_PICTURE = re.compile(
    r"(?<![a-z])(?:logos?|avatars?|gravatar|icons?|favicon|sprite|placeholder|blank|spacer|pixel|tracking|"
    r"1x1|default-?(?:image|og|share)|emoji|author)(?![a-z])"
)
"""In the name of a picture's file, like what follows in lower case, which is quicker than to
ignore it."""
_PORTRAIT = re.compile(
    r"(?<![a-z])(?:avatars?|gravatar|logos?|icons?"
    r"|(?:author|profile|user|byline)[-_]*(?:image|img|photo|picture|pic|thumb))(?![a-z])"
)
"""In a class or an id: who wrote it, or whose page it is."""
_DECORATION = re.compile(
    r"(?<![a-z])(?:icons?|buttons?|smil(?:ey|ie)s?|badges?)/|\.(?:svg|gif|php)$"
)
"""In the path of a picture outside of a ``figure``."""
_CAPTION_STEP = "/figcaption["
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-full-src", "src")
_VARIANT = re.compile(
    r"(?:[-_](?:\d{2,4}x\d{2,4}|\d{2,4}w|scaled|\d{3,4}))?"
    r"\.(?:jpe?g|jfif|png|webp|avif|gif|bmp|tiff?|heic)$"
)
"""Size and format at a path's end; what else stands behind a dot may be the picture's number."""
_CANDIDATE = re.compile(r"[\s,]*+(\S++)(?:\s++(\d{1,9}(?:\.\d{1,9})?)[wx](?![^\s,]))?")


@dataclass(frozen=True, slots=True)
class Pictures:
    """The story's images, and the blocks that their captions and credits are."""

    fact: Fact[tuple[Image, ...]] | None
    captions: frozenset[int]
    """Indexes of blocks labelled ``caption``."""


@dataclass(frozen=True, slots=True)
class _Figure:
    image: Image
    captions: frozenset[int] = frozenset()


def find_images(document: Document, labelled: Sequence[tuple[Block, Label]]) -> Pictures:
    """The lead image and the figures of the story's part of the page, each picture once.

    Where it has no ``figure``, the pictures amid the story's blocks are its figures.

    Of what is printed under them only blocks labelled ``caption`` are captions and credits.
    """
    by_key: dict[str, _Figure] = {}
    for figure in list(_figures(document, labelled)) or _bare_figures(document, labelled):
        by_key.setdefault(_key(figure.image.url), figure)
    lead = _declared_lead(document)
    if lead:
        shown = by_key.pop(_key(lead.value.url), None)
        figures = [_joined(lead.value, shown, labelled), *by_key.values()]
    else:
        figures = list(by_key.values())
    figures = figures[:_MAX_IMAGES]
    if not figures:
        return Pictures(None, frozenset())
    images = tuple(replace(figure.image, is_lead=i == 0) for i, figure in enumerate(figures))
    source: Source = lead.source if lead else "dom"
    captions = frozenset().union(*(figure.captions for figure in figures))
    return Pictures(Fact(images, source, images[0].url), captions)


def _joined(lead: Image, shown: _Figure | None, labelled: Sequence[tuple[Block, Label]]) -> _Figure:
    """The declared image, as shown; with its declared caption where none is printed under it."""
    if shown and shown.captions:
        caption, credit = shown.image.caption or lead.caption, shown.image.credit or lead.credit
        return _Figure(replace(shown.image, caption=caption, credit=credit), shown.captions)
    declared = {folded(text) for text in (lead.caption, lead.credit) if text}
    printed = {
        text: block.index
        for block, label in (reversed(labelled) if declared else ())
        if label.name == "caption" and (text := folded(block.text)) in declared
    }
    url = shown.image.url if shown else lead.url
    return _Figure(replace(lead, url=url), frozenset(printed.values()))


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


def _figures(document: Document, labelled: Sequence[tuple[Block, Label]]) -> Iterator[_Figure]:
    inside = _in_captions(labelled)
    for figure in document.elements["figure"][:_MAX_FIGURES]:
        pictures = list(figure.iter("img", "source"))
        if is_beside_story(figure) or any(map(_is_portrait, (figure, *pictures))):
            continue
        address = next((a for i in pictures if (a := _best_source(i))), None)
        url = _picture(document.base, address)
        if url:
            text = next(figure.iter("figcaption"), None)
            caption, credit, printed = _printed(text, inside)
            yield _Figure(Image(url=url, caption=caption, credit=credit), printed)


def _bare_figures(document: Document, labelled: Sequence[tuple[Block, Label]]) -> Iterator[_Figure]:
    """The pictures inside the element that holds the whole story, with the caption behind them."""
    home = commonpath([b.path for b, label in labelled if label.name == "body"] or ["/"])
    captions = {b.path: b for b, label in labelled if label.name == "caption"}
    for image in document.elements["img"][:_MAX_FIGURES] if home.count("/") > 1 else ():
        around = (image, *islice(image.iterancestors(), 2))
        if (
            any(e.tag == "figure" or _is_portrait(e) for e in around)
            or not path_of(image).startswith(f"{home}/")
            or is_beside_story(image)
        ):
            continue
        url = _picture(document.base, _best_source(image))
        if not url or _DECORATION.search(urlsplit(url).path.lower()):
            continue
        block = next((b for e in _behind(image) if (b := captions.get(path_of(e)))), None)
        caption, credit = split_caption_text(block.text if block else None)
        printed = frozenset({block.index} if block else ())
        yield _Figure(Image(url=url, caption=caption, credit=credit), printed)


def _behind(image: etree._Element) -> Iterator[etree._Element]:
    """The elements behind a picture and behind what it stands in, up to two levels."""
    for element in islice((image, *image.iterancestors()), 3):
        yield from islice(element.itersiblings("*"), 1)


def _is_portrait(element: etree._Element) -> bool:
    names = (element.get("class"), element.get("id"))
    return any(_names_portrait(name[:_MAX_NAMES]) for name in names if name)


@lru_cache(maxsize=4096)
def _names_portrait(name: str) -> bool:
    """Remembered, as a site's pictures are called alike."""
    return _PORTRAIT.search(name.lower()) is not None


def _in_captions(
    labelled: Sequence[tuple[Block, Label]],
) -> Mapping[str, Sequence[tuple[Block, Label]]]:
    """The blocks inside each ``figcaption``, by its path."""
    found: dict[str, list[tuple[Block, Label]]] = {}
    for block, label in labelled:
        if _CAPTION_STEP in block.path:
            before, mark, position = block.path.rpartition(_CAPTION_STEP)
            path = f"{before}{mark}{position.partition(']')[0]}]"
            found.setdefault(path, []).append((block, label))
    return found


def _printed(
    figcaption: etree._Element | None, inside: Mapping[str, Sequence[tuple[Block, Label]]]
) -> tuple[str | None, str | None, frozenset[int]]:
    """Caption and credit, parted by markup where all of the element is labelled so, and blocks."""
    if figcaption is None:
        return None, None, frozenset()
    blocks = inside.get(path_of(figcaption), ())
    captions = [block for block, label in blocks if label.name == "caption"]
    if captions and len(captions) == len(blocks):
        caption, credit = split_caption(figcaption)
    else:
        caption, credit = split_caption_text(" ".join(block.text for block in captions))
    saying = (block.index for block in captions if any(split_caption_text(block.text)))
    return caption, credit, frozenset(saying)


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
        if not match[1].startswith("data:") and ("/" in match[1] or "." in match[1])
    ]
    return max(found, key=lambda row: row[0], default=(0.0, None))[1]


def _picture(base: str | None, address: str | None) -> str | None:
    url = absolute_url(base, address)
    if not url or _NO_PICTURE.search(urlsplit(url).path.rsplit("/", 1)[-1].lower()):
        return None
    return url


def _key(url: str) -> str:
    """What the sizes and formats of one picture have in common: its path without either."""
    return _VARIANT.sub("", urlsplit(url).path.lower())
