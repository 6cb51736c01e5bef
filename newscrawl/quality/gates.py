"""The gates: in which ways a run can break the pattern of its site's runs.

Each compares the run with history, or with the user's own bound in its place. The figures behind
the thresholds are those of ``tests.benchmarks.quality``: synthetic sites, hourly and daily, with
nights, weekends, clusters and lists that come and go.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise
from math import log2
from statistics import median

from newscrawl.contract.manifest import Breach, Metrics
from newscrawl.quality.chance import Part, Spread, tail, total, typical_rate, typical_share
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
"""Standard deviations by which an amount breaks the pattern: of a small site's first hundred runs,
in which they are badly known, 5 took four of a thousand for broken, 6 two."""
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

_HOUR = dt.timedelta(hours=1)

Bounds = Mapping[str, float | None]
"""The user's bounds by gate; ``None`` closes no gate: it isn't looked at."""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _part(part: Part) -> str:
    return f"{part.some} of {part.all}"


def _whole(amount: float) -> str:
    return f"{amount:.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(ABC):
    """One way to break the pattern."""

    metric: str
    """The key of its bound."""
    words: str
    """What is counted or measured, behind the figure."""
    form: Callable[[float], str]
    """The figure as it is told."""
    is_ceiling: bool = False
    """Whether a bound is the most that is allowed, not the least."""
    largest: float = 1e6
    """The largest bound that makes sense; the least is 0."""

    @abstractmethod
    def value(self, metrics: Metrics) -> float | None:
        """What is compared; ``None`` for a run that says nothing of it."""

    @abstractmethod
    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        """How ``run`` breaks the pattern of the runs before it, newest first."""

    def against_bound(self, metrics: Metrics, bound: float) -> Breach | None:
        """How a run is beyond the user's bound."""
        value = self.value(metrics)
        if value is None or (value <= bound if self.is_ceiling else value >= bound):
            return None
        side = "most" if self.is_ceiling else "least"
        told = self.told(metrics, value)
        return self.breach(
            value, bound, f"{told} {self.words}, at {side} {self.form(bound)} wanted"
        )

    def told(self, metrics: Metrics, value: float) -> str:  # noqa: ARG002 - for shares
        """A run's figure, for people."""
        return self.form(value)

    def breach(self, value: float, expected: float, detail: str) -> Breach:
        """This gate's breach, its figures rounded."""
        return Breach(
            metric=self.metric, value=round(value, 4), expected=round(expected, 4), detail=detail
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share(Gate):
    """A share that must not grow where it has a ceiling, nor shrink where it has a floor."""

    part: Callable[[Metrics], Part]
    excess: float = 0.0
    """How many times the usual number a run there must be of them, whatever their share."""
    form: Callable[[float], str] = _percent
    largest: float = 1.0

    def value(self, metrics: Metrics) -> float | None:
        part = self.part(metrics)
        return part.some / part.all if part.all else None

    def told(self, metrics: Metrics, value: float) -> str:  # noqa: ARG002 - for others
        return _part(self.part(metrics))

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        own = self._bad(run.metrics)
        known = [self._bad(past.metrics) for past in history]
        if not own.all or total(known).all < KNOWN_STORIES:
            return None
        runs = _alike([own, *known], typical_share(known))
        lately, before = total(runs), known[max(0, len(runs) - 1) :]
        if len(before) < KNOWN_RUNS or total(before).all < KNOWN_STORIES:
            return None
        usual = typical_share(before)
        often = typical_rate([part.some for part in before]) * len(runs)
        if tail(lately, usual) >= CHANCE or lately.some < self.excess * often:
            return None
        shown = lately if self.is_ceiling else lately.others()
        expected = usual if self.is_ceiling else 1 - usual
        detail = f"{_part(shown)} {self.words}, {self.form(expected)} before"
        return self.breach(shown.some / shown.all, expected, detail)

    def _bad(self, metrics: Metrics) -> Part:
        """Those of which there must not be more."""
        part = self.part(metrics)
        return part if self.is_ceiling else part.others()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amount(Gate):
    """A median or mean of the stories that must neither grow nor shrink."""

    read: Callable[[Metrics], float | None]
    scale: Callable[[float], float]
    """To the scale on which differences are alike."""
    least: float
    """On that scale: what is no break, however steady the site was."""

    def value(self, metrics: Metrics) -> float | None:
        return self.read(metrics)

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        value = self.read(run.metrics)
        pairs = [(self.read(past.metrics), past.metrics.stories) for past in history]
        known = [(amount, stories) for amount, stories in pairs if amount is not None]
        if value is None or len(known) < KNOWN_AMOUNTS:
            return None
        spread = Spread.of([(self.scale(amount), stories) for amount, stories in known])
        allowed = max(self.least, spread.deviations(run.metrics.stories, DEVIATIONS))
        if abs(self.scale(value) - spread.centre) <= allowed:
            return None
        usual = median(amount for amount, _ in known)
        detail = f"{self.form(value)} {self.words}, {self.form(usual)} before"
        return self.breach(value, usual, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed(Gate):
    """The stories that the site's lists name must not vanish."""

    def value(self, metrics: Metrics) -> float | None:
        return metrics.listed

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        listed = run.metrics.listed
        known = [past.metrics.listed for past in history if past.metrics.listed is not None]
        if listed is None or len(known) < KNOWN_RUNS:
            return None
        usual = median(known)
        if usual < MANY or listed > COLLAPSED * usual:
            return None
        return self.breach(listed, usual, f"{listed} {self.words}, {self.form(usual)} before")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stories(Gate):
    """The site must not fall silent: not at once where it never was, nor for much longer than it
    ever was."""

    def value(self, metrics: Metrics) -> float | None:
        return metrics.stories

    def against_history(self, run: Measured, history: Sequence[Measured]) -> Breach | None:
        if run.metrics.stories:
            return None
        known = list(dropwhile(lambda past: not past.metrics.stories, history))
        least = min((past.metrics.stories for past in known), default=0)
        if len(known) >= KNOWN_AMOUNTS and least >= ALWAYS:
            return self.breach(0, least, f"no {self.words}, {least} at least before")
        spoke = [past.at for past in known if past.metrics.stories]
        spells = [later - earlier for later, earlier in pairwise(spoke)]
        if len(spells) < DRY_SPELLS or run.at - spoke[0] <= DRY * max(spells):
            return None
        silence, longest = ((time / _HOUR) for time in (run.at - spoke[0], max(spells)))
        detail = f"no {self.words} in {silence:.0f} hours, {longest:.0f} at most before"
        return self.breach(0, 1, detail)


def _alike(parts: Sequence[Part], usual: float) -> Sequence[Part]:
    """The newest runs, as far back as all of them differ, until they have ``ENOUGH``."""
    stories = 0
    for number, part in enumerate(parts):
        if stories >= ENOUGH or part.some < (usual + GAP) * part.all:
            return parts[:number]
        stories += part.all
    return parts


_GATES = (
    _Listed(metric="listed", words="stories listed", form=_whole),
    _Stories(metric="stories", words="stories", form=_whole),
    _Share(
        metric="date",
        words="stories with a date",
        part=lambda m: Part(m.with_date, m.stories),
    ),
    _Share(
        metric="byline",
        words="stories with a byline",
        part=lambda m: Part(m.with_byline, m.stories),
    ),
    _Amount(
        metric="words",
        words="words in the median story",
        form=_whole,
        read=lambda m: m.median_words,
        scale=lambda words: log2(max(1.0, words)),
        least=1.0,
    ),
    _Amount(
        metric="removed",
        words="of the text removed as asks",
        form=_percent,
        is_ceiling=True,
        largest=1.0,
        read=lambda m: m.removed_share,
        scale=float,
        least=GAP,
    ),
    _Share(
        metric="rejected",
        words="pages rejected",
        is_ceiling=True,
        part=lambda m: Part(m.rejected, m.tried),
        excess=EXCESS,
    ),
)
GATES: Mapping[str, Gate] = {gate.metric: gate for gate in _GATES}
"""The gates by the key of their bound in a site's TOML."""
