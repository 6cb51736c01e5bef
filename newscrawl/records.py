"""The records: what a page is when it comes in, and what a story is when it goes out.

``Article`` is the contract with downstream jobs. Its fields, their types and their docstrings are
the one definition from which the JSON Schema, validation and reading are made (``contract.py``).
Absent is ``None`` or an empty tuple, never a made-up value; every key is always written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

SCHEMA_VERSION = "1.1.0"

StoryLabel = Literal[
    "body", "headline", "standfirst", "byline", "date", "caption", "attribution", "correction"
]
RemovedLabel = Literal[
    "paywall",
    "fundraising",
    "newsletter",
    "consent",
    "ad",
    "related",
    "share",
    "comments",
    "nav",
    "legal",
    "promo",
    "author_bio",
    "other",
]
LabelName = StoryLabel | RemovedLabel
REMOVED_LABELS: frozenset[str] = frozenset(get_args(RemovedLabel))
PageType = Literal["article", "section", "gallery", "video", "live", "search", "error", "other"]
STORY_TYPES: frozenset[str] = frozenset({"article", "live"})
"""Page types that are kept as stories; every other type has no body and is rejected by a crawl."""

CreditKind = Literal[
    "wire", "contributed", "reported", "written", "edited", "translated", "republished", "source"
]
Source = Literal[
    "json-ld", "meta", "microdata", "dom", "text", "url", "http", "feed", "sitemap", "site"
]
AccessLevel = Literal["free", "metered", "registration", "subscription"]
ExtractionPath = Literal["labeller", "readability", "embedded", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """How a crawl came to a page, and what it was told of the story there."""

    source: Literal["feed", "sitemap", "section", "revisit"]
    """Kind of place that named the URL."""
    found_at: str
    """URL of that feed, sitemap or page."""
    title: str | None = None
    """The story's headline, as told there."""
    published: dt.datetime | dt.date | None = None
    """When it first ran: with offset, or a plain date."""
    modified: dt.datetime | dt.date | None = None
    """When it last changed, likewise."""
    section: str | None = None
    """Section of the publication."""
    keywords: tuple[str, ...] = ()
    """Topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where a site's stories stand on its pages, in CSS, for as long as that holds."""

    until: dt.date
    """The last day on which they are used: nobody remembers to look after a site has changed."""
    body: str | None = None
    """Matches the elements that hold the story's text, and nothing else of the page."""
    remove: str | None = None
    """Matches elements that are never part of the story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What the user's site file says of a site's pages."""

    time_zone: str | None = None
    """IANA name of the zone of times that name none: ``Europe/Oslo``."""
    language: str | None = None
    """BCP 47, for pages that declare none."""
    selectors: Selectors | None = None
    """Where its stories stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a spider yields: a fetched page, or the attempt to fetch it and how that failed."""

    url: str
    """Final URL, after redirects; as given when nothing was fetched."""
    body: bytes = field(default=b"", repr=False)
    """The answer's bytes, decompressed."""
    status: int | None = None
    """HTTP status; ``None`` when there was no answer."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Response headers by lower-case name."""
    fetched_at: dt.datetime | None = None
    """When the answer was complete, in UTC; ``None`` when there was none."""
    requested_url: str | None = None
    """The URL before redirects."""
    failure: str | None = None
    """Reason code of a failed fetch; ``None`` when the page is here."""
    detail: str = ""
    """The failure in words."""
    discovered: Discovered | None = None
    """How the crawl came to it; ``None`` for a URL that the user gave."""
    facts: SiteFacts | None = None
    """What the user said of its site."""
    is_known: bool = False
    """Whether its story was known before the run."""


class Label(NamedTuple):
    """What a block is for, how sure that is, and why."""

    name: LabelName
    confidence: float
    """From 0 to 1."""
    reason: str
    """For people: "link density 0.90", "names donate in its class"."""


