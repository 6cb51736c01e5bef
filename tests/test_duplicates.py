"""Copies of a story are told by their text, and only copies."""

from __future__ import annotations

import random

import pytest

from newscrawl.settling.duplicates import MOST_COMPARED, PERMUTATIONS, Copies, signature
from tests.changing_site import body_of, paragraph

JAPANESE = (
    "町の議会は火曜日の夜、古い防波堤を建て直すことを決めた。三度の冬の嵐で石の大半が流された。" * 3
)


def _alike(first: str, second: str) -> bool:
    return Copies([("a", signature(first))]).like(signature(second)) == "a"


@pytest.mark.parametrize(
    "copy",
    [
        body_of("a"),
        body_of("a").upper(),
        f"{body_of('a')}\n\nThis story has been updated.",
        body_of("a").replace("harbour", "port", 1),
    ],
    ids=["same", "capitals", "a line more", "another word"],
)
def test_copies_are_alike(copy: str) -> None:
    """A text with a line more or another word is a copy."""
    assert _alike(body_of("a"), copy)


@pytest.mark.parametrize(
    "other",
    [
        body_of("b"),
        "\n\n".join([*(paragraph(f"a {n}") for n in range(3)), paragraph("x"), paragraph("y")]),
        "",
    ],
    ids=["another story", "half of it", "nothing"],
)
def test_others_are_not(other: str) -> None:
    """Another story is none, not even one that shares half of its paragraphs."""
    assert not _alike(body_of("a"), other)


def test_numbers_tell_texts_apart() -> None:
    """Two results of the same draw, or the weather of two days, are two stories."""
    result = "The numbers drawn on Saturday were {}, {}, {}, {}, {} and {}, and the bonus was {}."
    chance = random.Random(1)  # noqa: S311 - numbers for a text
    first, second = (result.format(*chance.sample(range(1, 60), 7)) for _ in range(2))
    assert not _alike(first, second)


def test_texts_without_spaces() -> None:
    """Languages that don't separate their words have copies, too."""
    assert _alike(JAPANESE, JAPANESE.replace("火曜日", "水曜日", 1))
    assert not _alike(JAPANESE, JAPANESE[::-1])


def test_the_most_alike_is_the_original() -> None:
    """Of several stories the one that is most alike is named."""
    nearly = body_of("a").replace("harbour", "port", 2)
    copies = Copies([("near", signature(nearly)), ("same", signature(body_of("a")))])
    assert copies.like(signature(body_of("a"))) == "same"


def test_the_oldest_go_first() -> None:
    """However many stories there are, the newest are compared and memory is bounded."""
    chance = random.Random(2)  # noqa: S311 - noise
    old, new = signature(body_of("old")), signature(body_of("new"))
    copies = Copies([("old", old)])
    for n in range(MOST_COMPARED):
        copies.add(str(n), chance.randbytes(PERMUTATIONS))
    copies.add("new", new)
    assert copies.like(new) == "new"
    assert copies.like(old) is None
