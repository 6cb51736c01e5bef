"""Blocks are the page's text as a reader sees it, in order, each with its place."""

from __future__ import annotations

import pytest

from newscrawl.extraction.blocks import MAX_BLOCKS, read_blocks
from newscrawl.extraction.document import parse
from newscrawl.records import Block


def blocks_of(body: str) -> list[Block]:
    page = f"<html><body>{body}</body></html>"
    return read_blocks(parse(page))[0]


TEXTS = [
    pytest.param("<p>One <b>bold</b> <a href=x>link</a>.</p>", ["One bold link."], id="inline run"),
    pytest.param("<p>One<br>two</p>", ["One\ntwo"], id="line break"),
    pytest.param("<div>One<br><br>two<br> <br/>three</div>", ["One", "two", "three"], id="double"),
    pytest.param(
        "<div>One<p>two</p>three</div>", ["One", "two", "three"], id="text around a block"
    ),
    pytest.param("<p>a<script>b</script>c<style>d</style></p>", ["ac"], id="script and style"),
    pytest.param(
        "<p>a<!-- b -->c</p><template><p>d</p></template>", ["ac"], id="comment, template"
    ),
    pytest.param("<ul><li>a<li>b</ul>", ["a", "b"], id="list"),
    pytest.param("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"], id="table cells"),
    pytest.param("<p>a&nbsp;&nbsp;b\u200bc\u00add</p>", ["a bcd"], id="invisible characters"),
    pytest.param("<x-teaser>a</x-teaser>b", ["a", "b"], id="unknown element"),
    pytest.param("<p>a <span hidden>b</span> c</p>", ["a", "b", "c"], id="hidden inline text"),
    pytest.param("<p> </p><p>&#8203;</p>", [], id="nothing to see"),
]


@pytest.mark.parametrize(("body", "texts"), TEXTS)
def test_texts(body: str, texts: list[str]) -> None:
    """Runs of inline text are joined, blocks and double breaks part them, code is left out."""
    assert [block.text for block in blocks_of(body)] == texts


HIDDEN = [
    ("<div hidden><p>a</p></div>", True),
    ('<div style="color:red; display : none"><p>a</p></div>', True),
    ('<p style="visibility:hidden">a</p>', True),
    ("<dialog>a</dialog>", True),
    ("<dialog open>a</dialog>", False),
    ('<p style="display:block">a</p>', False),
]


@pytest.mark.parametrize(("body", "hidden"), HIDDEN)
def test_hidden(body: str, *, hidden: bool) -> None:
    """A block inside a hidden element is hidden, too."""
    assert [block.hidden for block in blocks_of(body)] == [hidden]


def test_path_leads_back_to_the_element() -> None:
    """A block's path is an XPath of its element."""
    page = "<html><body><div>a</div><div><p>b</p><p>c <i>d</i></p></div></body></html>"
    root = parse(page)
    blocks, _ = read_blocks(root)
    found = [root.find(block.path.removeprefix("/html/")) for block in blocks]
    assert [(e.tag, e.text) for e in found if e is not None] == [
        ("div", "a"),
        ("p", "b"),
        ("p", "c "),
    ]


def test_link_density() -> None:
    """Link density is the share of characters inside links."""
    block, other = blocks_of("<p><a href=x>1234</a> 6789</p><p>plain</p>")
    assert block.link_density == pytest.approx(4 / 9, abs=0.001)
    assert other.link_density == 0


def test_blocks_are_bounded() -> None:
    """A page of 100,000 blocks gives the first 20,000."""
    blocks = blocks_of("".join(f"<p>{n}</p>" for n in range(100_000)))
    assert len(blocks) == MAX_BLOCKS
    assert blocks[-1].text == str(MAX_BLOCKS - 1)
