"""What a run that ended early has left where it published."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SUFFIX = ".manifest.json"


def read_manifest(path: Path, run: str) -> Mapping[str, Any]:
    """The manifest of a run as JSON; empty when it has none, or another run's is in its place.

    Raises ``OSError`` for one that may be there and can't be read.
    """
    try:
        manifest = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    is_own = isinstance(manifest, dict) and manifest.get("run_id") == run
    return manifest if is_own else {}


def remove_unnamed(path: Path, run: str) -> None:
    """Remove the hidden files of a run, and those of its JSONL files that its manifest, which is to
    be at ``path``, doesn't name: all of them where it has none, so that stories which the next run
    writes again don't stand in two.

    They are known by the run's id, with which their names begin, hidden ones' behind the dot. Where
    the manifest isn't called by it, as ``newscrawl crawl`` does, nothing is removed. Raises
    ``OSError``.
    """
    if path.name != f"{run}{_SUFFIX}" or not path.parent.is_dir():
        return
    manifest = read_manifest(path, run)
    parts = (manifest.get(part, {}) for part in ("articles", "rejected"))
    named = {file["file"] for part in parts for file in part.get("files", ())}
    own = re.compile(rf"\.{re.escape(run)}\..*|{re.escape(run)}\..*jsonl(\.\w+)?")
    for file in path.parent.iterdir():
        if own.fullmatch(file.name) and file.name not in named:
            file.unlink(missing_ok=True)
