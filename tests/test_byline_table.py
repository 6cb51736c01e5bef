"""Whatever its language and shape, a printed byline gives the people who wrote the story, with
their roles, and the agencies it credits – and nobody where it names nobody."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import chain
from pathlib import Path
from typing import Literal

import pytest

import newscrawl

TABLE = tomllib.loads((Path(__file__).parent / "tables" / "bylines.toml").read_text("utf-8"))
STORIES: dict[str, list[str]] = TABLE["stories"]
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{headline} - The Paper Example</title>
<meta property="og:site_name" content="The Paper Example">
</head>
<body><main><article>
<h1>{headline}</h1>
{line}
{paragraphs}
</article></main></body>
</html>"""
LINE = {"byline": '<p class="byline">{}</p>', "plain": "<div>{}</div>"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table; its file says what the fields mean."""

    language: str
    line: str
    authors: list[str]
    roles: list[str] | None = None
    agencies: list[str] | None = None
    place: Literal["byline", "plain"] = "byline"


ROWS = [Row(**row) for row in TABLE["rows"]]


def names(rows: list[Row]) -> list[str]:
    """For each row its language and its number within it, so that a failure is easy to find."""
    count: Counter[str] = Counter()
    found = []
    for row in rows:
        count[row.language] += 1
        found.append(f"{row.language}-{count[row.language]:02d}")
    return found


NAMED = list(zip(ROWS, names(ROWS), strict=True))
every_row = pytest.mark.parametrize("row", [pytest.param(row, id=name) for row, name in NAMED])
rows_with_roles = pytest.mark.parametrize(
    "row", [pytest.param(row, id=name) for row, name in NAMED if row.roles is not None]
)


@cache
def record(language: str, line: str, place: str) -> newscrawl.Article:
    """The record of a plain story in that language with the line under its headline."""
    headline, *paragraphs = STORIES[language]
    page = PAGE.format(
        language=language,
        headline=escape(headline),
        line=LINE[place].format(escape(line)),
        paragraphs="\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs),
    )
    return newscrawl.extract(page, url="https://paper.example/news/a-story")


@every_row
def test_authors_are_the_people_that_the_byline_names(row: Row) -> None:
    """Everybody who wrote it, in order, by name alone; an empty list where it is nobody."""
    article = record(row.language, row.line, row.place)
    assert [author.name for author in article.authors] == row.authors


@rows_with_roles
def test_roles_are_those_that_the_byline_prints(row: Row) -> None:
    """Each author's own role as printed, and none made of a place, a date or an address."""
    article = record(row.language, row.line, row.place)
    assert [author.role or "" for author in article.authors] == row.roles


@every_row
def test_agencies_are_credited_and_no_others(row: Row) -> None:
    """An agency in the byline is in the attribution; where there is none, no credit is."""
    article = record(row.language, row.line, row.place)
    found = set(chain.from_iterable(credit.agencies for credit in article.attribution))
    assert found == set(row.agencies or [])


def test_table_is_broad() -> None:
    """At least 150 lines in 12 languages, English at most a third of them, and no line twice."""
    count = Counter(row.language for row in ROWS)
    assert len(ROWS) >= 150
    assert len(count) >= 12
    assert count["en"] <= len(ROWS) / 3
    assert len({(row.language, row.line) for row in ROWS}) == len(ROWS)
    assert all(len(row.roles) == len(row.authors) for row in ROWS if row.roles is not None)
