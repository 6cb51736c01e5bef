"""The command line: what a user types, and the one line and the exit code that come back."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawl import __version__, read_manifest
from newscrawl.cli.commands import COMMANDS, program
from newscrawl.cli.messages import advice
from newscrawl.cli.options import _OPTIONS
from newscrawl.contract import json_schema, to_json_line
from newscrawl.errors import REJECT_CODES
from newscrawl.records import Article, Extractor
from newscrawl.terminal import printable
from tests.cases import DEMO_SITE, LABELLED, SHIPPED_MODEL
from tests.command import BRIEF, environment, finish, message, newscrawl, start
from tests.misbehaving import Server
from tests.runs import write_run

_README = Path(__file__).parent.parent / "README.md"
_CLOSED = "http://127.0.0.1:9/story"
_SHELL = "/bin/sh"
_SAID = "said.txt"
_PAGE = DEMO_SITE / "2026" / "11" / "16" / "school-bus-timetable-change.html"


def _help(*arguments: str) -> str:
    result = CliRunner().invoke(program, [*arguments, "--help"], terminal_width=100)
    assert result.exit_code == 0
    return result.output


def _examples(command: str) -> list[str]:
    """The lines under "Example:" in a command's help."""
    example = _help(command).partition("Example:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in example.splitlines()]


_OFFLINE = [
    line
    for command in COMMANDS
    for line in _examples(command)
    if command not in {"scrape", "crawl"}  # these fetch from the sites that they name
]


# --- help --------------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    """The program's own help lists every command with its summary."""
    for name, summary in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(summary)}$", _help(), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_help_and_example(command: str) -> None:
    """Each command says what it does, describes every option and shows a line to paste."""
    text = _help(command)
    assert re.search(r"\n\n  [A-Z].*\.", text)
    assert _examples(command)
    assert all(line.startswith(f"newscrawl {command}") for line in _examples(command))
    options = re.findall(r"^  (?:-\w, )?--[\w-]+.*$", text, re.MULTILINE)
    assert all(re.search(r"--[\w-]+(?: \S+)?(?:  +\S|$)", option) for option in options)


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_shows_command(command: str) -> None:
    """The README shows each command in use."""
    assert f"newscrawl {command}" in _README.read_text(encoding="utf-8")


@pytest.mark.parametrize("line", _OFFLINE)
def test_help_example_runs(tmp_path: Path, line: str) -> None:
    """An example from the help works as it stands."""
    shutil.copy(_PAGE, tmp_path / "page.html")
    (tmp_path / "pages.jsonl").write_text('{"id": "a", "path": "page.html", "url": null}\n')
    record = Article(id="a", url=None, extractor=Extractor(version="0"))
    (tmp_path / "stories.jsonl").write_text(f"{to_json_line(record)}\n")
    write_run(tmp_path / "output", [record])
    shutil.copytree(LABELLED, tmp_path / "labelled")
    shutil.copy(SHIPPED_MODEL, tmp_path)
    program = "-m newscrawl" if line.split()[1] not in {"train", "evaluate"} else f"'{BRIEF}'"
    function = f'newscrawl() {{ "{sys.executable}" {program} "$@"; }}\n'
    subprocess.run(
        [_SHELL, "-c", function + line], cwd=tmp_path, env=environment(tmp_path), check=True
    )


