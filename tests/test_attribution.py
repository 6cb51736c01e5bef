from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from newscrawl import extract
from newscrawl.extraction.facts.agencies import agencies_named
from newscrawl.extraction.facts.attribution import (
    read_byline_credit,
    read_credit,
    read_credit_at_end,
)
from newscrawl.extraction.facts.corrections import looks_like_correction, read_correction
from newscrawl.extraction.facts.datelines import find_dateline
from tests.documents import HEADLINE, MARKUP


@pytest.mark.parametrize(
    ("text", "kind", "credited"),
    [
        ("AFP contributed reporting.", "contributed", "AFP"),
        ("The Associated Press contributed to this report.", "contributed", "AP"),
        ("With files from The Canadian Press", "contributed", "The Canadian Press"),
        ("— With files from Reuters", "contributed", "Reuters"),
        ("– additional reporting by Jane Roe", "contributed", "Jane Roe"),
        ("With reporting from AFP in Copenhagen.", "contributed", "AFP"),
        ("Mit Material von dpa", "contributed", "dpa"),
        ("Avec AFP", "contributed", "AFP"),
        ("(avec AFP)", "contributed", "AFP"),
        ("Con información de EFE", "contributed", "EFE"),
        ("Com informações da Reuters", "contributed", "Reuters"),
        ("Met medewerking van Jan de Vries", "contributed", "Jan de Vries"),
        ("По материалам ТАСС", "contributed", "TASS"),
        ("Reporting by Jane Roe", "reported", "Jane Roe"),
        ("Edited by John Doe", "edited", "John Doe"),
        ("Quelle: dpa", "source", "dpa"),
        ("Fuente: EFE", "source", "EFE"),
        ("Bron: ANP", "source", "ANP"),
        ("Källa: TT", "source", "TT"),
        ("Źródło: PAP", "source", "PAP"),
        ("Kaynak: AA", "source", "Anadolu"),
        ("来源：新华社", "source", "Xinhua"),
        ("Source: Ministry of Health", "source", "Ministry of Health"),
        ("(dpa)", "wire", "dpa"),
        ("（共同）", "wire", "Kyodo"),
        ("© 2026 AFP", "source", "AFP"),
        ("dpa/AFP", "wire", "dpa"),
        ("SDA/sep", "wire", "Keystone-SDA"),
        ("Reuters/kra Gullhaven", "wire", "Reuters"),
        ("© dpa-infocom, dpa:230428-99-483045/5", "source", "dpa"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "source", "AP"),
        ("By The Associated Press", "wire", "AP"),
        ("Translated from the Norwegian by Kari Moe", "translated", "Kari Moe"),
        ("Aus dem Englischen von Jan Doolan", "translated", "Jan Doolan"),
        ("Traduit de l'anglais par Léa Martin", "translated", "Léa Martin"),
        ("Vertaling: Jan de Vries", "translated", "Jan de Vries"),
        ("This article was first published by The Tern.", "republished", "The Tern"),
        ("This story also appeared in The Tern", "republished", "The Tern"),
        ("Este artículo fue publicado originalmente en El Charrán", "republished", "El Charrán"),
    ],
)
def test_credits(text: str, kind: str, credited: str) -> None:
    """A block that is wholly a credit gives its kind and whom it credits, its text verbatim."""
    (credit,) = read_credit(text)
    assert (credit.kind, credit.text) == (kind, text)
    assert credited in (*credit.agencies, *credit.people, credit.publication)


@pytest.mark.parametrize(
    "text",
    [
        "The minister resigned on Monday, AFP reported.",
        "Reuters could not verify the report.",
        "According to the dpa, nobody was hurt.",
        "He contributed to this.",
        "With permission from me",
        "Mit Kind und Kegel",
        "Con calma",
        "Avec plaisir",
        "AA",
        "Aa",
        "efe",
        "Originally published in March 2022.",
        "The source: a leaking pipe that flooded the harbour in 2019.",
        "Written by Jane Roe",
        "Translated into numbers, the harbour lost a third of its ships.",
        "AFP contributed reporting. " + "The harbour reopened on Monday. " * 9,
        "",
    ],
)
def test_no_credits(text: str) -> None:
    """A sentence that quotes an agency, a byline and a label are no credits."""
    assert read_credit(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Reuters", ("wire", ("Reuters",))),
        ("By Jane Roe, AFP", ("wire", ("AFP",))),
        ("Von Jane Roe (dpa)", ("wire", ("dpa",))),
        ("By Jane Roe with AFP", ("contributed", ("AFP",))),
        ("Von Jane Roe, mit dpa und AFP", ("contributed", ("dpa", "AFP"))),
        ("By Jane Roe", None),
        ("By Jane Roe with John Doe", None),
        ("AA", None),
        ("", None),
    ],
)
def test_byline_credit(text: str, expected: tuple[str, tuple[str, ...]] | None) -> None:
    """A byline's agency is its source, or lent the author a hand."""
    credit = read_byline_credit(text)
    assert ((credit.kind, credit.agencies) if credit else None) == expected


