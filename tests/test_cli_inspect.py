"""``newscrawl inspect``: from a file or an address to a page to look at."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from parsel import Selector

from newscrawl.contract import json_schema, read_lines
from newscrawl.extraction.extract import read_page
from newscrawl.training.corpus import read_corpus
from newscrawl.training.evidence import UNKNOWN
from newscrawl.training.fitting import read_training_pages
from tests.cases import DEMO_SITE, FIXTURES
from tests.command import message, newscrawl
from tests.misbehaving import Server

_PAGE = DEMO_SITE / "2026" / "11" / "16" / "school-bus-timetable-change.html"
_URL = "https://news.example/buses"
_CLOSED = "http://127.0.0.1:9/story"


def _record(page: str) -> str:
    """The JSON that stands in an inspection page."""
    return Selector(page).xpath("string(//pre)").getall()[0]


def test_saved_page_becomes_a_file(tmp_path: Path) -> None:
    """Without ``-o`` the page goes to ``inspect.html``, and one line says so."""
    done = newscrawl(tmp_path, "inspect", str(_PAGE), "--url", _URL)
    assert (done.returncode, done.stdout) == (0, b"")
    said = re.fullmatch(r"inspect: (\d+) blocks, (\d+) of them body -> inspect.html", message(done))
    assert said
    page = Selector((tmp_path / "inspect.html").read_text("utf-8"))
    assert len(page.css(".block")) == int(said[1])
    assert len(page.css(".run[data-label=body] .block")) == int(said[2])
    assert page.xpath("//header//a/@href").getall() == [_URL]


def test_page_to_standard_output(tmp_path: Path) -> None:
    """``-o -`` writes the same page to standard output, and nothing besides."""
    newscrawl(tmp_path, "inspect", str(_PAGE), "-o", "page.html", "--quiet")
    done = newscrawl(tmp_path, "inspect", str(_PAGE), "-o", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (tmp_path / "page.html").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_page_from_standard_input(tmp_path: Path) -> None:
    """``-`` reads a page from standard input, compressed too."""
    page = gzip.compress(_PAGE.read_bytes())
    done = newscrawl(tmp_path, "inspect", "-", "-o", "-", stdin=page)
    assert '"page_type": "article"' in _record(done.stdout.decode())


def test_fetched_page(tmp_path: Path, server: Server) -> None:
    """A URL is fetched, redirects followed, and shown with the record that ``scrape`` gives it."""
    done = newscrawl(tmp_path, "inspect", "--allow-private", f"{server.url}/to-story", "-o", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    record = _record(done.stdout.decode())
    assert f'"url": "{server.url}/story/of-the-wall-3"' in record
    assert '"fetched_at": "20' in record
    assert list(re.findall(r'^  "(\w+)"', record, re.MULTILINE)) == list(json_schema()["required"])


def test_page_without_a_story_is_shown(tmp_path: Path, server: Server) -> None:
    """A fetched page that ``scrape`` would reject is shown all the same."""
    done = newscrawl(tmp_path, "inspect", "--allow-private", f"{server.url}/section")
    assert done.returncode == 0
    assert "No body. Page type: section" in (tmp_path / "inspect.html").read_text()


def test_page_without_text_is_shown(tmp_path: Path) -> None:
    """A page without any block is no error: the page to look at says so."""
    (tmp_path / "empty.html").write_bytes(b"<script>fill()</script>")
    done = newscrawl(tmp_path, "inspect", "empty.html")
    assert message(done) == "inspect: 0 blocks, 0 of them body -> inspect.html"
    assert done.returncode == 0
    assert "There is no text on this page" in (tmp_path / "inspect.html").read_text()


def test_line_to_correct_and_to_train_on(tmp_path: Path) -> None:
    """``--labels`` writes the line that ``train`` reads: every block, with what it is taken for."""
    (tmp_path / "labels.jsonl").write_text(json.dumps({"id": "bus", "page": "bus.html"}) + "\n")
    (tmp_path / "bus.html").write_bytes(_PAGE.read_bytes())
    done = newscrawl(tmp_path, "inspect", "bus.html", "--labels", "bus")
    assert (done.returncode, done.stderr) == (0, b"")
    (tmp_path / "blocks.jsonl").write_bytes(done.stdout)
    [page] = read_corpus(tmp_path)
    given = read_page(_PAGE.read_bytes()).given
    assert [text for _, text in page.blocks] == [block.text for block, _ in given]
    assert {"body", "headline", "nav"} <= {name for name, _ in page.blocks}
    [read] = read_training_pages([page]).values()
    assert (read.read.evidence.labels != UNKNOWN).all()
    assert read.read.evidence.astray == ()


def test_line_lacks_what_no_block_has(tmp_path: Path) -> None:
    """A story that stands in the page's data alone has no block to label; ``-o`` names a file."""
    page = FIXTURES / "data-next" / "page.html"
    assert read_page(page.read_bytes()).article.extractor.path == "embedded"
    done = newscrawl(tmp_path, "inspect", str(page), "--labels", "data", "-o", "line.jsonl")
    assert message(done) == "inspect: labels of data -> line.jsonl"
    [(_, line)] = read_lines(tmp_path / "line.jsonl")
    assert "body" not in [name for name, _ in json.loads(line)["blocks"]]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["empty.html", "--labels", "a"], 2, "there is no text on this page: nothing in it can"),
        (["page.html", "--labels", ""], 2, "--labels needs the page's id"),
        ([_URL, "--labels", "a"], 2, "--labels is for the saved page that train will read"),
        ([], 2, "missing argument 'URL|FILE|-'"),
        (["missing.html"], 3, "cannot read missing.html: there is no such file: check the path"),
        (["news.example/a"], 3, "cannot read news.example/a: there is no such file: "),
        (["nul\\0"], 3, "cannot read nul"),
        (["."], 3, "cannot read .: Is a directory: name a file"),
        (["cut.gz"], 3, "cannot read cut.gz: its compression is cut or broken"),
        (["ftp://news.example/a"], 2, "'ftp://news.example/a' is not a web address: write https"),
        (["http://[news.example/"], 2, "is not a web address"),
        ([_URL, "--url", _URL], 2, "--url is the address of a saved page"),
        (["page.html", "-o", "page.html"], 2, "page.html is read, and would be lost: name another"),
        (["page.html", "-o", "missing/x.html"], 74, "cannot write missing: there is no such"),
        (["page.html", "-o", "."], 74, "cannot write .: it is a folder"),
        ([_CLOSED, "-o", "missing/x.html"], 74, "cannot write missing: there is no such"),
        ([_CLOSED], 3, "private_address: a loopback, private or link-local address"),
        ([_CLOSED, "--allow-private"], 3, f"{_CLOSED}: refused: the server refused"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistake_gets_one_line(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    """What can't be read, fetched or written is one line and the exit code of every command."""
    (tmp_path / "page.html").write_text("<p>Text</p>")
    (tmp_path / "empty.html").write_text("<p></p>")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"<p>Text</p>" * 99)[:-9])
    done = newscrawl(tmp_path, "inspect", *arguments)
    assert said in message(done)
    assert done.returncode == code
    assert not (tmp_path / "inspect.html").exists()
    assert (tmp_path / "page.html").read_text() == "<p>Text</p>"


@pytest.mark.parametrize("path", ["/status/404", "/empty", "/pdf", "/to-file"])
def test_page_that_cannot_be_had(tmp_path: Path, server: Server, path: str) -> None:
    """An answer that isn't a page is exit code 3, with the line that ``scrape`` says about it."""
    url = f"{server.url}{path}"
    done, scraped = (
        newscrawl(tmp_path, name, "--allow-private", url) for name in ("inspect", "scrape")
    )
    assert message(done) == message(scraped)
    assert (done.returncode, scraped.returncode) == (3, 3)


def test_options_from_file_and_environment(tmp_path: Path) -> None:
    """Its options stand in the TOML file and in the environment, like those of every command."""
    (tmp_path / "c.toml").write_text('[inspect]\noutput = "one.html"\nremoved = "none"\n')
    newscrawl(tmp_path, "inspect", str(_PAGE), "--config", "c.toml")
    newscrawl(tmp_path, "inspect", str(_PAGE), NEWSCRAWL_OUTPUT="two.html")
    one, two = (_record((tmp_path / name).read_text("utf-8")) for name in ("one.html", "two.html"))
    assert '"removed": []' in one
    assert '"removed": [\n' in two
