"""Whether a story has changed since its last record, and in what."""

from __future__ import annotations

from hashlib import blake2b

from newscrawl.records import Article

_BYTES = 4
_DECIDING = (
    "headline",
    "standfirst",
    "byline",
    "authors",
    "date_published",
    "body",
    "attribution",
    "corrections",
)
"""The story itself: a change in one of these is a revision."""
_TOLD = ("date_modified", "section", "tags", "images", "language", "access", "canonical_url")
"""What a page's templates and widgets change, too: told with a revision, never a reason for one."""
_COMPARED = (*_DECIDING, *_TOLD)


def digests(article: Article) -> bytes:
    """Four bytes for each field that is compared, in order: what the state keeps of a record."""
    return b"".join(
        blake2b(
            repr(getattr(article, name)).encode("utf-8", "replace"), digest_size=_BYTES
        ).digest()
        for name in _COMPARED
    )


def changed_fields(before: bytes, article: Article) -> tuple[str, ...]:
    """The fields in which a record differs from the one before; none if it is the same story."""
    now = digests(article)
    changed = tuple(
        name
        for place, name in enumerate(_COMPARED)
        if before[_BYTES * place : _BYTES * (place + 1)]
        != now[_BYTES * place : _BYTES * (place + 1)]
    )
    return changed if set(changed) & set(_DECIDING) else ()
