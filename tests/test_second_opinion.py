"""readability-lxml's story, found again among the blocks."""

from __future__ import annotations

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.second_opinion import readable_blocks

PARAGRAPH = (
    "<p>The ferry over the Ostra stops running at dusk from Monday on, the port said, and nobody "
    "in the valley knows yet how the late shift of the mill is to get home, let alone when. Much "
    "of it, says the Ostra Daily, walks.</p>"
)
PAGE = (
    "<html><body><header><ul><li><a href='/'>Ostra Daily</a></li><li><a href='/v'>valley</a></li>"
    f"</ul></header><article>{PARAGRAPH * 3}<h2>Ferries</h2>{PARAGRAPH * 3}</article></body></html>"
)


def test_short_blocks_are_the_storys_as_a_whole() -> None:
    """A menu's word that stands in a sentence is no part of the story; its sub-heading is."""
    blocks, _ = read_blocks(parse(PAGE.encode()))
    found = readable_blocks(PAGE, blocks)
    assert [block.text for block in blocks if block.index not in found] == ["Ostra Daily", "valley"]
    assert "Ferries" in {blocks[index].text for index in found}
