"""The short pages that come with newscrawl to train on: whole, labelled and nobody's own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from lxml import etree

import newscrawl
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import StoryLabel
from newscrawl.training.evidence import UNKNOWN
from newscrawl.training.pages import TrainingPage
from newscrawl.training.written import written_pages

FILES = sorted((Path(newscrawl.__file__).parent / "training" / "short_pages").iterdir())
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
PAGES = written_pages()
STORYS = set(get_args(StoryLabel)) - {"author_bio"}
HOST = re.compile(r"(?:https?:)?//([^/\s\"'<>?#]+)|[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)


def _labels(page: TrainingPage) -> list[str]:
    return [LABELS[number] for number in page.read.evidence.labels.tolist()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.read.site)
def test_page(page: TrainingPage) -> None:
    """Each has a language and a label for every block; and a headline and a text, or no story."""
    labels = _labels(page)
    if "body" in labels:
        assert labels.count("headline") == 1
        assert page.hints.headline == page.read.blocks[labels.index("headline")].text
    else:
        assert STORYS.isdisjoint(labels)
        assert page.hints.headline
    assert page.read.language
    assert (page.read.evidence.labels != UNKNOWN).all()
    assert (page.read.evidence.story == UNKNOWN).all()
    assert page.read.outline.tags[:2] == ["html", "body"]


def test_pages_are_short_and_many() -> None:
    """Two fifths of the stories are one paragraph, a seventh of the pages has none, and they are in
    many languages."""
    lengths = np.array([_labels(page).count("body") for page in PAGES])
    assert len(PAGES) > 400
    assert (lengths[lengths > 0] == 1).mean() > 0.4
    assert 0.12 < (lengths == 0).mean() < 0.18
    assert lengths.max() < 30
    spoken = Counter(page.read.language for page in PAGES)
    assert len(spoken) > 40
    assert spoken.most_common(1)[0][1] < 0.2 * len(PAGES)


def test_a_story_stands_once() -> None:
    """No paragraph is there twice."""
    texts = Counter(
        block.text
        for page in PAGES
        for block, label in zip(page.read.blocks, _labels(page), strict=True)
        if label == "body" and len(block.text) > 60
    )
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_markup_is_sound(path: Path) -> None:
    """The parser had nothing to mend; libxml2 knows HTML 4, and mentions newer elements."""
    parser = etree.HTMLParser(encoding="utf-8")
    tree = etree.fromstring(path.read_bytes(), parser)
    assert tree.findall("body/*") == tree.findall("body/section")
    mended = [error for error in parser.error_log if error.type_name != "HTML_UNKNOWN_TAG"]
    assert mended == []


def test_no_real_place_on_the_web() -> None:
    """Links and addresses lead to *.example."""
    hosts = {host for match in HOST.finditer(SOURCE) for host in match.groups() if host}
    assert {host for host in hosts if not host.endswith(".example")} == set()
