"""What a page says outside its text about its own story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.access import declared_level
from newscrawl.extraction.linked_data import first_text

DESCRIPTIONS = ("description", "og:description", "twitter:description")
"""Meta elements that may describe the story."""


@dataclass(frozen=True, slots=True)
class Hints:
    """Texts to recognise the story by."""

    headline: str | None = None
    descriptions: Sequence[str] = ()
    text: str | None = None
    """The whole story, as structured data declares it."""
    free: bool = False
    """Whether the page declares that reading it is free."""


def read_hints(document: Document, headline: str | None) -> Hints:
    """The hints of a page; ``headline`` is its story's, when known."""
    descriptions = [text for name in DESCRIPTIONS for text in document.meta.get(name, ())]
    text = first_text(document.story, "articleBody") if document.story else None
    return Hints(headline, descriptions, text, declared_level(document) == "free")
