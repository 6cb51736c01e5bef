"""A site that is crawled again and again, as by cron: one state, one folder, and many runs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from newscrawl.contract import check_lines
from newscrawl.state import rates_beside
from tests.changing_site import ChangingSite, story
from tests.driver import crawl_into, fork, lines, run_forked

FIRST = 8
"""Stories that the site begins with."""


class Scheduled:
    """The site, and the runs over it, which write below ``out``."""

    def __init__(self, site: ChangingSite, out: Path, state: Path, reports: Path) -> None:
        self.site = site
        self.out = out
        self.state = state
        self._reports = reports
        self._runs = 0
        self._paths: list[str] = []
        self.add_stories(FIRST)

    def add_stories(self, number: int, size: int = 0) -> None:
        """Have the site link to further stories, with ``size`` bytes around each, and to a page
        that can't be fetched."""
        for _ in range(number):
            name = f"{len(self._paths)}"
            self._paths.append(f"/2026/01/02/the-town-and-its-wall-{name}")
            self.site.pages[self._paths[-1]] = story(name, head=f"<!--{'x' * size}-->")
        broken = f"/2026/01/02/a-page-that-fails-{len(self._paths)}"
        self.site.pages[broken] = b""
        self.site.failing.add(broken)

    def run(self, **more: Any) -> Mapping[str, Any]:
        """A run to its end; what it did."""
        return run_forked(self._reports, [self._crawl()], **self._more(more))

    def start(self, **more: Any) -> ForkServerProcess:
        """A run that is left running."""
        return fork(self._reports, [self._crawl()], **self._more(more))

    def _crawl(self) -> Mapping[str, Any]:
        self._runs += 1
        return crawl_into(self.out / "2026-01-02" / self._run_id, f"{self.site.url}/")

    @property
    def _run_id(self) -> str:
        return f"run{self._runs:03}"

    def _more(self, given: dict[str, Any]) -> dict[str, Any]:
        options = {"run_id": self._run_id, "state": str(self.state)} | given.pop("options", {})
        # A busy machine isn't what these tests are about.
        settings = {"DOWNLOAD_TIMEOUT": 30} | given.pop("settings", {})
        return {"options": options, "settings": settings, **given}

    def files(self) -> list[Path]:
        """All files below ``out``."""
        return sorted(path for path in self.out.rglob("*") if path.is_file())

    def require_whole_files(self) -> None:
        """Whatever stands under a published name is whole."""
        for path in self.files():
            if path.name.startswith("."):
                continue
            if path.suffix == ".json":
                json.loads(path.read_bytes())
            elif path.name.endswith(".rejected.jsonl"):
                assert path.read_bytes().endswith(b"\n")
                assert all(record["code"] for record in lines(path))
            else:
                assert list(check_lines(path)) == []

    def require_each_story_once(self) -> None:
        """The files that the manifests name are as they say, hold every story of the site exactly
        once, and there is nothing else."""
        named, addresses = self._named()
        assert Counter(addresses) == Counter(f"{self.site.url}{path}" for path in self._paths)
        assert self.files() == sorted(named)
        kept = {self.state.name, rates_beside(self.state).name}
        assert {path.name for path in self.state.parent.iterdir()} <= kept

    def _named(self) -> tuple[list[Path], list[str]]:
        """The manifests and the files that they name; the addresses of the records in these."""
        named, addresses = [], []
        for path in self.out.rglob("*.manifest.json"):
            manifest = json.loads(path.read_bytes())
            named.append(path)
            for part in ("articles", "rejected"):
                for entry in manifest[part]["files"]:
                    file = path.with_name(entry["file"])
                    named.append(file)
                    assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
                    if part == "articles":
                        addresses += [record["url"] for record in lines(file)]
        return named, addresses