def test_version(tmp_path: Path) -> None:
    """``--version`` prints name and version."""
    assert newscrawl(tmp_path, "--version").stdout.decode() == f"newscrawl {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["check", os.devnull], ["extract", str(_PAGE)], ["schema"]],
)
def test_scrapy_stays_out(tmp_path: Path, arguments: list[str]) -> None:
    """Commands that fetch nothing don't wait for Scrapy to be imported."""
    code = (
        "import sys; from newscrawl.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: sys.exit(end.code or 'scrapy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, *arguments]
    subprocess.run(command, cwd=tmp_path, env=environment(tmp_path), check=True)


def test_schema_is_printed(tmp_path: Path) -> None:
    """``schema`` prints the contract's JSON Schema."""
    assert json.loads(newscrawl(tmp_path, "schema").stdout) == json_schema()


# --- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["chek", "x"], 2, "there is no command 'chek': did you mean check?"),
        (["scrape", "--limt", "3", _CLOSED], 2, "there is no option --limt: did you mean --limit?"),
        (["train"], 2, "missing option '--pages': see newscrawl train --help"),
        (["train", "--pages", "missing"], 3, "cannot read missing/labels.jsonl: No such file"),
        (["train", "--pages", "missing", "-o", "no/m.npz"], 74, "cannot write no: there is no"),
        (["train", "--pages", "missing", "--seed", "-1"], 2, "invalid value for '--seed'"),
        (["evaluate", "--pages", "missing"], 3, "cannot read missing/labels.jsonl: No such file"),
        (["evaluate", "--pages", "missing", "--folds", "21"], 2, "invalid value for '--folds'"),
        (
            ["evaluate", "--pages", str(LABELLED), "--folds", "7"],
            2,
            "7 folds need pages of 7 sites",
        ),
        (["evaluate", "--pages", "x", "--folds", "3", "--model", "m"], 2, "give one of the two"),
        (["evaluate", "--pages", "x", "--predictions", "-"], 2, "name a file for --predictions"),
        (["evaluate", "--pages", "x", "--predictions", "no/p"], 74, "cannot write no: there is no"),
        (["evaluate", "--pages", str(LABELLED), "--model", "file"], 3, "file: this is no model"),
        (["extract", "file", "--model", "file"], 3, "cannot read file: this is no model: name one"),
        (["extract", "file", "--model", "missing"], 3, "cannot read missing: No such file"),
        (["extract", "file", "--model", "file", "--jobs", "2"], 3, "file: this is no model: name"),
        (["inspect", "file", "--model", "file"], 3, "cannot read file: this is no model: name one"),
        (["scrape", _CLOSED, "--model", "file"], 3, "cannot read file: this is no model: name one"),
        (["crawl", "news.example", "--model", "file"], 3, "file: this is no model: name one"),
        (["demo", "--model", "file"], 3, "cannot read file: this is no model: name one"),
        (["check"], 2, "missing argument 'PATH...': see newscrawl check --help"),
        (["scrape"], 2, "no URL: name pages"),
        (["scrape", "news.example/a"], 2, "'news.example/a' is not a web address: write https://"),
        (["scrape", "javascript:alert(1)"], 2, "is not a web address"),
        (["scrape", "--deadline", "soon", _CLOSED], 2, "write 90s, 50m or 2h"),
        (["scrape", "--from", "missing.txt"], 3, "cannot read missing.txt: No such file"),
        (["scrape", "--allow-private", _CLOSED], 3, f"{_CLOSED}: refused: "),
        (["scrape", _CLOSED], 3, "add --allow-private"),
        (["scrape", "-o", "missing/x.jsonl", _CLOSED], 74, "cannot write missing: there is no"),
        (["scrape", "-o", "file/x.jsonl", _CLOSED], 74, "cannot write file: it is not a folder"),
        (["scrape", "-o", ".", _CLOSED], 74, "cannot write .: it is a folder"),
        (["scrape", "-o", "x" * 300, _CLOSED], 74, "xx: File name too long: name another file"),
        (["crawl", "--out", "file/runs", "news.example"], 74, "cannot write file/runs: Not a dir"),
        (["crawl", "nosuchsite"], 2, "no site 'nosuchsite'"),
        (["crawl", "news.example", "--rotate", "big"], 2, "write 500kB, 100MB or 2GB"),
        (["crawl", "news.example", "--rotate", "0"], 2, "write 500kB, 100MB or 2GB"),
        (
            ["crawl", "news.example", "https://news.example/world"],
            2,
            "2 of the sites go to the folder news.example: name each once",
        ),
        (["crawl", "missing.toml"], 78, "missing.toml"),
        (["crawl", "--allow-private", "http://127.0.0.1:9/"], 3, "127.0.0.1:9: not crawled: "),
        (["demo", "--out", "file"], 74, "cannot write file: File exists: name another"),
        (["extract", "missing.html"], 3, "cannot read missing.html: No such file or directory"),
        (["extract", "--manifest", "missing.jsonl"], 3, "cannot read missing.jsonl"),
        (["extract"], 2, "name saved pages, - for standard input, or a --manifest"),
        (["extract", "a", "--manifest", "b"], 2, "one of the three"),
        (["extract", "a", "b", "--url", _CLOSED], 2, "--url is the address of one page"),
        (["check", "missing.jsonl"], 3, "cannot read missing.jsonl: No such file or directory"),
        (["check", "--config", "missing.toml", "x"], 78, "missing.toml: No such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistake_gets_one_line(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    """Whatever goes wrong is one clear line with the designed exit code."""
    (tmp_path / "file").write_text("in the way")
    done = newscrawl(tmp_path, *arguments)
    assert said in message(done)
    assert done.returncode == code


def test_nothing_is_fetched_for_an_unwritable_output(tmp_path: Path, server: Server) -> None:
    """A folder that isn't there is found before anything is asked of a server."""
    before = len(server.requests)
    newscrawl(tmp_path, "scrape", "--allow-private", f"{server.url}/a-1", "-o", "no/x.jsonl")
    assert len(server.requests) == before


def test_terminal_is_safe_from_urls(tmp_path: Path) -> None:
    """Control characters from outside are escaped before they reach a terminal."""
    done = newscrawl(tmp_path, "scrape", "--from", "-", stdin=b"\x1b[2Jhttp://a.example/\xc2\x9b\n")
    assert "\\x1b[2Jhttp://a.example/\\x9b: bad_url: " in message(done)
    assert printable("a\u202eb\ud800é – 日本") == "a\\u202eb\\ud800é – 日本"


def test_defect_asks_for_debug(tmp_path: Path) -> None:
    """An unexpected error is one line; ``--debug`` adds the traceback."""
    folder = str(tmp_path)
    (tmp_path / "pydantic.py").write_text("raise ZeroDivisionError('spoilt')\n")
    done = newscrawl(tmp_path, "schema", PYTHONPATH=folder)
    assert message(done).startswith(
        "unexpected ZeroDivisionError: spoilt: run it again with --debug"
    )
    assert done.returncode == 1
    assert b"Traceback" in newscrawl(tmp_path, "schema", "--debug", PYTHONPATH=folder).stderr
    asked = newscrawl(tmp_path, "schema", PYTHONPATH=folder, NEWSCRAWL_DEBUG="1")
    assert b"Traceback" in asked.stderr
    unasked = newscrawl(tmp_path, "schema", PYTHONPATH=folder, NEWSCRAWL_DEBUG="0")
    assert b"Traceback" not in unasked.stderr


@pytest.mark.parametrize("arguments", [["schema"], ["demo"], ["extract", str(_PAGE)]])
def test_reader_that_leaves_is_no_error(tmp_path: Path, arguments: list[str]) -> None:
    """``newscrawl … | head`` ends in silence."""
    reading, writing = os.pipe()
    os.close(reading)
    process = start(tmp_path, *arguments, "--quiet", stdout=writing)
    os.close(writing)
    said = finish(process)
    assert (process.returncode, said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("arguments", [["schema"], ["demo", "--quiet"], ["extract", str(_PAGE)]])
def test_full_disk_is_a_write_error(tmp_path: Path, arguments: list[str]) -> None:
    """Standard output that takes nothing more is exit code 74 and one line."""
    with Path("/dev/full").open("wb") as full:
        process = start(tmp_path, *arguments, stdout=full)
        said = finish(process)
    assert said.decode() == "newscrawl: cannot write standard output: No space left on device\n"
    assert process.returncode == 74


@pytest.mark.parametrize(
    ("line", "code", "count"),
    [
        (f"schema >&- 2>{_SAID}", 74, 0),
        (f"extract '{_PAGE}' >&- 2>{_SAID}", 74, 0),
        (f"scrape --allow-private {_CLOSED} >&- 2>{_SAID}", 3, 0),
        (f"extract missing '{_PAGE}' 2>&-", 3, 2),
        ("extract - <&-", 0, 1),
    ],
)
def test_closed_streams(tmp_path: Path, line: str, code: int, count: int) -> None:
    """A closed standard stream is no defect, and nothing else is written in its place."""
    command = [_SHELL, "-c", f'"{sys.executable}" -m newscrawl {line}']
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stdout.count(b"\n")) == (code, count)
    if code == 74:
        said = (tmp_path / _SAID).read_text()
        assert said == "newscrawl: cannot write standard output: Bad file descriptor\n"


def test_every_reject_code_has_advice() -> None:
    """For each reason code there is something to do."""
    for code in REJECT_CODES:
        assert advice(code.replace("<status>", "418"))
    assert advice("http_503") == "try again later"


# --- options -----------------------------------------------------------------------------------


def _with_limit(folder: Path, *arguments: str, **variables: str) -> int:
    """How many of three bad lines ``scrape`` takes up."""
    done = newscrawl(
        folder, "scrape", "--from", "-", *arguments, stdin=b"one\ntwo\nthree\n", **variables
    )
    return done.stderr.count(b"bad_url")


def test_precedence(tmp_path: Path) -> None:
    """Command line wins, then environment, then the file's table, then the file's top."""
    (tmp_path / "top.toml").write_text("limit = 1\n")
    (tmp_path / "table.toml").write_text("limit = 3\n[scrape]\nlimit = 2\n[crawl]\nlimit = 1\n")
    assert _with_limit(tmp_path) == 3
    assert _with_limit(tmp_path, "--config", "top.toml") == 1
    assert _with_limit(tmp_path, "--config", "table.toml") == 2
    assert _with_limit(tmp_path, "--config", "table.toml", NEWSCRAWL_LIMIT="1") == 1
    assert _with_limit(tmp_path, "--limit", "2", NEWSCRAWL_LIMIT="1") == 2


def test_own_config_file_is_found(tmp_path: Path) -> None:
    """Without ``--config`` the file in the user's configuration folder counts."""
    folder = tmp_path / "settings" / "newscrawl"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("limit = 1\n")
    assert _with_limit(tmp_path, XDG_CONFIG_HOME=str(tmp_path / "settings")) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limt = 1", "c.toml: unknown key limt: did you mean limit?"),
        (
            "[scrape]\nallow_private = true",
            "unknown key allow_private: did you mean allow-private?",
        ),
        ("[scrap]\nlimit = 1", "c.toml: unknown table [scrap]: did you mean scrape?"),
        ("limit = [1]", "c.toml: limit is neither text nor a number"),
        ("limit = 'many'", "c.toml: invalid value for '--limit'"),
        ("limit = true", "c.toml: invalid value for '--limit'"),
        ("limit =", "c.toml: not TOML"),
    ],
)
def test_wrong_config_is_named(tmp_path: Path, text: str, said: str) -> None:
    """A mistake in the file names the file and the key, and is exit code 78."""
    (tmp_path / "c.toml").write_text(f"{text}\n")
    done = newscrawl(tmp_path, "scrape", "--config", "c.toml", _CLOSED)
    assert said in message(done)
    assert done.returncode == 78


