from __future__ import annotations

import gc
import weakref
from datetime import date
from types import FunctionType

import pytest

from newscrawl import extract
from newscrawl.extraction.facts.agencies import agencies_named
from newscrawl.extraction.facts.author_places import AuthorTexts
from newscrawl.extraction.facts.authors import find_authors
from newscrawl.extraction.facts.byline import looks_like_byline
from newscrawl.extraction.facts.names import agencies_beside, split_names
from tests.documents import ld, read


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Roe", ["Jane Roe"]),
        ("By JANE ROE", ["Jane Roe"]),
        ("Ana Ruiz and Li Wei in Beijing", ["Ana Ruiz", "Li Wei"]),
        ("By Ana Ruiz, Li Wei and John Doe", ["Ana Ruiz", "Li Wei", "John Doe"]),
        ("By Jane Roe, Moscow correspondent", ["Jane Roe"]),
        ("By Jane Roe | 3 May 2024", ["Jane Roe"]),
        ("By Jane Roe March 2, 2026", ["Jane Roe"]),
        ("By Jane Roe, MD, PhD", ["Jane Roe"]),
        ("Cara Roe RN, BSN", ["Cara Roe"]),
        ("Dr. Jane Roe", ["Jane Roe"]),
        ("Licensed Harbour Grader", []),
        ("Von Anna Schmidt und Karl von Berg", ["Anna Schmidt", "Karl von Berg"]),
        ("Ein Artikel von Pamela Berg | 27.01.2022 - 12:45", ["Pamela Berg"]),
        ("Par Léa Martin et Hugo d'Arc", ["Léa Martin", "Hugo d'Arc"]),
        ("Por María José García y Juan de la Cruz", ["María José García", "Juan de la Cruz"]),
        ("Di Marco Rossi", ["Marco Rossi"]),
        ("Door Jan de Vries en Piet Bakker", ["Jan de Vries", "Piet Bakker"]),
        ("Av Kari Moe og Ola Nordmann", ["Kari Moe", "Ola Nordmann"]),
        ("Текст: Анна Петрова", ["Анна Петрова"]),
        ("文：山田太郎", ["山田太郎"]),
        ("作者：王小明", ["王小明"]),
        ("بقلم أحمد علي", ["أحمد علي"]),
        ("Jane O’Neill-Smith", ["Jane O’Neill-Smith"]),
        ("This post was written by Jane Roe, Head of Marketing and Harbour Life", ["Jane Roe"]),
        ("Veröffentlicht von Anna Schmidt 28. Februar 2016", ["Anna Schmidt"]),
        ("Contributors: Jane Roe", ["Jane Roe"]),
        ("jane roe", ["Jane Roe"]),
        ("quiet harbour", []),
        ("By Jane Roe and From Harbour Tales", ["Jane Roe"]),
        ("By Jane Roe, political editor, and Özgül Demir", ["Jane Roe", "Özgül Demir"]),
        ("Von Jane Roe, Redakteurin, und Łucjan Nowak", ["Jane Roe", "Łucjan Nowak"]),
        ("By Jane Roe and Mark Deal", ["Jane Roe", "Mark Deal"]),
        ("By Harry Style", ["Harry Style"]),
        ("By Robert Under", ["Robert Under"]),
        ("By Jane Gardener", ["Jane Gardener"]),
        ("By In Soo Kim", ["In Soo Kim"]),
        ("Filed under Style", []),
        ("Beitrag von Anna Schmidt", ["Anna Schmidt"]),
        ("Written by JR", []),
        ("著者一覧", []),
        ("By The Associated Press", []),
        ("Staff", []),
        ("By Tern Staff Writers", []),
        ("Redaktion", []),
        ("jane@tern.example", []),
        ("@janeroe", []),
        ("https://tern.example/jane", []),
        ("August 28, 2025 • 5 min read", []),
        ("Monday", []),
        ("admin", []),
        ("", []),
        ("\ud800", []),
    ],
)
def test_names(line: str, expected: list[str]) -> None:
    """Names are split and cut to the name; agencies, desks, dates and addresses are nobody."""
    assert [named.name for named in split_names(line)] == expected


class _Line(str):
    """One that says when nobody holds it any more."""

    __slots__ = ("__weakref__",)


@pytest.mark.parametrize("reads", [split_names, agencies_beside, agencies_named])
def test_only_the_beginning_of_a_line_is_remembered(reads: FunctionType) -> None:
    """A page's field may be a million characters long: none of it outlives its page."""
    line = _Line(f"By Jane {reads.__name__.title()}, " * 100)
    held = weakref.ref(line)
    reads(line)
    del line
    gc.collect()
    assert held() is None


