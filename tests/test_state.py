"""The state: one file, several processes, killed at any moment, bounded."""

from __future__ import annotations

import datetime as dt
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from hashlib import sha512
from itertools import count
from pathlib import Path

import pytest

from newscrawl.contract.manifest import Metrics
from newscrawl.errors import BusyError, ConfigurationError, OutputError
from newscrawl.quality import Measured
from newscrawl.state import REVISITS, KnownSite, KnownStory, State, Validator, journal, schema
from newscrawl.state.journal import LEAST_RUNS_KEPT
from newscrawl.state.locks import locked
from newscrawl.state.schema import MIGRATIONS
from newscrawl.state.story import number_of
from tests.disks import damage

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SITE = "news.example"
_RUNS = count()
METRICS = Metrics(
    listed=None,
    stories=3,
    with_date=2,
    with_byline=1,
    median_words=400,
    removed_share=0.25,
    tried=4,
    rejected=1,
)


def _story(number: int = 1, **more: object) -> KnownStory:
    story = KnownStory(
        id=f"{number:020x}",
        url=f"https://news.example/2026/01/02/town-rebuilds-its-old-sea-wall-{number}",
        first_seen=NOW,
        last_fetched=NOW,
        next_visit=None,
        content_hash=f"{number:064x}",
        fields=sha512(b"%d" % number).digest() + bytes(8),
        signature=2 * sha512(b"%d" % number).digest(),
    )
    return replace(story, **more)  # type: ignore[arg-type]


@contextmanager
def _known(path: Path | None, site: str = SITE) -> Iterator[KnownSite]:
    with closing(State(path).site(site, f"run {next(_RUNS)}")) as known:
        yield known


def _note(path: Path, *stories: KnownStory, at: dt.datetime = NOW) -> None:
    """A run that knows these stories, to its end."""
    with _known(path) as known:
        for story in stories:
            known.keep(story, [f"key {story.id}"])
        known.seal()
        known.apply(at)


def test_what_is_noted_is_seen_at_once(tmp_path: Path) -> None:
    """Within a run, stories, rejects and validators are known as soon as they are noted."""
    validator = Validator('"1"', "Fri, 02 Jan 2026 03:04:05 GMT")
    for path in (None, tmp_path / "state.sqlite"):
        with _known(path) as known:
            assert known.story_of("key") is None
            assert not known.is_done("key", NOW)
            known.keep(_story(), ["key", "other"])
            known.remember("https://news.example/feed", validator, NOW)
            known.failed("broken", "not_article", NOW)
            for key in ("key", "other"):
                assert known.story_of(key) == _story(next_visit=NOW + HOUR)
            assert known.is_done("key", NOW)
            assert known.is_done("broken", NOW)
            assert known.validator("https://news.example/feed") == validator


def test_what_is_applied_is_known_to_the_next_run(tmp_path: Path) -> None:
    """A run that ends well leaves what it noted to the next one, of its own site only."""
    path = tmp_path / "state.sqlite"
    _note(path, _story())
    with _known(path) as known, _known(path, site="other.example") as other:
        assert known.story(_story().id) == _story(next_visit=NOW + HOUR)
        assert other.story_of(f"key {_story().id}") is None
    assert [file.name for file in tmp_path.iterdir()] == ["state.sqlite"]


def test_what_is_not_published_is_forgotten(tmp_path: Path) -> None:
    """A run that could not publish leaves nothing known, sealed or not."""
    path = tmp_path / "state.sqlite"
    for seal in (False, True):
        with _known(path) as known:
            known.keep(_story(), ["key"])
            if seal:
                known.seal()
        with _known(path) as known:
            assert known.story_of("key") is None


