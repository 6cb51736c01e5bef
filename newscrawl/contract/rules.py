"""The rules of records that types can't say, one row each."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from newscrawl.contract.manifest import Manifest, PublishedFile, is_plain_name
from newscrawl.errors import REJECT_CODES
from newscrawl.records import STORY_TYPES, Article, Reject

_FIELDS = frozenset(field.name for field in dataclasses.fields(Article))
_NULLABLE_TEXTS = (
    "url",
    "canonical_url",
    "site",
    "publisher",
    "headline",
    "standfirst",
    "byline",
    "body",
    "section",
    "language",
    "content_hash",
    "previous_hash",
    "run_id",
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_HTTP_CODE = re.compile(r"http_[1-5]\d\d")
_MAX_RAW = 200
"""Longest ``raw`` of a provenance, in characters: the contract's."""


def problems(article: Article) -> list[str]:
    """Codes of the rules that an article breaks: stable, each at most once, in the rules' order."""
    return list(dict.fromkeys(code for _, code in broken(article)))


def broken(record: Article | Reject | Manifest) -> Iterator[tuple[str, str]]:
    """Field and code of every rule that a record breaks."""
    if isinstance(record, Article):
        yield from _texts(record)
        yield from ((field, code) for field, code, holds in _RULES if not holds(record))
    elif isinstance(record, Reject):
        yield from ((field, code) for field, code, holds in _REJECT_RULES if not holds(record))
    else:
        yield from ((field, code) for field, code, holds in _MANIFEST_RULES if not holds(record))


def _texts(a: Article) -> Iterator[tuple[str, str]]:
    """Absent is ``None``: no text is empty or blank."""
    for name in _NULLABLE_TEXTS:
        text: str | None = getattr(a, name)
        if text is not None and not text.strip():
            yield name, f"empty_{name}"


def _aware(time: dt.date | None) -> bool:
    return not isinstance(time, dt.datetime) or time.utcoffset() is not None


def _utc(time: dt.datetime | None) -> bool:
    return time is None or not time.utcoffset()


def _web(*urls: str | None) -> bool:
    return all(url is None or url.lower().startswith(("http://", "https://")) for url in urls)


def _share(*numbers: float) -> bool:
    return all(0 <= number <= 1 for number in numbers)


def _hash(body: str | None) -> str | None:
    return None if body is None else hashlib.sha256(body.encode(errors="replace")).hexdigest()


def _blocks(body: str | None) -> int:
    return 0 if body is None else body.count("\n\n") + 1


def _revision_holds(a: Article) -> bool:
    """None and 1 know no version before; later ones name it and what changed."""
    if a.revision is None or a.revision == 1:
        return a.previous_hash is None and not a.changed
    return a.revision > 1 and a.previous_hash is not None and bool(a.changed)


_RULES: tuple[tuple[str, str, Callable[[Article], bool]], ...] = (
    ("id", "empty_id", lambda a: bool(a.id.strip())),
    ("url", "url_scheme", lambda a: _web(a.url)),
    ("canonical_url", "url_scheme", lambda a: _web(a.canonical_url)),
    ("authors", "url_scheme", lambda a: _web(*(author.url for author in a.authors))),
    ("images", "url_scheme", lambda a: _web(*(image.url for image in a.images))),
    ("images", "lead_not_first", lambda a: not any(image.is_lead for image in a.images[1:])),
    ("date_published", "naive_datetime", lambda a: _aware(a.date_published)),
    ("date_modified", "naive_datetime", lambda a: _aware(a.date_modified)),
    ("fetched_at", "naive_datetime", lambda a: _aware(a.fetched_at)),
    ("fetched_at", "not_utc", lambda a: _utc(a.fetched_at)),
    ("body", "body_without_story_type", lambda a: a.body is None or a.page_type in STORY_TYPES),
    (
        "attribution",
        "repeated_credit",
        lambda a: _distinct((c.kind, c.text) for c in a.attribution),
    ),
    ("language", "bad_language", lambda a: not a.language or bool(_LANGUAGE.fullmatch(a.language))),
    ("removed", "confidence_range", lambda a: _share(*(run.confidence for run in a.removed))),
    ("removed", "after_range", lambda a: all(0 <= r.after <= _blocks(a.body) for r in a.removed)),
    ("removed", "removed_order", lambda a: all(r.after <= s.after for r, s in pairwise(a.removed))),
    ("word_count", "word_count_mismatch", lambda a: 0 <= a.word_count <= len(a.body or "")),
    ("content_hash", "hash_mismatch", lambda a: a.content_hash == _hash(a.body)),
    ("revision", "revision_mismatch", _revision_holds),
    ("changed", "unknown_field", lambda a: _FIELDS.issuperset(a.changed)),
    ("provenance", "unknown_field", lambda a: _FIELDS.issuperset(a.provenance)),
    ("provenance", "raw_too_long", lambda a: _short(p.raw for p in a.provenance.values())),
    ("extractor", "path_mismatch", lambda a: (a.extractor.path == "none") == (a.body is None)),
    ("extractor", "confidence_range", lambda a: _share(a.extractor.confidence)),
)
"""Field, stable code, and what holds of every article."""

_REJECT_RULES: tuple[tuple[str, str, Callable[[Reject], bool]], ...] = (
    ("code", "unknown_code", lambda r: _known_code(r.code)),
    ("fetched_at", "naive_datetime", lambda r: _aware(r.fetched_at)),
    ("fetched_at", "not_utc", lambda r: _utc(r.fetched_at)),
)
"""Field, stable code, and what holds of every reject."""

_MANIFEST_RULES: tuple[tuple[str, str, Callable[[Manifest], bool]], ...] = (
    ("started_at", "naive_datetime", lambda m: _aware(m.started_at)),
    ("started_at", "not_utc", lambda m: _utc(m.started_at)),
    ("finished_at", "naive_datetime", lambda m: _aware(m.finished_at)),
    ("finished_at", "not_utc", lambda m: _utc(m.finished_at)),
    ("since", "naive_datetime", lambda m: _aware(m.since)),
    ("articles.files", "bad_name", lambda m: _plain_names(m.articles.files)),
    ("articles.count", "count_mismatch", lambda m: _adds_up(m.articles.count, m.articles.files)),
    ("rejected.files", "bad_name", lambda m: _plain_names(m.rejected.files)),
    ("rejected.count", "count_mismatch", lambda m: _adds_up(m.rejected.count, m.rejected.files)),
    ("rejected.by_code", "unknown_code", lambda m: all(map(_known_code, m.rejected.by_code))),
    (
        "rejected.by_code",
        "count_mismatch",
        lambda m: m.rejected.count == sum(m.rejected.by_code.values()),
    ),
    ("left.count", "count_mismatch", lambda m: m.left.count >= len(m.left.urls)),
)
"""Field, stable code, and what holds of every manifest, whatever its files hold."""


def _known_code(code: str) -> bool:
    return code in REJECT_CODES or bool(_HTTP_CODE.fullmatch(code))


def _plain_names(files: Iterable[PublishedFile]) -> bool:
    return all(is_plain_name(file.file) for file in files)


def _adds_up(count: int, files: Sequence[PublishedFile]) -> bool:
    return not files or count == sum(file.count for file in files)


def _distinct(keys: Iterator[tuple[str, str]]) -> bool:
    listed = list(keys)
    return len(set(listed)) == len(listed)


def _short(raws: Iterator[str | None]) -> bool:
    return all(len(raw or "") <= _MAX_RAW for raw in raws)
