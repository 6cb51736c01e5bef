"""Runs crawls in a process of their own, since a reactor starts once: ``run_crawls`` starts it.

The process reads what to do as JSON from standard input and writes how it ended to the file named
there, so that its standard output stays the crawl's.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed

from newscrawl.errors import NewscrawlError


class InternResolver(CachingThreadedResolver):
    """Knows a name inside of a network, and one whose address changes from look-up to look-up."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._answers = cycle(["127.0.0.1", "127.0.0.2"])

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's own
        if name == "intern.example":
            return succeed("127.0.0.2")
        if name == "rebinding.example":
            return succeed(next(self._answers))
        return super().getHostByName(name, timeout)


class Broken:
    """A pipeline with a defect."""

    def process_item(self, item: object) -> object:
        raise ZeroDivisionError("a defect")


QUICK = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}


DEADLY = "NEWSCRAWL_TEST_DEADLY"
"""Environment variable: what a page says that kills the worker process that reads it."""

ENVIRONMENT = os.environ | {"no_proxy": "*"}
"""The tests' server is asked directly."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What a process left behind."""

    returncode: int
    stdout: bytes
    stderr: str
    run: Mapping[str, Any]
    """``stopped_by`` and ``outcomes``, as JSON; empty when it failed."""

    @property
    def outcome(self) -> Mapping[str, Any]:
        """The only outcome."""
        (only,) = self.run["outcomes"]
        outcome: Mapping[str, Any] = only
        return outcome


def job(folder: Path, crawls: Sequence[Mapping[str, Any]], **more: Any) -> str:
    """What the process is to do: ``options``, ``settings``, ``public``, ``intern``, ``kill_on``
    (a Scrapy signal) or ``kill_before`` (methods of ``KnownSite``) with ``kill_with`` (signals of
    the operating system, one each time, SIGKILL by default), ``kill_before_rename`` (the how
    many-th file that it puts under its name), ``hours`` (by which its clock is ahead),
    ``largest`` (bytes that a file may have: then the disk is full), ``patience`` (seconds to wait
    for another process's transaction), ``reads_apart`` (the crawl's own process reads no page)."""
    task = {"crawls": crawls, "report": str(folder / "report.json"), **more}
    task["options"] = {"run_id": "run", "allow_private": True, "delay": 0} | more.get("options", {})
    return json.dumps(task)


def run_crawls(folder: Path, crawls: Sequence[Mapping[str, Any]], **more: Any) -> Finished:
    """Run crawls to their end; paths in a crawl are relative to ``folder``, and ``environment`` is
    added to this process's own."""
    environment = more.pop("environment", {})
    done = subprocess.run(
        [sys.executable, __file__],
        input=job(folder, crawls, **more).encode(),
        capture_output=True,
        cwd=folder,
        env=ENVIRONMENT | environment,
        timeout=60,
        check=False,
    )
    report = folder / "report.json"
    run = json.loads(report.read_text()) if report.exists() else {}
    return Finished(
        returncode=done.returncode, stdout=done.stdout, stderr=done.stderr.decode(), run=run
    )


def run_forked(folder: Path, crawls: Sequence[Mapping[str, Any]], **more: Any) -> Mapping[str, Any]:
    """As ``run_crawls``, in a fork of a process that is warm: for many short runs. What it did, as
    JSON."""
    process = fork(folder, crawls, **more)
    process.join(60)
    assert process.exitcode == 0
    run: Mapping[str, Any] = json.loads((folder / "report.json").read_text())
    return run


def fork(folder: Path, crawls: Sequence[Mapping[str, Any]], **more: Any) -> ForkServerProcess:
    """As ``run_forked``, left running."""
    return _started(_fork, folder, job(folder, crawls, **more))


def scrapy_forked(project: Path, *arguments: str) -> int | None:
    """Run ``scrapy`` in the folder of a project, as ``run_forked`` does; its exit code."""
    process = _started(_scrapy, project, *arguments)
    process.join(60)
    return process.exitcode


def _started(target: Callable[..., None], *arguments: object) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.driver", "tests.warmed"])
    process = context.Process(target=target, args=arguments)
    process.start()
    return process


def _fork(folder: Path, task: str) -> None:
    os.chdir(folder)
    os.environ |= ENVIRONMENT
    try:
        _perform(json.loads(task))
    except NewscrawlError as error:
        report = {"outcomes": [], "refused": [_told(error)]}
        Path(json.loads(task)["report"]).write_text(json.dumps(report))


def _told(error: NewscrawlError) -> str:
    return f"{type(error).__name__}: {error}"


def _scrapy(project: Path, *arguments: str) -> None:
    from scrapy import cmdline

    os.chdir(project)
    os.environ |= ENVIRONMENT
    sys.path.insert(0, "")
    cmdline.execute(["scrapy", *arguments])


