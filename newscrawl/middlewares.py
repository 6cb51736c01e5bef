"""Downloader middlewares that refuse what isn't to be fetched, or not to be trusted.

Each refusal is a ``Refused`` with a reason code, which reaches the request's errback.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import zlib
from collections.abc import Collection, Iterator
from io import BytesIO

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IHostResolution
from w3lib.url import safe_url_string

from newscrawl.contract import GZIP_MAGIC
from newscrawl.errors import RejectedPage
from newscrawl.urls import absolute_url, site_of, split_web_url

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")
_PLAIN_HOST = re.compile(r"(?:[\w.-]+|\[[^\]]+\])(?::\d*)?")
"""A host and its port. Twisted fails on anything else: user names, percent signs, brackets."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Refused(RejectedPage, IgnoreRequest):
    """A request or an answer that newscrawl doesn't take; ``code`` is in ``REJECT_CODES``."""


class SiteGuard:
    """Refuses what isn't the web, and whatever is outside of a spider's ``allowed_sites``, but for
    robots.txt and for requests whose meta has ``allow_offsite``.

    It stands before the robots middleware, so that nothing is asked of the other site at all.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SiteGuard:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise ``Refused`` with ``bad_url`` or ``offsite``."""
        parts = split_web_url(request.url)
        if parts is None:
            raise Refused("bad_url", "not an absolute http or https URL")
        if not _PLAIN_HOST.fullmatch(parts.netloc):
            raise Refused("bad_url", "no plain host name")
        allowed: Collection[str] = getattr(self._crawler.spider, "allowed_sites", ())
        may_leave = any(map(request.meta.get, ("dont_obey_robotstxt", "allow_offsite")))
        if allowed and not may_leave and site_of(request.url) not in allowed:
            raise Refused("offsite", f"{request.url} is outside of {', '.join(sorted(allowed))}")


class RedirectGuard:
    """Refuses redirects to nowhere, or to something other than http and https.

    Scrapy hands the former to the spider as pages and fails on malformed addresses.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """``response`` itself; raise ``Refused`` with ``bad_redirect``."""
        if response.status in _REDIRECTS:
            location = response.headers.get("Location") or b""
            if not _leads_somewhere(request.url, location):
                shown = location.decode("latin-1")
                raise Refused("bad_redirect", f"HTTP {response.status} to {shown!r}")
        return response


def _leads_somewhere(url: str, location: bytes) -> bool:
    """Whether Scrapy, which mends white space and the like in a location, can follow it."""
    try:
        return absolute_url(url, safe_url_string(location)) is not None
    except ValueError:
        return False


class CompressionGuard:
    """Refuses answers whose compression is cut or broken.

    ``scrapy.utils.gz.gunzip`` and its neighbours return what they could read without a word, and
    half of a story would pass for all of it.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompressionGuard:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 # Scrapy calls it so
        """``response`` itself; raise ``Refused`` with ``incomplete``."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).lower()
        window_bits = _WINDOW_BITS.get(encodings.rpartition(b",")[2].strip())
        if window_bits and response.body:
            try:
                complete = is_complete(response.body, window_bits, self._max_size)
            except zlib.error as error:
                raise Refused("incomplete", f"broken compression: {error}") from error
            if not complete:
                raise Refused("incomplete", "the compressed answer is cut")
        return response


_WINDOW_BITS = {
    b"gzip": zlib.MAX_WBITS + 16,
    b"x-gzip": zlib.MAX_WBITS + 16,
    b"deflate": zlib.MAX_WBITS,
}
_CHUNK = 1 << 16
_SLICE = 1 << 12
"""Bytes that are unpacked at a time: zlib copies what is behind the end of a member, so that all of
the data at once takes a minute for 10 MB of empty members."""


def is_complete(data: bytes, window_bits: int, max_size: int) -> bool:
    """Whether a zlib or gzip stream (of any number of members) comes to its end.

    One that would grow beyond ``max_size`` bytes is left to Scrapy's own bound and counts as
    complete. Raises ``zlib.error`` when the stream is broken.
    """
    raw_deflate = window_bits == zlib.MAX_WBITS and (data[0] & 0x0F) != zlib.DEFLATED
    window_bits = -zlib.MAX_WBITS if raw_deflate else window_bits
    stream, size = zlib.decompressobj(window_bits), 0
    source, packed = BytesIO(data), b""
    while size <= max_size:
        packed = packed or source.read(_SLICE)
        chunk = stream.decompress(packed, _CHUNK)
        size += len(chunk)
        if stream.eof:
            packed = stream.unused_data
            if len(packed) < len(GZIP_MAGIC):
                packed += source.read(_SLICE)
            if not packed.startswith(GZIP_MAGIC):
                return True
            stream = zlib.decompressobj(window_bits)
            continue
        packed = stream.unconsumed_tail
        if not packed and len(chunk) < _CHUNK and source.tell() == len(data):
            return False
    return True


class AddressGuard:
    """Refuses loopback, private, link-local and other addresses that aren't public.

    It stands behind the proxy middleware, next to the network: every request passes it, each
    redirect and each robots.txt included. A name is resolved by the reactor's own resolver, whose
    cache gives the connection the same answer; the address that did answer is checked again, for
    the case that the cache lost it in between. Behind a proxy, which resolves by itself, only
    addresses that are written as such can be checked.
    """

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.getbool("NEWSCRAWL_ALLOW_PRIVATE"):
            raise NotConfigured

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise ``Refused`` with ``private_address``."""
        host = urlparse_cached(request).hostname or ""
        literal = literal_address(host)
        if literal is not None:
            _require_public(host, [literal])
        elif not request.meta.get("proxy"):
            _require_public(host, await _resolve(host))

    def process_response(self, request: Request, response: Response) -> Response:
        """``response`` itself; raise ``Refused`` with ``private_address``."""
        if response.ip_address is not None and not request.meta.get("proxy"):
            _require_public(urlparse_cached(request).hostname or "", [response.ip_address])
        return response


