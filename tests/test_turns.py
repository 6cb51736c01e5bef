"""Several processes on one host: together they ask no more often than one of them would."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from twisted.internet.defer import Deferred

from newscrawl import clock, turns
from newscrawl.state import Rates
from newscrawl.turns import TurnSlot
from tests.command import message, newscrawl
from tests.driver import crawl, run_forked
from tests.misbehaving import Server, serve

HOST = "news.example"
HOUR = 3600.0
DYING = """
import os, signal, sys
from pathlib import Path
from newscrawl.state import rates

shared = rates.Rates(Path(sys.argv[1]))
shared.take("first.example", 3600)
rates._now = lambda: os.kill(os.getpid(), signal.SIGKILL)
shared.take("news.example", 3600)
"""
"""A process that is killed inside of its second turn."""


class Clock:
    """Both clocks, at a time of one's own."""

    def __init__(self) -> None:
        self.time = HOUR

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 18, tzinfo=dt.UTC) + dt.timedelta(seconds=self.time)

    def monotonic(self) -> float:
        return self.time


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, which stands still unless the test moves it."""
    moved = Clock()
    monkeypatch.setattr(clock, "now", moved.now)
    monkeypatch.setattr(turns, "monotonic", moved.monotonic)
    return moved


@pytest.fixture
def open_rates(tmp_path: Path) -> Iterator[Callable[[], Rates]]:
    """Gives each "process" its own connection to one file."""
    opened: list[Rates] = []

    def open_one() -> Rates:
        opened.append(Rates(tmp_path / "state.rates"))
        return opened[-1]

    yield open_one
    for rates in opened:
        rates.close()


def _busy(slot: Slot) -> Slot:
    """A slot with a request that waits."""
    slot.queue.append((Request("https://news.example/"), Deferred()))
    return slot


def _turn_slot(rates: Rates, delay: float = 1.0, jitter: float = 0.5) -> Slot:
    return _busy(TurnSlot(Slot(2, delay, jitter), lambda interval: rates.take(HOST, interval)))


def _requests(time: Clock, slots: list[Slot], seconds: float) -> list[tuple[float, int]]:
    """When each slot sends, as Scrapy asks it, over so many seconds; timers are 2 ms late at most,
    which of them goes off first is up to chance."""
    chance = random.Random(0)  # noqa: S311 - for a simulation
    sent: list[tuple[float, int]] = []
    timers = [(time.time, number) for number in range(len(slots))]
    end = time.time + seconds
    while timers[0][0] < end:
        time.time, number = heapq.heappop(timers)
        slot = slots[number]
        wait = slot.download_delay() - time.time + slot.lastseen
        if wait <= 0:
            slot.lastseen = time.time
            sent.append((time.time, number))
        heapq.heappush(timers, (time.time + max(wait, 0) + chance.uniform(0, 0.002), number))
    return sent


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_one_rate_for_all(time: Clock, open_rates: Callable[[], Rates], processes: int) -> None:
    """However many they are, the delay is between any two requests, within its jitter; and each
    process has its share."""
    slots = [_turn_slot(open_rates()) for _ in range(processes)]
    sent = _requests(time, slots, 1000)
    gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(sent)]
    assert 950 <= len(sent) <= 1050
    assert 0.5 <= min(gaps) <= max(gaps) <= 1.51
    counts = [sum(number == own for _, own in sent) for number in range(processes)]
    assert min(counts) > 0.7 * len(sent) / processes


def test_alone_no_slower_than_scrapy(time: Clock) -> None:
    """With nobody else there, a host is asked as often as Scrapy itself would."""
    plain = _requests(time, [_busy(Slot(2, 1.0, 0.5))], 1000)
    own = _requests(time, [_turn_slot(Rates(None))], 1000)
    assert len(own) >= len(plain)


def test_no_delay(time: Clock, open_rates: Callable[[], Rates]) -> None:
    """Without a delay nobody waits, unless the host wants a pause."""
    slot, other = _turn_slot(open_rates(), delay=0), open_rates()
    assert [slot.download_delay() for _ in range(3)] == [0.0] * 3
    other.pause(HOST, 10)
    assert slot.download_delay() > 0
    time.time += 10
    assert slot.download_delay() == 0.0


def test_longer_delay_holds_at_once(time: Clock) -> None:
    """A delay that gets longer behind a request is kept behind that request already."""
    slot = _turn_slot(Rates(None))
    assert _requests(time, [slot], 0.1)
    before, slot.delay, slot.jitter = slot.lastseen, 75.0, 0.2
    ((sent, _),) = _requests(time, [slot], 91)
    assert sent - before >= 60


def test_turn_is_taken_when_a_request_can_be_sent(
    time: Clock, open_rates: Callable[[], Rates]
) -> None:
    """A process with nothing to send, or with all its answers pending, takes no turn."""
    slot, other = _turn_slot(open_rates()), open_rates()
    slot.transferring |= {Request("https://news.example/1"), Request("https://news.example/2")}
    slot.download_delay()
    assert other.take(HOST, 10) == 0
    time.time += 10
    slot.transferring.clear()
    slot.queue.clear()
    slot.download_delay()
    assert other.take(HOST, 10) == 0


def test_pause_is_everybodys(time: Clock, open_rates: Callable[[], Rates]) -> None:
    """A pause holds for all, and no shorter one ends it; another host has its own turns."""
    one, other = open_rates(), open_rates()
    one.pause(HOST, 30)
    one.pause(HOST, 2)
    assert other.take(HOST, 1) == pytest.approx(30)
    assert other.take("other.example", 1) == 0
    time.time += 30
    assert other.take(HOST, 1) == 0


@pytest.mark.parametrize("hours", [-3, 3])
def test_clock_that_jumps(time: Clock, open_rates: Callable[[], Rates], hours: int) -> None:
    """Whichever way the clock is set, nobody waits for it to come back."""
    rates = open_rates()
    rates.pause(HOST, 30)
    time.time += hours * HOUR
    assert rates.take(HOST, 1) == 0
    assert rates.take(HOST, 1) == pytest.approx(1)


def test_file_holds_no_turns_that_are_over(
    time: Clock, open_rates: Callable[[], Rates], tmp_path: Path
) -> None:
    """Hosts are forgotten when nobody has to wait for them any more."""
    rates = open_rates()
    for number in range(2000):
        rates.take(f"{number}.example", 1)
    rates.close()
    time.time += 2
    open_rates().pause(HOST, 30)
    again = open_rates()
    assert again.take(HOST, 1) == pytest.approx(30)
    connection = again._connection
    assert connection is not None
    assert connection.execute("SELECT count(*) FROM turns").fetchone() == (1,)


def test_file_that_a_power_cut_has_broken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that can't be read any more is begun anew, without a word."""
    path = tmp_path / "state.rates"
    path.write_bytes(b"\0" * 4096 + b"rubbish" * 1000)
    one, other = Rates(path), Rates(path)
    assert one.take(HOST, 60) == 0
    assert other.take(HOST, 60) > 0
    one.close()
    other.close()
    assert not caplog.messages