def test_wrong_variable_is_named(tmp_path: Path) -> None:
    """A mistake in the environment names the variable."""
    done = newscrawl(tmp_path, "scrape", _CLOSED, NEWSCRAWL_LIMIT="many")
    assert message(done).startswith("environment variable NEWSCRAWL_LIMIT: ")
    assert done.returncode == 2


@pytest.mark.parametrize("key", _OPTIONS)
def test_option_has_a_variable(key: str) -> None:
    """Every option can stand in the environment under its own name."""

    def command() -> None:
        """Nothing."""

    (option,) = _OPTIONS[key][1]()(command).__click_params__
    assert option.envvar == f"NEWSCRAWL_{key.replace('-', '_').upper()}"
    assert f"--{key}" in option.opts
    assert option.help


# --- scrape and crawl --------------------------------------------------------------------------


def test_scrape_writes_stories_and_rejects(tmp_path: Path, server: Server) -> None:
    """Stories go to the file, rejects beside it, both compressed as the name says; and, with what
    to do, to standard error."""
    urls = f"\n{server.url}/story/of-the-wall-1\nnot a url\n{server.url}/status/404\n"
    (tmp_path / "urls.txt").write_text(urls)
    done = newscrawl(
        tmp_path, "scrape", "--allow-private", "--from", "urls.txt", "-o", "out.jsonl.gz", "--quiet"
    )
    assert done.returncode == 3
    assert done.stdout == b""
    said = done.stderr.decode().splitlines()
    assert sorted(line.split(": ")[2] for line in said) == ["bad_url", "http_404"]
    names = ("out.jsonl.gz", "out.rejected.jsonl.gz")
    assert newscrawl(tmp_path, "check", *names).returncode == 0
    counts = [gzip.decompress((tmp_path / name).read_bytes()).count(b"\n") for name in names]
    assert counts == [1, 2]