@pytest.mark.parametrize("name", ["state.sqlite", "state[1].sqlite"])
def test_published_and_not_applied(tmp_path: Path, name: str) -> None:
    """What a run published and couldn't bring into the state is taken over at the next opening,
    whatever the state's name and site, also while the state has been open."""
    path = tmp_path / name
    manifest = tmp_path / "manifest.json"
    opened = State(path)
    for site in (SITE, "other.example"):
        with closing(State(path).site(site, f"run of {site}", manifest=manifest)) as known:
            known.keep(_story(), ["key"])
            known.seal()
            manifest.write_text(json.dumps({"run_id": f"run of {site}", "error": None}))
        if site == SITE:
            State(path)
            assert not [file for file in tmp_path.iterdir() if file.suffix == ".run"]
        with closing(opened.site(site, "next")) as known:
            assert known.story_of("key") is not None


KILLED = """
import os, signal, sys, json, datetime as dt
from pathlib import Path
from newscrawl.state import State
from newscrawl.quality import Measured
from tests.test_state import METRICS, NOW, SITE, _story
path, step = Path(sys.argv[1]), sys.argv[2]
def write(name, text=""):
    (path.parent / "out" / name).write_text(text)
def reach(name):
    if name == step:
        os.kill(os.getpid(), signal.SIGKILL)
manifest = path.parent / "out" / "killed.manifest.json"
manifest.parent.mkdir()
write("other.jsonl")
write("killed.html")
write(".killed.jsonl.0123.tmp")
known = State(path).site(SITE, "killed", manifest=manifest)
known.keep(_story(), ["key"], blocks=[1, 2, 3])
known.measured(Measured(NOW, METRICS))
reach("noted")
known.seal()
reach("sealed")
write("killed.jsonl")
write("killed.rejected.jsonl")
reach("half published")
error = "disk full" if step == "failed" else None
told = {"run_id": "killed" if step != "other" else "x", "error": error}
named = [] if error else [{"file": "killed.jsonl"}]
told |= {"articles": {"files": named}, "rejected": {"files": [{"file": "killed.rejected.jsonl"}]}}
write(manifest.name, json.dumps(told))
reach("published"); reach("failed"); reach("other")
known.apply(NOW)
reach("applied")
"""


@pytest.mark.parametrize(
    ("step", "stories", "files"),
    [
        ("noted", 0, []),
        ("sealed", 0, []),
        ("half published", 0, []),
        ("published", 1, [".jsonl", ".manifest.json", ".rejected.jsonl"]),
        ("failed", 0, [".manifest.json", ".rejected.jsonl"]),
        ("other", 0, [".manifest.json"]),
        ("applied", 1, [".jsonl", ".manifest.json", ".rejected.jsonl"]),
    ],
)
def test_killed_run(tmp_path: Path, step: str, stories: int, files: list[str]) -> None:
    """A killed run's notes count exactly when its manifest says that everything was published,
    then once; and no file of it stays but those that the manifest names."""
    path = tmp_path / "state.sqlite"
    done = subprocess.run([sys.executable, "-c", KILLED, path, step], check=False)
    assert done.returncode == -signal.SIGKILL
    for _ in range(2):
        with _known(path) as known:
            assert known.memory.stories == len(known.runs()) == stories
            assert (known.story_of("key") is not None) == bool(stories)
    assert {file.name for file in tmp_path.iterdir()} == {"out", "state.sqlite"}
    left = {file.name for file in (tmp_path / "out").iterdir()}
    assert left == {"other.jsonl", "killed.html", *(f"killed{suffix}" for suffix in files)}


