"""``newscrawl train`` and ``evaluate``, and ``--model``, from end to end."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newscrawl.extraction.labelling.model import read_model, shipped_model
from tests.cases import DEMO_SITE, LABELLED, SHIPPED_MODEL
from tests.command import BRIEF, environment, message, newscrawl

_PAGE = DEMO_SITE / "2026" / "11" / "16" / "school-bus-timetable-change.html"
_WITHOUT_JAX = """
import sys
sys.modules["jax"] = None
from newscrawl.cli import main
main()
"""
_ENDS_WITH_JAX = """
import sys
from newscrawl.cli import main
try: main()
except SystemExit as end: sys.exit(end.code or "jax" in sys.modules)
"""


def _run(folder: Path, *command: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        check=False,
        timeout=300,
    )


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The labelled pages, between one that has no text and one that has no labels."""
    folder = tmp_path_factory.mktemp("corpus") / "labelled"
    shutil.copytree(LABELLED, folder)
    (folder / "empty.html").write_text("")
    labels = folder / "labels.jsonl"
    rows = [
        '{"id": "empty", "page": "empty.html", "body": "A story that went missing."}',
        *labels.read_text().splitlines(),
        json.dumps({"id": "plain", "page": str(_PAGE), "url": "https://plain.example/a"}),
    ]
    labels.write_text("".join(f"{row}\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def trained(corpus: Path) -> Path:
    """The folder in which a model was trained, as ``model.npz``."""
    done = _run(corpus.parent, BRIEF, "train", "--pages", "labelled")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    summary = (
        r"train: 12 of 14 pages, 6 sites, 9\d\d labelled blocks, [\d,]+ bytes, \d+ seconds "
        r"-> model\.npz"
    )
    assert re.fullmatch(summary, message(done))
    return corpus.parent


def test_nothing_is_left_beside_the_model(trained: Path) -> None:
    """Training writes one file."""
    assert sorted(p.name for p in trained.iterdir() if p.is_file()) == ["model.npz"]
    assert read_model(trained / "model.npz").about["pages"] == 12


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_extract_labels_with_the_model(trained: Path, jobs: str) -> None:
    """Records of ``extract --model`` name the model that made them, in every worker."""
    arguments = ["--model", "model.npz", "--jobs", jobs, "-o", f"out{jobs}.jsonl"]
    done = newscrawl(trained, "extract", *[str(_PAGE)] * 3, *arguments)
    assert done.returncode == 0
    written = trained / f"out{jobs}.jsonl"
    names = {record["extractor"]["model"] for record in _records(written)}
    assert names == {read_model(trained / "model.npz").name} != {shipped_model().name}
    written.unlink()


def test_crawls_label_with_the_model(trained: Path, tmp_path: Path) -> None:
    """So do those of the commands that run a spider; a TOML file may name the model."""
    (tmp_path / "c.toml").write_text(f"model = '{trained / 'model.npz'}'\n")
    done = newscrawl(tmp_path, "demo", "--config", "c.toml", "--limit", "3")
    names = {json.loads(line)["extractor"]["model"] for line in done.stdout.splitlines()}
    assert names == {read_model(trained / "model.npz").name}


def test_inspect_labels_with_the_model(trained: Path, tmp_path: Path) -> None:
    """And ``inspect``."""
    model = str(trained / "model.npz")
    done = newscrawl(tmp_path, "inspect", str(_PAGE), "--model", model, "-o", "-")
    assert read_model(model).name in done.stdout.decode()


def test_out_of_fold_predictions(corpus: Path, tmp_path: Path) -> None:
    """``evaluate`` reports, and writes a record a page in order, pages without labels too."""
    arguments = ["--pages", corpus, "--folds", "2", "--predictions", "p.jsonl"]
    done = _run(tmp_path, BRIEF, "evaluate", *arguments)
    assert done.returncode == 0, done.stderr
    assert message(done) == "evaluate: 14 records -> p.jsonl"
    lines = done.stdout.decode().splitlines()
    assert lines[0] == ("14 pages of 8 sites in 2 folds, each judged by a model of the other folds")
    assert any(line.startswith("nav ") for line in lines)
    ids = [page["id"] for page in _records(corpus / "labels.jsonl")]
    assert [record["id"] for record in _records(tmp_path / "p.jsonl")] == ids
    assert newscrawl(tmp_path, "check", "p.jsonl").returncode == 0


def test_model_is_judged_as_it_is(corpus: Path, tmp_path: Path) -> None:
    """``evaluate --model`` trains nothing, needs no JAX, and says that the pages may be known."""
    model = str(SHIPPED_MODEL)
    arguments = ["evaluate", "--pages", corpus, "--model", model, "--predictions", "p.jsonl"]
    done = _run(tmp_path, "-c", _WITHOUT_JAX, *arguments)
    assert done.returncode == 0, done.stderr
    heading = done.stdout.decode().splitlines()[0]
    assert heading.endswith(f"judged by {model}: it may have been trained on some of them")
    names = {record["extractor"]["model"] for record in _records(tmp_path / "p.jsonl")}
    assert names == {shipped_model().name}


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_missing_packages_are_named(tmp_path: Path, command: str) -> None:
    """Without JAX one line says what to install, and nothing is written."""
    done = _run(tmp_path, "-c", _WITHOUT_JAX, command, "--pages", LABELLED)
    assert message(done) == "training needs more packages: pip install 'newscrawl[train]'"
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", str(_PAGE)],
        ["extract", str(_PAGE), "--model", str(SHIPPED_MODEL)],
        ["inspect", str(_PAGE)],
        ["demo", "--limit", "1"],
        ["train", "--help"],
        ["evaluate", "--pages", str(LABELLED), "--model", str(SHIPPED_MODEL)],
    ],
    ids=lambda arguments: arguments[0],
)
def test_jax_stays_out(tmp_path: Path, arguments: list[str]) -> None:
    """Whatever doesn't train never imports JAX."""
    done = _run(tmp_path, "-c", _ENDS_WITH_JAX, *arguments)
    assert done.returncode == 0, done.stderr


