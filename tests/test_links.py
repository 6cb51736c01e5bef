"""Links that look like articles, by their URLs."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.discovery.links import MAX_LINKS, article_links, article_shape

ARTICLES = [
    ("https://news.example/2024/05/03/harbour-wall", "date in the path"),
    ("https://news.example/2024/5/3/wall/", "date in the path"),
    ("https://news.example/2024/may/03/wall", "date in the path"),
    ("https://news.example/sport/2024-05-03/final-score", "date in the path"),
    ("https://news.example/2024/05/wall.html", "date in the path"),
    ("https://news.example/20240503-wall", "date in the path"),
    ("https://news.example/wall-20240503.html", "date in the path"),
    ("https://news.example/world/wall-20240503/", "date in the path"),
    ("https://news.example/town-to-rebuild-sea-wall", "slug of four words or more"),
    ("https://news.example/local/town-to-rebuild-sea-wall/", "slug of four words or more"),
    ("https://news.example/local/Town_To_Rebuild_Sea_Wall", "slug of four words or more"),
    ("https://news.example/town-to-rebuild-sea-wall/1234", "slug of four words or more"),
    ("https://news.example/town-to-rebuild-sea-wall/a-77", "slug of four words or more"),
    ("https://news.example/die-stadt-baut-den-deich-neu.html", "slug of four words or more"),
    ("https://news.example/el-a%C3%B1o-de-la-sequ%C3%ADa", "slug of four words or more"),
    ("https://news.example/город-строит-новую-стену", "slug of four words or more"),
    ("https://news.example/town-votes-for-tags-and-topics", "slug of four words or more"),
    ("https://news.example/news/world-12345678", "story number"),
    ("https://news.example/a/1234567", "story number"),
    ("https://news.example/kultur/a123456.html", "story number"),
    ("https://news.example/wall,123456.html", "story number"),
    ("https://news.example/%E8%A8%98%E4%BA%8B/987654", "story number"),
    ("https://news.example/articles/c0k1abc2xyzo", "folder of stories"),
    ("https://news.example/article/ABC123DEF.html", "folder of stories"),
    ("https://news.example/story/town-rebuilds-wall", "folder of stories"),
    ("https://news.example/town-rebuilds-wall.html", "page with a slug"),
    ("https://news.example/local/town-rebuilds-wall.php", "page with a slug"),
    ("https://news.example/?p=1234", "story number in the query"),
    ("https://news.example/view.php?id=99887&lang=en", "story number in the query"),
    ("https://news.example/news.asp?newsID=4711", "story number in the query"),
]
OTHERS = [
    "https://news.example/",
    "https://news.example",
    "https://news.example/sport",
    "https://news.example/sport/football/",
    "https://news.example/2024/",
    "https://news.example/2024/05/",
    "https://news.example/2024/05/03/",
    "https://news.example/news/202405",
    "https://news.example/news/20240503",
    "https://news.example/tag/town-to-rebuild-sea-wall",
    "https://news.example/topics/12345678",
    "https://news.example/author/jane-of-the-north-desk",
    "https://news.example/autor/juan-de-la-cruz-lopez",
    "https://news.example/thema/die-stadt-baut-den-deich",
    "https://news.example/category/news/page/12345",
    "https://news.example/search?q=a&id=12345",
    "https://news.example/login?return=/town-to-rebuild-sea-wall",
    "https://news.example/subscribe/the-best-offer-this-year",
    "https://news.example/newsletters/sign-up-for-our-briefing",
    "https://news.example/video/town-to-rebuild-sea-wall",
    "https://news.example/town-to-rebuild-sea-wall.jpg",
    "https://news.example/wp-content/uploads/2024/05/03/wall.pdf",
    "https://news.example/feed/town-to-rebuild-sea-wall.xml",
    "https://news.example/about-us.html",
    "https://news.example/index.html",
    "https://news.example/story/",
    "https://news.example/stories/wall",
    "https://news.example/?page=3",
    "https://news.example/?p=12",
    "javascript:void(0)",
    "mailto:desk@news.example",
    "/2024/05/03/harbour-wall",
    "https://[news.example/2024/05/03/wall",
]


@pytest.mark.parametrize(("url", "reason"), ARTICLES)
def test_shape_of_an_article(url: str, reason: str) -> None:
    """A URL that looks like an article's comes with the reason why."""
    assert article_shape(url) == reason


@pytest.mark.parametrize("url", OTHERS)
def test_shape_of_anything_else(url: str) -> None:
    """Front pages, sections, tags, people, accounts and files don't look like articles."""
    assert article_shape(url) is None


def _links(html: str, base: str = "https://www.example.org/local/") -> list[str]:
    return article_links(Selector(html), base, "example.org")


def test_links_are_clean_unique_and_in_page_order() -> None:
    """Each article is there once, where it stood first, without fragment and tracking."""
    html = """
        <a href="/town-to-rebuild-sea-wall?utm_source=front#top">B</a>
        <a href="../2024/05/03/harbour">A</a>
        <a href="https://example.org/town-to-rebuild-sea-wall">not the same host</a>
        <a href="/town-to-rebuild-sea-wall#comments">B again</a>
    """
    assert _links(html) == [
        "https://www.example.org/town-to-rebuild-sea-wall",
        "https://www.example.org/2024/05/03/harbour",
        "https://example.org/town-to-rebuild-sea-wall",
    ]


def test_links_stay_on_the_site() -> None:
    """Other sites' articles are no links of this site; its other hosts' are."""
    html = """
        <a href="https://other.example/town-to-rebuild-sea-wall">elsewhere</a>
        <a href="//sport.example.org/2024/05/03/final">sport</a>
    """
    assert _links(html) == ["https://sport.example.org/2024/05/03/final"]


def test_links_use_the_base_element() -> None:
    """Relative links are resolved as a browser does."""
    html = '<base href="https://www.example.org/x/"><a href="2024/05/03/wall">wall</a>'
    assert _links(html) == ["https://www.example.org/x/2024/05/03/wall"]


def test_links_leave_out_the_page_itself() -> None:
    """A page that looks like an article doesn't lead to itself."""
    page = "https://www.example.org/2024/05/03/wall"
    assert _links(f'<a href="{page}#share">share</a>', page) == []


def test_links_survive_malformed_ones() -> None:
    """What no URL can be made of is passed over."""
    html = """
        <a href="http://[bad/2024/05/03/wall">bad</a><a href="">empty</a><a>none</a>
        <a href="javascript:open('/2024/05/03/wall')">script</a><a href="/2024/05/03/wall">good</a>
    """
    assert _links(html) == ["https://www.example.org/2024/05/03/wall"]


def test_links_have_a_bound() -> None:
    """A page of endless links gives ``MAX_LINKS``."""
    html = "".join(f'<a href="/2024/05/03/wall-{n}">x</a>' for n in range(MAX_LINKS + 10))
    assert len(_links(html)) == MAX_LINKS


def test_links_of_a_page_nested_deeply() -> None:
    """100,000 levels of nesting don't end the process, nor hide the links above them."""
    html = '<a href="/2024/05/03/wall">x</a>' + "<div>" * 100_000
    assert _links(html) == ["https://www.example.org/2024/05/03/wall"]