def test_a_run_of_an_older_newscrawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was killed before an upgrade which adds a table is taken over all the same, and
    what it published stays, however its manifest names that."""
    path, manifest = tmp_path / "state.sqlite", tmp_path / "old.manifest.json"
    published = tmp_path / "old.jsonl"
    published.touch()
    with closing(State(path).site(SITE, "old", manifest=manifest)) as known:
        known.keep(_story(), ["key"])
        known.seal()
        told = {"run_id": "old", "error": None, "articles": {"file": published.name}}
        manifest.write_text(json.dumps(told))
    further = (*schema.MIGRATIONS, ("CREATE TABLE {schema}.further (number INTEGER)",))
    monkeypatch.setattr(schema, "MIGRATIONS", further)
    monkeypatch.setattr(journal, "_COPIED", (*journal._COPIED, "further"))
    with _known(path) as known:
        assert known.story_of("key") is not None
    assert published.exists()


def test_a_run_that_goes_on_is_let_alone(tmp_path: Path) -> None:
    """Who opens the state meanwhile touches nothing of a run that is under way; who does so when it
    has given up removes what it left."""
    path, hidden = tmp_path / "state.sqlite", tmp_path / ".run1.jsonl.0123.tmp"
    with closing(State(path).site(SITE, "run1", manifest=tmp_path / "run1.manifest.json")):
        hidden.touch()
        State(path)
        assert hidden.exists()
    assert not hidden.exists()


def test_one_run_a_site(tmp_path: Path) -> None:
    """A site that is being crawled is refused to another run, and free when that one has ended."""
    path = tmp_path / "state.sqlite"
    with _known(path), pytest.raises(BusyError, match=r"news\.example: another run") as caught:
        State(path).site(SITE, "second")
    assert caught.value.exit_code == 75
    State(path).site(SITE, "third").close()


def test_who_opens_the_state_is_no_run(tmp_path: Path) -> None:
    """A process that looks for what killed runs have left, which takes a site's lock, is waited
    for: it doesn't crawl the site."""
    path = tmp_path / "state.sqlite"
    state = State(path)
    with ThreadPoolExecutor() as pool:
        names = ("state.sqlite.lock", f"state.sqlite.{number_of(SITE):016x}.lock")
        with ExitStack() as stack:
            for name in names:
                stack.enter_context(locked(path.with_name(name)))
            run = pool.submit(lambda: state.site(SITE, "run").close())
            wait([run], 0.2)
        run.result()


WRITER = """
import datetime as dt, sys
from contextlib import closing
from pathlib import Path
from newscrawl.state import State
from tests.test_state import NOW, _story
path, site = Path(sys.argv[1]), sys.argv[2]
for run in range(20):
    with closing(State(path).site(site, f"{site} {run}")) as known:
        assert known.memory.stories == run * 10
        for n in range(run * 10, run * 10 + 10):
            known.keep(_story(n), [f"key {n}"], blocks=[n])
        known.seal()
        known.apply(NOW)
"""


def test_two_processes_at_once(tmp_path: Path) -> None:
    """Two processes that open, write and close one state all the time lose nothing."""
    path = tmp_path / "state.sqlite"
    sites = ("one.example", "two.example")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, path, site]) for site in sites]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    for site in sites:
        with _known(path, site=site) as known:
            assert known.memory.stories == 200
            assert all(known.story_of(f"key {n}") for n in range(200))


def test_revisits(tmp_path: Path) -> None:
    """A story is due at the ages of the schedule, after each visit at the next one to come."""
    path = tmp_path / "state.sqlite"
    _note(path, _story())
    for age in REVISITS:
        with _known(path) as known:
            assert list(known.due(NOW + age - dt.timedelta(seconds=1))) == []
            (story,) = known.due(NOW + age)
            known.visited(f"key {story.id}", NOW + age)
            assert list(known.due(NOW + age)) == []
            known.seal()
            known.apply(NOW + age)
    with _known(path) as known:
        assert list(known.due(NOW + 365 * DAY)) == []


def test_revisits_that_were_missed_are_one(tmp_path: Path) -> None:
    """Who crawls once a day visits a day-old story once, not three times."""
    path = tmp_path / "state.sqlite"
    _note(path, _story())
    with _known(path) as known:
        (story,) = known.due(NOW + DAY + HOUR)
        known.visited(f"key {story.id}", NOW + DAY + HOUR)
        found = known.story(story.id)
        assert found is not None
        assert (found.next_visit, found.visits) == (NOW + 3 * DAY, 2)
        assert list(known.due(NOW + 9 * DAY)) == []


