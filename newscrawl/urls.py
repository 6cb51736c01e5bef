"""URLs as text: what is a web address, its site, its clean form, its story. No network."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

_LINE_ENDS = re.compile(r"[\t\r\n]")
_NOT_IN_URLS = re.compile(r"[\x00-\x20\ud800-\udfff]")
_ABSOLUTE = re.compile(r"https?://[^/?#;\s]+[^;\s]*")
"""An address that stays as it is, whatever it is resolved against; ``urljoin`` drops an empty
parameter's ``;``."""
_TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "at_", "hsa_", "ns_", "wt_")
_TRACKING_NAMES = frozenset(
    "fbclid gclid dclid msclkid yclid igshid ocid cmpid ref_src icid ncid xtor smid "
    "phpsessid jsessionid".split()
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
        joined = text if _ABSOLUTE.fullmatch(text) else urljoin(base or "", text)
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


_HOST_VARIANTS = frozenset({"www", "m", "mobile", "amp"})
_FOLDER_VARIANTS = frozenset({"m", "mobile", "amp", "print"})
_PAGE_VARIANTS = frozenset({"amp", "print", "index", "default"})
_QUERY_VARIANTS = re.compile(
    r"(?:amp|print|printable|mobile|m)(?:=(?:1|true|yes|on)?)?"
    r"|(?:output|outputtype|view|mode|format|version|type)=(?:amp|print|mobile)"
    r"|(?:ref|referrer|share)(?:=\D*)?|(?:sessionid|session_id|session|sid)=[\da-z_-]{16,}",
    re.IGNORECASE,
)
"""Parameters that name a view of a story, a visit or a way there, never another story. Where it is
short, a ``sid`` may be a story's number."""
_EXTENSION = re.compile(r"(?:\.(?:amp|print))?(?:\.(?:s?html?|php|aspx?|jsp|amp|print))?$")
_PATH_PARAMETERS = re.compile(r";[^/]*")
_NUMBER = (
    r"(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:(?:[0-2]\d|3[01])\d{0,6})?(?!\d))[a-z]{0,2}\d{6,}(?<!000)"
    r"|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,}"
)
_NUMBERED = re.compile(rf"(?:.*[-_,.])?(?P<last>{_NUMBER})|(?P<first>{_NUMBER})[-_,.].*")
"""A story's number alone, or behind or before its slug, in one segment of a path.

Two stories taken for one are a loss, one taken for two is noticed by its text: so dates (stories
share them), round numbers (slugs speak of a million) and those of five digits are no story's.
"""
_SLUG = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}")
"""Three words or more: the slug that stands beside a number in a segment of its own."""


def story_key(url: str) -> str:
    """A name for the story at a URL, the same for all of its addresses as far as they tell.

    These differ in scheme, fragment, trailing slash, tracking and session parameters and their
    order, the host's ``www.``, ``m.`` or ``amp.``, AMP, mobile and print views, the page's
    extension, and in the slug beside a story number in the same folder. The key reads like a URL
    without scheme, ``news.example/local/#1234567`` where a number names the story, and isn't one to
    fetch. The key of what is no web address is the text itself.
    """
    parts = split_web_url(url)
    if parts is None:
        return url
    path = "/".join(_numbered(_segments(parts.path)))
    query = "&".join(sorted(filter(_names_story, parts.query.split("&"))))
    return f"{_story_host(url, parts)}/{path}{'?' if query else ''}{query}"


def _names_story(parameter: str) -> bool:
    return bool(parameter) and not (_is_tracking(parameter) or _QUERY_VARIANTS.fullmatch(parameter))


def _story_host(url: str, parts: SplitResult) -> str:
    host, site = (parts.hostname or "").rstrip("."), site_of(url) or ""
    while host != site and host.partition(".")[0] in _HOST_VARIANTS:
        host = host.partition(".")[2]
    return host if parts.port in {None, 80, 443} else f"{host}:{parts.port}"


def _segments(path: str) -> list[str]:
    """The path's segments, evenly escaped, without views, session and extension."""
    even = quote(unquote_to_bytes(_PATH_PARAMETERS.sub("", path)), safe="/~!$&'()*+,:@-._")
    segments = [segment for segment in even.split("/") if segment]
    if segments:
        segments[-1] = _EXTENSION.sub("", segments[-1])
    if segments and segments[-1].lower() in {*_PAGE_VARIANTS, ""}:
        del segments[-1]
    if len(segments) > 1 and segments[0].lower() in _FOLDER_VARIANTS:
        del segments[0]
    return segments


def _numbered(segments: list[str]) -> list[str]:
    """The segments with a story's number in place of its slug, where it has one."""
    *folders, last = segments or [""]
    if found := _NUMBERED.fullmatch(last):
        if last == found["last"] and folders and _SLUG.fullmatch(folders[-1]):
            del folders[-1]
        return [*folders, f"#{found['last'] or found['first']}"]
    if folders and _SLUG.fullmatch(last):
        alone = _NUMBERED.fullmatch(folders[-1])
        if alone and folders[-1] == alone["last"]:
            return [*folders[:-1], f"#{folders[-1]}"]
    return segments
