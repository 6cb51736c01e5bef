"""What a run that ended early has left where it published."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newscrawl.contract.manifest import MANIFEST_ENDING


def is_published(path: Path, run: str) -> bool:
    """Whether the manifest of a run, which is to be at ``path``, says that it wrote everything.

    Raises ``OSError`` for one that may be there and can't be read.
    """
    return _is_whole(_read_manifest(path, run))


def _is_whole(manifest: Mapping[str, Any]) -> bool:
    return bool(manifest) and manifest.get("error") is None


def _read_manifest(path: Path, run: str) -> Mapping[str, Any]:
    """As JSON, since it may be an older newscrawl's; empty when the run has none, or another run's
    is in its place."""
    try:
        manifest = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    is_own = isinstance(manifest, dict) and manifest.get("run_id") == run
    return manifest if is_own else {}


def remove_unnamed(path: Path, run: str) -> None:
    """Remove the hidden files of a run and, unless it has published all, those of its JSONL files
    that its manifest, which is to be at ``path``, doesn't name: all of them where it has none, so
    that stories which the next run writes again don't stand in two.

    They are known by the run's id, with which their names begin, hidden ones' behind the dot. Where
    the manifest isn't called by it, as ``newscrawl crawl`` does, nothing is removed. Raises
    ``OSError``.
    """
    if path.name != f"{run}{MANIFEST_ENDING}" or not path.parent.is_dir():
        return
    manifest = _read_manifest(path, run)
    parts = (manifest.get(part, {}) for part in ("articles", "rejected"))
    named = {file["file"] for part in parts for file in part.get("files", ())}
    own = rf"\.{re.escape(run)}\..*"
    if not _is_whole(manifest):
        own += rf"|{re.escape(run)}\..*jsonl(\.\w+)?"
    for file in path.parent.iterdir():
        if re.fullmatch(own, file.name) and file.name not in named:
            file.unlink(missing_ok=True)
