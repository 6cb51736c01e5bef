"""Bytes to UTF-8, as a browser would read them, or better. No bytes raise an exception."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

MAX_PAGE_BYTES = 20_000_000
"""What is read of a page: nine times the largest of 1,400 labelled news pages (2.2 MB)."""
_PROVEN_BYTES = 16_000
"""Bytes that are proven at a time."""
_SNIFFED_BYTES = 20_000
_TOLERATED_ERRORS = 0.01
"""Share of undecodable characters up to which a declared charset is believed."""
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
"""A control character of ISO 8859-1, which no page has on purpose."""
_TWICE = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf])+")
"""A character of UTF-8 whose bytes were taken for ISO 8859-1 and encoded once more."""
_CERTAINLY_TWICE = re.compile(rb"\xc3\x82|.*\xc2[\x80-\x9f]", re.DOTALL)
"""One with a control character in it, or with "Â", in which no word ends."""
_TWICE_THROUGHOUT = 3
"""Different ones of these from which on all that may be such a character is one: a few may come
from a comment, and "É:" with a no-break space, or "é »" with one, looks like one, too."""


def as_utf8(raw: bytes, content_type: str | None = None) -> bytes:
    """``raw`` in UTF-8: byte-order mark, UTF-8 that proves itself, ``Content-Type`` header,
    ``meta``, and then sniffing tell its charset, in this order. Of larger pages the first 20 MB are
    read.

    Multi-byte UTF-8 hardly ever arises by chance, so bytes that are valid UTF-8 beat a declaration
    that says otherwise. What was encoded twice (one of a hundred pages) is decoded once more.
    """
    bom_encoding, bom = read_bom(raw)
    if bom_encoding and bom:
        return _encoded(raw[len(bom) : MAX_PAGE_BYTES].decode(bom_encoding, "replace"))
    raw = raw[:MAX_PAGE_BYTES]
    utf8 = _proven(raw)
    if utf8 is not None and not utf8.isascii():
        return _decoded_once_more(utf8) if _CONTROL.search(utf8) else utf8
    declared = (http_content_type_encoding(content_type), html_body_declared_encoding(raw))
    if utf8 is not None and not _is_stateful(declared):
        return utf8
    for encoding in declared:
        if encoding and (text := _plausible(raw, encoding)) is not None:
            return _encoded(text)
    return _encoded(_sniffed(raw))


def _decoded_once_more(utf8: bytes) -> bytes:
    """The page without what was encoded twice: what can be nothing else, or all that may be."""
    found = {twice: once for twice in set(_TWICE.findall(utf8)) if (once := _once(twice))}
    certain = {twice: once for twice, once in found.items() if _CERTAINLY_TWICE.match(twice)}
    meant = found if len(certain) >= _TWICE_THROUGHOUT else certain
    return _TWICE.sub(lambda match: meant.get(match[0], match[0]), utf8)


def _once(twice: bytes) -> bytes | None:
    return _proven(twice.decode().encode("iso-8859-1"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _proven(raw: bytes) -> bytes | None:
    """``raw`` without the character that MAX_PAGE_BYTES cut in two; ``None`` if it isn't UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        # In pieces, because the text itself isn't needed: what they take is used again.
        for start in range(0, len(raw), _PROVEN_BYTES):
            decoder.decode(raw[start : start + _PROVEN_BYTES])
        unread = len(decoder.getstate()[0])
        if unread and len(raw) < MAX_PAGE_BYTES:
            return None
    except UnicodeDecodeError:
        return None
    return raw[: len(raw) - unread]


def _is_stateful(declared: tuple[str | None, ...]) -> bool:
    """Whether a declared charset writes other scripts in ASCII bytes (ISO-2022-JP, HZ)."""
    return any(name and name.startswith(("iso2022", "hz", "iso-2022")) for name in declared)


def _plausible(raw: bytes, encoding: str) -> str | None:
    name = resolve_encoding(encoding)
    if name is None:
        return None
    try:
        text = raw.decode(name, "replace")
    except LookupError:
        return None
    return text if text.count("�") <= _TOLERATED_ERRORS * max(1, len(text)) else None


def _sniffed(raw: bytes) -> str:
    # Few pages need it, and importing it takes its time.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(raw[:_SNIFFED_BYTES]).best()
    guess = _plausible(raw, best.encoding) if best else None
    return raw.decode("cp1252", "replace") if guess is None else guess
