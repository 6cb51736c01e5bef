"""``extract`` gives a valid record for any bytes, and the story for a page of any make."""

from __future__ import annotations

import gzip
import json
import random
import re

import pytest

from newscrawl import extract
from newscrawl.contract import problems, to_json_line
from newscrawl.extraction.blocks import MAX_BLOCKS
from tests.cases import CASES, FIXTURES, Case

PARAGRAPH = "The council voted on Tuesday to repair the bridge before winter, its clerk said. " * 3
STORY = [f"{PARAGRAPH}Item {n} was passed." for n in range(6)]

JUNK = [
    pytest.param(b"", id="empty"),
    pytest.param(b" \n\t ", id="white space"),
    pytest.param(b"\x00" * 5_000, id="NULs"),
    pytest.param(random.Random(1).randbytes(50_000), id="binary junk"),  # noqa: S311
    pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, id="an image"),
    pytest.param(gzip.compress(b"<p>packed</p>" * 1_000)[:-9], id="truncated gzip"),
    pytest.param(b"<html", id="half a tag"),
    pytest.param(b"<!-- only a comment -->", id="comment"),
    pytest.param(b"<?xml version='1.0' encoding='utf-16'?><html><body>x", id="XML declaration"),
    pytest.param(b"<frameset><frame src=a></frameset>", id="frames"),
    pytest.param(b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000, id="100,000 levels"),
    pytest.param(b"<p>" + b"<b>" * 50_000 + b"deep", id="50,000 inline levels"),
    pytest.param(b"<table><tr><td>" * 30_000, id="30,000 nested tables"),
    pytest.param(b"<p>x" * 200_000, id="200,000 paragraphs"),
    pytest.param(b"<p " + b"a=b " * 100_000 + b">x", id="100,000 attributes"),
    pytest.param(b"<meta name=a content=b>" * 50_000, id="50,000 meta elements"),
    pytest.param(b"&#0;&#xD800;&#x110000;<p>\xed\xa0\x80</p>", id="surrogates"),
]


@pytest.mark.parametrize("raw", JUNK)
def test_junk_gives_a_valid_record_without_a_story(raw: bytes) -> None:
    """No bytes raise an exception; the record keeps its contract and invents nothing."""
    article = extract(raw, url="https://junk.example/")
    assert problems(article) == []
    assert article.headline is None
    assert json.loads(to_json_line(article))["id"] == article.id


def test_page_of_50_mb_is_read_in_part_and_says_so() -> None:
    """Of a larger page the first 20 MB are read, which counts as truncated, with evidence."""
    page = b"<h1>Bridge</h1>" + f"<p>{PARAGRAPH}</p>".encode() * 10 + b"<i></i>" * 7_200_000
    article = extract(page)
    assert article.body
    assert article.access.truncated is True
    assert any("20,000,000" in sentence for sentence in article.access.evidence)


def test_decoded_page_has_the_same_bound() -> None:
    """Text that is handed over already decoded is cut, too, and counted in characters."""
    article = extract("<h1>Bridge</h1>" + "<i></i>" * 3_000_000)
    assert any("characters" in sentence for sentence in article.access.evidence)


def test_page_of_too_many_blocks_says_so() -> None:
    """So it is with more blocks than are read: half a story is never passed for a whole one."""
    page = "<h1>Bridge</h1>" + f"<p>{PARAGRAPH}</p>" * MAX_BLOCKS
    access = extract(page).access
    assert access.truncated is True
    assert access.evidence == ("Only the first 20,000 blocks of text were read.",)


LD = [
    pytest.param('{"@type":"NewsArticle","headline":"A\\ud800\\u0000B"}', id="surrogate and NUL"),
    pytest.param("[" * 100_000, id="deep array"),
    pytest.param('{"a":' * 100_000, id="deep object"),
    pytest.param('"just a string"', id="string"),
    pytest.param('[{"@type":"NewsArticle","author":[[[["x"]]]]},7,null]', id="array"),
    pytest.param(
        '{"@type":"NewsArticle","headline":{"a":1},"author":{"@id":"#a"}}', id="odd types"
    ),
    pytest.param('{"@type":"NewsArticle","datePublished":"0000-00-00"}', id="impossible date"),
]


@pytest.mark.parametrize("script", LD)
def test_odd_json_ld_breaks_nothing(script: str) -> None:
    """Whatever stands in a JSON-LD script, the story is read and the record can be written."""
    paragraphs = "".join(f"<p>{p}</p>" for p in STORY)
    page = f'<script type="application/ld+json">{script}</script><h1>Bridge</h1>{paragraphs}'
    article = extract(page, url="https://paper.example/a")
    assert article.body == "\n\n".join(STORY)
    assert article.date_published is None
    assert problems(article) == []
    to_json_line(article).encode()


MAKES = {
    "paragraphs": "".join(f"<p>{p}</p>" for p in STORY),
    "breaks": "<div>" + "<br><br>".join(STORY) + "</div>",
    "divs": "".join(f"<div>{p}</div>" for p in STORY),
    "nested tables": "<table><tr><td><table><tr><td>"
    + "".join(f"<p>{p}</p>" for p in STORY)
    + "</td></tr></table></td></tr></table>",
    "hidden until a script shows it": '<div style="display:none">'
    + "".join(f"<p>{p}</p>" for p in STORY)
    + "</div>",
    "a paywall's own wrapper": '<div class="paywall-content">'
    + "".join(f"<p>{p}</p>" for p in STORY)
    + "</div>",
}


