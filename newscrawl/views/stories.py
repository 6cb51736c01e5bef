"""What came in a run: its records, read once and in bounded memory."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from newscrawl.records import Article, Removed, RemovedLabel
from newscrawl.urls import split_web_url
from newscrawl.views.page import cut
from newscrawl.views.strange import Strange, Strangeness, traits
from newscrawl.views.top import Top

_STORIES = 200
"""Of a site, that are listed: more than anybody reads, and fifty sites' make a page of 3.5 MB."""
_TEXT = 300
"""Characters of a headline or a removed text that are shown."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is shown of a record."""

    headline: str
    url: str | None
    """Its address, if it is one of the web."""
    published: str
    """Date, and time in UTC where there is one; empty when the page doesn't say."""
    byline: str
    words: int
    confidence: float
    """In the body, from 0 to 1."""
    revision: int | None


@dataclass(slots=True)
class RemovedAs:
    """What was removed under one label."""

    label: RemovedLabel
    pieces: int = 0
    """Entries of ``removed``."""
    stories: int = 0
    """Records with such entries."""
    characters: int = 0
    unsure: Top[tuple[Removed, Story]] = field(default_factory=lambda: Top(1))
    """The piece of which the label is least sure, and where it stood."""


@dataclass(frozen=True, slots=True)
class Stories:
    """The records of a run."""

    newest: Top[Story]
    """Latest publication first, then those without a date."""
    removed: Sequence[RemovedAs]
    """Most characters first."""
    characters: int
    """Of all bodies and all that was removed."""
    strange: Sequence[Strange[Story]]
    """Strangest first."""


def read_stories(articles: Iterable[Article]) -> Stories:
    """A summary of records; what they raise when they are read is raised."""
    newest: Top[Story] = Top(_STORIES)
    strangeness: Strangeness[Story] = Strangeness()
    removed: dict[RemovedLabel, RemovedAs] = {}
    characters = 0
    for article in articles:
        story = _story(article)
        newest.add(_moment(article.date_published), story)
        strangeness.add(story, article.word_count, traits(article))
        characters += len(article.body or "") + _take_removed(article, story, removed)
    by_size = sorted(removed.values(), key=lambda entry: entry.characters, reverse=True)
    return Stories(newest, by_size, characters, strangeness.most())


def _take_removed(article: Article, story: Story, removed: dict[RemovedLabel, RemovedAs]) -> int:
    """Count what was removed of a page; its characters."""
    for label in {entry.label for entry in article.removed}:
        removed.setdefault(label, RemovedAs(label)).stories += 1
    for entry in article.removed:
        total = removed[entry.label]
        total.pieces += 1
        total.characters += len(entry.text)
        total.unsure.add(-entry.confidence, (_shortened(entry), story))
    return sum(len(entry.text) for entry in article.removed)


def _shortened(entry: Removed) -> Removed:
    return dataclasses.replace(entry, text=cut(entry.text, _TEXT), reason=cut(entry.reason, _TEXT))


def _story(article: Article) -> Story:
    byline = article.byline or ", ".join(author.name for author in article.authors[:10])
    return Story(
        headline=cut(article.headline or "(no headline)", _TEXT),
        url=article.url if split_web_url(article.url) else None,
        published=_written(article.date_published),
        byline=cut(byline, _TEXT),
        words=article.word_count,
        confidence=article.extractor.confidence,
        revision=article.revision,
    )


def _moment(published: dt.datetime | dt.date | None) -> float:
    """Seconds since 1970; a plain date is its first moment in UTC."""
    if published is None:
        return -math.inf
    if not isinstance(published, dt.datetime):
        published = dt.datetime.combine(published, dt.time(), dt.UTC)
    return published.timestamp()


def _written(published: dt.datetime | dt.date | None) -> str:
    if isinstance(published, dt.datetime):
        try:
            return f"{published.astimezone(dt.UTC):%Y-%m-%d %H:%M}"
        except OverflowError:  # in the first or the last hours that there are
            return published.date().isoformat()
    return published.isoformat() if published else ""
