"""Every exception of newscrawl. Each carries its data and says what to do next.

NewscrawlError
├── UsageError            the command line or an argument is wrong           exit 2
├── ConfigurationError    a settings or site file is wrong                   exit 78
├── OutputError           a file or folder can't be written                  exit 74
├── BusyError             another run has the site                           exit 75
├── InputError            a file can't be read                               exit 3
│   └── RecordError       a line of JSONL isn't a record
└── RejectedPage          a page that has no story to give: a reason code, for the rejects
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

REJECT_CODES: Mapping[str, str] = {
    "bad_url": "not an absolute http or https URL of a plain host name",
    "private_address": "a loopback, private or link-local address, without --allow-private",
    "offsite": "outside the site that is crawled, or redirected there",
    "robots": "disallowed by robots.txt",
    "too_many_redirects": "more redirects than allowed, or a loop",
    "bad_redirect": "a redirect to nowhere, or to something other than http and https",
    "dns": "the host name has no address",
    "refused": "the server refused the connection",
    "busy": "the server asked for a longer pause than a run waits",
    "timeout": "no complete answer in time",
    "connection": "the connection broke",
    "incomplete": "the answer ended before its declared length, or its compression is broken",
    "too_large": "more bytes than allowed, compressed or not",
    "http_<status>": "the server answered with this error status",
    "not_html": "the answer isn't HTML",
    "empty_page": "the answer has no text",
    "not_article": "a page of another type: its page_type says which",
    "no_body": "an article page on which no story was found",
    "no_headline": "a story without a headline",
    "duplicate": "a copy of a story that was taken, in this run or an earlier one",
    "invalid_record": "the record breaks its own contract: a defect in newscrawl",
    "dropped": "a pipeline of the Scrapy project that newscrawl runs in dropped it",
    "internal_error": "newscrawl, or the Scrapy project that it runs in, failed on this page",
}
"""Reason codes of rejected pages and what they mean. Stable: a code is never reused."""

GONE_FOR_GOOD = "http_410"
"""The code of a page that has been taken down, said by intent."""
GONE_CODES = frozenset({"http_404", GONE_FOR_GOOD})
"""The codes of pages that are gone, and of dead links, which say nothing of a site."""


class NewscrawlError(Exception):
    """The root: catch it to catch everything that newscrawl raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(NewscrawlError):
    """The command line or an argument is wrong."""

    exit_code = 2


class ConfigurationError(NewscrawlError):
    """A settings or site file is wrong; ``path`` names it."""

    exit_code = 78

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class OutputError(NewscrawlError):
    """A file or folder can't be written; ``path`` names it."""

    exit_code = 74

    def __init__(self, path: Path | str, problem: str) -> None:
        super().__init__(f"cannot write {path}: {problem}")
        self.path = path
        self.problem = problem


class BusyError(NewscrawlError):
    """Another run crawls the site ``site`` with the state ``path``."""

    exit_code = 75

    def __init__(self, site: str, path: Path) -> None:
        super().__init__(
            f"{site}: another run crawls it with {path}: try again later, or name another --state"
        )
        self.site = site
        self.path = path


class InputError(NewscrawlError):
    """A file can't be read; ``path`` names it."""

    exit_code = 3

    def __init__(self, path: Path | str, problem: str) -> None:
        super().__init__(f"cannot read {path}: {problem}")
        self.path = path
        self.problem = problem


class RecordError(InputError):
    """A line of JSONL isn't a record: ``line`` counts from 1, ``problem`` names the fields."""

    def __init__(self, path: Path | str, line: int, problem: str) -> None:
        super().__init__(path, f"line {line}: {problem}")
        self.line = line


class RejectedPage(NewscrawlError):  # noqa: N818 - a verdict on a page, not a mistake
    """A page that has no story to give.

    ``code`` is stable and listed in ``REJECT_CODES``; ``detail`` is for people.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
