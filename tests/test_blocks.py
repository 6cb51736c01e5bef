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
    pytest.param(
        "<div><a href=x>By Jane Roe</a><time>Published: May 3, 2024</time></div>",
        ["By Jane Roe Published: May 3, 2024"],
        id="elements that only their style parts",
    ),
    pytest.param(
        "<p>H<sub>2</sub><b>O</b>, it<sup>4</sup><i>No</i></p>", ["H2O, it4 No"], id="formula, note"
    ),
    pytest.param("<p><i>Mac</i>Roe, <b>the</b><i>n</i></p>", ["MacRoe, then"], id="one word"),
    pytest.param(
        "<pre><span>open</span><span>File</span></pre>", ["openFile"], id="code in elements"
    ),
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
    pytest.param(
        "<form><label>Monthly</label><input type=radio><label>Once</label> $<input>a year"
        "<select><option>Card<option>Transfer</select>for<textarea>Name</textarea>us</form>",
        ["Monthly", "Once $", "a year", "Card Transfer", "for", "Name", "us"],
        id="fields between their labels",
    ),
    pytest.param("<p>a<input type=hidden>b</p>", ["ab"], id="hidden field"),
    pytest.param("<p> </p><p>&#8203;</p>", [], id="nothing to see"),
    pytest.param("<p>un<b>believ</b>able<nobr>!</nobr></p>", ["unbelievable!"], id="no space"),
    pytest.param("<p>a<span> </span>b\n<i>c</i> </p>", ["a b c"], id="space of an element's own"),
    pytest.param(
        "<p>a<span style='display:block'>b</span>c</p>", ["a", "b", "c"], id="styled as a block"
    ),
    pytest.param(
        "<p>a<a style='color:red; DISPLAY : flex' href=x>b</a></p>", ["a", "b"], id="styled link"
    ),
    pytest.param(
        "<p>a<span style='display:inline-block'>b</span>c</p>", ["abc"], id="styled, but inline"
    ),
    pytest.param("<p>a<span style='--display:block'>b</span></p>", ["ab"], id="other property"),
    pytest.param(
        "<div>One <b>bold</b>,<br>two<br>&nbsp;<br>three<br>\n<br><br>four</div>",
        ["One bold,\ntwo", "three", "four"],
        id="story in one div",
    ),
    pytest.param(
        "<table><tr><td>a<table><tr><td><p>b</p>c</td></tr></table>d</td></tr></table>",
        ["a", "b", "c", "d"],
        id="nested tables",
    ),
    pytest.param(
        "<pre>\nOne\n  two <b>bold\nthree</b>\n \n\nfour</pre>five\nsix",
        ["One\ntwo bold\nthree", "four", "five six"],
        id="preformatted",
    ),
    pytest.param(
        "".join(f"<span>{n}</span> " for n in range(1_000)),
        [" ".join(map(str, range(1_000)))],
        id="a thousand one-word spans",
    ),
    pytest.param("<p>a\u00a0\u200b\u00a0b\u2028c\ufeff</p>", ["a b c"], id="between spaces"),
    pytest.param("<p>\u0645\u06cc\u200c\u062e</p>", ["\u0645\u06cc\u200c\u062e"], id="joiner"),
    pytest.param("<p>a<noscript><p>b</p></noscript>c</p>", ["ac"], id="noscript"),
    pytest.param(
        "<p>\u6771<ruby>\u4eac<rp>(</rp><rt>\u304d\u3087\u3046</rt><rp>)</rp></ruby>\u3067</p>",
        ["\u6771\u4eac\u3067"],
        id="ruby",
    ),
    pytest.param(
        "<p><ruby>\n <rb>\u6e2f</rb>\n <rt>\u307f\u306a\u3068</rt>\n"
        " \u753a <rt>\u307e\u3061</rt>\n</ruby> one</p>",
        ["\u6e2f\u753a one"],
        id="ruby over lines",
    ),
    pytest.param(
        "<p><ruby>\u6e2f<rt>\u307f\u306a\u3068</ruby> one</p>", ["\u6e2f one"], id="open ruby"
    ),
    pytest.param(
        "<p>a<svg><text>b</text></svg>c<iframe>d</iframe></p>", ["ac"], id="drawing and frame"
    ),
    pytest.param(
        "<x-a><template shadowrootmode=open><p>a<template><p>b</template><p>c</template><p>d</x-a>",
        ["a", "c", "d"],
        id="a component's shadow",
    ),
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
    ('<dialog open style="display:none">a</dialog>', True),
    ("<p open hidden>a</p>", True),
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