def test_page_without_story_is_no_failure(tmp_path: Path, server: Server) -> None:
    """A page that was read and has no story is named, with exit code 0."""
    done = newscrawl(tmp_path, "scrape", "--allow-private", f"{server.url}/section")
    assert (done.returncode, done.stdout) == (0, b"")
    assert re.search(r": (not_article|no_body|no_headline): ", message(done))


def test_crawl_writes_a_run(tmp_path: Path, server: Server) -> None:
    """A crawl leaves stories, rejects and manifest in its folder, and says one line; the files are
    compressed and parted as the options say, and the manifest holds the window."""
    options = ["--compress", "zstd", "--rotate", "1kB", "--limit", "2", "--allow-private"]
    options += ["--since", "2020-01-01"]
    done = newscrawl(tmp_path, "crawl", *options, f"{server.url}/")
    assert done.returncode == 0
    folder = re.escape(f"output/127.0.0.1-{server.port}")
    counts = rf"127\.0\.0\.1:{server.port}: \d stor(y|ies), \d rejected.*"
    found = re.fullmatch(rf"{counts} -> {folder}/[\d-]+/(\S+)\.jsonl\.zst", message(done))
    assert found
    names = {path.name for path in (tmp_path / "output").rglob("*") if path.is_file()}
    endings = (".jsonl.zst", ".2.jsonl.zst", ".manifest.json")
    assert {f"{found[2]}{ending}" for ending in endings} <= names
    assert newscrawl(tmp_path, "check", "output").returncode == 0
    (manifest,) = map(read_manifest, (tmp_path / "output").rglob("*.manifest.json"))
    assert manifest.since == dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_crawl_in_good_order(
    tmp_path: Path, server: Server, number: signal.Signals
) -> None:
    """A signal publishes what is there and gives the signal's exit code, without a traceback."""
    server.requests.clear()
    process = start(
        tmp_path, "crawl", "--allow-private", f"{server.url}/", stdin=subprocess.DEVNULL
    )
    while not server.requests:
        assert process.poll() is None
    process.send_signal(number)
    said = finish(process)
    assert process.returncode == 128 + number
    assert said.decode().count("\n") == 1
    assert "stopped with" in said.decode()
    assert list(tmp_path.rglob("*.manifest.json"))
