"""The inspection page as a file: what stands in it, and what never does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from parsel import Selector

import newscrawl.views
from newscrawl.extraction.extract import Reading, read_page
from newscrawl.records import Article, Block, Extractor, Label, LabelName, RemovedLabel, StoryLabel
from newscrawl.views.inspection import inspection_page
from tests.cases import CASES, Case

_STYLE = "".join(
    (Path(newscrawl.views.__file__).parent / name).read_text("utf-8")
    for name in ("page.css", "inspection.css")
)
_LABELS: list[LabelName] = [*get_args(StoryLabel), *get_args(RemovedLabel)]


def _reading(
    *texts: str, label: LabelName = "body", path: str = "/html/body/p", hidden: bool = False
) -> Reading:
    """A reading with a block a text."""
    article = Article(id="a", url=None, extractor=Extractor(version="0"))
    blocks = [Block(n, text, path, "p", hidden, 0.0, 0) for n, text in enumerate(texts)]
    labelled = [(block, Label(label, 0.9, "for a test")) for block in blocks]
    return Reading(article, labelled, labelled)


def _page(reading: Reading, source: str = "page.html") -> Selector:
    return Selector(inspection_page(reading, source))


def _text(element: Selector) -> str:
    return _squeezed(element.xpath("string()").getall()[0])


def _squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_every_block_stands_there_in_order(case: Case) -> None:
    """Each block is on the page once, in order, with its label, confidence and reason."""
    reading = read_page(case.page.read_bytes(), url=case.url)
    shown = [
        (run.attrib["data-label"], _text(block.css(".text")[0]), _text(block.css(".why")[0]))
        for run in _page(reading).css(".run")
        for block in run.css(".block")
    ]
    assert [(label, text) for label, text, _ in shown] == [
        (label.name, _squeezed(block.text)) for block, label in reading.labelled
    ]
    for (block, label), (_, _, why) in zip(reading.labelled, shown, strict=True):
        assert why.startswith(f"{label.confidence:.0%} {'hidden ' if block.hidden else ''}")
        assert _squeezed(label.reason) in why
        assert why.endswith(block.path)


def test_record_with_its_provenance() -> None:
    """The record's fields stand beside the blocks, with where they were read; absent ones too."""
    page = _page(
        read_page(
            '<meta property="article:published_time" content="2026-03-04T05:06Z">'
            '<h1>Bridge</h1><p class="byline">By Ana Ruiz</p>'
            "<p>The council voted on Tuesday to repair the bridge, its clerk said.</p>"
            "<p>It carries the only road to the island, and has been shut since the floods.</p>"
            "<p>The work begins in May and will take until the autumn, the engineer told them.</p>"
            "<p>Until then a ferry takes people across at high tide, and nobody at all at low.</p>"
        )
    )
    fields = {
        _text(field.css("dt")[0]): [_text(value) for value in field.css("dd")]
        for field in page.css("dl > div")
    }
    assert fields["date published"] == [
        "2026-03-04 05:06+00:00",
        "from meta: 2026-03-04T05:06Z",
    ]
    assert fields["authors"][0] == "Ana Ruiz"
    assert fields["corrections"] == ["–"]
    assert fields["extractor"][0].startswith("labeller")
    assert '"headline": "Bridge"' in page.css("pre::text").getall()[0]


def test_hidden_blocks_are_marked() -> None:
    """A block that the page hides says so; one that is shown doesn't."""
    hidden, shown = (
        _page(_reading("Text", hidden=on)).css(".hidden::text").getall() for on in (True, False)
    )
    assert (hidden, shown) == (["hidden"], [])


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES[:3]])
def test_nothing_leads_outside(case: Case) -> None:
    """The file names no other but the page's own address, as a link that tells nobody."""
    page = _page(read_page(case.page.read_bytes(), url=case.url))
    assert not page.xpath("//@src | //@srcset | //@style | //@action | //*[@onclick]")
    assert not page.css("link, img, iframe, object, base, form")
    assert page.xpath("//@href").getall() == [case.url, "#record"]
    assert "noreferrer" in page.xpath("//header//a/@rel").getall()[0]
    assert not re.search(r"url\(|@import", _STYLE)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_address_that_is_not_of_the_web_is_no_link(url: str) -> None:
    """Only http and https addresses become links."""
    page = _page(read_page("<p>Text</p>", url=url), url)
    assert page.xpath("//@href").getall() == ["#record"]


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\x9bb", "a\ud800b", "a\u202eb", "a\u2066b", "a\u2028b"]
)
def test_what_is_invisible_is_spelt_out(text: str) -> None:
    """Controls, lone surrogates and changes of direction stand there as text, wherever they are."""
    page = inspection_page(_reading(text, path=f"/html/{text}"), text)
    assert text not in page
    assert page.count(f"a\\u{ord(text[1]):04x}b") >= 4
    page.encode()


@pytest.mark.parametrize("label", _LABELS)
def test_label_has_its_colour(label: str) -> None:
    """Each label has a colour of its own."""
    (colour,) = re.findall(rf'\[data-label="{label}"\] (\{{.*?\}})', _STYLE)
    assert _STYLE.count(f'"] {colour}') == 1


def test_page_without_blocks_says_so() -> None:
    """Where there is no text there is a sentence about it, and nothing to filter."""
    page = _page(read_page(b""))
    assert "There is no text on this page" in _text(page.css("main")[0])
    assert not page.css("button, nav, rect")


def test_size_is_bounded() -> None:
    """Long texts are cut, and say so, so that the largest page stays one that a browser opens."""
    texts = ["&" * 10_000] * 20_000
    page = inspection_page(_reading(*texts, path="/html" * 10_000), "x" * 10_000)
    assert len(page) < 60_000_000
    assert "… [9,800 more characters]" in page


def test_record_is_bounded() -> None:
    """So is the record: thousands of tags, authors and images are a line each at most."""
    authors = "".join(f'<meta name="author" content="Ana Ruiz {n}">' for n in range(5_000))
    page = inspection_page(
        read_page(f"{authors}<title>{'Bridge ' * 99_999}</title><p>{'word ' * 500_000}"), "a"
    )
    assert len(page) < 12_000_000
