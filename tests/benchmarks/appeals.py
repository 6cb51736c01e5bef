"""Quality on short stories between appeals, in 18 languages: what is kept, leaked and named.

    python -m tests.benchmarks.appeals [--model FILE] [--show N]

``fixtures/appeals`` has stories and boxes of invented publications, a file a language; nothing is
trained on them. Each story's first one, two and five paragraphs, and none of them, are printed in
four ways, among boxes that chance puts before, amid and behind them, the same on every machine:
1,152 pages. A page is right when its body is the paragraphs and nothing else but their credit.
Ways of printing: ``bare``, boxes in one element each on a page with a link home; ``plain``, their
lines as paragraphs like the text's; ``named``, a site's page whose classes and metadata say what is
what; ``hashed``, the same without metadata and with random names. ``--show`` prints the first N
pages that are wrong, with what each lost and let through.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from newscrawl.extraction.extract import read_page
from newscrawl.extraction.labelling.model import Model, read_model

APPEALS = Path(__file__).parents[2] / "fixtures" / "appeals"
LAYOUTS = ("bare", "plain", "named", "hashed")
LENGTHS = (0, 1, 2, 5)
_CLASSES = {
    "fundraising": ("donation-box", "support-us", "contribute", "appeal"),
    "paywall": ("paywall", "subscribe-wall", "offer"),
    "newsletter": ("newsletter", "signup"),
    "related": ("related", "read-more", "recirc"),
    "promo": ("promo", "app-box", "follow"),
    "author_bio": ("author-bio", "about-author"),
}
_SITES_OWN = frozenset({"related", "author_bio"})
"""Boxes that only a site's page has."""
_MENU = "News Sport Kultur Wirtschaft Video Podcast".split()
_PLACES = ("before", "amid", "behind", "behind")


@dataclass(frozen=True, slots=True)
class Composed:
    """A page, and what belongs where."""

    html: str
    language: str
    layout: str
    paragraphs: Sequence[str]
    lines: Sequence[tuple[str, str]]
    """Label and text of each line of the boxes."""
    credit: str


@dataclass(slots=True)
class Tally:
    """Counts over some pages."""

    pages: int = 0
    right: int = 0
    storyless: int = 0
    paragraphs: int = 0
    kept: int = 0
    lines: int = 0
    leaked: int = 0
    named: int = 0


@dataclass(slots=True)
class Outcome:
    """What became of a page's paragraphs and lines."""

    right: bool
    lost: list[str]
    leaked: list[str]
    named: int
    storyless: bool


class _Composer:
    """One page; chance is drawn from what the page is, so that each is the same everywhere."""

    def __init__(self, texts: Any, number: int, layout: str, length: int) -> None:
        self._texts = texts
        self._story = texts["stories"][number]
        self._layout = layout
        self._length = length
        page = f"{texts['language']} {number} {layout} {length}"
        self._chance = random.Random(page)  # noqa: S311 - repeatable, not secret

    def compose(self) -> Composed:
        paragraphs = self._paragraphs
        boxes = self._boxes()
        places: dict[str, list[str]] = {place: [] for place in _PLACES}
        for box in boxes:
            places[self._chance.choice(_PLACES)].append(self._box(box))
        pieces = [f"<p>{escape(text)}</p>" for text in paragraphs]
        for box in places["amid"]:
            pieces.insert(self._chance.randint(1, max(1, self._length - 1)), box)
        credit = self._story["credit"] if paragraphs else ""
        if credit:
            pieces.append(f"<p>{escape(credit)}</p>")
        inside = self._chance.random() < 0.5
        behind = "".join(places["behind"])
        text = "".join(pieces) + (behind if inside else "")
        body = f"<div{self._class('article-body')}>{text}</div>{'' if inside else behind}"
        return Composed(
            self._page("".join(places["before"]) + body, boxes),
            self._texts["language"],
            self._layout,
            paragraphs,
            [(box["label"], text) for box in boxes for _, text in box["lines"]],
            credit,
        )

    @property
    def _paragraphs(self) -> list[str]:
        paragraphs: list[str] = self._story["paragraphs"]
        return paragraphs[: self._length]

    @property
    def _on_site(self) -> bool:
        return self._layout in {"named", "hashed"}

    def _boxes(self) -> list[Any]:
        boxes = [
            box for box in self._texts["boxes"] if self._on_site or box["label"] not in _SITES_OWN
        ]
        return self._chance.sample(boxes, self._chance.randint(2, 4 if self._on_site else 3))

    def _class(self, name: str) -> str:
        if not self._on_site:
            return ""
        if self._layout == "hashed":
            name = "".join(self._chance.choices("abcdefghkmxyz0123", k=7))
        return f' class="{name}"'

    def _box(self, box: Any) -> str:
        plain = self._layout == "plain"
        lines = []
        for tag, text in box["lines"]:
            linked = tag in {"a", "button"} if plain else tag == "a"
            inner = escape(text)
            if linked:
                inner = f'<a href="/{self._chance.randrange(999)}">{inner}</a>'
            outer = "p" if plain or linked else tag
            lines.append(f"<{outer}>{inner}</{outer}>")
        if plain:
            return "".join(lines)
        tag = self._chance.choice(("div", "aside", "section"))
        name = self._class(self._chance.choice(_CLASSES[box["label"]]))
        return f"<{tag}{name}>{''.join(lines)}</{tag}>"

    def _page(self, text: str, boxes: Sequence[Any]) -> str:
        story = self._story
        headline = escape(story["headline"] if self._length else boxes[0]["lines"][0][1])
        head, menu, more, foot = f"<title>{headline}</title>", '<a href="/">Home</a>', "", ""
        by = f"<p{self._class('byline')}>{escape(story['byline'])}</p>"
        by += f"<p{self._class('date')}><time>{escape(story['date'])}</time></p>"
        if self._layout == "bare" or not self._length:
            by = ""
        if self._layout == "named":
            described = escape(" ".join(self._paragraphs[:1]))
            head += f'<meta property="og:title" content="{headline}">'
            head += '<meta property="og:type" content="article">'
            head += f'<meta property="og:description" content="{described}">'
        if self._on_site:
            menu = "".join(f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(_MENU))
            others = (s for s in self._texts["stories"] if s is not story)
            links = "".join(
                f'<a href="/s/{n}"><h3>{escape(other["headline"])}</h3></a>'
                for n, other in enumerate(others)
            )
            more = f"<section{self._class('more-stories')}>{links}</section>"
            foot = (
                f'<footer{self._class("footer")}><p>© 2026</p><a href="/about">About</a></footer>'
            )
        return (
            f'<!doctype html><html lang="{self._texts["language"]}"><head><meta charset="utf-8">'
            f"{head}</head><body><header{self._class('site-header')}><nav><ul>{menu}</ul></nav>"
            f"</header><main><article><h1>{headline}</h1>{by}"
            f"{text}</article>{more}</main>{foot}</body></html>"
        )


