"""Pages written inside tests, read as extraction reads them."""

from __future__ import annotations

import json

from newscrawl.extraction.document import Document, parse, read_document

URL = "https://www.tern.example/2026/05/03/harbour-reopens"


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
