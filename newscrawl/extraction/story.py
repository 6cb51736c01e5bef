"""Which JSON-LD object describes the page's own story."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import unquote, urlsplit

from newscrawl.extraction.linked_data import Node, first_text, texts
from newscrawl.extraction.text import folded

_ARTICLES = frozenset(
    {
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "LiveBlogPosting",
        "Article",
        "BlogPosting",
        "Report",
        "TechArticle",
        "ScholarlyArticle",
        "SatiricalArticle",
        "AdvertiserContentArticle",
        "SocialMediaPosting",
    }
)


_RECIPES = frozenset({"Recipe"})
"""Beside an article a recipe is only a part of it."""


def story_node(
    nodes: Sequence[Node],
    types: Sequence[frozenset[str]],
    addresses: Collection[str],
    names: Collection[str],
) -> Node | None:
    """The article about the page at ``addresses`` that is called one of ``names``, else the recipe.

    ``types`` are those of each of ``nodes``: articles of any kind may be the page's story.
    Address counts more than name, name more than richness, and then the outer and earlier one wins.
    An object that names another address and another headline is about another story.
    """
    paths = {path for a in addresses if (path := _path(a))}
    titles = [folded(n) for n in names]
    for wanted in (_ARTICLES, _RECIPES):
        ranked = (
            (_agrees(_paths(node), paths), _named(node, titles), min(len(node), 4), -i, node)
            for i, (node, kinds) in enumerate(zip(nodes, types, strict=True))
            if not kinds.isdisjoint(wanted)
        )
        best = max(ranked, key=lambda row: row[:4], default=None)
        if best and (best[0] >= 0 or best[1] >= 0):
            return best[4]
    return None


def _agrees(own: set[str], expected: set[str]) -> int:
    """1 for a shared path, -1 for paths that differ, 0 when there is nothing to compare."""
    if not own or not expected:
        return 0
    return 1 if own & expected else -1


def _named(node: Node, titles: Sequence[str]) -> int:
    own = folded(first_text(node, "headline", "name"))
    if not own or not titles:
        return 0
    return 1 if any(own in title or title in own for title in titles if title) else -1


def _paths(node: Node) -> set[str]:
    found = (_path(a) for a in texts(node, "url", "mainEntityOfPage", "@id"))
    return {path for path in found if path}


def _path(address: str) -> str | None:
    """An address without host, query, fragment and closing slash; ``None`` for a homepage."""
    try:
        path = unquote(urlsplit(address).path).rstrip("/")
    except ValueError:
        return None
    return path or None
