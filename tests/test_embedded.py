"""Stories that exist only in a page's data."""

from __future__ import annotations

import html
import json

import pytest

from newscrawl import extract
from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.data_story import find_data_story
from newscrawl.extraction.embedded import embedded_story
from newscrawl.extraction.labelling.model import shipped_model
from newscrawl.extraction.page_data import data_objects
from newscrawl.records import Label
from tests.documents import URL, ld, read

HEADLINE = "Harbour reopens after the winter storm"
STORY = [
    f"The harbour master said on Tuesday that berth {n} would be open again before the first of "
    f"the spring ferries, and that number {n} needed no more than a coat of paint."
    for n in range(2, 7)
]
MARKUP = "".join(f"<p>{text}</p>" for text in STORY)


def spans(text: str) -> list[dict[str, object]]:
    """A paragraph as editors keep it: in marked runs."""
    return [
        {"type": "text", "text": text[:30]},
        {"type": "text", "text": text[30:50], "marks": [{"type": "bold"}]},
        {"type": "text", "text": text[50:]},
    ]


BODIES: dict[str, object] = {
    "markup": MARKUP,
    "plain text": "\n\n".join(STORY),
    "a line a paragraph": "\n".join(STORY),
    "escaped markup": MARKUP.replace("<", "&lt;").replace(">", "&gt;"),
    "list of strings": STORY,
    "list of parts": [{"type": "text", "_id": "x", "content": text} for text in STORY],
    "rendered": {"rendered": MARKUP, "protected": False},
    "editor's document": {
        "type": "doc",
        "content": [{"type": "paragraph", "content": spans(text)} for text in STORY],
    },
    "portable text": [
        {"_type": "block", "children": [{"_type": "span", "text": text}]} for text in STORY
    ],
    "rich text": {
        "nodeType": "document",
        "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": text, "marks": []}]}
            for text in STORY
        ],
    },
    "root of an editor": {
        "root": {
            "type": "root",
            "children": [{"type": "paragraph", "children": spans(text)} for text in STORY],
        }
    },
    "blocks with data": {
        "blocks": [{"type": "paragraph", "data": {"text": text}} for text in STORY],
    },
    "models": [
        {"type": "text", "model": {"blocks": [{"type": "paragraph", "model": {"text": text}}]}}
        for text in STORY
    ],
    "with pictures and inserts": [
        {"type": "image", "caption": "A berth.", "content": "A berth."},
        *({"type": "paragraph", "text": text} for text in STORY),
        {"type": "related_list", "items": [{"type": "text", "text": "Ferries sail again"}]},
        {"type": "ad", "content": "Buy paint."},
    ],
}


def state(body: object, **other: object) -> dict[str, object]:
    return {"page": {"story": {"title": HEADLINE, "body": body, **other}}, "build": 7}


def shell(data: str) -> str:
    return f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><div id=app></div>{data}"


def told(data: str, url: str = URL) -> list[str]:
    """The paragraphs that the data of a page without any text tells."""
    story = embedded_story(read("", data, url=url), HEADLINE)
    return [block.text for block in read_blocks(story.root)[0]] if story else []


@pytest.mark.parametrize("body", BODIES)
def test_body_of_any_make(body: str) -> None:
    """Paragraphs come in order and whole, however the data keeps them."""
    script = f'<script type="application/json">{json.dumps(state(BODIES[body]))}</script>'
    assert told(script) == STORY


def flattened(value: object) -> list[object]:
    """As Nuxt writes its data: members are named by their index in one list."""
    table: list[object] = []

    def put(value: object) -> int:
        index = len(table)
        table.append(None)
        if isinstance(value, dict):
            table[index] = {name: put(each) for name, each in value.items()}
        else:
            table[index] = [put(each) for each in value] if isinstance(value, list) else value
        return index

    put(value)
    return [["Reactive", 1], *(_moved(each) for each in table)]


def _moved(value: object) -> object:
    if isinstance(value, dict):
        return {name: index + 1 for name, index in value.items()}
    return [index + 1 for index in value] if isinstance(value, list) else value


