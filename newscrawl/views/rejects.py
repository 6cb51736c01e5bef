"""What was rejected in a run: its rejects by code, read once and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newscrawl.errors import REJECT_CODES
from newscrawl.records import Reject
from newscrawl.urls import split_web_url
from newscrawl.views.page import cut

_EXAMPLES = 5
_DETAIL = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Example:
    """A rejected page."""

    text: str
    """Its address, however malformed."""
    url: str | None
    """The same, if it is one of the web."""
    detail: str
    was_read: bool
    """Whether there was a page to look at."""


@dataclass(frozen=True, slots=True)
class RejectedAs:
    """The pages that were rejected under one code."""

    code: str
    meaning: str
    """In words."""
    count: int
    examples: Sequence[Example]
    """The first ones."""

    @property
    def more(self) -> int:
        """Pages that are no examples."""
        return self.count - len(self.examples)


def rejected_by_code(by_code: Mapping[str, int], rejects: Iterable[Reject]) -> Sequence[RejectedAs]:
    """A summary of rejects, most frequent code first; what they raise when read is raised."""
    examples: dict[str, list[Example]] = {code: [] for code in by_code}
    for reject in rejects:
        found = examples.get(reject.code)
        if found is not None and len(found) < _EXAMPLES:
            found.append(_example(reject))
    return [
        RejectedAs(code, _meaning(code), count, examples[code])
        for code, count in sorted(by_code.items(), key=lambda entry: (-entry[1], entry[0]))
    ]


def _example(reject: Reject) -> Example:
    url = reject.requested_url or reject.url
    return Example(
        text=cut(url, _DETAIL),
        url=url if split_web_url(url) else None,
        detail=cut(reject.detail, _DETAIL),
        was_read=reject.page_type is not None,
    )


def _meaning(code: str) -> str:
    return REJECT_CODES.get(code) or REJECT_CODES["http_<status>"]
