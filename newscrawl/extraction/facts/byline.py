"""Who wrote the story: the byline as printed, and the authors with name, address and role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from lxml import etree

from newscrawl.extraction.document import Document, element_text
from newscrawl.extraction.facts.agencies import agencies_named
from newscrawl.extraction.facts.byline_parts import byline_parts
from newscrawl.extraction.facts.byline_words import byline_words
from newscrawl.extraction.facts.date_lines import looks_like_date_line
from newscrawl.extraction.facts.date_reading import find_dates
from newscrawl.extraction.facts.date_words import date_words
from newscrawl.extraction.facts.fact import Fact, value_of
from newscrawl.extraction.facts.names import (
    Named,
    agencies_beside,
    is_full_name,
    is_person_name,
    split_names,
)
from newscrawl.extraction.linked_data import Node, children, first_text, types_of
from newscrawl.extraction.surroundings import holders, is_beside_story
from newscrawl.extraction.text import folded
from newscrawl.records import Author
from newscrawl.urls import absolute_url

_META_NAMES = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "authors",
    "cxenseparse:author",
    "shareaholic:article_author_name",
    "creator",
    "citation_author",
)
_MARKED_AUTHOR = etree.XPath(
    "descendant-or-self::*[@itemprop[contains(., 'author')]"
    " or @rel[contains(concat(' ', ., ' '), ' author ')]][not(self::meta or self::link)]"
)
_NAMED_AUTHOR = etree.XPath(
    "descendant::body/descendant::*[@class[contains(., 'author') or contains(., 'Author')"
    " or contains(., 'byline') or contains(., 'Byline')]"
    " or @href[contains(., '/author') or contains(., '/autor') or contains(., '/contributor/')]]"
)
_NAMED_WORD = re.compile(
    r"(?<![a-z])(?:post-?|entry-?|article-?)?(?:authors?|byline)(?:[-_]*(?:name|link))?(?![a-z])",
    re.IGNORECASE,
)
_FIRST_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]\.?)?")
_MAX_AUTHORS = 20
_MAX_NAMED = 100
_MAX_BYLINE = 200
_MAX_WORDS = 14
_MAX_SENTENCE = 6


def find_authors(
    document: Document,
    bylines: Sequence[str],
    outsiders: frozenset[str],
    beside: Sequence[str] = (),
) -> Fact[tuple[Author, ...]] | None:
    """The story's authors from the most trusted place that names any.

    ``bylines`` are the printed ones, ``beside`` other lines between headline and text;
    ``outsiders`` are folded names that are nobody's here: the publication's own, under all its
    spellings.
    """
    others = outsiders - _persons_publishing(document)
    for fact in _candidates(document, bylines, beside):
        authors = tuple(_each_once(a for a in fact.value if folded(a.name) not in others))
        if authors:
            return Fact(_with_roles(authors[:_MAX_AUTHORS], bylines), fact.source, fact.raw)
    return None


def _persons_publishing(document: Document) -> frozenset[str]:
    """Folded names of people who are the publication themselves, as its own data says."""
    published = children(document.story, "publisher", document.ld) if document.story else ()
    nodes = [v for v in published if not isinstance(v, str) and "Person" in types_of(v)]
    nodes += [n for n in document.typed(frozenset({"Person"})) if "Organization" in types_of(n)]
    return frozenset(folded(name) for n in nodes if (name := first_text(n, "name")))


def looks_like_byline(text: str) -> bool:
    """Whether a short block is wholly a byline: an opening such as "By", and names behind it."""
    line = text.strip()
    if (
        len(line) > _MAX_BYLINE
        or len(line.split()) > _MAX_WORDS
        or line.endswith(("?", "!", ":", "…", "。"))
    ):
        return False
    parts = byline_parts(line)
    opened = next((part.text for part in parts if part.opened), None)
    names = split_names(line)
    if opened is None:
        return _is_named_with_role(line, names) and not any(p.others for p in parts)
    if opened.endswith(".") and len(opened.split()) > _MAX_SENTENCE:
        return False
    credible = any(is_full_name(n.name) for n in names) or [n.name for n in names] == [opened]
    return (credible or bool(agencies_beside(line))) and not looks_like_date_line(opened)


def _is_named_with_role(line: str, names: Sequence[Named]) -> bool:
    """ "Jane Roe, Moscow correspondent", or "김민수 기자", and nothing else."""
    if not names or not names[-1].role:
        return False
    eastern = " " not in names[-1].name and is_full_name(names[-1].name)
    western = is_full_name(names[0].name) and line == f"{names[0].name}, {names[0].role}"
    return eastern or western


def _with_roles(authors: tuple[Author, ...], bylines: Sequence[str]) -> tuple[Author, ...]:
    """Roles that only the printed byline gives, added by name."""
    roles = {folded(n.name): n.role for line in bylines for n in split_names(line) if n.role}
    return tuple(replace(a, role=a.role or roles.get(folded(a.name))) for a in authors)


def _candidates(
    document: Document, bylines: Sequence[str], beside: Sequence[str]
) -> Iterator[Fact[list[Author]]]:
    if document.story:
        for key in ("author", "creator"):
            values = list(children(document.story, key, document.ld))
            raw = ", ".join(
                v if isinstance(v, str) else first_text(v, "name") or "" for v in values
            )
            yield Fact([a for v in values for a in _from_ld(v, document)], "json-ld", raw)
    for name in _META_NAMES:
        printed = [_first_name_first(value) for value in document.meta.get(name, ())]
        yield Fact(
            [a for v in printed for a in _from_text(v, document)], "meta", ", ".join(printed)
        )
    for value in _labelled_data(document):
        yield Fact(list(_from_text(value, document)), "meta", value)
    yield _from_markup(document)
    for line in bylines:
        yield Fact(_full_names(line, document), "text", line)
    yield from _from_classes(document)
    for line in sorted(beside, key=looks_like_byline, reverse=True):
        if looks_like_byline(line) or _is_bare_name(line, beside):
            yield Fact(_full_names(line, document), "text", line)


def _first_name_first(value: str) -> str:
    """ "Roe, Jane T." as libraries write it is Jane T. Roe."""
    last, _, first = value.partition(", ")
    plain = " " not in last and _FIRST_NAME.fullmatch(first)
    return f"{first} {last}" if plain and not agencies_beside(value) else value


def _from_ld(value: Node | str, document: Document) -> Iterator[Author]:
    if isinstance(value, str):
        yield from _from_text(value, document)
        return
    name = first_text(value, "name")
    if not name:
        return
    address = first_text(value, "url", "@id")
    url = absolute_url(document.base, address) if address and not address.startswith("#") else None
    role = first_text(value, "jobTitle")
    if types_of(value) & {"Organization", "NewsMediaOrganization"} and not is_person_name(name):
        if not agencies_named(name):
            yield Author(name=name, url=url, kind="organization")
        return
    people = split_names(name, value_of(document.language))
    for person in people:
        yield Author(
            name=person.name, url=url if len(people) == 1 else None, role=role or person.role
        )


def _from_text(text: str, document: Document) -> Iterator[Author]:
    language = value_of(document.language)
    return (Author(name=n.name, role=n.role) for n in split_names(text, language))


def _full_names(text: str, document: Document) -> list[Author]:
    """Names of two words or more, or in a script without spaces: one word may be any word."""
    found = list(_from_text(text, document))
    opened = len(found) == 1 and any(part.opened for part in byline_parts(text))
    return found if opened else [a for a in found if is_full_name(a.name)]


def _is_bare_name(line: str, lines: Sequence[str]) -> bool:
    """Whether a line is full names only, with its date or beside a date line."""
    if len(line) > _MAX_BYLINE or len(line.split()) > _MAX_WORDS:
        return False
    names = [named.name for named in split_names(line)]
    left = folded(" ".join(part.text for part in byline_parts(line)))
    for name in names:
        left = left.replace(folded(name), "", 1)
    i = lines.index(line)
    dated = any(next(find_dates(text, "de"), None) for text in lines[max(0, i - 1) : i + 2])
    stray = [w for w in left.split() if w.isalpha() and w not in date_words().fillers]
    return bool(names) and all(map(is_full_name, names)) and dated and not stray


def _labelled_data(document: Document) -> Iterator[str]:
    """Values that the page's card labels "Written by", in any language of bylines."""
    for number in ("1", "2"):
        label = document.first_meta(f"twitter:label{number}")
        data = document.first_meta(f"twitter:data{number}")
        if label and data and byline_words().opening.fullmatch(label.value):
            yield data.value


