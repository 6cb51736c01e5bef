"""The machine's own Chromium, driven by Playwright: tests that need it skip where it isn't."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox",)  # a container's root, who runs CI, has no sandbox


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
