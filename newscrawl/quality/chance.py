"""What chance allows: the arithmetic of the gates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import exp, lgamma, sqrt
from statistics import median
from typing import NamedTuple

CORRELATION = 0.15
"""How alike the stories of one run are, as the correlation of a beta-binomial: agency copy without
bylines comes in clusters. 0 would be independent stories; with 0.1, five of a thousand healthy runs
with 100 stories were taken for broken, with 0.15 less than one (``tests.benchmarks.quality``)."""
_BLOCK = 30
"""Stories, or runs, that make a block of history whose mean is worth something by itself."""
_BLOCKS = range(3, 10)
"""Into how many blocks history is dealt; with too few stories for the fewest it stays whole."""
_TO_DEVIATION = 1.4826
"""From the median of absolute deviations to the standard deviation, of a normal distribution."""


class Part(NamedTuple):
    """Some of so many."""

    some: int
    """How many of them are so."""
    all: int
    """How many there are."""

    def others(self) -> Part:
        """Those that aren't so."""
        return Part(self.all - self.some, self.all)


def total(parts: Sequence[Part]) -> Part:
    """All of them together."""
    return Part(sum(part.some for part in parts), sum(part.all for part in parts))


def typical_share(history: Sequence[Part]) -> float:
    """The share that runs have, oldest or newest first: the median of the shares of blocks of runs
    with about equally many stories, so that a change counts once it is half of history. Laplace's
    rule keeps it away from 0 and 1. Some of the runs have stories."""
    stories = total(history).all
    return (_median_of_means(history, stories) * stories + 1) / (stories + 2)


def typical_rate(history: Sequence[int]) -> float:
    """How many a run has, likewise."""
    return _median_of_means([Part(number, 1) for number in history], len(history))


def _median_of_means(history: Sequence[Part], size: int) -> float:
    number = min(size // _BLOCK, _BLOCKS[-1])
    return median(_block_shares(history, size / (number if number in _BLOCKS else 1)))


def _block_shares(history: Sequence[Part], size: float) -> list[float]:
    starts, before = [], 0
    for part in history:
        starts.append(int(before / size))
        before += part.all
    shares = []
    for _, block in groupby(zip(starts, history, strict=True), key=lambda pair: pair[0]):
        some, all_ = total([part for _, part in block])
        if all_:
            shares.append(some / all_)
    return shares


def tail(part: Part, share: float) -> float:
    """The probability of at least as many where each is so with probability ``share``: of a
    beta-binomial distribution with ``CORRELATION``."""
    some, all_ = part
    strength = 1 / CORRELATION - 1
    a, b = share * strength, (1 - share) * strength
    log = lgamma(all_ + 1) - lgamma(some + 1) - lgamma(all_ - some + 1)
    log += lgamma(a + some) + lgamma(b + all_ - some) - lgamma(a + b + all_)
    term = exp(log - lgamma(a) - lgamma(b) + lgamma(a + b))
    probability = term
    for k in range(some, all_):
        term *= (all_ - k) / (k + 1) * (a + k) / (b + all_ - k - 1)
        probability += term
    return probability


class Spread(NamedTuple):
    """Where the medians or means of runs lie."""

    centre: float
    """Their median."""
    deviation: float
    """The standard deviation of a single story, by the median of what each run tells of it."""

    @classmethod
    def of(cls, history: Sequence[tuple[float, int]]) -> Spread:
        """The spread of runs' values, with the number of stories that each is made of."""
        centre = median(value for value, _ in history)
        apart = [abs(value - centre) * sqrt(stories) for value, stories in history]
        return cls(centre, _TO_DEVIATION * median(apart))

    def deviations(self, stories: int, number: float) -> float:
        """So many standard deviations of a value made of so many stories."""
        return number * self.deviation / sqrt(stories)
