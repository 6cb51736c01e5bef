"""The inspection page: a page's blocks with their labels beside its record, as one HTML file."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import get_args

from newscrawl.contract import to_json_line
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.extract import Reading
from newscrawl.records import LabelName, RemovedLabel, StoryLabel
from newscrawl.views.fields import field_groups
from newscrawl.views.page import cut, render

_BLOCK_CHARACTERS = 4_000_000
"""Of all blocks together. Each is cut at its equal share, which no page made for people reaches."""
_JSON_CHARACTERS = 1_000_000
_MAP_SLOTS = 600
"""Resolution of the page's map."""
_SHORTEST = 40
"""Characters that a block counts for in the map at least, so that short ones are seen."""


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
    counts = Counter(label.name for _, label in labelled)
    return render(
        "inspection",
        article=article,
        source=source,
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
