"""Each block of a page is in exactly one place of its record.

``NEWSCRAWL_PAGES=DIR pytest tests/test_placing.py`` adds the saved pages (``*.html``,
``*.html.gz``) of a folder and of those in it.
"""

from __future__ import annotations

import datetime as dt
import gzip
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from newscrawl import extract
from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import parse
from newscrawl.extraction.extract import read_page
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.placing import place_blocks
from newscrawl.records import (
    Attribution,
    Block,
    Label,
    LabelName,
    RemovedLabel,
    StoryLabel,
)
from tests.accounting import problems_of
from tests.cases import FIXTURES

_LABELS: tuple[LabelName, ...] = (*get_args(StoryLabel), *get_args(RemovedLabel)[:3])
_SAVED = sorted(FIXTURES.rglob("*.html"))
_GIVEN = os.environ.get("NEWSCRAWL_PAGES")
if _GIVEN:
    _SAVED += sorted(Path(_GIVEN).rglob("*.html")) + sorted(Path(_GIVEN).rglob("*.html.gz"))

URL = "https://www.tern.example/2026/05/03/harbour-reopens"
HEADLINE = "Harbour reopens after the winter storm"
STORY = "".join(
    f"<p>The harbour master said on Tuesday that berth {n} would be open again before the first "
    f"of the spring ferries, and that number {n} needed no more than a coat of paint.</p>"
    for n in range(2, 9)
)
_CAPTION = "<figcaption>Berth two at dawn. Photo: Jane Roe</figcaption>"
_FIGURE = f'<figure><img src="/berth.jpg">{_CAPTION}</figure>'
_BYLINE = '<p class="byline">By Jane Roe</p>'
_DATE = '<p class="date">May 3, 2026</p>'

HARD = {
    "headline thrice": f"<nav><a href=/>Home</a> <p>{HEADLINE}</p></nav><h1>{HEADLINE.upper()}</h1>"
    f"<h1>{HEADLINE}</h1>{STORY}<h2>{HEADLINE}</h2>",
    "headline on two lines": "<h1>Harbour reopens<br><br>after the winter storm</h1>" + STORY,
    "headline under a kicker": f"<h1>Coast | {HEADLINE}</h1>{STORY}",
    "headline printed in other words": f"<h1>{HEADLINE}, at long last</h1>{STORY}",
    "byline twice": f"<h1>{HEADLINE}</h1>{_BYLINE}{_DATE}{STORY}{_BYLINE}",
    "two bylines": f"<h1>{HEADLINE}</h1>{_BYLINE}<p class=byline>By Ida Holm</p>{STORY}",
    "byline without a mark": f"<h1>{HEADLINE}</h1><div><div>By Jane Roe</div></div>{STORY}",
    "byline with a date": f"<h1>{HEADLINE}</h1><p>By Jane Roe, May 3, 2026</p>{_BYLINE}{STORY}",
    "dates of all kinds": f"<h1>{HEADLINE}</h1>{_DATE}{_DATE}<p>Updated: May 4, 2026, 9:30 am</p>"
    f"<p>5 min read</p>{STORY}",
    "agency as byline and credit": f"<h1>{HEADLINE}</h1><p class=byline>By Reuters</p>{STORY}"
    "<p>Reuters</p><p>Reuters</p>",
    "credits": f"<h1>{HEADLINE}</h1>{STORY}<p>(Reporting by Ida Holm; Editing by Ole Dahl)</p>"
    "<p>With reporting from AFP.</p><p>With reporting from AFP.</p><p>Reporting by nobody.</p>",
    "credit at the end of a paragraph": f"<h1>{HEADLINE}</h1>{STORY}<p>The harbour master said "
    "that the first of the spring ferries would sail at nine. (dpa)</p>",
    "captions": f"<h1>{HEADLINE}</h1>{_FIGURE}{STORY}<figure>{_CAPTION}</figure>{_FIGURE}",
    "caption beside the story": f"<h1>{HEADLINE}</h1>{STORY}<aside>{_FIGURE}</aside>",
    "caption in parts": f'<h1>{HEADLINE}</h1><figure><img src="/a.jpg"><figcaption><p>Berth two.'
    f"<p>Photo:<p>Jane Roe / dpa</figcaption></figure>{STORY}",
    "caption for machines": '<script type="application/ld+json">{"@type":"NewsArticle","headline":'
    f'"{HEADLINE}","image":{{"url":"/a.jpg","caption":"Berth two."}}}}</script><h1>{HEADLINE}</h1>'
    f"<div class=caption>Berth two.</div><div class=caption>Berth two.</div>{STORY}",
    "standfirst twice": f"<header><h1>{HEADLINE}</h1><p class=standfirst>All berths are open."
    f"<p class=standfirst>All berths are open.</header>{STORY}",
    "table": f"<h1>{HEADLINE}</h1>{STORY}<table><tr><td>Berth<td>Open<tr><td>Two<td>Yes</table>",
    "corrections": f"<h1>{HEADLINE}</h1>{STORY}<p>Correction: It was May 2.</p>"
    "<p>Correction: It was May 2.</p>",
    "all of it hidden": f"<div hidden><h1>{HEADLINE}</h1>{_BYLINE}{_DATE}{_FIGURE}{STORY}</div>",
    "no story": f"<h1>{HEADLINE}</h1>{_BYLINE}{_DATE}{_FIGURE}",
    "error page": f"<title>{HEADLINE}</title><h1>404</h1><p>Not found.</p>",
}
"""Pages on which something is printed that the record has no second place for."""


