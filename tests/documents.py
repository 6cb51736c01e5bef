"""Pages written inside tests, read as extraction reads them."""

from __future__ import annotations

import json

from lxml import etree

from newscrawl.extraction.document import Document, read_document

URL = "https://www.tern.example/2026/05/03/harbour-reopens"


def read(
    head: str = "", body: str = "", *, url: str | None = URL, attributes: str = ""
) -> Document:
    """A document from parts of its HTML."""
    page = f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>"
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    return read_document(root, url)


def ld(value: object) -> str:
    """A JSON-LD script."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'
