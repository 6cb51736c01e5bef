"""The report of a run: what came, what didn't, and what to look at, as one HTML file."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from newscrawl.contract import read_articles, read_rejects
from newscrawl.contract.manifest import Manifest, PublishedFile
from newscrawl.errors import InputError
from newscrawl.urls import split_web_url
from newscrawl.views import trends
from newscrawl.views.page import render
from newscrawl.views.rejects import RejectedAs, rejected_by_code
from newscrawl.views.runs import SiteRun, read_run
from newscrawl.views.stories import Stories, read_stories

MAX_INSPECTED = 50
"""Pages of a report that are inspected: at a request a second and host, a minute."""
_DEFECTS = ("internal_error", "invalid_record")
_LEFT = 20
"""URLs left to do that are listed."""
_STATUS = {
    "done": "done",
    "failed": "failed",
    "stopped": "stopped by a signal",
    "deadline": "ended by its deadline",
    "budget": "ended by its budget of requests",
}

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an operator should know of a site's run first."""

    text: str
    is_alarm: bool
    """Whether something has to be done about it."""


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What is told of a site."""

    run: SiteRun
    stories: Stories
    rejected: Sequence[RejectedAs]
    unread: Sequence[str]
    """Files of the run that couldn't be read, in words."""

    @property
    def findings(self) -> Sequence[Finding]:
        """Alarms first."""
        alarms = [Finding(text, is_alarm=True) for text in _alarms(self)]
        return [*alarms, *(Finding(text, is_alarm=False) for text in _notes(self.run))]

    @property
    def is_alarming(self) -> bool:
        """Whether something has to be done."""
        return any(finding.is_alarm for finding in self.findings)


def site_report(manifest: Path) -> SiteReport:
    """The report of a manifest's run. Raises ``InputError`` when that can't be read; what it names
    and isn't there, or is broken, is in ``unread``, with what comes before the break reported."""
    run, unread = read_run(manifest), []

    def records(
        files: Iterable[PublishedFile], read: Callable[[Path], Iterator[_Record]]
    ) -> Iterator[_Record]:
        for file in files:
            try:
                yield from read(manifest.with_name(file.file))
            except InputError as error:
                unread.append(str(error))

    stories = read_stories(records(run.manifest.articles.files, read_articles))
    rejects = run.manifest.rejected
    rejected = rejected_by_code(rejects.by_code, records(rejects.files, read_rejects))
    return SiteReport(run, stories, rejected, unread)


def outstanding(sites: Iterable[SiteReport]) -> Sequence[str]:
    """URLs of the pages that the report points out, ``MAX_INSPECTED`` at most: the strangest of
    every site, then the slowest."""
    strange = [entry.story.url for site in sites for entry in site.stories.strange]
    slow = [page.url for site in sites for page in site.run.manifest.slowest]
    urls = dict.fromkeys(url for url in (*strange, *slow) if url and split_web_url(url))
    return list(urls)[:MAX_INSPECTED]


def report_page(sites: Sequence[SiteReport], inspected: Mapping[str, str] | None = None) -> str:
    """The HTML of a run of these sites; ``inspected`` has the inspect pages by URL.

    Its size is bounded for each site, whatever the run.
    """
    shown = sorted(sites, key=lambda site: (not site.is_alarming, site.run.manifest.site or ""))
    manifests = [site.run.manifest for site in shown]
    return render(
        "report",
        sites=shown,
        verdict=verdict(shown),
        started=trends.when(min(manifest.started_at for manifest in manifests)),
        manifest=manifests[0],
        status=_STATUS,
        plots=trends.plots,
        history=lambda run: [run.manifest, *reversed(run.earlier)],
        height=trends.HEIGHT,
        width=trends.WIDTH,
        when=trends.when,
        duration=trends.duration,
        seconds=trends.seconds,
        command=inspect_command,
        href=lambda url: url if split_web_url(url) else None,
        inspected=inspected or {},
        left=_LEFT,
    )


def inspect_command(url: str) -> str:
    """What a shell takes to inspect a page."""
    return f"newscrawl inspect {shlex.quote(url)}"


def verdict(sites: Sequence[SiteReport]) -> str:
    """The run in a sentence: ``48 stories from 3 sites, 12 rejected, in 3.5 min``."""
    manifests = [site.run.manifest for site in sites]
    stories = _number(sum(manifest.articles.count for manifest in manifests), "story", "stories")
    rejected = sum(manifest.rejected.count for manifest in manifests)
    first = min(manifest.started_at for manifest in manifests)
    last = max(manifest.finished_at for manifest in manifests)
    took = trends.duration((last - first).total_seconds())
    where = f" from {_number(len(sites), 'site')}" if len(sites) > 1 else ""
    return f"{stories}{where}, {rejected:,} rejected, in {took}"


def _alarms(site: SiteReport) -> Iterator[str]:
    manifest = site.run.manifest
    if manifest.quality is not None:
        yield from (f"breaks its pattern: {breach.detail}" for breach in manifest.quality.breaches)
    if manifest.error is not None:
        yield manifest.error
    elif manifest.status == "failed":
        codes = ", ".join(f"{entry.code} {entry.count:,}" for entry in site.rejected)
        yield f"failed: nothing could be read{f' ({codes})' if codes else ''}"
    yield from site.unread
    defects = sum(manifest.rejected.by_code.get(code, 0) for code in _DEFECTS)
    if defects:
        yield f"newscrawl itself failed on {_number(defects, 'page')}: report it with the address"


def _notes(run: SiteRun) -> Iterator[str]:
    manifest = run.manifest
    if manifest.left.count:
        left = _number(manifest.left.count, "page")
        yield f"{_STATUS[manifest.status]}, with {left} left to the next run"
    if run.unread:
        unread = _number(run.unread, "earlier manifest")
        yield f"{unread} couldn't be read: of another version, or broken"
    if run.earlier:
        yield from _changes(run.earlier[-1], manifest)


def _changes(before: Manifest, now: Manifest) -> Iterator[str]:
    """What is different from the run before, since it may be why the stories are."""
    if before.configuration_hash != now.configuration_hash:
        yield "the settings are others than in the run before"
    for name in ("newscrawl", "scrapy"):
        old, new = before.versions.get(name), now.versions.get(name)
        if old != new:
            yield f"{name} {new}, after {old} in the run before"


def _number(count: int, one: str, many: str = "") -> str:
    """``1 site``, ``2 sites``."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
