"""From a page to its record and its blocks, in this process or in worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
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

_APART = 10.0
"""By how much the odds of a block must differ for its page to be read again."""
_LEARNED = 20
"""Pages after which those to come are read with what has been learned of the site's blocks: of a
first run only the first pages are read twice."""

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
    story: tuple[tuple[Fingerprints, float], ...]
    """Of each block that is taken for story, or recurs, with what the memory left of its odds."""
    asks: tuple[Fingerprints, ...]
    """Of each long block that is taken for an ask, and wasn't known to be unique."""

    def is_open(self, memory: BlockMemory) -> bool:
        """Whether what has been learned since the page was read may change its story."""
        apart = (
            not 1 / _APART < story_odds(memory.share_of(block)) / odds < _APART
            for block, odds in self.story
        )
        return any(apart) or any(is_unique(memory.share_of(block), memory) for block in self.asks)


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
    return _with_blocks(page, article, reading.given, _memory(manner.memory))


class Reader:
    """Reads pages, in worker processes when ``jobs`` is over 1; ``close`` ends them.

    With a ``memory`` it learns while it reads, into a copy: which stories count is settled later.
    Raises ``InputError`` for a file that is no model.
    """

    def __init__(self, manner: Manner, jobs: int, memory: BlockMemory | None = None) -> None:
        read_model(manner.model)
        self._manner = manner
        self._workers = Workers(jobs) if jobs > 1 else None
        self._alone = asyncio.Lock()
        self._memory = memory and BlockMemory.from_bytes(memory.to_bytes())
        if memory is not None:
            self._manner = replace(manner, memory=memory.to_bytes())

    async def read(self, page: Page) -> ReadPage:
        """``read``; raise ``RejectedPage`` with ``internal_error`` too: a page that kills its
        process, twice, is given up."""
        found = await self._read(page)
        if self._memory is not None and not page.is_known:
            self._memory.add(found.blocks)
            if self._memory.stories % _LEARNED == 0:
                self._manner = replace(self._manner, memory=self._memory.to_bytes())
        return found

    async def _read(self, page: Page) -> ReadPage:
        if self._workers is None:
            return read(page, self._manner)
        try:
            return await asyncio.wrap_future(self._workers.submit(read, page, self._manner))
        except BrokenProcessPool:
            return await self._read_alone(self._workers, page)

    def close(self) -> None:
        """End the worker processes."""
        if self._workers is not None:
            self._workers.close()

    async def _read_alone(self, workers: Workers, page: Page) -> ReadPage:
        async with self._alone:
            try:
                return await asyncio.wrap_future(workers.submit_alone(read, page, self._manner))
            except BrokenProcessPool as error:
                raise RejectedPage(
                    "internal_error", "reading it killed its process, twice"
                ) from error


@lru_cache(maxsize=2)
def _memory(data: bytes) -> BlockMemory:
    """Of the hundreds of pages that a process reads, all have the same."""
    return BlockMemory.from_bytes(data)


def _with_blocks(
    page: Page, article: Article, labelled: Sequence[Labelled], memory: BlockMemory
) -> ReadPage:
    blocks: set[int] = set()
    story: list[tuple[Fingerprints, float]] = []
    asks: list[Fingerprints] = []
    for block, label in labelled:
        found = fingerprints(block)
        if not found:
            continue
        blocks.update(found)
        repetition = memory.share_of(found)
        odds = story_odds(repetition)
        if odds < 1 or label.name in STORY_LABELS:
            story.append((found, odds))
        is_ask = label.name in ASK_LABELS and size(block) >= LONG
        if is_ask and not is_unique(repetition, memory):
            asks.append(found)
    return ReadPage(page, article, frozenset(blocks), tuple(story), tuple(asks))
