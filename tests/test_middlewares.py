"""Guards: what is refused before it is fetched, and what isn't to be trusted after."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import json
import zlib
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response

from newscrawl.middlewares import (
    AddressGuard,
    CompressionGuard,
    RedirectGuard,
    Refused,
    SiteGuard,
    is_complete,
    is_public,
    literal_address,
)
from tests.driver import crawl, lines, run_crawls
from tests.misbehaving import Server

GZIP = zlib.MAX_WBITS + 16
TEXT = b"<p>The council voted on Tuesday.</p>" * 5000
ENDS_BEFORE_A_SLICE = gzip.compress(bytes(4072), compresslevel=0)
"""A member one byte shorter than what is unpacked at a time: the next one's magic is split."""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.1.2.3", "::1", "::", "fe80::1", "fc00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1",
    ],
)  # fmt: skip
def test_address_that_is_not_public(address: str) -> None:
    """Loopback, private, link-local and reserved addresses, wrapped ones too, aren't public."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_address_that_is_public(address: str) -> None:
    """Addresses on the internet are."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"), ("localhost", "127.0.0.1"),
        ("LOCALHOST.", "127.0.0.1"), ("a.localhost", "127.0.0.1"), ("::1", "::1"),
        ("fe80::1%eth0", "fe80::1"), ("127.0.0.1.", "127.0.0.1"),
        ("news.example", None), ("1.news.example", None), ("müller.example", None), ("", None),
    ],
)  # fmt: skip
def test_literal_address(host: str, address: str | None) -> None:
    """However an address is spelt, it is known without a look-up; names aren't."""
    assert literal_address(host) == (address and ipaddress.ip_address(address))


def _crawler(*, allow_private: bool = False) -> Crawler:
    return Crawler(Spider, {"NEWSCRAWL_ALLOW_PRIVATE": allow_private})


def test_address_guard_checks_literals_behind_a_proxy() -> None:
    """Behind a proxy, written addresses are refused and names are left to the proxy."""
    guard = AddressGuard.from_crawler(_crawler())
    meta = {"proxy": "http://proxy.example:3128"}
    with pytest.raises(Refused, match="private_address"):
        asyncio.run(guard.process_request(Request("http://0x7f.1/", meta=meta)))
    asyncio.run(guard.process_request(Request("http://intern.example/", meta=meta)))


def test_address_guard_checks_who_answered() -> None:
    """An answer from a private address is refused, whatever the look-up said before."""
    guard = AddressGuard.from_crawler(_crawler())
    request = Request("http://news.example/")
    answer = Response(request.url, ip_address=ipaddress.ip_address("10.0.0.1"))
    with pytest.raises(Refused, match="private_address"):
        guard.process_response(request, answer)
    proxied = request.replace(meta={"proxy": "http://10.0.0.1:3128"})
    assert guard.process_response(proxied, answer) is answer


def test_address_guard_is_off_on_demand() -> None:
    """``NEWSCRAWL_ALLOW_PRIVATE`` takes the guard out."""
    with pytest.raises(NotConfigured):
        AddressGuard.from_crawler(_crawler(allow_private=True))


def test_site_guard() -> None:
    """A spider with ``allowed_sites`` stays there; robots.txt may be redirected off the site."""
    crawler = _crawler()
    crawler.spider = Spider("x")
    guard = SiteGuard.from_crawler(crawler)
    elsewhere = Request("https://www.example.net/")
    guard.process_request(elsewhere)
    crawler.spider.allowed_sites = frozenset({"example.org"})  # type: ignore[attr-defined] # as PageSpider
    guard.process_request(Request("https://www.example.org/"))
    guard.process_request(elsewhere.replace(meta={"dont_obey_robotstxt": True}))
    with pytest.raises(Refused, match="offsite"):
        guard.process_request(elsewhere)
    for url in ("file:///etc/passwd", "https://me:secret@www.example.org/"):
        with pytest.raises(Refused, match="bad_url"):
            guard.process_request(Request(url))


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "javascript:x", "http://[::bad/"])
def test_redirect_guard(location: str) -> None:
    """A redirect leads to the web, or it is refused."""
    request = Request("https://news.example/a")
    answer = Response(request.url, status=301, headers={"Location": location})
    with pytest.raises(Refused, match="bad_redirect"):
        RedirectGuard().process_response(request, answer)
    good = answer.replace(headers={"Location": "/b"})
    assert RedirectGuard().process_response(request, good) is good


