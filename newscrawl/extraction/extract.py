"""Bytes and URL to the record: pure, no network, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from newscrawl import __version__
from newscrawl.extraction.blocks import MAX_BLOCKS
from newscrawl.extraction.composer import (
    Labelled,
    RemovedChoice,
    compose_body,
    compose_removed,
    texts,
)
from newscrawl.extraction.decode import MAX_PAGE_BYTES, as_utf8
from newscrawl.extraction.document import Document, parse, read_document
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.facts.gather import gather_facts
from newscrawl.extraction.facts.headline import find_headline
from newscrawl.extraction.facts.images import find_images
from newscrawl.extraction.facts.said import said_facts
from newscrawl.extraction.finding import Judgement, Story, find_story
from newscrawl.extraction.labelling.block_memory import BlockMemory
from newscrawl.extraction.labelling.model import Model, shipped_model
from newscrawl.extraction.labelling.repeated import without_repeated
from newscrawl.extraction.page_type import page_type
from newscrawl.extraction.placing import place_blocks
from newscrawl.extraction.selectors import with_selectors
from newscrawl.extraction.words import content_hash, count_words
from newscrawl.records import (
    STORY_TYPES,
    Access,
    Article,
    Discovered,
    Extractor,
    Label,
    PageType,
    SiteFacts,
)
from newscrawl.urls import site_of, split_web_url


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it was read: its record, and its blocks."""

    article: Article
    labelled: Sequence[Labelled]
    """Every block in page order; its label names its place in the record."""
    given: Sequence[Labelled]
    """The same blocks before they were placed: what each was taken for."""


def extract(  # noqa: PLR0913 - the facts that a fetch adds to the bytes, each optional
    html: bytes | str,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002 - the record's own name for it
    content_type: str | None = None,
    status: int | None = None,
    removed: RemovedChoice = "asks",
    fetched_at: datetime | None = None,
    run_id: str | None = None,
    model: Model | None = None,
    said: Discovered | None = None,
    site: SiteFacts | None = None,
    memory: BlockMemory | None = None,
) -> Article:
    """The record of one page. No bytes raise an exception.

    ``html`` is the page as fetched (decompressed) or already decoded; ``content_type`` and
    ``status`` come from its HTTP answer; ``removed`` says which removed blocks are written;
    ``said`` is what a feed or sitemap said of it, which counts where the page says nothing,
    ``site`` what the user says of its site; ``memory`` knows the blocks of its other stories.
    Of longer pages the first 20 million bytes (of text, characters) are read, and
    ``access.evidence`` says so.
    """
    return read_page(
        html,
        url=url,
        id=id,
        content_type=content_type,
        status=status,
        removed=removed,
        fetched_at=fetched_at,
        run_id=run_id,
        model=model,
        said=said,
        site=site,
        memory=memory,
    ).article


def read_page(  # noqa: PLR0913 - as ``extract``
    html: bytes | str,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002 - the record's own name for it
    content_type: str | None = None,
    status: int | None = None,
    removed: RemovedChoice = "asks",
    fetched_at: datetime | None = None,
    run_id: str | None = None,
    model: Model | None = None,
    said: Discovered | None = None,
    site: SiteFacts | None = None,
    memory: BlockMemory | None = None,
) -> Reading:
    """``extract``'s record of one page, and the labelled blocks that it was made from."""
    address = parts.geturl() if (parts := split_web_url(url)) else None
    page = html[:MAX_PAGE_BYTES] if isinstance(html, str) else as_utf8(html, content_type)
    document = read_document(parse(page), address)
    headline = find_headline(document)
    used = model or shipped_model()
    by = Judgement(used, memory)
    story = find_story(document, page, headline.value if headline else None, status, by)
    story = _corrected(story, document, memory, site, fetched_at)
    kind = page_type(document, story.labelled, status)
    if kind not in STORY_TYPES:
        story = replace(story, labelled=_without_story(story.labelled, kind))
    body = compose_body(story.labelled)
    facts, labelled = _facts(document, story, headline, body, status, site)
    facts |= {name: fact for name, fact in said_facts(said).items() if name not in facts}
    values = {name: fact.value for name, fact in facts.items()}
    values["access"] = _noting_cut(values.get("access", Access()), html, story)
    article = Article(
        id=id or _identity(values.get("canonical_url", address), html),
        url=address,
        page_type=kind,
        removed=compose_removed(labelled, removed),
        word_count=count_words(body) if body else 0,
        content_hash=content_hash(body) if body else None,
        provenance={name: fact.provenance for name, fact in facts.items()},
        fetched_at=fetched_at,
        run_id=run_id,
        extractor=_extractor(story, body, used),
        **values,
    )
    return Reading(article, labelled, story.labelled)


def _corrected(
    story: Story,
    document: Document,
    memory: BlockMemory | None,
    site: SiteFacts | None,
    fetched_at: datetime | None,
) -> Story:
    """The story by what is known of its site: what repeats there, and the user's selectors."""
    labelled = without_repeated(story.labelled, memory)
    day = fetched_at.date() if fetched_at else None
    chosen = with_selectors(labelled, document.root, site.selectors if site else None, day)
    return replace(story, labelled=chosen)


def _without_story(labelled: Sequence[Labelled], kind: PageType) -> list[Labelled]:
    """On a page that is no article nothing is body."""
    no_story = Label("other", 0.5, f"the page is no article: {kind}")
    return [(b, no_story if label.name == "body" else label) for b, label in labelled]


def _noting_cut(access: Access, html: bytes | str, story: Story) -> Access:
    notes: list[str] = []
    if story.withheld:
        notes.append("The page holds a longer text that its paywall hides: it isn't used.")
    if len(html) > MAX_PAGE_BYTES:
        unit = "characters" if isinstance(html, str) else "bytes"
        notes.append(f"Only the first {MAX_PAGE_BYTES:,} of {len(html):,} {unit} were read.")
    if len(story.labelled) >= MAX_BLOCKS:
        notes.append(f"Only the first {MAX_BLOCKS:,} blocks of text were read.")
    if not notes:
        return access
    return replace(access, truncated=True, evidence=(*access.evidence, *notes))


def _facts(
    document: Document,
    story: Story,
    headline: Fact[str] | None,
    body: str | None,
    status: int | None,
    site: SiteFacts | None,
) -> tuple[dict[str, Fact[Any]], list[Labelled]]:
    """All facts by the record's field names, those that there are, and each block's place."""
    pictures = find_images(document, story.labelled)
    found = {
        "site": Fact(site_of(document.url), "url", document.url) if document.url else None,
        "headline": headline,
        "body": Fact(body, story.source, story.key) if body else None,
        "images": pictures.fact,
        **gather_facts(document, story.labelled, body, status, site),
    }
    facts: dict[str, Fact[Any]] = {name: fact for name, fact in found.items() if fact}
    labelled = place_blocks(story.labelled, facts, pictures.captions)
    if standfirst := "\n".join(texts(labelled, "standfirst")):
        facts["standfirst"] = Fact(standfirst, "dom", standfirst)
    return facts, labelled


def _extractor(story: Story, body: str | None, model: Model) -> Extractor:
    if body is None:
        return Extractor(version=__version__, model=model.name)
    return Extractor(
        version=__version__, model=model.name, path=story.path, confidence=story.confidence
    )


def _identity(url: str | None, html: bytes | str) -> str:
    """An opaque name: from the story's address, or from the page itself where it has none."""
    named = url or html
    raw = named.encode("utf-8", "replace") if isinstance(named, str) else named
    return hashlib.sha256(raw).hexdigest()[:20]
