"""Who wrote the story: the byline as printed, and the authors with name, address and role."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from newscrawl.extraction.agencies import agencies_named
from newscrawl.extraction.date_lines import looks_like_date_line
from newscrawl.extraction.document import Document, element_text
from newscrawl.extraction.facts import Fact
from newscrawl.extraction.linked_data import Node, children, first_text, types_of
from newscrawl.extraction.names import OPENING, is_person_name, split_names
from newscrawl.extraction.surroundings import is_beside_story
from newscrawl.extraction.text import folded
from newscrawl.records import Author
from newscrawl.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

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
    "citation_author",
)
_MARKED_AUTHOR = (
    "//*[(contains(@itemprop, 'author') or contains(concat(' ', @rel, ' '), ' author '))"
    " and not(self::meta or self::link)]"
)
_NAMED_AUTHOR = (
    "//body//*[contains(@class, 'author') or contains(@class, 'Author')"
    " or contains(@class, 'byline') or contains(@class, 'Byline')"
    " or contains(@href, '/author/') or contains(@href, '/autor')]"
)
_NAMED_WORD = re.compile(
    r"(?<![a-z])(?:post-?|entry-?|article-?)?(?:authors?|byline)(?:[-_]*(?:name|link))?(?![a-z])",
    re.IGNORECASE,
)
_MAX_AUTHORS = 20
_MAX_NAMED = 100
_MAX_BYLINE = 200
_MAX_WORDS = 14


def find_authors(
    document: Document, bylines: Sequence[str], outsiders: frozenset[str]
) -> Fact[tuple[Author, ...]] | None:
    """The story's authors from the most trusted place that names any.

    ``bylines`` are the printed ones; ``outsiders`` are folded names that are nobody's here: the
    publication's own, under all its spellings.
    """
    for fact in _candidates(document, bylines):
        authors = tuple(_each_once(a for a in fact.value if folded(a.name) not in outsiders))
        if authors:
            return Fact(_with_roles(authors[:_MAX_AUTHORS], bylines), fact.source, fact.raw)
    return None


def looks_like_byline(text: str) -> bool:
    """Whether a short block is wholly a byline: an opening such as "By", and names behind it."""
    line = text.replace("\n", " ")
    if (
        len(line) > _MAX_BYLINE
        or len(line.split()) > _MAX_WORDS
        or line.rstrip().endswith(("?", "!", ":"))
    ):
        return False
    opening = OPENING.match(line)
    if not opening:
        return _is_name_with_role(line)
    if not line[opening.end() :].strip():
        return False
    rest = line[opening.end() :]
    names = [named.name for named in split_names(line)]
    credible = any(" " in n or not n[0].isupper() for n in names) or names == [rest.strip()]
    return (credible or bool(agencies_named(rest))) and not looks_like_date_line(rest)


def _is_name_with_role(line: str) -> bool:
    """ "Jane Roe, Moscow correspondent", and nothing else."""
    names = split_names(line)
    whole = len(names) == 1 and line.strip() == f"{names[0].name}, {names[0].role}"
    return whole and (" " in names[0].name or not names[0].name[0].isupper())


def _with_roles(authors: tuple[Author, ...], bylines: Sequence[str]) -> tuple[Author, ...]:
    """Roles that only the printed byline gives, added by name."""
    roles = {folded(n.name): n.role for line in bylines for n in split_names(line) if n.role}
    return tuple(replace(a, role=a.role or roles.get(folded(a.name))) for a in authors)


def _candidates(document: Document, bylines: Sequence[str]) -> Iterator[Fact[list[Author]]]:
    if document.story:
        for key in ("author", "creator"):
            values = list(children(document.story, key, document.ld))
            raw = ", ".join(
                v if isinstance(v, str) else first_text(v, "name") or "" for v in values
            )
            yield Fact([a for v in values for a in _from_ld(v, document)], "json-ld", raw)
    for name in _META_NAMES:
        printed = document.meta.get(name, ())
        yield Fact([a for v in printed for a in _from_text(v)], "meta", ", ".join(printed))
    for value in _labelled_data(document):
        yield Fact(list(_from_text(value)), "meta", value)
    yield _from_markup(document)
    for line in bylines:
        yield Fact(_full_names(line), "text", line)
    yield from _from_classes(document)


def _from_ld(value: Node | str, document: Document) -> Iterator[Author]:
    if isinstance(value, str):
        yield from _from_text(value)
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
    people = split_names(name)
    for person in people:
        yield Author(
            name=person.name, url=url if len(people) == 1 else None, role=role or person.role
        )


def _from_text(text: str) -> Iterator[Author]:
    return (Author(name=n.name, role=n.role) for n in split_names(text))


def _full_names(text: str) -> list[Author]:
    """Names of two words or more, or in a script without spaces: one word may be any word."""
    return [a for a in _from_text(text) if " " in a.name or not a.name[0].isupper()]


def _labelled_data(document: Document) -> Iterator[str]:
    """Values that the page's card labels "Written by", in any language of bylines."""
    for number in ("1", "2"):
        label = document.first_meta(f"twitter:label{number}")
        data = document.first_meta(f"twitter:data{number}")
        if label and data and OPENING.fullmatch(label.value):
            yield data.value


def _from_classes(document: Document) -> Iterator[Fact[list[Author]]]:
    """Short texts of elements whose class calls them author or byline, in page order."""
    for element in _elements(document, _NAMED_AUTHOR)[:_MAX_NAMED]:
        named = "href" in element.attrib or _NAMED_WORD.search(element.get("class") or "")
        if not named or is_beside_story(element):
            continue
        text = element_text(element)
        if text and len(text) <= _MAX_BYLINE and len(text.split()) <= _MAX_WORDS:
            yield Fact(_full_names(text), "dom", text)


def _from_markup(document: Document) -> Fact[list[Author]]:
    """Elements marked as author by ``itemprop`` or ``rel``, but those of comments and teasers."""
    found: list[Author] = []
    raw: list[str] = []
    microdata = False
    for element in _elements(document, _MARKED_AUTHOR)[:_MAX_AUTHORS]:
        text = None if is_beside_story(element) else _marked_name(element)
        if not text or len(text) > _MAX_BYLINE:
            continue
        microdata |= "itemprop" in element.attrib
        raw.append(text)
        url = absolute_url(document.base, element.get("href"))
        found += [Author(name=n.name, url=url, role=n.role) for n in split_names(text)]
    return Fact(found, "microdata" if microdata else "dom", ", ".join(raw))


def _elements(document: Document, path: str) -> Sequence[etree._Element]:
    # XPath answers with elements, strings or numbers; these two paths with elements only.
    return cast("list[etree.ElementBase]", document.root.xpath(path))


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
