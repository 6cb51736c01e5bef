"""A user's word for a site becomes the site."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from newscrawl.errors import ConfigurationError, UsageError
from newscrawl.records import Selectors, SiteFacts
from newscrawl.sites import Site, folder_name, load_site, sites_folder
from newscrawl.sites.reading import keys

START = 'start = "https://news.example/"\n'
EVERYTHING = """
name = "Harbour News"
start = "https://news.example/"
feeds = "https://news.example/feed.xml"
sitemaps = ["https://news.example/news.xml"]
include = ["/local/*", "/sport/*"]
exclude = "*/live/*"
time_zone = "Europe/Oslo"
language = "nb"
delay = "2.5s"
concurrency = 1
revisit = ["1h", "1d"]
depth = 1
max_requests = 300

[selectors]
body = "article .text"
remove = [".appeal", "aside"]
until = 2027-06-30

[quality]
date = 0.9
listed = 10
byline = false
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of site files, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = sites_folder()
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    ("argument", "name", "start"),
    [
        ("https://www.news.example/local/", "www.news.example", "https://www.news.example/local/"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("https://me:secret@news.example/", "news.example", "https://me:secret@news.example/"),
        ("news.example", "news.example", "https://news.example/"),
        ("News.Example", "news.example", "https://news.example/"),
        ("localhost:8000", "localhost:8000", "https://localhost:8000/"),
        ("zeitung.müller.example", "zeitung.müller.example", "https://zeitung.müller.example/"),
    ],
)
@pytest.mark.usefixtures("config")
def test_site_of_a_url_or_a_domain(argument: str, name: str, start: str) -> None:
    """A URL is its own start page, a bare domain starts at its root; no name has a password."""
    assert load_site(argument) == Site(name=name, start=(start,))


def test_site_of_a_file(tmp_path: Path) -> None:
    """A TOML file gives start pages, and a name if it isn't the file's own."""
    path = tmp_path / "harbour.toml"
    path.write_text('start = ["https://news.example/", "https://news.example/local/"]')
    start = ("https://news.example/", "https://news.example/local/")
    assert load_site(str(path)) == Site(name="harbour", start=start)
    path.write_text('name = "Harbour News"\nstart = "https://news.example/"')
    assert load_site(str(path)) == Site(name="Harbour News", start=("https://news.example/",))


def test_site_file_with_everything(tmp_path: Path) -> None:
    """Every key that there is means something."""
    path = tmp_path / "harbour.toml"
    path.write_text(EVERYTHING)
    assert load_site(str(path)) == Site(
        name="Harbour News",
        start=("https://news.example/",),
        feeds=("https://news.example/feed.xml",),
        sitemaps=("https://news.example/news.xml",),
        include=("/local/*", "/sport/*"),
        exclude=("*/live/*",),
        delay=2.5,
        concurrency=1,
        revisit=(3600.0, 86400.0),
        depth=1,
        max_requests=300,
        facts=SiteFacts(
            time_zone="Europe/Oslo",
            language="nb",
            selectors=Selectors(
                until=dt.date(2027, 6, 30), body="article .text", remove=".appeal, aside"
            ),
        ),
        quality={"date": 0.9, "listed": 10.0, "byline": None},
    )
    assert set(keys()) == set(tomllib.loads(EVERYTHING))


def test_site_that_is_never_revisited(tmp_path: Path) -> None:
    """An empty schedule is a schedule: not the same as none."""
    path = tmp_path / "harbour.toml"
    path.write_text(f"{START}revisit = []")
    assert load_site(str(path)).revisit == ()


