"""The report in a browser: its filter, its buttons, its colours, and a run that means harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.contract.manifest import Breach, Left, SlowPage
from newscrawl.records import Removed
from newscrawl.views.report import report_page, site_report
from tests.browser import CONTRAST, READABLE, watched
from tests.runs import MORNING, article, quality, reject, write_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_Open = Callable[..., "Page"]
_PWN = "window.pwned = 1; alert(1); fetch('https://evil.example/')"
_HARM = (
    f"{{{{ 7 * 7 }}}}</script></style></title></svg><script>{_PWN}</script>"
    f'<img src=x onerror="{_PWN}">'
    f"<svg onload='{_PWN}'><base href=https://evil.example/> \u202e\u2028\x00"
)
_COUNT_COPIES = """() => {
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    window.copies = 0;
    navigator.clipboard.writeText = async (text) => {
        await write(text);
        window.copies += 1;
    };
}"""
_BREACH = Breach(metric="date", value=0, expected=1, detail=f"no date {_HARM}")


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[_Open]:
    """Opens a report; at the end, whatever it asked for or complained of is a failure."""
    with watched(chromium) as open_file:

        def open_page(manifests: Sequence[Path], **settings: Any) -> Page:
            file = tmp_path / "report.html"
            file.write_text(report_page([site_report(path) for path in manifests]), "utf-8")
            return open_file(file, **settings)

        yield open_page


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """A run of two sites with all there is to show, one of which breaks its pattern."""
    out = tmp_path_factory.mktemp("runs")
    detail = "no date in 9 of 9 stories"
    for back in range(20, -1, -1):
        manifests = [
            write_run(
                out,
                (article(n, date_published=None if n == 3 else MORNING) for n in range(20)),
                [reject("https://news.example/a", "robots"), reject("b", "bad_url", "not one")] * 2,
                site=site,
                started=MORNING - dt.timedelta(days=back),
                quality=quality(*[Breach(metric="date", value=0, expected=1, detail=detail)] * bad),
                slowest=(SlowPage(url="https://news.example/slow", seconds=3),),
                left=Left(count=1, urls=("https://news.example/left",)),
            )
            for site, bad in (("bay.example", not back), ("news.example", False))
        ]
    return manifests


def test_alarm_is_seen_first(show: _Open, runs: Sequence[Path]) -> None:
    """What breaks the pattern is in sight when the page opens, and leads to its site."""
    page = show(runs)
    alarm = page.locator(".alarms")
    box = alarm.bounding_box()
    assert box is not None
    assert box["y"] < 300
    assert "no date in 9 of 9 stories" in alarm.inner_text()
    alarm.get_by_role("link").click()
    assert page.evaluate("document.querySelector(location.hash + ' h2').textContent") == (
        "bay.example"
    )


def test_filter(show: _Open, runs: Sequence[Path]) -> None:
    """Typing leaves the entries that have the words, wherever they were folded in; and back."""
    page = show(runs)
    before = page.locator(".item:visible").count()
    page.get_by_role("searchbox").fill("BRIDGE 17")
    assert page.locator(".stories .item:visible").count() == 2
    page.get_by_role("searchbox").fill("not one")
    found = page.locator(".item:visible")
    assert found.count() == 4
    assert page.get_by_role("status").inner_text().startswith("4 of ")
    page.get_by_role("searchbox").fill("")
    assert page.locator(".item:visible").count() == before
    assert page.get_by_role("status").inner_text() == ""


def test_all_stories_on_demand(show: _Open, runs: Sequence[Path]) -> None:
    """The first stories are shown, and all of them behind a click."""
    page = show(runs[:1])
    stories = page.locator(".stories .item:visible")
    assert stories.count() == 15
    page.get_by_role("button", name="All 20").click()
    assert stories.count() == 20


def test_command_is_copied(show: _Open, runs: Sequence[Path]) -> None:
    """A click puts the command to inspect a page on the clipboard, and says so for a moment,
    however often it is clicked."""
    page = show(runs[:1], permissions=["clipboard-read", "clipboard-write"])
    page.clock.install()
    page.evaluate(_COUNT_COPIES)
    button = page.locator("[data-copy$='/slow']")
    label = button.text_content()
    for times in (1, 2):
        button.click()
        page.wait_for_function("times => window.copies === times", arg=times)
        assert button.text_content() == "Copied"
    page.clock.fast_forward(3000)
    assert button.text_content() == label
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "newscrawl inspect https://news.example/slow"


def test_command_that_cannot_be_copied_is_shown(show: _Open, runs: Sequence[Path]) -> None:
    """Where a page may not copy, the command stands there to be copied by hand."""
    page = show(runs[:1])
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.locator("[data-copy$='/slow']").click()
    assert page.get_by_text("newscrawl inspect https://news.example/slow").is_visible()


def test_plots_have_words(show: _Open, runs: Sequence[Path]) -> None:
    """Each plot is an image with a name that says what it shows, and a table says it, too."""
    page = show(runs[:1])
    words = "Stories: 20 in this run; in the 20 before it 20 to 20, usually 20"
    assert page.get_by_role("img", name=words).is_visible()
    assert page.locator("figure svg").count() == page.get_by_role("img").count() == 9
    page.get_by_text("The last 21 runs as a table").click()
    assert page.locator(".runs tbody tr:visible").count() == 21


def test_hostile_run_runs_and_loads_nothing(show: _Open, tmp_path: Path) -> None:
    """Markup and scripts are text here, whichever field of a record or manifest they come in."""
    removed = Removed(label="ad", text=_HARM, confidence=0.5, reason=_HARM, path=_HARM, after=0)
    url = "https://evil.example/'onmouseover='x\"onclick=\"x</script>"
    harm = {"headline": _HARM, "byline": _HARM, "language": _HARM, "url": url}
    manifest = write_run(
        tmp_path,
        [article(9, removed=(removed,), **harm), *map(article, range(9))],
        [reject(_HARM, "bad_url", _HARM), reject(url, "http_404", _HARM)],
        quality=quality(_BREACH),
        slowest=(SlowPage(url=url, seconds=1), SlowPage(url=_HARM, seconds=1)),
        left=Left(count=2, urls=(url, _HARM)),
        error=_HARM,
        run_id=_HARM,
        configuration_hash=_HARM,
        versions={_HARM: _HARM},
    )
    text = manifest.read_text().replace('"site": "news.example"', f'"site": "{"<b>" * 9}"')
    manifest.write_text(text)
    page = show([manifest])
    for summary in page.locator("main summary").all():
        summary.click()
    page.get_by_role("searchbox").fill("<script>")
    for part in page.locator(".item:visible, .alarms, h2").all():
        part.hover()
    assert page.evaluate("window.pwned === undefined")
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, base, link, b b, svg svg, [onload], [onclick]").count() == 0
    assert "<script>window.pwned" in page.locator(".alarms").inner_text()
    assert "7 * 7" in page.locator("main").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_readable(show: _Open, runs: Sequence[Path], scheme: str) -> None:
    """Text has enough contrast by day and by night."""
    page = show(runs, color_scheme=scheme)
    texts = "h1, h2, h3, p, li, a, td, th, button, label, summary, code, figcaption > *, .facts *"
    found = page.evaluate(CONTRAST, texts)
    assert len(found) > 100
    assert [(text, ratio) for text, ratio in found if ratio < READABLE] == []


@pytest.mark.parametrize("width", [1920, 1280, 900, 360])
def test_page_fits_its_window(
    show: _Open, runs: Sequence[Path], tmp_path: Path, width: int
) -> None:
    """Nothing sticks out sideways, whatever the width and however long a word."""
    long = "x" * 5_000
    url = f"https://news.example/{'y' * 1_000}"
    odd = write_run(
        tmp_path,
        [article(1, headline=long, byline=long, url=url)],
        [reject(url, "robots", long), reject(long, "bad_url", long)],
        site=f"{'b' * 200}.example",
        slowest=(SlowPage(url=url, seconds=1),),
        error=long,
    )
    page = show([*runs, odd], viewport={"width": width, "height": 800})
    for summary in page.locator("main summary:visible").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_empty_run(show: _Open, tmp_path: Path) -> None:
    """A run that brought nothing is a page without complaints, and with nothing to filter."""
    page = show([write_run(tmp_path)])
    assert page.get_by_text("No stories.").is_visible()
    assert not page.get_by_role("searchbox").is_visible()


def test_largest_run_can_be_filtered(show: _Open, tmp_path: Path) -> None:
    """Fifty sites, each with more stories than are listed, are one page that works."""
    manifests = [
        write_run(tmp_path, map(article, range(210)), site=f"site-{number}.example")
        for number in range(50)
    ]
    page = show(manifests)
    page.get_by_role("searchbox").fill("bridge 17")
    assert page.get_by_role("status").inner_text() == "550 of 10,000 entries"
    assert page.locator(".item:visible").count() == 550
