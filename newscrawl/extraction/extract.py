"""Bytes and URL to the record: pure, no network, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import fmean
from typing import Any

from newscrawl import __version__
from newscrawl.extraction.blocks import PROSE_LINKS, Outline, prose_bytes, read_blocks, size
from newscrawl.extraction.composer import (
    Labelled,
    RemovedChoice,
    compose_body,
    compose_removed,
    texts,
)
from newscrawl.extraction.data_story import find_data_story
from newscrawl.extraction.decode import MAX_PAGE_BYTES, as_utf8
from newscrawl.extraction.document import Document, parse, read_document
from newscrawl.extraction.facts.access import is_walled
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.facts.gather import gather_facts
from newscrawl.extraction.facts.headline import find_headline
from newscrawl.extraction.facts.images import find_images
from newscrawl.extraction.facts.said import said_facts
from newscrawl.extraction.hidden import without_hidden
from newscrawl.extraction.hints import Hints, read_hints
from newscrawl.extraction.labelling.block_memory import BlockMemory
from newscrawl.extraction.labelling.labeller import label_blocks
from newscrawl.extraction.labelling.model import Model, shipped_model
from newscrawl.extraction.labelling.repeated import without_repeated
from newscrawl.extraction.page_type import page_type
from newscrawl.extraction.placing import place_blocks
from newscrawl.extraction.second_opinion import readable_blocks
from newscrawl.extraction.selectors import with_selectors
from newscrawl.extraction.words import content_hash, count_words
from newscrawl.records import (
    STORY_TYPES,
    Access,
    Article,
    Block,
    Discovered,
    ExtractionPath,
    Extractor,
    Label,
    PageType,
    SiteFacts,
    Source,
)
from newscrawl.urls import site_of, split_web_url

_UNSURE_BYTES = 600
"""A story shorter than this is worth a second opinion."""
_ALMOST_NOTHING = 300
"""Bytes of running text below which a page may have its text in ``noscript`` elements."""
_SURE = 0.8
"""How sure a paywall must be to close what is hidden behind it."""
_LEAST_STORY = 300
"""Least bytes of a second opinion's story: less is a caption, or numbers that match anything."""
_CLEARLY_MORE = 2.0
"""How many times longer than the labeller's the second opinion's story must be to be believed."""
_UNSURE = 0.7
"""How sure a label must be to stand against a second opinion."""
_ASKS = frozenset({"paywall", "fundraising", "newsletter"})
_OPEN_TO_DOUBT = frozenset({"body", "other", "nav", "related", "legal", "standfirst", "promo"})


@dataclass(frozen=True, slots=True)
class _Story:
    """The blocks with their final labels, and which way gave them."""

    labelled: Sequence[Labelled]
    path: ExtractionPath
    confidence: float
    source: Source = "dom"
    key: str | None = None
    """The property of the page's data that holds it."""
    withheld: bool = False
    """Whether the page holds more, which is no reader's without paying or registering."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What blocks are judged by."""

    model: Model
    memory: BlockMemory | None


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
    by = _Judgement(used, memory)
    story = _find_story(document, page, headline.value if headline else None, status, by)
    labelled = without_repeated(story.labelled, memory)
    day = fetched_at.date() if fetched_at else None
    chosen = with_selectors(labelled, document.root, site.selectors if site else None, day)
    story = replace(story, labelled=chosen)
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


def _find_story(
    document: Document, page: bytes | str, headline: str | None, status: int | None, by: _Judgement
) -> _Story:
    story = _shown_story(document, _read_story(document, headline, status, by), status)
    blocks, labels = [b for b, _ in story.labelled], [label for _, label in story.labelled]
    found = _story_size(blocks, labels)
    if found >= _UNSURE_BYTES:
        return story
    kind = page_type(document, story.labelled, status)
    may_tell = kind in STORY_TYPES or not story.labelled
    data = (
        find_data_story(document, story.labelled, headline, status, by.model) if may_tell else None
    )
    if data and not data.withheld:
        sure = _confidence([label for _, label in data.labelled])
        return _Story(data.labelled, "embedded", sure, data.source, data.key)
    story = replace(story, withheld=story.withheld or data is not None)
    if _prose(blocks) >= _UNSURE_BYTES:
        second = _second_labels(page, blocks, labels)
        if _story_size(blocks, second) > max(_CLEARLY_MORE * found, _LEAST_STORY):
            labelled = list(zip(blocks, second, strict=True))
            return replace(story, labelled=labelled, path="readability", confidence=0.5)
    return story