def is_public(address: IPAddress) -> bool:
    """Whether an address is on the public internet, an IPv4 one inside an IPv6 one included."""
    return all(
        one.is_global and not (one.is_multicast or one.is_reserved or one in _SITE_LOCAL)
        for one in _reached(address)
    )


def _reached(address: IPAddress) -> Iterator[IPAddress]:
    """Where a connection may end."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            yield inner
            return
    yield address


def literal_address(host: str) -> IPAddress | None:
    """The address that a host is by its spelling, ``2130706433``, ``0x7f.1`` and ``localhost``
    included; ``None`` for a name that has to be looked up."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _require_public(host: str, addresses: Collection[IPAddress]) -> None:
    for address in addresses:
        if not is_public(address):
            raise Refused("private_address", f"{host} is at {address}; --allow-private allows it")


async def _resolve(host: str) -> list[IPAddress]:
    """All addresses that the connection could go to; raise ``CannotResolveHostError``."""
    from twisted.internet import reactor  # noqa: PLC0415 # importing it earlier installs another

    done: Deferred[list[IPAddress]] = Deferred()
    try:
        reactor.nameResolver.resolveHostName(_Receiver(done), host)
    except UnicodeError as error:
        raise CannotResolveHostError(f"{host!r} is no host name") from error
    addresses = await maybe_deferred_to_future(done)
    if not addresses:
        raise CannotResolveHostError(f"{host} has no address")
    return addresses


class _Receiver:
    """Collects the addresses of one name: Twisted's ``IResolutionReceiver``."""

    def __init__(self, done: Deferred[list[IPAddress]]) -> None:
        self._done = done
        self._addresses: list[IPAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 # Twisted's interface
        """Nothing to do: a look-up is never cancelled."""

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 # Twisted's interface
        """Keep one address."""
        self._addresses.append(ipaddress.ip_address(address.host))

    def resolutionComplete(self) -> None:  # noqa: N802 # Twisted's interface
        """Hand over what was found."""
        self._done.callback(self._addresses)
