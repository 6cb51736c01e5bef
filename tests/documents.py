"""Pages written inside tests, read as extraction reads them."""

from __future__ import annotations

import json

from newscrawl.extraction.document import Document, parse, read_document

URL = "https://www.tern.example/2026/05/03/harbour-reopens"

HEADLINE = "Harbour reopens after the winter storm"
STORY = [
    " ".join(paragraph.split())
    for paragraph in """
The harbour opened its gates again on Tuesday, four months after the storm that broke the northern
pier and pushed two trawlers onto the rocks below the lighthouse.

“We had to lift every stone by hand,” said the harbour master, Ruth Alder, who has run the place
for eleven years and had never closed it for longer than a day.

The repairs cost the council some three million, a third more than it had set aside, and the last
of the berths will have to wait for its new planks until the spring.

Ferries to the islands sail again from Friday; the first one is booked out, according to the
company, which had sent its passengers by bus to the next port in the meantime.
""".split("\n\n")
]
MARKUP = "".join(f"<p>{text}</p>" for text in STORY)


def read(
    head: str = "", body: str = "", *, url: str | None = URL, attributes: str = ""
) -> Document:
    """A document from parts of its HTML."""
    page = f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>"
    return read_document(parse(page), url)


def ld(value: object) -> str:
    """A JSON-LD script."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'
