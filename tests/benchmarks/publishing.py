"""Cost of publishing: what a run's files take beyond the bare writing of their records.

    python -m tests.benchmarks.publishing [--records N] [--folder DIR]

The same records are made into lines and written with ``open`` alone, and as a run does it: handed
to the system line by line, digested on the way, made durable, put under their name, and told in a
manifest. Time is this process's CPU time, the least of some rounds; behind it the time by the
clock, in which the disk's own part is. Each way is held against the bare one.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import NoReturn

from newscrawl import extract
from newscrawl.contract import Manifest, to_json_line, to_json_text
from newscrawl.contract.manifest import Articles, Known, Left, Rejects
from newscrawl.errors import OutputError
from newscrawl.feeds.files import AtomicFile
from newscrawl.feeds.rotation import RotatedFile
from newscrawl.records import Article
from tests.cases import DEMO_SITE

_ROUNDS = 3
_Write = Callable[[Iterable[Article], Path], None]


def _fail(error: OutputError) -> NoReturn:
    raise error


def _lines(articles: Iterable[Article]) -> Iterable[bytes]:
    return (f"{to_json_line(article)}\n".encode() for article in articles)


def _bare(articles: Iterable[Article], folder: Path) -> None:
    with (folder / "bare.jsonl").open("wb") as file:
        for line in _lines(articles):
            file.write(line)


def _publishing(ending: str, most: int | None = None) -> _Write:
    def publish(articles: Iterable[Article], folder: Path) -> None:
        file = RotatedFile(folder / f"run.jsonl{ending}", most=most, on_error=_fail)
        for line in _lines(articles):
            file.write(line)
        file.publish()
        manifest = AtomicFile(folder / "run.manifest.json", on_error=_fail)
        count = sum(each.count for each in file.published)
        told = _manifest(Articles(count=count, files=file.published))
        manifest.write(to_json_text(told).encode())
        manifest.publish()

    return publish


def _manifest(articles: Articles) -> Manifest:
    now = dt.datetime.now(dt.UTC)
    return Manifest(
        run_id="run",
        site="news.example",
        status="done",
        started_at=now,
        finished_at=now,
        articles=articles,
        rejected=Rejects(by_code={}),
        known=Known(),
        left=Left(count=0, urls=()),
        configuration_hash="",
        versions={},
        error=None,
    )


_WAYS = {
    "written with open": _bare,
    "published": _publishing(""),
    "published, 100 MB a file": _publishing("", 100_000_000),
    "published as gzip": _publishing(".gz"),
    "published as zstd": _publishing(".zst"),
}


def _records(count: int) -> list[Article]:
    """As many records of the demo site's stories, their words in another order in each of a
    thousand, which then come over and over: farther apart than a compression looks back."""
    pages = sorted(DEMO_SITE.glob("20*/*/*/*.html"))
    stories = [
        extract(page.read_bytes(), url=f"https://news.example/{page.stem}") for page in pages
    ]
    random = Random(0)  # noqa: S311 - the same records each time
    varied = [_shuffled(stories[n % len(stories)], f"{n:020}", random) for n in range(1000)]
    return [varied[n % 1000] for n in range(count)]


def _shuffled(article: Article, identity: str, random: Random) -> Article:
    words = (article.body or "").split(" ")
    random.shuffle(words)
    return dataclasses.replace(article, id=identity, body=" ".join(words))


def _timed(write: _Write, articles: Iterable[Article], folder: Path) -> tuple[float, float]:
    cpu, clock = time.process_time(), time.perf_counter()
    write(articles, folder)
    return time.process_time() - cpu, time.perf_counter() - clock


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--folder", help="on the disk to be measured")
    wanted = parser.parse_args()
    articles = _records(wanted.records)
    best: dict[str, tuple[float, float]] = {}
    sizes: dict[str, int] = {}
    for _ in range(_ROUNDS):
        for name, write in _WAYS.items():
            with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
                taken = _timed(write, articles, Path(folder))
                sizes[name] = sum(path.stat().st_size for path in Path(folder).iterdir())
            best[name] = min(best.get(name, taken), taken)
    bare_cpu, bare_clock = best["written with open"]
    print(f"{wanted.records:,} records{'':17}   CPU s         clock s            MB")
    for name, (cpu, clock) in best.items():
        print(
            f"{name:28} {cpu:7.2f} {cpu / bare_cpu - 1:+7.1%}"
            f" {clock:7.2f} {clock / bare_clock - 1:+7.1%} {sizes[name] / 1e6:8.0f}"
        )


if __name__ == "__main__":
    main()