def test_roles() -> None:
    """A title behind a name is that person's role."""
    (named,) = split_names("By Jane Roe, Moscow correspondent")
    assert named.role == "Moscow correspondent"


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Roe",
        "By: Jane Roe | December 16, 2025",
        "Written by Jane Roe",
        "Von Anna Schmidt",
        "Par Léa Martin",
        "Por Ana Ruiz",
        "Di Marco Rossi",
        "Door Jan de Vries",
        "Text: Anna Schmidt",
        "Автор: Анна Петрова",
        "作者：王小明",
        "By The Associated Press",
        "Von dpa",
        "Joan Roe, Environment correspondent",
    ],
)
def test_bylines(line: str) -> None:
    """A short block that opens as a byline and names somebody is one."""
    assert looks_like_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By supporting The Tern, you're defending open, independent journalism.",
        "By 3 May 2024",
        "By now everybody knew.",
        "Von Mob mit Macheten ermordet:",
        "Par ailleurs, le port rouvre.",
        "Por favor, suscríbete",
        "Di più",
        "Text Link",
        "By",
        "Joan Roe",
        "Joan Roe, 81",
        "Jane Roe said the harbour would reopen.",
        "",
    ],
)
def test_no_bylines(line: str) -> None:
    """A sentence or a label that begins like a byline is none."""
    assert not looks_like_byline(line)


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "Jane Roe", "jobTitle": "Editor"}, ["Jane Roe"]),
        ([{"name": "Jane Roe"}, {"name": "Li Wei"}], ["Jane Roe", "Li Wei"]),
        ([[{"name": "Jane Roe"}]], ["Jane Roe"]),
        ("Jane Roe and Li Wei", ["Jane Roe", "Li Wei"]),
        ({"@type": "Person", "name": ["Jane Roe", "Li Wei"]}, ["Jane Roe"]),
        ({"@type": "Organization", "name": "The Tern"}, []),
        ({"@type": "Organization", "name": "Reuters"}, []),
        (
            {"@type": "Organization", "name": "Harbour Lab"},
            ["Harbour Lab"],
        ),
        ([{"name": f"Jane Roe{chr(97 + i)}"} for i in range(26)], None),
        ({"name": None}, []),
        (17, []),
    ],
)
def test_authors_from_json_ld(author: object, expected: list[str] | None) -> None:
    """Every shape of author is read; the publication and agencies are none, twenty are enough."""
    document = read(ld({"@type": "NewsArticle", "author": author}))
    found = find_authors(document, AuthorTexts(), frozenset({"the tern"}))
    names = [a.name for a in found.value] if found else []
    assert len(names) == 20 if expected is None else names == expected


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        ('<meta name="author" content="Jane Roe">', "", "meta"),
        (
            (
                '<meta name="twitter:label1" content="Written by">'
                '<meta name="twitter:data1" content="Jane Roe">'
            ),
            "",
            "meta",
        ),
        ("", '<span itemprop="author"><b itemprop="name">Jane Roe</b></span>', "microdata"),
        ("", '<a rel="author" href="/by/jane">Jane Roe</a>', "dom"),
        ("", '<div class="article-byline">By Jane Roe</div>', "dom"),
    ],
)
def test_authors_from_the_page(head: str, body: str, source: str) -> None:
    """Meta, microdata, rel=author and byline classes name authors, in that order of trust."""
    found = find_authors(read(head, body), AuthorTexts(), frozenset())
    assert found is not None
    assert ([a.name for a in found.value], found.source) == (["Jane Roe"], source)


def test_a_flood_of_authors_and_dates() -> None:
    """Of 100,000 elements that are marked as author or date the first few are read."""
    flood = "<a rel=author href=/{0}>Jane Roe</a><b itemprop=datePublished>2024-05-03</b>"
    article = extract("".join(map(flood.format, range(50_000))))
    assert [author.name for author in article.authors] == ["Jane Roe"]
    assert article.date_published == date(2024, 5, 3)


