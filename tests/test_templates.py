"""Stories in templates, which a page doesn't show until a script does."""

from __future__ import annotations

import pytest

from newscrawl.extraction.extract import read_page
from newscrawl.extraction.templates import story_templates
from tests.accounting import problems_of
from tests.documents import HEADLINE, MARKUP, STORY, URL, ld, read

TITLE = f"<h1>{HEADLINE}</h1>"
MENU = "<nav><a href=/>Home</a> <a href=/news>News</a> <a href=/sport>Sport</a></nav>"
SCRIPT = '<script type="text/template">%s</script>'
DESCRIPTION = f'<meta name="description" content="{STORY[0][:90]}…">'
OTHER = "".join(f"<p>{text.replace('berth', 'bus stop')}</p>" for text in reversed(STORY))

PAGES = {
    "in the story's place": f'<div class="post">{TITLE}<div>{SCRIPT % MARKUP}</div></div>',
    "as HTML": TITLE + f'<script type="text/html">{MARKUP}</script>',
    "for Handlebars": TITLE + f'<script type="text/x-handlebars-template">{MARKUP}</script>',
    "as a template element": TITLE + f"<template>{MARKUP}</template>",
    "beside one of another text": DESCRIPTION + TITLE + SCRIPT % MARKUP + SCRIPT % OTHER,
}


@pytest.mark.parametrize("page", PAGES)
def test_story_in_a_template(page: str) -> None:
    """A story that only a template holds is read, and each of its blocks is kept once."""
    markup = f"<title>{HEADLINE}</title>{MENU}{PAGES[page]}<footer>The Tern</footer>"
    reading = read_page(markup, url=URL, removed="all")
    assert reading.article.body == "\n\n".join(STORY)
    assert reading.article.extractor.path == "embedded"
    assert problems_of(reading) == []


def test_shadow_is_part_of_the_page() -> None:
    """What a component's declared shadow holds is shown: the story, and the box that closes it."""
    story = f"<template shadowrootmode=open><h1>{HEADLINE}</h1>{MARKUP}</template>"
    box = (
        "<template shadowrootmode=open><div class=paywall><h2>Subscribe to keep reading</h2>"
        "<p>Already a subscriber? <a href=/login>Log in</a></p></div></template>"
    )
    page = f"<main><x-story>{story}</x-story><x-box>{box}</x-box></main>"
    reading = read_page(page, url=URL, removed="all")
    assert (reading.article.headline, reading.article.body) == (HEADLINE, "\n\n".join(STORY))
    assert reading.article.extractor.path == "labeller"
    assert "paywall" in {removed.label for removed in reading.article.removed}
    assert problems_of(reading) == []


NO_STORIES = {
    "two that nothing tells apart": SCRIPT % MARKUP + SCRIPT % OTHER,
    "places to fill": SCRIPT % MARKUP.replace("harbour", "{{ place }}"),
    "a note": SCRIPT % f"<p>{STORY[0]}</p>",
    "a list of links": SCRIPT % "".join(f"<a href=/{n}>{text}</a><br><br>" for n, text in
                                        enumerate(STORY)),
    "in a sidebar": f"<aside>{SCRIPT % MARKUP}</aside>",
    "of another kind": f'<script type="text/plain">{MARKUP}</script>',
    "too long": SCRIPT % (MARKUP * 1_800),
}  # fmt: skip


@pytest.mark.parametrize("page", NO_STORIES)
def test_template_that_is_no_story(page: str) -> None:
    """A template must be running text and agree with the page: its words, its place, or alone."""
    assert list(story_templates(read("", TITLE + NO_STORIES[page]))) == []


def test_dialog_in_a_template_is_not_read() -> None:
    """The only template of a page may be a cookie dialog: what is mostly no story is none."""
    rows = "".join(
        f"<tr><th>Name<td>{name}<tr><th>Purpose<td>Cookie of {name} that tells apart who has been "
        f"on this website before, kept for {n} months.<tr><th>Provider<td>{name} Ltd., Quay {n}"
        for n, name in enumerate(("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"), 1)
    )
    dialog = (
        "<div class=cookie-consent><h2>Privacy settings</h2><p>We use cookies on our website. Some "
        "of them are essential, while others help us to improve it and your experience.</p><button>"
        f"Accept all</button><button>Reject</button><table>{rows}</table></div>"
    )
    reading = read_page(MENU + TITLE + SCRIPT % dialog + f"<p>{STORY[0]}</p>", url=URL)
    assert reading.article.body == STORY[0]


def test_templates_are_bounded() -> None:
    """Of a flood of templates the first 50 are looked at."""
    flood = "<template></template>" * 49
    assert len(list(story_templates(read("", TITLE + flood + SCRIPT % MARKUP)))) == 1
    assert not list(
        story_templates(read("", f"{TITLE}{flood}<template></template>{SCRIPT % MARKUP}"))
    )


def test_template_beside_a_story_is_not_read() -> None:
    """A story that stands on the page leaves a template with another text, or its own, alone."""
    for template in (MARKUP, OTHER):
        page = f"<body><article>{TITLE}{MARKUP}{SCRIPT % template}</article>"
        reading = read_page(page, url=URL, removed="all")
        assert reading.article.body == "\n\n".join(STORY)
        assert reading.article.extractor.path == "labeller"


def test_template_behind_a_paywall_is_not_used() -> None:
    """What readers have to pay for isn't read from a template; the record says that it is there."""
    paid = ld({"@type": "NewsArticle", "headline": HEADLINE, "isAccessibleForFree": False})
    article = read_page(paid + TITLE + SCRIPT % MARKUP, url=URL).article
    assert article.body is None
    assert article.access.truncated is True
    assert "it isn't used" in article.access.evidence[-1]