def test_gone_stories_are_recorded(tmp_path: Path) -> None:
    """410 marks a known story as gone, and nobody asks for it again."""
    path = tmp_path / "state.sqlite"
    _note(path, _story())
    key = f"key {_story().id}"
    with _known(path) as known:
        assert not known.failed(key, "timeout", NOW + HOUR)
        assert known.failed(key, "http_410", NOW + HOUR)
        story = known.story_of(key)
        assert story is not None
        assert (story.gone, story.next_visit) == (NOW + HOUR, None)
        known.seal()
        known.apply(NOW + HOUR)
    with _known(path) as known:
        assert list(known.due(NOW + 30 * DAY)) == []
        assert known.is_done(key, NOW + 30 * DAY)


def test_a_404_counts_when_it_stands(tmp_path: Path) -> None:
    """A story that was answered with 404 is visited once more as planned: then it is gone, or here
    again. After the last visit of the schedule it is gone at once."""
    path = tmp_path / "state.sqlite"
    stories = [_story(number) for number in (1, 2, 3)]
    _note(path, *stories)
    first, second, third = (f"key {story.id}" for story in stories)
    with _known(path) as known:
        assert not known.failed(first, "http_404", NOW + HOUR)
        assert not known.failed(second, "http_404", NOW + HOUR)
        for key in (first, second):
            story = known.story_of(key)
            assert story is not None
            assert (story.gone, story.next_visit) == (NOW + HOUR, NOW + 6 * HOUR)
        assert not known.failed(first, "timeout", NOW + 6 * HOUR)
        assert known.failed(first, "http_404", NOW + DAY)
        known.visited(second, NOW + 6 * HOUR)
        assert not known.failed(second, "http_404", NOW + DAY)
        assert known.failed(third, "http_404", NOW + 7 * DAY)
        due = [known.story_of(key) for key in (first, second, third)]
        assert [story and story.next_visit for story in due] == [None, NOW + 3 * DAY, None]


def test_a_key_stays_its_storys(tmp_path: Path) -> None:
    """A key that one story has isn't given to another one."""
    with _known(tmp_path / "state.sqlite") as known:
        known.keep(_story(1), ["one"])
        known.keep(_story(2), ["two", "one"])
        known.name_also(_story(2).id, ["one", "further"])
        found = [known.story_of(key) for key in ("one", "two", "further")]
        assert [story and story.id for story in found] == [_story(n).id for n in (1, 2, 2)]


def test_technical_failures_are_tried_again(tmp_path: Path) -> None:
    """After a technical failure a page waits longer each time, then for good; others at once."""
    with _known(tmp_path / "state.sqlite") as known:
        now, waits = NOW, []
        for _ in range(5):
            known.failed("key", "timeout", now)
            wait = next(age for age in REVISITS if not known.is_done("key", now + age))
            waits.append(wait)
            now += wait
        known.failed("key", "timeout", now)
        assert tuple(waits) == REVISITS
        assert known.is_done("key", now + 365 * DAY)


def test_pruning(tmp_path: Path) -> None:
    """Rejects go after 30 days, signatures too, validators after 60, addresses after a year; a
    story's id and keys stay."""
    path = tmp_path / "state.sqlite"
    with _known(path) as known:
        known.keep(_story(), ["key"])
        known.failed("broken", "not_article", NOW)
        known.remember("https://news.example/feed", Validator('"1"'), NOW)
        known.seal()
        known.apply(NOW)
    _note(path, at=NOW + 29 * DAY)
    with _known(path) as known:
        assert known.is_done("broken", NOW)
        assert len(list(known.signatures(10))) == 1
    _note(path, at=NOW + 61 * DAY)
    with _known(path) as known:
        assert not known.is_done("broken", NOW)
        assert list(known.signatures(10)) == []
        assert known.validator("https://news.example/feed") is None
    _note(path, at=NOW + 366 * DAY)
    with _known(path) as known:
        story = known.story_of("key")
        assert story is not None
        assert (story.id, story.url) == (_story().id, None)


