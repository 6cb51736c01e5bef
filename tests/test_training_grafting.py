"""Boxes grafted into labelled pages: the page stays whole, and its evidence in step."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from newscrawl.extraction.blocks import Outline
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.training import grafting
from newscrawl.training.corpus import read_corpus
from newscrawl.training.evidence import UNKNOWN
from newscrawl.training.fitting import read_training_pages
from newscrawl.training.grafting import Grafter, ReadPage
from tests.cases import LABELLED

PAGES = [page.read for page in read_training_pages(read_corpus(LABELLED)).values()]
HOSTS = [page for page in PAGES if any(len(block.text) > 80 for block in page.blocks)]
"""Pages with paragraphs: where there are none, there is no place for a box."""
SEEDS = range(20)


def _grafted(page: ReadPage, seed: int) -> ReadPage:
    return Grafter(PAGES, seed).grafted(page)


def _texts(page: ReadPage) -> list[str]:
    return [block.text for block in page.blocks]


def _rows(page: ReadPage) -> list[tuple[str, int, float, float]]:
    """Text and evidence of each block."""
    told = page.evidence
    columns = (told.labels.tolist(), told.story.tolist(), told.worth.tolist())
    return list(zip(_texts(page), *columns, strict=True))


def _added(page: ReadPage, grafted: ReadPage) -> Counter[str]:
    return Counter(_texts(grafted)) - Counter(_texts(page))


def _parent_of(outline: Outline, node: int) -> int:
    """The innermost element whose range a node is in: its parent, by the ends alone."""
    return max((n for n in range(node) if outline.ends[n] > node), default=-1)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_block_is_lost(seed: int) -> None:
    """A page keeps its blocks, in their order, each with its evidence; only boxes are added."""
    page = HOSTS[seed % len(HOSTS)]
    grafted = _grafted(page, seed)
    after = iter(_rows(grafted))
    assert all(row in after for row in _rows(page))
    assert sum(_added(page, grafted).values()) == len(grafted.blocks) - len(page.blocks) > 0
    assert len(_rows(grafted)) == len(grafted.blocks)


@pytest.mark.parametrize("seed", SEEDS)
def test_outline_stays_a_tree(seed: int) -> None:
    """After a graft every element's parent is the one whose range it is in, and nodes fit tags."""
    grafted = _grafted(HOSTS[seed % len(HOSTS)], seed)
    outline = grafted.outline
    count = len(outline.tags)
    for row in (outline.parents, outline.ends, outline.names, outline.targets):
        assert len(row) == count
    assert outline.parents == [_parent_of(outline, node) for node in range(count)]
    assert all(node < end <= count for node, end in enumerate(outline.ends))
    nodes = [block.node for block in grafted.blocks]
    assert [outline.tags[node] for node in nodes] == [block.tag for block in grafted.blocks]


@pytest.mark.parametrize("seed", SEEDS)
def test_firsts_and_counts_fit(seed: int) -> None:
    """After a graft each element still holds a run of blocks: those that stand in it."""
    grafted = _grafted(HOSTS[seed % len(HOSTS)], seed)
    tree = Tree(grafted.blocks, grafted.outline)
    nodes = np.array([block.node for block in grafted.blocks])
    for node, (first, count) in enumerate(zip(tree.firsts, tree.counts, strict=True)):
        held = np.flatnonzero((nodes >= node) & (nodes < tree.ends[node]))
        assert held.tolist() == list(range(first, first + count))


@pytest.mark.parametrize("seed", SEEDS)
def test_box_stands_inside_the_story(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single box is one run of blocks of one label in the element that holds the story."""
    monkeypatch.setattr(grafting, "_MOST_BOXES", 1)
    monkeypatch.setattr(grafting, "_OUTSIDE", 0)
    page = HOSTS[seed % len(HOSTS)]
    grafted = _grafted(page, seed)
    story = grafting._container(page, Tree(page.blocks, page.outline))
    size = len(grafted.blocks) - len(page.blocks)
    old, new = _texts(page), _texts(grafted)
    # Where a box ends like what stands before it, several places explain the new page.
    places = [at for at in range(len(old) + 1) if old[:at] + new[at : at + size] + old[at:] == new]
    boxes = [grafted.blocks[at : at + size] for at in places]
    inside = range(story + 1, grafted.outline.ends[story])
    assert any(all(block.node in inside for block in box) for box in boxes)
    assert any(len(set(grafted.evidence.labels[at : at + size].tolist())) == 1 for at in places)
    assert all(grafted.evidence.story[at] == UNKNOWN for at in places)
    assert not any(block.hidden for box in boxes for block in box)


def test_box_stands_around_the_story() -> None:
    """An ask also stands in an element around the story's, hidden or shown; a caption never."""
    page = HOSTS[0]
    tree = Tree(page.blocks, page.outline)
    story = grafting._container(page, tree)
    grafter = Grafter(PAGES, 0)
    asks = {grafter._home(page, tree, "paywall") for _ in range(200)}
    around = {home for home, _ in asks} - {story}
    assert (story, False) in asks
    assert around == set(tree.chain(story)[1:-1])
    assert {hidden for home, hidden in asks if home in around} == {True, False}
    assert {grafter._home(page, tree, "caption") for _ in range(200)} == {(story, False)}


def test_names_of_the_page_stay() -> None:
    """A graft changes no element of the page: tags, names and targets are all still there."""
    for seed in SEEDS:
        page = HOSTS[seed % len(HOSTS)]
        before, after = page.outline, _grafted(page, seed).outline
        own = iter(zip(after.tags, after.names, after.targets, strict=True))
        rows = zip(before.tags, before.names, before.targets, strict=True)
        assert all(row in own for row in rows)


def test_same_seed_same_page() -> None:
    """Grafting is repeatable, and another seed grafts something else."""
    page = PAGES[0]
    assert _texts(_grafted(page, 5)) == _texts(_grafted(page, 5))
    assert len({tuple(_texts(_grafted(page, seed))) for seed in SEEDS}) > 1
