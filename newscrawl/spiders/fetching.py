"""From an answer, or from the lack of one, to a ``Page``."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import HtmlResponse, Response
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.python.failure import Failure

from newscrawl import clock
from newscrawl.errors import RejectedPage
from newscrawl.records import Page
from newscrawl.urls import clean_url

_logger = logging.getLogger(__name__)

_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "incomplete"),
    # Scrapy cancels a download for nothing else but DOWNLOAD_MAXSIZE.
    (DownloadCancelledError, "too_large"),
    (DownloadFailedError, "connection"),
    (ConnectError, "connection"),
    (ConnectionClosed, "connection"),
    (TunnelError, "connection"),
    (UnsupportedURLSchemeError, "bad_url"),
    (NotSupported, "bad_url"),
    (gzip.BadGzipFile, "incomplete"),
    (zlib.error, "incomplete"),
    (EOFError, "incomplete"),
    # A host name that IDNA can't encode.
    (UnicodeError, "dns"),
    # A meta refresh to a malformed address, which Scrapy doesn't catch.
    (ValueError, "bad_redirect"),
)
_IGNORED: tuple[tuple[str, str], ...] = (
    ("Forbidden by robots.txt", "robots"),
    ("max redirections reached", "too_many_redirects"),
    ("exceeded DOWNLOAD_MAXSIZE", "too_large"),
)
"""Scrapy's own refusals are all ``IgnoreRequest``; only the message tells them apart."""

LEFT_CODES = frozenset({"budget", "stopped"})
"""Why a request wasn't sent that is left to the next run: nothing is said of its page."""


class PageSpider(Spider):
    """A spider that yields a ``Page`` for every URL that it ever takes up, fetched or failed."""

    allowed_sites: frozenset[str] = frozenset()
    """Registrable domains that requests must not leave; empty when any will do."""

    remembered_as: str | None = None
    """The site's name in the state; ``None`` for a spider that remembers nothing."""

    revisits: Sequence[dt.timedelta] | None = None
    """Ages at which a story is visited again; ``None`` for ``state.REVISITS``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open: dict[str, None] = {}
        self._seen: set[str] = set()

    def left(self) -> list[str]:
        """The URLs that were taken up and have no ``Page`` so far, in order."""
        return list(self._open)

    def request(self, url: str, **kwargs: Any) -> Request | Page:
        """The request for a URL, or the ``Page`` that says why there is none.

        Scrapy's own duplicates filter is passed by, since it drops without a word, redirects to
        a URL that was seen included.
        """
        options: dict[str, Any] = {"callback": self.parse, "errback": self.failed, **kwargs}
        options["meta"] = {"requested_url": url, **kwargs.get("meta", {})}
        try:
            cleaned = clean_url(url)
            request = Request(url.strip(), dont_filter=True, **options)
        except ValueError as error:
            return Page(url=url, failure="bad_url", detail=str(error))
        if cleaned is None:
            return Page(url=url, failure="bad_url", detail="not an absolute http or https URL")
        if cleaned in self._seen:
            return Page(url=url, failure="duplicate", detail="the URL was given before")
        self._seen.add(cleaned)
        self._open[url] = None
        return request

    def parse(self, response: Response) -> Iterator[Any]:
        """The page of an answer."""
        yield self.close_page(answered(response))

    def failed(self, failure: Failure) -> Iterator[Any]:
        """The page of a failure to get an answer; what was never sent is left."""
        page = unanswered(failure)
        if page.failure not in LEFT_CODES:
            yield self.close_page(page)

    def close_page(self, page: Page) -> Page:
        """``page``, whose URL is no longer left to do."""
        self._open.pop(page.requested_url or page.url, None)
        return page


def answered(response: Response, *, html_only: bool = True) -> Page:
    """The page of an answer; ``failure`` says when there is none, or one that isn't HTML."""
    failure, detail = _failure(response)
    has_body = failure is None and response.status != HTTPStatus.NOT_MODIFIED
    if html_only and has_body and not isinstance(response, HtmlResponse):
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        failure, detail = "not_html", content_type
    return Page(
        url=response.url,
        body=b"" if failure else response.body,
        status=response.status,
        headers=_headers(response),
        fetched_at=clock.now(),
        requested_url=_requested_url(response.meta, response.url),
        failure=failure,
        detail=detail,
        discovered=response.meta.get("discovered"),
        facts=response.meta.get("facts"),
        is_known=response.meta.get("is_known", False),
    )


def _requested_url(meta: Mapping[str, Any], url: str) -> str:
    """The URL before redirects: as it was given, where that is known (``PageSpider.request``)."""
    requested: str = meta.get("requested_url") or meta.get("redirect_urls", (url,))[0]
    return requested


def _failure(response: Response) -> tuple[str | None, str]:
    if response.status == HTTPStatus.NOT_MODIFIED:
        return None, ""
    if 300 <= response.status < 400:  # noqa: PLR2004 # HTTP's own numbers
        return "bad_redirect", f"HTTP {response.status}"
    if not 200 <= response.status < 300:  # noqa: PLR2004 # HTTP's own numbers
        return f"http_{response.status}", ""
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        return "incomplete", "a part of the page, which wasn't asked for"
    if not response.body.strip():
        return "empty_page", ""
    return None, ""


def _headers(response: Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def unanswered(failure: Failure) -> Page:
    """The page of a request that got no usable answer; ``failure`` is a reason code."""
    request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
    error = failure.value or RuntimeError("failure without an exception")
    return Page(
        url=request.url,
        requested_url=_requested_url(request.meta, request.url),
        failure=failure_code(error),
        detail=_detail(error),
        discovered=request.meta.get("discovered"),
    )


def failure_code(error: BaseException) -> str:
    """The reason code of an exception that ended a request."""
    if isinstance(error, RejectedPage):
        return error.code
    if isinstance(error, IgnoreRequest):
        found = (code for message, code in _IGNORED if message in str(error))
    else:
        found = (code for kind, code in _CODES if isinstance(error, kind))
    code = next(found, None)
    if code is None:
        _logger.debug("unexpected failure of a request", exc_info=error)
    return code or "internal_error"


def _detail(error: BaseException) -> str:
    if isinstance(error, RejectedPage):
        return error.detail
    reasons = getattr(error.__cause__, "reasons", ())
    if reasons:
        return "; ".join(reason.getErrorMessage() for reason in reasons)
    return re.sub(r"<(\w+ )?(\S+)>", r"\2", str(error)) or type(error).__name__
