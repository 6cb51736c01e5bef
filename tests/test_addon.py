"""The add-on, in Scrapy projects that ``scrapy startproject`` has made."""

from __future__ import annotations

import csv
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import scrapy
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from newscrawl import extract, read_articles, read_manifest
from newscrawl import settings as own
from newscrawl.addon import NewscrawlAddon
from newscrawl.cli.demo_site import serve_demo_site
from newscrawl.contract import check_file, to_json_line
from tests.cases import DEMO_SITE
from tests.changing_site import ChangingSite, paragraph, serve_changing_site, story
from tests.command import newscrawl
from tests.driver import ENVIRONMENT, lines, scrapy_forked

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
FILES = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", README, re.DOTALL))
"""The files of a project that the README shows, by name."""
(COMMAND,) = re.findall(r"^scrapy (crawl stories .*)$", README, re.MULTILINE)

PIPELINES = """
import json
from dataclasses import replace
from pathlib import Path

from scrapy.exceptions import DropItem


class Desk:
    def __init__(self, crawler):
        self.crawler = crawler
        self.seen = []

    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler)

    def process_item(self, item):
        assert self.seen is not None, "closed"
        self.seen.append(type(item).__name__)
        if isinstance(item, dict):
            return item
        if "/drop-" in item.url:
            raise DropItem("not for us")
        if "/fail-" in item.url:
            raise ZeroDivisionError("a defect of the project")
        return replace(item, section="desk")

    def close_spider(self):
        names = ("USER_AGENT", "DOWNLOADER_MIDDLEWARES", "AUTOTHROTTLE_ENABLED")
        settings = {name: self.crawler.settings.get(name) for name in names}
        report = {"seen": self.seen, "settings": settings}
        Path("desk.json").write_text(json.dumps(report, default=dict))
        self.seen = None
"""
EXPORTERS = """
from scrapy.exporters import JsonLinesItemExporter


class Shout(JsonLinesItemExporter):
    def export_item(self, item):
        self.file.write(b"SHOUT\\n")
"""
SPIDER = """
import scrapy

from newscrawl.addon import page_of


class DeskSpider(scrapy.Spider):
    name = "desk"
    custom_settings = {"RETRY_TIMES": 0}

    def parse(self, response):
        for link in response.css("a::attr(href)").getall():
            yield {"link": link}
        yield from response.follow_all(css="a", callback=self.read, errback=self.read)

    def read(self, answer):
        yield page_of(answer)
"""
SETTINGS = """
ADDONS = {"newscrawl.addon.NewscrawlAddon": 500}
"""
CROWDED = """
from newscrawl import Article

ITEM_PIPELINES = {"courier.pipelines.Desk": 300}
FEED_EXPORTERS = {"jl": "courier.exporters.Shout"}
NEWSCRAWL_REJECTED = "rejected.jsonl"
NEWSCRAWL_MANIFEST = "run.manifest.json"
_ARTICLES = {"item_classes": [Article]}
FEEDS = {
    "all.jsonl": {"format": "jsonl"},
    "few.jsonl": {"format": "jsonl", "fields": ["url", "headline"], **_ARTICLES},
    "articles.jsonl": {"format": "jsonl", **_ARTICLES},
    "again.jsonl": {"format": "jsonl", **_ARTICLES},
    "out/articles.json": {"format": "json", **_ARTICLES},
    "out/own.jl": {"format": "jl", **_ARTICLES},
    "out/links.csv": {"format": "csv", "item_classes": [dict]},
    "out/links.xml": {"format": "xml", "item_classes": [dict]},
    "out/articles.jsonl.gz": {
        "format": "jsonl",
        "postprocessing": ["scrapy.extensions.postprocessing.GzipPlugin"],
        **_ARTICLES,
    },
}
"""
NAMES = {"one": "a", "two": "b", "drop-this": "c", "fail-here": "d"}


def _start_project(folder: Path) -> Path:
    """A fresh project without a delay between requests."""
    assert scrapy_forked(folder, "startproject", "courier") == 0
    project = folder / "courier"
    _add(project, "settings.py", "DOWNLOAD_DELAY = 0\n")
    return project


def _add(project: Path, name: str, text: str) -> None:
    with (project / "courier" / name).open("a") as file:
        file.write(text)


def _path(name: str) -> str:
    return f"/2026/01/02/{name}-and-the-harbour-of-the-town"


