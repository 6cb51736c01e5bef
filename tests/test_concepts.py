"""The words of concepts (``labelling/concepts.toml``) and the sentences that try them."""

from __future__ import annotations

import tomllib
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
import regex

CONCEPTS: dict[str, dict[str, list[str]]] = tomllib.loads(
    files("newscrawl").joinpath("extraction/labelling/concepts.toml").read_text("utf-8")
)
SENTENCES = tomllib.loads((Path(__file__).parent / "tables/concepts.toml").read_text("utf-8"))
UNPARTED = {"ja", "th", "zh"}
"""Languages that write no space between words: their stems are matched anywhere."""
SHORTEST_BEGINNING = 4
"""Letters of the Latin script below which the beginning of a word is no evidence."""
STEM = regex.compile(r"[\p{L}\p{M}]{2,}|[\p{L}\p{M}]+\$")
LANGUAGES = set(
    "ar bg bn bs ca cs da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv mr ms "
    "nl no pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh".split()
)


def stems_of(concept: str) -> list[tuple[str, str]]:
    """A concept's stems, each with its language."""
    return [(language, stem) for language, stems in CONCEPTS[concept].items() for stem in stems]


@pytest.mark.parametrize("concept", CONCEPTS)
class TestStems:
    def test_spelling(self, concept: str) -> None:
        """A stem is spelled as a page's text is when compared: in lower case, NFC, stripped."""
        for _, stem in stems_of(concept):
            assert stem == unicodedata.normalize("NFC", stem).lower().strip()

    def test_one_word(self, concept: str) -> None:
        """A stem can begin or be a word; where words aren't parted it has two characters."""
        for language, stem in stems_of(concept):
            if language in UNPARTED:
                assert len(stem) > 1, stem
                assert not regex.search(r"[\s$]", stem), stem
            else:
                assert STEM.fullmatch(stem), stem

    def test_specific(self, concept: str) -> None:
        """A short Latin stem stands for the whole word only."""
        short = [
            stem
            for _, stem in stems_of(concept)
            if stem.isascii() and len(stem) < SHORTEST_BEGINNING and not stem.endswith("$")
        ]
        assert short == []

    def test_once(self, concept: str) -> None:
        """A stem stands in a concept once, and not beside a shorter one that finds its words."""
        parted = [stem for language, stem in stems_of(concept) if language not in UNPARTED]
        beginnings = {stem for stem in parted if not stem.endswith("$")}
        covered = [
            stem
            for stem in parted
            if any(stem[:size] in beginnings for size in range(1, len(stem)))
        ]
        assert covered == []
        assert len({stem for _, stem in stems_of(concept)}) == len(stems_of(concept))

    def test_languages(self, concept: str) -> None:
        """A concept speaks nearly all languages, and none that isn't among them."""
        assert set(CONCEPTS[concept]) <= LANGUAGES
        assert len(CONCEPTS[concept]) > 0.9 * len(LANGUAGES)
        assert all(CONCEPTS[concept].values())


def test_sentences_name_concepts() -> None:
    """Every concept is tried by a sentence that holds it, and no sentence names another."""
    held = {concept for row in SENTENCES["sentence"] for concept in row.get("has", [])}
    lacking = {concept for row in SENTENCES["sentence"] for concept in row.get("lacks", [])}
    assert held == set(CONCEPTS)
    assert lacking <= set(CONCEPTS)
