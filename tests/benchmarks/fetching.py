"""CPU of a crawl: of each page, against a bare Scrapy spider that fetches the same pages.

    python -m tests.benchmarks.fetching [--pages N] [--rounds N]

Both fetch the stories of a site on loopback and write them down: the bare spider the pages as they
are, newscrawl the records, with discovery, politeness, state and settling on the way. What the
extraction itself takes is measured on the same pages in a process of its own. Contenders take
turns; each runs with many pages and with few, so that a process's start is left out; the best round
counts. The crawl may take what the bare spider and the extraction take together.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.changing_site import paragraph, story

_FEW = 20
_MENU = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(80))
_BARE = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [f"{sys.argv[1]}/news/what-the-town-did-next-{1_000_000 + n}"
                  for n in range(int(sys.argv[2]))]

    def parse(self, response):
        yield {"url": response.url, "html": response.text}

process = AsyncCrawlerProcess({
    "FEEDS": {sys.argv[3]: {"format": "jsonl"}}, "LOG_ENABLED": False, "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
})
process.crawl(Bare)
process.start()
"""
_EXTRACT = """
import sys
from pathlib import Path
from newscrawl import extract

for path in sorted(Path(sys.argv[1]).iterdir())[:int(sys.argv[2])]:
    extract(path.read_bytes(), url=f"http://127.0.0.1/news/{path.name}")
"""
_SITE = """
start = "{url}/"
sitemaps = ["{url}/sitemap-{pages}.xml"]
delay = 0
concurrency = 8
max_requests = 1000000
"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.pages = pages

    def answer(self, path: str) -> bytes:
        """A story, or a sitemap of as many as its name says."""
        if path.startswith("/sitemap-"):
            most = int(path.removeprefix("/sitemap-").removesuffix(".xml"))
            urls = (f"<url><loc>{self.url}{p}</loc></url>" for p in list(self.pages)[:most])
            return f"<urlset>{''.join(urls)}</urlset>".encode()
        return self.pages.get(path, b"<p>Nothing here.</p>")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.server.answer(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def _pages(count: int) -> dict[str, bytes]:
    menu = f"<ul>{_MENU}</ul><article>".encode()
    paths = (f"/news/what-the-town-did-next-{1_000_000 + n}" for n in range(count))
    appeal = paragraph("appeal")
    return {path: story(path, appeal).replace(b"<article>", menu) for path in paths}


def _cpu(*command: str) -> float:
    """Seconds of CPU that a process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _contenders(server: _Server, folder: Path, pages: int, turn: str) -> dict[str, float]:
    """Seconds of CPU of each contender, for so many pages."""
    site = folder / f"site-{turn}.toml"
    site.write_text(_SITE.format(url=server.url, pages=pages))
    place = ("--out", str(folder / turn), "--state", str(folder / f"{turn}.sqlite"))
    crawl = ("-m", "newscrawl", "crawl", str(site), "--allow-private", *place)
    return {
        "bare": _cpu("-c", _BARE, server.url, str(pages), str(folder / f"{turn}.jsonl")),
        "crawl": _cpu(*crawl),
        "extract": _cpu("-c", _EXTRACT, str(folder / "pages"), str(pages)),
    }


def main() -> None:
    """Print milliseconds of CPU a page, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    server = _Server(_pages(wanted.pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        for path, page in server.pages.items():
            (folder / "pages" / path.rpartition("/")[2]).write_bytes(page)
        for number in range(wanted.rounds):
            few = _contenders(server, folder, _FEW, f"few-{number}")
            many = _contenders(server, folder, wanted.pages, f"many-{number}")
            for contender, seconds in many.items():
                page = 1000 * (seconds - few[contender]) / (wanted.pages - _FEW)
                best[contender] = min(page, best.get(contender, page))
    server.shutdown()
    server.server_close()
    for contender, cost in best.items():
        print(f"{contender:8} {cost:6.2f} ms of CPU a page")
    print(f"crawl / (bare + extract): {best['crawl'] / (best['bare'] + best['extract']):.2f}")


if __name__ == "__main__":
    main()
