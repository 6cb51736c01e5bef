"""Boxes grafted into labelled pages: the page stays whole, and its evidence in step."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from newscrawl.extraction.labelling.model import LABELS
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.training import grafting
from newscrawl.training.evidence import UNKNOWN
from newscrawl.training.grafting import Grafter
from newscrawl.training.pages import ReadPage
from newscrawl.training.written import written_boxes
from tests.training_pages import HOSTS, PAGES, assert_whole, rows, short_page, texts

SEEDS = range(20)
STORY = "".join(
    f"<p>The ferry stops at dusk, the port said, for the {n}th time.</p>" for n in "456"
)


def _grafted(page: ReadPage, seed: int) -> ReadPage:
    return Grafter(PAGES, seed).grafted(page)


def _added(page: ReadPage, grafted: ReadPage) -> Counter[str]:
    return Counter(texts(grafted)) - Counter(texts(page))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_block_is_lost(seed: int) -> None:
    """A page keeps its blocks, in their order, each with its evidence; only boxes are added."""
    page = HOSTS[seed % len(HOSTS)]
    grafted = _grafted(page, seed)
    after = iter(rows(grafted))
    assert all(row in after for row in rows(page))
    assert sum(_added(page, grafted).values()) == len(grafted.blocks) - len(page.blocks) > 0
    assert len(rows(grafted)) == len(grafted.blocks)


@pytest.mark.parametrize("seed", SEEDS)
def test_outline_stays_a_tree(seed: int) -> None:
    """After a graft the outline is a tree, and each block stands on its element."""
    assert_whole(_grafted(HOSTS[seed % len(HOSTS)], seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_box_stands_inside_the_story(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single box is one run of blocks of one label in the element that holds the story."""
    monkeypatch.setattr(grafting, "_MOST_BOXES", 1)
    monkeypatch.setattr(grafting, "_OUTSIDE", 0)
    page = HOSTS[seed % len(HOSTS)]
    grafted = _grafted(page, seed)
    story = grafting._container(page, Tree(page.blocks, page.outline))
    size = len(grafted.blocks) - len(page.blocks)
    old, new = texts(page), texts(grafted)
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
        there = zip(before.tags, before.names, before.targets, strict=True)
        assert all(element in own for element in there)


def test_page_of_one_paragraph_is_a_place() -> None:
    """Where the story is one paragraph, boxes stand around it, not in it."""
    page = short_page("<main><p>{}</p></main>".format("A ferry stops at dusk. " * 9))
    for seed in SEEDS:
        grafted = _grafted(page, seed)
        assert_whole(grafted)
        assert len(grafted.blocks) > 1
        [text] = [block for block in grafted.blocks if block.text == page.blocks[0].text]
        assert grafted.outline.ends[text.node] == text.node + 1


def test_boxes_of_a_page_may_be_of_one_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites repeat what they ask for: around a story and in it stand the same words."""
    monkeypatch.setattr(grafting, "_BESIEGED", 1)
    monkeypatch.setattr(grafting, "_AGAIN", 1)
    monkeypatch.setattr(grafting, "_FLATTENED", 1)
    page = short_page(STORY)
    for seed in SEEDS:
        grafted = _grafted(page, seed)
        added = _added(page, grafted)
        labels = grafted.evidence.labels[[block.text in added for block in grafted.blocks]]
        assert len(set(labels.tolist())) == 1
        assert len(set(added.values())) == 1


def test_box_may_stand_first() -> None:
    """An appeal stands before the first paragraph, too, and behind the last."""
    page = short_page(STORY)
    first, last = texts(page)[0], texts(page)[-1]
    seen = [texts(_grafted(page, seed)) for seed in SEEDS]
    assert any(found[0] != first for found in seen)
    assert any(found[-1] != last for found in seen)


def test_boxes_speak_their_pages_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in another language than the page's around it isn't known by that."""
    monkeypatch.setattr(grafting, "_SAME_LANGUAGE", 1)
    grafter = Grafter(PAGES, 0)
    for language in ("fr", "ja"):
        boxes = [grafter._box("fundraising", language) for _ in range(40)]
        assert {box.language for box in boxes} == {language}
    assert grafter._box("fundraising", "tlh").blocks


def test_box_as_plain_paragraphs() -> None:
    """A flattened box has its lines, each in a paragraph without a name, links still links."""
    [box] = [
        box
        for boxes in written_boxes().values()
        for box in boxes
        if len(box.blocks) > 7 and sum(map(bool, box.outline.targets)) == 2
    ][:1]
    flat = box.flattened()
    assert [block.text for block in flat.blocks] == [block.text for block in box.blocks]
    count = len(box.blocks)
    assert flat.outline.tags == ["p"] * count
    assert flat.outline.names == [""] * count
    assert set(filter(None, flat.outline.targets)) <= set(box.outline.targets)
    assert any(flat.outline.targets)


def test_box_is_whole() -> None:
    """A box has the blocks of its element and no others, where an outer one has text between."""
    wall = "<span><div>Chronicle</div>For subscribers<p>The ferry stops at dusk.</p></span>"
    page = short_page(f"<main><div>Ports{wall}</div><p>Log in</p></main>")
    body, paywall = map(LABELS.index, ("body", "paywall"))
    labels = np.array([body, paywall, paywall, paywall, paywall], np.int32)
    page = replace(page, evidence=replace(page.evidence, labels=labels))
    boxes = [box for _, box in grafting._boxes(page)]
    assert [[block.text for block in box.blocks] for box in boxes] == [
        ["Chronicle"],
        ["The ferry stops at dusk."],
        ["Log in"],
    ]


def test_same_seed_same_page() -> None:
    """Grafting is repeatable, and another seed grafts something else."""
    page = PAGES[0]
    assert texts(_grafted(page, 5)) == texts(_grafted(page, 5))
    assert len({tuple(texts(_grafted(page, seed))) for seed in SEEDS}) > 1