def test_an_author_of_a_comment_is_no_author() -> None:
    """Names in comments and teasers are nobody's byline."""
    body = '<div class="comments"><a rel="author">Jane Roe</a></div>'
    assert find_authors(read("", body), AuthorTexts(), frozenset()) is None


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Wim Harbour", "Person", ["Wim Harbour"]),
        ("Jane Roe", "Organization", ["Jane Roe"]),
        ("Quiet Harbour", "Organization", []),
        ("Charlotte Gazette", "Organization", []),
        ("Orlando Lantern", "Organization", []),
        ("Victoria Police", "Organization", []),
    ],
)
def test_who_publishes_alone(name: str, kind: str, expected: list[str]) -> None:
    """Somebody whose site bears their name is its author; a house never is, though its name may
    open as a person's does."""
    story = {
        "@type": "NewsArticle",
        "author": {"name": name},
        "publisher": {"@type": kind, "name": name},
    }
    found = find_authors(read(ld(story)), AuthorTexts(), frozenset({name.lower()}))
    assert ([a.name for a in found.value] if found else []) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("By Jane Roe, New York",), ["Jane Roe"]),
        (("Jane Roe, Los Angeles, May 3, 2024",), ["Jane Roe"]),
        (("By Jane Roe and Harbour Daily",), ["Jane Roe"]),
        (("By Jane Roe, Li Wei and Ana Ruiz",), ["Jane Roe", "Li Wei", "Ana Ruiz"]),
        (("By Ana Ruiz",), ["Ana Ruiz"]),
        (("By Quiet Harbour",), ["Jane Roe"]),
        (("Ana Ruiz",), ["Jane Roe"]),
        (("By Jane Roe with photos by Ana Ruiz",), ["Jane Roe"]),
        (("By J. Roe and Jane Roe-Smith",), ["Jane Roe"]),
    ],
)
def test_a_byline_corrects_what_is_declared(lines: tuple[str, ...], expected: list[str]) -> None:
    """Whoever put the page there is often declared: a byline that names all the authors and more,
    or only others, knows better; a line that names nobody for sure doesn't."""
    document = read(ld({"@type": "NewsArticle", "author": {"name": "Jane Roe"}}))
    found = find_authors(document, AuthorTexts(bylines=lines, beside=lines), frozenset())
    assert found is not None
    assert [a.name for a in found.value] == expected


def test_a_line_that_is_no_byline_corrects_nothing() -> None:
    """A teaser beside the headline may name its own author."""
    document = read(ld({"@type": "NewsArticle", "author": {"name": "Jane Roe"}}))
    found = find_authors(document, AuthorTexts(beside=("By Ana Ruiz",)), frozenset())
    assert found is not None
    assert [a.name for a in found.value] == ["Jane Roe"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Halvard Trost",), ["Halvard Trost"]),
        (("Jane",), ["Jane"]),
        (("Harbour",), []),
        (("Posted under Quiet Living",), []),
    ],
)
def test_a_byline_without_an_opening(lines: tuple[str, ...], expected: list[str]) -> None:
    """A line that is wholly a name, or a given name, is one; any other may be a section's."""
    found = find_authors(read("", ""), AuthorTexts(bylines=lines), frozenset())
    assert ([a.name for a in found.value] if found else []) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Written by Jane Roe",), ["Jane Roe"]),
        (("By Quiet Harbour",), []),
        (("Jane Roe",), []),
        (("Photos by Jane Roe",), []),
        (("Written by Thrandul Vex", "Thrandul Vex is a reporter."), ["Thrandul Vex"]),
        (("Thrandul Vex", "Thrandul Vex writes about the harbour."), ["Thrandul Vex"]),
        (("Thrandul Vex", "The harbour is quiet."), []),
        (("Harbour Deal »", "Harbour Deal »"), []),
    ],
)
def test_lines_behind_the_text(lines: tuple[str, ...], expected: list[str]) -> None:
    """Behind the text only a line that says so names the author, or one that the next line goes on
    with: names alone stand there, too."""
    found = find_authors(read("", ""), AuthorTexts(behind=lines, notes=lines), frozenset())
    assert ([a.name for a in found.value] if found else []) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Harbour News", "Jane Roe", "3 May 2024"], ["Jane Roe"]),
        (["Posted on 3 May 2024 by Jane Roe"], ["Jane Roe"]),
        (["Jane Roe"], []),
        (["Reading Time", "3 May 2024"], []),
    ],
)
def test_lines_beside_the_headline(lines: list[str], expected: list[str]) -> None:
    """A bare name counts beside a date only: elsewhere it may be a topic."""
    found = find_authors(read("", ""), AuthorTexts(beside=tuple(lines)), frozenset())
    assert ([a.name for a in found.value] if found else []) == expected


def test_the_footer_of_the_story_names_its_author() -> None:
    """An article's own footer is a part of it; the page's footer isn't."""
    link = '<a rel="author" href="/by/jane">Jane Roe</a>'
    own = f"<article><h1>A story</h1><p>Text</p><footer>{link}</footer></article>"
    assert find_authors(read("", own), AuthorTexts(), frozenset()) is not None
    beside = f"<article><h1>A story</h1></article><footer>{link}</footer>"
    assert find_authors(read("", beside), AuthorTexts(), frozenset()) is None
