"""What the README says works: its commands and its Python, against the demo site."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl import extract
from newscrawl.cli.demo_site import serve_demo_site
from tests.cases import DEMO_SITE, LABELLED, SHIPPED_MODEL
from tests.command import BRIEF, environment
from tests.runs import write_run

ROOT = Path(__file__).parent.parent
STORY = "2026/11/18/harbour-dredging-talks-resume"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
COMMANDS = [
    line
    for language, block in BLOCKS
    if language == "sh"
    for line in block.splitlines()
    if line.startswith(("newscrawl ", "scrapy crawl article", "scrapy crawl site"))
]
TRAINING = [line for line in COMMANDS if line.split()[1] in {"train", "evaluate"}]
PYTHON = [block for language, block in BLOCKS if language == "python" and "extract(" in block]
"""``tests.test_addon`` and ``tests.test_cron`` run the others."""
QUICK = "-s NEWSCRAWL_ALLOW_PRIVATE=1 -s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=0"


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The address of the demo site, which stands in for the README's news site."""
    with serve_demo_site() as address:
        yield address


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, origin: str) -> Path:
    """A folder with the files that the README's commands name."""
    page = DEMO_SITE / f"{STORY}.html"
    (tmp_path / "page.html").write_bytes(page.read_bytes())
    (tmp_path / "urls.txt").write_text(f"{origin}/{STORY}\n")
    row = {"id": "a", "path": "page.html", "url": f"{origin}/{STORY}"}
    shutil.copy(SHIPPED_MODEL, tmp_path)
    if not request.node.name.startswith("test_command_of_the_readme[newscrawl sites new"):
        (tmp_path / "courier.toml").write_text(f'start = "{origin}/"\ndelay = 0.01')
    (tmp_path / "pages.jsonl").write_text(json.dumps(row) + "\n")
    write_run(tmp_path / "output", [extract(page.read_bytes(), url=row["url"])])
    return tmp_path


def _here(text: str, origin: str) -> str:
    """The README's text with the demo site in place of its news site."""
    text = text.replace("2026/11/18/a-story", STORY).replace("https://news.example", origin)
    return text.replace(" news.example ", f" {origin}/ ").replace("--limit 50", "--limit 2")


@pytest.mark.parametrize("command", [line for line in COMMANDS if line not in TRAINING])
def test_command_of_the_readme(command: str, folder: Path, origin: str) -> None:
    """A pasted command ends well and leaves at least one story."""
    program, *arguments = shlex.split(_here(command, origin))
    place = folder
    if program == "scrapy":  # runs in a checkout, and has settings of its own
        kept = re.compile(r"\b(?:stories\.jsonl|state\.sqlite)$")
        arguments = [kept.sub(lambda m: str(folder / m[0]), a) for a in arguments]
        arguments, place = [*arguments, *shlex.split(QUICK)], ROOT
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=place,
        env=environment(folder, NEWSCRAWL_ALLOW_PRIVATE="1"),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    files = [*folder.rglob("*.jsonl"), *folder.glob("*.html")]
    written = [done.stdout, *(path.read_bytes() for path in files)]
    if "sites" in arguments:
        file = (folder / "courier.toml").read_text()
        assert b"harbour-dredging-talks" in done.stdout or f"{origin}/feed.xml" in file
    else:
        assert any(b"Harbour Dredging Talks" in text for text in written) or (
            "crawl" in arguments and any(b'"page_type": "article"' in text for text in written)
        )


@pytest.mark.parametrize("command", TRAINING)
def test_training_command_of_the_readme(command: str, tmp_path: Path) -> None:
    """A pasted command that trains, on a checkout's labelled pages, writes the file it names."""
    _, *arguments = shlex.split(command)
    shutil.copytree(LABELLED, tmp_path / "fixtures" / "labelled")
    done = subprocess.run(
        [sys.executable, str(BRIEF), *arguments],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / arguments[-1]).stat().st_size


@pytest.mark.parametrize("code", PYTHON)
def test_python_of_the_readme(code: str, folder: Path, origin: str) -> None:
    """The README's Python prints the story's headline and reads records back."""
    setup = "from pathlib import Path\nhtml = Path('page.html').read_bytes()\n"
    run = [sys.executable, "-m", "newscrawl", "extract", "page.html", "-o", "stories.jsonl"]
    subprocess.run(run, cwd=folder, env=environment(folder), check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", setup + _here(code, origin)],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Harbour Dredging Talks Resume After Three-Month Freeze Talks")
    assert done.stdout.endswith("['Maud Ellery']\n")
