"""The wheel holds all that the program needs, the demo site and the views included."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.command import environment

ROOT = Path(__file__).parent.parent


def test_wheel_installed_elsewhere_runs(tmp_path: Path) -> None:
    """A wheel built from the checkout and unpacked somewhere else crawls its own demo site, and
    makes pages to look at."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("newscrawl-*.whl")
    place, home = tmp_path / "installed", tmp_path / "home"
    home.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run(
        [*install, "--target", str(place), str(wheel)], check=True, capture_output=True, timeout=120
    )
    here = environment(home, PYTHONPATH=str(place))
    which = "import newscrawl; print(newscrawl.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", which], cwd=home, env=here, check=True, capture_output=True
    )
    assert Path(found.stdout.decode().strip()).is_relative_to(place)
    assert not list(place.rglob("labelled_blocks*"))
    demo = subprocess.run(
        [sys.executable, "-m", "newscrawl", "demo", "--quiet"],
        cwd=home,
        env=here,
        check=True,
        capture_output=True,
        timeout=120,
    )
    stories = [json.loads(line) for line in demo.stdout.splitlines()]
    assert len(stories) == 14
    assert {story["language"] for story in stories} == {"en", "de", "es", "ja"}
    for command in (["inspect", "-"], ["report"]):
        page = subprocess.run(
            [sys.executable, "-m", "newscrawl", *command, "-o", "-"],
            input=b"<p>Text</p>",
            cwd=home,
            env=here,
            check=True,
            capture_output=True,
        )
        assert page.stdout.count(b"<style>") == page.stdout.count(b"<script>") == 1
