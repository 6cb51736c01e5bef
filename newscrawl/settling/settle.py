"""What becomes of a run's stories, decided when all of them are there."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from newscrawl.contract import problems
from newscrawl.errors import RejectedPage
from newscrawl.records import Article, Page
from newscrawl.settling.duplicates import MOST_COMPARED, Copies, signature
from newscrawl.settling.reading import Manner, NoStory, Reader, ReadPage
from newscrawl.settling.revisions import changed_fields, digests
from newscrawl.state import KnownSite, KnownStory, Validator
from newscrawl.urls import story_key


@dataclass(frozen=True, slots=True)
class Settled:
    """A page, and what became of it: a record, a reason for none, or neither where the story is
    known and hasn't changed."""

    page: Page
    article: Article | None = None
    reject: NoStory | None = None


async def settle(
    known: KnownSite, spool: Iterable[ReadPage], manner: Manner, jobs: int
) -> AsyncIterator[Settled]:
    """What becomes of each page of the spool, in order; noted in ``known`` as it is decided.

    The spool is gone through twice: first the site's memory comes to know all new stories, then
    each story is settled with what it knows, read again where that may matter (``Reader``).
    """
    _learn(known, spool)
    reader = Reader(replace(manner, memory=known.memory.to_bytes()), jobs)
    settlement = _Settlement(known)
    try:
        async for found, final in _read_ahead(known, spool, reader, jobs):
            yield await _settled(settlement, found, final)
    finally:
        reader.close()


async def _read_ahead(
    known: KnownSite, spool: Iterable[ReadPage], reader: Reader, ahead: int
) -> AsyncIterator[tuple[ReadPage, asyncio.Task[ReadPage]]]:
    """Each page in order, with its final reading, while those of the next ones are under way."""
    waiting: deque[tuple[ReadPage, asyncio.Task[ReadPage]]] = deque()
    try:
        for found in spool:
            waiting.append((found, asyncio.create_task(_final(known, found, reader))))
            if len(waiting) > ahead:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        for _, task in waiting:
            task.cancel()


async def _final(known: KnownSite, found: ReadPage, reader: Reader) -> ReadPage:
    return await reader.read(found.page) if found.is_open(known.memory) else found


async def _settled(
    settlement: _Settlement, found: ReadPage, final: asyncio.Task[ReadPage]
) -> Settled:
    kind = found.article.page_type
    try:
        return settlement.of(await final)
    except NoStory as reject:
        return Settled(found.page, reject=reject)
    except RejectedPage as error:
        return Settled(found.page, reject=NoStory(error.code, error.detail, kind))
    except (OSError, sqlite3.Error):
        raise
    except Exception as error:  # noqa: BLE001 - one page's defect must not cost all the others
        detail = f"{type(error).__name__}: {error}"
        return Settled(found.page, reject=NoStory("internal_error", detail, kind))


def _learn(known: KnownSite, spool: Iterable[ReadPage]) -> None:
    """Count the blocks of the new stories, copies apart: the same text in three sections would
    pass for boilerplate."""
    copies = _copies(known)
    seen: set[str] = set()
    for found in spool:
        keys = _keys(found)
        mark = signature(found.article.body or "")
        is_known = any(key in seen or known.story_of(key) for key in keys)
        seen.update(keys)
        if not is_known and copies.like(mark) is None:
            copies.add(keys[0], mark)
            known.memory.add(found.blocks)


class _Settlement:
    """Decides on one page after the other."""

    def __init__(self, known: KnownSite) -> None:
        self._known = known
        self._copies = _copies(known)
        self._taken: set[str] = set()

    def of(self, found: ReadPage) -> Settled:
        """What becomes of a page."""
        keys = _keys(found)
        stories = list(filter(None, map(self._known.story_of, keys)))
        story = stories[0] if stories else None
        others = [other for other in stories if story and other.id != story.id]
        for moved in others:
            self._known.retire(moved)
        if story is not None and (others or story.id in self._taken):
            return self._copy(found, story.id, keys)
        mark = signature(found.article.body or "")
        if story is not None:
            return self._visited(found, story, keys, mark)
        original = self._copies.like(mark)
        if original is not None:
            return self._copy(found, original, keys)
        named = found.article.canonical_url or found.page.url
        article = replace(found.article, id=_identity(story_key(named)), revision=1)
        return self._published(found, article, _story(found.page, article, mark), keys)

    def _visited(
        self, found: ReadPage, story: KnownStory, keys: Sequence[str], mark: bytes
    ) -> Settled:
        """A known story: written again if it has changed."""
        visited = replace(
            story,
            url=found.article.url,
            last_fetched=found.page.fetched_at or story.last_fetched,
            visits=story.visits + 1,
            gone=None,
        )
        changed = changed_fields(story.fields, found.article)
        if not changed:
            self._keep(visited, found, keys)
            return Settled(found.page)
        article = replace(
            found.article,
            id=story.id,
            revision=story.revision + 1,
            previous_hash=story.content_hash,
            changed=changed,
        )
        revised = replace(
            visited,
            revision=story.revision + 1,
            content_hash=article.content_hash,
            fields=digests(article),
            signature=mark,
        )
        return self._published(found, article, revised, keys)

    def _published(
        self, found: ReadPage, article: Article, story: KnownStory, keys: Sequence[str]
    ) -> Settled:
        broken = problems(article)
        if broken:
            kind = article.page_type
            return Settled(found.page, reject=NoStory("invalid_record", ", ".join(broken), kind))
        self._keep(story, found, keys)
        self._copies.add(story.id, story.signature)
        return Settled(found.page, article)

    def _copy(self, found: ReadPage, original: str, keys: Sequence[str]) -> Settled:
        """A story known by another address, from now on by this one, too."""
        self._known.name_also(original, keys)
        story = self._known.story(original)
        where = story.url if story else ""
        detail = f"a copy of {original} at {where}"
        return Settled(found.page, reject=NoStory("duplicate", detail, found.article.page_type))

    def _keep(self, story: KnownStory, found: ReadPage, keys: Sequence[str]) -> None:
        is_new = story.visits == 1
        self._known.keep(story, keys, found.blocks if is_new else ())
        self._taken.add(story.id)
        validator = Validator.of(found.page.headers)
        if validator is not None and story.url is not None:
            self._known.remember(story.url, validator, story.last_fetched)


def _copies(known: KnownSite) -> Copies:
    return Copies(reversed(list(known.signatures(MOST_COMPARED))))


def _keys(found: ReadPage) -> list[str]:
    """The keys of a page's addresses, the one that tells most first: as it calls itself, as it
    answered, as it was asked for."""
    page = found.page
    addresses = (found.article.canonical_url, page.url, page.requested_url)
    return list(dict.fromkeys(story_key(address) for address in addresses if address))


def _identity(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()[:20]


def _story(page: Page, article: Article, mark: bytes) -> KnownStory:
    fetched = article.fetched_at or page.fetched_at
    if fetched is None:
        raise ValueError("a story that was never fetched has no place in the state")
    return KnownStory(
        id=article.id,
        url=article.url,
        first_seen=fetched,
        last_fetched=fetched,
        next_visit=None,
        content_hash=article.content_hash,
        fields=digests(article),
        signature=mark,
    )
