"""Access: what the publisher declares, and whether the text looks cut, each with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import Node, children
from newscrawl.extraction.words import count_words
from newscrawl.records import Access, AccessLevel, Block, Source

_TIERS: dict[str, AccessLevel] = {
    "free": "free",
    "metered": "metered",
    "locked": "subscription",
    "premium": "subscription",
    "paid": "subscription",
    "subscription": "subscription",
    "registration": "registration",
}
_PAID = frozenset({"metered", "registration", "subscription"})
_TIER_META = ("article:content_tier", "content_tier", "content-tier", "og:article:content_tier")
_PAYMENT_REQUIRED = 402
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_SENTENCE_END = regex.compile(r"[.!?。！？؟۔।:…][\"'”’»«)\]）」』*]*$")
_CUT_END = regex.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])[\"'”’»)\]\s]*$")
_FAR_SHORTER = 0.5
"""Share of the declared ``wordCount`` under which a text is cut."""
_MIN_DECLARED_WORDS = 100
_PROSE = 80
"""Characters from which on a last line is a paragraph, and no heading or item that ends in dots."""
_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Finding:
    """A fact with the one sentence that supports it."""

    level: AccessLevel | None = None
    truncated: bool | None = None
    evidence: str = ""
    source: Source = "text"


def find_access(
    document: Document, body: str | None, paywall: Sequence[Block], status: int | None
) -> Fact[Access] | None:
    """What the page declares, and whether ``body`` is cut.

    ``paywall`` are the blocks labelled so that stand behind the last body block. ``None`` is said
    where the page says nothing; a text that ends as a sentence on a page declared free is whole.
    The source is that of the declaration, else of the text's look.
    """
    declared = _declared(document, status)
    truncated = _truncated(document, body, paywall, declared.level)
    found = [finding for finding in (declared, truncated) if finding.evidence]
    if not found:
        return None
    evidence = tuple(finding.evidence for finding in found)
    access = Access(declared=declared.level, truncated=truncated.truncated, evidence=evidence)
    return Fact(access, found[0].source, " ".join(evidence))


def is_walled(document: Document, labelled: Sequence[Labelled], status: int | None) -> bool:
    """Whether the page declares that its story isn't free, or says nothing and shows a paywall."""
    level = _declared(document, status).level
    return level in _PAID or (level is None and any(la.name == "paywall" for _, la in labelled))


def declared_level(document: Document) -> AccessLevel | None:
    """What the page itself declares."""
    return _declared(document, None).level


def _declared(document: Document, status: int | None) -> _Finding:
    tier = document.first_meta(*_TIER_META)
    level = _TIERS.get(tier.value.lower()) if tier else None
    if tier and level:
        return _Finding(
            level,
            evidence=f"A meta element gives the content tier “{tier.value[:40]}”.",
            source="meta",
        )
    if (marked := document.first_meta("isaccessibleforfree")) and _boolean(marked.value) is False:
        return _Finding(
            "subscription",
            evidence="A meta element says isAccessibleForFree: false.",
            source="meta",
        )
    free = _is_free(document.story, document) if document.story else None
    if free is not None:
        word = "true" if free else "false"
        return _Finding(
            "free" if free else "subscription",
            evidence=f"JSON-LD says isAccessibleForFree: {word}.",
            source="json-ld",
        )
    if status == _PAYMENT_REQUIRED:
        return _Finding(
            "subscription",
            evidence="The server answered with 402 Payment Required.",
            source="http",
        )
    return _Finding()


def _is_free(story: Node, document: Document) -> bool | None:
    """Of the story; a part of it that isn't free makes the whole not free."""
    own = _boolean(story.get("isAccessibleForFree"))
    parts = [
        _boolean(part.get("isAccessibleForFree"))
        for part in children(story, "hasPart", document.ld)
        if not isinstance(part, str)
    ]
    return False if False in (own, *parts) else own


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.rsplit("/", 1)[-1].strip().lower() if isinstance(value, str) else ""
    return True if word in _TRUE else False if word in _FALSE else None


def _truncated(
    document: Document, body: str | None, paywall: Sequence[Block], level: AccessLevel | None
) -> _Finding:
    if not body:
        return _Finding()
    last = body.rstrip().rsplit("\n", 1)[-1]
    ends = bool(_SENTENCE_END.search(last)) and not _CUT_END.search(last)
    if paywall and not ends:
        return _Finding(
            truncated=True, evidence="The text stops in mid-sentence where the page asks to pay."
        )
    if level in _PAID and not ends:
        return _Finding(
            truncated=True, evidence=f"The page declares {level}; its text stops in mid-sentence."
        )
    if shortfall := _shortfall(document, body):
        return _Finding(truncated=True, evidence=shortfall, source="json-ld")
    if _CUT_END.search(last) and len(last) >= _PROSE:
        return _Finding(truncated=True, evidence=f"The text ends in “{last[-20:]}”.")
    if level == "free" and ends:
        return _Finding(
            truncated=False, evidence="The page is declared free and its text ends as a sentence."
        )
    return _Finding()


def _shortfall(document: Document, body: str) -> str | None:
    total = _whole_number(document.story.get("wordCount")) if document.story else 0
    if total < _MIN_DECLARED_WORDS:
        return None
    words = count_words(body)
    far = words < total * _FAR_SHORTER
    return f"JSON-LD declares {total} words; the text has {words}." if far else None


def _whole_number(value: object) -> int:
    """A count that is given as a number or as its digits; 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value) if len(value) <= _MAX_DIGITS else 0
    return value if isinstance(value, int) else 0
