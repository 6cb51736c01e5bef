"""CPU of a run with nothing new, against bare Scrapy spiders that make the same requests.

    python -m tests.benchmarks.idle [--sites N] [--rounds N]

Each site is an address of loopback with a front page, a feed and a sitemap of 20 stories. A first
``newscrawl crawl`` fetches the stories; the runs that are measured then find every list unchanged.
The bare process makes the requests that those make, one spider a site, and does nothing with the
answers. What newscrawl takes beyond it is to be 2 seconds at most; the best round counts.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.changing_site import story
from tests.listings import rss, urlset

_PORT = 8089
_STORIES = [f"/news/what-the-town-did-next-{1_000_000 + n}" for n in range(20)]
_BARE = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    handle_httpstatus_list = [304, 404]

    async def start(self):
        for path in sys.argv[2:]:
            yield scrapy.Request(self.origin + path, dont_filter=True)

    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "LOG_ENABLED": False, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
})
for origin in sys.argv[1].split():
    process.crawl(Bare, origin=origin)
process.start()
"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", _PORT), _Handler)  # noqa: S104 - each site is an address of loopback
        self.asked: Counter[str] = Counter()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        origin = f"http://{self.headers['Host']}"
        pages = {
            "/": b'<!doctype html><link rel="alternate" type="application/rss+xml"'
            b' href="/feed.xml"><p>News.</p>',
            "/robots.txt": f"Sitemap: {origin}/sitemap.xml".encode(),
            "/feed.xml": rss(*_STORIES).encode(),
            "/sitemap.xml": urlset(*_STORIES).encode(),
        }
        if self.path in pages:
            self._answer(pages[self.path])
        elif self.path in _STORIES:
            self._answer(story(origin + self.path))
        else:
            self.send_error(404)

    def _answer(self, body: bytes) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        same = self.headers.get("If-None-Match") == etag
        self.send_response(304 if same else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", "0" if same else str(len(body)))
        self.end_headers()
        if not same:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def _cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env={"no_proxy": "*", "PATH": ""})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the CPU time of both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    server = _Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        origins = [f"http://127.0.1.{number + 1}:{_PORT}" for number in range(given.sites)]
        files = []
        for number, origin in enumerate(origins):
            file = folder / f"site{number:02}.toml"
            file.write_text(f'start = "{origin}/"\ndelay = 0\nrevisit = []\n')
            files.append(str(file))
        places = ["--state", str(folder / "state.sqlite"), "--out", str(folder / "out")]
        crawl = [sys.executable, "-m", "newscrawl", "crawl", *files, "--allow-private", *places]
        first = _cpu(crawl)
        ours, theirs = [], []
        for _ in range(given.rounds):
            server.asked.clear()
            ours.append(_cpu(crawl))
            paths = [path for path, count in server.asked.items() if count >= given.sites]
            theirs.append(_cpu([sys.executable, "-c", _BARE, " ".join(origins), *paths]))
    print(f"{given.sites} sites of {len(_STORIES)} stories, CPU in seconds")
    print(f"first run           {first:7.2f}")
    print(f"nothing new         {min(ours):7.2f}   {', '.join(paths)}")
    print(f"bare, same requests {min(theirs):7.2f}")
    print(f"beyond              {min(ours) - min(theirs):7.2f}")


if __name__ == "__main__":
    main()
