from __future__ import annotations

import pytest

from newscrawl.extraction.facts.gather import gather_facts
from newscrawl.extraction.facts.publication import (
    find_canonical_url,
    find_publisher,
    find_section,
    find_tags,
)
from newscrawl.records import Block, Label
from newscrawl.urls import clean_url
from tests.documents import URL, ld, read


@pytest.mark.parametrize(
    ("href", "url", "expected"),
    [
        (URL, URL, URL),
        ("/2026/05/03/harbour-reopens?utm_source=x#top", URL, URL),
        ("https://m.example.com/story", "https://www.example.com/a", "https://m.example.com/story"),
        ("https://other.example/story", URL, None),
        ("https://www.tern.example/", URL, None),
        ("https://www.tern.example/en", URL, None),
        ("https://www.tern.example/de-ch/index.html", URL, None),
        ("https://www.tern.example/", "https://www.tern.example/", "https://www.tern.example/"),
        ("javascript:void(0)", URL, None),
        ("http://[bad", URL, None),
        (URL, None, URL),
        ("/relative", None, None),
    ],
)
def test_canonical_url(href: str, url: str | None, expected: str | None) -> None:
    """Only a canonical on the page's own site that isn't the homepage is believed."""
    found = find_canonical_url(read(f'<link rel="canonical" href="{href}">', url=url))
    assert (found.value if found else None) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://Tern.example?q=caf%E9&utm_source=x&fbclid=1#top",
            "https://tern.example/?q=caf%E9",
        ),
        ("https://tern.example/a?b&c=&mc_cid=2", "https://tern.example/a?b&c="),
        ("https://tern.example/a?UTM_medium=x", "https://tern.example/a"),
        ("mailto:a@tern.example", None),
        ("https://tern.example/\udce9?utm_source=x", None),
    ],
)
def test_cleaned_url(url: str, expected: str | None) -> None:
    """Tracking parameters and the fragment go; what is left stands as it was written."""
    assert clean_url(url) == expected


def test_publisher_section_and_tags() -> None:
    """Name, section and tags come from JSON-LD before meta, tags each once."""
    document = read(
        ld(
            {
                "@type": "NewsArticle",
                "publisher": {"name": "The Tern"},
                "articleSection": ["Coast", "News"],
                "keywords": "harbour, Storm, harbour",
            }
        )
        + '<meta property="og:site_name" content="Tern Online">'
    )
    publisher, section, tags = find_publisher(document), find_section(document), find_tags(document)
    assert publisher is not None
    assert section is not None
    assert tags is not None
    assert (publisher.value, section.value, tags.value) == (
        "The Tern",
        "Coast",
        ("harbour", "Storm"),
    )


def test_a_silent_page_says_nothing() -> None:
    """Where the page names none of it, there is none."""
    document = read()
    assert find_publisher(document) is None
    assert find_section(document) is None
    assert find_tags(document) is None


def test_gathered_facts_name_their_sources() -> None:
    """Each fact that was found has its provenance, and agencies credit, a block each."""
    block = Block(0, "By The Associated Press", "/p", "p", hidden=False, link_density=0, node=0)
    body = Block(
        1,
        "GULLHAVEN (AP) — Ships sail again. (AP)",
        "/p",
        "p",
        hidden=False,
        link_density=0,
        node=1,
    )
    labelled = [(block, Label("byline", 1, "")), (body, Label("body", 1, ""))]
    document = read('<meta property="og:site_name" content="The Tern">', attributes='lang="en"')
    facts = gather_facts(document, labelled, body.text)
    assert [(a.kind, a.agencies) for a in facts["attribution"].value] == [("wire", ("AP",))] * 2
    assert facts["dateline"].value.agency == "AP"
    assert {name: fact.source for name, fact in facts.items()} == {
        "publisher": "meta",
        "byline": "text",
        "date_published": "url",
        "language": "dom",
        "dateline": "text",
        "attribution": "text",
    }


def test_language_is_detected_when_undeclared() -> None:
    """A page that declares no language has that of its text."""
    text = "Der Hafen wurde am Montag nach dem schweren Sturm wieder für Schiffe geöffnet."
    facts = gather_facts(read(), [], text)
    assert (facts["language"].value, facts["language"].source) == ("de", "text")
