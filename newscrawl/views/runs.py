"""Runs on disk: where their manifests are, below ``<site>/<date>/<run>.manifest.json``.

Run identifiers sort by time, and so do the folders of days: after years, only those that are asked
for are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path

from newscrawl.contract.lines import unreadable
from newscrawl.contract.manifest import MANIFEST_ENDING, Manifest, read_manifest
from newscrawl.errors import InputError

_HISTORY = 60
"""Runs of a site that its trends show: two months of nightly runs, two and a half days of hourly
ones, and as many as a plot of a few centimetres can."""


@dataclass(frozen=True, slots=True)
class SiteRun:
    """What one run did on one site, and what came before it."""

    path: Path
    """Of the manifest."""
    manifest: Manifest
    earlier: Sequence[Manifest]
    """Of the site's runs before it, oldest first, ``_HISTORY`` with this one at most; without the
    URLs that they name, of which there may be a thousand each."""
    unread: int
    """Manifests among them that couldn't be read: of another version, or broken."""


def find_run(run: str | None, out: Path) -> Sequence[Path]:
    """The manifests of a run, one a site.

    ``run`` is a manifest or another file of the run, a folder with runs, of which it is the last,
    or an identifier that is looked for below ``out``; ``None`` for the last run there. Raises
    ``InputError``.
    """
    try:
        if run is None or Path(run).is_dir():
            folder = out if run is None else Path(run)
            found = _last(folder)
            missing = InputError(folder, "there is no run in it: name a folder of runs with --out")
        elif Path(run).is_file():
            return [_manifest_of(Path(run))]
        else:
            found = [path for site in _sites(out) for path in _of_run(site, run)]
            missing = InputError(run, f"it is neither a file nor a run in {out}: see --out")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise unreadable(run or out, error) from error
    if not found:
        raise missing
    return found


def read_run(path: Path) -> SiteRun:
    """The run of a manifest, with the site's earlier ones. Raises ``InputError`` for its own."""
    manifest = read_manifest(path)
    earlier: list[Manifest] = []
    unread = 0
    site = _newest_first(path.resolve().parent.parent)
    before = (other for other in site if other.name < path.name)
    for other in islice(before, _HISTORY - 1):
        try:
            found = read_manifest(other)
        except InputError:
            unread += 1
            continue
        if found.site == manifest.site:
            earlier.append(_counts_of(found))
    return SiteRun(path, manifest, earlier[::-1], unread)


def _counts_of(manifest: Manifest) -> Manifest:
    return replace(manifest, left=replace(manifest.left, urls=()), slowest=())


def _manifest_of(file: Path) -> Path:
    """The manifest beside a run's file; the file itself where there is none, unless it holds lines.
    Raises ``InputError``."""
    beside = file.with_name(f"{file.name.partition('.')[0]}{MANIFEST_ENDING}")
    if beside.is_file():
        return beside
    if ".jsonl" in file.suffixes:
        raise InputError(file, f"there is no {beside.name} beside it: name a file of a crawl")
    return file


def _last(folder: Path) -> list[Path]:
    newest = [path for site in _sites(folder) for path in islice(_newest_first(site), 1)]
    last = max((path.name for path in newest), default="")
    return [path for path in newest if path.name == last]


def _of_run(site: Path, run: str) -> Iterator[Path]:
    name = f"{run}{MANIFEST_ENDING}"
    later = takewhile(lambda path: path.name >= name, _newest_first(site))
    return (path for path in later if path.name == name)


def _sites(folder: Path) -> list[Path]:
    """The sites' folders in a folder of runs; itself, where it is a site's or a day's."""
    is_inner = any(next(folder.glob(f"{up}*{MANIFEST_ENDING}"), None) for up in ("", "*/"))
    return [folder] if is_inner else sorted(folder.glob("*/"))


def _newest_first(site: Path) -> Iterator[Path]:
    """The manifests in the folder of a site, or of one of its days."""
    for day in (site, *sorted(site.glob("*/"), reverse=True)):
        yield from sorted(day.glob(f"*{MANIFEST_ENDING}"), reverse=True)
