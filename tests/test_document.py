from __future__ import annotations

import pytest

from newscrawl.extraction.document import element_text, language_tag, parse
from newscrawl.extraction.linked_data import children, first_text, read_nodes
from newscrawl.extraction.text import clean, folded, unescaped
from tests.documents import URL, ld, read


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (" a\u00a0 b\n\tc ", "a b c"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("NUL\x00 bell\x07", "NUL bell"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("می‌خواهم", "می‌خواهم"),
        ("no\u200cjoin", "nojoin"),
        ("\u200b \x00", None),
        ("", None),
        (None, None),
    ],
)
def test_clean(given: str | None, expected: str | None) -> None:
    """Text is one line without anything invisible; joiners stay between joining letters."""
    assert clean(given) == expected


def test_unescaped_and_folded() -> None:
    """Entities are resolved also when escaped twice; folding drops case, accents, punctuation."""
    assert unescaped("&amp;quot;A &amp; B&amp;quot;") == '"A & B"'
    assert folded("  Élan – Vital! ") == "elan vital"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("en", "en"),
        ("en_US", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("English", None),
        ("und", None),
        ("", None),
        ("es-419", "es-419"),
    ],
)
def test_language_tag(given: str, expected: str | None) -> None:
    """Languages are BCP 47 or nothing."""
    assert language_tag(given) == expected


def test_text_of_an_element_with_all_of_the_page_in_it_is_cut() -> None:
    """Elements inside each other are read in part: their texts don't add up to the page squared."""
    long, many = read("", f"<h1>{'x' * 99_999}</h1>"), read("", f"<h1>{'<b>x </b>' * 99_999}</h1>")
    for document in (long, many):
        assert 1_000 < len(element_text(next(document.root.iter("h1"))) or "") <= 20_000


def test_meta_links_title_and_base() -> None:
    """Meta contents keep page order, links their rel words; addresses resolve against the base."""
    document = read(
        '<base href="/deep/"><title> A\n title </title><link rel="Canonical" href="x">'
        '<meta property="OG:Title" content="One"><meta name="og:title" content="Two">',
        attributes='lang="de-AT"',
    )
    assert document.meta["og:title"] == ("One", "Two")
    assert document.title == "A title"
    assert document.canonical == "https://www.tern.example/deep/x"
    assert document.language is not None
    assert (document.language.value, document.language.source) == ("de-AT", "dom")


@pytest.mark.parametrize(
    "script",
    [
        "",
        "[]",
        '"a string"',
        "null",
        "{not json",
        "[" * 100_000,
        '{"a":' * 100_000,
        "x" * 1_000_001,
    ],
)
def test_unreadable_json_ld_gives_no_node(script: str) -> None:
    """JSON-LD that is no object, invalid, too deep or too long is left out without an exception."""
    assert read_nodes([script]) == ()


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"headline": "X"} -->',
        '//<![CDATA[\n{"headline": "X"}\n//]]>',
        '{"headline": "X",}',
        '{"headline": "X", "text": "line\nbreak\tand tab"};',
        '[[{"headline": "X"}]]',
        '{"@graph": [{"headline": "X"}]}',
    ],
)
def test_broken_json_ld_is_repaired_where_that_is_safe(script: str) -> None:
    """Wrappers, trailing commas, raw control characters, lists and graphs don't hide a node."""
    assert any(first_text(node, "headline") == "X" for node in read_nodes([script]))


def test_json_ld_strings_are_clean() -> None:
    """Lone surrogates, NULs and entities never leave a JSON-LD string."""
    (node,) = read_nodes([r'{"headline": "A\ud800\u0000 &amp; B"}'])
    assert first_text(node, "headline") == "A & B"


def test_references_are_resolved_one_step_deep() -> None:
    """``@id`` references find the fullest node, each the whole of it."""
    nodes = read_nodes(
        ['{"@graph": [{"@id": "#a", "author": {"@id": "#p"}}, {"@id": "#p", "name": "Jane Roe"}]}']
    )
    (author,) = children(nodes[1], "author", nodes)
    assert not isinstance(author, str)
    assert first_text(author, "name") == "Jane Roe"


def test_story_node_is_the_one_about_this_page() -> None:
    """Among several articles the one with the page's address is the story, wherever it stands."""
    other = {"@type": "NewsArticle", "url": "https://www.tern.example/other", "headline": "Other"}
    own = {"@type": ["Thing", "https://schema.org/NewsArticle"], "mainEntityOfPage": {"@id": URL}}
    document = read(ld([other, own]))
    assert document.story is not None
    assert "mainEntityOfPage" in document.story


def test_an_article_about_another_story_is_no_story_node() -> None:
    """JSON-LD with another address and another headline than the page's is not believed."""
    other = {"@type": "NewsArticle", "url": "https://www.tern.example/other", "headline": "Other"}
    assert read("<title>Harbour reopens</title>" + ld(other)).story is None


def test_tree_has_no_comments() -> None:
    """Comments and processing instructions cost nothing, and the text around them is one."""
    root = parse("<p>Tide <!-- - -->turn<?php ?>s</p>")
    assert [(e.tag, e.text) for e in root.iter()][-1] == ("p", "Tide turns")


def test_what_stands_behind_an_early_end_is_in_the_body() -> None:
    """A header's template that closes the page loses nothing of what comes behind it."""
    menu, story = "<body><nav>Menu</nav></body></html>", "The ferry<p>stops</p>"
    page = parse(f"<html>{menu}{story}</html><p>today.</p></body></html>")
    assert page.xpath("string(body)") == "MenuThe ferrystopstoday."
    assert [child.tag for child in page] == ["body"]


@pytest.mark.parametrize("attribute", ["a{}=b ", 'a{}="b" ', "a{}='' "])
def test_flood_of_attributes_is_left_out(attribute: str) -> None:
    """Of an element with 100,000 attributes the text stays, and what stands around it."""
    flood = "".join(attribute.format(n) for n in range(100_000))
    root = parse(f"<p class=a>before</p><p {flood}>inside</p><p class=b>after</p>")
    assert [(p.text, len(p.attrib)) for p in root.iter("p")] == [
        ("before", 1),
        ("inside", 0),
        ("after", 1),
    ]


def test_long_value_of_an_attribute_stays() -> None:
    """Data that a page keeps in one attribute is no flood."""
    root = parse(f"<p class=story data-state='{'x' * 500_000}'>text</p>")
    assert [(p.get("class"), len(p.get("data-state") or "")) for p in root.iter("p")] == [
        ("story", 500_000)
    ]