@pytest.mark.parametrize(
    ("text", "agencies", "people"),
    [
        ("Con información de la agencia EFE", ["EFE"], []),
        ("Con información de agencia Reuters y Jane Roe", ["Reuters"], ["Jane Roe"]),
        ("Con información de agencias EFE y AFP", ["EFE", "AFP"], []),
        ("Con información de Agencia Bahía Norte", ["Agencia Bahía Norte"], []),
        ("Con información de Agencia Bahía Norte y EFE", ["Agencia Bahía Norte", "EFE"], []),
        ("Com informações da Agência Costa Clara", ["Agência Costa Clara"], []),
        ("По материалам информационного агентства «Север»", ["Север"], []),
        ("За інформацією агенції «Лиман»", ["Лиман"], []),
        ("With files from the Shoreline News Service", ["Shoreline News Service"], []),
        (
            "Jane Roe and Shoreline News Service contributed to this report.",
            ["Shoreline News Service"],
            ["Jane Roe"],
        ),
        (
            "Shoreline News Service reporter Jane Roe contributed to this report.",
            ["Shoreline News Service"],
            ["Jane Roe"],
        ),
        ("До матеріалу долучилася Олена Мороз", [], ["Олена Мороз"]),
        ("Na článku spolupracovala Jana Malá", [], ["Jana Malá"]),
        ("شارك في التغطية: رنا الحداد", [], ["رنا الحداد"]),
        ("通讯员 李文远 对本文亦有贡献", [], ["李文远"]),
    ],
)
def test_contributions(text: str, agencies: list[str], people: list[str]) -> None:
    """Who is thanked is told in full; an agency needn't be known whose name says what it is."""
    (credit,) = read_credit(text)
    assert (credit.kind, credit.text) == ("contributed", text)
    assert ([*credit.agencies], [*credit.people]) == (agencies, people)


@pytest.mark.parametrize(
    "text",
    [
        "Agencia Tributaria",
        "Shoreline News Service",
        "© 2024 Agence Digitale",
        "Par Agence Immobilière Dupont",
        "Con Agencia Espacial Europea",
        "By Kremlin Press Service",
        "综合外国通讯社报道",
        "شارك في التقرير خبراء من المنظمة",
    ],
)
def test_office_is_no_agency(text: str) -> None:
    """What calls itself an agency may be an office: only where it is thanked is it a source."""
    assert read_credit(text) == ()


def test_translation_without_a_translator() -> None:
    """A note that only names the language is a credit that names nobody."""
    (credit,) = read_credit("This article was translated from German.")
    assert (credit.kind, credit.agencies, credit.people) == ("translated", (), ())


@pytest.mark.parametrize(
    "text", ["by " * 99, "A, " * 99, "this story about " + "x " * 120, "(" * 299]
)
def test_hostile_lines_are_no_credits(text: str) -> None:
    """Lines made to confuse the patterns are no credits."""
    assert read_credit(text) == ()
    assert read_byline_credit(text * 300) is None
    assert find_dateline(text * 300) is None


def test_agencies() -> None:
    """At least 80 agencies, each with its languages, no name claimed twice, every name found."""
    text = (files("newscrawl.extraction.facts") / "agencies.toml").read_text("utf-8")
    table = tomllib.loads(text)
    rows = table["agency"]
    names = Counter(name for row in rows for name in {row["name"], *row["aliases"]})
    assert len(rows) >= 80
    assert all(row["languages"] for row in rows)
    assert names.most_common(1)[0][1] == 1
    assert [n for row in rows for n in row["aliases"] if agencies_named(n) != (row["name"],)] == []


def test_one_entry_a_kind() -> None:
    """A credit line of several clauses gives an entry a kind, each with the whole block."""
    text = "(Reporting by Jane Roe and Li Wei in Kyiv; Editing by John Doe)"
    reported, edited = read_credit(text)
    assert (reported.kind, reported.people, reported.text) == (
        "reported",
        ("Jane Roe", "Li Wei"),
        text,
    )
    assert (edited.kind, edited.people, edited.text) == ("edited", ("John Doe",), text)


PROSE = "".join(
    f"<p>{'The ferry stopped because the river has fallen too low for its hull. ' * 4}</p>"
    for _ in range(4)
)
PICTURE = "<figure><img src=/a.jpg><figcaption>The ferry. {}</figcaption></figure>"


