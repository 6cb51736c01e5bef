"""How often the quality gates are wrong, and how soon they notice: on synthetic sites.

``python -m tests.benchmarks.quality`` prints false alarms a thousand healthy runs by site, and for
each kind of break how many were noticed by the stories of the first run after it, and within a day.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from itertools import islice

from newscrawl.quality import Measured, judge
from tests.simulated_sites import BREAKS, DAY, PLOTS, history_of, judged, simulate

HEALTHY = 1500
"""Runs of each site."""
BROKEN = 25
"""Breaks of each kind, of each site."""
BEFORE = 400
"""Runs before a break."""
SIZES = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 9), (10, 1000))


def _false_alarms() -> None:
    print(f"{'false alarms a 1,000 healthy runs':<36}   all  by gate")
    for name, plot in PLOTS.items():
        alarms: Counter[str] = Counter()
        broken = 0
        for _, breaches in judged(plot, 1, HEALTHY):
            broken += bool(breaches)
            alarms.update(breach.metric for breach in breaches)
        by_gate = ", ".join(f"{gate} {1000 * n / HEALTHY:.1f}" for gate, n in alarms.items())
        print(f"{name:<36} {1000 * broken / HEALTHY:>5.1f}  {by_gate}")


def _detection() -> None:
    sizes = [f"{a}-{b}" if a != b else str(a) for a, b in SIZES]
    print(f"\n{'noticed in the first run, %, by stories':<40}", *(f"{s:>8}" for s in sizes))
    for name, (gate, change) in BREAKS.items():
        first: defaultdict[int, list[bool]] = defaultdict(list)
        day: list[bool] = []
        for plot in PLOTS.values():
            if plot.every > DAY:
                continue
            for seed in range(BROKEN):
                source = simulate(plot, 100 + seed)
                runs = list(islice(source, (BEFORE if plot.every < DAY else 40) + seed))
                found = []
                start = runs[-1].at
                for run in source:
                    if run.at > start + DAY:
                        break
                    broken = Measured(run.at, change(run.metrics))
                    breaches = judge(broken, history_of(runs), {}).breaches
                    found.append(any(breach.metric == gate for breach in breaches))
                    if len(found) == 1:
                        number = run.metrics.stories
                        size = next(n for n, (a, b) in enumerate(SIZES) if a <= number <= b)
                        first[size].append(found[0])
                    runs.append(broken)
                day.append(any(found))
        shares = [
            f"{100 * sum(first[n]) / len(first[n]):.0f}" if first[n] else "-"
            for n in range(len(SIZES))
        ]
        within = 100 * sum(day) / len(day)
        print(f"{name:<40}", *(f"{s:>8}" for s in shares), f"  within a day {within:.0f}")


if __name__ == "__main__":
    _false_alarms()
    if "--quick" not in sys.argv:
        _detection()
