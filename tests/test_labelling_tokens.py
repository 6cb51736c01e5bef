"""What is read from the names of elements and the addresses of links."""

from __future__ import annotations

import pytest

from newscrawl.extraction.labelling.reasons import _told_reason
from newscrawl.extraction.labelling.tokens import (
    MOST_NAMES,
    MOST_TARGETS,
    name_tokens,
    stem,
    target_tokens,
)


@pytest.mark.parametrize(
    ("names", "concept"),
    [
        ("donation-box", "donate"),
        ("c-spendenbox__inner", "donate"),
        ("abonnieren", "subscribe"),
        ("newsletterform", "newsletter"),
        ("share", "share"),
        ("kommentare", "comments"),
    ],
)
def test_names_speak_of_concepts(names: str, concept: str) -> None:
    """A name in Latin letters tells what it speaks of, beside its words."""
    tokens = name_tokens("div", names)
    assert tokens[0] == "<div"
    assert f".~{concept}" in tokens
    assert any(token.startswith(".") and "~" not in token for token in tokens)


def test_addresses_speak_of_concepts() -> None:
    """A link's address does so, too; its query doesn't."""
    assert "/~donate" in target_tokens("https://www.kreisbote.example/spenden/jetzt")
    assert "/~subscribe" in target_tokens("/abonnieren?ref=donate")
    assert "/~donate" not in target_tokens("/abonnieren?ref=donate")


def test_names_by_chance_say_nothing() -> None:
    """What a framework generates has words, perhaps, but no concept."""
    assert name_tokens("div", "css-1x0y2z sc-bdvwxq") == ("<div", ".css", ".sc", ".bdvwxq")
    assert name_tokens("p", "") == ("<p",)
    assert target_tokens("#") == ()


def test_tokens() -> None:
    """The tag, concepts, and the beginnings of the distinct words, in their order."""
    assert name_tokens("div", "sharing-buttons__sharing c-newsletterbox") == (
        "<div",
        ".~newsletter",
        ".~share",
        ".sharing",
        ".buttons",
        ".newsletter",
    )


@pytest.mark.parametrize(
    ("token", "says"),
    [
        (".~donate", "has a name that speaks of “donate”"),
        (".donation", "is called “donation”"),
        ("/~subscribe", "links to what speaks of “subscribe”"),
        ("/abo", "links to “abo”"),
        ("<form", "stands in <form>"),
        ("spenden", "says “spenden”"),
    ],
)
def test_reasons_tell_what_a_token_is(token: str, says: str) -> None:
    """A reason says in words where its token stands."""
    assert _told_reason("fundraising", token, led=False) == f"model: fundraising: {says}"


def test_bounds() -> None:
    """However many names there are, few count: three concepts, asks first, eight words of names
    and six of an address."""
    many = "comments share legal related price account subscribe newsletter consent donate"
    tokens = name_tokens("div", many)
    assert tokens[1:4] == (".~donate", ".~subscribe", ".~price")
    assert tokens[4:] == tuple(f".{word}" for word in many.split()[:8])
    address = "/" + "/".join(many.split())
    assert target_tokens(address)[3:] == tuple(f"/{word}" for word in many.split()[:6])
    assert len(tokens) == 1 + MOST_NAMES
    assert len(target_tokens(address)) == MOST_TARGETS


def test_tokens_stay_whole() -> None:
    """The vocabulary knows tokens of names and addresses as they are; words are cut."""
    names = name_tokens("figcaption", "subscription-newsletters")
    for token in (*names, *target_tokens("/donate")):
        assert stem(token) == token
    assert stem("subscriptions") == "subscrip"
