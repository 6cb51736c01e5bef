"""Why the model chose a label, in words."""

from __future__ import annotations

import numpy as np

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.features import HEADLINE, LINKS, NEAR, Features
from newscrawl.extraction.labelling.model import LABELS, Model

_MANY_LINKS = 0.7
_FEW_LINKS = 0.5
_LINKING = frozenset({"nav", "related", "share", "other", "legal"})
_TELLING = {
    "<": "stands in <{}>",
    ".": "is called “{}”",
    "/": "links to “{}”",
}
"""By the first character of a token; any other is a word of the text."""


def reason(features: Features, index: int, label: int, row: Floats, model: Model) -> str:
    """What speaks for a block's label: its links, what it repeats, or the token that tells most."""
    name, links = LABELS[label], float(features.own[index, LINKS])
    if name == "headline" and features.own[index, HEADLINE]:
        return "repeats the headline"
    if name in _LINKING and links > _MANY_LINKS:
        return f"link density {links:.2f}"
    if name == "body":
        return "model: reads and stands as the story's text"
    token = _telling_token(features, index, label, model)
    if token:
        return f"model: {name}: {_TELLING.get(token[0], 'says “{}”').format(token.lstrip('<./'))}"
    if row[label] < _FEW_LINKS and int(row.argmax()) != label:
        return f"model: goes with the {name} around it"
    return f"model: {name}, by its shape and place"


def _telling_token(features: Features, index: int, label: int, model: Model) -> str | None:
    """The token of a block, or of what is near around it, that speaks most for its label."""
    near = [id_ for kind in features.around[index, : NEAR + 2] for id_ in features.names[kind]]
    ids = np.array([*features.words[index], *features.targets[index], *near, 0])
    lifts = np.where(model.tells["label"][ids] == label, model.tells["lift"][ids], 0)
    best = int(lifts.argmax())
    return model.vocabulary.tokens[ids[best] - 1] if lifts[best] else None
