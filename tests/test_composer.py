"""The composer puts each block in one place, and says where the removed ones stood."""

from __future__ import annotations

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.composer import Labelled, compose_body, compose_removed
from newscrawl.extraction.document import parse
from newscrawl.records import Label, LabelName, Removed

BODY: tuple[LabelName] = ("body",)


def labelled(page: str, *names: LabelName) -> list[Labelled]:
    blocks, _ = read_blocks(parse(f"<body>{page}"))
    labels = [Label(name, 0.9 - n / 100, f"reason {n}") for n, name in enumerate(names)]
    return list(zip(blocks, labels, strict=True))


def test_body_is_its_blocks_and_rows() -> None:
    """Blocks are separated by a blank line, the cells of a row by a bar."""
    page = labelled(
        "<p>a<br><br>b</p><table><tr><td>c<td>d<tr><td>e<td>f</table><p>g<br>h</p>",
        *BODY * 7,
    )
    assert compose_body(page) == "a\n\nb\n\nc | d\n\ne | f\n\ng\nh"


def test_no_body() -> None:
    """A page without body blocks has no body, rather than an empty one."""
    assert compose_body(labelled("<p>a", "nav")) is None


def test_neighbours_with_one_label_are_one_entry() -> None:
    """A run of one label is one entry: a line a block, the lowest confidence, the first reason."""
    page = labelled(
        "<p>a<div><p>b<p>c<br>d</div><p>e", "body", "fundraising", "fundraising", "body"
    )
    assert compose_removed(page, "asks") == (
        Removed(
            label="fundraising",
            text="b\nc\nd",
            confidence=0.88,
            reason="reason 1",
            path="/html/body/div[1]",
            after=1,
        ),
    )


def test_after_counts_the_pieces_of_the_body() -> None:
    """``after`` counts what the body's blank lines separate: a row of cells is one piece."""
    page = labelled(
        "<p>a<table><tr><td>b<td>ad<td>c</table><p>ad", "body", "body", "ad", "body", "ad"
    )
    body = compose_body(page)
    assert body == "a\n\nb | c"
    assert [entry.after for entry in compose_removed(page, "all")] == [2, len(body.split("\n\n"))]
