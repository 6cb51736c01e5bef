"""A web server on loopback that does what servers shouldn't, and a few that they should."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests import changing_site
from tests.listings import LISTINGS, endless_sitemaps

_PARAGRAPH = (
    "The council of the harbour town voted on Tuesday evening to rebuild the old sea wall, "
    "number {number}, after three winters in which storms had carried away most of its stones. "
    "Engineers told the meeting that the work would take two years and cost four million."
)
BIG = 11 * 1024 * 1024


def story(number: int, *, head: str = "") -> bytes:
    """The page of a story that anything can read."""
    paragraphs = "".join(
        f"<p>{_PARAGRAPH.format(number=f'{number}.{index}')}</p>" for index in range(6)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Town rebuilds sea wall {number}</title>{head}</head>"
        f"<body><article><h1>Town rebuilds sea wall {number}</h1>{paragraphs}</article></body>"
    ).encode()


def front_page(*links: str) -> bytes:
    """A page of nothing but links."""
    items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return f"<!doctype html><title>Front</title><ul>{items}</ul>".encode()


class Server(ThreadingHTTPServer):
    """Serves ``_PAGES`` on a free port of every loopback address, counting requests by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), _Handler)  # noqa: S104 - 127.0.0.2 and localhost are other hosts to a crawler
        self.port = self.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[str] = []
        self.times: list[float] = []
        """When each request came, on the monotonic clock."""
        self.both = threading.Barrier(2)
        """What two clients wait for at "/both"."""
        self.user_agents: set[str] = set()
        self.released = threading.Event()
        self.robots = b"User-agent: newscrawl\nDisallow: /forbidden/\n"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up on answers like these; that's the point."""


