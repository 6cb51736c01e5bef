"""The machine's own Chromium, driven by Playwright: tests that need it skip where it isn't."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox",)  # a container's root, who runs CI, has no sandbox

READABLE = 4.5
"""Contrast that WCAG 2.2 asks for at level AA, of text of any size."""

CONTRAST = """(texts) => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const light = (...colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(v => {
            v /= 255;
            return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (e) => {
        const colours = [];
        for (; e; e = e.parentElement) colours.unshift(getComputedStyle(e).backgroundColor);
        return colours;
    };
    const ratio = (e) => {
        const ground = light(...behind(e)), ink = light(getComputedStyle(e).color);
        return (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
    };
    return [...document.querySelectorAll(texts)].map(e => [e.textContent.trim(), ratio(e)]);
}"""
"""Text and contrast of each element that a selector matches."""


@contextmanager
def browser() -> Iterator[Browser]:
    """A running browser without a window; skips the test where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed")
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def watched(running: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens files, with settings of a browser's context; at the end, whatever they
    asked for or complained of is a failure."""
    troubles: list[str] = []
    contexts = []
    own: set[str] = set()

    def open_file(file: Path, **settings: Any) -> Page:
        own.add(f"request: {file.as_uri()}")
        context = running.new_context(**{"viewport": {"width": 1280, "height": 800}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: troubles.append(f"request: {request.url}"))
        page.on("popup", lambda popup: troubles.append(f"popup: {popup.url}"))
        page.goto(file.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert [trouble for trouble in troubles if trouble not in own] == []
