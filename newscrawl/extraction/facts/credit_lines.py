"""Image captions: what the picture shows and who made it, apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import regex
from lxml import etree

from newscrawl.extraction.document import element_text
from newscrawl.extraction.facts.agencies import agencies_named
from newscrawl.extraction.facts.names import is_person_name
from newscrawl.extraction.text import clean

_CREDIT_NAMES = regex.compile(
    r"(?<![a-z])(?:credits?|copyright(?:holder)?|creator|photographers?|source|rights|byline|agency|"
    r"quelle|urheber|fotograf\w*|attribution)(?![a-z])|credit",
    regex.IGNORECASE,
)
_OPENING = regex.compile(
    r"(?:photos?|photograph|picture|image|credits?|illustration|grafik|foto|bild|bildquelle|quelle"
    r"|crédits?(?: photo)?|photographe|crédito|fotografía|imagen|immagine|fonte|fuente|foto's|fot\."
    r"|фото|zdjęcie|fotoğraf|写真|撮影|图|图片|照片)"
    r"(?:\s(?:by|credit|von|de|di|par|por))?\s*[:：／/©|]\s*"
    r"|(?:photo|photograph|picture|image|illustration)s? (?:by|courtesy of) "
    r"|©\s*|\(c\)\s*|copyright:?\s+",
    regex.IGNORECASE,
)
_BRACKETED_END = regex.compile(r"\s*[(（\[]([^()（）\[\]]{2,100})[)）\]]\s*\.?$")
_SLASHED = regex.compile(
    r"[\p{Lu}\p{Lo}][^/|.!?]{1,60}\s?[/|]\s?[\p{Lu}\p{Lo}][^/|.!?]{0,60}"
    r"(?:\s?[/|]\s?[^/|.!?]{1,60})?(?: via [^/.!?]{2,40})?"
)
_PART_TAGS = ("span", "cite", "small", "p", "div", "em", "a", "figcaption")
_MAX_PARTS = 50
_MAX_CREDIT = 120


def split_caption(figcaption: etree._Element) -> tuple[str | None, str | None]:
    """(caption, credit) of a ``figcaption``: by its markup, else by the words."""
    text = element_text(figcaption)
    for element in islice(figcaption.iterdescendants(*_PART_TAGS), _MAX_PARTS):
        part = element_text(element)
        if not text or not part or part == text or not _is_credit_element(element, part):
            continue
        caption = _without(text, part)
        return caption, _bare(part)
    return split_caption_text(text)


def split_caption_text(text: str | None) -> tuple[str | None, str | None]:
    """(caption, credit) of a printed caption line."""
    line = clean(text)
    if not line:
        return None, None
    if looks_like_image_credit(line):
        return None, _bare(line)
    if (match := _BRACKETED_END.search(line)) and looks_like_image_credit(match[1]):
        return clean(line[: match.start()]), _bare(match[1])
    for match in _openings(line):
        caption = line[: match.start()].rstrip(" |–—-/(（[")
        return clean(caption), _bare(line[match.start() :])
    return line, None


def looks_like_image_credit(text: str) -> bool:
    """Whether a text is wholly a credit: "Photo: X", "© X", "Name / Agency", an agency's name."""
    line = text.strip()
    if len(line) > _MAX_CREDIT:
        return False
    return bool(_OPENING.match(line) or _SLASHED.fullmatch(line) or agencies_named(line))


def _openings(line: str) -> Iterator[regex.Match[str]]:
    """Where a credit may begin that reaches to the end of the line."""
    found = _OPENING.finditer(line, max(1, len(line) - _MAX_CREDIT))
    return (m for m in found if not line[m.start() - 1].isalnum())


def _is_credit_element(element: etree._Element, text: str) -> bool:
    if len(text) > _MAX_CREDIT:
        return False
    named = " ".join(element.get(a) or "" for a in ("class", "itemprop", "data-testid"))
    lone_name = element.getnext() is None and " " in text and is_person_name(text)
    return bool(_CREDIT_NAMES.search(named)) or lone_name or looks_like_image_credit(text)


def _without(text: str, part: str) -> str | None:
    before, _, after = text.rpartition(part)
    return clean(f"{before.rstrip(' |–—-(')} {after.lstrip(' )')}")


def _bare(credit: str) -> str | None:
    return clean(_OPENING.sub("", credit.strip(" ()（）[]"), count=1).strip(" .:|()（）[]–—-"))
