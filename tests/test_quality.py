"""The quality gates: what breaks a pattern, what doesn't, and how often they are wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import pytest

from newscrawl.contract.manifest import Metrics
from newscrawl.quality import GATES, Bounds, Measured, Tally, judge
from newscrawl.quality.chance import Part, tail, typical_share
from newscrawl.records import Article, Author, Extractor, Removed
from tests.simulated_sites import BREAKS, DAY, PLOTS, history_of, judged, simulate

NOW = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
USUAL = Metrics(
    listed=40,
    stories=6,
    with_date=6,
    with_byline=5,
    median_words=420,
    removed_share=0.12,
    tried=7,
    rejected=1,
)
SILENT = replace(
    USUAL, stories=0, with_date=0, with_byline=0, median_words=None, removed_share=None, tried=0,
    rejected=0,
)  # fmt: skip


def _runs(*metrics: Metrics, every: dt.timedelta = HOUR) -> list[Measured]:
    """The runs before ``NOW``, newest first."""
    return [Measured(NOW - (n + 1) * every, one) for n, one in enumerate(metrics)]


HISTORY = _runs(*(replace(USUAL, median_words=380 + 20 * (n % 5)) for n in range(30)))


def _broken(
    run: Metrics, history: Sequence[Measured] = HISTORY, bounds: Bounds | None = None
) -> dict[str, str]:
    """The breaches of a run that ends now: gate and words."""
    breaches = judge(Measured(NOW, run), history, bounds or {}).breaches
    return {breach.metric: breach.detail for breach in breaches}


def test_usual_run_breaks_nothing() -> None:
    """A run like those before it passes every gate, and says with how many it was compared."""
    quality = judge(Measured(NOW, USUAL), HISTORY, {})
    assert (quality.metrics, quality.runs, quality.breaches) == (USUAL, 30, ())


@pytest.mark.parametrize(
    ("change", "gate", "detail"),
    [
        ({"with_date": 0}, "date", "0 of 6 stories with a date, 99 % before"),
        ({"median_words": 30}, "words", "30 words in the median story, 420 before"),
        ({"median_words": 5000}, "words", "5000 words in the median story, 420 before"),
        ({"removed_share": 0.7}, "removed", "70 % of the text removed as asks, 12 % before"),
        ({"tried": 36, "rejected": 30}, "rejected", "30 of 36 pages rejected, 15 % before"),
        ({"listed": 1}, "listed", "1 stories listed, 40 before"),
    ],
)
def test_break_is_named(change: dict[str, int], gate: str, detail: str) -> None:
    """Each way to break the pattern is noticed by its own gate, and said in figures."""
    assert _broken(replace(USUAL, **change)) == {gate: detail}


@pytest.mark.parametrize("gate", [gate for gate, _ in BREAKS.values()])
def test_first_run_has_no_verdict(gate: str) -> None:
    """Without earlier runs, and with too few, nothing is improbable."""
    change = next(change for name, change in BREAKS.values() if name == gate)
    for history in ([], HISTORY[:2]):
        assert gate not in _broken(change(USUAL), history)


def test_quiet_night_breaks_nothing() -> None:
    """Hours without a story are nothing new where nights are silent; days without one are."""
    day = [replace(USUAL, stories=2, with_date=2, with_byline=2, tried=2, rejected=0)] * 16
    history = _runs(*[*[SILENT] * 8, *day] * 10)
    assert _broken(SILENT, history) == {}
    silence = _runs(*[SILENT] * 27, *[*day, *[SILENT] * 8] * 10)
    assert _broken(SILENT, silence) == {"stories": "no stories in 28 hours, 9 at most before"}


def test_site_that_never_was_silent() -> None:
    """Where every run had stories, the first without any breaks the pattern."""
    assert _broken(SILENT) == {"stories": "no stories, 6 at least before"}


def test_few_stories_count_together() -> None:
    """A single story without a date is nothing; three in a row, a run each, are."""
    one = replace(USUAL, stories=1, with_date=1, with_byline=1, tried=1, rejected=0)
    undated = replace(one, with_date=0)
    before = [one] * 60
    for runs in range(3):
        broken = _broken(undated, _runs(*[undated] * runs, *before))
        assert list(broken) == (["date"] if runs == 2 else [])
    assert _broken(one, _runs(*[undated] * 3, *before)) == {}


def test_rejects_alone_break_nothing_at_night() -> None:
    """Pages that are no stories come when no stories do, and are then all that there is."""
    night = replace(SILENT, tried=1, rejected=1)
    history = _runs(*[*[night] * 8, *[USUAL] * 16] * 10)
    assert _broken(replace(night, tried=2, rejected=2), history) == {}


def test_small_difference_breaks_nothing() -> None:
    """A share that fell by less than a quarter is no broken template, however many stories say so;
    nor is a median of twice the words."""
    many = replace(USUAL, stories=1000, with_date=800, with_byline=800, tried=1000)
    assert _broken(many) == {}
    assert _broken(replace(USUAL, median_words=800)) == {}


def test_broken_day_does_not_become_the_pattern() -> None:
    """A break is named for days; a change that stays is the pattern within a fortnight."""
    broken, daily = replace(USUAL, with_date=0), dt.timedelta(days=1)

    def after(days: int) -> dict[str, str]:
        return _broken(broken, _runs(*[broken] * days, *[USUAL] * (20 - days), every=daily))

    assert [list(after(days)) for days in range(5)] == [["date"]] * 5
    assert after(14) == {}


def test_bound_takes_the_place_of_history() -> None:
    """A number is a floor or a ceiling, from the first run on; ``None`` closes nothing."""
    bounds = {
        "date": 0.9, "byline": 0.9, "rejected": 0.1, "removed": 0.1, "words": 500, "listed": 50,
        "stories": 7,
    }  # fmt: skip
    assert _broken(USUAL, [], bounds) == {
        "byline": "5 of 6 stories with a byline, at least 90 % wanted",
        "rejected": "1 of 7 pages rejected, at most 10 % wanted",
        "removed": "12 % of the text removed as asks, at most 10 % wanted",
        "words": "420 words in the median story, at least 500 wanted",
        "listed": "40 stories listed, at least 50 wanted",
        "stories": "6 stories, at least 7 wanted",
    }
    worst = replace(USUAL, with_date=0, with_byline=0, listed=0, median_words=1, rejected=7)
    assert _broken(worst, HISTORY, dict.fromkeys(GATES)) == {}
    assert _broken(SILENT, [], {"date": 0.9, "words": 100, "removed": 0.1, "rejected": 0.1}) == {}


def _article(**more: object) -> Article:
    facts = {"id": "a", "url": None, "extractor": Extractor(version="1"), **more}
    return Article(**facts)  # type: ignore[arg-type]


def test_tally_counts_records() -> None:
    """Dates, bylines or authors, the median of the words, and the asks' share of the text."""
    ask = Removed(label="newsletter", text="x" * 30, confidence=1, reason="", path="/", after=0)
    nav = replace(ask, label="nav")
    tally = Tally(removed=True)
    tally.add(_article(body="y" * 60, word_count=5, date_published=dt.date(2026, 1, 2)))
    tally.add(_article(body="y" * 10, word_count=300, byline="By Maud Ellery", removed=(ask, nav)))
    tally.add(_article(body="y" * 20, word_count=200, authors=(Author(name="Maud Ellery"),)))
    assert tally.metrics(listed=9, rejected=2) == Metrics(
        listed=9, stories=3, with_date=1, with_byline=2, median_words=200, removed_share=0.25,
        tried=5, rejected=2,
    )  # fmt: skip
    assert Tally(removed=True).metrics(listed=None, rejected=0) == replace(SILENT, listed=None)


