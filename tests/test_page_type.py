"""What a page is: an article in doubt, and something else only for a reason."""

from __future__ import annotations

import pytest

from newscrawl import extract
from newscrawl.records import PageType

PROSE = "<p>The council voted on Tuesday to repair the bridge before winter, its clerk said.</p>"
TEASER = "<h3><a href=/a>Bridge repaired</a></h3>" + PROSE
LINKS = "<div><a href=/a>Bridge repaired</a></div>" * 20
LD = '<script type="application/ld+json">{"@type": "%s"}</script>'

PAGES: list[tuple[str, str, PageType]] = [
    ("story", PROSE * 5, "article"),
    ("short story between links", PROSE + LINKS, "article"),
    ("list of linked titles with long texts", TEASER.replace("</p>", " More." * 40) * 6, "article"),
    ("teasers on a page that says it is an article", LD % "NewsArticle" + TEASER * 6, "article"),
    ("teasers", TEASER * 6, "section"),
    ("links only", LINKS, "section"),
    ("collection without prose", LD % "CollectionPage" + "<p>News</p>", "section"),
    ("video without text", LD % "VideoObject" + "<p>Watch</p>", "video"),
    ("story with a video", LD % "VideoObject" + PROSE * 5, "article"),
    ("live blog", LD % "LiveBlogPosting" + PROSE * 5, "live"),
    ("nothing", "", "other"),
]


@pytest.mark.parametrize(("page", "expected"), [pytest.param(p, e, id=n) for n, p, e in PAGES])
def test_page_type(page: str, expected: PageType) -> None:
    """The type follows from what the page declares and what stands on it; no article, no body."""
    article = extract(f"<h1>Bridge</h1>{page}" if page else "", url="https://paper.example/x")
    assert article.page_type == expected
    assert (article.body is None) == (expected not in {"article", "live"})


def test_front_page_is_a_section() -> None:
    """The root of a site is a section front, unless it declares an article."""
    front = extract(PROSE * 5, url="https://paper.example/")
    story = extract(LD % "NewsArticle" + PROSE * 5, url="https://paper.example/")
    assert (front.page_type, story.page_type) == ("section", "article")


def test_http_error_is_no_article() -> None:
    """What comes with an error status is an error page, whatever it looks like."""
    assert extract(PROSE * 5, status=404).page_type == "error"
