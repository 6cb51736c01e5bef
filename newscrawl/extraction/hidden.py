"""What a page hides from its reader is its story only where nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.extraction.blocks import size
from newscrawl.extraction.composer import Labelled
from newscrawl.records import Label

_ANOTHER_COPY = 0.5
"""How much text is shown, as a share of what is hidden, where the hidden text is no only copy."""


def without_hidden(labelled: Sequence[Labelled], *, walled: bool) -> Sequence[Labelled]:
    """The blocks, with hidden ones taken out of the story, unless they are its one and only copy,
    waiting for a script to show it, on a page without a paywall."""
    hidden, shown = (
        sum(size(b) for b, label in labelled if label.name == "body" and b.hidden is concealed)
        for concealed in (True, False)
    )
    if not walled and shown < _ANOTHER_COPY * hidden:
        return labelled
    kept = Label("other", 0.9, "is hidden, behind a paywall" if walled else "is hidden")
    return [(b, kept) if label.name == "body" and b.hidden else (b, label) for b, label in labelled]