def crawl(spider: str = "article", **more: Any) -> Mapping[str, Any]:
    """A crawl as JSON, writing to ``out.jsonl`` and its neighbours."""
    names = {"articles": "out.jsonl", "rejected": "out.rejected.jsonl", "manifest": "out.json"}
    paths = {key: more.pop(key, name) for key, name in names.items()}
    return {"spider": spider, "site": "test", "arguments": more, **paths}


def crawl_into(name: Path, start: str) -> Mapping[str, Any]:
    """A crawl of a site, writing to files that begin with a run's ``name``."""
    return crawl(
        "site",
        start=start,
        articles=f"{name}.jsonl",
        rejected=f"{name}.rejected.jsonl",
        manifest=f"{name}.manifest.json",
    )


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSONL file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def _resolve_intern() -> None:
    from twisted.internet import reactor

    InternResolver(reactor, 0, 10).install_on_reactor()


def _die_of(text: str) -> None:
    """Have this process, a worker, die of a page that holds ``text``."""
    from newscrawl.extraction import extract

    read_page = extract.read_page

    def read(html: bytes, **facts: Any) -> Any:
        if text.encode() in html:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_page(html, **facts)

    extract.read_page = read  # type: ignore[assignment]


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("a page is read in the crawl's own process")


def _prepare(task: Mapping[str, Any]) -> None:
    """Make this process's world what the task wants it to be."""
    from newscrawl import clock, middlewares
    from newscrawl.settling import reading
    from newscrawl.state import schema

    public = task.get("public")
    if public:
        truth = middlewares.is_public
        middlewares.is_public = lambda address: str(address) == public or truth(address)

    if "hours" in task:
        ahead, truth_told = dt.timedelta(hours=task["hours"]), clock.now
        clock.now = lambda: truth_told() + ahead

    if task.get("reads_apart"):
        reading.read_page = _refuse  # type: ignore[assignment,attr-defined]

    if "patience" in task:
        schema.BUSY_SECONDS = task["patience"]

    if "largest" in task:
        resource.setrlimit(resource.RLIMIT_FSIZE, (task["largest"], resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    if "kill_before_rename" in task:
        renames = count(1)

        def die(event: str, _: object) -> None:
            if event == "os.rename" and next(renames) == task["kill_before_rename"]:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(die)


def _perform(task: Mapping[str, Any]) -> None:
    from scrapy import signals
    from scrapy.crawler import Crawler

    from newscrawl import running
    from newscrawl.state import KnownSite

    _prepare(task)
    signals_to_send = list(task.get("kill_with", ["SIGKILL"]))

    def kill() -> None:
        if signals_to_send:
            os.kill(os.getpid(), getattr(signal, signals_to_send.pop(0)))

    def killing(method: Callable[..., Any]) -> Callable[..., Any]:
        def killed(*args: Any, **kwargs: Any) -> Any:
            kill()
            return method(*args, **kwargs)

        return killed

    for name in task.get("kill_before", ()):
        setattr(KnownSite, name, killing(getattr(KnownSite, name)))

    crawlers: list[Crawler] = []

    def watch(crawler: Crawler) -> None:
        crawlers.append(crawler)
        crawler.settings.setdict(QUICK | task.get("settings", {}), priority="cmdline")
        if task.get("intern"):
            crawler.signals.connect(_resolve_intern, signals.spider_opened)
        if "kill_on" in task:
            crawler.signals.connect(kill, getattr(signals, task["kill_on"]), weak=False)

    crawls = [
        running.Crawl(
            **entry | {key: entry[key] and Path(entry[key]) for key in _PATHS},
        )
        for entry in task["crawls"]
    ]
    options = task["options"]
    if "state" in options:
        options["state"] = Path(options["state"])
    run = running.run(crawls, running.RunOptions(**options), watch)
    stats = [
        {
            key: value
            for key, value in crawler.stats.get_stats().items()
            if isinstance(value, int | float)
        }
        for crawler in crawlers
    ]
    outcomes = [
        {
            "status": outcome.status,
            "articles": outcome.articles,
            "rejected": dict(outcome.rejected),
            "rejects": [[reject.url, reject.code] for reject in outcome.rejects],
            "write_error": outcome.write_error,
            "left": outcome.left,
            "stats": stats[index],
        }
        for index, outcome in enumerate(run.outcomes)
    ]
    refused = list(map(_told, run.refused))
    report = {"stopped_by": run.stopped_by, "outcomes": outcomes, "refused": refused}
    Path(task["report"]).write_text(json.dumps(report))


_PATHS = ("articles", "rejected", "manifest")

if __name__ == "__main__":
    _perform(json.load(sys.stdin))
elif __name__ == "__mp_main__" and DEADLY in os.environ:
    _die_of(os.environ[DEADLY])