def test_asks_that_are_not_written_have_no_share() -> None:
    """Under ``--removed none`` nobody can say how much was removed."""
    tally = Tally(removed=False)
    tally.add(_article(body="y", word_count=1))
    assert tally.metrics(listed=None, rejected=0).removed_share is None


def test_tail_is_a_probability() -> None:
    """Of none or more it is 1, and it falls with every one more; clusters make it fatter than that
    of independent stories."""
    tails = [tail(Part(some, 8), 0.2) for some in range(9)]
    assert tails[0] == pytest.approx(1)
    assert tails == sorted(tails, reverse=True)
    assert tails[8] > 0.2**8


def test_one_odd_run_does_not_move_the_typical_share() -> None:
    """Even if it has a third of the stories: a first run, or a broken one."""
    parts = [Part(100, 100), *[Part(1, 10)] * 20]
    assert typical_share(parts) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("name", PLOTS)
def test_false_alarms_are_rare(name: str) -> None:
    """On a healthy site hardly a run breaks the pattern: one of 250 here, with nights, weekends and
    clusters; ``tests.benchmarks.quality`` has the figures of longer lives."""
    alarms = [run.at for run, breaches in judged(PLOTS[name], 2, 250) if breaches]
    assert len(alarms) <= 1


@pytest.mark.parametrize("name", BREAKS)
def test_breaks_are_noticed_in_the_first_run(name: str) -> None:
    """On a site with 100 stories a day, at once, and still on the third day."""
    gate, change = BREAKS[name]
    source = simulate(PLOTS["daily, 100 a day"], 3)
    runs = list(islice(source, 25))
    for run in islice(source, 3):
        broken = Measured(run.at, change(run.metrics))
        breaches = judge(broken, history_of(runs), {}).breaches
        assert gate in {breach.metric for breach in breaches}
        runs.append(broken)
    assert runs[-1].at - runs[-4].at == 3 * DAY
