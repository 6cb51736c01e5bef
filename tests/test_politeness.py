"""How a crawl treats a server that asks for patience, and when it has asked enough of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.core.downloader import Slot

from newscrawl.politeness import MAX_CRAWL_DELAY, patient_slot, retry_after
from tests.driver import crawl, lines, run_crawls
from tests.misbehaving import Server, serve

NOW = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Wed, 18 Nov 2026 12:01:30 GMT", 90.0),
        (b"Wed, 18 Nov 2026 11:00:00 GMT", 0.0),
        (b"99999999999999999999", 999999999.0),
        (b"-5", None),
        (b"soon", None),
        ("\u0663".encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after(value: bytes | None, seconds: float | None) -> None:
    """Seconds or a date; what is neither asks for nothing."""
    assert retry_after(value, NOW) == seconds


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server whose robots.txt a test may change."""
    with serve() as running:
        yield running


def test_pause_is_kept_and_the_page_fetched(tmp_path: Path, own_server: Server) -> None:
    """A page for which the server was too busy is asked for again, and counted as a pause."""
    url = f"{own_server.url}/busy-once/story-of-the-wall-20"
    done = run_crawls(tmp_path, [crawl(urls=[url])], settings={"RETRY_TIMES": 1})
    assert [record["url"] for record in lines(tmp_path / "out.jsonl")] == [url]
    assert done.outcome["stats"]["newscrawl/pauses"] == 1


def test_server_that_wants_hours_is_left_alone(tmp_path: Path, own_server: Server) -> None:
    """Behind a Retry-After longer than a run waits nothing is asked for: the next run does."""
    done = run_crawls(
        tmp_path,
        [crawl("site", start=f"{own_server.url}/front/busy")],
        settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "RETRY_TIMES": 2},
    )
    assert own_server.requests == [
        "/robots.txt", "/front/busy", "/sitemap.xml", "/busy-for-hours/story-of-the-wall-21",
    ]  # fmt: skip
    (reject,) = lines(tmp_path / "out.rejected.jsonl")
    assert reject["code"] == "http_503"
    assert done.outcome["left"] == 10


def test_end_of_a_run_breaks_no_pause(tmp_path: Path, own_server: Server) -> None:
    """A deadline waits for no pause, and asks nothing of the server before it is over."""
    path = "/busy-for-a-while/story-of-the-wall-22"
    done = run_crawls(
        tmp_path,
        [crawl(urls=[own_server.url + path])],
        options={"deadline": 1},
        settings={"RETRY_TIMES": 1},
    )
    assert done.outcome["status"] == "deadline"
    assert (done.outcome["rejected"], done.outcome["left"]) == ({}, 1)
    assert own_server.requests.count(path) == 1


def test_named_page_of_a_busy_server_is_a_reject(tmp_path: Path, own_server: Server) -> None:
    """Who names a page is told that the server didn't want to be asked for it."""
    paths = ("/busy-for-hours/story-of-the-wall-21", "/story/of-the-wall-1")
    run_crawls(
        tmp_path,
        [crawl(urls=[own_server.url + path for path in paths])],
        settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1},
    )
    codes = [reject["code"] for reject in lines(tmp_path / "out.rejected.jsonl")]
    assert codes == ["http_503", "busy"]


def test_budget_ends_a_run(tmp_path: Path, own_server: Server) -> None:
    """No request is sent beyond the budget, robots.txt and redirects included; the rest is left."""
    done = run_crawls(
        tmp_path,
        [crawl("site", start=f"{own_server.url}/section", manifest="out.json")],
        settings={"NEWSCRAWL_MAX_REQUESTS": 6},
    )
    assert len(own_server.requests) == 6
    assert (done.outcome["status"], done.returncode) == ("budget", 0)
    assert done.outcome["articles"] + done.outcome["left"] == 20
    assert not (tmp_path / "out.rejected.jsonl").exists()


def test_crawl_delay_is_read(tmp_path: Path, own_server: Server) -> None:
    """What robots.txt asks for reaches the crawl of its host."""
    own_server.robots = b"User-agent: *\nCrawl-delay: 0.1\n"
    done = run_crawls(tmp_path, [crawl(urls=[f"{own_server.url}/story/of-the-wall-1"])])
    assert done.outcome["stats"]["newscrawl/crawl_delay/127.0.0.1"] == 0.1


@pytest.mark.parametrize(("asked", "least"), [(0.5, 0.5), (10, 10), (86400, MAX_CRAWL_DELAY)])
def test_delay_is_never_shorter_than_asked(asked: float, least: float) -> None:
    """Jitter only ever lengthens a Crawl-delay; one of a day is cut."""
    settings = patient_slot(asked)
    slot = Slot(1, settings["delay"], settings["jitter"])
    delays = [slot.download_delay() for _ in range(1000)]
    assert least <= min(delays) <= max(delays) <= 1.5 * least
