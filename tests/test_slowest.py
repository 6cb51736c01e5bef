"""The pages that took longest, for the manifest."""

from __future__ import annotations

from pathlib import Path

from scrapy import Request
from scrapy.http import HtmlResponse

from newscrawl.contract import read_manifest
from newscrawl.feeds.slowest import SlowestPages
from tests.driver import crawl, run_forked
from tests.misbehaving import Server


def test_manifest_names_the_slowest_pages(tmp_path: Path, server: Server) -> None:
    """The web pages that came are there, the slowest first; what isn't one isn't, robots.txt and
    other addresses that are answered with an error page included."""
    paths = ["/story/of-the-wall-1", "/slow", "/pdf", "/status/404", "/status/503"]
    run_forked(tmp_path, [crawl(urls=[f"{server.url}{path}" for path in paths])])
    slowest = read_manifest(tmp_path / "out.json").slowest
    assert slowest[0].url == f"{server.url}/slow"
    assert [page.url for page in slowest[1:]] == [f"{server.url}{paths[0]}"]
    assert slowest[0].seconds >= slowest[1].seconds > 0


def test_slowest_pages_are_bounded() -> None:
    """Of many pages the ten slowest are kept."""
    extension = SlowestPages()
    for number in range(30):
        request = Request(f"https://news.example/{number}", meta={"download_latency": number})
        extension.headers_received(request)
        extension.response_downloaded(HtmlResponse(request.url), request)
    kept = [page.url for page in extension.slowest]
    assert kept == [f"https://news.example/{number}" for number in range(29, 19, -1)]