@pytest.mark.parametrize(
    ("above", "amid", "below", "expected"),
    [
        ("", "", "<p>Source: Reuters</p>", ["Source: Reuters"]),
        ("", "", "<p>Reuters/kra Gullhaven</p>", ["Reuters/kra Gullhaven"]),
        ("", "<p>Source: Reuters</p>", "", []),
        ("", "<p>Source: Harbour Board</p>" + PROSE + "<p>Source: Harbour Board</p>", "", []),
        (
            "",
            "<p>This story was first published by The Tern.</p>",
            "",
            ["This story was first published by The Tern."],
        ),
        ("", "", PICTURE.format("Reuters"), []),
        (
            "<figure><figcaption>This story also appeared in The Tern</figcaption></figure>",
            "",
            "",
            ["This story also appeared in The Tern"],
        ),
    ],
)
def test_where_a_line_is_a_credit(above: str, amid: str, below: str, expected: list[str]) -> None:
    """A line that says what somebody did for the story is a credit wherever it stands, a bare
    source only at the story's edges: amid the text and under pictures it credits these."""
    story = f"<h1>Ferry stops</h1>{above}{PROSE}{amid}{PROSE}{below}"
    article = extract(f'<html lang="en"><body><main><article>{story}</article></main></body>')
    assert [credit.text for credit in article.attribution] == expected
    assert not any(text in (article.body or "") for text in expected)


def test_a_byline_in_the_text() -> None:
    """A line below the headline that is wholly a byline is one, not the story's first paragraph."""
    page = f"<html lang=en><body><main><h1>Ferry stops</h1><p>By Jane Roe</p>{PROSE}</main></body>"
    article = extract(page)
    assert (article.byline, [author.name for author in article.authors]) == (
        "By Jane Roe",
        ["Jane Roe"],
    )
    assert "Jane Roe" not in (article.body or "")


@pytest.mark.parametrize("tag", ["p", "h2"])
@pytest.mark.parametrize(
    "line", ["Da Vinci Resolve", "Por Fin Viernes", "By Grand Central Station"]
)
def test_no_byline_in_the_text(line: str, tag: str) -> None:
    """A short line amid the text that opens like a byline stays in it."""
    story = f"<h1>{HEADLINE}</h1>{MARKUP.replace('</p>', f'</p><{tag}>{line}</{tag}>', 1)}"
    article = extract(f"<html lang=en><body><main><article>{story}</article></main></body>")
    assert line in (article.body or "")
    assert article.byline is None


def test_agency_writers_are_people_and_agency() -> None:
    """ "Associated Press writers X" credits both."""
    (credit,) = read_credit("Associated Press writers Jane Roe in Kyiv contributed to this report.")
    assert (credit.agencies, credit.people) == (("AP",), ("Jane Roe",))


def test_credit_at_the_end_of_a_paragraph() -> None:
    """Only an agency in parentheses at the very end counts inside a paragraph."""
    credit = read_credit_at_end("Das sagte er am Montag. (dpa)")
    assert credit is not None
    assert (credit.kind, credit.agencies) == ("wire", ("dpa",))
    assert read_credit_at_end("He spoke to the alliance (NATO)") is None
    assert read_credit_at_end("The dpa (dpa) reported it first.") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GULLHAVEN (Reuters) — The harbour", ("GULLHAVEN", "Reuters")),
        ("BERLIN (dpa) - Der Hafen", ("BERLIN", "dpa")),
        ("Berlin/Köln (dpa/lnw) - Der Hafen", ("Berlin/Köln", "dpa")),
        ("MADRID, 3 may (EFE).- El puerto", ("MADRID", "EFE")),
        ("WASHINGTON, D.C. (AP) — The harbour", ("WASHINGTON, D.C.", "AP")),
        ("MOSCOW, May 3 — The harbour", ("MOSCOW", None)),
        ("GULLHAVEN — The harbour", ("GULLHAVEN", None)),
        ("NATO — the alliance — met", None),
        ("The Fed (Reuters) said", None),
        ("The harbour reopened.", None),
        ("", None),
    ],
)
def test_dateline(text: str, expected: tuple[str, str | None] | None) -> None:
    """A place, with or without its agency, opens the story; an acronym before a dash doesn't."""
    found = find_dateline(text)
    assert ((found.place, found.agency) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Correction: The harbour opened on Monday.", True),
        ("Correction, May 3, 2024: The harbour opened on Monday.", True),
        ("Correction, 17 November 2026: The harbour opened on Monday.", True),
        ("Editor's note: This story has been updated.", True),
        ("This article was amended on 3 May 2024.", True),
        ("An earlier version of this story misstated the date.", True),
        ("Korrektur: Der Hafen öffnete am Montag.", True),
        ("In einer früheren Version hieß es anders.", True),
        ("Rectificatif : le port a rouvert lundi.", True),
        ("訂正：港は月曜日に再開した。", True),
        ("Correction fluid was found in the harbour.", False),
        ("The corrections officer said the harbour was closed.", False),
        ("This article of faith has long guided the harbour board.", False),
    ],
)
def test_corrections(text: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    """Corrections and editor's notes are seen by how they open, not by a word in them."""
    assert looks_like_correction(text) is expected


def test_correction_date() -> None:
    """A correction has the date that it names, or none."""
    assert read_correction("This article was amended on 3 May 2024.", "en").date == dt.date(
        2024, 5, 3
    )
    assert read_correction("Correction: wrong date.", "en").date is None
