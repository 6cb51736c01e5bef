"""The inspection page in a browser: its filters, its colours, and a page that means harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from newscrawl.extraction.extract import Reading, read_page
from newscrawl.records import Article, Block, Extractor, Label, LabelName, RemovedLabel, StoryLabel
from newscrawl.views.inspection import inspection_page
from tests.browser import CONTRAST, READABLE, watched
from tests.cases import FIXTURES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_Open = Callable[..., "Page"]
_LABELS: list[LabelName] = [*get_args(StoryLabel), *get_args(RemovedLabel)]
_SANDWICH = FIXTURES / "appeal-sandwich" / "page.html"
_PWN = "window.pwned = 1; alert(1); fetch('https://evil.example/')"
_HOSTILE = f"""<!doctype html><html><head><base href="https://evil.example/">
<title>Bridge</title><script>{_PWN}</script></title>
<meta name="author" content="&quot;><img src=x onerror=&quot;{_PWN}&quot;>">
<link rel="canonical" href="javascript:{_PWN}">
<script type="application/ld+json">{{"@type": "NewsArticle",
"headline": "Bridge <\\/script><script>{_PWN}<\\/script>\u2028\u202e\\ud800\\u0000",
"author": {{"name": "A</script", "url": "javascript:{_PWN}"}}}}</script></head>
<body onload="{_PWN}"><h1 onclick="{_PWN}">Bridge</h1>
<p>&lt;script&gt;{_PWN}&lt;/script&gt; opens.</p><p>&lt;/script&gt;&lt;/pre&gt;&lt;/style&gt;
&lt;/title&gt;&lt;script&gt;{_PWN}&lt;/script&gt; closes.</p>
<p>&lt;img src=https://evil.example/x onerror="{_PWN}"&gt; loads.</p>
<p>&lt;svg onload="{_PWN}"&gt;&lt;style&gt;@import 'https://evil.example/'&lt;/style&gt; draws.</p>
<p>&lt;meta http-equiv=refresh content="0;url=https://evil.example/"&gt; leaves.</p>
<p>{{{{ 7 * 7 }}}} {{% raw %}} renders.</p><p>A\x00B \u202eC \u2066D \u2028E &#xD800; ends.</p>
<p><a href="javascript:{_PWN}">A link</a></p><img src="https://evil.example/x.png">
<xmp class='"><script>{_PWN}</script>'><script>{_PWN}</script></xmp>
<div id="x' onmouseover='{_PWN}">{"<p>The council voted on the bridge, its clerk said.</p>" * 9}
</div></body></html>"""


def _reading(labels: list[LabelName]) -> Reading:
    """A reading with a block a label."""
    article = Article(id="a", url=None, extractor=Extractor(version="0"))
    blocks = [
        Block(n, f"{name} text", "/p", "p", n % 2 > 0, 0.0, 0) for n, name in enumerate(labels)
    ]
    labelled = [
        (block, Label(name, 0.5, "a reason")) for block, name in zip(blocks, labels, strict=True)
    ]
    return Reading(article, labelled, labelled)


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[_Open]:
    """Opens an inspection page; at the end, whatever it asked for or complained of is a failure."""
    with watched(chromium) as open_file:

        def open_page(reading: Reading, **settings: Any) -> Page:
            file = tmp_path / "inspect.html"
            file.write_text(inspection_page(reading, "page.html"), "utf-8")
            return open_file(file, **settings)

        yield open_page


def _visible(page: Page) -> set[str]:
    """Labels of which a block can be seen."""
    runs = page.locator(".run:visible")
    return set(runs.evaluate_all("runs => runs.map(run => run.dataset.label)"))


def test_click_on_a_filter_hides_and_shows_its_blocks(show: _Open) -> None:
    """A click takes one label's blocks away, here and on the map, and another brings them back."""
    reading = read_page(_SANDWICH.read_bytes())
    others = sum(label.name != "fundraising" for _, label in reading.labelled)
    page = show(reading)
    before = _visible(page)
    chip = page.get_by_role("button", name="fundraising")
    assert (chip.get_attribute("aria-pressed"), "fundraising" in before) == ("true", True)
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    assert _visible(page) == before - {"fundraising"}
    assert page.locator("rect[data-label=fundraising]:visible").count() == 0
    assert page.get_by_role("status").inner_text() == f"{others} of 38 blocks"
    chip.click()
    assert _visible(page) == before
    assert page.get_by_role("status").inner_text() == "38 blocks"


