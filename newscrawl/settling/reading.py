"""From a page to its record and its blocks, in this process or in worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache

from newscrawl.errors import RejectedPage
from newscrawl.extraction.blocks import size
from newscrawl.extraction.composer import Labelled, RemovedChoice
from newscrawl.extraction.extract import read_page
from newscrawl.extraction.labelling.block_memory import BlockMemory, fingerprints
from newscrawl.extraction.labelling.model import read_model
from newscrawl.extraction.labelling.repeated import (
    ASK_LABELS,
    LONG,
    STORY_LABELS,
    is_unique,
    story_odds,
)
from newscrawl.records import STORY_TYPES, Article, Page, PageType
from newscrawl.workers import Workers

Fingerprints = tuple[int, ...]


class NoStory(RejectedPage):
    """A page that was read and has no story to give; ``page_type`` says what it is."""

    def __init__(self, code: str, detail: str, page_type: PageType) -> None:
        super().__init__(code, detail)
        self.page_type = page_type

    def __reduce__(self) -> tuple[type[NoStory], tuple[str, str, PageType]]:
        return NoStory, (self.code, self.detail, self.page_type)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with its story."""

    page: Page
    article: Article
    blocks: frozenset[int]
    """Fingerprints of all blocks that count."""
    story: tuple[Fingerprints, ...]
    """Of each block that is taken for story."""
    asks: tuple[Fingerprints, ...]
    """Of each long block that is taken for an ask."""

    def is_open(self, before: BlockMemory, now: BlockMemory) -> bool:
        """Whether what has been learned since the page was read may change its story."""
        less = (story_odds(now.share_of(b)) < story_odds(before.share_of(b)) for b in self.story)
        more = (
            is_unique(now.share_of(b), now) and not is_unique(before.share_of(b), before)
            for b in self.asks
        )
        return any(less) or any(more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How pages are read."""

    removed: RemovedChoice = "asks"
    run_id: str | None = None
    model: str | None = None
    """The file of the model; ``None`` for newscrawl's own."""
    memory: bytes = b""
    """What is known of the site's blocks, as ``BlockMemory.to_bytes`` has it."""


def read(page: Page, manner: Manner) -> ReadPage:
    """The story of a page; raise ``NoStory``."""
    reading = read_page(
        page.body,
        url=page.url,
        content_type=page.headers.get("content-type"),
        status=page.status,
        removed=manner.removed,
        fetched_at=page.fetched_at,
        run_id=manner.run_id,
        model=read_model(manner.model),
        said=page.discovered,
        site=page.facts,
        memory=_memory(manner.memory),
    )
    article = reading.article
    if article.page_type not in STORY_TYPES:
        raise NoStory("not_article", article.page_type, article.page_type)
    for code, missing in (
        ("no_body", article.body is None),
        ("no_headline", article.headline is None),
    ):
        if missing:
            raise NoStory(code, "", article.page_type)
    return _with_blocks(page, article, reading.given)


class Reader:
    """Reads pages, in worker processes when ``jobs`` is over 1; ``close`` ends them."""

    def __init__(self, manner: Manner, jobs: int) -> None:
        self.manner = manner
        self._workers = Workers(jobs) if jobs > 1 else None
        self._alone = asyncio.Lock()

    async def read(self, page: Page) -> ReadPage:
        """``read``; raise ``RejectedPage`` with ``internal_error`` too: a page that kills its
        process, twice, is given up."""
        if self._workers is None:
            return read(page, self.manner)
        try:
            return await asyncio.wrap_future(self._workers.submit(read, page, self.manner))
        except BrokenProcessPool:
            return await self._read_alone(self._workers, page)

    def close(self) -> None:
        """End the worker processes."""
        if self._workers is not None:
            self._workers.close()

    async def _read_alone(self, workers: Workers, page: Page) -> ReadPage:
        async with self._alone:
            try:
                return await asyncio.wrap_future(workers.submit_alone(read, page, self.manner))
            except BrokenProcessPool as error:
                raise RejectedPage(
                    "internal_error", "reading it killed its process, twice"
                ) from error


@lru_cache(maxsize=2)
def _memory(data: bytes) -> BlockMemory:
    """Of the hundreds of pages that a process reads, all have the same."""
    return BlockMemory.from_bytes(data)


def _with_blocks(page: Page, article: Article, labelled: Sequence[Labelled]) -> ReadPage:
    known = [(block, label.name, fingerprints(block)) for block, label in labelled]
    counted = [entry for entry in known if entry[2]]
    return ReadPage(
        page,
        article,
        blocks=frozenset(key for _, _, found in counted for key in found),
        story=tuple(found for _, name, found in counted if name in STORY_LABELS),
        asks=tuple(
            found for block, name, found in counted if name in ASK_LABELS and size(block) >= LONG
        ),
    )
