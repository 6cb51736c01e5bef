"""Fixtures that several test modules share."""

from __future__ import annotations

import atexit
import os
import signal
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import browser
from tests.misbehaving import Server, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# JAX compiles each network for seconds; what one test's process compiled, the others read here.
# It looks at the environment when it is imported.
_COMPILED = tempfile.TemporaryDirectory(prefix="newscrawl-tests-")
atexit.register(_COMPILED.cleanup)
os.environ["JAX_COMPILATION_CACHE_DIR"] = _COMPILED.name
os.environ["JAX_PERSISTENT_COMPILATION_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
os.environ["JAX_PERSISTENT_COMPILATION_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"

# Ignored in what a shell runs in the background; the tests' processes would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the module."""
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A web server that misbehaves, one for the whole session."""
    with serve() as running:
        yield running


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are named by their length: gzip's hold the second in which a worker wrote them."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rows of tables that the labeller is known to get wrong must fail."""
    table = Path(__file__).parent / "tables" / "known_misses.toml"
    misses = tomllib.loads(table.read_text(encoding="utf-8"))
    for item in items:
        if miss := misses.get(item.path.name, {}).get(item.name):
            item.add_marker(pytest.mark.xfail(reason=miss, strict=True))
