"""URLs as text: what is a web address, which site it belongs to, how it is cleaned. No network."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

_LINE_ENDS = re.compile(r"[\t\r\n]")
_NOT_IN_URLS = re.compile(r"[\x00-\x20\ud800-\udfff]")
_TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_")
_TRACKING_NAMES = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "ocid", "cmpid", "ref_src"}
)
MAX_URL_LENGTH = 2083
"""Longest URL that is read, in characters: the field's customary limit."""


def split_web_url(url: str | None) -> SplitResult | None:
    """The parts of an absolute http or https URL; ``None`` for anything else, however malformed."""
    text = (url or "").strip()
    if len(text) > MAX_URL_LENGTH or _NOT_IN_URLS.search(text):
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def clean_url(url: str | None) -> str | None:
    """An absolute web URL without fragment and tracking parameters, host in lower case."""
    parts = split_web_url(url)
    if parts is None:
        return None
    kept = "&".join(part for part in parts.query.split("&") if not _is_tracking(part))
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", kept, ""))


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)


def absolute_url(base: str | None, reference: str | None) -> str | None:
    """``reference`` as an absolute web URL, resolved against ``base``; ``None`` if it isn't.

    Line ends are dropped and spaces escaped, as browsers do.
    """
    text = _LINE_ENDS.sub("", reference or "").strip().replace(" ", "%20")
    if not text or len(text) > MAX_URL_LENGTH:
        return None
    try:
        joined = urljoin(base or "", text)
    except ValueError:
        return None
    parts = split_web_url(joined)
    return parts.geturl() if parts else None


@lru_cache(maxsize=4096)
def site_of(url: str) -> str | None:
    """The registrable domain of a URL, or its host where there is none (an IP, ``localhost``).

    Under a suffix that the public suffix list doesn't know, the last two labels.
    """
    parts = split_web_url(url)
    if parts is None or parts.hostname is None:
        return None
    host = parts.hostname.rstrip(".")
    if is_ip(host):
        return host
    return _suffixes()(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> TLDExtract:
    # Importing it takes a third of the program's start, and not everything asks for a site.
    from tldextract import TLDExtract  # noqa: PLC0415

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def is_ip(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
