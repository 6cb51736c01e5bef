"""Corrections, clarifications and editor's notes."""

from __future__ import annotations

import datetime as dt

import regex

from newscrawl.extraction.facts.date_reading import find_dates
from newscrawl.extraction.text import clean
from newscrawl.records import Correction

_HEADINGS = (
    "korrektur|richtigstellung|berichtigung|anmerkung der redaktion|hinweis der redaktion"
    "|rectificatif|précision|erratum|note de la rédaction|ndlr|correctif"
    "|corrección|fe de erratas|fe de errores|rectificación|aclaración|nota de la redacción"
    "|nota del editor|correzione|rettifica|precisazione|errata corrige|nota della redazione"
    "|correção|errata|erramos|retificação|nota da redação|nota do editor"
    "|correctie|rectificatie|aanvulling|noot van de redactie"
    "|rättelse|korrigering|rettelse|retting|korreksjon"
    "|исправление|уточнение|поправка|от редакции|примечание редакции"
    "|sprostowanie|korekta|od redakcji|düzeltme|editörün notu|تصحيح|تصويب"
    "|訂正|おわび|お詫び|更正|勘误|编者按|编者注"
)
_OPENING = regex.compile(
    rf"^[\W_]*(?:(?:{_HEADINGS})\s*[:：】–—-]"
    r"|(?:corrections?|clarifications?|corrected|update note"
    r"|editor[’']?s[’']? (?:note|correction))\b"
    r"\s*(?:[:—–.(-]|,? ?(?:on )?(?:\p{Lu}\p{L}+\.? \d|\d+\.? \p{L}))"
    r"|(?:this|an earlier|a previous|the original)"
    r" (?:article|story|version|headline|piece|post|report)\b.{0,80}\b(?:amended|corrected"
    r"|updated to (?:correct|reflect|clarify|include)|misstated|misspelled|incorrectly|clarified"
    r"|in error|wrongly)\b"
    r"|(?:in einer früheren|in einer vorherigen|eine frühere) (?:version|fassung)\b)",
    regex.IGNORECASE,
)
_MAX_LENGTH = 1_000


def looks_like_correction(text: str) -> bool:
    """Whether a block is a correction, clarification or editor's note."""
    return len(text) <= _MAX_LENGTH and bool(_OPENING.match(text))


def read_correction(text: str, language: str | None) -> Correction:
    """A correction with the first date that it names."""
    found = next(find_dates(clean(text) or "", language), None)
    date = found.value if found else None
    return Correction(text=text, date=date.date() if isinstance(date, dt.datetime) else date)
