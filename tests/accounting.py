"""Where a page's blocks are in its record: each in exactly one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from newscrawl.extraction.extract import Reading
from newscrawl.extraction.text import folded
from newscrawl.records import REMOVED_LABELS, Article

_SPLIT_OFF = 25
"""Longest text that parting a caption from its credit may drop: "Photo courtesy of "."""


def problems_of(reading: Reading) -> list[str]:
    """What is lost or doubled between a page's blocks and its record, written with all removed.

    Every block is looked for in the field that its label names, and nowhere else; every field made
    of blocks holds theirs and nothing more.
    """
    return [*_lost(reading), *_unequal(reading), *_doubled(reading)]


def _texts(reading: Reading, names: Iterable[str]) -> list[str]:
    wanted = frozenset(names)
    return [block.text for block, label in reading.labelled if label.name in wanted]


def _lost(reading: Reading) -> Iterator[str]:
    """Blocks whose own field doesn't hold them."""
    article = reading.article
    for name, fields in _read_from(article).items():
        for text in _texts(reading, [name]):
            if not any(_holds(field, text) for field in fields):
                yield f"lost {name}: {text!r}"


def _read_from(article: Article) -> dict[str, list[str]]:
    """The texts of the fields that are parts of blocks, by the label of such blocks."""
    dates = [article.provenance.get(name) for name in ("date_published", "date_modified")]
    return {
        "headline": [article.headline or ""],
        "byline": [article.byline or ""],
        "date": [date.raw or "" for date in dates if date],
        "attribution": [credit.text for credit in article.attribution],
        "caption": [f"{i.caption or ''} {i.credit or ''}" for i in article.images],
    }


def _holds(field: str, text: str) -> bool:
    """Whether a field holds a block, or all of it but what the field leaves out on purpose."""
    if text in field or folded(text) in folded(field):
        return bool(field.strip())
    left = Counter(folded(text).split()) - Counter(folded(field).split())
    return left.total() < len(folded(text).split()) and len(" ".join(left)) <= _SPLIT_OFF


def _unequal(reading: Reading) -> Iterator[str]:
    """Fields made of blocks that hold anything but their blocks, each once."""
    article = reading.article
    removed = [line for run in article.removed for line in run.text.split("\n")]
    made_of = {
        "removed": (REMOVED_LABELS, "\n".join(removed)),
        "body": (("body",), article.body or ""),
        "standfirst": (("standfirst",), article.standfirst or ""),
        "corrections": (("correction",), "".join(c.text for c in article.corrections)),
    }
    for field, (names, text) in made_of.items():
        blocks = "".join(_texts(reading, names))
        if _bare(blocks) != _bare(text):
            yield f"{field} differs from its blocks"
    printed = _texts(reading, ["attribution"])
    if len(set(map(folded, printed))) < len(printed):
        yield "attribution has two blocks for one credit"
    headings = " ".join(_texts(reading, ["headline"]))
    if len(folded(headings)) > 2 * len(folded(article.headline)):
        yield "headline has several blocks for its text"
    if len(_texts(reading, ["byline"])) > 1:
        yield "byline has two blocks"


def _bare(text: str) -> str:
    """A text without what composing puts between blocks and cells."""
    return "".join(text.replace("|", " ").split())


def _doubled(reading: Reading) -> Iterator[str]:
    """Texts that stand in a field of their own, and every copy of them in another place, too."""
    article = reading.article
    copies = Counter(folded(block.text) for block, _ in reading.labelled)
    others = Counter(
        folded(block.text)
        for block, label in reading.labelled
        if label.name in REMOVED_LABELS or label.name in {"body", "standfirst", "correction"}
    )
    read = {name for name, fact in article.provenance.items() if fact.source in {"dom", "text"}}
    fields = {"headline": article.headline, "byline": article.byline}
    credited = {f"attribution {n}": c.text for n, c in enumerate(article.attribution)}
    for name, text in {**fields, **credited}.items():
        key = folded(text)
        if not key or name.split()[0] not in read or not copies[key]:
            continue
        if others[key] >= copies[key] and key not in _bodies(reading):
            yield f"doubled {name}: {text!r}"


def _bodies(reading: Reading) -> set[str]:
    """Credits that are a part of the body are listed, too."""
    return set(map(folded, _texts(reading, ["body"])))
