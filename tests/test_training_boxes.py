"""The invented boxes that training grafts into pages: well-formed, varied and nobody's own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import get_args

import pytest
from lxml import etree

import newscrawl
from newscrawl.extraction.blocks import read_blocks
from newscrawl.records import REMOVED_LABELS, StoryLabel

BOXES = sorted((Path(newscrawl.__file__).parent / "training" / "boxes").iterdir())
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in BOXES)
PARSERS = {path: etree.HTMLParser() for path in BOXES}
TREES = {path: etree.fromstring(path.read_text(encoding="utf-8"), PARSERS[path]) for path in BOXES}
NAMES = {
    fragment: f"{path.stem}-{fragment.get('data-label')}-{fragment.sourceline}"
    for path, tree in TREES.items()
    for fragment in tree.findall("body/section")
}
FRAGMENTS = list(NAMES)

LANGUAGES = frozenset(
    "en de fr es pt it nl sv no da fi pl cs hu ro bg el tr ru uk sr hr ar fa he hi bn ta id vi tl"
    " sw xh zh ja ko th sk et sl ms lt ca ur lv ka hy eu is".split()
)
LEAST = {
    "fundraising": 250,
    "body": 140,
    "paywall": 110,
    "newsletter": 95,
    "promo": 60,
    "related": 60,
    "author_bio": 55,
    "ad": 50,
    "legal": 30,
    "comments": 25,
    "share": 22,
    "consent": 18,
    "attribution": 11,
    "correction": 11,
    "caption": 10,
    "nav": 9,
}
ASKS = ("fundraising", "paywall", "newsletter")
URL_HOST = re.compile(r"(?:https?:)?//([^/\s\"'<>?#]+)", re.IGNORECASE)
MAIL_HOST = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
BARE_HOST = re.compile(
    r"(?<![\w.-])(?:[a-z0-9-]+\.)+(?:com|org|net|info|io|co|eu|uk|de|fr|es|it|nl|pl|ru|jp|cn)\b"
    r"|\bwww\.",
    re.IGNORECASE,
)


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=list(NAMES.values()))
def test_fragment(fragment: etree._Element) -> None:
    """Each has a known label and language, and all its text survives the wrapper's removal."""
    assert fragment.get("data-label") in REMOVED_LABELS | set(get_args(StoryLabel))
    assert fragment.get("lang") in LANGUAGES
    blocks, _ = read_blocks(fragment)
    assert blocks
    assert all(block.node for block in blocks), "text stands outside of the elements to graft"
    beside = [fragment.text, *(child.tail for child in fragment)]
    assert not any(text and text.strip() for text in beside)


@pytest.mark.parametrize("path", BOXES, ids=lambda path: path.stem)
def test_file_is_nothing_but_fragments(path: Path) -> None:
    """Every label stands on a wrapper at the top, and the parser had nothing to move or mend."""
    tree = TREES[path]
    assert tree.findall(".//*[@data-label]") == tree.findall("body/section")
    assert tree.findall("body/*") == tree.findall("body/section")
    errors = PARSERS[path].error_log
    mended = [error for error in errors if error.type_name != "HTML_UNKNOWN_TAG"]
    assert mended == []  # libxml2 knows HTML 4: it reads "section" well, and mentions it


@pytest.mark.parametrize(("label", "least"), LEAST.items())
def test_enough_of_each_label(label: str, least: int) -> None:
    """No label has shrunk to a handful of examples."""
    assert Counter(fragment.get("data-label") for fragment in FRAGMENTS)[label] >= least


@pytest.mark.parametrize("label", ASKS)
def test_asks_in_many_languages(label: str) -> None:
    """The words of an ask are never those of one language."""
    spoken = {f.get("lang") for f in FRAGMENTS if f.get("data-label") == label}
    assert len(spoken) >= 15


def test_languages() -> None:
    """Each language comes with several fragments, of more than one label."""
    labels: dict[str | None, list[str | None]] = defaultdict(list)
    for fragment in FRAGMENTS:
        labels[fragment.get("lang")].append(fragment.get("data-label"))
    assert set(labels) == LANGUAGES
    assert {lang for lang, seen in labels.items() if len(seen) < 3 or len(set(seen)) < 2} == set()


def test_a_fragment_stands_once() -> None:
    """No text is there twice under one label: a copy would weigh double in training."""
    texts = Counter(
        (fragment.get("data-label"), " ".join("".join(map(str, fragment.itertext())).split()))
        for fragment in FRAGMENTS
    )
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_real_place_on_the_web() -> None:
    """Links and addresses lead to *.example, and no other host is named in a text."""
    hosts = [*URL_HOST.findall(SOURCE), *MAIL_HOST.findall(SOURCE)]
    assert hosts
    assert {host for host in hosts if not host.endswith(".example")} == set()
    assert BARE_HOST.findall(SOURCE) == []
