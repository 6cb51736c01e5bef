"""Where the user says that a site's stories stand: CSS that outdoes the labeller, for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate

from cssselect import HTMLTranslator
from lxml import etree

from newscrawl.extraction.blocks import path_of
from newscrawl.extraction.composer import Labelled
from newscrawl.records import Block, Label, Selectors

_TAKEN_IN = frozenset({"other", "nav", "related", "legal", "standfirst", "promo"})
"""What a block of the story may have been mistaken for; an ask is one wherever it stands."""


def with_selectors(
    labelled: Sequence[Labelled],
    root: etree._Element,
    selectors: Selectors | None,
    day: dt.date | None,
) -> Sequence[Labelled]:
    """The blocks of the page at ``root`` with what the user's selectors make of them.

    They don't count after their last day, ``day`` being that of the fetch, if any. Where ``body``
    matches nothing, the page is another than the user had in mind, and the labeller's word stands.
    """
    if selectors is None or (day is not None and day > selectors.until):
        return labelled
    body, away = _paths(root, selectors.body), _paths(root, selectors.remove)
    return [(block, _label(block, label, body, away)) for block, label in labelled]


def _label(block: Block, label: Label, body: AbstractSet[str], away: AbstractSet[str]) -> Label:
    if _is_inside(block, away):
        reason = "the site file's selector removes it"
        return Label("other", 1.0, reason) if label.name == "body" else label
    if not body or block.hidden:
        return label
    if not _is_inside(block, body):
        reason = "stands outside of what the site file selects"
        return Label("other", 1.0, reason) if label.name == "body" else label
    return Label("body", 1.0, "the site file selects it") if label.name in _TAKEN_IN else label


def _is_inside(block: Block, paths: AbstractSet[str]) -> bool:
    return not paths.isdisjoint(accumulate(block.path.split("/"), "{}/{}".format))


def _paths(root: etree._Element, selector: str | None) -> frozenset[str]:
    found = _compiled(selector)(root) if selector else []
    elements = found if isinstance(found, list) else []
    return frozenset(path_of(element) for element in elements if etree.iselement(element))


@lru_cache(maxsize=64)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))
