"""``newscrawl crawl`` with its memory: where the state is, and what it can't be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.cli.crawling import report
from newscrawl.contract.manifest import Status
from newscrawl.running import Crawl, Outcome, Run
from newscrawl.state import State
from tests.changing_site import ChangingSite, serve_changing_site, story
from tests.command import message, newscrawl


@pytest.fixture
def site() -> Iterator[ChangingSite]:
    """A site with two stories."""
    with serve_changing_site() as running:
        running.pages = {f"/2026/01/02/{n}-and-the-harbour-of-the-town": story(n) for n in "ab"}
        yield running


def _crawl(folder: Path, site: ChangingSite, *options: str) -> tuple[int, str]:
    """Exit code and last words of a crawl."""
    done = newscrawl(folder, "crawl", f"{site.url}/", "--allow-private", *options, no_proxy="*")
    return done.returncode, message(done)


def test_state_is_in_the_users_folder(tmp_path: Path, site: ChangingSite) -> None:
    """Without ``--state`` a crawl remembers in the user's state folder, with it in the file named;
    the next crawl with the same state has nothing to write."""
    for options, file in (
        ((), ".local/state/newscrawl/state.sqlite"),
        (("--state", "own/courier.sqlite"), "own/courier.sqlite"),
    ):
        assert not (tmp_path / file).exists()
        for stories in (2, 0):
            code, said = _crawl(tmp_path, site, *options)
            assert code == 0
            assert f": {stories} stories, 0 rejected" in said
        assert (tmp_path / file).is_file()


def test_a_busy_site_ends_with_75(tmp_path: Path, site: ChangingSite) -> None:
    """While another run has the site, a crawl ends with 75, says so and asks for nothing."""
    name = site.url.removeprefix("http://")
    with closing(State(tmp_path / "s.sqlite").site(name, "other")):
        code, said = _crawl(tmp_path, site, "--state", "s.sqlite")
    assert code == 75
    assert said.startswith(f"{name}: another run crawls it with s.sqlite: try again later")
    assert site.answers == []


def test_a_busy_site_keeps_no_other_waiting(tmp_path: Path, site: ChangingSite) -> None:
    """Of several sites those that are free are crawled; the exit code is 75 still."""
    (tmp_path / "courier.toml").write_text(f'start = "{site.url}/"')
    (tmp_path / "ledger.toml").write_text(f'start = "{site.url}/"')
    with closing(State(tmp_path / "s.sqlite").site("courier", "other")):
        done = newscrawl(
            tmp_path, "crawl", "courier.toml", "ledger.toml", "--state", "s.sqlite",
            "--allow-private", no_proxy="*",
        )  # fmt: skip
    busy, crawled = done.stderr.decode().splitlines()
    assert done.returncode == 75
    assert "courier: another run crawls it" in busy
    assert "ledger: 2 stories, 0 rejected" in crawled


def test_a_state_that_is_none(tmp_path: Path, site: ChangingSite) -> None:
    """A file that is no state, or of a newer newscrawl, ends a crawl with 78, one that can't be
    opened with 74, before anything is asked for."""
    (tmp_path / "notes").write_text("no database " * 100)
    State(tmp_path / "newer")
    with closing(sqlite3.connect(tmp_path / "newer")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for name, expected in (("notes", 78), ("newer", 78), ("/dev/null/state", 74)):
        code, said = _crawl(tmp_path, site, "--state", name)
        assert (code, name in said) == (expected, True)
    assert site.answers == []


@pytest.mark.parametrize(
    ("status", "left", "said"),
    [
        ("done", 0, "news: 2 stories, 1 rejected (http_429 1) -> {out}"),
        ("done", 4, "news: 2 stories, 1 rejected (http_429 1), 4 pages left -> {out}"),
        (
            "stopped",
            1,
            "news: 2 stories, 1 rejected (http_429 1), stopped with 1 page left -> {out}",
        ),
    ],
)
def test_summary_says_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: Status, left: int, said: str
) -> None:
    """The summary says how many pages a run has left, by a busy server's wish, too, and names no
    file that isn't there."""
    articles = tmp_path / "out.jsonl"
    crawl = Crawl(
        spider="site", site="news", arguments={}, articles=articles, rejected=None, manifest=None
    )
    outcome = Outcome(
        crawl=crawl,
        status=status,
        articles=2,
        unchanged=0,
        rejected={"http_429": 1},
        rejects=(),
        write_error=None,
        left=left,
        breaches=(),
    )
    run = Run(outcomes=(outcome,), refused=(), stopped_by=None)
    report(run, quiet=False)
    assert capsys.readouterr().err == f"newscrawl: {said.removesuffix(' -> {out}')}\n"
    articles.touch()
    report(run, quiet=False)
    assert capsys.readouterr().err == f"newscrawl: {said.format(out=articles)}\n"
