"""Trends: plots over a site's last runs, and their words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newscrawl.contract.manifest import Breach
from newscrawl.views.runs import read_run
from newscrawl.views.trends import HEIGHT, WIDTH, Plot, duration, plots
from tests.runs import MORNING, article, quality, write_run

_BREACH = Breach(metric="date", value=0, expected=1, detail="no date")


def _plots(folder: Path, *counts: int) -> dict[str, Plot]:
    """Plots by name, of runs with so many stories, the last two with a quality."""
    for number, count in enumerate(counts):
        last = number == len(counts) - 1
        path = write_run(
            folder,
            map(article, range(count)),
            started=MORNING + dt.timedelta(hours=number),
            quality=quality(*[_BREACH] * last) if number > len(counts) - 3 else None,
            status="failed" if number == 0 else "done",
        )
    return {plot.name: plot for plot in plots(read_run(path))}


def test_bars_are_the_runs(tmp_path: Path) -> None:
    """A bar a run, oldest first, in proportion; how the run went is its class."""
    plot = _plots(tmp_path, 0, 4, 2)["Stories"]
    assert [bar.kind for bar in plot.bars] == ["failed", "fine", "fine now"]
    empty, full, half = (bar.height for bar in plot.bars)
    assert 0 < empty < half == HEIGHT / 2 < full == HEIGHT
    assert [bar.x for bar in plot.bars] == sorted(bar.x for bar in plot.bars)
    assert plot.bars[-1].x + plot.bars[-1].width <= WIDTH
    assert plot.bars[1].title == "2026-11-23 05:00: 4"


def test_breach_is_marked_where_it_is(tmp_path: Path) -> None:
    """What broke the pattern is marked in its own plot, and in no other."""
    found = _plots(tmp_path, 1, 1, 1)
    broken = [name for name, plot in found.items() if plot.bars[-1].kind == "breach now"]
    assert broken == ["With a date"]


def test_plot_in_words(tmp_path: Path) -> None:
    """What the plot shows stands there as a sentence, too."""
    plot = _plots(tmp_path, 0, 4, 2)["Stories"]
    assert (plot.now, plot.usual) == ("2", "2")
    assert plot.words == "Stories: 2 in this run; in the 2 before it 0 to 4, usually 2"


def test_runs_of_which_nothing_is_known_have_no_bar(tmp_path: Path) -> None:
    """A figure is drawn for the runs that have it, and not at all for fewer than two."""
    found = _plots(tmp_path, 1, 1, 1, 1)
    assert len(found["With a date"].bars) == 2
    assert len(found["Stories"].bars) == 4
    assert _plots(tmp_path / "first", 3) == {}


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.04, "0.0 s"),
        (9.99, "10 s"),
        (89, "89 s"),
        (90, "1.5 min"),
        (3600, "60 min"),
        (9000, "2.5 h"),
    ],
)
def test_duration(seconds: float, written: str) -> None:
    """A duration has two digits and the unit that suits it."""
    assert duration(seconds) == written