JSON = json.dumps(state(STORY))
CARRIERS = {
    "JSON script": f'<script id="__NEXT_DATA__" type="application/json">{JSON}</script>',
    "assignment": f"<script>var a = 1; window.__PRELOADED_STATE__={JSON};b()</script>",
    "behind another": f"<script>A.types = {{a: [1]}};Fusion.globalContent={JSON};c={{}}</script>",
    "by subscript": f'<script>window["__STATE__"] = {JSON}</script>',
    "parsed": f"<script>window.__STATE__ = JSON.parse({json.dumps(JSON)});</script>",
    "component's properties": f"<div data-react-props='{JSON}'></div>",
    "properties as an attribute": f'<x-app data-props="{html.escape(JSON)}"></x-app>',
    "Inertia": f'<div id=app data-page="{html.escape(JSON)}"></div>',
    "Nuxt": '<script type="application/json" id="__NUXT_DATA__">'
    f"{json.dumps(flattened(state(STORY)))}</script>",
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_data_of_any_framework(carrier: str) -> None:
    """The object is found wherever a framework puts its state."""
    assert told(CARRIERS[carrier]) == STORY
    assert extract(shell(CARRIERS[carrier]), url=URL).body == "\n\n".join(STORY)


@pytest.mark.parametrize(
    ("named", "agrees"),
    [
        ({"headline": HEADLINE.upper()}, True),
        ({"headlines": {"basic": f"{HEADLINE}, at last"}}, True),
        ({"metadata": {"title": HEADLINE}}, True),
        ({"title": "", "url": URL}, True),
        ({"title": "In other words", "canonical_url": "/2026/05/03/harbour-reopens/"}, True),
        ({"title": "Ferries sail again", "url": "/2026/05/04/ferries"}, False),
        ({"title": "Harbour"}, False),
        ({"title": "The Tern", "url": "https://www.tern.example/"}, False),
        ({}, False),
    ],
)
def test_object_must_be_about_the_page(named: dict[str, object], *, agrees: bool) -> None:
    """Only an object with the page's headline or address tells its story."""
    data = json.dumps({"a": [{**named, "body": STORY}]})
    assert bool(told(f'<script type="application/json">{data}</script>')) is agrees


def test_story_in_steps() -> None:
    """Instructions have no body: what is to be done is the story."""
    how_to = {"title": HEADLINE, "steps": [{"text": f"<p>{text}</p>"} for text in STORY]}
    assert told(f'<script type="application/json">{json.dumps(how_to)}</script>') == STORY


def test_story_is_preferred_to_all_that_the_page_shows() -> None:
    """An object of the page, with all its components, gives way to the story inside."""
    page = {"title": HEADLINE, "components": [{"text": "Menu " * 900}, {"story": state(STORY)}]}
    assert told(f'<script type="application/json">{json.dumps(page)}</script>') == STORY


def test_paragraphs_are_preferred() -> None:
    """Of two copies of about one length that with paragraphs wins."""
    flat = ld({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join(STORY)})
    assert told(flat) == [" ".join(STORY)]
    assert told(flat + CARRIERS["assignment"]) == STORY


@pytest.mark.parametrize("hidden", [True, False])
def test_story_that_the_page_shows_is_not_read_from_data(*, hidden: bool) -> None:
    """What the page shows, whatever it was taken for, isn't read from the data; hidden text is."""
    shown = f"<div {'hidden' if hidden else ''}>{MARKUP}</div>"
    document = read("", shown + CARRIERS["assignment"])
    blocks, _ = read_blocks(document.root)
    labelled = [(block, Label("other", 0.5, "")) for block in blocks]
    found = find_data_story(document, labelled, HEADLINE, 200, shipped_model())
    assert (found is not None) is hidden
    if found:
        assert [b.text for b, label in found.labelled if label.name == "body"] == STORY


def test_flat_copy_in_json_ld_leaves_the_shown_story_alone() -> None:
    """A story that the page shows keeps its paragraphs, short or long, whatever JSON-LD has."""
    for paragraphs in (STORY[:2], STORY):
        flat = ld(
            {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join(STORY[:2])}
        )
        article = extract(shell(flat) + "".join(f"<p>{text}</p>" for text in paragraphs), url=URL)
        assert article.body == "\n\n".join(paragraphs)
        assert article.extractor.path == "labeller"


def test_section_front_stays_one() -> None:
    """What the data of a section front holds is no story."""
    menu = "".join(f'<a href="/{n}">Berth number {n} is open again</a><br><br>' for n in range(20))
    article = extract(shell(menu + CARRIERS["assignment"]), url=URL)
    assert (article.page_type, article.body) == ("section", None)


def test_fragment_on_the_page_is_removed_when_the_data_has_all() -> None:
    """The page's own beginning of the story is no second copy: it is removed, with a reason."""
    article = extract(shell(f"<p>{STORY[0]}</p>{CARRIERS['assignment']}"), url=URL, removed="all")
    assert article.body == "\n\n".join(STORY)
    assert [run.text for run in article.removed if "fragment" in run.reason] == [STORY[0]]


WALLS = {
    "declared": ld({"@type": "NewsArticle", "headline": HEADLINE, "isAccessibleForFree": False})
    + CARRIERS["assignment"],
    "metered": '<meta name="article:content_tier" content="metered">' + CARRIERS["assignment"],
    "in the data": f"<script>window.S = {json.dumps(state(STORY, isPremium=True))}</script>",
    "shown": f'<div class="paywall"><p>Subscribe to read on.</p></div>{CARRIERS["assignment"]}',
}


@pytest.mark.parametrize("wall", WALLS)
def test_paywall_keeps_the_data(wall: str) -> None:
    """What readers have to pay or register for isn't used; the record says that it is there."""
    article = extract(f"{shell(WALLS[wall])}<p>{STORY[0]}</p>", url=URL)
    assert STORY[1] not in (article.body or "")
    assert article.access.truncated is True
    assert "it isn't used" in article.access.evidence[-1]


HOSTILE = {
    "deep": '<script type="application/json">' + '{"a":' * 100_000 + "</script>",
    "deep body": "<script>S = " + json.dumps(state(0)).replace("0", "[" * 500 + "]" * 500)
    + "</script>",
    "cut": f"<script>S = {JSON[:-30]}</script>",
    "many starts": "<script>" + 'a={"b":' * 50_000 + "</script>",
    "unending strings": "<script>" + 'a={"' * 50_000 + "</script>",
    "Nuxt in a circle": '<script type="application/json" id="__NUXT_DATA__">'
    f'[{{"title": 1, "body": 2}}, "{HEADLINE}", [2, 2, 0, 99, -1, "x"]]</script>',
    "odd properties": "<div data-page=3 data-props='{' data-react-props='[[['></div>",
    "no JSON": "<script>window.__NUXT__=(function(a){return {a:a}}(1))</script>",
}  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_data_tells_nothing(data: str) -> None:
    """Broken, deep and circular data end in no story, never in an exception."""
    assert told(HOSTILE[data]) == []
    assert extract(shell(HOSTILE[data]), url=URL).body is None


def test_objects_are_bounded() -> None:
    """Of a flood of objects the first 50,000 are looked at."""
    flood = json.dumps([{} for _ in range(60_000)])
    root = read("", f'<script type="application/json">{flood}</script>').root
    assert 49_000 < sum(1 for _ in data_objects(root)) <= 50_000


def test_length_is_bounded() -> None:
    """Of an endless story whole paragraphs of up to 200,000 characters are read."""
    endless = json.dumps(state(STORY * 1_000))
    paragraphs = told(f'<script type="application/json">{endless}</script>')
    assert 190_000 < sum(map(len, paragraphs)) <= 200_000
    assert set(paragraphs) == set(STORY)


def test_parts_are_bounded() -> None:
    """Of a flood of empty parts the first 20,000 are looked at."""
    flood = json.dumps(state([*({"type": "x"} for _ in range(30_000)), *STORY]))
    assert told(f'<script type="application/json">{flood}</script>') == []
