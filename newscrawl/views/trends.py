"""A site's last runs as plots: small SVG of our own, with what they show in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from newscrawl.contract.manifest import Manifest, Metrics
from newscrawl.views.runs import SiteRun

WIDTH, HEIGHT = 240, 48
"""Of a plot, in its own units."""
_UNITS = (("h", 3600.0), ("min", 60.0), ("s", 1.0))
_FEWEST_SLOTS = 20
"""Places for runs in a plot: a site's first few aren't drawn as walls."""
_LEAST_HEIGHT = 1.5
"""Of a bar, so that a run that brought nothing differs from one of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A run in a plot."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """``breach`` where this figure broke the site's pattern, else ``failed`` or ``fine`` as the run
    did; and ``now`` for this one."""
    title: str
    """``2026-11-18 09:30: 14``."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One figure over a site's runs."""

    name: str
    now: str
    """This run's value, written out; a dash where it has none."""
    usual: str
    """The earlier runs' median, likewise."""
    usual_y: float
    """Where it is."""
    bars: Sequence[Bar]
    words: str
    """All of it in a sentence, for those who don't see it."""


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    value: Callable[[Manifest], float | None]
    write: Callable[[float], str]
    metric: str | None = None
    """Its name in ``Breach``; ``None`` where it breaks no pattern."""
    whole: float = 0
    """The scale's end, unless a value is above it."""


def plots(run: SiteRun) -> Sequence[Plot]:
    """The plots of all figures that two runs have; none for a site's first run."""
    manifests = [*run.earlier, run.manifest]
    found = [(figure, [figure.value(manifest) for manifest in manifests]) for figure in _FIGURES]
    return [
        _plot(figure, values, manifests)
        for figure, values in found
        if sum(value is not None for value in values) > 1
    ]


def seconds(manifest: Manifest) -> float:
    """How long a run took."""
    return (manifest.finished_at - manifest.started_at).total_seconds()


def duration(seconds: float) -> str:
    """``0.8 s``, ``12 s``, ``3.5 min``, ``2.5 h``."""
    unit, size = next((pair for pair in _UNITS if seconds >= 1.5 * pair[1]), _UNITS[-1])
    value = seconds / size
    return f"{value:.{1 if value < 9.95 else 0}f} {unit}"  # noqa: PLR2004 - it would be 10.0


def when(moment: dt.datetime) -> str:
    """A manifest's time, to the minute, in UTC."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M}"


def _plot(figure: _Figure, values: Sequence[float | None], runs: Sequence[Manifest]) -> Plot:
    past = [value for value in values[:-1] if value is not None]
    low, high, usual = min(past), max(past), median(past)
    top = max(high, values[-1] or 0, figure.whole) or 1
    slot = WIDTH / max(len(values), _FEWEST_SLOTS)
    bars = [
        _bar(run, figure, value, x=WIDTH - slot * back, width=slot, share=value / top)
        for back, value, run in zip(range(len(runs), 0, -1), values, runs, strict=True)
        if value is not None
    ]
    if values[-1] is not None:
        bars[-1] = replace(bars[-1], kind=f"{bars[-1].kind} now")
    now = "–" if values[-1] is None else figure.write(values[-1])
    before = f"in the {len(past)} before it" if len(past) > 1 else "in the one before it"
    spread = f"{figure.write(low)} to {figure.write(high)}, usually {figure.write(usual)}"
    return Plot(
        name=figure.name,
        now=now,
        usual=figure.write(usual),
        usual_y=round(HEIGHT * (1 - usual / top), 2),
        bars=bars,
        words=f"{figure.name}: {now} in this run; {before} {spread}",
    )


def _bar(
    run: Manifest, figure: _Figure, value: float, *, x: float, width: float, share: float
) -> Bar:
    height = max(HEIGHT * share, _LEAST_HEIGHT)
    breaches = run.quality.breaches if run.quality else ()
    is_broken = any(breach.metric == figure.metric for breach in breaches)
    return Bar(
        x=round(x, 2),
        y=round(HEIGHT - height, 2),
        width=round(width * 0.8, 2),
        height=round(height, 2),
        kind="breach" if is_broken else "failed" if run.status == "failed" else "fine",
        title=f"{when(run.started_at)}: {figure.write(value)}",
    )


def _metric(value: Callable[[Metrics], float | None]) -> Callable[[Manifest], float | None]:
    """A figure of the quality that a manifest tells, where it tells it."""
    return lambda run: None if run.quality is None else value(run.quality.metrics)


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _share(part: Callable[[Metrics], int]) -> Callable[[Metrics], float | None]:
    """Of a run's stories, where it has some."""
    return lambda metrics: part(metrics) / metrics.stories if metrics.stories else None


_FIGURES = (
    _Figure("Stories", lambda run: run.articles.count, _count, "stories"),
    _Figure("Unchanged", lambda run: run.known.unchanged, _count),
    _Figure("Rejected", lambda run: run.rejected.count, _count, "rejected"),
    _Figure("Time taken", seconds, duration),
    _Figure("Stories listed", _metric(lambda m: m.listed), _count, "listed"),
    _Figure("With a date", _metric(_share(lambda m: m.with_date)), _percent, "date", 1),
    _Figure("With a byline", _metric(_share(lambda m: m.with_byline)), _percent, "byline", 1),
    _Figure("Words, median", _metric(lambda m: m.median_words), _count, "words"),
    _Figure("Asks in the text", _metric(lambda m: m.removed_share), _percent, "removed"),
)
