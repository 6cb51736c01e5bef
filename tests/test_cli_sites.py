"""``newscrawl sites``, and what a crawl makes of site files and of its options."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.cli.demo_site import serve_demo_site
from newscrawl.sites import read_site
from tests.command import message, newscrawl


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """A command that may fetch from this machine."""
    return newscrawl(folder, *arguments, no_proxy="*", NEWSCRAWL_ALLOW_PRIVATE="1")


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The address of the demo site while it is served."""
    with serve_demo_site() as address:
        yield address


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, origin: str) -> Path:
    """A user's home with a file for the demo site, as ``sites new`` wrote it."""
    folder = tmp_path_factory.mktemp("home")
    done = _run(folder, "sites", "new", f"{origin}/")
    assert done.returncode == 0, done.stderr
    path = folder / ".config" / "newscrawl" / "sites" / "127.0.0.1.toml"
    quick = path.read_text().replace('# delay = "1s"', "delay = 0.01")
    path.with_name("courier.toml").write_text(quick.replace('name = "127.0.0.1"', ""))
    assert message(done).endswith(f"15 stories -> {path}")
    return folder


def test_new_writes_what_it_found(home: Path, origin: str) -> None:
    """The file has the site's feeds, sitemaps and language, and reads as the site."""
    site = read_site(home / ".config" / "newscrawl" / "sites" / "127.0.0.1.toml")
    assert site.start == (f"{origin}/",)
    assert site.feeds == (f"{origin}/feed.xml",)
    assert site.sitemaps == (f"{origin}/sitemap-index.xml",)
    assert site.facts.language == "en"


def test_new_replaces_no_file(home: Path, origin: str) -> None:
    """A file that is there already, with whatever somebody wrote into it, stays."""
    done = _run(home, "sites", "new", f"{origin}/")
    assert done.returncode == 2
    assert "is there already" in message(done)


def test_new_of_a_site_that_fails(tmp_path: Path, origin: str) -> None:
    """Where nothing can be read no file is written, and the reason is said."""
    done = newscrawl(tmp_path, "sites", "new", f"{origin}/", "-o", "x.toml", no_proxy="*")
    assert done.returncode == 3
    assert "private_address" in message(done)
    assert not (tmp_path / "x.toml").exists()


def test_new_goes_to_standard_output(tmp_path: Path, origin: str) -> None:
    """``-o -`` prints the file."""
    done = _run(tmp_path, "sites", "new", f"{origin}/", "-o", "-")
    assert done.stdout.decode().startswith(f"# {origin}/\n# Written by")


def test_list_names_files_and_mistakes(home: Path, tmp_path: Path) -> None:
    """Each file with its first start page; a broken one with what is wrong, as exit code 78."""
    assert _run(home, "sites", "list").stdout.decode().startswith("127.0.0.1: http://127.0")
    folder = tmp_path / ".config" / "newscrawl" / "sites"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text('stat = "https://news.example/"')
    (folder / "good.toml").write_text('start = "https://news.example/"')
    done = newscrawl(tmp_path, "sites", "list")
    assert (done.returncode, done.stdout) == (78, b"good: https://news.example/\n")
    assert "did you mean 'start'" in message(done)


def test_list_of_nothing_says_what_to_do(tmp_path: Path) -> None:
    """Without files there is a hint at how to get one."""
    assert "newscrawl sites new URL" in message(newscrawl(tmp_path, "sites", "list"))


def test_show_says_what_holds(home: Path) -> None:
    """Settings of the file and defaults alike."""
    shown = _run(home, "sites", "show", "courier").stdout.decode()
    assert "delay: 0.01s\n" in shown
    assert "revisit: 1h, 6h, 1d, 3d, 7d\n" in shown
    assert "max_requests: 1000\n" in shown
    assert "quality: as the runs before\n" in shown


def test_test_shows_what_would_be_crawled(home: Path, origin: str) -> None:
    """Places, stories newest first and decisions, and nothing of it is fetched or written."""
    done = _run(home, "sites", "test", "courier", "--exclude", "/opinion/*")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert f"  feed         11  {origin}/feed.xml\n" in text
    assert "stories, newest first, times in UTC: 14\n" in text
    stories = [line for line in text.splitlines() if line.startswith("  2026-")]
    assert stories == sorted(stories, key=lambda line: line[:18], reverse=True)
    assert "       2  left/excluded\n" in text
    assert not (home / "output").exists()


def test_crawl_by_name_with_options(home: Path, tmp_path: Path) -> None:
    """A site file's name is a site; options narrow what is crawled, and the newest come first."""
    narrow = ("--since", "2026-11-17", "--exclude", "/de/*", "--limit", "3")
    places = ("--out", str(tmp_path), "--state", str(tmp_path / "state"))
    done = _run(home, "crawl", "courier", *places, *narrow)
    assert done.returncode == 0, done.stderr
    (path,) = (p for p in tmp_path.rglob("*.jsonl") if "rejected" not in p.name)
    dates = [json.loads(line)["date_published"] for line in path.read_text().splitlines()]
    assert len(dates) == 3
    assert all(date >= "2026-11-18" for date in dates)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "soon"), "'soon' is neither a time nor a date: write 2d or 2026-11-01"),
        (("--depth", "99"), "is not in the range"),
        (("--max-requests", "0"), "is not in the range"),
    ],
)
def test_wrong_option_is_named(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """A value that means nothing is a usage error."""
    done = newscrawl(tmp_path, "crawl", "news.example", *arguments)
    assert done.returncode == 2
    assert said in message(done)


def test_pattern_may_stand_in_the_settings(tmp_path: Path, origin: str) -> None:
    """An option that may be repeated is one text in the TOML file."""
    (tmp_path / "newscrawl.toml").write_text('[sites]\ninclude = "/opinion/2*"\n')
    done = _run(tmp_path, "sites", "test", f"{origin}/", "--config", "newscrawl.toml")
    assert "stories, newest first, times in UTC: 1\n" in done.stdout.decode()
