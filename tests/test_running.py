"""Whole runs: several crawls, deadlines, signals, standard output, unwritable folders."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.running import new_run_id
from tests import driver
from tests.driver import crawl, lines, run_crawls
from tests.misbehaving import Server


def _urls(server: Server, count: int) -> list[str]:
    return [f"{server.url}/story/of-the-wall-{number}" for number in range(count)]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_run_ids_sort_by_time() -> None:
    """A run's identifier starts with the time and doesn't come twice."""
    first, second = new_run_id(), new_run_id()
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", first)
    assert first != second
    assert first[:16] <= second[:16]


def test_crawls_run_side_by_side(tmp_path: Path, server: Server) -> None:
    """Each crawl has its own files, its own outcome, in the order given."""
    good = crawl("site", start=f"{server.url}/")
    bad = crawl(
        "site", start="http://127.0.0.1:1/", articles="b.jsonl", rejected="b.rejected.jsonl",
        manifest="b/b.json",
    )  # fmt: skip
    done = run_crawls(tmp_path, [good, bad])
    assert [outcome["status"] for outcome in done.run["outcomes"]] == ["done", "failed"]
    assert len(lines(tmp_path / "out.jsonl")) == 2
    assert (tmp_path / "b.jsonl").read_bytes() == b""
    assert json.loads((tmp_path / "b/b.json").read_text())["rejected"]["by_code"] == {"refused": 1}
    assert done.stderr == ""


def test_standard_output(tmp_path: Path, server: Server) -> None:
    """Without a file the records, and nothing else, go to standard output."""
    url = f"{server.url}/story/of-the-wall-1"
    done = run_crawls(tmp_path, [crawl(urls=[url], articles=None, rejected=None, manifest=None)])
    assert [json.loads(line)["url"] for line in done.stdout.splitlines()] == [url]
    assert _names(tmp_path) == ["report.json"]


def test_standard_output_whose_reader_left(tmp_path: Path, server: Server) -> None:
    """A closed pipe ends the crawl, without a traceback."""
    task = driver.job(tmp_path, [crawl(urls=_urls(server, 30), articles=None)])
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, driver.__file__], input=task.encode(), stdout=write,
        stderr=subprocess.PIPE, cwd=tmp_path, env=driver.ENVIRONMENT, timeout=60, check=False,
    )  # fmt: skip
    os.close(write)
    (outcome,) = json.loads((tmp_path / "report.json").read_text())["outcomes"]
    assert (done.returncode, done.stderr) == (0, b"")
    assert outcome["write_error"] == "cannot write standard output: Broken pipe"
    assert outcome["left"] > 0


def test_named_pipe(tmp_path: Path, server: Server) -> None:
    """Who reads from a named pipe gets the records, to the end."""
    pipe = tmp_path / "out.pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/cat", pipe], stdout=subprocess.PIPE) as reader:
        run_crawls(tmp_path, [crawl(urls=_urls(server, 3), articles=pipe.name)])
        data, _ = reader.communicate(timeout=30)
    assert len(data.splitlines()) == 3
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signal_publishes_what_is_done(tmp_path: Path, server: Server, name: str) -> None:
    """A signal ends the run cleanly; its manifest says how many URLs are left, and which."""
    done = run_crawls(
        tmp_path, [crawl(urls=_urls(server, 40))], kill_on="item_scraped", kill_with=[name]
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.run["stopped_by"] == getattr(signal, name)
    manifest = json.loads((tmp_path / "out.json").read_text())
    assert manifest["status"] == done.outcome["status"] == "stopped"
    assert manifest["articles"]["count"] == len(lines(tmp_path / "out.jsonl")) > 0
    assert manifest["left"]["count"] == done.outcome["left"] > 0
    assert manifest["left"]["count"] + manifest["articles"]["count"] == 40
    assert set(manifest["left"]["urls"]) <= set(_urls(server, 40))


def test_stop_waits_for_no_other_turn(tmp_path: Path, server: Server) -> None:
    """A stop waits for the two requests that a host has, and leaves all that wait behind them."""
    server.requests.clear()
    urls = [f"{server.url}/slow", *(f"{server.url}/never?{number}" for number in range(20))]
    done = run_crawls(
        tmp_path, [crawl(urls=urls)], kill_on="response_received", kill_with=["SIGTERM"],
        settings={"ROBOTSTXT_OBEY": False, "DOWNLOAD_TIMEOUT": 1},
    )  # fmt: skip
    assert set(server.requests) == {"/slow", "/never"}
    assert server.requests.count("/never") == done.outcome["rejected"]["timeout"] <= 2
    assert done.outcome["left"] == 20 - server.requests.count("/never")


def test_signal_before_the_first_request(tmp_path: Path, server: Server) -> None:
    """A signal that comes while the engine starts isn't lost."""
    done = run_crawls(
        tmp_path, [crawl(urls=_urls(server, 3))], kill_on="spider_opened", kill_with=["SIGTERM"]
    )
    assert done.outcome["status"] == "stopped"
    assert json.loads((tmp_path / "out.json").read_text())["left"]["urls"] == _urls(server, 3)


