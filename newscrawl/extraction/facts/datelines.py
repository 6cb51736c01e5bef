"""The dateline: place, and agency if any, before a story's first sentence."""

from __future__ import annotations

from newscrawl.extraction.facts.agencies import agencies_named
from newscrawl.extraction.facts.credits import dateline_labels, dateline_patterns
from newscrawl.extraction.text import clean
from newscrawl.records import Dateline

_MAX_DATELINE = 160
"""Characters at the start of a story that can hold a dateline."""
_MIN_BARE_PLACE = 5
"""Shortest place in capitals, in letters, that is a dateline by itself: NATO isn't one."""
_DASHES = " -–—―"


def find_dateline(text: str) -> Dateline | None:
    """The place, and the agency if any, that open a story: "GULLHAVEN (Reuters) — …".

    Without an agency only a place in capitals before a dash counts, and no label ("ANALYSIS —").
    """
    line = (clean(text) or "")[:_MAX_DATELINE]
    *attributed, bare = dateline_patterns()
    for pattern in attributed:
        match = pattern.match(line)
        agencies = agencies_named(match["agency"]) if match else ()
        if match and agencies:
            place = match["place"].strip()
            return Dateline(place=place, agency=agencies[0], text=match["text"].strip())
    match = bare.match(line)
    if not match or len(match["text"].rstrip(_DASHES)) < _MIN_BARE_PLACE:
        return None
    place = match["place"].strip()
    if place.lower() in dateline_labels():
        return None
    return Dateline(place=place, text=match["text"].strip())