class Block(NamedTuple):
    """A maximal run of inline text under its nearest block-level element, as a reader sees it."""

    index: int  # type: ignore[assignment]  # nobody asks a block where a value stands in it
    """Position on the page, from 0."""
    text: str
    """White space normalised; lines that the page breaks are separated by ``\\n``."""
    path: str
    """Where it stands: ``/html/body/div[2]/p[1]``, positions among siblings of the same tag."""
    tag: str
    """The block-level element's tag."""
    hidden: bool
    """Whether the page hides it: ``hidden``, ``display:none``, a closed dialog."""
    link_density: float
    """Share of its characters that are inside links, from 0 to 1."""
    node: int
    """Index of its element in the page's outline (``extraction.blocks.Outline``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody who wrote the story."""

    name: str
    """As a name is written: no titles, places or addresses."""
    url: str | None = None
    """Profile page, absolute."""
    role: str | None = None
    """As printed: "Moscow correspondent"."""
    kind: Literal["person", "organization"] = "person"
    """Agencies are in ``attribution``; the publication as its own author is nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The place, and often the agency, that open a story: "MOSCOW (AP) —"."""

    place: str
    """As printed."""
    agency: str | None = None
    """Canonical name."""
    text: str
    """The dateline verbatim; it stays in the body, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """On whose credit the story, or a part of it, is."""

    text: str
    """Verbatim: the whole printed block."""
    kind: CreditKind
    """What the credited did."""
    agencies: tuple[str, ...] = ()
    """News agencies by canonical name; as it is printed, where none is known."""
    people: tuple[str, ...] = ()
    """Names of persons."""
    publication: str | None = None
    """Another publication from which the story comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction, clarification or editor's note."""

    text: str
    """Verbatim."""
    date: dt.date | None = None
    """Its own date, when it names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image of the story."""

    url: str
    """Absolute."""
    caption: str | None = None
    """What it shows, without the credit."""
    credit: str | None = None
    """Who made or owns it."""
    is_lead: bool = False
    """Whether it is the story's main image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the publisher says about access, and whether the text looks cut: separate facts."""

    declared: AccessLevel | None = None
    """What the page declares; ``None`` when it doesn't say."""
    truncated: bool | None = None
    """Whether the text is cut; ``None`` when nothing speaks for either."""
    evidence: tuple[str, ...] = ()
    """One sentence a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A run of neighbouring blocks with one label, taken away from the story."""

    label: RemovedLabel
    """What it is for."""
    text: str
    """A line a block."""
    confidence: float
    """The lowest of its blocks, from 0 to 1."""
    reason: str
    """Why its first block has the label."""
    path: str
    """The blocks' common container."""
    after: int
    """Number of body blocks before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a field was read."""

    source: Source
    """Kind of place."""
    raw: str | None = None
    """What stood there, cut at 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """What made the record."""

    version: str
    """Of newscrawl."""
    model: str | None = None
    """Names the labeller's model by its content."""
    path: ExtractionPath = "none"
    """Which way gave the body, ``embedded`` from the page's data; ``none`` when there is none."""
    confidence: float = 0.0
    """In the body, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page's story with its facts: one line of JSONL, fields in this order."""

    schema_version: str = SCHEMA_VERSION
    """Version of this contract (semver)."""
    id: str
    """Opaque. In ``extract --manifest`` the manifest's own."""
    url: str | None
    """Final URL, http or https; ``None`` for a saved page without one."""
    canonical_url: str | None = None
    """The page's own canonical URL, cleaned, when it is believable."""
    site: str | None = None
    """Registrable domain, or the host where there is none."""
    publisher: str | None = None
    """The name that the publication gives itself."""
    page_type: PageType = "article"
    """``article``, or what the page is instead."""
    headline: str | None = None
    """Without site name or section."""
    standfirst: str | None = None
    """Deck or summary shown above the text."""
    byline: str | None = None
    """As printed."""
    authors: tuple[Author, ...] = ()
    """Who wrote it."""
    date_published: dt.datetime | dt.date | None = None
    """When the story first ran: with offset, or a plain date if the page gives no time or zone;
    ``None`` if it doesn't say. Never the modified date."""
    date_modified: dt.datetime | dt.date | None = None
    """When it last changed, likewise. Never the published date."""
    dateline: Dateline | None = None
    """Place and agency that open the story."""
    body: str | None = None
    """The story: paragraphs, sub-headings, lists, quotes, tables, separated by a blank line;
    ``None`` when there is no story."""
    attribution: tuple[Attribution, ...] = ()
    """Wire and contribution credits: for each printed block one entry a kind."""
    corrections: tuple[Correction, ...] = ()
    """Corrections, clarifications, editor's notes."""
    images: tuple[Image, ...] = ()
    """The story's images, lead first."""
    section: str | None = None
    """Section of the publication."""
    tags: tuple[str, ...] = ()
    """Topics that the page names."""
    language: str | None = None
    """BCP 47; from the text when the page declares none."""
    access: Access = Access()
    """Whether the reader is given all of it."""
    removed: tuple[Removed, ...] = ()
    """What was taken away, in page order."""
    word_count: int = 0
    """Words of ``body`` by Unicode word segmentation."""
    content_hash: str | None = None
    """SHA-256 of ``body`` in UTF-8, hexadecimal; ``None`` without a body."""
    revision: int | None = None
    """1 for the first version of a story; ``None`` outside a crawl with memory."""
    previous_hash: str | None = None
    """``content_hash`` of the revision before."""
    changed: tuple[str, ...] = ()
    """Names of the fields that differ from the revision before."""
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    """Where each field was read, by field name."""
    fetched_at: dt.datetime | None = None
    """When the page was fetched, in UTC; ``None`` where nothing was fetched."""
    run_id: str | None = None
    """The run that fetched it; ``None`` where nothing was fetched."""
    extractor: Extractor
    """What made this record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A page that gave no record, and why: one line of ``<run_id>.rejected.jsonl``."""

    url: str
    """Final URL; as given when nothing was fetched."""
    requested_url: str | None = None
    """The URL before redirects, where it differs."""
    code: str
    """Stable reason code (``newscrawl.errors.REJECT_CODES``)."""
    detail: str = ""
    """The reason in words."""
    status: int | None = None
    """HTTP status; ``None`` when there was no answer."""
    page_type: PageType | None = None
    """What the page is, when it was read."""
    fetched_at: dt.datetime | None = None
    """When it was fetched, in UTC."""
    run_id: str | None = None
    """The run that rejected it."""
