"""The story's authors with name, address and role, from the most trusted place that names any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from newscrawl.extraction.document import Document
from newscrawl.extraction.facts.agencies import agencies_named
from newscrawl.extraction.facts.author_elements import marked_authors, named_authors
from newscrawl.extraction.facts.author_places import AuthorTexts
from newscrawl.extraction.facts.byline import is_dated, is_opened, looks_like_byline, names_only
from newscrawl.extraction.facts.byline_words import byline_words
from newscrawl.extraction.facts.fact import Fact, value_of
from newscrawl.extraction.facts.given_names import opens_with_given_name
from newscrawl.extraction.facts.names import (
    agencies_beside,
    is_full_name,
    is_person_name,
    split_names,
)
from newscrawl.extraction.linked_data import Node, children, first_text, types_of
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
_FIRST_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]\.?)?")
_ORGANIZATIONS = frozenset({"Organization", "NewsMediaOrganization", "Corporation"})
_MAX_AUTHORS = 20

_Authors = Fact[tuple[Author, ...]]


def find_authors(
    document: Document, texts: AuthorTexts, outsiders: frozenset[str]
) -> _Authors | None:
    """The story's authors from the most trusted place that names any.

    ``texts`` are the lines that may name them; ``outsiders`` are folded names that are nobody's
    here: the publication's own, under all its spellings, unless it is called as its author is.
    """
    others = outsiders - _persons_publishing(document)
    for fact in _candidates(document, texts):
        if authors := _insiders(fact.value, others):
            declared = Fact(authors[:_MAX_AUTHORS], fact.source, fact.raw)
            found = _as_printed(declared, texts, others, document)
            return replace(found, value=_with_roles(found.value, texts.bylines))
    return None


def _insiders(authors: Iterable[Author], others: frozenset[str]) -> tuple[Author, ...]:
    """Each author once, without the publication, unless it is called as a person is."""
    known = (a for a in authors if folded(a.name) not in others or _is_own_site(a))
    return tuple(_each_once(known))


def _is_own_site(author: Author) -> bool:
    """Whether somebody's site is called by their name."""
    person = author.kind == "person" and is_full_name(author.name)
    return person and opens_with_given_name(author.name)


def _as_printed(
    declared: _Authors, texts: AuthorTexts, others: frozenset[str], document: Document
) -> _Authors:
    """The declared authors, corrected by a printed byline.

    That is one that names all of them and more, or one under the headline that names only others:
    what is declared is often whoever put the page there.
    """
    known = {folded(author.name): author for author in declared.value}
    for line in texts.bylines:
        named = {folded(a.name): a for a in _insiders(_full_names(line, document), others)}
        # A place or a paper stands behind the people: "Jane Roe, New York".
        doubtful = list(named)[-1:] if names_only(line) else named
        plain = all(name in known or opens_with_given_name(name) for name in doubtful)
        if known.keys() < named.keys() and plain:
            return Fact(tuple({**named, **known}[key] for key in named), "text", line)
    for line in (line for line in texts.beside if line in texts.bylines):
        named = {folded(a.name): a for a in _full_names(line, document)}
        strange = named and not any(name in folded(line) for name in known)
        if strange and is_opened(line) and all(map(opens_with_given_name, named)):
            return Fact(tuple(named.values()), "text", line)
    return declared


def _persons_publishing(document: Document) -> frozenset[str]:
    """Folded names of people who are the publication themselves, as its own data says."""
    published = children(document.story, "publisher", document.ld) if document.story else ()
    nodes = [v for v in published if not isinstance(v, str) and "Person" in types_of(v)]
    nodes += [n for n in document.typed(frozenset({"Person"})) if "Organization" in types_of(n)]
    return frozenset(folded(name) for n in nodes if (name := first_text(n, "name")))


def _with_roles(authors: tuple[Author, ...], bylines: Sequence[str]) -> tuple[Author, ...]:
    """Roles that only the printed byline gives, added by name."""
    roles = {folded(n.name): n.role for line in bylines for n in split_names(line) if n.role}
    return tuple(replace(a, role=a.role or roles.get(folded(a.name))) for a in authors)


def _candidates(document: Document, texts: AuthorTexts) -> Iterator[Fact[list[Author]]]:
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
    for line in texts.bylines:
        names = _full_names if names_only(line) else _printed_names
        yield Fact(list(names(line, document)), "text", line)
    for element in named_authors(document):
        named = _from_text if element.url else _full_names
        yield Fact(list(named(element.text, document)), "dom", element.text)
    for line in sorted(texts.beside, key=looks_like_byline, reverse=True):
        if looks_like_byline(line) or (names_only(line) and is_dated(line, texts.beside)):
            yield Fact(_printed_names(line, document), "text", line)
    for line in texts.behind:
        yield Fact(list(_of_author_note(line, texts.notes, document)), "text", line)


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
    plainly = is_person_name(name) and opens_with_given_name(name)
    if types_of(value) & _ORGANIZATIONS and not plainly:
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
    alone = len(found) == 1 and is_opened(text)
    return found if alone else [a for a in found if is_full_name(a.name)]


def _printed_names(line: str, document: Document) -> list[Author]:
    """Whom a line names; without an opening ("By") it may be a heading, so given names count."""
    if is_opened(line):
        return _full_names(line, document)
    found = list(_from_text(line, document))
    return [a for a in found if opens_with_given_name(a.name) or a.role or not a.name.isascii()]


def _of_author_note(line: str, notes: Sequence[str], document: Document) -> Iterator[Author]:
    """Whom a line behind the text names as its author: "Written by Jane Roe"; or a name alone, if
    a note goes on with it: "Jane Roe is a reporter"."""
    opened = is_opened(line)
    for author in _from_text(line, document) if opened or names_only(line) else ():
        introduced = any(_goes_on(author.name, note) for note in notes)
        credible = introduced or (opened and opens_with_given_name(author.name))
        if is_full_name(author.name) and credible:
            yield author


def _goes_on(name: str, note: str) -> bool:
    """Whether a note is a sentence about somebody: "Jane Roe is a reporter"."""
    return note.startswith(f"{name} ") and note[len(name) + 1 :][:1].islower()


def _labelled_data(document: Document) -> Iterator[str]:
    """Values that the page's card labels "Written by", in any language of bylines."""
    for number in ("1", "2"):
        label = document.first_meta(f"twitter:label{number}")
        data = document.first_meta(f"twitter:data{number}")
        if label and data and byline_words().opening.fullmatch(label.value):
            yield data.value


def _from_markup(document: Document) -> Fact[list[Author]]:
    elements = list(marked_authors(document))
    found = [
        replace(author, url=element.url)
        for element in elements
        for author in _from_text(element.text, document)
    ]
    microdata = any(element.is_microdata for element in elements)
    raw = ", ".join(element.text for element in elements)
    return Fact(found, "microdata" if microdata else "dom", raw)


def _each_once(authors: Iterable[Author]) -> Iterator[Author]:
    seen: set[str] = set()
    for author in authors:
        key = folded(author.name)
        if key not in seen:
            seen.add(key)
            yield author
