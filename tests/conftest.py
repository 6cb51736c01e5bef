"""Fixtures that several test modules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.misbehaving import Server, serve


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A web server that misbehaves, one for the whole session."""
    with serve() as running:
        yield running
