from __future__ import annotations

import pytest

from newscrawl.extraction.facts.headline import find_headline
from tests.documents import ld, read

STORY = {"@type": "NewsArticle", "publisher": {"name": "The Tern"}}


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            "<title>Harbour reopens - The Tern</title>",
            "<h1>Harbour reopens</h1>",
            "Harbour reopens",
        ),
        ("<title>Harbour reopens | tern.example</title>", "", "Harbour reopens"),
        ("<title>The Tern: Harbour reopens</title>" + ld(STORY), "", "Harbour reopens"),
        (
            "<title>Harbour reopens | The Tern</title>" + ld(STORY),
            "<h1>The Tern</h1>",
            "Harbour reopens",
        ),
        (
            "<title>Harbour reopens after storm – Tern</title>",
            "<h1>News</h1><h1>Harbour <em>re</em>opens after storm</h1>",
            "Harbour reopens after storm",
        ),
        (
            '<meta property="og:title" content="Harbour reopens after the storm">',
            "<h1><span>Coast</span> <br>Harbour reopens after the storm</h1>",
            "Harbour reopens after the storm",
        ),
        (
            "<title>What storms do to harbours</title>",
            "<h1>How the old harbour came back to life</h1><h1>More from the coast</h1>",
            "How the old harbour came back to life",
        ),
        ("", "<h1><ruby>港<rt>みなと</rt></ruby>が再び開く</h1>", "港が再び開く"),
        (
            "<title>Storm harbour news today</title>",
            "<h1>How the old harbour came back to life</h1>",
            "How the old harbour came back to life",
        ),
        (
            '<meta property="og:title" content="Why the harbour matters | Opinion">',
            "",
            "Why the harbour matters",
        ),
        (ld({**STORY, "headline": "Tide &amp; time"}), "", "Tide & time"),
        (
            "<title>Tide - and time - turn</title>",
            "<h1>Tide - and time - turn</h1>",
            "Tide - and time - turn",
        ),
        (f"<title>{'ab | ' * 200}</title>", "<h1>Tide turns</h1>", "Tide turns"),
        (
            '<meta property="og:title" content="Coast: Harbour reopens">'
            + ld({**STORY, "headline": "Coast: Harbour reopens"}),
            "<h1>Harbour reopens</h1>",
            "Coast: Harbour reopens",
        ),
        (
            "<title>„Tide time“ – The new coastal daily paper</title>",
            "<h1>„Tide time“</h1>",
            "„Tide time“",
        ),
        (
            "<title>Ferry stops | The Tern</title>" + ld({**STORY, "headline": "Ferry stops"}),
            "<h1>News from the Ostra valley</h1><h2>Ferry stops</h2><h1>More from us</h1>",
            "Ferry stops",
        ),
        (
            f'<title>Tide turns</title><meta property="og:title" content="{"ab | " * 5_000}">'
            + ld({**STORY, "headline": "ab | " * 5_000}),
            "",
            "Tide turns",
        ),
        (
            "<title>Ferry stops early - Ostra Daily</title>",
            "<h2>Ferry stops early</h2>",
            "Ferry stops early",
        ),
        (
            "<title>Ostra Daily: Ferry stops early</title>",
            "<h3>Ferry stops early</h3>",
            "Ferry stops early",
        ),
        (
            "<title>Ferry stops early for repairs - News</title>",
            "<h2>News</h2>",
            "Ferry stops early for repairs - News",
        ),
        ("", "", None),
        ("<title> </title>", "<h1></h1>", None),
    ],
)
def test_headline(head: str, body: str, expected: str | None) -> None:
    """The headline is what the page agrees on, without site name, section or kicker."""
    found = find_headline(read(head, body))
    assert (found.value if found else None) == expected