def test_second_signal_ends_at_once(tmp_path: Path, server: Server) -> None:
    """Two signals end the run without waiting, publish nothing and leave no other file."""
    urls = [*_urls(server, 2), f"{server.url}/never"]
    done = run_crawls(
        tmp_path, [crawl(urls=urls)], kill_on="item_scraped", kill_with=["SIGINT", "SIGTERM"],
        settings={"DOWNLOAD_TIMEOUT": 50},
    )  # fmt: skip
    assert done.run["stopped_by"] == signal.SIGINT
    assert done.outcome["status"] == "stopped"
    assert _names(tmp_path) == ["report.json"]


def test_killed_run_publishes_nothing(tmp_path: Path, server: Server) -> None:
    """A run that is killed while it writes leaves an old file as it was, and no half one."""
    (tmp_path / "out.jsonl").write_text("old\n")
    urls = [*_urls(server, 5), f"{server.url}/slow", f"{server.url}/empty"]
    done = run_crawls(tmp_path, [crawl(urls=urls)], kill_on="item_dropped", kill_with=["SIGKILL"])
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "out.jsonl").read_text() == "old\n"


def test_deadline(tmp_path: Path, server: Server) -> None:
    """A deadline ends a crawl as designed: what is done is published, the rest is named."""
    urls = [f"{server.url}/slow", *_urls(server, 40)]
    done = run_crawls(tmp_path, [crawl(urls=urls)], options={"deadline": 0.3, "delay": 0.05})
    manifest = json.loads((tmp_path / "out.json").read_text())
    assert manifest["status"] == done.outcome["status"] == "deadline"
    assert manifest["left"]["count"] == done.outcome["left"] > 0
    assert done.run["stopped_by"] is None


def test_unwritable_folder_is_told_before_anything_is_fetched(
    tmp_path: Path, server: Server
) -> None:
    """The run ends with ``OutputError`` and asks the server for nothing."""
    server.requests.clear()
    done = run_crawls(tmp_path, [crawl(urls=_urls(server, 1), manifest="/dev/null/x/out.json")])
    assert "OutputError: cannot write /dev/null/x/out.json" in done.stderr
    assert server.requests == []
    assert _names(tmp_path) == []


def test_name_like_a_template(tmp_path: Path, server: Server) -> None:
    """A file name is taken as it is, whatever Scrapy would read in it."""
    name = "100% %(time)s {now} a:b#c?.txt"
    run_crawls(tmp_path, [crawl(urls=_urls(server, 1), articles=name)])
    assert len(lines(tmp_path / name)) == 1


def test_debug_shows_scrapys_log(tmp_path: Path, server: Server) -> None:
    """Scrapy's log is silent, and there on demand."""
    done = run_crawls(tmp_path, [crawl(urls=_urls(server, 1))], options={"debug": True})
    assert "Spider opened" in done.stderr