def _read_story(
    document: Document, headline: str | None, status: int | None, by: _Judgement
) -> _Story:
    """The story as the labeller sees it, with what ``noscript`` holds where all else is nearly
    nothing; not on a page with a paywall, whose readers aren't shown it."""
    hints = read_hints(document, headline)
    blocks, outline = read_blocks(document.root)
    story = _labelled_story(blocks, outline, hints, by)
    running = sum(map(prose_bytes, blocks))
    if running >= _ALMOST_NOTHING:
        return story
    blocks, outline = read_blocks(document.root, scripts=False)
    if sum(map(prose_bytes, blocks)) < running + _ALMOST_NOTHING:
        return story
    if is_walled(document, story.labelled, status):
        return replace(story, withheld=True)
    return _labelled_story(blocks, outline, hints, by)


def _shown_story(document: Document, story: _Story, status: int | None) -> _Story:
    """The story without what the page hides from its reader."""
    told = [b.index for b, label in story.labelled if label.name == "body"]
    if not any(story.labelled[index][0].hidden for index in told):
        return story
    # A button to subscribe in the page's header closes nothing: a paywall stands where text ends.
    seen = [
        (b, label)
        for b, label in story.labelled[told[0] :]
        if not b.hidden and label.confidence > _SURE
    ]
    walled = is_walled(document, seen, status)
    shown = without_hidden(story.labelled, walled=walled)
    return replace(
        story, labelled=shown, withheld=story.withheld or (walled and shown is not story.labelled)
    )


def _labelled_story(
    blocks: Sequence[Block], outline: Outline, hints: Hints, by: _Judgement
) -> _Story:
    labels = label_blocks(blocks, outline, hints, by.model, by.memory)
    return _Story(list(zip(blocks, labels, strict=True)), "labeller", _confidence(labels))


def _without_story(labelled: Sequence[Labelled], kind: PageType) -> list[Labelled]:
    """On a page that is no article nothing is body."""
    no_story = Label("other", 0.5, f"the page is no article: {kind}")
    return [(b, no_story if label.name == "body" else label) for b, label in labelled]


def _second_labels(
    page: bytes | str, blocks: Sequence[Block], labels: Sequence[Label]
) -> list[Label]:
    """The labels with what readability counts to the story as body, asks and hidden text apart."""
    chosen = readable_blocks(page, blocks)
    return [
        Label("body", 0.5, "readability counts it to the story")
        if block.index in chosen and _is_open_to_doubt(label) and not block.hidden
        else label
        for block, label in zip(blocks, labels, strict=True)
    ]


def _is_open_to_doubt(label: Label) -> bool:
    unsure = label.confidence < _UNSURE and label.name not in _ASKS
    return unsure or label.name in _OPEN_TO_DOUBT


def _story_size(blocks: Sequence[Block], labels: Sequence[Label]) -> int:
    pairs = zip(blocks, labels, strict=True)
    return sum(size(block) for block, label in pairs if label.name == "body")


def _prose(blocks: Sequence[Block]) -> int:
    return sum(size(block) for block in blocks if block.link_density < PROSE_LINKS)


def _confidence(labels: Sequence[Label]) -> float:
    """How sure the labels of the body are, on average."""
    sure = [label.confidence for label in labels if label.name == "body"]
    return round(fmean(sure), 3) if sure else 0.0


def _noting_cut(access: Access, html: bytes | str, story: _Story) -> Access:
    notes: list[str] = []
    if story.withheld:
        notes.append("The page holds a longer text that its paywall hides: it isn't used.")
    if len(html) > MAX_PAGE_BYTES:
        unit = "characters" if isinstance(html, str) else "bytes"
        notes.append(f"Only the first {MAX_PAGE_BYTES:,} of {len(html):,} {unit} were read.")
    if not notes:
        return access
    return replace(access, truncated=True, evidence=(*access.evidence, *notes))


def _facts(
    document: Document,
    story: _Story,
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


def _extractor(story: _Story, body: str | None, model: Model) -> Extractor:
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