def test_place_that_cannot_be_written(caplog: pytest.LogCaptureFixture) -> None:
    """Where there can be no file, one warning says so, and the process keeps its own turns."""
    rates = Rates(Path("/dev/null/state.rates"))
    assert rates.take(HOST, 60) == 0
    assert rates.take(HOST, 60) > 0
    (message,) = caplog.messages
    assert message.startswith("cannot use /dev/null/state.rates: ")
    rates.close()


def test_killed_process_blocks_nobody(tmp_path: Path) -> None:
    """Who is killed in the middle of a turn leaves no lock, and a file that can be read."""
    path = tmp_path / "state.rates"
    killed = subprocess.run([sys.executable, "-c", DYING, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    rates = Rates(path)
    assert rates.take("first.example", HOUR) > 0
    assert rates.take(HOST, HOUR) == 0
    rates.close()


def test_many_begin_at_once(tmp_path: Path) -> None:
    """Of many that open a new file at the same time, one has the turn and nobody fails."""

    def take(_: int) -> float:
        rates = Rates(tmp_path / "new" / "state.rates")
        try:
            return rates.take(HOST, HOUR)
        finally:
            rates.close()

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(take, range(40)))
    assert waits.count(0) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["state.rates"]


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server of a test's own."""
    with serve() as running:
        yield running


DELAY = 0.2
PAUSE = 1.0
"""What the server asks for."""
FETCHED = {"newscrawl.pipelines.FetchedPipeline": 50}
"""Nothing is read of the pages: what takes time is waiting."""
PACE = {
    "AUTOTHROTTLE_START_DELAY": 0,
    "AUTOTHROTTLE_TARGET_CONCURRENCY": 1000,
    "DOWNLOAD_DELAY_JITTER": 0,
    "ROBOTSTXT_OBEY": False,
}
"""The delay is the delay."""


def _two_crawls(folder: Path, server: Server, *paths: list[str]) -> None:
    """Crawl in two processes at a time: with a state, and beside it without."""
    options: list[Mapping[str, Any]] = [
        {"state": str(folder / "state"), "delay": DELAY},
        {"rates": str(folder / "state.rates"), "delay": DELAY},
    ]
    settings: Mapping[str, Any] = PACE | {
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_TIMEOUT": 40,
        "ITEM_PIPELINES": FETCHED,
        "RETRY_TIMES": 2,
    }

    def run(number: int) -> None:
        own = folder / str(number)
        own.mkdir()
        crawls = [crawl(urls=[server.url + path for path in paths[number]])]
        run_forked(own, crawls, options=options[number], settings=settings)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))


