"""A news site on loopback that a test can change between two runs."""

from __future__ import annotations

import contextlib
import hashlib
import random
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_WORDS = """
harbour council storm bridge ferry market teacher engine winter valley railway hospital orchard
lantern keeper island trawler committee budget northern winner village engineer pavement museum
captain library garden factory school meadow station lawyer minister forest quarry kitchen theatre
painter window sailor journey harvest mountain chapel festival printer cottage weather morning
opened closed visited painted repaired counted crossed measured praised sold the the the a of to in
on near behind after before with without under for from by and and but while because who which that
""".split()
"""Enough that hardly four of them come in a row twice."""


def paragraph(seed: str, sentences: int = 4) -> str:
    """Running text of its own for every seed."""
    chance = random.Random(seed)  # noqa: S311 - words for a page
    return " ".join(_sentence(chance) for _ in range(sentences))


def headline(seed: str) -> str:
    """A headline of its own for every seed."""
    return _sentence(random.Random(f"headline {seed}"))[:-1]  # noqa: S311 - words for a page


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(8, 16))).capitalize() + "."


def story(seed: str, *extra: str, title: str | None = None, head: str = "") -> bytes:
    """A story's page: paragraphs of its own, and ``extra`` ones in its middle."""
    own = [paragraph(f"{seed} {n}") for n in range(6)]
    texts = [*own[:3], *extra, *own[3:]]
    inner = "".join(
        f'<p class="{hashlib.sha256(f"{seed}{n}".encode()).hexdigest()[:8]}">{text}</p>'
        for n, text in enumerate(texts)
    )
    title = title or headline(seed)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><article><h1>{title}</h1>{inner}</article></body></html>"
    ).encode()


def body_of(seed: str) -> str:
    """The text of ``story(seed)``."""
    return "\n\n".join(paragraph(f"{seed} {n}") for n in range(6))


class ChangingSite(ThreadingHTTPServer):
    """Serves ``pages`` by path, with an ETag each, and a front page that links to all of them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.pages: dict[str, bytes] = {}
        """What is linked and answered with 200."""
        self.unlinked: dict[str, bytes] = {}
        """What is answered with 200 and linked nowhere."""
        self.redirects: dict[str, str] = {}
        """Where a linked path leads."""
        self.gone: set[str] = set()
        """Linked paths that are answered with 410."""
        self.failing: set[str] = set()
        """Paths that are answered with 500."""
        self.answers: list[tuple[str, int]] = []
        """Path and status of each answer."""
        self.on_request: Callable[[str], object] = len
        """Called with each path before it is answered."""

    def front(self) -> bytes:
        """The front page."""
        links = [*self.pages, *self.redirects, *sorted(self.gone)]
        items = "".join(f'<li><a href="{path}">{path}</a></li>' for path in links)
        return f"<!doctype html><title>Front</title><ul>{items}</ul>".encode()


@contextlib.contextmanager
def serve_changing_site() -> Iterator[ChangingSite]:
    """A running site."""
    site = ChangingSite()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: ChangingSite

    def do_GET(self) -> None:
        site, path = self.server, self.path
        site.on_request(path)
        if path in site.failing:
            self._answer(500, b"<p>Not now.</p>")
        elif path in site.redirects:
            self._answer(302, b"", location=site.redirects[path])
        elif path in site.gone:
            self._answer(410, b"<p>Gone.</p>")
        elif path == "/":
            self._page(site.front())
        elif path in site.pages or path in site.unlinked:
            self._page({**site.unlinked, **site.pages}[path])
        else:
            self._answer(404, b"<p>Not here.</p>")

    def _page(self, body: bytes) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        same = self.headers.get("If-None-Match") == etag
        self._answer(304 if same else 200, b"" if same else body, etag=etag)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.server.answers.append((self.path, status))
        self.send_response(status)
        headers = {"content-type": "text/html", "content-length": str(len(body)), **headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass
