"""The bundled news site, served on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import newscrawl
from newscrawl.errors import InputError

_ORIGIN = b"https://www.saltmarshcourier.example"
"""Where the publication believes that it is; replaced by the server's own address."""
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
_NOT_FOUND = b"<!DOCTYPE html><title>Not found</title><h1>Not found</h1>"
_PACKAGE = Path(newscrawl.__file__).parent
_PLACES = (_PACKAGE / "demo_site", _PACKAGE.parent / "fixtures" / "demo-site")
"""In the installed package; in a checkout."""


class _File(NamedTuple):
    content_type: str
    content: bytes


class _Server(ThreadingHTTPServer):
    """Serves a fixed set of files by path: nothing outside of it can be reached."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.files = _files(folder, self.origin)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        found = self.server.files.get(unquote(urlsplit(self.path).path))
        file = found or _File(_TYPES[".html"], _NOT_FOUND)
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", file.content_type)
        self.send_header("Content-Length", str(len(file.content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(file.content)

    do_HEAD = do_GET  # noqa: N815 - named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Say nothing: the crawl reports."""


@contextmanager
def serve_demo_site() -> Iterator[str]:
    """Serve the site from a background thread on a free port; gives its address, without slash."""
    server = _Server(_folder())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.origin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _folder() -> Path:
    for place in _PLACES:
        if place.is_dir():
            return place
    raise InputError(_PLACES[0], "the demo site isn't there: install newscrawl again")


def _files(folder: Path, origin: str) -> Mapping[str, _File]:
    """The site's files by URL path: pages without ``.html``, ``index.html`` as its folder."""
    files = {}
    for path in sorted(folder.rglob("*")):
        content_type = _TYPES.get(path.suffix)
        if content_type is not None:
            content = path.read_bytes().replace(_ORIGIN, origin.encode())
            files[_address(path.relative_to(folder).as_posix())] = _File(content_type, content)
    return files


def _address(name: str) -> str:
    return "/" + name.removesuffix(".html").removesuffix("index")