def _from_classes(document: Document) -> Iterator[Fact[list[Author]]]:
    """Short texts of elements whose class calls them author or byline, in page order."""
    around = holders(document.root)
    for element in _elements(document, _NAMED_AUTHOR)[:_MAX_NAMED]:
        named = "href" in element.attrib or _NAMED_WORD.search(element.get("class") or "")
        if not named or is_beside_story(element, around):
            continue
        text = element_text(element)
        if text and len(text) <= _MAX_BYLINE and len(text.split()) <= _MAX_WORDS:
            linked = "href" in element.attrib
            yield Fact(
                list(_from_text(text, document)) if linked else _full_names(text, document),
                "dom",
                text,
            )


def _from_markup(document: Document) -> Fact[list[Author]]:
    """Elements marked as author by ``itemprop`` or ``rel``, but those of comments and teasers."""
    found: list[Author] = []
    raw: list[str] = []
    microdata = False
    around = holders(document.root)
    for element in _elements(document, _MARKED_AUTHOR)[:_MAX_AUTHORS]:
        text = None if is_beside_story(element, around) else _marked_name(element)
        if not text or len(text) > _MAX_BYLINE:
            continue
        microdata |= "itemprop" in element.attrib
        raw.append(text)
        url = absolute_url(document.base, element.get("href"))
        found += [replace(author, url=url) for author in _from_text(text, document)]
    return Fact(found, "microdata" if microdata else "dom", ", ".join(raw))


def _elements(document: Document, path: etree.XPath) -> Sequence[etree._Element]:
    # XPath answers with elements, strings or numbers; these two paths with elements only.
    return cast("list[etree.ElementBase]", path(document.root))


def _marked_name(element: etree._Element) -> str | None:
    """The text of the ``itemprop="name"`` inside, else of the whole element."""
    for inner in element.iter():
        if inner.get("itemprop") == "name":
            return inner.get("content") or element_text(inner)
    return element_text(element)


def _each_once(authors: Iterable[Author]) -> Iterator[Author]:
    seen: set[str] = set()
    for author in authors:
        key = folded(author.name)
        if key not in seen:
            seen.add(key)
            yield author
