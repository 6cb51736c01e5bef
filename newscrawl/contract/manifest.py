"""The manifest: what one crawl of one site did. It appears when all else of the run is in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from newscrawl.contract.lines import read_bounded
from newscrawl.contract.reading import in_words, read_record
from newscrawl.errors import InputError

Status = Literal["done", "failed", "stopped", "deadline", "budget"]

MANIFEST_VERSION = "2.0.0"
MANIFEST_ENDING = ".manifest.json"
"""Ends a manifest's name; before it stands the run's identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file of the run."""

    file: str
    """Its name, in the manifest's own folder."""
    count: int
    """Its lines."""
    bytes: int
    """Its size."""
    sha256: str
    """Its checksum, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """The records."""

    count: int = 0
    """All that this run wrote."""
    files: tuple[PublishedFile, ...] = ()
    """Where they are; none where they went to standard output, or there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """The pages that gave no record."""

    count: int = 0
    """All of them."""
    by_code: Mapping[str, int]
    """Their number by reason code."""
    files: tuple[PublishedFile, ...] = ()
    """Where they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a crawl with memory saw again. ``rejected.by_code`` counts duplicates and gone pages."""

    revisions: int = 0
    """Records of known stories that have changed; ``articles`` counts them, too."""
    unchanged: int = 0
    """Known stories that haven't changed, by their text or by the server's word."""
    gone: int = 0
    """Known stories whose address was answered with 404 or 410."""
    not_modified: int = 0
    """Answers 304: to revisits, and for feeds, sitemaps and fronts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """URLs that were taken up and not finished."""

    count: int
    """All of them."""
    urls: tuple[str, ...]
    """The first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What a run brought, as it is compared with the site's earlier runs."""

    listed: int | None
    """Stories that the site's lists named, known ones included, each as often as it is listed; a
    list that hasn't changed, or failed and isn't gone, names what it did. ``None`` where none could
    be read."""
    stories: int
    """Records, revisions included."""
    with_date: int
    """Records that have ``date_published``."""
    with_byline: int
    """Records that have ``byline`` or ``authors``."""
    median_words: int | None
    """Median of the records' ``word_count``; ``None`` without records."""
    removed_share: float | None
    """Share of the asks in the text of the records: characters in ``removed`` under the labels of
    ``--removed asks``, of those and the bodies'. ``None`` without records, or where it isn't
    written."""
    tried: int
    """Pages that gave a record, or a reject that isn't a duplicate."""
    rejected: int
    """Those of them that gave a reject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A way in which a run breaks the site's pattern."""

    metric: str
    """Which: a stable name, the key of its threshold in the site's TOML."""
    value: float
    """What this run has."""
    expected: float
    """The bound that it is beyond, or what the site's runs usually have."""
    detail: str
    """In words, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """A run, compared with the site's earlier ones and its own thresholds."""

    metrics: Metrics
    """What was compared."""
    runs: int
    """Earlier runs that it was compared with."""
    breaches: tuple[Breach, ...]
    """Where it breaks the pattern; none where all is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowPage:
    """A page that took long to come."""

    url: str
    """Its address."""
    seconds: float
    """From the request to the whole answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a crawl of one site did."""

    schema_version: str = MANIFEST_VERSION
    """Of the manifest (semver); ``versions`` has the records'."""
    run_id: str | None
    """The run's identifier, as in its records."""
    site: str | None
    """What was crawled."""
    status: Status
    """How it ended: ``done``, ``failed``, ``stopped`` by a signal, at its ``deadline`` or
    when its ``budget`` of requests was spent."""
    started_at: dt.datetime
    """In UTC."""
    finished_at: dt.datetime
    """In UTC."""
    since: dt.datetime | None = None
    """Stories that were said to be older were left out."""
    articles: Articles
    """The records."""
    rejected: Rejects
    """The pages that gave none."""
    known: Known
    """What the crawl saw again."""
    left: Left
    """What a stop, a deadline or a spent budget left to do."""
    quality: Quality | None = None
    """How the run compares; ``None`` for one without memory, or that failed."""
    slowest: tuple[SlowPage, ...] = ()
    """The pages that took longest to come, slowest first."""
    configuration_hash: str
    """SHA-256 of the settings, the site file included, that decide what a crawl writes,
    hexadecimal."""
    versions: Mapping[str, str]
    """Of newscrawl, scrapy, python and the records' schema."""
    error: str | None
    """What couldn't be written, in words."""


def read_manifest(path: str | Path) -> Manifest:
    """The manifest in a file. One that isn't a manifest, or can't be read, raises ``InputError``.

    Minor versions are read as ``read_articles`` reads those of records. The files that it names
    are in its own folder.
    """
    manifest, wrong = read_record(Manifest, read_bounded(path))
    if manifest is None:
        raise InputError(path, f"it is no manifest: {in_words(wrong)}")
    if not all(is_plain_name(file.file) for _, file in published_files(manifest)):
        raise InputError(path, "it names files of other folders: newscrawl writes none like that")
    return manifest


def is_plain_name(name: str) -> bool:
    """Whether a file of this name is in its manifest's own folder, and nowhere else."""
    return name not in {"", ".", ".."} and not {"/", "\\", "\0"}.intersection(name)


def manifests_below(folder: str | Path) -> list[Path]:
    """All manifests in a folder and the folders in it, by name."""
    return sorted(Path(folder).rglob(f"[!.]*{MANIFEST_ENDING}"))


def article_files(path: str | Path) -> Iterator[Path]:
    """The files of articles that a path stands for: itself, those of a manifest, or those of all
    manifests in a folder. A folder without any raises ``InputError``."""
    path = Path(path)
    if path.is_dir():
        manifests = manifests_below(path)
        if not manifests:
            raise InputError(path, f"there is no {MANIFEST_ENDING} in it: name a folder of runs")
        for manifest in manifests:
            yield from article_files(manifest)
    elif path.name.endswith(MANIFEST_ENDING):
        yield from (path.with_name(file.file) for file in read_manifest(path).articles.files)
    else:
        yield path


def published_files(manifest: Manifest) -> Iterator[tuple[str, PublishedFile]]:
    """The files that a manifest names, each behind the field that does."""
    for part in ("articles", "rejected"):
        for index, file in enumerate(getattr(manifest, part).files):
            yield f"{part}.files[{index}]", file
