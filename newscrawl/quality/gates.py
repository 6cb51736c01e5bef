"""The gates: in which ways a run can break the pattern of its site's runs.

Each compares the run with history, or with the user's own bound in its place. The figures behind
the thresholds are those of ``tests.benchmarks.quality``: synthetic sites, hourly and daily, with
nights, weekends, clusters and lists that come and go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import log2
from statistics import median
from typing import Protocol

from newscrawl.contract.manifest import Breach, Metrics
from newscrawl.quality.chance import Part, Spread, tail, typical_rate, typical_share
from newscrawl.quality.measuring import Measured

CHANCE = 0.001
"""A share breaks the pattern where chance would give it to fewer runs than this."""
GAP = 0.25
"""By how much a share must differ, whatever chance says: less is no broken template."""
ENOUGH = 10
"""Stories for which a run is looked at together with the runs before it that differ likewise: a
run of one story is never improbable, five of them in a row are."""
EXCESS = 3.0
"""How many times the usual number of rejects break the pattern: pages that are no stories come on
a silent night, too, and are then all that there is."""
KNOWN_STORIES = 20
"""Stories that make a pattern of shares."""
KNOWN_RUNS = 3
"""Runs that make one, of shares."""
KNOWN_AMOUNTS = 12
"""Runs that make one, of amounts: fewer say nothing of how they spread."""
DEVIATIONS = 6.0
"""Standard deviations by which an amount breaks the pattern."""
COLLAPSED = 0.1
"""What is left of what lists named, at most, when they break the pattern."""
MANY = 10
"""Listed stories that a site usually has, at least, to break the pattern with none."""
ALWAYS = 5
"""Stories that each earlier run had, at least, for a run without any to break the pattern."""
DRY_SPELLS = 15
"""Spells without stories that tell how long they usually are."""
DRY = 3.0
"""How many times the longest of them is too long."""

Bounds = Mapping[str, float | None]
"""The user's bounds by gate; ``None`` closes no gate: it isn't looked at."""


class Gate(Protocol):
    """One way to break the pattern."""

    @property
    def largest(self) -> float:
        """The largest bound that makes sense; the least is 0."""

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        """How ``run`` breaks the pattern of the runs before it, newest first."""

    def against_bound(self, metrics: Metrics, bound: float) -> Breach | None:
        """How a run is beyond the user's bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """A share of the stories or pages that must not grow: of those that lack something."""

    metric: str
    words: str
    lacking: Callable[[Metrics], Part]
    is_told: bool
    """Whether that share itself is told, with a bound above, or that of the others, from below."""
    excess: float = 0.0
    """How many times the usual number a run there must be of them, whatever their share."""
    largest: float = 1.0

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        own = self.lacking(run.metrics)
        known = [self.lacking(past.metrics) for past in history]
        if not own.all or _total(known).all < KNOWN_STORIES:
            return None
        runs = _alike([own, *known], typical_share(known))
        lately, before = _total(runs), known[max(0, len(runs) - 1) :]
        if len(before) < KNOWN_RUNS or _total(before).all < KNOWN_STORIES:
            return None
        usual = typical_share(before)
        often = typical_rate([part.some for part in before]) * len(runs)
        if tail(lately, usual) >= CHANCE or lately.some < self.excess * often:
            return None
        return self._breach(lately, self._told(usual), f"{_percent(self._told(usual))} before")

    def against_bound(self, metrics: Metrics, bound: float) -> Breach | None:
        part = self.lacking(metrics)
        share = self._told(part.some / part.all) if part.all else bound
        if share <= bound if self.is_told else share >= bound:
            return None
        side = "most" if self.is_told else "least"
        return self._breach(part, bound, f"at {side} {_percent(bound)} wanted")

    def _breach(self, part: Part, expected: float, instead: str) -> Breach:
        told = part.some if self.is_told else part.all - part.some
        value = f"{told} of {part.all} {self.words}"
        return Breach(
            metric=self.metric,
            value=round(told / part.all, 4),
            expected=round(expected, 4),
            detail=f"{value}, {instead}",
        )

    def _told(self, share: float) -> float:
        return share if self.is_told else 1 - share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amount:
    """A median or mean of the stories that must neither grow nor shrink."""

    metric: str
    words: str
    value: Callable[[Metrics], float | None]
    scale: Callable[[float], float]
    """To the scale on which differences are alike."""
    least: float
    """On that scale: what is no break, however steady the site was."""
    form: Callable[[float], str]
    is_ceiling: bool
    """Whether a bound stands above, or below."""
    largest: float

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        value = self.value(run.metrics)
        pairs = [(self.value(past.metrics), past.metrics.stories) for past in history]
        known = [(amount, stories) for amount, stories in pairs if amount is not None]
        if value is None or len(known) < KNOWN_AMOUNTS:
            return None
        spread = Spread.of([(self.scale(amount), stories) for amount, stories in known])
        allowed = max(self.least, spread.deviations(run.metrics.stories, DEVIATIONS))
        if abs(self.scale(value) - spread.centre) <= allowed:
            return None
        usual = median(amount for amount, _ in known)
        return self._breach(value, usual, f"{self.form(usual)} before")

    def against_bound(self, metrics: Metrics, bound: float) -> Breach | None:
        value = self.value(metrics)
        if value is None or (value <= bound if self.is_ceiling else value >= bound):
            return None
        side = "most" if self.is_ceiling else "least"
        return self._breach(value, bound, f"at {side} {self.form(bound)} wanted")

    def _breach(self, value: float, expected: float, instead: str) -> Breach:
        detail = f"{self.form(value)} {self.words}, {instead}"
        return Breach(metric=self.metric, value=value, expected=expected, detail=detail)


