"""A label, with a confidence and a reason, for every block of a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newscrawl.extraction.blocks import Outline
from newscrawl.extraction.facts.attribution import read_credit
from newscrawl.extraction.facts.byline import credits_picture, is_opened, looks_like_byline
from newscrawl.extraction.facts.corrections import looks_like_correction
from newscrawl.extraction.facts.given_names import opens_with_given_name
from newscrawl.extraction.facts.names import is_full_name, split_names
from newscrawl.extraction.hints import Hints
from newscrawl.extraction.labelling.asks import odds, with_one_ask_a_box
from newscrawl.extraction.labelling.block_memory import BlockMemory
from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.decoder import decode
from newscrawl.extraction.labelling.features import HEADLINE, read_features
from newscrawl.extraction.labelling.likeliest_story import with_likeliest_story
from newscrawl.extraction.labelling.model import LABELS, Model, shipped_model
from newscrawl.extraction.labelling.network import probabilities
from newscrawl.extraction.labelling.peers import draw_to_peers
from newscrawl.extraction.labelling.rare_labels import draw_to_rare_labels
from newscrawl.extraction.labelling.reasons import reasons
from newscrawl.extraction.labelling.repeated import repeated_odds
from newscrawl.extraction.labelling.tree import Tree
from newscrawl.records import Block, Label

_BODY, _DATE, _ATTRIBUTION = map(LABELS.index, ("body", "date", "attribution"))
_HARDLY = 1e-6
"""What is left of a probability that is ruled out: a row of certainties never sums to nothing."""
_LONGEST_DATE = 170
"""Bytes of the longest line that is there for a date, as all 134 labelled ones are: more is a
paragraph that begins with one."""
_SUREST = 0.88
"""How sure a label must be for a block not to be read as a line, where few stand: far from the
story's ends, and in links."""
_LINKS = 0.9
_LONGEST_LINE = 400
"""Characters of the longest credit or correction that is looked for by its words."""
_SETTLED = frozenset({"headline", "attribution"})
"""Labels that stay where a block reads as a credit or a correction as a whole."""
_SURE = 0.72
"""How sure a caption must be for an agency above the text to be its picture's: agencies printed
for a byline are taken for captions with less."""
_UNSETTLED = frozenset({"body", "other", "nav", "related", "standfirst"})
"""Labels that don't where one near the headline reads as a byline."""
_SUBHEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
"""Blocks, like those of the text, that open with "By" or "Por" for other reasons as well."""
_PICTURES = frozenset({"img", "picture", "figure", "video", "svg", "iframe"})
_BARE = frozenset({"wire", "source"})
"""Kinds of credits that name somebody and say no more."""


def label_blocks(
    blocks: Sequence[Block],
    outline: Outline,
    hints: Hints,
    model: Model | None = None,
    memory: BlockMemory | None = None,
) -> list[Label]:
    """A label for every block, in the blocks' order, by the model that comes with newscrawl or
    another one, and what is known of the site's other stories."""
    if not blocks:
        return []
    model = model or shipped_model()
    tree = Tree(blocks, outline)
    features = read_features(blocks, tree, outline, hints, model.lexicon)
    likely = probabilities(features, model.network, model.scale)
    draw_to_rare_labels(likely, model.shares)
    likely *= odds(features, hints)
    likely /= likely.sum(1, keepdims=True)
    draw_to_peers(likely, features)
    likely *= repeated_odds(blocks, memory)
    likely[features.own[:, HEADLINE] > 0, _BODY] *= _HARDLY
    likely[features.prose > _LONGEST_DATE, _DATE] *= _HARDLY
    likely /= likely.sum(1, keepdims=True)
    _without_odd_credits(blocks, likely)
    chosen = decode(likely, tree)
    likely, chosen = with_likeliest_story(likely, chosen, features, tree)
    chosen = with_one_ask_a_box(chosen, likely, tree)
    names = map(LABELS.__getitem__, chosen.tolist())
    sure = likely[np.arange(len(blocks)), chosen].astype(np.float64).round(3).tolist()
    labels = list(map(Label, names, sure, reasons(features, chosen, likely, model)))
    return _with_lines(blocks, outline, labels)


def _without_odd_credits(blocks: Sequence[Block], likely: Floats) -> None:
    """Rule out that a block is a credit that doesn't read as one."""
    for index in np.flatnonzero(likely.argmax(1) == _ATTRIBUTION).tolist():
        if not read_credit(blocks[index].text):
            likely[index, _ATTRIBUTION] *= _HARDLY
            likely[index] /= likely[index].sum()


def _with_lines(blocks: Sequence[Block], outline: Outline, labels: list[Label]) -> list[Label]:
    """The labels with bylines, credits and corrections around the story, which are too rare to
    learn, or stand out by their words alone."""
    story = [index for index, label in enumerate(labels) if label.name == "body"]
    if not story:
        return labels
    first, last = story[0], story[-1]
    head = max((i for i in range(first) if labels[i].name == "headline"), default=first)
    above = blocks[head].node
    for index in range(max(0, first - 20), min(len(blocks), last + 13)):
        block, label = blocks[index], labels[index]
        edge = index <= first + 1 or index >= last - 2
        if label.name == "attribution" and not edge and not _is_credit(block, bare=False):
            labels[index] = Label("caption", label.confidence, "credits a picture or a quote")
        near = first - 6 <= index <= first + 3 or index >= last - 12
        sure = label.confidence > _SUREST and (not near or block.link_density > _LINKS)
        if sure or label.name in _SETTLED or len(block.text) > _LONGEST_LINE or block.hidden:
            continue
        if label.name == "body" and credits_picture(block.text):
            labels[index] = Label("caption", 0.85, "credits a picture")
            continue
        captioned = (
            label.name == "caption"
            and label.confidence > _SURE
            and not _PICTURES.isdisjoint(outline.tags[above : block.node])
        )
        doubtful = label.name == "body" or block.tag in _SUBHEADINGS
        last_line = first if doubtful else first + 3
        if (
            head < index <= last_line
            and label.name in _UNSETTLED
            and _is_byline(block, person=doubtful)
        ):
            labels[index] = Label("byline", 0.85, "is a byline as a whole")
        elif _is_credit(block, bare=index > last or (edge and not captioned)):
            labels[index] = Label("attribution", 0.85, "is a credit as a whole")
        elif index <= last + 6 and looks_like_correction(block.text):
            labels[index] = Label("correction", 0.85, "reads as a correction")
    return labels


def _is_byline(block: Block, *, person: bool) -> bool:
    """Whether a block is a byline as a whole; where ``person`` is asked for, plainly somebody's."""
    if not is_opened(block.text) or not looks_like_byline(block.text):
        return False
    return not person or all(
        opens_with_given_name(n.name) or (is_full_name(n.name) and " " not in n.name)
        for n in split_names(block.text)
    )


def _is_credit(block: Block, *, bare: bool) -> bool:
    """Whether a block is a credit as a whole; a bare agency or source is one only where it may be
    ``bare``: amid the text and under pictures it credits something else."""
    found = read_credit(block.text)
    if not found or looks_like_byline(block.text):
        return False
    if any(credit.kind not in _BARE for credit in found):
        return True
    return bare and block.tag != "figcaption"
