"""The headline: what h1, JSON-LD, Open Graph and title agree on, without site name or section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import regex

from newscrawl.extraction.document import Document, element_text
from newscrawl.extraction.facts.fact import Fact
from newscrawl.extraction.linked_data import children, first_text, texts, types_of
from newscrawl.extraction.text import clean, folded
from newscrawl.urls import site_of, split_web_url

_SEPARATOR = regex.compile(r"\s+[|\-–—―·•»›«:/~]+\s+|\s*[|｜]\s*|\s+::\s+|(?<=\p{L}{3}):\s+")
_MARKUP = re.compile(r"<[^<>]{1,200}>")
_TITLE_META = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title")
_MAX_H1 = 20
_MAX_BELOW = 20
_MAX_LENGTH = 500
_SITE_TYPES = frozenset({"WebSite", "Organization", "NewsMediaOrganization", "Corporation"})
_NEWS_TYPES = frozenset(
    {"NewsArticle", "ReportageNewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle"}
)
"""Whose headlines are written by a desk; those of other types often by a search plugin."""
_AGREEMENT = 0.5
"""Share of words that an h1 has in common with another candidate to be the page's headline."""
_ENOUGH_WORDS = 4
"""From this many words on a page's first h1 needs no agreement: titles for search differ."""
_FEWEST_WORDS = 2
"""A single word that opens a title may be a section."""
_SECTION_WORDS = 3
"""Longest section or site name that follows a bar at the end, in words."""


def find_headline(document: Document) -> Fact[str] | None:
    """The page's headline, from the document alone; ``None`` when nothing on it is one."""
    sites = site_names(document)
    joined = frozenset(name.replace(" ", "") for name in sites)
    stripped = (_without_site(fact, joined) for fact in _distinct(_declared(document)))
    declared = _distinct(fact for fact in stripped if fact and folded(fact.value) not in sites)
    if declared and (agreed := _agreed(document, joined)):
        return agreed
    shown = [fact for fact in _shown(document) if folded(fact.value) not in sites]
    if not declared:
        return _without_site(shown[0], joined) if shown else None
    best = max(shown, key=lambda fact: _support(fact, declared), default=None)
    if best is None or _support(best, declared) < _AGREEMENT:
        below = _printed_below(declared, document)
        if below or not shown or not _says_enough(shown[0]):
            return _without_section(below or declared[0])
        best = shown[0]
    return _without_section(_without_kicker(best, declared))


def site_names(document: Document) -> frozenset[str]:
    """Folded names by which the site may call itself in a title."""
    # A firm that wrote the story is no name of the site, unless it also published it.
    authors = list(children(document.story, "author", document.ld)) if document.story else []
    names = [
        *(v for k in ("og:site_name", "application-name") for v in document.meta.get(k, ())),
        *(document.meta.get("twitter:site", ())),
        *(texts(document.story, "publisher") if document.story else ()),
        *(
            name
            for node in document.typed(_SITE_TYPES)
            if not any(node is author for author in authors)
            for name in texts(node, "name")
        ),
    ]
    parts = split_web_url(document.url)
    host = (parts.hostname or "") if parts else ""
    site = site_of(document.url or "") or ""
    names += [host, host.removeprefix("www."), site, site.split(".", maxsplit=1)[0]]
    return frozenset(f for n in names if (f := folded(n)))


def _distinct(facts: Iterable[Fact[str]]) -> list[Fact[str]]:
    """The first fact of each value."""
    first: dict[str, Fact[str]] = {}
    for fact in facts:
        first.setdefault(fact.value, fact)
    return list(first.values())


def _declared(document: Document) -> Iterator[Fact[str]]:
    named = first_text(document.story, "headline", "name") if document.story else None
    facts = [
        Fact(named, "json-ld", named) if named else None,
        *map(document.first_meta, _TITLE_META),
        Fact(document.title, "dom", document.title) if document.title else None,
    ]
    return (fact for fact in facts if fact and len(fact.value) <= _MAX_LENGTH)


