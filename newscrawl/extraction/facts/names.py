"""Names of authors in a line: split, cut to the name, and told from whatever else stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from newscrawl.extraction.facts.agencies import agencies_in, agency_named
from newscrawl.extraction.facts.byline_parts import MAX_LINE, BylinePart, byline_parts
from newscrawl.extraction.facts.byline_words import byline_words
from newscrawl.extraction.facts.date_words import date_words
from newscrawl.extraction.facts.given_names import opens_with_given_name
from newscrawl.extraction.text import clean, folded

_MAX_WORDS = 5
_MAX_NAME = 60
_MAX_ROLE = 100
_FULL_NAME = 2
_MAX_PLAIN = 4
"""Names all in small letters have fewer words: others are sentences."""
_MIN_CAPITALS = 3
"""Shortest word in capitals, in letters, among others that aren't: initials stay as they are."""
_CUT = regex.compile(
    r"\s+(?i:in|aus|à|en|em|a|from|for|at|reporting from|für|pour|para|per|voor)\s+(?=\p{Lu})"
    r"|[＝=]|\s+(?i:is|ist|est|es|è)\s+"
    r"|\s*\b(?i:updated|published|posted|publié|aktualisiert|last updated|on)\b|\b\d"
)
_NO_NAME = re.compile(r"[\d@:/_#!?]")
_PIECES = re.compile(r"[,=＝]")
_EQUALS = re.compile(r"[＝=]")
_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)")
_NO_VOWEL = re.compile(r"[B-DF-HJ-NP-TV-Z]{2,5}®?")
_WITHOUT_CASE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Arabic}\p{Hebrew}\p{Thai}\p{Devanagari}]"
)
_WITHOUT_SPACES = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_UNCASED_NAME = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー][\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\sー・]{1,15}"
    r"|[\p{Arabic}\p{Hebrew}\p{Thai}\p{Devanagari}][\p{L}\p{M}\s.'’-]{1,40}"
)
_HAN_NAMES = regex.compile(r"\p{Han}{2,4}(?:\s\p{Han}{2,4})+")
_NAME_WORD = regex.compile(r"(?:\p{Ll}{1,3}[-'’])?\p{Lu}.*")
_MC = regex.compile(r"(M[ac]c?)(\p{Lu}{3,})")
_CLITIC = regex.compile(r"[dlDL]['’]\p{Lu}.*")
_JOINTS = frozenset({"und", "y", "e", "i", "og", "och"})
_BEFORE_THINGS = frozenset({"From", "For", "With", "About", "Our"})
"""Words that open what stands beside a name in titles' spelling: "From Harbour Tales"."""
_LATIN_I = str.maketrans({"I": "ı", "İ": "i"})


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a line, with the role printed beside it."""

    name: str
    role: str | None = None


def split_names(text: str | None, language: str | None = None) -> tuple[Named, ...]:
    """The persons that a byline or an author field names, in order, each once, of its first 300
    characters.

    Openings ("By", "Von"), places, dates, titles and addresses are cut off; what remains counts
    only when it is written as a name. Photographers, translators, agencies and desks are nobody.
    ``language`` tells how capitals become small letters.
    """
    return _named((text or "")[:MAX_LINE], language)


@lru_cache(maxsize=2048)
def _named(text: str, language: str | None) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for named in _best(byline_parts(text)):
        name = _recased(named.name, language)
        found.setdefault(folded(name), Named(name, named.role))
    return tuple(found.values())


def agencies_beside(text: str | None) -> tuple[str, ...]:
    """The agencies that a byline names, alone or beside people, in order, each once; not those of
    its pictures."""
    words = byline_words()
    found: list[str] = []
    for part in byline_parts(text):
        for piece in () if part.pictured else words.joints.split(part.text):
            for name in (piece, *_PIECES.split(piece)):
                bare = words.eastern_role.split(name)[0]
                bare = " ".join(w for w in bare.split() if not words.nobody.fullmatch(folded(w)))
                found += [a for n in (name, bare) if (a := agency_named(n))] or agencies_in(name)
    return tuple(dict.fromkeys(found))


def is_full_name(name: str) -> bool:
    """Whether a name has two words, or needs none: one word may be any word."""
    return " " in name or bool(_WITHOUT_SPACES.search(name))


def is_person_name(text: str) -> bool:
    """Whether ``text`` is written as a person's name is."""
    words = text.split()
    if not 1 <= len(words) <= _MAX_WORDS or len(text) > _MAX_NAME or _NO_NAME.search(text):
        return False
    known = byline_words()
    plain = folded(text)
    if agency_named(text) or known.nobody.search(plain) or _is_of_dates(plain):
        return False
    if _NO_VOWEL.fullmatch(text):
        return False
    if _WITHOUT_CASE.search(text):
        return _UNCASED_NAME.fullmatch(text) is not None
    return (
        words[0][0].isalpha()
        and words[0] not in _JOINTS | _BEFORE_THINGS
        and all(_is_name_word(w) for w in words)
        and _NAME_WORD.match(words[-1]) is not None
    )


