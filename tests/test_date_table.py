from __future__ import annotations

import html
import json
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import newscrawl

TABLE = tomllib.loads(
    (Path(__file__).parent / "tables" / "date_lines.toml").read_text(encoding="utf-8")
)

# Where the line stands. "bare": it brings its own block-level element.
PLACES = {
    "date": '<p class="date">{}</p>',
    "plain": "<p>{}</p>",
    "byline": '<p class="byline">Ilse Varga | {}</p>',
    "bare": "{}",
    "foot": "<p>{}</p>",
    "above": '<p class="date">{}</p>',
}

# Dates that are not the story's, all in 2023 or before.
ABOVE = {
    "masthead": (
        '<div class="masthead"><a href="/">Paper</a> <span class="today">2023-11-20</span></div>'
    ),
    "ticker": (
        '<div class="ticker"><ul><li><time datetime="2023-11-20T09:00:00Z">09:00</time>'
        ' <a href="/news/port">Ostra</a></li><li><time datetime="2023-11-20T08:30:00Z">08:30'
        '</time> <a href="/news/tram">Velin</a></li></ul></div>'
    ),
}
INSIDE = {
    "photo": (
        '<figure><img src="/img/ostra.jpg" alt=""><figcaption>Ostra, 2019-06-12. Foto: Orlin Tamsel'
        "</figcaption></figure>"
    ),
    "teaser": (
        '<aside class="teaser"><a href="/news/port">Ostra</a> <span class="date">2023-11-20</span>'
        "</aside>"
    ),
}
BELOW = {
    "bio": (
        '<div class="author-bio"><a href="/people/ilse-varga">Ilse Varga</a>'
        ' <span class="since">2015-06-05</span></div>'
    ),
    "mostread": (
        '<ol class="most-read"><li><a href="/news/port">Ostra</a> <span class="date">2023-11-20'
        '</span></li><li><a href="/news/tram">Velin</a> <span class="date">2023-11-18</span></li>'
        "</ol>"
    ),
    "related": (
        '<aside class="related"><ul><li><a href="/news/port">Ostra</a>'
        ' <time datetime="2023-11-20T09:00:00Z">2023-11-20</time></li><li>'
        '<a href="/news/tram">Velin</a> <time datetime="2023-11-18">2023-11-18</time></li></ul>'
        "</aside>"
    ),
    "comments": (
        '<section id="comments" class="comments"><div class="comment"><b>Orlin</b>'
        ' <time datetime="2023-11-21T19:00:00Z">2023-11-21 19:00</time><p>Hm.</p></div>'
        '<div class="comment"><b>Tamsel</b> <span class="date">2023-11-22 07:40</span>'
        "<p>Oh!</p></div></section>"
    ),
    "copyright": '<footer><p class="copyright">© 1998–2023 Paper Media</p></footer>',
    "terms": '<footer><p class="copyright">Copyright © 20 November 2023 Paper Media</p></footer>',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: a page's date lines, and the dates that they give."""

    language: str
    line: str = ""
    """Text or inline HTML."""
    place: str = "date"
    head: str = ""
    """HTML for the page's head."""
    meta: dict[str, str] = field(default_factory=dict)
    """Content of ``meta`` elements by property or name."""
    ld: dict[str, Any] = field(default_factory=dict)
    """What the story's JSON-LD says beside its type and headline."""
    elsewhere: tuple[str, ...] = ()
    """Names of other dates on the page: keys of ``ABOVE``, ``INSIDE`` and ``BELOW``."""
    url: str = "https://paper.example/news/a-story"
    published: str | None = None
    modified: str | None = None

    @property
    def prose(self) -> dict[str, Any]:
        """Headline and paragraphs in the row's language."""
        prose: dict[str, Any] = TABLE["prose"][self.language.partition("-")[0]]
        return prose

    def page(self) -> str:
        """An article page with the line in its place."""
        line = PLACES[self.place].format(self.line) if self.line else ""
        above, under, below = (
            line if self.place in places else ""
            for places in (("above",), ("date", "plain", "byline", "bare"), ("foot",))
        )
        byline = "" if self.place == "byline" else '<p class="byline">Ilse Varga</p>'
        first, *more = (f"<p>{html.escape(text)}</p>" for text in self.prose["paragraphs"])
        story = "\n".join((first, self.others(INSIDE), *more))
        return f"""<!DOCTYPE html>
<html lang="{self.language}">
<head><meta charset="utf-8"><title>{self.prose["headline"]}</title>{self.facts()}</head>
<body>
{self.others(ABOVE)}
<main><article>
<header>{above}<h1>{self.prose["headline"]}</h1>{byline}{under}</header>
{story}
{below}
</article></main>
{self.others(BELOW)}
</body></html>"""

    def others(self, room: dict[str, str]) -> str:
        """Those of the row's other dates that stand in this part of the page."""
        return "".join(text for name, text in room.items() if name in self.elsewhere)

    def facts(self) -> str:
        """What the page's head says to machines."""
        facts = [self.head]
        for name, content in self.meta.items():
            key = "property" if ":" in name else "name"
            facts.append(f'<meta {key}="{name}" content="{html.escape(content)}">')
        if self.ld:
            story = {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": self.prose["headline"],
                **self.ld,
            }
            facts.append(f'<script type="application/ld+json">{json.dumps(story)}</script>')
        return "".join(facts)


def rows() -> list[Any]:
    """The table as test parameters, numbered within each language."""
    seen: Counter[str] = Counter()
    parameters = []
    for raw in TABLE["rows"]:
        row = Row(**raw)
        seen[row.language] += 1
        parameters.append(pytest.param(row, id=f"{row.language}-{seen[row.language]}"))
    return parameters


@pytest.mark.parametrize("row", rows())
def test_date_line(row: Row) -> None:
    """A page gives exactly the dates that it states, each in its own field, and no other."""
    article = newscrawl.extract(row.page(), url=row.url)
    found = [
        date.isoformat() if date else None
        for date in (article.date_published, article.date_modified)
    ]
    assert found == [row.published, row.modified]
