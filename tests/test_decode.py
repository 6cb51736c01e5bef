"""Bytes become the UTF-8 of the text that a browser would show, whatever their declarations say."""

from __future__ import annotations

import random

import pytest

from newscrawl.extraction.decode import MAX_PAGE_BYTES, as_utf8

RUSSIAN = "Совет города утвердил бюджет на будущий год после долгих споров о ремонте моста. " * 4
JAPANESE = "町議会は火曜日、来年度の予算案を可決した。"
FRENCH = "Le café du théâtre a été fermé dès l’été. " * 8

CASES = [
    pytest.param(b"\xef\xbb\xbfna\xc3\xafve", None, "naïve", id="utf-8 mark"),
    pytest.param("naïve".encode("utf-16"), None, "naïve", id="utf-16 mark"),
    pytest.param(b"na\xc3\xafve", None, "naïve", id="utf-8 undeclared"),
    pytest.param(b"na\xc3\xafve", "text/html; charset=latin1", "naïve", id="utf-8 beats header"),
    pytest.param(RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN, id="header"),
    pytest.param(
        b'<meta charset="shift_jis">' + JAPANESE.encode("shift_jis"),
        None,
        '<meta charset="shift_jis">' + JAPANESE,
        id="meta",
    ),
    pytest.param(
        JAPANESE.encode("iso2022_jp"),
        "text/html; charset=iso-2022-jp",
        JAPANESE,
        id="stateful charset in ASCII bytes",
    ),
    pytest.param(RUSSIAN.encode("cp1251"), None, RUSSIAN, id="sniffed"),
    pytest.param(
        FRENCH.encode("cp1252"), "text/html; charset=utf-8", FRENCH, id="declared wrongly as utf-8"
    ),
    pytest.param(b"plain", "text/html; charset=no-such-charset", "plain", id="unknown charset"),
    pytest.param(b"", None, "", id="nothing"),
]


@pytest.mark.parametrize(("raw", "content_type", "expected"), CASES)
def test_as_utf8(raw: bytes, content_type: str | None, expected: str) -> None:
    """The charset is found from mark, proof, header, meta or the bytes, in this order."""
    assert as_utf8(raw, content_type).decode() == expected


@pytest.mark.parametrize("seed", range(40))
def test_no_bytes_raise(seed: int) -> None:
    """Junk of any kind becomes some text."""
    generator = random.Random(seed)  # noqa: S311 - repeatable junk, no secret
    declared = generator.choice([None, "text/html; charset=utf-16", "text/html; charset=gbk", "?"])
    assert as_utf8(generator.randbytes(2_000), declared).decode()


def test_long_pages_are_cut_between_characters() -> None:
    """A character that the size bound cuts in two leaves a UTF-8 page a UTF-8 page."""
    raw = b"x" + "é".encode() * (MAX_PAGE_BYTES // 2)
    text = as_utf8(raw).decode()
    assert set(text) == {"x", "é"}
    assert len(text) == MAX_PAGE_BYTES // 2


def test_text_that_was_encoded_twice() -> None:
    """It is read as it was meant, and what only looks like it stays."""
    meant = "“Größe” – and 20 °C, Bình’s café"
    twice = meant.encode().decode("iso-8859-1")
    assert as_utf8(f"<p>{twice}</p><p>Ñandú</p>".encode()) == f"<p>{meant}</p><p>Ñandú</p>".encode()
    assert as_utf8("<p>Â© Ã² Ñ</p>".encode()) == "<p>Â© Ã² Ñ</p>".encode()


def test_stray_control_character_leaves_the_rest_alone() -> None:
    """A word processor's quote, or a comment that was encoded twice, changes nothing else."""
    page = "«\u00a0L\x92homme a fermé\u00a0», LIBERTÉ\u00a0: «\u00a0ÉTÉ», "
    assert as_utf8(page.encode()).decode() == page
    comment = "“Oui”".encode().decode("iso-8859-1")
    assert as_utf8((page + comment).encode()).decode() == page + "“Oui”"