@pytest.mark.parametrize(
    ("data", "window_bits", "complete"),
    [
        (gzip.compress(TEXT), GZIP, True),
        (gzip.compress(TEXT) + gzip.compress(TEXT), GZIP, True),
        (gzip.compress(TEXT) + b"\0\0\0", GZIP, True),
        (gzip.compress(TEXT)[:-1], GZIP, False),
        (gzip.compress(TEXT)[:200], GZIP, False),
        (gzip.compress(TEXT) + gzip.compress(TEXT)[:50], GZIP, False),
        (zlib.compress(TEXT), zlib.MAX_WBITS, True),
        (zlib.compress(TEXT)[2:-4], zlib.MAX_WBITS, True),
        (zlib.compress(TEXT)[:100], zlib.MAX_WBITS, False),
        (gzip.compress(b"\0" * (1 << 16)), GZIP, True),
        (gzip.compress(b""), GZIP, True),
        (gzip.compress(b"") * 100_000, GZIP, True),
        (gzip.compress(b"") * 1000 + gzip.compress(b"")[:9], GZIP, False),
        (ENDS_BEFORE_A_SLICE + gzip.compress(TEXT), GZIP, True),
        (ENDS_BEFORE_A_SLICE + gzip.compress(TEXT)[:-1], GZIP, False),
    ],
)
def test_complete_stream(data: bytes, window_bits: int, *, complete: bool) -> None:
    """A stream is complete when it, and each further member, comes to its end."""
    assert is_complete(data, window_bits, max_size=1 << 20) is complete


def test_complete_stream_has_a_bound() -> None:
    """A bomb isn't unpacked here: it is left to Scrapy's bound."""
    assert is_complete(gzip.compress(b"\0" * (1 << 20))[:-1], GZIP, max_size=1 << 17)


@pytest.mark.parametrize("encoding", ["gzip", "identity, GZIP", ["identity", "gzip"]])
def test_compression_guard_names_broken_streams(encoding: str | list[str]) -> None:
    """What isn't the compression that it claims to be is refused as incomplete."""
    request = Request("https://news.example/a")
    answer = Response(request.url, headers={"Content-Encoding": encoding}, body=TEXT)
    with pytest.raises(Refused, match="incomplete"):
        CompressionGuard(1 << 20).process_response(request, answer)


def _private(server: Server, *more: str) -> dict[str, str]:
    """URLs that must not be fetched, and the code that each gets."""
    port = server.port
    private = (
        f"http://127.0.0.2:{port}/", f"http://2130706434:{port}/", f"http://0x7f.2:{port}/",
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
        "http://[::ffff:127.0.0.2]/", "http://0/", *more,
    )  # fmt: skip
    return dict.fromkeys(private, "private_address")


def test_private_addresses_are_refused(tmp_path: Path, server: Server) -> None:
    """Without the flag no private address is asked for anything: literal, oddly spelt, by name, by
    a redirect; its robots.txt neither. One address passes for public here, to have a server."""
    expected = _private(server, f"http://intern.example:{server.port}/story/by-name-1")
    good, moved = f"{server.url}/story/of-the-wall-1", f"{server.url}/to-neighbour"
    server.requests.clear()
    run_crawls(
        tmp_path,
        [crawl(urls=[*expected, good, moved])],
        options={"allow_private": False},
        intern=True,
        public="127.0.0.1",
    )
    codes = {
        reject["requested_url"] or reject["url"]: reject["code"]
        for reject in lines(tmp_path / "out.rejected.jsonl")
    }
    assert codes == expected | {moved: "private_address"}
    assert [record["url"] for record in lines(tmp_path / "out.jsonl")] == [good]
    assert sorted(server.requests) == ["/robots.txt", "/story/of-the-wall-1", "/to-neighbour"]


def test_a_name_that_changes_its_address_is_refused(tmp_path: Path, server: Server) -> None:
    """A name that is public when looked up and private when connected to gives no record."""
    url = f"http://rebinding.example:{server.port}/story/of-the-wall-1"
    run_crawls(
        tmp_path,
        [crawl(urls=[url])],
        options={"allow_private": False},
        intern=True,
        settings={"ROBOTSTXT_OBEY": False},
        public="127.0.0.1",
    )
    (reject,) = lines(tmp_path / "out.rejected.jsonl")
    assert (reject["code"], reject["url"]) == ("private_address", url)
    assert json.loads((tmp_path / "out.json").read_text())["articles"]["count"] == 0