def test_two_processes(tmp_path: Path, own_server: Server) -> None:
    """A scrape beside a crawl: from the moment that both are there, their requests come no closer
    than one process's would, and a pause that one is asked for is kept by the other."""
    stories = [f"/story/of-the-wall-{number}" for number in range(10)]
    busy = "/busy-for-a-second/story-of-the-wall-22"
    _two_crawls(tmp_path, own_server, ["/both", *stories[:5]], ["/both", busy, *stories[5:]])
    times, paths = own_server.times[1:], own_server.requests[1:]
    assert sorted(paths) == sorted(["/both", busy, busy, *stories])
    # A request may take a little longer to arrive than the next one: two delays are left for that.
    assert times[-1] - times[0] >= DELAY * (len(times) - 4) + PAUSE
    behind = times[paths.index(busy) :]
    assert max(later - earlier for earlier, later in itertools.pairwise(behind)) > 0.9 * PAUSE


def test_deadline_waits_for_no_pause(tmp_path: Path, own_server: Server) -> None:
    """A crawl that ends while a host wants a pause doesn't sit it out, and asks no more."""
    url = f"{own_server.url}/busy-for-a-minute/story-of-the-wall-24"
    done = run_forked(
        tmp_path, [crawl(urls=[url])], options={"deadline": 1}, settings=PACE | {"RETRY_TIMES": 2}
    )
    (outcome,) = done["outcomes"]
    assert own_server.requests == ["/busy-for-a-minute/story-of-the-wall-24"]
    assert (outcome["status"], outcome["left"], outcome["rejected"]) == ("deadline", 1, {})


def test_stop_waits_for_no_turn(tmp_path: Path, own_server: Server) -> None:
    """A front page that waits for its turn when the crawl is stopped is left, and no reject."""
    own_server.robots = b"User-agent: *\nCrawl-delay: 50\n"
    done = run_forked(
        tmp_path,
        [crawl("site", start=f"{own_server.url}/")],
        options={"delay": DELAY},
        kill_on="robots_parsed",
        kill_with=["SIGTERM"],
    )
    (outcome,) = done["outcomes"]
    assert own_server.requests == ["/robots.txt"]
    assert (outcome["status"], outcome["left"], outcome["rejected"]) == ("stopped", 1, {})


def test_scrape_takes_part(tmp_path: Path, own_server: Server) -> None:
    """A scrape keeps to the rate of the crawls that use its state, and makes no state itself; where
    nothing can be written, it says so once and goes on."""
    arguments = ("scrape", f"{own_server.url}/story/of-the-wall-1", "--allow-private", "--quiet")
    done = newscrawl(tmp_path, *arguments)
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.relative_to(tmp_path) == Path(".local/state/newscrawl/state.sqlite.rates")
    done = newscrawl(tmp_path, *arguments, "--state", "/dev/null/state")
    assert message(done).startswith("cannot use /dev/null/state.rates: ")
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)