@contextlib.contextmanager
def serve() -> Iterator[Server]:
    """A running server."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.requests.append(path)
        self.server.times.append(time.monotonic())
        self.server.user_agents.add(self.headers.get("User-Agent", ""))
        page = _PAGES.get(path) or LISTINGS.get(path)
        if page is not None:
            page(self)
        elif path.startswith("/maps/endless-"):
            endless_sitemaps(self, path)
        elif path.startswith("/story/") and path.rpartition("-")[2].isdigit():
            self.answer(changing_site.story(path.rpartition("-")[2]))
        elif path.startswith("/maze"):
            self.answer(front_page(*(f"/maze{'y' * n}/" for n in range(99)), path + "deeper/"))
        elif path.startswith("/status/"):
            self.answer(b"<p>Sorry.</p>", status=int(path.rpartition("/")[2]))
        else:
            self.answer(b"<p>Not here.</p>", status=404)

    def answer(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        fields = {"Content-Type": "text/html", "Content-Length": str(len(body))}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, location: str | None) -> None:
        self.answer(b"", status=302, **({"Location": location} if location is not None else {}))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass

    # The pages

    def robots(self) -> None:
        self.answer(self.server.robots, Content_Type="text/plain")

    def front(self) -> None:
        elsewhere = f"http://localhost:{self.server.port}/story/of-another-site-1"
        self.answer(
            front_page(
                "/story/of-the-wall-1", "/story/of-the-wall-2?utm_source=x", "/tag/walls",
                elsewhere, "/story/gone-from-here", "/leave-the-site-with-this-story",
                "/story/of-the-wall-1#comments", "/logo.png", "/forbidden/story-of-the-wall-9",
            )
        )  # fmt: skip

    def quiet_front(self) -> None:
        self.answer(front_page("/story/of-the-wall-100"))

    def soft_404(self) -> None:
        self.answer(
            b"<!doctype html><title>Page not found</title><h1>Page not found</h1>"
            b"<p>The page that you asked for isn't here. Try our front page.</p>"
        )

    def to_front(self) -> None:
        self.redirect("/section")

    def busy_once(self) -> None:
        if self.server.requests.count("/busy-once/story-of-the-wall-20") % 2:
            self.answer(b"Slow down", status=429, Retry_After="0")
        else:
            self.answer(story(20))

    def busy_for_a_while(self) -> None:
        self.answer(b"Slow down", status=429, Retry_After="50")

    def busy_for_hours(self) -> None:
        self.answer(b"Slow down", status=503, Retry_After="7200")

    def busy_for_a_second(self) -> None:
        if self.server.requests.count("/busy-for-a-second/story-of-the-wall-22") == 1:
            self.answer(b"Slow down", status=429, Retry_After="1")
        else:
            self.answer(story(22))

    def busy_for_a_minute(self) -> None:
        self.answer(b"Slow down", status=503, Retry_After="50")

    def for_both(self) -> None:
        self.server.both.wait(30)
        self.answer(story(23))

    def busy_front(self) -> None:
        links = [f"/story/of-the-wall-{number}" for number in range(30, 40)]
        self.answer(front_page("/busy-for-hours/story-of-the-wall-21", *links))

    def leave(self) -> None:
        self.redirect(f"http://localhost:{self.server.port}/story/of-another-site-1")

    def to_neighbour(self) -> None:
        self.redirect(f"http://127.2:{self.server.port}/story/of-the-wall-7")

    def to_loop(self) -> None:
        self.redirect("/loop")

    def to_file(self) -> None:
        self.redirect("file:///etc/passwd")

    def to_script(self) -> None:
        self.redirect("javascript:alert(1)")

    def to_malformed(self) -> None:
        self.redirect("http://[::bad/")

    def to_nowhere(self) -> None:
        self.redirect(None)

    def to_story(self) -> None:
        self.redirect("/story/of-the-wall-3")

    def to_spaces(self) -> None:
        self.redirect("/story/of the wall-9")

    def refresh_to_malformed(self) -> None:
        self.answer(story(9, head='<meta http-equiv="refresh" content="0; url=http://[::bad/">'))

    def cut_gzip(self) -> None:
        body = gzip.compress(story(40) * 40)
        self.answer(body[: len(body) // 2], Content_Encoding="gzip")

    def broken_gzip(self) -> None:
        body = bytearray(gzip.compress(story(41) * 40))
        body[len(body) // 2] ^= 0xFF
        self.answer(bytes(body), Content_Encoding="gzip")

    def plain_as_gzip(self) -> None:
        self.answer(story(42), Content_Encoding="gzip")

    def cut_deflate(self) -> None:
        body = zlib.compress(story(43) * 40)
        self.answer(body[: len(body) // 2], Content_Encoding="deflate")

    def partial(self) -> None:
        self.answer(story(45), status=206, Content_Range="bytes 0-1741/9999")

    def good_gzip(self) -> None:
        self.answer(gzip.compress(story(4)), Content_Encoding="gzip")

    def bomb(self) -> None:
        self.answer(_BOMB, Content_Encoding="gzip")

    def length_lie(self) -> None:
        self.answer(story(44), Content_Length="99999")

    def never(self) -> None:
        self.server.released.wait()

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        while not self.server.released.wait(0.1):
            self.wfile.write(b"<p>drip</p>")

    def big(self) -> None:
        self.answer(b"x" * BIG)

    def big_without_length(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(BIG // 65536 + 1):
            self.wfile.write(b"x" * 65536)

    def hang_up(self) -> None:
        self.close_connection = True

    def pdf(self) -> None:
        self.answer(b"%PDF-1.7 ...", Content_Type="application/pdf")

    def empty(self) -> None:
        self.answer(b"")

    def blank(self) -> None:
        self.answer(b" \n\n ")

    def junk(self) -> None:
        self.answer(bytes(range(256)) * 64)

    def section(self) -> None:
        self.answer(front_page(*(f"/story/of-the-wall-{n}" for n in range(20))))

    def wrong_charset(self) -> None:
        self.answer(story(5), Content_Type="text/html; charset=klingon")

    def copy_of_story(self) -> None:
        self.answer(
            story(1, head=f'<link rel="canonical" href="{self.server.url}/story/of-the-wall-1">')
        )

    def reload(self) -> None:
        self.answer(story(6, head='<meta http-equiv="refresh" content="60; url=/reload">'))

    def slow(self) -> None:
        time.sleep(0.5)
        self.answer(story(8))


_BOMB = gzip.compress(b"\0" * (BIG * 4))
_PAGES: dict[str, Callable[[_Handler], None]] = {
    "/robots.txt": _Handler.robots,
    "/": _Handler.front,
    "/front/one": _Handler.quiet_front,
    "/front/busy": _Handler.busy_front,
    "/busy-once/story-of-the-wall-20": _Handler.busy_once,
    "/busy-for-a-while/story-of-the-wall-22": _Handler.busy_for_a_while,
    "/busy-for-hours/story-of-the-wall-21": _Handler.busy_for_hours,
    "/busy-for-a-second/story-of-the-wall-22": _Handler.busy_for_a_second,
    "/busy-for-a-minute/story-of-the-wall-24": _Handler.busy_for_a_minute,
    "/both": _Handler.for_both,
    "/story/taken-down-in-words": _Handler.soft_404,
    "/story/taken-down-to-the-front": _Handler.to_front,
    "/leave-the-site-with-this-story": _Handler.leave,
    "/to-neighbour": _Handler.to_neighbour,
    "/loop": _Handler.to_loop,
    "/to-file": _Handler.to_file,
    "/to-script": _Handler.to_script,
    "/to-malformed": _Handler.to_malformed,
    "/to-nowhere": _Handler.to_nowhere,
    "/to-story": _Handler.to_story,
    "/to-spaces": _Handler.to_spaces,
    "/refresh-to-malformed": _Handler.refresh_to_malformed,
    "/cut-gzip": _Handler.cut_gzip,
    "/broken-gzip": _Handler.broken_gzip,
    "/plain-as-gzip": _Handler.plain_as_gzip,
    "/cut-deflate": _Handler.cut_deflate,
    "/partial": _Handler.partial,
    "/good-gzip": _Handler.good_gzip,
    "/bomb": _Handler.bomb,
    "/length-lie": _Handler.length_lie,
    "/never": _Handler.never,
    "/drip": _Handler.drip,
    "/big": _Handler.big,
    "/big-without-length": _Handler.big_without_length,
    "/hang-up": _Handler.hang_up,
    "/pdf": _Handler.pdf,
    "/empty": _Handler.empty,
    "/blank": _Handler.blank,
    "/junk": _Handler.junk,
    "/section": _Handler.section,
    "/wrong-charset": _Handler.wrong_charset,
    "/copy-of-story": _Handler.copy_of_story,
    "/reload": _Handler.reload,
    "/slow": _Handler.slow,
}
