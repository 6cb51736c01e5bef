"""What a page is. In doubt it is an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from newscrawl.extraction.blocks import size
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.document import Document
from newscrawl.extraction.teasers import SHORT_STORY, Telling, read_telling
from newscrawl.extraction.text import folded
from newscrawl.records import PageType

_DECLARED: dict[str, PageType] = {
    "LiveBlogPosting": "live",
    "SearchResultsPage": "search",
    "CollectionPage": "section",
    "ImageGallery": "gallery",
    "MediaGallery": "gallery",
    "VideoObject": "video",
}
_MANY_TITLES = 15
_LONG_HEADLINE = 50
"""Bytes; the name of a section is shorter."""
_HTTP_ERROR = 400
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default|home)(?:\.\w+)?)?")
_SEARCH_PATH = re.compile(r"(?:re)?(?:search|suche|cherche|buscar?|cerca|ricerca|zoeken|sok)")
_SEARCH_KEYS = frozenset({"q", "query", "s", "search"})
_NOT_FOUND = re.compile(
    r"404|(?:error|fehler|erreur|errore) 404|404 (?:error|not found|page not found)"
    r"|(?:page|file|content) (?:was |could |can |is )?not (?:be )?found"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvee)"
    r"|pagina (?:no encontrada|nao encontrada|non trovata|niet gevonden)"
    r"|(?:sidan|siden) (?:hittades inte|finns inte|ble ikke funnet|blev ikke fundet)"
    r"|sivua ei loytynyt|nie znaleziono strony|strona nie zostala znaleziona"
    r"|страница не наидена|sayfa bulunamadı"
    r"|(?:お探しの)?ヘーシ(?:か|は)見つかりません(?:てした)?|(?:页面|頁面|网页)(?:不存在|未找到)"
)
"""Folded titles of error pages that come with status 200."""


def page_type(
    document: Document, labelled: Sequence[Labelled], status: int | None = None
) -> PageType:
    """The page's type, from the HTTP status, what it declares, and whether a story is there."""
    if status is not None and status >= _HTTP_ERROR:
        return "error"
    declared, is_front = _declared(document), _is_front(document)
    if declared == "live":
        return "live"
    if document.story is not None or (_says_article(document) and not is_front):
        return "article"
    telling = read_telling(labelled)
    if telling.story < SHORT_STORY:
        if _is_not_found(document, labelled):
            return "error"
        if declared or not labelled:
            return declared or "other"
    if _announces(telling, labelled, is_front=is_front) and _announces(
        read_telling(labelled, document), labelled, is_front=is_front
    ):
        return "search" if _is_search(document) else "section"
    return "article"


def _announces(telling: Telling, labelled: Sequence[Labelled], *, is_front: bool) -> bool:
    """Whether there is no story, but a list of titles, with a teaser each or without."""
    if telling.is_list(is_front=is_front):
        return True
    if telling.story >= SHORT_STORY:
        return False
    is_bare = telling.titles >= _MANY_TITLES and not any(telling.paragraphs)
    return is_front or (is_bare and not _has_headline(labelled))


def _has_headline(labelled: Sequence[Labelled]) -> bool:
    """Whether a heading has a story's length: what it is about may just not have been found."""
    return any(
        block.tag == "h1" and not block.link_density and size(block) >= _LONG_HEADLINE
        for block, _ in labelled
    )


def _declared(document: Document) -> PageType | None:
    types = frozenset[str]().union(*document.ld_types)
    found = next((kind for name, kind in _DECLARED.items() if name in types), None)
    is_video = any(kind.startswith("video") for kind in document.meta.get("og:type", ()))
    return found or ("video" if is_video else None)


def _says_article(document: Document) -> bool:
    return "article" in document.meta.get("og:type", ()) or bool(
        document.first_meta("article:published_time")
    )


def _is_not_found(document: Document, labelled: Sequence[Labelled]) -> bool:
    """Whether the page's title, or a heading on it, says that there is no such page."""
    title = re.split(r"\s[|–—-]\s", document.title or "")
    headings = [block.text for block, _ in labelled if block.tag in {"h1", "h2"}]
    return any(_NOT_FOUND.fullmatch(folded(text)) for text in (*title, *headings))


def _is_front(document: Document) -> bool:
    """Whether the address is that of a site, or of its edition in a language."""
    parts = urlsplit(document.url or "-")
    return not parts.query and bool(_FRONT.fullmatch(parts.path.lower()))


def _is_search(document: Document) -> bool:
    parts = urlsplit(document.url or "")
    asked = _SEARCH_KEYS.intersection(parse_qs(parts.query))
    return bool(asked) or any(map(_SEARCH_PATH.fullmatch, parts.path.lower().split("/")))