def pages() -> Iterator[Composed]:
    """All pages, by language, layout, story and length."""
    for path in sorted(APPEALS.glob("*.json")):
        texts = json.loads(path.read_text(encoding="utf-8"))
        for layout in LAYOUTS:
            for number in range(len(texts["stories"])):
                for length in LENGTHS:
                    yield _Composer(texts, number, layout, length).compose()


def judge(page: Composed, model: Model) -> Outcome:
    """What a model makes of a page."""
    reading = read_page(page.html, model=model)
    body = _squeezed(reading.article.body or "")
    paragraphs = [_squeezed(text) for text in page.paragraphs]
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for block, label in reading.given:
        for line in block.text.split("\n"):
            taken[_squeezed(line)].add(label.name)
    lines = [(label, _squeezed(text)) for label, text in page.lines]
    for _, text in lines:  # several may stand in one block
        if text not in taken:
            around = (names for line, names in taken.items() if text in line)
            taken[text] = set().union(*around)
    lost = [text for text in paragraphs if text not in body]
    return Outcome(
        right=body.removesuffix(_squeezed(page.credit)).strip() == " ".join(paragraphs),
        lost=lost,
        leaked=[text for _, text in lines if "body" in taken[text]],
        named=sum(label in taken[text] for label, text in lines),
        storyless=bool(lost) and len(lost) == len(paragraphs),
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _count(tally: Tally, page: Composed, outcome: Outcome) -> None:
    tally.pages += 1
    tally.right += outcome.right
    tally.storyless += outcome.storyless
    tally.paragraphs += len(page.paragraphs)
    tally.kept += len(page.paragraphs) - len(outcome.lost)
    tally.lines += len(page.lines)
    tally.leaked += len(outcome.leaked)
    tally.named += outcome.named


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.appeals", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--model", help="a model of newscrawl train; newscrawl's own by default")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong pages")
    options = parser.parse_args()
    model = read_model(options.model)
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    shown = 0
    for page in pages():
        outcome = judge(page, model)
        groups = ("all", page.layout, f"{len(page.paragraphs)} paragraphs", page.language)
        for group in groups:
            _count(tallies[group], page, outcome)
        if not outcome.right and shown < options.show:
            shown += 1
            print(f"{page.language} {page.layout}: lost {outcome.lost}, leaked {outcome.leaked}")
    print(f"{'':14}{'pages':>6}{'right':>8}{'no story':>10}{'kept':>8}{'leaked':>8}{'named':>8}")
    for group, t in tallies.items():
        print(
            f"{group:14}{t.pages:6}{t.right / t.pages:8.3f}{t.storyless / t.pages:10.3f}"
            f"{t.kept / max(1, t.paragraphs):8.3f}{t.leaked / t.lines:8.3f}{t.named / t.lines:8.3f}"
        )


if __name__ == "__main__":
    main()
