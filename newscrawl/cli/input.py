"""Lists that the user hands over: a file, or standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import cast

from newscrawl.contract import read_lines, split_lines


def input_lines(name: str) -> Iterator[tuple[int, bytes]]:
    """Numbered lines of a file, or of standard input for ``-``. Raises ``InputError``."""
    if name == "-":
        return split_lines(cast("io.BufferedReader", sys.stdin.buffer), "standard input")
    return read_lines(name)
