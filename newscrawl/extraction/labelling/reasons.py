"""Why the model chose a label, in words."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import HEADLINE, LINKS, NEAR, Features
from newscrawl.extraction.labelling.model import LABELS, Model
from newscrawl.extraction.labelling.tree import Ints

_MANY_LINKS = 0.7
_FEW_LINKS = 0.5
_LINKING = frozenset({"nav", "related", "share", "other", "legal"})
_TELLING = {
    "<": "stands in <{}>",
    ".": "is called “{}”",
    "/": "links to “{}”",
}
"""By the first character of a token; any other is a word of the text."""


def reasons(features: Features, chosen: Ints, likely: Floats, model: Model) -> list[str]:
    """What speaks for each block's label: its links, what it repeats, or the token that tells most.

    ``chosen`` holds the labels' indices, [B]; ``likely`` their probabilities, [B, labels].
    """
    columns = zip(
        (LABELS[best] for best in chosen.tolist()),
        features.own[:, LINKS].tolist(),
        features.own[:, HEADLINE].tolist(),
        strict=True,
    )
    found = [_plain_reason(*column) for column in columns]
    asked = np.array([index for index, known in enumerate(found) if not known], np.int64)
    labels, rows = chosen.take(asked), likely.take(asked, 0)
    tokens = _telling_tokens(features, asked, labels, model)
    own = rows[np.arange(len(asked)), labels]
    led = (own < _FEW_LINKS) & (rows.argmax(1) != labels)
    for index, token, follows in zip(asked.tolist(), tokens, led.tolist(), strict=True):
        name = LABELS[chosen[index]]
        if token:
            says = _TELLING.get(token[0], "says “{}”").format(token.lstrip("<./"))
            found[index] = f"model: {name}: {says}"
        elif follows:
            found[index] = f"model: goes with the {name} around it"
        else:
            found[index] = f"model: {name}, by its shape and place"
    return found


def _plain_reason(name: str, links: float, repeats: float) -> str:
    """The reason that needs no token; none where there is none."""
    if name == "headline" and repeats:
        return "repeats the headline"
    if name in _LINKING and links > _MANY_LINKS:
        return f"link density {links:.2f}"
    return "model: reads and stands as the story's text" if name == "body" else ""


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