@pytest.fixture(scope="module")
def site() -> Iterator[ChangingSite]:
    """A site with two stories, one that the project drops, one on which it fails, and bad links."""
    with serve_changing_site() as running:
        running.pages |= {_path(name): story(seed) for name, seed in NAMES.items()}
        tiny = b"<!doctype html><title>Tiny</title><p>Nothing to read."
        running.unlinked = {"/tiny": tiny, "/robots.txt": b"User-agent: *\nDisallow: /private"}
        running.redirects["/to-tiny"] = "/tiny"
        running.gone = {"/gone", "/private"}
        yield running


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, site: ChangingSite) -> Path:
    """A project with a pipeline, an exporter, items and many feeds of its own, that has run."""
    project = _start_project(tmp_path_factory.mktemp("crowded"))
    for name, text in (
        ("settings.py", SETTINGS + CROWDED),
        ("pipelines.py", PIPELINES),
        ("exporters.py", EXPORTERS),
        ("spiders/desk.py", SPIDER + f'\n    start_urls = ["{site.url}/"]\n'),
    ):
        _add(project, name, text)
    assert scrapy_forked(project, "crawl", "desk", "--logfile=log.txt") == 0
    return project


@pytest.fixture(scope="module")
def desk(project: Path) -> Any:
    """What the project's own pipeline has seen."""
    return json.loads((project / "desk.json").read_text())


def test_lines_of_the_readme(tmp_path: Path) -> None:
    """A fresh project with the README's lines, and nothing else, writes what ``extract`` reads."""
    with serve_demo_site() as origin:
        project = _start_project(tmp_path)
        for name, text in FILES.items():
            _add(project, name, text.replace("https://news.example", origin))
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *COMMAND.split()],
            cwd=project,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=True,
        )
        found = {article.url: article for article in read_articles(project / "stories.jsonl")}
        assert len(found) == 3
        for url, article in found.items():
            assert url is not None
            page = (DEMO_SITE / f"{url.removeprefix(origin + '/')}.html").read_bytes()
            html = page.replace(b"https://www.saltmarshcourier.example", origin.encode())
            same = {"fetched_at": article.fetched_at, "run_id": article.run_id}
            expected = json.loads(to_json_line(extract(html, url=url)))
            written = json.loads(to_json_line(article))
            assert {**written, "fetched_at": None, "run_id": None} == expected
            assert None not in same.values()
    assert not (project / "stories.rejected.jsonl").exists()
    manifest = read_manifest(project / "stories.manifest.json")
    assert (manifest.site, manifest.status) == ("stories", "done")
    assert [file.file for file in manifest.articles.files] == ["stories.jsonl"]
    assert newscrawl(project, "check", ".").returncode == 0
    assert not re.search("WARNING|ERROR", done.stderr)


def test_settings_of_the_project_win() -> None:
    """What a project has set, a component that it has turned off included, the add-on leaves so."""
    reject_log, storage = "newscrawl.feeds.rejects.RejectLog", {"file": "courier.Storage"}
    values = {
        "NEWSCRAWL_REMOVED": "all",
        "NEWSCRAWL_RUN_ID": "mine",
        "EXTENSIONS": {reject_log: None},
        "FEED_STORAGES": storage,
        "LOG_FORMATTER": "courier.Log",
    }
    settings = Settings(values)
    NewscrawlAddon(Crawler(scrapy.Spider, settings)).update_settings(settings)
    kept = {name: settings[name] for name in values}
    assert kept["EXTENSIONS"].pop(reject_log) is None
    assert len(kept.pop("EXTENSIONS")) > 1
    assert kept.pop("FEED_STORAGES") == own.FEED_STORAGES | storage
    assert kept == {name: values[name] for name in kept}


def test_own_pipeline_sees_articles_and_own_items(desk: Any) -> None:
    """A pipeline of the project gets records and the project's items, never pages."""
    assert sorted(desk["seen"]) == ["Article"] * 4 + ["dict"] * 7


def test_other_items_are_exported_as_before(project: Path) -> None:
    """Items of other kinds stand in a shared feed as Scrapy writes them, among the records."""
    written = lines(project / "all.jsonl")
    links = [line["link"] for line in written if "link" in line]
    assert (len(links), len(written)) == (7, 9)
    with (project / "out/links.csv").open(newline="") as file:
        assert [row["link"] for row in csv.DictReader(file)] == links
    assert (project / "out/links.xml").read_text().count("<link>") == 7


def test_articles_are_the_same_in_every_form(project: Path) -> None:
    """JSON, compressed lines and plain lines hold the same records; what the project's pipeline
    has changed is in them."""
    records = [line for line in lines(project / "all.jsonl") if "headline" in line]
    assert [record["section"] for record in records] == ["desk", "desk"]
    assert json.loads((project / "out/articles.json").read_text()) == records
    packed = gzip.decompress((project / "out/articles.jsonl.gz").read_bytes())
    assert [json.loads(line) for line in packed.splitlines()] == records
    few = [{name: record[name] for name in ("url", "headline")} for record in records]
    assert lines(project / "few.jsonl") == few