class _Listed:
    """The stories that the site's lists name must not vanish."""

    largest = 1e6

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        listed = run.metrics.listed
        known = [past.metrics.listed for past in history if past.metrics.listed is not None]
        if listed is None or len(known) < KNOWN_RUNS:
            return None
        usual = median(known)
        if usual < MANY or listed > COLLAPSED * usual:
            return None
        return _count("listed", listed, usual, f"stories listed, {usual:g} before")

    def against_bound(self, metrics: Metrics, bound: float) -> Breach | None:
        if metrics.listed is None or metrics.listed >= bound:
            return None
        return _count("listed", metrics.listed, bound, f"stories listed, at least {bound:g} wanted")


class _Stories:
    """The site must not fall silent: not at once where it never was, nor for much longer than it
    ever was."""

    largest = 1e6

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        if run.metrics.stories:
            return None
        silent = sum(1 for _ in takewhile(_is_silent, history))
        known = history[silent:]
        least = min((past.metrics.stories for past in known), default=0)
        if len(known) >= KNOWN_AMOUNTS and least >= ALWAYS:
            return _count("stories", 0, least, f"stories, {least} at least before")
        spoke = [past.at for past in known if past.metrics.stories]
        spells = [later - earlier for later, earlier in pairwise(spoke)]
        if len(spells) < DRY_SPELLS or run.at - spoke[0] <= DRY * max(spells):
            return None
        hours = (_hours(run.at - spoke[0]), _hours(max(spells)))
        return _count("stories", 0, 1, "stories in {:.0f} hours, {:.0f} at most before", *hours)

    def against_bound(self, metrics: Metrics, bound: float) -> Breach | None:
        if metrics.stories >= bound:
            return None
        return _count("stories", metrics.stories, bound, f"stories, at least {bound:g} wanted")


def _total(parts: Sequence[Part]) -> Part:
    return Part(sum(part.some for part in parts), sum(part.all for part in parts))


def _alike(parts: Sequence[Part], usual: float) -> Sequence[Part]:
    """The newest runs, as far back as all of them differ, until they have ``ENOUGH``."""
    stories = 0
    for number, part in enumerate(parts):
        if stories >= ENOUGH or part.some < (usual + GAP) * part.all:
            return parts[:number]
        stories += part.all
    return parts


def _count(metric: str, value: float, expected: float, words: str, *more: float) -> Breach:
    detail = f"{value:g} {words.format(*more)}"
    return Breach(metric=metric, value=value, expected=expected, detail=detail)


def _is_silent(past: Measured) -> bool:
    return past.metrics.stories == 0


def _hours(time: dt.timedelta) -> float:
    return time / dt.timedelta(hours=1)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _whole(amount: float) -> str:
    return f"{amount:.0f}"


GATES: Mapping[str, Gate] = {
    "listed": _Listed(),
    "stories": _Stories(),
    "date": _Share(
        metric="date",
        words="stories with a date",
        lacking=lambda m: Part(m.stories - m.with_date, m.stories),
        is_told=False,
    ),
    "byline": _Share(
        metric="byline",
        words="stories with a byline",
        lacking=lambda m: Part(m.stories - m.with_byline, m.stories),
        is_told=False,
    ),
    "words": _Amount(
        metric="words",
        words="words in the median story",
        value=lambda m: m.median_words,
        scale=lambda words: log2(max(1.0, words)),
        least=1.0,
        form=_whole,
        is_ceiling=False,
        largest=1e6,
    ),
    "removed": _Amount(
        metric="removed",
        words="of the text removed as asks",
        value=lambda m: m.removed_share,
        scale=float,
        least=GAP,
        form=_percent,
        is_ceiling=True,
        largest=1.0,
    ),
    "rejected": _Share(
        metric="rejected",
        words="pages rejected",
        lacking=lambda m: Part(m.rejected, m.tried),
        is_told=True,
        excess=EXCESS,
    ),
}
"""The gates by the key of their bound in a site's TOML."""