def _shown(document: Document) -> Iterator[Fact[str]]:
    for element in document.elements["h1"][:_MAX_H1]:
        text = element_text(element)
        if text and len(text) <= _MAX_LENGTH:
            yield Fact(text, "dom", text)


def _agreed(document: Document, joined: frozenset[str]) -> Fact[str] | None:
    """The news desk's own headline, where JSON-LD and Open Graph give the same."""
    story = document.story
    shared = document.first_meta("og:title")
    if not story or not shared or not types_of(story) & _NEWS_TYPES:
        return None
    own = first_text(story, "headline")
    if not own or max(len(own), len(shared.value)) > _MAX_LENGTH:
        return None
    fact, other = _without_site(Fact(own, "json-ld", own), joined), _without_site(shared, joined)
    agrees = fact and other and folded(fact.value) == folded(other.value)
    return _without_section(fact) if fact and agrees else None


def _support(fact: Fact[str], declared: Sequence[Fact[str]]) -> float:
    """How well the best of ``declared`` bears an h1 out: wholly when it opens with it."""
    words = set(folded(fact.value).split())
    return max((_overlap(words, set(_opening(d, fact).split())) for d in declared), default=0.0)


def _opening(declared: Fact[str], shown: Fact[str]) -> str:
    """A declared headline, folded, without what a separator parts from the shown one."""
    name = folded(shown.value)
    if len(name.split()) < _FEWEST_WORDS:
        return folded(declared.value)
    heads = (folded(declared.value[: m.start()]) for m in _SEPARATOR.finditer(declared.value))
    return name if name in heads else folded(declared.value)


def _says_enough(shown: Fact[str]) -> bool:
    return len(shown.value.split()) >= _ENOUGH_WORDS


def _printed_below(declared: Sequence[Fact[str]], document: Document) -> Fact[str] | None:
    """A declared headline, or most of one, that an h2 or h3 prints: an h1 is the site's or a
    section's then."""
    headings = chain.from_iterable(document.elements[tag][:_MAX_BELOW] for tag in ("h2", "h3"))
    printed = {folded(element_text(element)) for element in headings}
    parts = ((fact, part) for fact in declared for part in _parts(fact.value))
    return next(
        (
            replace(fact, value=part)
            for fact, part in parts
            if 2 * len(part) > len(fact.value) and folded(part) in printed
        ),
        None,
    )


def _parts(title: str) -> Iterator[str]:
    """A title, its beginnings and its ends by its separators, longest first."""
    cuts = list(_SEPARATOR.finditer(title))
    yield title
    yield from (title[: cut.start()] for cut in reversed(cuts))
    yield from (title[cut.end() :] for cut in cuts)


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _without_site(fact: Fact[str], joined: frozenset[str]) -> Fact[str] | None:
    """``fact`` without site names, and what stands outside them, at its ends."""
    text = clean(_MARKUP.sub("", fact.value)) or ""
    cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(text)]
    for start, end in reversed(cuts):
        if _is_site(text[end:], joined) and text[:start].strip():
            text = text[:start]
    for _, end in cuts[:1]:
        if _is_site(text[:end].rstrip(" |-–—―·•»›«:/~｜"), joined) and text[end:].strip():
            text = text[end:]
    value = clean(text)
    return replace(fact, value=value) if value else None


def _is_site(segment: str, joined: frozenset[str]) -> bool:
    """Whether a segment is a site name; ``joined`` are these, without their spaces."""
    return folded(segment).replace(" ", "") in joined


def _without_kicker(fact: Fact[str], declared: Sequence[Fact[str]]) -> Fact[str]:
    """An h1 without the section or label above it, where a declared headline is its end."""
    own = folded(fact.value)
    for other in declared:
        name = folded(other.value)
        if name != own and own.endswith(name) and len(name) * 2 > len(own):
            return other
    return fact


def _without_section(fact: Fact[str]) -> Fact[str]:
    """``fact`` without a short name behind a bar at its end: "… | Opinion"."""
    head, bar, tail = fact.value.rpartition(" | ")
    short = len(tail.split()) <= _SECTION_WORDS < len(head.split())
    return replace(fact, value=head) if bar and short else fact
