"""Attribution lines in twenty languages, from the page to the record (``tables/credits.toml``).

A printed credit becomes one entry a kind, with agencies by canonical name, people and publication;
its text is the whole printed line. A credit that stands on its own leaves the body, one that ends
a longer paragraph stays there and is listed too. A sentence that quotes an agency, an image credit
and a copyright line are no attribution, and the story around the line stays whole.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest

import newscrawl

TABLE = tomllib.loads((Path(__file__).parent / "tables/credits.toml").read_text("utf-8"))
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{headline}</title></head>
<body><article><h1>{headline}</h1>
{paragraphs}
</article></body></html>"""
UNSPACED = {"ja", "zh"}
"""Languages that write no space between sentences."""
DASHES = " -–—:."
"""What parts a dateline from its sentence: whether it belongs to the dateline isn't judged."""


@dataclass(frozen=True)
class Case:
    """A row of the table."""

    language: str
    line: str
    place: str = "behind"
    credits: tuple[dict[str, Any], ...] | None = None
    in_body: bool | str = False
    dateline: dict[str, str] | bool | None = None

    def paragraphs(self) -> list[str]:
        """The story's paragraphs with the line where it stands."""
        texts = list(TABLE["stories"][self.language]["paragraphs"])
        space = "" if self.language in UNSPACED else " "
        match self.place:
            case "behind":
                texts.append(self.line)
            case "top":
                texts.insert(0, self.line)
            case "inside":
                texts.insert(2, self.line)
            case "end of paragraph":
                texts[-1] += space + self.line
            case "start of paragraph":
                texts[0] = f"{self.line} {texts[0]}"
            case place:
                raise ValueError(f"no such place: {place}")
        return texts

    def page(self) -> str:
        """The page as a site prints it."""
        return PAGE.format(
            language=self.language,
            headline=escape(TABLE["stories"][self.language]["headline"]),
            paragraphs="\n".join(
                f"<p>{escape(text, quote=False)}</p>" for text in self.paragraphs()
            ),
        )


def read_cases() -> dict[str, Case]:
    """The rows by language and number."""
    numbers: Counter[str] = Counter()
    cases = {}
    for row in TABLE["table"]["rows"]:
        case = Case(**{**row, "credits": tuple(row["credits"]) if "credits" in row else None})
        numbers[case.language] += 1
        cases[f"{case.language}-{numbers[case.language]:02}"] = case
    return cases


CASES = read_cases()


def named(chosen: dict[str, Case]) -> pytest.MarkDecorator:
    """The test for every chosen row, under the row's name."""
    return pytest.mark.parametrize("case", chosen.values(), ids=chosen.keys())


@cache
def record(page: str) -> newscrawl.Article:
    """The record of a page, made once for all tests of a row."""
    return newscrawl.extract(page, url="https://paper.example/news/a-story")


@named({name: case for name, case in CASES.items() if case.credits is not None})
def test_credits(case: Case) -> None:
    """Each kind of credit is one entry, in order; where there is no credit there is no entry."""
    assert case.credits is not None
    entries = record(case.page()).attribution
    found = [(entry.agencies, entry.people, entry.publication) for entry in entries]
    assert found == [
        (tuple(row.get("agencies", ())), tuple(row.get("people", ())), row.get("publication"))
        for row in case.credits
    ]
    for entry, row in zip(entries, case.credits, strict=True):
        assert entry.kind in ([row["kind"]] if isinstance(row["kind"], str) else row["kind"])


@named({name: case for name, case in CASES.items() if case.credits})
def test_text(case: Case) -> None:
    """A credit's text is the whole printed line, in each of its entries."""
    texts = [entry.text for entry in record(case.page()).attribution]
    assert texts
    if case.in_body:
        assert all(case.line in text for text in texts)
    else:
        assert texts == [case.line] * len(texts)


@named({name: case for name, case in CASES.items() if case.in_body != "open"})
def test_body(case: Case) -> None:
    """The body is the story: with the line where that is part of it, else without."""
    body = record(case.page()).body
    assert body is not None
    kept = [text for text in case.paragraphs() if case.in_body or text != case.line]
    assert body.split("\n\n") == kept


@named({name: case for name, case in CASES.items() if case.dateline is not None})
def test_dateline(case: Case) -> None:
    """A dateline gives place and agency as printed; a label in capitals is no place."""
    dateline = record(case.page()).dateline
    if not isinstance(case.dateline, dict):
        assert dateline is None
        return
    assert dateline is not None
    assert dateline.place == case.dateline["place"]
    assert dateline.agency == case.dateline.get("agency")
    assert dateline.text.rstrip(DASHES) == case.line.rstrip(DASHES)