def test_own_exporter_wins(project: Path) -> None:
    """A format for which the project has an exporter is written by that."""
    assert (project / "out/own.jl").read_text() == "SHOUT\nSHOUT\n"


def test_nothing_vanishes(project: Path, site: ChangingSite) -> None:
    """A page that gave no record is a reject with its reason, the project's own included."""
    rejects = {
        line["requested_url"] or line["url"]: line["code"]
        for line in lines(project / "rejected.jsonl")
    }
    assert rejects == {
        site.url + _path("drop-this"): "dropped",
        site.url + _path("fail-here"): "internal_error",
        f"{site.url}/to-tiny": "no_body",
        f"{site.url}/gone": "http_410",
        f"{site.url}/private": "robots",
    }


def test_manifest_names_one_feed_beside_it(project: Path) -> None:
    """Of the feeds in its own folder the manifest names the one that has all records, whole and
    once, and nothing else: it holds against its files, whatever these are called."""
    manifest = json.loads((project / "run.manifest.json").read_text())
    assert manifest["articles"]["count"] == 2
    assert [file["file"] for file in manifest["articles"]["files"]] == ["articles.jsonl"]
    assert manifest["rejected"]["by_code"]["dropped"] == 1
    assert list(check_file(project / "run.manifest.json")) == []


def test_fetching_stays_the_projects(desk: Any) -> None:
    """Neither the user agent, nor delays, nor middlewares are touched."""
    agent = f"Scrapy/{scrapy.__version__} (+https://scrapy.org)"
    untouched = {"DOWNLOADER_MIDDLEWARES": {}, "AUTOTHROTTLE_ENABLED": False}
    assert desk["settings"] == {"USER_AGENT": agent, **untouched}


def test_log_holds_no_story(project: Path) -> None:
    """A record is a line of the project's log, and none of its text is."""
    log = (project / "log.txt").read_text()
    assert len(re.findall(r"INFO: article http://\S+ $", log, re.MULTILINE)) == 2
    assert paragraph("a 0")[:40] not in log


def test_project_with_a_memory(tmp_path: Path) -> None:
    """A spider with a name in the state gives a story once, and again when it has changed; its
    project's pipeline, still open, sees each, feed or no feed. What that fails on comes again. The
    gates judge each run, by the spider's own bounds, too."""
    with serve_changing_site() as site:
        site.pages |= {_path("one"): story("a"), _path("two"): story("b")}
        site.pages[_path("fail-here")] = story("d")
        project = _start_project(tmp_path)
        memory = '    remembered_as = "desk"\n    quality_bounds = {"byline": 0.9}\n'
        pipelines = 'ITEM_PIPELINES = {"courier.pipelines.Desk": 300}\n'
        files = "NEWSCRAWL_STATE = 'state.sqlite'\nNEWSCRAWL_MANIFEST = 'r.manifest.json'\n"
        _add(project, "settings.py", f"{SETTINGS}{files}{pipelines}")
        _add(project, "pipelines.py", PIPELINES)
        _add(project, "spiders/desk.py", f'{SPIDER}\n    start_urls = ["{site.url}/"]\n{memory}')

        def run(*feed: str) -> None:
            assert scrapy_forked(project, "crawl", "desk", "--logfile=log.txt", *feed) == 0

        def written() -> list[tuple[str, int]]:
            run("-O", "out.jsonl")
            records = [line for line in lines(project / "out.jsonl") if "link" not in line]
            return [(record["url"], record["revision"]) for record in records]

        def judged() -> tuple[int, list[str]]:
            quality = json.loads((project / "r.manifest.json").read_text())["quality"]
            return quality["runs"], [breach["detail"] for breach in quality["breaches"]]

        one, two = (site.url + _path(name) for name in ("one", "two"))
        assert sorted(written()) == [(one, 1), (two, 1)]
        seen = json.loads((project / "desk.json").read_text())["seen"]
        assert sorted(seen) == ["Article"] * 3 + ["dict"] * 3
        said = "0 of 2 stories with a byline, at least 90 % wanted"
        assert judged() == (0, [said])
        assert f"breaks the pattern of its runs: {said}" in (project / "log.txt").read_text()
        assert written() == []
        assert judged() == (1, [])
        site.pages[_path("two")] = story("b", paragraph("late"))
        sound = PIPELINES.replace("/fail-", "/none-")
        _add(project, "pipelines.py", sound)
        assert sorted(written()) == [(site.url + _path("fail-here"), 1), (two, 2)]
        site.pages[_path("two")] = story("b", paragraph("later"))
        run()
        assert written() == []
