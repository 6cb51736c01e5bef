"""Every saved page, field by field: a failure names the page and the field."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newscrawl import extract
from newscrawl.contract import to_json_line
from tests.cases import CASES, Case

KNOWN_MISSES: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "tables" / "known_misses.toml").read_text(encoding="utf-8")
)
"""By case, the fields and labels that the labeller gets wrong, and how: a list to be shortened."""


def checked(case: Case, part: str) -> object:
    miss = KNOWN_MISSES.get(case.name, {}).get(part)
    marks = [pytest.mark.xfail(reason=miss, strict=True)] if miss else []
    return pytest.param(case, part, id=f"{case.name}-{part}", marks=marks)


FIELDS = [checked(case, field) for case in CASES for field in case.record]
REMOVED = [checked(case, label) for case in CASES for label in case.removed_lines]


@cache
def record_of(case_name: str) -> dict[str, Any]:
    case = next(c for c in CASES if c.name == case_name)
    article = extract(case.page.read_bytes(), url=case.url, removed="all")
    record: dict[str, Any] = json.loads(to_json_line(article))
    return record


def narrowed(found: object, expected: object) -> object:
    """``found`` with only those keys of its objects that ``expected`` names."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {key: narrowed(found.get(key), value) for key, value in expected.items()}
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        return [narrowed(f, e) for f, e in zip(found, expected, strict=True)]
    return found


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("case", "field"), FIELDS)
def test_field_is_as_expected(case: Case, field: str) -> None:
    """The saved page gives this field as a person read it."""
    expected = case.record[field]
    assert narrowed(record_of(case.name)[field], expected) == expected


@pytest.mark.parametrize(("case", "label"), REMOVED)
def test_clutter_is_removed_under_its_label(case: Case, label: str) -> None:
    """Each line of this kind of clutter is in ``removed`` under its label, and not in the body."""
    record = record_of(case.name)
    removed = squeezed(" ".join(r["text"] for r in record["removed"] if r["label"] == label))
    missing = [line for line in case.removed_lines[label] if squeezed(line) not in removed]
    body_lines = {squeezed(line) for line in (record["body"] or "").splitlines()}
    leaked = [line for line in case.removed_lines[label] if squeezed(line) in body_lines]
    assert (missing, leaked) == ([], [])
