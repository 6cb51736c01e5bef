"""A run's verdict: every gate that it doesn't pass."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.contract.manifest import Breach, Quality
from newscrawl.quality.gates import GATES, Bounds, Gate
from newscrawl.quality.measuring import Measured


def judge(run: Measured, history: Sequence[Measured], bounds: Bounds) -> Quality:
    """How a run compares with the site's earlier ones, newest first, and with the user's bounds,
    each of which takes the place of history."""

    def breach_of(name: str, gate: Gate) -> Breach | None:
        if name not in bounds:
            return gate.against_history(run, history)
        bound = bounds[name]
        return None if bound is None else gate.against_bound(run.metrics, bound)

    breaches = (breach_of(name, gate) for name, gate in GATES.items())
    return Quality(
        metrics=run.metrics,
        runs=len(history),
        breaches=tuple(breach for breach in breaches if breach is not None),
    )
