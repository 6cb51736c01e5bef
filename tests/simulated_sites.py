"""Sites whose runs are made up by chance, each time the same, for the quality gates."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median_low

from newscrawl.contract.manifest import Breach, Metrics
from newscrawl.quality import Measured, judge
from newscrawl.state.journal import LEAST_RUNS_KEPT, RUNS_KEPT

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
NIGHT = range(6)


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A site, and how it is crawled."""

    every: dt.timedelta
    stories: float
    """A day, on weekdays."""
    night: float = 0.05
    """Of an hour's stories, what comes in an hour of the night."""
    weekend: float = 0.5
    """Of a weekday's stories, what comes on a day of the weekend."""
    date: float = 0.98
    byline: float = 0.8
    weekend_byline: float = 0.6
    """Then more of it is agency copy."""
    others: float = 0.1
    """Pages that are no stories, at any hour, for each story of a day."""
    failing: float = 0.02
    """Of the pages."""
    unlisted: float = 0.05
    """Of the runs, those for which no list could be read."""


_HOUR, _QUARTER = dt.timedelta(hours=1), dt.timedelta(minutes=15)
PLOTS: Mapping[str, Plot] = {
    "hourly, 3 a day": Plot(every=_HOUR, stories=3),
    "hourly, 20 a day": Plot(every=_HOUR, stories=20),
    "hourly, 200 a day": Plot(every=_HOUR, stories=200),
    "quarter-hourly, 60 a day": Plot(every=_QUARTER, stories=60),
    "daily, 4 a day": Plot(every=DAY, stories=4),
    "daily, 100 a day": Plot(every=DAY, stories=100),
    "daily, weekdays only": Plot(every=DAY, stories=40, weekend=0.0, byline=0.3),
    "weekly, 5 a day": Plot(every=7 * DAY, stories=5, date=0.8),
}


def simulate(plot: Plot, seed: int) -> Iterator[Measured]:
    """The runs of a site, oldest first, without end."""
    chance = random.Random(seed)  # noqa: S311 - a plot
    at = START
    while True:
        at += plot.every
        yield Measured(at, _run(plot, at, chance))


def _run(plot: Plot, at: dt.datetime, chance: random.Random) -> Metrics:
    is_weekend = at.weekday() > 4
    hours = 24 - len(NIGHT) * (1 - plot.night)
    share = plot.every / DAY
    if plot.every < DAY:
        share *= 24 / hours * (plot.night if at.hour in NIGHT else 1)
    mean = plot.stories * share * (plot.weekend if is_weekend and share < 2 else 1)
    stories = _poisson(mean * chance.gammavariate(4, 0.25), chance)
    byline = plot.weekend_byline * plot.byline if is_weekend else plot.byline
    others = _poisson(plot.others * plot.stories * plot.every / DAY, chance)
    failed = _clustered(stories, plot.failing, chance)
    stories -= failed
    words = [chance.lognormvariate(6, 0.6) for _ in range(stories)]
    asks = [chance.betavariate(2, 12) for _ in range(stories)]
    return Metrics(
        listed=None if chance.random() < plot.unlisted else int(chance.lognormvariate(4.5, 0.3)),
        stories=stories,
        with_date=stories - _clustered(stories, 1 - plot.date, chance),
        with_byline=_clustered(stories, byline, chance),
        median_words=int(median_low(words)) if words else None,
        removed_share=sum(asks) / stories if stories else None,
        tried=stories + failed + others,
        rejected=failed + others,
    )


def _poisson(mean: float, chance: random.Random) -> int:
    time, number = chance.expovariate(1), 0
    while time < mean:
        time += chance.expovariate(1)
        number += 1
    return number


def _clustered(number: int, share: float, chance: random.Random) -> int:
    """How many of a run's stories are so: runs differ, with a correlation of 0.05."""
    own = chance.betavariate(19 * share, 19 * (1 - share))
    return sum(chance.random() < own for _ in range(number))


def history_of(runs: list[Measured]) -> list[Measured]:
    """What is known of the runs, oldest first, when the next one begins: newest first."""
    oldest = runs[-1].at - RUNS_KEPT
    newest_first = enumerate(reversed(runs))
    return [run for n, run in newest_first if n < LEAST_RUNS_KEPT or run.at >= oldest]


def judged(plot: Plot, seed: int, runs: int) -> Iterator[tuple[Measured, tuple[Breach, ...]]]:
    """The breaches of each of so many healthy runs."""
    past: list[Measured] = []
    for run, _ in zip(simulate(plot, seed), range(runs), strict=False):
        yield run, judge(run, history_of(past), {}).breaches if past else ()
        past.append(run)


Change = Callable[[Metrics], Metrics]

BREAKS: Mapping[str, tuple[str, Change]] = {
    "dates gone": ("date", lambda m: replace(m, with_date=0)),
    "bylines gone": ("byline", lambda m: replace(m, with_byline=0)),
    "stories cut to a teaser": (
        "words",
        lambda m: replace(m, median_words=m.median_words and m.median_words // 12),
    ),
    "half of the text removed": (
        "removed",
        lambda m: replace(m, removed_share=m.removed_share and 0.5 + m.removed_share / 2),
    ),
    "no story found on any page": (
        "rejected",
        lambda m: replace(
            m,
            stories=0, with_date=0, with_byline=0, median_words=None, removed_share=None,
            rejected=m.tried,
        ),
    ),
    "front page without links": (
        "listed",
        lambda m: replace(
            m,
            listed=0, stories=0, with_date=0, with_byline=0, median_words=None,
            removed_share=None, tried=0, rejected=0,
        ),
    ),
    "nothing new any more": (
        "stories",
        lambda m: replace(
            m,
            stories=0, with_date=0, with_byline=0, median_words=None, removed_share=None,
            tried=0, rejected=0,
        ),
    ),
}  # fmt: skip
"""What a site can come to, with the gate that is to notice it."""
