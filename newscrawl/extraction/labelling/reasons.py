"""Why the model chose a label, in words."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import HEADLINE, LINKS, NEAR, Features
from newscrawl.extraction.labelling.model import LABELS, Model
from newscrawl.extraction.labelling.tree import Ints

_MANY_LINKS = 0.7
_FEW_LINKS = 0.5
_BODY, _HEADLINE = LABELS.index("body"), LABELS.index("headline")
_LINKING = np.isin(LABELS, ("nav", "related", "share", "other", "legal"))
_TELLING = (
    ("<", "stands in <{}>"),
    (".~", "has a name that speaks of “{}”"),
    (".", "is called “{}”"),
    ("/~", "links to what speaks of “{}”"),
    ("/", "links to “{}”"),
    ("", "says “{}”"),
)
"""By what a token begins with; words of the text have no mark."""


def reasons(features: Features, chosen: Ints, likely: Floats, model: Model) -> list[str]:
    """What speaks for each block's label: its links, what it repeats, or the token that tells most.

    ``chosen`` holds the labels' indices, [B]; ``likely`` their probabilities, [B, labels].
    """
    links = features.own[:, LINKS]
    body = chosen == _BODY
    repeats = (chosen == _HEADLINE) & (features.own[:, HEADLINE] > 0)
    linking = _LINKING.take(chosen) & (links > _MANY_LINKS)
    asked = np.flatnonzero(~(body | repeats | linking))
    labels, rows = chosen.take(asked), likely.take(asked, 0)
    tokens = _telling_tokens(features, asked, labels, model)
    own = rows[np.arange(len(asked)), labels]
    led = (own < _FEW_LINKS) & (rows.argmax(1) != labels)
    told = zip(map(LABELS.__getitem__, labels.tolist()), tokens, led.tolist(), strict=True)
    found = np.empty(len(chosen), np.object_)
    found[body] = "model: reads and stands as the story's text"
    found[repeats] = "repeats the headline"
    found[linking] = [f"link density {share:.2f}" for share in links[linking].tolist()]
    found[asked] = [_told_reason(name, token, led=is_led) for name, token, is_led in told]
    return found.tolist()


def _told_reason(name: str, token: str | None, *, led: bool) -> str:
    """The reason by the token that tells most, if one does, or by what is around the block, if it
    is ``led``."""
    if token:
        mark, says = next(row for row in _TELLING if token.startswith(row[0]))
        return f"model: {name}: {says.format(token.removeprefix(mark))}"
    if led:
        return f"model: goes with the {name} around it"
    return f"model: {name}, by its shape and place"


def _telling_tokens(
    features: Features, blocks: Ints, labels: Ints, model: Model
) -> list[str | None]:
    """The token of each of some blocks, or of what is near around it, that speaks most for its
    label."""
    near = features.names.take(features.around.take(blocks, 0)[:, : NEAR + 2], 0)
    ids = np.concatenate(
        (
            features.words.take(blocks, 0),
            features.targets.take(blocks, 0),
            near.reshape(len(blocks), near.shape[1] * near.shape[2]),
        ),
        1,
    )
    speaking = model.tells["label"].take(ids) == labels[:, None]
    lifts = np.where(speaking, model.tells["lift"].take(ids), 0)
    rows, best = np.arange(len(blocks)), lifts.argmax(1)
    pairs = zip(ids[rows, best].tolist(), lifts[rows, best].tolist(), strict=True)
    return [model.vocabulary.tokens[id_ - 1] if lift else None for id_, lift in pairs]
