"""How far it is, for somebody who watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress(*, wanted: bool) -> Iterator[Callable[[str], None]]:
    """A function that shows its text on standard error; it does nothing unless on a terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _text: None
        return
    with Console(stderr=True).status("starting") as status:
        yield status.update
