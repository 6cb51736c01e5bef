"""What a page is. In doubt it is an article."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from urllib.parse import urlsplit

from newscrawl.extraction.blocks import prose_bytes, size
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.document import Document
from newscrawl.records import PageType

_DECLARED: dict[str, PageType] = {
    "LiveBlogPosting": "live",
    "SearchResultsPage": "search",
    "CollectionPage": "section",
    "ImageGallery": "gallery",
    "MediaGallery": "gallery",
    "VideoObject": "video",
}
_SHORT_STORY = 300
"""Bytes of body below which other signs may say that a page is no article."""
_MANY_TEASERS = 15
_TEASER_LINKS = 0.8
_TEASER_BYTES = 200
"""Mean bytes of a section front's teasers; the paragraphs of linked lists are longer."""
_MOSTLY_TEASERS = 0.6
_FEWEST_TEASERS = 4
_HTTP_ERROR = 400


def page_type(
    document: Document, labelled: Sequence[Labelled], status: int | None = None
) -> PageType:
    """The page's type, from the HTTP status, what it declares, and whether a story is there."""
    if status is not None and status >= _HTTP_ERROR:
        return "error"
    declared = _declared(document)
    if declared == "live":
        return "live"
    if document.story is not None or "article" in document.meta.get("og:type", ()):
        return "article"
    if _is_teaser_list(labelled):
        return "section"
    body = sum(size(block) for block, label in labelled if label.name == "body")
    if body >= _SHORT_STORY and not _is_front(document):
        return "article"
    if declared or not labelled:
        return declared or "other"
    links = sum(block.link_density > _TEASER_LINKS for block, _ in labelled)
    is_section = _is_front(document) or (not body and links >= _MANY_TEASERS)
    return "section" if is_section else "article"


def _is_teaser_list(labelled: Sequence[Labelled]) -> bool:
    """Whether most paragraphs are short and stand under a linked title, as on a section front."""
    linked = [False, False] + [block.link_density > _TEASER_LINKS for block, _ in labelled]
    prose = [n for n, (b, label) in enumerate(labelled) if label.name == "body" and prose_bytes(b)]
    titled = sum(linked[n] or linked[n + 1] for n in prose)
    return (
        len(prose) >= _FEWEST_TEASERS
        and titled > _MOSTLY_TEASERS * len(prose)
        and fmean(prose_bytes(labelled[n][0]) for n in prose) < _TEASER_BYTES
    )


def _declared(document: Document) -> PageType | None:
    types = frozenset[str]().union(*document.ld_types)
    return next((kind for name, kind in _DECLARED.items() if name in types), None)


def _is_front(document: Document) -> bool:
    return bool(document.url) and urlsplit(document.url or "").path in {"", "/"}
