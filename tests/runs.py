"""Runs as a crawl leaves them, without a crawl: files below ``<site>/<day>/``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from newscrawl.contract import to_json_line, to_json_text
from newscrawl.contract.manifest import (
    Articles,
    Breach,
    Known,
    Left,
    Manifest,
    Metrics,
    PublishedFile,
    Quality,
    Rejects,
)
from newscrawl.records import Access, Article, Extractor, Reject, Removed

MORNING = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
"""When the run of an ordinary day begins."""


def article(number: int, **changes: Any) -> Article:
    """A story like the others of its site, or with ``changes``."""
    words = 300 + number % 50
    own: dict[str, Any] = {
        "id": f"{number}",
        "url": f"https://news.example/2026/11/22/story-{number}",
        "headline": f"Council votes on bridge {number}",
        "byline": f"By Ann Lee {number}",
        "date_published": MORNING - dt.timedelta(minutes=number % 10_000),
        "body": "word " * words,
        "word_count": words,
        "language": "en",
        "access": Access(),
        "removed": (
            Removed(
                label="newsletter",
                text="Get our morning letter",
                confidence=0.9,
                reason="model: newsletter",
                path="/html/body/div",
                after=2,
            ),
        ),
        "revision": 1,
        "run_id": "r",
        "extractor": Extractor(version="0.1.0", path="labeller", confidence=0.97),
    }
    return Article(**own | changes)


def reject(url: str, code: str = "robots", detail: str = "") -> Reject:
    """A page that gave no record."""
    return Reject(url=url, code=code, detail=detail)


def quality(*breaches: Breach, **metrics: Any) -> Quality:
    """A run's quality, ordinary but for ``breaches`` and ``metrics``."""
    own: dict[str, Any] = {
        "listed": 40,
        "stories": 10,
        "with_date": 10,
        "with_byline": 9,
        "median_words": 320,
        "removed_share": 0.04,
        "tried": 12,
        "rejected": 2,
    }
    return Quality(metrics=Metrics(**own | metrics), runs=20, breaches=breaches)


def write_run(
    out: Path,
    articles: Iterable[Article] = (),
    rejects: Iterable[Reject] = (),
    *,
    site: str = "news.example",
    started: dt.datetime = MORNING,
    **changes: Any,
) -> Path:
    """A run in ``out``, published as a crawl does it; ``changes`` are of its manifest, whose path
    is the answer. Its identifier is the time at which it started."""
    run_id = f"{started:%Y%m%dT%H%M%SZ}-00000000"
    folder = out / site / started.date().isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    written = _write(folder / f"{run_id}.jsonl", map(to_json_line, articles))
    by_code: dict[str, int] = {}
    rejected = _write(folder / f"{run_id}.rejected.jsonl", _counted(rejects, by_code))
    own: dict[str, Any] = {
        "run_id": run_id,
        "site": site,
        "status": "done",
        "started_at": started,
        "finished_at": started + dt.timedelta(seconds=90),
        "articles": Articles(count=sum(file.count for file in written), files=written),
        "rejected": Rejects(count=sum(by_code.values()), by_code=by_code, files=rejected),
        "known": Known(),
        "left": Left(count=0, urls=()),
        "configuration_hash": "0" * 64,
        "versions": {"newscrawl": "0.1.0", "scrapy": "2.19.0"},
        "error": None,
    }
    path = folder / f"{run_id}.manifest.json"
    path.write_text(to_json_text(Manifest(**own | changes)), "utf-8")
    return path


def _counted(rejects: Iterable[Reject], by_code: dict[str, int]) -> Iterator[str]:
    for each in rejects:
        by_code[each.code] = by_code.get(each.code, 0) + 1
        yield to_json_line(each)


def _write(path: Path, lines: Iterable[str]) -> tuple[PublishedFile, ...]:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, line in enumerate(lines, 1):  # noqa: B007 - the last one is the answer
            file.write(f"{line}\n")
    if not count:
        path.unlink()
        return ()
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    return (PublishedFile(file=path.name, count=count, bytes=len(content), sha256=sha256),)
