"""A folder of labelled pages: read whole, or refused with the line that is wrong."""

from __future__ import annotations

import codecs
import gzip
import json
from pathlib import Path

import pytest

from newscrawl.errors import InputError
from newscrawl.training.corpus import read_corpus
from newscrawl.training.fitting import read_training_pages
from tests.cases import LABELLED

_PAGE = {"id": "a", "page": "a.html", "body": "A story."}


def _folder(folder: Path, labels: list[object], blocks: list[object] | None = None) -> Path:
    for name, rows in (("labels.jsonl", labels), ("blocks.jsonl", blocks)):
        if rows is not None:
            lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
            (folder / name).write_text("".join(f"{line}\n" for line in lines))
    for page in ("a.html", "b.html"):
        (folder / page).touch()
    return folder


def test_all_evidence_is_read() -> None:
    """A page comes with its address, text, passages and blocks, in the file's order."""
    pages = read_corpus(LABELLED)
    assert len(pages) == 12
    first = pages[0]
    assert first.id == "fenwickledger/comments-longer-than-story"
    assert first.path.is_file()
    assert first.site == "fenwickledger.example"
    assert first.body
    assert first.holds
    assert first.lacks
    assert first.blocks[0] == ("nav", "Skip to content")


def test_more_blocks_and_digests(tmp_path: Path) -> None:
    """A further file labels others of the pages, with digests of their texts if it likes; a page
    that is labelled twice is refused."""
    folder = _folder(
        tmp_path, [_PAGE, {**_PAGE, "id": "b"}], [{"id": "a", "blocks": [["nav", "x"]]}]
    )
    more = tmp_path / "more.jsonl.gz"
    row = {"id": "b", "digests": [["body", "0a1b"]]}
    more.write_bytes(gzip.compress(json.dumps(row).encode()))
    pages = read_corpus(folder, more)
    assert [(page.blocks, page.digests) for page in pages] == [
        ((("nav", "x"),), ()),
        ((), (("body", "0a1b"),)),
    ]
    more.write_text(json.dumps({**row, "id": "a"}))
    with pytest.raises(InputError, match=r"'a' is in .*blocks.jsonl, too: label each page once"):
        read_corpus(folder, more)


def test_only_id_and_page_must_be_there(tmp_path: Path) -> None:
    """Blocks are optional, unknown keys ignored, and a page without an address is its own site."""
    rows: list[object] = [_PAGE, {"id": "b", "page": "b.html", "more": 1}]
    pages = read_corpus(_folder(tmp_path, rows))
    assert [(page.site, page.is_evidence) for page in pages] == [("a", True), ("b", False)]


def test_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    """A file that an editor begins with a byte order mark is read like any other."""
    folder = _folder(tmp_path, [_PAGE])
    labels = folder / "labels.jsonl"
    labels.write_bytes(codecs.BOM_UTF8 + labels.read_bytes())
    assert [page.id for page in read_corpus(folder)] == ["a"]


@pytest.mark.parametrize(
    ("labels", "blocks", "said"),
    [
        ([_PAGE, "{broken"], None, "labels.jsonl: line 2: Invalid JSON"),
        ([_PAGE, {"id": "b"}], None, "labels.jsonl: line 2: page: Field required"),
        ([{**_PAGE, "with": "text"}], None, "labels.jsonl: line 1: with: Input should be a valid"),
        ([_PAGE, _PAGE], None, "labels.jsonl: line 2: 'a' is line 1, too"),
        ([{"id": "a", "page": "a.html"}], None, "no page in it has a body, passages or labelled"),
        ([], None, "no page in it has a body"),
        (['["a"]'], None, 'write {"id": …, "page": …, "url": …, '),
        ([{**_PAGE, "url": "news.example/a"}], None, "line 1: url: this is no web address: write"),
        ([_PAGE], [{"id": "a", "block": [["nav", "Menu"]]}], "line 1: no block has a label here: "),
        ([_PAGE], [{"id": "a", "blocks": ["nav"]}], 'write {"id": …, "blocks": [["nav", "Menu"]'),
        (
            [_PAGE],
            [{"id": "z", "blocks": [["nav", "x"]]}],
            "labels.jsonl: 'z' has labelled blocks and no line",
        ),
        (
            [_PAGE],
            [{"id": "a", "blocks": [["nav", "Menu"], ["menu", "Menu"]]}],
            "blocks.jsonl: line 1: blocks.1.0: 'menu' is no label: choose one of body, headline, ",
        ),
    ],
)
def test_wrong_line_is_named(
    tmp_path: Path, labels: list[object], blocks: list[object] | None, said: str
) -> None:
    """A mistake names the file, the line and what is allowed there."""
    with pytest.raises(InputError, match="cannot read") as caught:
        read_corpus(_folder(tmp_path, labels, blocks))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A folder that isn't there and a page that isn't are errors that name the path."""
    with pytest.raises(InputError, match=r"nowhere/labels.jsonl: No such file"):
        read_corpus(tmp_path / "nowhere")
    folder = _folder(tmp_path, [_PAGE, {"id": "c", "page": "c.html"}])
    with pytest.raises(
        InputError, match=r"c.html: 'c' in .*labels.jsonl names it, and there is no"
    ):
        read_corpus(folder)


def test_pages_that_teach_nothing_are_left_out(tmp_path: Path) -> None:
    """Pages without evidence and pages without a text aren't trained on."""
    (tmp_path / "a.html").write_text("<p>A story.</p>")
    (tmp_path / "b.html").write_text("")
    rows: list[object] = [
        _PAGE,
        {"id": "b", "page": "b.html", "body": "Gone."},
        {"id": "c", "page": "a.html"},
    ]
    assert list(read_training_pages(read_corpus(_folder(tmp_path, rows)))) == ["a"]
