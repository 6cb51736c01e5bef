"""What is said on standard error, and how data leaves on standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from newscrawl.errors import REJECT_CODES, OutputError
from newscrawl.records import Reject
from newscrawl.terminal import printable

_LATER = "try again later"
_ADDRESS = "check the address"
_REFUSED_READER = "the publisher doesn't let newscrawl read it: ask them"
_DEFECT = "report it with the address"
_ADVICE: Mapping[str, str] = {
    "bad_url": "write the whole address, with https:// in front",
    "private_address": "add --allow-private if the server is yours",
    "offsite": "name the address that it leads to, if that is the page you want",
    "robots": "leave it out, or ask the publisher",
    "too_many_redirects": "open it in a browser and name the address where it ends",
    "bad_redirect": "open it in a browser and name the address where it ends",
    "dns": "check the spelling of the host, and the network",
    "refused": "check the port, and that the server runs",
    "busy": _LATER,
    "timeout": _LATER,
    "connection": _LATER,
    "incomplete": _LATER,
    "too_large": "save the part that you need and use newscrawl extract",
    "http_401": _REFUSED_READER,
    "http_403": _REFUSED_READER,
    "http_429": _LATER,
    "http_4": _ADDRESS,
    "http_5": _LATER,
    "http_": _ADDRESS,
    "not_html": "name a web page; newscrawl reads HTML only",
    "empty_page": "open it in a browser: a page that scripts fill can't be read",
    "not_article": "name a story's own address, or use newscrawl crawl for a site",
    "no_body": "look at it with newscrawl inspect",
    "no_headline": "look at it with newscrawl inspect",
    "duplicate": "nothing to do",
    "dropped": "nothing to do",
    "invalid_record": _DEFECT,
    "internal_error": _DEFECT,
}
"""What to do about a reject, by its code or the start of its code; the first match counts."""
_TELLING = frozenset({"bad_redirect", "internal_error", "invalid_record", "not_article", "offsite"})
"""Codes whose detail says more than the code's meaning; a network's own words rarely do."""


def say(text: str) -> None:
    """One line on standard error."""
    print(f"newscrawl: {printable(text)}", file=sys.stderr)  # noqa: T201 - the program's own voice


def counted(count: int, one: str, many: str = "") -> str:
    """``1 file``, ``2 files``, ``2 stories``."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def write_out(data: bytes) -> None:
    """Data on standard output, UTF-8 whatever the locale. Raises ``OutputError``."""
    try:
        sys.stdout.buffer.write(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError("standard output", error.strerror or str(error)) from error


def flush_out() -> None:
    """Everything written to standard output is out. Raises ``OutputError``."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError("standard output", error.strerror or str(error)) from error


def close_out() -> None:
    """Standard output is gone: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def rejection(reject: Reject) -> str:
    """One line about a rejected page: its address, what happened, what to do."""
    meaning = REJECT_CODES.get(reject.code) or REJECT_CODES["http_<status>"]
    detail = f" ({reject.detail})" if reject.code in _TELLING and reject.detail else ""
    url = reject.requested_url or reject.url
    return f"{url}: {reject.code}: {meaning}{detail}: {advice(reject.code)}"


def advice(code: str) -> str:
    """What to do about a reject with this code."""
    return next(text for start, text in _ADVICE.items() if code.startswith(start))