@pytest.mark.parametrize("path", [pytest.param(p, id=str(p.name)) for p in _SAVED])
def test_saved_page_loses_and_doubles_nothing(path: Path) -> None:
    """With all removed blocks written, a saved page's blocks are each in one place."""
    raw = path.read_bytes()
    page = gzip.decompress(raw) if path.suffix == ".gz" else raw
    assert problems_of(read_page(page, url=URL, removed="all")) == []


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("page", HARD)
def test_hard_page_loses_and_doubles_nothing(page: str, status: int) -> None:
    """Whatever a page prints twice or nowhere, each block is in one place, story or not."""
    raw = f"<title>{HEADLINE}</title>{HARD[page]}"
    assert problems_of(read_page(raw, url=URL, removed="all", status=status)) == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("page", HARD)
def test_no_label_loses_or_doubles_anything(
    page: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even with labels drawn by lot each block is in one place: the composer relies on none."""
    lot = random.Random(seed)  # noqa: S311 - repeatable labels, no secret

    def label_by_lot(blocks: Sequence[Block], *_: object) -> list[Label]:
        return [Label(lot.choice(_LABELS), 0.5, "by lot") for _ in blocks]

    monkeypatch.setattr("newscrawl.extraction.finding.label_blocks", label_by_lot)
    raw = f"<title>{HEADLINE}</title>{HARD[page]}"
    assert problems_of(read_page(raw, url=URL, removed="all")) == []


_CREDIT = Attribution(text="With reporting from AFP.", kind="contributed", agencies=("AFP",))
_DAY = Fact(dt.date(2026, 5, 3), "text", "Published: May 3, 2026")
_FACTS: dict[str, Fact[Any]] = {
    "headline": Fact("Harbour reopens after the storm", "dom"),
    "byline": Fact("By Jane Roe", "text"),
    "date_published": _DAY,
    "attribution": Fact((_CREDIT,), "text"),
}
_PLACES: list[tuple[LabelName, str, list[tuple[LabelName, str]]]] = [
    ("headline", "<p>Harbour reopens<p>after the STORM", [("headline", ""), ("headline", "")]),
    ("headline", "<p>Coast: Harbour reopens after the storm", [("headline", "")]),
    ("headline", "<p>Ferries sail again", [("other", "words the headline differently")]),
    (
        "headline",
        "<p>Harbour reopens after the storm<h1>Harbour Reopens After the Storm</h1>",
        [("other", "repeats the headline"), ("headline", "")],
    ),
    ("byline", "<p>By Jane Roe<p>by jane roe", [("byline", ""), ("other", "repeats the byline")]),
    ("byline", "<p>By Jane Roe<p>By Ida Holm", [("byline", ""), ("other", "a further byline")]),
    ("byline", "<p>With reporting from AFP.<p>May 3, 2026", [("attribution", ""), ("date", "")]),
    ("nav", "<p>By Jane Roe<p>By Jane Roe", [("byline", ""), ("nav", "")]),
    ("nav", "<h1>Harbour reopens after the storm</h1>", [("headline", "")]),
    ("body", "<p>By Jane Roe<h1>Harbour reopens after the storm", [("body", ""), ("body", "")]),
    ("date", "<p>May 3, 2026<p>5 min read", [("date", ""), ("other", "a date line")]),
    (
        "attribution",
        "<p>With reporting from AFP.<p>With reporting from AFP.<p>Reporting by nobody",
        [
            ("attribution", ""),
            ("other", "repeats a credit"),
            ("other", "a credit that names nobody"),
        ],
    ),
    (
        "caption",
        "<p>Berth 2<p>Berth 3",
        [("caption", ""), ("other", "a caption without its image")],
    ),
    (
        "standfirst",
        "<p>All open.<p>All open.",
        [("standfirst", ""), ("other", "repeats the standfirst")],
    ),
    ("share", "<p>Share", [("share", "")]),
]


@pytest.mark.parametrize(("label", "page", "places"), _PLACES)
def test_label_names_the_place(
    label: LabelName, page: str, places: list[tuple[LabelName, str]]
) -> None:
    """A block keeps its label where its field holds it; else it is removed, with a reason."""
    blocks, _ = read_blocks(parse(f"<body>{page}"))
    placed = place_blocks([(b, Label(label, 0.5, "")) for b in blocks], _FACTS, captions={0})
    assert [(each.name, each.reason) for _, each in placed] == places


def test_credit_in_a_paragraph_is_listed_and_stays() -> None:
    """A paragraph that ends in a credit stays in the body, whole, and is listed."""
    last = "The harbour master said that the first of the spring ferries would sail at nine. (dpa)"
    article = extract(f"<h1>{HEADLINE}</h1>{STORY}<p>{last}</p>")
    assert article.body is not None
    assert article.body.endswith(last)
    assert [credit.text for credit in article.attribution] == [last]
