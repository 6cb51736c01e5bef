"""Every exception of newscrawl. Each carries its data and says what to do next.

NewscrawlError
├── UsageError            the command line or an argument is wrong           exit 2
├── ConfigurationError    a settings or site file is wrong                   exit 78
├── OutputError           a file or folder can't be written                  exit 74
├── InputError            a file can't be read                               exit 3
│   └── RecordError       a line of JSONL isn't a record
└── RejectedPage          a page that has no story to give: a reason code, for the rejects
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


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

    ``code`` is stable and listed in ``newscrawl.records.REJECT_CODES``; ``detail`` is for people.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
