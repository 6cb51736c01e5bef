"""Memory of a crawl as it grows: resident size of the process, every tenth of the pages.

    python -m tests.benchmarks.crawling [--pages N] [--jobs N]

A site of N stories with a sitemap is served on loopback and crawled as ``newscrawl crawl`` does,
state and settling included. Flat means that the last tenth takes no more than the first ones, but
for what a crawl has to remember of each address. The size of the state a story is told, too.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.changing_site import paragraph, story

_SITE = """
start = "{url}/"
sitemaps = ["{url}/sitemap.xml"]
delay = 0
concurrency = 8
max_requests = {requests}
"""
_MENU = "".join(
    f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(80)
)
_APPEAL = paragraph("appeal")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.pages = pages
        self.served = 0

    def sitemap(self) -> bytes:
        """All stories."""
        urls = "".join(
            f"<url><loc>{self.url}/news/what-the-town-did-next-{1_000_000 + n}</loc></url>"
            for n in range(self.pages)
        )
        return (
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
        )


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path == "/sitemap.xml":
            self._answer(self.server.sitemap(), "application/xml")
        elif self.path.startswith("/news/"):
            self.server.served += 1
            page = story(self.path, _APPEAL).replace(
                b"<article>", f"<ul>{_MENU}</ul><article>".encode()
            )
            self._answer(page, "text/html")
        else:
            self._answer(b"<p>Nothing here.</p>", "text/html")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def _resident(process: subprocess.Popen[bytes]) -> float:
    """Resident size of a process, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024


def _crawl(server: _Server, folder: Path, jobs: int) -> None:
    site, state = folder / "site.toml", folder / "state.sqlite"
    site.write_text(_SITE.format(url=server.url, requests=2 * server.pages))
    began = time.monotonic()
    command = [sys.executable, "-m", "newscrawl", "crawl", str(site), "--allow-private"]
    files = ["--state", str(state), "--out", str(folder / "out")]
    process = subprocess.Popen([*command, *files, "--jobs", str(jobs)])
    step = server.pages // 10
    print("pages  seconds  MB")
    for mark in range(step, server.pages + 1, step):
        while server.served < mark and process.poll() is None:
            time.sleep(0.2)
        if process.poll() is None:
            print(
                f"{mark:5}  {time.monotonic() - began:7.0f}  {_resident(process):.0f}", flush=True
            )
    most = 0.0
    while process.poll() is None:
        most = max(most, _resident(process))
        time.sleep(0.5)
    print(f"settled after {time.monotonic() - began:.0f} s, {most:.0f} MB at most while settling")
    print(f"state: {state.stat().st_size / server.pages:.0f} bytes a story")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=1)
    wanted = parser.parse_args()
    server = _Server(wanted.pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        _crawl(server, Path(folder), wanted.jobs)
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
