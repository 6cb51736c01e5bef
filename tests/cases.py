"""The saved pages: a page, its facts, and the behaviour that it guards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import newscrawl

FIXTURES = Path(__file__).parent.parent / "fixtures"
DEMO_SITE = FIXTURES / "demo-site"
LABELLED = FIXTURES / "labelled"
SHIPPED_MODEL = Path(newscrawl.__file__).parent / "extraction" / "labelling" / "model.npz"


@dataclass(frozen=True, slots=True)
class Case:
    """One saved page with what must come out of it."""

    name: str
    page: Path
    url: str
    record: dict[str, Any]
    """Expected fields; of objects in a list only the keys given are compared."""
    removed_lines: dict[str, list[str]]
    """Lines that must be in ``removed``, by label."""


def _case(name: str, expected: Path, page: Path) -> Case:
    facts = json.loads(expected.read_text(encoding="utf-8"))
    return Case(name, page, facts["url"], facts["record"], facts["removed_lines"])


def _demo_case(expected: Path) -> Case:
    facts = json.loads(expected.read_text(encoding="utf-8"))
    return _case(f"demo/{expected.stem}", expected, DEMO_SITE / facts["file"])


SAVED_CASES = [
    _case(expected.parent.name, expected, expected.parent / "page.html")
    for expected in sorted(FIXTURES.glob("*/expected.json"))
]
DEMO_CASES = [_demo_case(expected) for expected in sorted((FIXTURES / "demo-expected").iterdir())]
CASES = SAVED_CASES + DEMO_CASES
