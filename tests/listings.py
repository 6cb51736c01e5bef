"""Feeds, sitemaps and section pages that no site should have, for ``tests.misbehaving``."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

Answer = Callable[[Any], None]
"""Answers a request by the server's handler."""

_STORY = "/story/of-the-wall-{}"
_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)


def rss(*links: str, more: str = "") -> str:
    """A feed of stories."""
    items = "".join(f"<item><title>Wall</title><link>{link}</link>{more}</item>" for link in links)
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def urlset(*links: str) -> str:
    """A sitemap of pages."""
    return f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>"


def index(*links: str, story: str = "/logo.png") -> str:
    """A sitemap of sitemaps that lists a story besides."""
    items = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
    return f"<sitemapindex>{items}<url><loc>{story}</loc></url></sitemapindex>"


def _xml(text: str | bytes, **headers: str) -> Answer:
    body = text if isinstance(text, bytes) else text.encode()
    return lambda handler: handler.answer(body, **{"Content_Type": "application/xml", **headers})


def _endless(start: bytes, again: bytes) -> Answer:
    """A file without end and without length, as long as somebody reads."""

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/xml")
        handler.end_headers()
        handler.wfile.write(start)
        while not handler.server.released.is_set():
            handler.wfile.write(again)

    return answer


def _page(handler: Any, *links: str) -> None:
    items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    handler.answer(f"<!doctype html><title>Section</title><ul>{items}</ul>".encode())


def _calendar(handler: Any) -> None:
    """A month that links to the next, to sections without end, and to itself in new sessions."""
    count = handler.server.requests.count("/calendar")
    _page(
        handler,
        f"/calendar?month={count + 1}", f"/calendar?sid={count:032x}", f"/{count + 2026}/11/",
        f"/story/of-the-wall-3?PHPSESSID={count:032x}", f"/story/of-the-wall-3;jsessionid={count}",
        *(f"/maze{'x' * n}/" for n in range(60)),
    )  # fmt: skip


def endless_sitemaps(handler: Any, path: str) -> None:
    """An index of itself and of two further indexes, which are like it."""
    number = int(path.rpartition("-")[2].removesuffix(".xml"))
    links = (path, f"/maps/endless-{2 * number}.xml", f"/maps/endless-{2 * number + 1}.xml")
    _xml(index(*links, story=_STORY.format(10_000 + number)))(handler)


LISTINGS: dict[str, Answer] = {
    "/feeds/good.xml": _xml(rss(_STORY.format(1), more="<pubDate>yesterday</pubDate>")),
    "/feeds/cut.xml": _xml(rss(_STORY.format(2), "/story/of-the-wall-x").rpartition("x</link>")[0]),
    "/feeds/relative.xml": _xml(rss("../story/of-the-wall-3", "//[bad", "javascript:x")),
    "/feeds/bomb.xml": _xml(f"{_BOMB}]>{rss(_STORY.format(4), more='<category>&m;</category>')}"),
    "/feeds/many.xml": _xml(rss(*(_STORY.format(n) for n in range(50_000)))),
    "/feeds/soft.xml": _xml(rss("/story/taken-down-in-words", "/story/taken-down-to-the-front")),
    "/feeds/none.xml": _xml("<!doctype html><title>Soft 404</title><p>Not here."),
    "/feeds/lie.xml": _xml(rss(_STORY.format(5)), Content_Length="99999"),
    "/feeds/no-gzip.xml": _xml(rss(_STORY.format(6)), Content_Encoding="gzip"),
    "/feeds/endless.xml": _endless(b"<rss><channel>", b"<item><link>/x</link></item>" * 2000),
    "/maps/bomb.xml": _xml(f"{_BOMB}]>{urlset('/&m;.gif', _STORY.format(7))}"),
    "/maps/cut.xml.gz": _xml(gzip.compress(urlset(_STORY.format(8)).encode() * 99)[:-9]),
    "/maps/itself.xml": _xml(index("/maps/itself.xml", "/maps/itself.xml#x")),
    "/maps/bomb.xml.gz": _xml(gzip.compress(b" " * (60 << 20))),
    "/maps/endless.xml": _endless(b"<urlset>", b"<url><loc>/x</loc></url>" * 2000),
    "/calendar": _calendar,
}  # fmt: skip
"""By path."""
