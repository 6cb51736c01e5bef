"""``newscrawl report``: from a run to a page to look at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from parsel import Selector

from newscrawl.contract.manifest import SlowPage
from tests.command import message, newscrawl
from tests.misbehaving import Server
from tests.runs import MORNING, article, reject, write_run


def _sites(file: Path) -> list[str]:
    """The sites that a report is about."""
    return Selector(file.read_text("utf-8")).css("main h2::text").getall()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two runs in ``output``, the first of two sites."""
    for site in ("bay.example", "news.example"):
        write_run(tmp_path / "output", [article(1)], [reject("https://a.example/")], site=site)
    later = MORNING + dt.timedelta(hours=1)
    write_run(tmp_path / "output", [article(2)], site="news.example", started=later)
    return tmp_path


def test_last_run_becomes_a_file(folder: Path) -> None:
    """Without arguments the last run goes to ``report.html``, and one line says so."""
    done = newscrawl(folder, "report")
    assert message(done) == "report: 1 story, 0 rejected, in 1.5 min -> report.html"
    assert (done.returncode, done.stdout) == (0, b"")
    assert _sites(folder / "report.html") == ["news.example"]


def test_run_by_its_identifier(folder: Path) -> None:
    """A run of several sites is one page."""
    done = newscrawl(folder, "report", "20261123T040000Z-00000000", "-o", "first.html")
    assert message(done) == ("report: 2 stories from 2 sites, 2 rejected, in 1.5 min -> first.html")
    assert _sites(folder / "first.html") == ["bay.example", "news.example"]


def test_report_to_standard_output(folder: Path) -> None:
    """``-o -`` writes the page to standard output, and nothing besides."""
    done = newscrawl(folder, "report", "output/bay.example", "-o", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert Selector(done.stdout.decode()).css("main h2::text").getall() == ["bay.example"]
    assert not (folder / "report.html").exists()


def test_broken_part_of_a_run(folder: Path) -> None:
    """What can't be read is said and gives exit code 3; the rest is reported."""
    (manifest,) = (folder / "output" / "bay.example").rglob("*.manifest.json")
    manifest.write_text("{}")
    done = newscrawl(folder, "report", "20261123T040000Z-00000000", "--quiet")
    assert "it is no manifest" in message(done)
    assert done.returncode == 3
    assert _sites(folder / "report.html") == ["news.example"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["20261123T040000Z-ffffffff"], 3, "it is neither a file nor a run in output: see --out"),
        (["--out", "missing"], 3, "cannot read missing: there is no run in it"),
        (["other.json"], 3, "cannot read other.json: it is no manifest: "),
        (["-o", "missing/x.html"], 74, "cannot write missing: there is no such folder"),
        (["--inspect", "-o", "-"], 2, "--inspect writes pages beside the report"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistake_gets_one_line(folder: Path, arguments: list[str], code: int, said: str) -> None:
    """What can't be found, read or written is one line and the exit code of every command."""
    (folder / "other.json").write_text("{}")
    done = newscrawl(folder, "report", *arguments)
    assert said in message(done)
    assert done.returncode == code
    assert not (folder / "report.html").exists()


def test_pages_that_stand_out_are_inspected(tmp_path: Path, server: Server) -> None:
    """``--inspect`` puts an inspect page of each beside the report, which links to it; one that
    can't be had is said, and keeps its command."""
    stories = [article(number) for number in range(9)]
    stories[3] = article(3, language="de", url=f"{server.url}/story/of-the-wall-3")
    slowest = (SlowPage(url=f"{server.url}/status/404", seconds=1),)
    write_run(tmp_path / "output", stories, slowest=slowest)
    done = newscrawl(
        tmp_path, "report", "--inspect", "--allow-private", "--quiet", "-o", "run #1.html"
    )
    assert "http_404" in message(done)
    assert done.returncode == 0
    page = Selector((tmp_path / "run #1.html").read_text("utf-8"))
    assert page.css(".inspect a::attr(href)").getall() == ["run%20%231.inspect/1.html"]
    assert len(page.css("[data-copy]")) == 3
    inspected = (tmp_path / "run #1.inspect" / "1.html").read_text("utf-8")
    assert f"{server.url}/story/of-the-wall-3" in inspected
    assert [path.name for path in (tmp_path / "run #1.inspect").iterdir()] == ["1.html"]


def test_report_of_a_crawl(tmp_path: Path) -> None:
    """What a crawl leaves can be reported by the file that its last line names."""
    crawled = newscrawl(tmp_path, "demo", "--limit", "2")
    stories = message(crawled).rpartition(" -> ")[2]
    done = newscrawl(tmp_path, "report", stories)
    assert done.returncode == 0
    page = Selector((tmp_path / "report.html").read_text("utf-8"))
    assert len(page.css(".stories tbody tr")) == 2
    assert "/2026/11/" in "".join(page.css(".pages a::attr(href)").getall())
