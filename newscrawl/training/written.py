"""What comes with newscrawl to train on: boxes and short pages of invented publications."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import numpy as np
from lxml import etree

from newscrawl.extraction.blocks import path_of, read_blocks
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import Block, LabelName
from newscrawl.training.evidence import UNKNOWN, Evidence
from newscrawl.training.pages import Box, ReadPage, TrainingPage, spoken


@cache
def written_boxes() -> dict[LabelName, list[Box]]:
    """The boxes, by label."""
    found: dict[LabelName, list[Box]] = {}
    for section in _sections("boxes"):
        blocks, outline = read_blocks(section)
        box = Box(spoken(section.get("lang")), blocks, outline, 1, len(outline.tags))
        found.setdefault(LABELS[_number(section)], []).append(box)
    return found


@cache
def written_pages() -> list[TrainingPage]:
    """The pages; every block has a label."""
    return [_page(section, f"written-{n}") for n, section in enumerate(_sections("short_pages"))]


def _sections(folder: str) -> Iterator[etree._Element]:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True)
    for file in sorted((files(__package__) / folder).iterdir(), key=lambda file: file.name):
        for section in etree.fromstring(file.read_bytes(), parser).iterfind("body/section"):
            section.tail = None
            yield section


def _page(section: etree._Element, site: str) -> TrainingPage:
    """A section as a page: ``data-description`` is what it declares as its description, and
    ``data-title``, where it has no headline, as its title."""
    root = etree.Element("html")
    etree.SubElement(root, "body").extend(section)
    elements = {path_of(element): element for element in root.iter()}
    blocks, outline = read_blocks(root)
    labels = np.array([_label(block, elements[block.path]) for block in blocks], np.int32)
    nothing = np.full(len(blocks), UNKNOWN, np.float32)
    evidence = Evidence(labels, nothing, np.zeros(len(blocks), np.float32))
    headlines = (b.text for b, n in zip(blocks, labels, strict=True) if LABELS[n] == "headline")
    headline = next(headlines, section.get("data-title"))
    description = section.get("data-description")
    hints = Hints(headline, [description] if description else [])
    page = ReadPage(site, spoken(section.get("lang")), blocks, outline, evidence)
    return TrainingPage(page, hints)


def _label(block: Block, element: etree._Element) -> int:
    """The label around a block's element, or else that of the line in it that the block begins
    with."""
    around = (element, *element.iterancestors())
    inside = (e for e in element.iterdescendants() if block.text.startswith(_text(e)))
    return _number(next(e for e in (*around, *inside) if e.get("data-label")))


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _number(element: etree._Element) -> int:
    return LABELS.index(element.get("data-label"))