def _is_of_dates(plain: str) -> bool:
    """ "Last Modified", "Reading Time"; months alone may be a name: "April May"."""
    dates = date_words()
    words = plain.split()
    return all(
        w in dates.fillers or dates.updated.fullmatch(w) or dates.published.fullmatch(w)
        for w in words
    ) and not (len(words) > 1 and all(w in dates.months for w in words))


def _is_name_word(word: str) -> bool:
    return bool(
        _NAME_WORD.fullmatch(word)
        or word.lower().strip("'’.") in byline_words().particles
        or _CLITIC.fullmatch(word)
    )


def _best(parts: Sequence[BylinePart]) -> list[Named]:
    """The people of the parts that open as authors do, else of the first part that names any.

    Single words beside full names are places.
    """
    opened = [named for part in parts if part.opened for named in _read_part(part)]
    if opened:
        return _full_ones(opened)
    bare = [part for i, part in enumerate(parts) if not any(p.others for p in parts[: i + 1])]
    groups = [group for part in bare if (group := list(_read_part(part)))]
    full = next((g for g in groups if any(is_full_name(n.name) for n in g)), None)
    return _full_ones(full or (groups[0] if groups else []))


def _full_ones(people: list[Named]) -> list[Named]:
    return [named for named in people if is_full_name(named.name)] or people


def _read_part(part: BylinePart) -> Iterator[Named]:
    """The names between the joints; one behind a role may be a part of that, unless a comma parts
    them or it is plainly a name: "Jane Roe, Head of Marketing and Community Development"."""
    of_role = False
    for several in byline_words().joints.split(part.text):
        for named in _read_several(several, opened=part.opened):
            if of_role and not (named.role or opens_with_given_name(named.name)):
                return
            of_role = named.role is not None and not several.endswith(",")
            yield named


def _read_several(several: str, *, opened: bool) -> Iterator[Named]:
    """The comma-separated pieces: a name, then its role, or more names."""
    waiting: str | None = None
    for piece in several.split(","):
        if not _without_degrees(piece):
            continue
        names, role = _names_and_role(piece, opened=opened)
        if waiting and (role or not names):
            yield Named(waiting, clean(piece.strip(" .:")) if role else None)
            return
        if waiting:
            yield Named(waiting)
        waiting = None if role else next(reversed(names), None)
        for name in names if role else names[:-1]:
            yield Named(name, role)
    if waiting:
        yield Named(waiting)


def _names_and_role(piece: str, *, opened: bool) -> tuple[list[str], str | None]:
    """What a piece between commas names, and the role that it gives; either may be missing."""
    if _WITHOUT_SPACES.search(piece):
        return _eastern(piece)
    plain = folded(piece)
    if byline_words().group.search(plain):
        return [], None
    if not byline_words().role.search(plain):
        name = _as_name(piece, opened=opened)
        return ([name] if name else []), None
    role = clean(piece.strip(" .:"))
    if role is None or len(role) > _MAX_ROLE:
        return [], None
    words = role.split()
    for length in range(_FULL_NAME, len(words)):
        head, rest = " ".join(words[:length]), " ".join(words[length:])
        if (
            words[length - 1].lower() not in byline_words().particles
            and not byline_words().role.search(folded(head))
            and (name := _as_name(head, opened=opened))
        ):
            return [name], rest
    return [], role


