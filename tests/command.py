"""Runs ``newscrawl`` as a user does: in a process of its own, in a folder, without settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-m", "newscrawl")
BRIEF = Path(__file__).with_name("brief_training.py")
"""Stands in for the program where it trains."""


def environment(home: Path, **more: str) -> Mapping[str, str]:
    """This process's environment with another home and no settings of newscrawl in it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSCRAWL_", "XDG_"))}
    return {**kept, "HOME": str(home), "COLUMNS": "100", **more}


def newscrawl(
    folder: Path, *arguments: str, stdin: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in ``folder``, which is also its home, to its end."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=environment(folder, **variables),
        timeout=120,
        check=False,
    )


def start(folder: Path, *arguments: str, **settings: Any) -> subprocess.Popen[bytes]:
    """Start a command in ``folder`` and leave it running; ``settings`` are those of ``Popen``."""
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=environment(folder),
        stderr=subprocess.PIPE,
        **{"stdout": subprocess.PIPE, **settings},
    )


def finish(process: subprocess.Popen[bytes]) -> bytes:
    """Wait for a command's end; gives its standard error."""
    try:
        _, said = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return said


def message(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on standard error, without the program's name."""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1, lines
    name, _, text = lines[0].partition(": ")
    assert name == "newscrawl"
    return text
