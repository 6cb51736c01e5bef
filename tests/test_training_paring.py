"""Pages with less of a story, and less around it: what stays is whole, its evidence in step."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from newscrawl.extraction.blocks import prose_bytes
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.training import paring
from newscrawl.training.pages import ReadPage
from newscrawl.training.paring import pared
from tests.training_pages import HOSTS, assert_whole, rows, short_page, texts

SEEDS = range(40)


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paring, "_PARED", 1)


def _pared(seed: int) -> tuple[ReadPage, ReadPage]:
    page = HOSTS[seed % len(HOSTS)]
    return page, pared(page, random.Random(seed))  # noqa: S311 - repeatable


def _paragraphs(page: ReadPage) -> list[str]:
    story = page.evidence.is_story().tolist()
    return [b.text for b, told in zip(page.blocks, story, strict=True) if told and prose_bytes(b)]


@pytest.mark.parametrize("seed", SEEDS)
def test_page_stays_whole(seed: int) -> None:
    """What is left has its order, its evidence and its elements."""
    page, less = _pared(seed)
    assert_whole(less)
    before = iter(rows(page))
    assert all(row in before for row in rows(less))
    own = iter(zip(page.outline.tags, page.outline.names, page.outline.targets, strict=True))
    left = zip(less.outline.tags, less.outline.names, less.outline.targets, strict=True)
    assert all(element in own for element in left)


@pytest.mark.parametrize("seed", SEEDS)
def test_story_is_its_first_paragraphs(seed: int) -> None:
    """At most four paragraphs are left of the story, the first ones."""
    page, less = _pared(seed)
    paragraphs = _paragraphs(less)
    assert len(paragraphs) <= 4
    assert paragraphs == _paragraphs(page)[: len(paragraphs)]


def test_some_pages_lose_their_story() -> None:
    """Pages that only ask have none; what is around it stays."""
    page = HOSTS[0]
    storyless = [less for less in _many(page) if not _paragraphs(less)]
    assert 0 < len(storyless) < 20
    around = len(texts(page)) - int(page.evidence.is_story().sum())
    assert {len(texts(less)) for less in storyless} == {around}


def test_surroundings_may_go() -> None:
    """Some pages keep all that isn't story, others nothing or a part of it."""
    page = HOSTS[0]
    around = {len(texts(less)) - len(_paragraphs(less)) for less in _many(page)}
    whole = len(texts(page)) - int(page.evidence.is_story().sum())
    assert {0, whole} <= around
    assert len(around) > 2


def test_elements_go_with_their_text() -> None:
    """No empty paragraph tells of the ones that stood there; pictures stay."""
    story = "".join(f"<p>Paragraph {n} of the story. {'It goes on. ' * 9}</p>" for n in range(9))
    page = short_page(f"<main><img src=a.png>{story}</main>")
    for less in _many(page):
        assert less.outline.tags.count("p") == len(less.blocks) < 5
        assert "img" in less.outline.tags


def test_text_between_the_paragraphs_of_an_inline_element() -> None:
    """What stands on an outer element between an inner one's blocks takes none of them with it."""
    ferry = "The ferry stops at dusk, the port said on Friday, and nobody knows for how long. "
    inner = f"<span><div>Chronicle</div>{ferry}<p>Give today</p></span>"
    page = short_page(f"<p>{ferry}</p><div>{ferry}{inner}</div><footer>Imprint</footer>")
    labels = page.evidence.labels.copy()
    labels[-2:] = LABELS.index("fundraising")
    page = replace(page, evidence=replace(page.evidence, labels=labels))
    for less in _many(page):
        assert [b.tag for b in less.blocks] == [less.outline.tags[b.node] for b in less.blocks]


def test_page_without_a_story_stays() -> None:
    """Where no paragraph is known to be story there is nothing to pare."""
    page = short_page("<nav><a href=/>Home</a></nav>")
    assert all(less is page for less in _many(page))


def test_some_pages_are_pared(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default most pages stay as they are."""
    monkeypatch.undo()
    same = sum(less is HOSTS[0] for less in _many(HOSTS[0], 100))
    assert 40 < same < 80


def _many(page: ReadPage, count: int = 40) -> list[ReadPage]:
    return [pared(page, random.Random(seed)) for seed in range(count)]  # noqa: S311 - repeatable
