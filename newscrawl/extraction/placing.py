"""The one place of each block: the field of the record that it is in, or ``removed``.

Labels say what blocks are for, and a field doesn't hold all that was meant for it: the headline is
printed twice, a credit names nobody, a caption has lost its image. Here labels come to name places.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.text import folded
from newscrawl.records import Block, Label, LabelName

_Facts = Mapping[str, Fact[Any]]


def place_blocks(
    labelled: Sequence[Labelled], facts: _Facts, captions: Collection[int]
) -> list[Labelled]:
    """The blocks, each with a label that names its place.

    A story's label is on the blocks that its field holds; every other block has a label of
    ``removed``, those that their field has no place for ``other`` with the reason. ``facts`` are
    the page's by field name; ``captions`` are the indexes of the blocks that its images' captions
    and credits were read from.
    """
    fields = _Fields(facts, captions)
    origins = {
        **_origin(labelled, fields.headline, "headline", tags=frozenset({"h1"})),
        **_origin(labelled, fields.byline, "byline"),
    }
    ruled = [
        (block, label)
        for block, given in labelled
        if (label := origins.get(block.index, given)).name in _RULES
    ]
    ruled.sort(key=lambda pair: pair[0].tag != "h1")
    placed = {block.index: _placed(fields, block, label) for block, label in ruled}
    return [(block, placed.get(block.index, label)) for block, label in labelled]


def _origin(
    labelled: Sequence[Labelled], text: str, name: LabelName, tags: frozenset[str] = frozenset()
) -> dict[int, Label]:
    """The block that a field is, with the field's label: one of another label has one of ``tags``.

    Without ``tags`` any will do. What is body stays body.
    """
    own = (pair for pair in labelled if pair[1].name == name)
    others = (
        (block, label)
        for block, label in labelled
        if label.name not in {name, "body"} and (not tags or block.tag in tags)
    )
    for block, label in chain(own, others) if text else ():
        if folded(block.text) == text:
            return {block.index: label._replace(name=name)}
    return {}


def _placed(fields: _Fields, block: Block, label: Label) -> Label:
    name, reason = _RULES[label.name](fields, folded(block.text), block)
    return Label(name, label.confidence, reason or label.reason)


class _Fields:
    """The fields' texts, folded, with what of them no block has claimed yet."""

    def __init__(self, facts: _Facts, captions: Collection[int]) -> None:
        self.headline = _text(facts, "headline")
        self.byline = _text(facts, "byline")
        self.heading = f" {self.headline} "
        self.naming = self.byline
        dates = [facts[name] for name in ("date_published", "date_modified") if name in facts]
        self.dates = [f" {folded(fact.provenance.raw)} " for fact in dates]
        credited = facts["attribution"].value if "attribution" in facts else ()
        self.credits = {folded(credit.text) for credit in credited}
        self.credited = frozenset(self.credits)
        self.decks: set[str] = set()
        self.captions = captions


def _text(facts: _Facts, name: str) -> str:
    return folded(facts[name].value) if name in facts else ""


_Place = tuple[LabelName, str]
"""A label with its reason; an empty one leaves the labeller's."""


def _headline(fields: _Fields, text: str, _: Block) -> _Place:
    """All of the headline, a line of it, or the headline with a word above it."""
    if text and f" {text} " in fields.heading:
        fields.heading = fields.heading.replace(f" {text} ", "  ", 1)
        return "headline", ""
    longer = fields.headline and f" {fields.headline} " in f" {text} "
    if (
        longer
        and fields.heading.strip() == fields.headline
        and len(text) < 2 * len(fields.headline)
    ):
        fields.heading = ""
        return "headline", ""
    same = text == fields.headline or longer
    return "other", "repeats the headline" if same else "words the headline differently"


def _standfirst(fields: _Fields, text: str, _: Block) -> _Place:
    if text in fields.decks:
        return "other", "repeats the standfirst"
    fields.decks.add(text)
    return "standfirst", ""


def _byline(fields: _Fields, text: str, block: Block) -> _Place:
    """The byline; of further ones those that are listed as credits, or give a date."""
    if text and text == fields.naming:
        fields.naming = ""
        return "byline", ""
    for name, rule in (("attribution", _attribution), ("date", _date)):
        place = rule(fields, text, block)
        if place[0] == name:
            return place
    return "other", "repeats the byline" if text == fields.byline else "a further byline"


def _date(fields: _Fields, text: str, _: Block) -> _Place:
    """A line from which a date was read, as its provenance has it."""
    for n, raw in enumerate(fields.dates):
        if text and f" {text} " in raw:
            fields.dates[n] = raw.replace(f" {text} ", "  ", 1)
            return "date", ""
    return "other", "a date line"


def _attribution(fields: _Fields, text: str, _: Block) -> _Place:
    if text in fields.credits:
        fields.credits.remove(text)
        return "attribution", ""
    return "other", "repeats a credit" if text in fields.credited else "a credit that names nobody"


def _caption(fields: _Fields, _: str, block: Block) -> _Place:
    if block.index in fields.captions:
        return "caption", ""
    return "other", "a caption without its image"


_RULES: dict[LabelName, Callable[[_Fields, str, Block], _Place]] = {
    "headline": _headline,
    "standfirst": _standfirst,
    "byline": _byline,
    "date": _date,
    "attribution": _attribution,
    "caption": _caption,
}
"""Where blocks of a label go; those of any other label are where it says."""
