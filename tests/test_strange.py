"""Strange stories: what sets one apart from the others of its run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newscrawl.records import Access, Article, Extractor
from newscrawl.views.strange import Strange, Strangeness, traits
from newscrawl.views.top import Top
from tests.runs import article


def _strange(*articles: Article) -> list[Strange[str]]:
    strangeness: Strangeness[str] = Strangeness()
    for each in articles:
        strangeness.add(each.id, each.word_count, traits(each))
    return list(strangeness.most())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"date_published": None}, "no date"),
        ({"byline": None}, "no byline"),
        ({"access": Access(truncated=True)}, "the text looks cut"),
        ({"extractor": Extractor(version="0", path="labeller", confidence=0.5)}, "unsure of the"),
        ({"extractor": Extractor(version="0", path="embedded", confidence=1)}, "body from the"),
        ({"page_type": "live"}, "a live page"),
        ({"language": "de"}, "language de"),
        ({"word_count": 9}, "short"),
        ({"word_count": 9_000}, "long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_trait_that_others_have_not(changes: dict[str, Any], reason: str) -> None:
    """One story in twenty is named with its reason, and how many share it."""
    (found,) = _strange(*map(article, range(19)), replace(article(99), **changes))
    assert found.story == "99"
    assert found.reasons[0].startswith(reason)
    assert found.reasons[0].endswith(" (1 of 20)")


def test_what_all_have_is_not_strange() -> None:
    """On a site without dates and bylines, none is strange for having none."""
    assert _strange(*(article(n, date_published=None, byline=None) for n in range(20))) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_few_stories_have_no_pattern(count: int) -> None:
    """Where there is nothing to compare with, nothing is strange."""
    assert _strange(*(article(n, language=f"l{n}") for n in range(count))) == []


def test_the_rarest_comes_first() -> None:
    """What fewer stories share weighs more, and several traits weigh together."""
    many = [article(n) for n in range(40)]
    many[10:14] = [article(n, byline=None) for n in range(10, 14)]
    many[20] = article(20, date_published=None)
    many[30] = article(30, date_published=None, byline=None)
    assert [found.story for found in _strange(*many)] == ["30", "20", "10", "11", "12", "13"]


def test_strange_stories_are_bounded() -> None:
    """However many there are, ten are named, and what is kept doesn't grow with the run."""
    strangeness: Strangeness[int] = Strangeness()
    for number in range(5_000):
        strangeness.add(number, 300, frozenset({f"in {number}"}))
    assert len(strangeness.most()) == 10
    assert len(strangeness._alike) == 1_000


def test_top_keeps_the_highest_and_the_earlier() -> None:
    """The highest keys stay, of equal ones the first; the others are counted."""
    top: Top[str] = Top(3)
    for key, item in ((1, "a"), (5, "b"), (1, "c"), (1, "d"), (9, "e")):
        top.add(key, item)
    assert (top.items, top.more) == (["e", "b", "a"], 2)