def test_runs_are_known_for_a_fortnight(tmp_path: Path) -> None:
    """What a site's runs brought, newest first: those of 14 days, and the last 20 in any case."""
    path = tmp_path / "state.sqlite"

    def run(site: str, at: dt.datetime) -> None:
        with _known(path, site=site) as known:
            known.measured(Measured(at, replace(METRICS, stories=at.day)))
            known.seal()
            known.apply(at)

    for day in range(LEAST_RUNS_KEPT + 4):
        run(SITE, NOW + day * DAY)
    run("other.example", NOW + 99 * DAY)
    with _known(path) as known:
        found = known.runs()
    assert [one.at for one in found] == [NOW + day * DAY for day in range(23, 3, -1)]
    assert found[0].metrics == replace(METRICS, stories=found[0].at.day)
    for hour in range(24):
        run("busy.example", NOW + hour * HOUR)
    run("busy.example", NOW + 14 * DAY + 2 * HOUR)
    with _known(path, site="busy.example") as known:
        assert len(known.runs()) == 23


def test_older_state_is_migrated(tmp_path: Path) -> None:
    """A state of the first version keeps its stories, and takes over what its last run left."""
    path = tmp_path / "state.sqlite"
    _note(path, _story(1))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TABLE runs")
        connection.execute("PRAGMA user_version = 1")
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"run_id": "old", "error": None}))
    left = tmp_path / "state.sqlite.0123456789abcdef.run"
    with closing(sqlite3.connect(left, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS run", (str(left),))
        for statement in (*MIGRATIONS[0], *schema.RUN_TABLES):
            connection.execute(statement.format(schema="run"))
        connection.execute("PRAGMA run.user_version = 1")
        connection.execute("INSERT INTO run.keys VALUES (1, 2)")
        connection.execute("INSERT INTO run.leads VALUES (1, '[]')")
        row = ("old", SITE, str(manifest))
        connection.execute("INSERT INTO run.journal VALUES (?, ?, ?, TRUE)", row)
    with _known(path) as known:
        assert known.story(_story(1).id) is not None
        assert known.runs() == []
        assert known.leads() == b""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM keys").fetchone() == (2,)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_size_of_a_story(tmp_path: Path) -> None:
    """A story takes under 1 KB of the file, its keys, validator, indexes and all else included."""
    path = tmp_path / "state.sqlite"
    stories = 5_000
    with _known(path) as known:
        for n in range(stories):
            story = _story(n)
            known.keep(story, [f"a {n}", f"b {n}"], blocks=range(120 * n, 120 * n + 120))
            validator = Validator(f'"{n:032x}"', "Fri, 02 Jan 2026 03:04:05 GMT")
            known.remember(str(story.url), validator, NOW)
        known.seal()
        known.apply(NOW)
    assert path.stat().st_size / stories < 1024


def test_a_newer_state_is_refused(tmp_path: Path) -> None:
    """A state of a newer newscrawl, another program's file and none at all are told apart."""
    path = tmp_path / "state.sqlite"
    State(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(ConfigurationError, match="upgrade newscrawl"):
        State(path)
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(ConfigurationError, match="another program"):
        State(tmp_path / "other")
    (tmp_path / "text").write_text("no database " * 100)
    with pytest.raises(ConfigurationError, match="no state"):
        State(tmp_path / "text")
    with pytest.raises(OutputError):
        State(Path("/dev/null/state.sqlite"))


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    """A state of which a part can't be read is named, and its site isn't held."""
    path = tmp_path / "state.sqlite"
    _note(path, _story())
    damage(path, "sites")
    for _ in range(2):
        with pytest.raises(OutputError, match=r"state\.sqlite: database disk image is malformed"):
            State(path).site(SITE, "run")


def test_a_journal_without_end_is_no_state(tmp_path: Path) -> None:
    """A run's file that is torn is dropped, and the state opens."""
    path = tmp_path / "state.sqlite"
    _note(path, _story())
    (tmp_path / "state.sqlite.0123.run").write_bytes(b"SQLite format 3\0" + bytes(500))
    (tmp_path / "manifest.json").write_text(json.dumps({"run_id": "run", "error": None}))
    with _known(path) as known:
        assert known.story(_story().id)
    assert not list(tmp_path.glob("*.run"))