@pytest.mark.parametrize("make", MAKES)
def test_story_of_any_make(make: str) -> None:
    """A story is found however its page is built."""
    article = extract(f"<h1>Bridge</h1><nav><a href=/>Home</a></nav>{MAKES[make]}")
    assert article.body == "\n\n".join(STORY)


_WALL = (
    '<div class="paywall"><h3>This article is for subscribers</h3><p>Subscribe now to read the '
    "whole story: unlimited access to all our articles for £1 a week, cancel at any time.</p>"
    '<a href="/subscribe">Subscribe now</a></div>'
)


@pytest.mark.parametrize(
    ("above", "below", "is_used"),
    [("", _WALL, False), (_WALL, "", False), ('<a href="/subscribe">Subscribe</a>', "", True)],
    ids=["wall below the headline", "wall above it", "button above it"],
)
def test_a_wall_closes_a_hidden_story_wherever_it_stands(
    above: str, below: str, *, is_used: bool
) -> None:
    """A paywall that says so in words hides the story behind it; a header's button doesn't."""
    hidden = "".join(f"<p>{p}</p>" for p in STORY)
    page = f"{above}<h1>Harbour</h1>{below}<article><div hidden>{hidden}</div></article>"
    article = extract(page)
    assert (article.body is not None) is is_used


def test_hidden_story_behind_a_paywall_is_not_used() -> None:
    """Where a page shows a paywall, text that the reader isn't shown is never the body."""
    hidden = "".join(f"<p>{p}</p>" for p in STORY[2:])
    page = (
        f"<h1>Bridge</h1><div><p>{STORY[0]}</p><p>{STORY[1]}</p></div>"
        f'<div class="paywall"><p>Subscribe now to read on.</p><button>Subscribe</button></div>'
        f'<div style="display:none">{hidden}</div>'
    )
    article = extract(page)
    assert article.body == "\n\n".join(STORY[:2])


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_same_page_same_record(case: Case) -> None:
    """Extraction is pure: the same bytes give the same line."""
    raw = case.page.read_bytes()
    first, second = (to_json_line(extract(raw, url=case.url)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "url", [None, "", "paper.example/a", "javascript:void(0)", "file:///etc/passwd", "http://[::1"]
)
def test_url_that_is_no_web_address_is_left_out(url: str | None) -> None:
    """A missing or malformed URL is null in the record; the story is read all the same."""
    article = extract("<h1>Bridge</h1>" + MAKES["paragraphs"], url=url)
    assert (article.url, article.site) == (None, None)
    assert article.body == "\n\n".join(STORY)


def test_each_shown_text_says_where_it_was_read() -> None:
    """Headline and body have a provenance, and what isn't there has none."""
    article = extract("<h1>Bridge reopens</h1>" + MAKES["paragraphs"])
    assert article.provenance["headline"].raw == "Bridge reopens"
    assert article.provenance["body"].source == "dom"
    assert not {"standfirst", "publisher"} & set(article.provenance)


def test_removed_none_and_asks_and_all() -> None:
    """``removed`` grows from nothing over the asks to every block that is in no other field."""
    raw = (FIXTURES / "appeal-sandwich" / "page.html").read_bytes()
    none, asks, everything = (
        {entry.label for entry in extract(raw, removed=choice).removed}
        for choice in ("none", "asks", "all")
    )
    assert none == set()
    assert "fundraising" in asks
    assert "nav" not in asks
    assert asks < everything


def test_renaming_every_class_changes_nothing_of_the_story() -> None:
    """Class and id names are hints: without them the story and its appeals stay the same."""
    raw = (FIXTURES / "appeal-sandwich" / "page.html").read_text(encoding="utf-8")
    generator = random.Random(7)  # noqa: S311 - repeatable names, no secret
    renamed = re.sub(
        r'(class|id)="[^"]*"', lambda m: f'{m[1]}="z{generator.getrandbits(32):x}"', raw
    )
    before, after = extract(raw), extract(renamed)
    assert after.body == before.body
    assert after.attribution == before.attribution


@pytest.mark.parametrize(
    ("story", "appeal"),
    [
        pytest.param(
            "The ferry over the Ostra stops running at dusk from Monday on, the port said on "
            "Friday, and the late shift of the mill has to walk home.",
            "<h3>Support the Ostra Daily</h3><p>We have no paywall, because we think that news "
            "belongs to everybody. If you can, please make a donation today, so that we can go on "
            "reporting for the whole valley.</p><p>Your contribution pays for our reporters and "
            "our printing press. Every gift counts, however small it is.</p>"
            "<ul><li><button>€5 a month</button></li><li><button>Other amount</button></li></ul>",
            id="asks for more than half of the page",
        ),
        pytest.param(
            "Le bac de l'Ostra ne circulera plus le soir à partir de lundi, a annoncé le port "
            "vendredi, et l'équipe de nuit devra rentrer à pied.",
            "<p>Chers lecteurs, notre rédaction vit de vos dons. Sans votre soutien nous ne "
            "pourrions plus enquêter en toute indépendance.</p><p>Dès 5 euros par mois vous nous "
            "aidez à continuer. Faites un don aujourd'hui pour que nous soyons encore là demain."
            "</p><p>Je fais un don</p>",
            id="the story goes with the appeal at first",
        ),
    ],
)
def test_appeal_that_is_longer_than_the_story(story: str, appeal: str) -> None:
    """However much of a page asks, the story alone is the body."""
    page = f"<nav><a href='/'>Home</a></nav><article><h1>Ostra</h1><p>{story}</p><div>{appeal}"
    article = extract(page, url="https://daily.example/ferry")
    assert article.body == story
    assert {run.label for run in article.removed} == {"fundraising"}