def test_presets(show: _Open) -> None:
    """Only the story, only what was removed, or all of it; the button says which it is."""
    page = show(_reading(_LABELS))
    for name, labels in (
        ("Only story", get_args(StoryLabel)),
        ("Only removed", get_args(RemovedLabel)),
        ("All", _LABELS),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        assert _visible(page) == set(labels)
        pressed = page.locator("[data-preset][aria-pressed=true]")
        assert pressed.all_inner_texts() == [name]


def test_filters_by_keyboard(show: _Open) -> None:
    """Filters are reached by Tab and worked by Space and Enter, with the focus in sight."""
    page = show(_reading(["body", "nav"]))
    for _ in range(5):  # three presets and the paths stand before it
        page.keyboard.press("Tab")
    focused = page.locator(":focus-visible")
    assert focused.inner_text().split() == ["body", "1"]
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Space")
    assert _visible(page) == {"nav"}
    page.keyboard.press("Enter")
    assert _visible(page) == {"body", "nav"}


def test_everything_hidden_says_so(show: _Open) -> None:
    """With every label hidden there is a sentence in place of the blocks."""
    page = show(_reading(["body"]))
    page.get_by_role("button", name="body").click()
    assert page.get_by_text("Every label is hidden").is_visible()


def test_paths_on_demand(show: _Open) -> None:
    """Where a block stands is shown when it is asked for."""
    page = show(_reading(["body"]))
    assert not page.locator("code").is_visible()
    page.get_by_role("button", name="Show paths").click()
    assert page.locator("code").is_visible()


def test_hostile_page_runs_and_loads_nothing(show: _Open) -> None:
    """Markup and scripts of a page are text here, whichever field they come in."""
    reading = read_page(_HOSTILE, url="https://evil.example/'onmouseover='x")
    page = show(reading)
    for part in page.locator(".text, dd, h1, .map").all():
        part.hover()
    page.locator("summary").click()
    page.get_by_role("button", name="Only story").click()
    assert page.evaluate("window.pwned === undefined")
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, base, link, xmp, body[onload], [onclick]").count() == 0
    assert "<script>window.pwned" in page.locator("main").inner_text()
    assert "7 * 7" in page.locator("main").inner_text()


def test_policy_holds_where_escaping_would_not(chromium: Browser, tmp_path: Path) -> None:
    """Even a script that got into the page wouldn't run, nor would a style or an image load."""
    file = tmp_path / "inspect.html"
    file.write_text(inspection_page(_reading(["body"]), "page.html"), "utf-8")
    page = chromium.new_page()
    page.goto(file.as_uri())
    refused = page.evaluate(
        """async () => {
            const seen = [];
            const all = new Promise(done => addEventListener("securitypolicyviolation", event => {
                seen.push(event.effectiveDirective);
                if (seen.length === 4) done();
            }));
            const add = (tag, set) =>
                document.body.append(Object.assign(document.createElement(tag), set));
            add("script", {textContent: "window.pwned = 1"});
            add("style", {textContent: "body { color: red }"});
            add("img", {src: "https://evil.example/x.png"});
            fetch("https://evil.example/").catch(() => 0);
            await all;
            return seen.sort();
        }"""
    )
    assert refused == ["connect-src", "img-src", "script-src-elem", "style-src-elem"]
    assert page.evaluate("window.pwned === undefined")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_label_is_readable(show: _Open, scheme: str) -> None:
    """Text has enough contrast under every label, by day and by night, shown or filtered out."""
    page = show(_reading(_LABELS), color_scheme=scheme)
    texts = "h1, .tag, .chip, .text, .why, .why b, dt, dd, button"
    found = page.evaluate(CONTRAST, texts)
    page.get_by_role("button", name="Only removed").click()
    found += page.evaluate(CONTRAST, texts)
    assert len(found) > 4 * len(_LABELS)
    assert [(text, ratio) for text, ratio in found if ratio < READABLE] == []


@pytest.mark.parametrize("width", [1920, 1280, 900, 360])
def test_page_fits_its_window(show: _Open, width: int) -> None:
    """Nothing sticks out sideways, whatever the width and however long a word."""
    reading = read_page(f"<h1>{'B' * 300}</h1><p>{'x' * 5_000}</p><p>{_SANDWICH.read_text()}")
    page = show(reading, viewport={"width": width, "height": 800})
    page.get_by_role("button", name="Show paths").click()
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_largest_page_can_be_filtered(show: _Open) -> None:
    """The most blocks that are ever read, each a run of its own, are shown and filtered."""
    page = show(_reading(["body", "nav"] * 10_000))
    page.get_by_role("button", name="Only story").click()
    assert page.get_by_role("status").inner_text() == "10,000 of 20,000 blocks"
    assert page.locator("rect").count() <= 600
