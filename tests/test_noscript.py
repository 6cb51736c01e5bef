"""Pages that hold their text in ``noscript`` elements."""

from __future__ import annotations

import pytest

from newscrawl import extract
from newscrawl.extraction.extract import read_page
from tests.accounting import problems_of
from tests.documents import HEADLINE, MARKUP, STORY, URL, ld

HEAD = f"<title>{HEADLINE}</title>"
MENU = "<nav><a href=/>Home</a> <a href=/news>News</a> <a href=/sport>Sport</a></nav>"
NOTE = "<p>We use cookies. Please turn on JavaScript in your browser to see all of this page.</p>"

PAGES = {
    "around the story": f"<body>{MENU}<h1>{HEADLINE}</h1><noscript>{MARKUP}</noscript>",
    "around everything, never closed": f"<body><noscript>{MENU}<h1>{HEADLINE}</h1>{MARKUP}",
    "beside the element that a script fills": f"<body>{MENU}<h1>{HEADLINE}</h1><div id=story>"
    f"<p>Loading…</p></div><noscript><article>{MARKUP}</article></noscript>",
}


@pytest.mark.parametrize("page", PAGES)
def test_story_in_noscript(page: str) -> None:
    """A story that is shown only where scripts don't run is read, and each block is kept once."""
    reading = read_page(f"<head>{HEAD}</head>{PAGES[page]}", url=URL, removed="all")
    assert reading.article.body == "\n\n".join(STORY)
    assert problems_of(reading) == []


def test_noscript_beside_a_story_is_not_read() -> None:
    """What stands in for images and cookies on an ordinary page is no block, nor a second copy."""
    page = (
        f"<head>{HEAD}</head><body>{MENU}<h1>{HEADLINE}</h1><noscript>{NOTE}</noscript>"
        f"<figure><noscript><img src=a.jpg><p>A pier.</p></noscript></figure>{MARKUP}"
        f"<noscript>{MARKUP}</noscript>"
    )
    reading = read_page(page, url=URL, removed="all")
    assert [b.text for b, _ in reading.labelled if b.text in STORY] == STORY
    assert not any("cookies" in b.text or "A pier" in b.text for b, _ in reading.labelled)


@pytest.mark.parametrize(
    "page",
    [f"<body>{MENU}<noscript>{NOTE}</noscript>", f"<head><noscript>{MARKUP}</noscript></head>"],
)
def test_noscript_without_a_story(page: str) -> None:
    """A note on scripts, or what a head holds, doesn't become the text of an empty page."""
    assert not [b for b, _ in read_page(page, url=URL).labelled if len(b.text) > 60]


def test_noscript_behind_a_paywall_is_not_used() -> None:
    """What only machines without scripts are given isn't read where the page isn't free."""
    paid = ld({"@type": "NewsArticle", "headline": HEADLINE, "isAccessibleForFree": False})
    article = extract(f"<head>{HEAD}{paid}</head>{PAGES['around the story']}", url=URL)
    assert article.body is None
    assert article.access.truncated is True
    assert "it isn't used" in article.access.evidence[-1]