def _eastern(piece: str) -> tuple[list[str], str | None]:
    """Names and role where words aren't parted: "北京＝田中花子", "記者王小明", "김민수 기자"."""
    if byline_words().newsroom.search(piece):
        return [], None
    role = byline_words().eastern_role.search(piece)
    rest = piece
    if role:
        before, behind = piece[: role.start()], piece[role.end() :]
        rest = behind if clean(behind) and not _is_eastern_name(before) else before
    text = clean(_EQUALS.split(rest)[-1].strip(" 　:：.。")) or ""
    found = role.group() if role else None
    if role and role.start() < piece.find(text) and _HAN_NAMES.fullmatch(text):
        return text.split(), found
    return ([text] if text and is_person_name(text) else []), found


def _is_eastern_name(text: str) -> bool:
    name = text.strip(" 　")
    return bool(name) and is_person_name(name)


def _as_name(piece: str, *, opened: bool) -> str | None:
    cut = _CUT.search(piece)
    text = piece[: cut.start()] if cut else piece
    text = text.title() if text.islower() and _is_plain_name(text) else text
    text = byline_words().honorific.sub("", text.strip(" .:*\"“”'’«»„,-·/"))
    text = _without_degrees(text)
    if cut and " " not in text and not opened:
        return None
    if piece.rstrip().endswith(".") and _SUFFIX.fullmatch(text.rpartition(" ")[2]):
        text = f"{text.rstrip('.')}."
    return text if is_person_name(text) else None


def _is_plain_name(text: str) -> bool:
    """Whether two or three words are a name, however they are written."""
    words = text.split()
    alphabetic = all(word.isalpha() for word in words)
    return alphabetic and 1 < len(words) < _MAX_PLAIN and opens_with_given_name(text)


def _without_degrees(text: str) -> str:
    """``text`` without academic degrees and certificates at its end."""
    words = text.split()
    if len(words) > 1 and text.isupper():
        return text
    while words and _is_degree(words[-1], alone=len(words) == 1):
        words.pop()
    last = "".join(words[-2:])
    if last.count(".") > 1 and folded(last).replace(" ", "") in byline_words().degrees:
        words = words[:-2]
    return " ".join(words)


def _is_degree(word: str, *, alone: bool) -> bool:
    plain = folded(word).replace(" ", "")
    spelled = "." in word or not (word.islower() or word.istitle())
    return (plain in byline_words().degrees and spelled) or bool(
        _NO_VOWEL.fullmatch(word) and not alone
    )


def _recased(name: str, language: str | None) -> str:
    """Names in capitals restored: "JANE VAN ROE" is Jane van Roe, "Jane ROE" Jane Roe."""
    words = name.split()
    whole = name.isupper() and sum(map(str.isalpha, name)) > _MIN_CAPITALS + 1
    words = [_MC.sub(lambda m: m[1] + m[2].title(), w) for w in words]
    some = [w.isupper() and (whole or len(w) > _MIN_CAPITALS) for w in words]
    turkish = (language or "").startswith(("tr", "az")) or "İ" in name
    return " ".join(
        _small(w, turkish=turkish, first=i == 0) if capitals else w
        for i, (w, capitals) in enumerate(zip(words, some, strict=True))
    )


def _small(word: str, *, turkish: bool, first: bool) -> str:
    if word.lower() in byline_words().particles and not first and len(word) > 1:
        return word.lower()
    if not turkish:
        return word.title()
    return "-".join(w[:1] + w[1:].translate(_LATIN_I).lower() for w in word.split("-"))
