"""What a page is: an article in doubt, and something else only for a reason."""

from __future__ import annotations

import pytest

from newscrawl import extract
from newscrawl.extraction.composer import Labelled
from newscrawl.extraction.teasers import read_telling
from newscrawl.records import STORY_TYPES, Block, Label, PageType
from tests.documents import HEADLINE, STORY, ld, read
from tests.page_kinds import ARTICLES, OTHERS, SITE, TITLES

PROSE = "<p>The council voted on Tuesday to repair the bridge before winter, its clerk said.</p>"
TEASER = "<h3><a href=/a>Bridge repaired by night</a></h3>" + PROSE
LINKS = "<div><a href=/a>Bridge repaired by night</a></div>" * 20
OG = '<meta property="og:type" content="%s">'

PAGES: list[tuple[str, str, PageType]] = [
    ("story", PROSE * 5, "article"),
    ("short story between links", PROSE + LINKS, "article"),
    ("teasers", TEASER * 6, "section"),
    ("teasers on a page that says it is an article", OG % "article" + TEASER * 6, "article"),
    ("links only", LINKS, "section"),
    ("links below a headline", f"<h1>{HEADLINE}, and nobody knows why</h1>{LINKS}", "article"),
    ("links to other sites", LINKS.replace("/a", "https://else.example/a"), "article"),
    ("links into the page", LINKS.replace("/a", "#a"), "article"),
    ("collection without prose", ld({"@type": "CollectionPage"}) + "<p>News</p>", "section"),
    ("video without text", OG % "video.other" + "<p>Watch</p>", "video"),
    ("story with a video", ld({"@type": "VideoObject"}) + PROSE * 5, "article"),
    ("nothing", "", "other"),
]


@pytest.mark.parametrize(("page", "expected"), [pytest.param(p, e, id=n) for n, p, e in PAGES])
def test_page_type(page: str, expected: PageType) -> None:
    """The type follows from what the page declares and what stands on it."""
    article = extract(f"<h1>Bridge</h1>{page}" if page else "", url=f"{SITE}/x")
    assert article.page_type == expected


@pytest.mark.parametrize("name", OTHERS)
def test_page_that_is_no_common_article(name: str) -> None:
    """Fronts, lists, hubs and error pages are recognised, however built, and have no body."""
    path, page, expected = OTHERS[name]
    article = extract(page, url=SITE + path)
    assert article.page_type == expected
    assert (article.body is not None) == (expected in STORY_TYPES)


@pytest.mark.parametrize("name", ARTICLES)
def test_article_that_looks_like_something_else(name: str) -> None:
    """Lists, links and teasers around or inside of a story don't make a section of it."""
    path, page = ARTICLES[name]
    article = extract(page, url=SITE + path)
    assert (article.page_type, bool(article.body)) == ("article", True)


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/de/", "/en-gb/index.php"])
def test_front(path: str) -> None:
    """At a site's address whole posts make a list; one story is an article there, too."""
    posts = "".join(f"<h2><a href=/{n}>{t}</a></h2>{PROSE * 3}" for n, t in enumerate(TITLES[:5]))
    assert extract(posts, url=SITE + path).page_type == "section"
    assert extract(posts, url=f"{SITE}/news/posts").page_type == "article"
    assert extract(f"<h1>{HEADLINE}</h1>{PROSE * 5}", url=SITE + path).page_type == "article"


@pytest.mark.parametrize(
    "path", ["/?s=bridge", "/search", "/de/suche/bridge", "/find?query=bridge"]
)
def test_list_at_an_address_of_a_search(path: str) -> None:
    """A list whose address asks for something is a search's."""
    assert extract(TEASER * 6, url=SITE + path).page_type == "search"


@pytest.mark.parametrize(
    "title",
    ["404", "Error 404", "404 – Page not found", "Página no encontrada | Tern",
     "Страница не найдена", "お探しのページは見つかりませんでした"],
)  # fmt: skip
def test_title_of_a_page_that_is_not_there(title: str) -> None:
    """A page that says so is an error page, unless it tells a story."""
    head = f"<title>{title}</title>"
    assert extract(f"{head}<p>Sorry.</p>", url=f"{SITE}/x").page_type == "error"
    assert extract(head + PROSE * 5, url=f"{SITE}/x").page_type == "article"


def test_http_error_is_no_article() -> None:
    """What comes with an error status is an error page, whatever it looks like."""
    assert extract(PROSE * 5, status=404).page_type == "error"


def labelled_body(text: str, links: float, confidence: float = 1.0) -> Labelled:
    block = Block(0, text, "/html/body/p[1]", "p", hidden=False, link_density=links, node=0)
    return block, Label("body", confidence, "")


def test_telling_counts_how_sure_the_labels_are() -> None:
    """A part's size is that of its body, each block as far as its label is sure; links apart."""
    texts = [(STORY[0], 0.0), (TITLES[0], 1.0), (STORY[1], 0.0), ("Ruth Alder", 1.0), ("Yes.", 0.0)]
    telling = read_telling([labelled_body(text, links, 0.5) for text, links in texts])
    assert telling.sizes == [len(STORY[0]) / 2, (len(STORY[1].encode()) + 4) / 2]
    assert telling.paragraphs == [1, 1]
    assert telling.titles == 1


@pytest.mark.parametrize("name", ["b@c", "b:c", "b[c", "b.", "b()"])
def test_titles_in_elements_of_odd_names(name: str) -> None:
    """A list in elements that no path can name is a list, and no exception."""
    links = "".join(f"<{name}><a href=/{n}>{TITLES[0]} {n}</a></{name}>" for n in range(30))
    assert extract(links, url=f"{SITE}/x").page_type == "section"


@pytest.mark.parametrize("item", ["<p><a href=/{}>{}</a></p>", "<a href=/{}>{}</a><hr>"])
def test_list_of_thousands(item: str) -> None:
    """An archive's list of 5,000 links is one: finding where each leads counts no item twice."""
    items = "".join(item.format(n, f"{TITLES[0]} {n}") for n in range(5_000))
    assert extract(items, url=f"{SITE}/x").page_type == "section"


@pytest.mark.parametrize(
    ("href", "titles"),
    [("/b", 1), ("https://www.tern.example/b", 1), ("?page=2", 1), ("#b", 0), ("", 1),
     ("https://else.example/b", 0)],
)  # fmt: skip
def test_titles_lead_to_other_pages_of_the_site(href: str, titles: int) -> None:
    """Given the document, links into the page or to another site are no titles."""
    document = read("", f'<p><a href="{href}">{TITLES[0]}</a></p>')
    assert read_telling([labelled_body(TITLES[0], 1.0)], document).titles == titles
