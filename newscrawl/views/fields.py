"""A record's fields for people: what each says, and where it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from newscrawl.records import Article, Provenance
from newscrawl.views.page import cut

_VALUE_CHARACTERS = 1_000
_VALUES = 12
"""Of one field, of an attacker's thousands of authors or tags."""


@dataclass(frozen=True, slots=True)
class Value:
    """One of a field's values."""

    text: str
    note: str = ""
    """What goes with it: an author's role, an agency's part."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record."""

    name: str
    values: Sequence[Value]
    """None when the page doesn't say."""
    provenance: Provenance | None


def field_groups(article: Article) -> Sequence[tuple[str, Sequence[Field]]]:
    """The record's fields under headings, in reading order; long ones are cut."""
    return [
        (title, [_field(article, name, read) for name, read in readers.items()])
        for title, readers in _GROUPS.items()
    ]


def _field(article: Article, name: str, read: _Reader) -> Field:
    values = [
        Value(cut(value.text, _VALUE_CHARACTERS), cut(value.note, _VALUE_CHARACTERS))
        for value in read(article)
    ]
    if len(values) > _VALUES:
        values[_VALUES:] = [Value("", f"and {len(values) - _VALUES:,} more")]
    return Field(name, values, article.provenance.get(name))


_Reader = Callable[[Article], Iterable[Value]]


def _texts(*values: str | None) -> list[Value]:
    return [Value(value) for value in values if value]


def _date(value: dt.datetime | dt.date | None) -> list[Value]:
    if isinstance(value, dt.datetime):
        return [Value(value.isoformat(" ", "minutes"))]
    return _texts(value.isoformat() if value else None)


def _authors(article: Article) -> list[Value]:
    return [
        Value(author.name, author.role or ("" if author.kind == "person" else author.kind))
        for author in article.authors
    ]


def _dateline(article: Article) -> list[Value]:
    return _texts(article.dateline.text if article.dateline else None)


def _credits(article: Article) -> list[Value]:
    return [
        Value(entry.text, _joined(entry.kind, *entry.agencies, *entry.people, entry.publication))
        for entry in article.attribution
    ]


def _corrections(article: Article) -> list[Value]:
    return [
        Value(entry.text, entry.date.isoformat() if entry.date else "")
        for entry in article.corrections
    ]


def _images(article: Article) -> list[Value]:
    return [
        Value(image.caption or image.url, _joined("lead" if image.is_lead else None, image.credit))
        for image in article.images
    ]


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


_TRUNCATED = {True: "the text looks cut", False: "the text looks whole", None: ""}


def _access(article: Article) -> list[Value]:
    access = article.access
    return _texts(access.declared, _TRUNCATED[access.truncated], *access.evidence)


def _extractor(article: Article) -> list[Value]:
    extractor = article.extractor
    if extractor.path == "none":
        return [Value("no body")]
    sure = f"{extractor.confidence:.0%} sure of the body"
    return [Value(extractor.path, _joined(sure, extractor.model))]


def _words(article: Article) -> list[Value]:
    return _texts(f"{article.word_count:,} words" if article.body else None)


_GROUPS: Mapping[str, Mapping[str, _Reader]] = {
    "Story": {
        "headline": lambda article: _texts(article.headline),
        "standfirst": lambda article: _texts(article.standfirst),
        "byline": lambda article: _texts(article.byline),
        "authors": _authors,
        "date_published": lambda article: _date(article.date_published),
        "date_modified": lambda article: _date(article.date_modified),
        "dateline": _dateline,
        "body": _words,
    },
    "Credit and corrections": {
        "attribution": _credits,
        "corrections": _corrections,
        "images": _images,
    },
    "Access and extraction": {
        "page_type": lambda article: _texts(article.page_type),
        "access": _access,
        "extractor": _extractor,
    },
    "Publication": {
        "publisher": lambda article: _texts(article.publisher),
        "site": lambda article: _texts(article.site),
        "canonical_url": lambda article: _texts(article.canonical_url),
        "section": lambda article: _texts(article.section),
        "tags": lambda article: _texts(", ".join(article.tags)),
        "language": lambda article: _texts(article.language),
    },
}