def test_named_places_are_no_links() -> None:
    """A place that links lead to is none, as wide as it is; a script's button is one."""
    body = (
        "<a name=top><p>a</p><p><a href=x>b</a></p></a><a class=button>c</a><a name=x href=y>d</a>"
    )
    assert [block.link_density for block in blocks_of(body)] == [0, 1, 1]


def test_hidden_links_are_links() -> None:
    """A link that the page hides, or lays out as a block, counts as a link."""
    hidden, styled = blocks_of("<a hidden href=x>a</a><a style='display:block' href=x>b</a>")
    assert hidden.link_density == styled.link_density == 1


def test_outline() -> None:
    """The outline has every element that is read, and what it says of each stands at its index."""
    page = (
        '<html><body><div class="Box A" id="b"><p>a <a href="/X">b</a></p><p hidden><i>c</i></p>'
        '<script>d</script></div><form action="/Join"><input type="email"><input></form>'
    )
    _, outline = read_blocks(parse(page))
    assert outline.tags == "html body div p a p i form input input".split()
    assert outline.parents == [-1, 0, 1, 2, 3, 2, 5, 1, 7, 7]
    assert outline.ends == [10, 10, 7, 5, 5, 7, 7, 10, 9, 10]
    assert outline.names == ["", "", "box a b", *[""] * 7]
    assert outline.targets == [*[""] * 4, "/x", "", "", "/join", "input:email", ""]
    assert outline.hidden == [*[False] * 5, True, True, *[False] * 3]


def test_names() -> None:
    """What holds a block is named, an element of its line only where that is around one, too."""
    page = (
        "<body class=a><section class=b><i class=c>d</i><b class=e>f<div class=g>h</div>i"
        "<br><br>j</b></section><div class=k></div>"
    )
    _, outline = read_blocks(parse(page))
    assert outline.tags == "html body section i b div br br div".split()
    assert outline.names == ["", "a", "b", "", "e", "g", "", "", ""]


def test_blocks_are_bounded() -> None:
    """A page of 100,000 blocks gives the first 20,000, and the outline as far as it was read."""
    page = "".join(f"<p>{n}</p>" for n in range(100_000))
    blocks, outline = read_blocks(parse(f"<body><div>{page}</div>"))
    assert len(blocks) == MAX_BLOCKS
    assert blocks[-1].text == str(MAX_BLOCKS - 1)
    assert len(outline.tags) == MAX_BLOCKS + 3
    assert outline.ends[:4] == [MAX_BLOCKS + 3] * 3 + [4]


BLOCKS_IN_ONE_ELEMENT = [
    pytest.param("<pre>" + "a\n\n" * 30_000, id="lines"),
    pytest.param("<div>" + "a<br><br>" * 30_000, id="breaks"),
    pytest.param("<div>" + "a<p></p>" * 30_000, id="text between"),
]


@pytest.mark.parametrize("body", BLOCKS_IN_ONE_ELEMENT)
def test_blocks_of_one_element_are_bounded(body: str) -> None:
    """However the text of one element falls apart, there are never more blocks."""
    assert len(blocks_of(body)) == MAX_BLOCKS


def test_deep_nesting() -> None:
    """Elements nested as deep as the parser lets them give blocks with paths of bounded length."""
    blocks = blocks_of("<div>a" * 5_000)
    assert len(blocks) > 1_000
    assert max(len(block.path) for block in blocks) <= 1_000
