"""The inspection page: a page's blocks with their labels beside its record, as one HTML file.

Nothing of the inspected page runs or loads: all of it is escaped text, and a content security
policy lets nothing through but the file's own style and script.
"""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate, groupby
from typing import get_args

import regex
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newscrawl.contract import to_json_line
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.extract import Reading
from newscrawl.records import LabelName, RemovedLabel, StoryLabel
from newscrawl.views.fields import cut, field_groups

_BLOCK_CHARACTERS = 4_000_000
"""Of all blocks together. Each is cut at its equal share, which no page made for people reaches."""
_JSON_CHARACTERS = 1_000_000
_MAP_SLOTS = 600
"""Resolution of the page's map."""
_SHORTEST = 40
"""Characters that a block counts for in the map at least, so that short ones are seen."""
_INVISIBLE = regex.compile(
    r"[[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\ufeff]--[\n\t]]", regex.VERSION1
)
"""Controls, lone surrogates, and what changes the direction of the text after it."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring blocks of one label."""

    label: LabelName
    blocks: Sequence[Labelled]

    @property
    def weight(self) -> int:
        return sum(max(len(block.text), _SHORTEST) for block, _ in self.blocks)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A run's place in the map, in slots."""

    label: LabelName
    start: int
    length: int


def inspection_page(reading: Reading, source: str) -> str:
    """The HTML of a reading; ``source`` is the URL or the file that was inspected.

    Its size is bounded, whatever the page: long texts are cut, and say so.
    """
    article, labelled = reading.article, reading.labelled
    runs = [
        _Run(name, list(blocks)) for name, blocks in groupby(labelled, lambda pair: pair[1].name)
    ]
    style, script = _asset("inspection.css"), _asset("inspection.js")
    counts = Counter(label.name for _, label in labelled)
    return (
        _environment()
        .get_template("inspection.html")
        .render(
            article=article,
            source=source,
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            runs=runs,
            stretches=_map(runs),
            slots=_MAP_SLOTS,
            limit=_BLOCK_CHARACTERS // max(len(labelled), 1),
            total=len(labelled),
            counts=counts,
            filters=(
                ("story", "Story", _present(get_args(StoryLabel), counts)),
                ("removed", "Removed", _present(get_args(RemovedLabel), counts)),
            ),
            verdict=_verdict(reading, counts["body"]),
            groups=field_groups(article),
            json=cut(_json(reading), _JSON_CHARACTERS),
        )
    )


def _verdict(reading: Reading, kept: int) -> str:
    article, blocks = reading.article, f"{len(reading.labelled):,} blocks"
    if article.body is None:
        return f"No body. Page type: {article.page_type}, {blocks}."
    extractor = article.extractor
    return (
        f"Body: {kept:,} of {blocks}, {article.word_count:,} words "
        f"({extractor.path}, {extractor.confidence:.0%} sure)."
    )


def _present(names: Sequence[LabelName], counts: Counter[LabelName]) -> list[LabelName]:
    return [name for name in names if counts[name]]


def _map(runs: Sequence[_Run]) -> list[_Stretch]:
    """The page from its beginning to its end: in each slot the label of most of its text."""
    ends = list(accumulate(run.weight for run in runs))
    slots = range(_MAP_SLOTS if runs else 0)
    labels = [runs[bisect_right(ends, (n + 0.5) * ends[-1] / _MAP_SLOTS)].label for n in slots]
    stretches, start = [], 0
    for label, group in groupby(labels):
        length = len(list(group))
        stretches.append(_Stretch(label, start, length))
        start += length
    return stretches


def _json(reading: Reading) -> str:
    return json.dumps(json.loads(to_json_line(reading.article)), indent=2, ensure_ascii=False)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("newscrawl.views", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters |= {"cut": cut, "words": _words}
    return environment


def _visible(value: object) -> object:
    """What invisible characters of a page do, they do in sight only: ``\\u202e``."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _asset(name: str) -> Markup:
    """A file of this package, which is trusted as it is."""
    return Markup((files("newscrawl.views") / name).read_text("utf-8"))  # noqa: S704 - our own


def _hash(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
