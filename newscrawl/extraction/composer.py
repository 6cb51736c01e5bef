"""From labelled blocks to the parts of the record: each block in exactly one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, takewhile
from typing import Literal, cast

from newscrawl.records import REMOVED_LABELS, Block, Label, LabelName, Removed, RemovedLabel

RemovedChoice = Literal["asks", "all", "none"]
Labelled = tuple[Block, Label]
Places = Mapping[str, Sequence[int]]

SHOWN: dict[RemovedChoice, frozenset[str]] = {
    "asks": frozenset("paywall fundraising newsletter consent ad promo related author_bio".split()),
    "all": REMOVED_LABELS,
    "none": frozenset(),
}
"""Which labels each choice of ``--removed`` writes."""


def compose_body(labelled: Iterable[Labelled]) -> str | None:
    """The story in page order: blocks, and the rows of tables, separated by a blank line."""
    body = (block for block, label in labelled if label.name == "body")
    rows = (" | ".join(block.text for block in cells) for _, cells in groupby(body, key=_row))
    return "\n\n".join(rows) or None


def _row(block: Block) -> str:
    """What the cells of one table row have in common, and nothing else does."""
    return block.path.rpartition("/")[0] if block.tag in {"td", "th"} else str(block.index)


def texts(labelled: Iterable[Labelled], name: LabelName) -> list[str]:
    """The texts of one label's blocks, in page order."""
    return [block.text for block, label in labelled if label.name == name]


def places_of(labelled: Iterable[Labelled]) -> Places:
    """The positions of each label's blocks by its name, in page order; no label is missing."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, (_, label) in enumerate(labelled):
        found[label.name].append(position)
    return found


def compose_removed(labelled: Sequence[Labelled], choice: RemovedChoice) -> tuple[Removed, ...]:
    """One entry per run of neighbouring blocks with one removed label, for the labels chosen."""
    return tuple(
        _entry(run, after) for run, after in _runs(labelled) if run[0][1].name in SHOWN[choice]
    )


def _runs(labelled: Sequence[Labelled]) -> Iterator[tuple[list[Labelled], int]]:
    """Runs of one label, each with the number of body blocks, or rows, before it."""
    after, last_row = 0, ""
    for name, group in groupby(labelled, key=lambda pair: pair[1].name):
        run = list(group)
        yield run, after
        for row in (_row(block) for block, _ in run if name == "body"):
            after += row != last_row
            last_row = row


def _entry(run: Sequence[Labelled], after: int) -> Removed:
    return Removed(
        label=cast("RemovedLabel", run[0][1].name),
        text="\n".join(block.text for block, _ in run),
        confidence=min(label.confidence for _, label in run),
        reason=run[0][1].reason,
        path=_common_path([block.path for block, _ in run]),
        after=after,
    )


def _common_path(paths: Sequence[str]) -> str:
    first, last = min(paths), max(paths)
    if first == last:
        return first
    steps = zip(first.split("/"), last.split("/"), strict=False)
    return "/".join(step for step, _ in takewhile(lambda pair: pair[0] == pair[1], steps)) or "/"