def test_site_of_a_name(config: Path) -> None:
    """A name is a file in the user's folder, before it is a domain."""
    (config / "news.example.toml").write_text('start = "https://www.news.example/all/"')
    assert load_site("news.example").start == ("https://www.news.example/all/",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "start is missing"),
        ("start = 3", "give a URL or a list of them"),
        ("start = []", "give a URL or a list of them"),
        ('start = ["https://news.example/", 3]', "give a URL or a list of them"),
        ('start = "news.example"', "give http or https URLs"),
        ('start = "file:///etc/passwd"', "give http or https URLs"),
        ('start = "https://news.example/"\nname = 7', "name is 7"),
        ('stat = "https://news.example/"', "unknown key 'stat': did you mean 'start'?"),
        (
            'start = "https://news.example/"\nzebra = 1',
            "unknown key 'zebra': known are name, start",
        ),
        ("start = ", "no valid TOML"),
        (f'{START}time_zone = "Europe/Gullhaven"', 'such as "Europe/Oslo"'),
        (f'{START}time_zone = "../etc/passwd"', "give a zone of the IANA list"),
        (f'{START}language = "English!"', 'such as "en" or "pt-BR"'),
        (f"{START}delay = -1", "give seconds from 0 to 3600"),
        (f"{START}delay = true", "give seconds from 0 to 3600"),
        (f'{START}delay = "soon"', "give seconds from 0 to 3600"),
        (f"{START}concurrency = 0", "give a whole number from 1 to 16"),
        (f"{START}depth = 1.5", "give a whole number from 0 to 5"),
        (f"{START}max_requests = 0", "give a whole number from 1 to"),
        (f'{START}revisit = ["6h", "1h"]', "give growing times"),
        (f'{START}revisit = "1h"', "give growing times"),
        (f"{START}include = []", "give a pattern or a list of them"),
        (f"{START}exclude = [7]", "give a pattern or a list of them"),
        (f'{START}sitmaps = "https://news.example/s.xml"', "did you mean 'sitemaps'?"),
        (f"{START}selectors = 1", "give a table: [selectors]"),
        (f'{START}[selectors]\nbody = "p"', "selectors.until is missing"),
        (f'{START}[selectors]\nuntil = "2027-06-30"', "give a date without quotes"),
        (
            f'{START}[selectors]\nbody = "p["\nuntil = 2027-06-30',
            "selectors.body is 'p[': it isn't",
        ),
        (f"{START}quality = false", "give a table: [quality]"),
        (f"{START}[quality]\ndate = 90", "quality.date is 90: give a number from 0 to 1, or false"),
        (f"{START}[quality]\ndate = true", "quality.date is True: give a number from 0 to 1"),
        (f"{START}[quality]\ndates = 1", "unknown key 'quality.dates': did you mean 'date'?"),
        (f'{START}[selectors]\nbodi = "p"', "unknown key 'selectors.bodi': did you mean 'body'?"),
    ],
)
def test_site_file_that_is_wrong(tmp_path: Path, text: str, problem: str) -> None:
    """The error names the file, the key and what to do."""
    path = tmp_path / "site.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=re.escape(problem)) as caught:
        load_site(str(path))
    assert caught.value.path == path


def test_site_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is missing or isn't text is a wrong configuration."""
    with pytest.raises(ConfigurationError, match="No such file"):
        load_site(str(tmp_path / "nothing.toml"))
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="no valid TOML"):
        load_site(str(tmp_path / "binary.toml"))


@pytest.mark.parametrize("argument", ["harbor", "", "ftp://news.example/", "a b.example", "../x"])
def test_site_that_is_none(config: Path, argument: str) -> None:
    """What is neither file nor name nor domain is refused, with the nearest name."""
    (config / "harbour.toml").write_text('start = "https://news.example/"')
    with pytest.raises(UsageError, match="harbour" if argument == "harbor" else "give a domain"):
        load_site(argument)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("News.Example", "news.example"),
        ("127.0.0.1:8000", "127.0.0.1-8000"),
        ("Harbour News!", "harbour-news"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "site"),
        ("", "site"),
        ("\x1b[31m\x00", "31m"),
        ("müller.example", "xn--mller-kva.example"),
        ("日本", "xn--wgv71a"),
        ("x" * 300, "x" * 100),
    ],
)
def test_folder_name(name: str, folder: str) -> None:
    """Folder names have safe characters only and lead nowhere else."""
    assert folder_name(name) == folder