def test_broken_page_leaves_the_old_model(tmp_path: Path) -> None:
    """A page that can't be read is named, and the model that was there stays."""
    (tmp_path / "model.npz").write_bytes(b"old")
    row = '{"id": "a", "page": "gone.html", "body": "A story."}\n'
    (tmp_path / "labels.jsonl").write_text(row)
    done = _run(tmp_path, BRIEF, "train", "--pages", ".")
    assert message(done) == (
        "cannot read gone.html: 'a' in labels.jsonl names it, and there is no such file: "
        "check the path"
    )
    assert done.returncode == 3
    assert (tmp_path / "model.npz").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (["train", "--pages", ".", "-o", "./labels.jsonl"], "labels.jsonl"),
        (["train", "--pages", ".", "-o", "blocks.jsonl"], "blocks.jsonl"),
        (["evaluate", "--pages", ".", "--predictions", "labels.jsonl"], "labels.jsonl"),
        (["evaluate", "--pages", ".", "--model", "m", "--predictions", "m"], "m"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_labels_are_not_written_over(tmp_path: Path, arguments: list[str], file: str) -> None:
    """What took somebody hours isn't lost to a slip: no command writes to what it reads."""
    shutil.copytree(LABELLED, tmp_path, dirs_exist_ok=True)
    shutil.copy(SHIPPED_MODEL, tmp_path / "m")
    before = (tmp_path / file).read_bytes()
    done = _run(tmp_path, BRIEF, *arguments)
    assert message(done) == f"{file} is read, and would be lost: name another file to write"
    assert done.returncode == 2
    assert (tmp_path / file).read_bytes() == before


def test_labels_of_another_page_are_told(tmp_path: Path) -> None:
    """Training goes on without labels that are on no block, and says so."""
    (tmp_path / "a.html").write_text("<p>The only sentence that stands on this page.</p>")
    row = {"id": "a", "page": "a.html", "body": "Something else.", "without": ["Donate"]}
    (tmp_path / "labels.jsonl").write_text(json.dumps(row))
    done = _run(tmp_path, BRIEF, "train", "--pages", ".", "--quiet")
    assert message(done).startswith(
        "train: labelled texts that aren't on their pages: 2, the first of a: 'Something else.': "
    )
    assert done.returncode == 0


def test_no_page_with_text(tmp_path: Path) -> None:
    """Labelled pages that are all empty can't be learned from, and the line says so."""
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "labels.jsonl").write_text('{"id": "a", "page": "empty.html", "body": "Gone."}\n')
    done = _run(tmp_path, BRIEF, "train", "--pages", ".")
    assert "no labelled page with a text is left to train on" in message(done)
    assert done.returncode == 2
