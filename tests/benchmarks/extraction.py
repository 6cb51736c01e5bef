"""Cost of ``extract``: CPU time a page and peak memory, as ratios to the bare parse.

    python -m tests.benchmarks.extraction [--pages DIR] [--rounds N]
    python -m tests.benchmarks.extraction [--pages DIR] --growth N

Contenders take turns page by page, so that a noisy machine slows all of them alike; the figure is
the median over the pages of each page's best round. Peak memory is that of a process of its own.
trafilatura needs the ``benchmark`` extra; without it, its row is left out. A page that raises
fails the benchmark. With ``--growth`` the pages are read again and again, N in all, and resident
memory is told at each tenth: flat means that the last is like the second.
"""

from __future__ import annotations

import argparse
import gzip
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from statistics import median

FIXTURES = Path(__file__).parents[2] / "fixtures"
BASE = "lxml.etree parse"
Contender = Callable[[bytes], object]


def _parse() -> Contender:
    from lxml import etree

    def run(page: bytes) -> object:
        return etree.fromstring(page, etree.HTMLParser(encoding="utf-8", huge_tree=True))

    return run


def _newscrawl() -> Contender:
    from newscrawl import extract

    return lambda page: extract(page, url="https://paper.example/2026/11/18/a-story")


def _trafilatura() -> Contender:
    from trafilatura import bare_extraction

    return lambda page: bare_extraction(page.decode("utf-8", "replace"), with_metadata=True)


def _readability() -> Contender:
    from readability import Document

    return lambda page: Document(page.decode("utf-8", "replace")).summary()


CONTENDERS: dict[str, Callable[[], Contender]] = {
    BASE: _parse,
    "newscrawl.extract": _newscrawl,
    "readability-lxml": _readability,
    **({"trafilatura": _trafilatura} if find_spec("trafilatura") else {}),
}


def read_pages(folder: Path) -> list[bytes]:
    """The saved pages below a folder, ``.html`` and ``.html.gz``; empty ones left out."""
    plain = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    packed = [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]
    return [page for page in plain + packed if page.strip()]


def milliseconds(pages: list[bytes], rounds: int) -> dict[str, float]:
    """Median CPU milliseconds a page, by contender."""
    runs = {name: make() for name, make in CONTENDERS.items()}
    best = {name: [float("inf")] * len(pages) for name in runs}
    for _ in range(rounds):
        for index, page in enumerate(pages):
            for name, run in runs.items():
                start = time.process_time()
                run(page)
                spent = time.process_time() - start
                best[name][index] = min(best[name][index], spent)
    return {name: median(times) * 1000 for name, times in best.items()}


def megabytes(name: str, folder: Path) -> float:
    """Peak memory of a process that runs one contender over all pages."""
    command = [sys.executable, "-m", __spec__.name, "--pages", str(folder), "--memory", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def own_peak(name: str, pages: list[bytes]) -> float:
    """Peak memory of this process after one contender's pass over the pages, in MB."""
    run = CONTENDERS[name]()
    for page in pages:
        run(page)
    # Not getrusage: Linux counts the parent's memory at the fork into a child's maximum.
    return _memory("VmHWM")


def growth(pages: list[bytes], count: int) -> Iterator[tuple[int, float]]:
    """Pages read so far, and resident memory in MB, at each tenth of ``count`` pages."""
    run = _newscrawl()
    for number, page in enumerate(islice(cycle(pages), count), 1):
        run(page)
        if number % max(1, count // 10) == 0:
            yield number, _memory("VmRSS")


def _memory(figure: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(rf"{figure}:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def main() -> None:
    """Print one row a contender: milliseconds, ratio to the parse, peak memory, its ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=FIXTURES, help="folder of saved pages")
    parser.add_argument("--rounds", type=int, default=5, help="passes over the pages")
    parser.add_argument("--growth", type=int, metavar="N", help="resident memory over N pages")
    parser.add_argument("--memory", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    pages = read_pages(options.pages)
    if options.memory:
        print(own_peak(options.memory, pages))
        return
    if options.growth:
        for number, size in growth(pages, options.growth):
            print(f"{number:8,} pages  {size:6.0f} MB")
        return
    times = milliseconds(pages, options.rounds)
    peaks = {name: megabytes(name, options.pages) for name in CONTENDERS}
    print(f"{len(pages)} pages, best of {options.rounds} rounds, median over pages")
    for name, spent in times.items():
        ratios = spent / times[BASE], peaks[name] / peaks[BASE]
        print(
            f"{name:20} {spent:8.2f} ms  {ratios[0]:6.1f} x parse"
            f"  {peaks[name]:6.0f} MB  {ratios[1]:5.2f} x parse"
        )


if __name__ == "__main__":
    main()
