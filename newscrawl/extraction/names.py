"""Names of authors in a line: split, cut to the name, and told from whatever else stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from newscrawl.extraction.agencies import agency_named
from newscrawl.extraction.date_reading import find_dates
from newscrawl.extraction.date_words import date_words
from newscrawl.extraction.text import clean, folded

_MAX_LENGTH = 300
_MAX_WORDS = 5
_MAX_NAME = 60

OPENING = regex.compile(
    r"^\W*(?:"
    r"(?:(?:written|posted|published|story|article|words|report|analysis|opinion)\s+)?by\b"
    r"|author(?:s|\(s\))?\b|autor(?:in|en|innen|es|a|as|i|zy|e|ka)?\b|auteurs?\b|autore\b"
    r"|(?:ein (?:artikel|beitrag|kommentar|interview|gastbeitrag) |geschrieben |verfasst "
    r"|eingestellt |erstellt )?von\b"
    r"|(?:publié |écrit |propos recueillis )?par\b|(?:escrito |publicado )?por\b"
    r"|(?:scritto )?(?:di|da)\b"
    r"|door\b|(?:skriven )?av\b|af\b|автор(?:ы)?\b"
    r"|(?:text|texte|texto|testo|tekst|текст|yazan|haber)\s*:"
    r"|بقلم|كتب(?:ت|ه)?|تقرير|작성자|글(?=\s*[:=])|(?:文|作者|撰文|記者|记者|執筆|取材|著者|文・写真)(?=[／/:：\s])"
    r")\s*[:：／/]?\s*",
    regex.IGNORECASE,
)
_DUTCH = regex.compile(r"door\b", regex.IGNORECASE)
_CUT = regex.compile(
    r"\s+(?:in|aus|à|en|em|a|from|for|at|reporting from|für|pour|para|per|voor)\s+(?=\p{Lu})|"
    r"\s*[|•·–—<>\[【]|\s+-\s+|\s*\(|\s+(?:is|ist|est|es|è)\s+|\s*@|https?:|"
    r"\s*\b(?:updated|published|posted|aktualisiert|last updated)\b|\b\d",
    regex.IGNORECASE,
)
_SEVERAL = regex.compile(
    r"\s*[;&+/]\s*|\s*,?\s+(?:and|und|et|y|och|og|e|и|oraz|ve|with|mit|con|com|avec)\s+|\s*[、・，؛]\s*"
)
_ROLE = regex.compile(
    r"\b(?:correspondent|reporter|editor|writer|journalist|columnist|critic|producer|analyst"
    r"|contributor|director|chief|head|professor|lecturer|fellow|founder|ceo|manager|specialist"
    r"|president|expert|redakteur|redaktor|korrespondent|autor|leiter|projektleiter"
    r"|redaktionsleiter|correspondante?|redact\w+|chroniqueu\w+|periodista|corresponsal"
    r"|giornalista|inviat[oa]|jornalista|colunista|verslaggever|skribent"
    r"|корреспондент|редактор|обозреватель|dziennikarz|muhabir|特派員|記者|编辑"
    r"|md|phd|ph d|rd|cfp|cpa|mph|msc|mba|esq|rn|dds|dvm|jr)\w*\b"
)
_HONORIFIC = regex.compile(
    r"^(?:(?:dr|prof|professor|sir|mag|dipl|ing)\b\.?\s*(?:(?:med|rer|nat|phil|jur)\b\.?\s*)*)+",
    regex.IGNORECASE,
)
_NOBODY = regex.compile(
    r"\b(?:staff|team|editors?|editorial|desk|newsroom|admin|administrator|redaktion|redaktionsteam|redaction|"
    r"redaccion|redazione|redacao|redactie|redaktionen|redaksjonen|"
    r"redakcja|редакция|guest|anonymous|unknown|author|"
    r"webmaster|online|web|news|press|service|agency|agencies|agenturen|wire|wires|newswire|network|"
    r"contributors?|correspondents?|reporters?|writers?|user|support|home|about|share|follow|read|"
    r"more|link|name|collectif|"
    r"company|inc|llc|ltd|gmbh|ev|university|institute|foundation|media|magazine|times|post|journal)\b"
)
_CREDENTIALS = regex.compile(r"(?:[\s,]+(?:\p{Lu}{2,5}|Ph\.?\s?D\.?|M\.?D\.?|CEPF®|Jr\.?))+$")
_PARTICLES = frozenset(
    "de da do dos das du del della di van von der den ter ten zu zur la le el al bin ibn ben abu "
    "y e af av und i os as dal lo mac o st".split()
)
_SCRIPT_WITHOUT_CASE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Arabic}\p{Hebrew}\p{Thai}\p{Devanagari}]"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a line, with the role printed behind it."""

    name: str
    role: str | None = None


def split_names(text: str | None) -> tuple[Named, ...]:
    """The persons that a byline or an author field names, in order, each once.

    Openings ("By", "Von"), places, dates, titles and addresses are cut off; what remains counts
    only when it is written as a name. Agencies and desks are nobody.
    """
    line = (clean(text) or "")[:_MAX_LENGTH]
    # "en" joins names in Dutch, and opens a place in French and Spanish.
    line = line.replace(" en ", " & ") if _DUTCH.match(line) else line
    line = OPENING.sub("", line, count=1)
    for date in reversed(list(find_dates(line, "de"))):
        line = f"{line[: date.start]} | {line[date.end :]}"
    found: dict[str, Named] = {}
    for part in _SEVERAL.split(line):
        for named in _read_part(part):
            found.setdefault(folded(named.name), named)
    return tuple(found.values())


def is_person_name(text: str) -> bool:
    """Whether ``text`` is written as a person's name is."""
    words = text.split()
    if (
        not 1 <= len(words) <= _MAX_WORDS
        or len(text) > _MAX_NAME
        or regex.search(r"[\d@:/_#]", text)
    ):
        return False
    if agency_named(text) or _NOBODY.search(folded(text)) or folded(text) in date_words().fillers:
        return False
    if _SCRIPT_WITHOUT_CASE.search(text):
        return True
    return (
        words[0][0].isalpha()
        and all(_is_name_word(w) for w in words)
        and regex.match(r"(?:[dlDL]['’])?\p{Lu}", words[-1]) is not None
    )


def _is_name_word(word: str) -> bool:
    return word[0].isupper() or word.lower().strip("'’.") in _PARTICLES or word[:2] in {"d'", "d’"}


def _read_part(part: str) -> Iterator[Named]:
    """The comma-separated pieces of a part: a name, then its role, or more names."""
    name: str | None = None
    for piece in part.split(","):
        bare = _CREDENTIALS.sub("", piece.rstrip())
        role = not bare.strip() or bool(_ROLE.search(folded(bare)))
        candidate = None if role else _as_name(piece)
        if candidate:
            if name:
                yield Named(name)
            name = candidate
        elif name:
            yield Named(name, clean(piece) if role else None)
            return
        elif not role:
            continue
    if name:
        yield Named(name)


def _as_name(piece: str) -> str | None:
    cut = _CUT.search(piece)
    text = piece[: cut.start()] if cut else piece
    text = _HONORIFIC.sub("", text.strip(" .:*\"“”'’"))
    text = text if text.isupper() else _CREDENTIALS.sub("", text)
    if not is_person_name(text):
        return None
    return _recased(text)


def _recased(name: str) -> str:
    """Names in capitals restored: "JANE ROE" is Jane Roe."""
    letters = name.replace(" ", "")
    return name.title() if len(letters) > len("MMMM") and name.isupper() else name
