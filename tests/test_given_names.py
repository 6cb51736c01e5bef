from __future__ import annotations

import pytest

from newscrawl.extraction.facts.given_names import opens_with_given_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Roe", True),
        ("JANE ROE", True),
        ("Jean-Luc Roe", True),
        ("Hyun-woo Roe", True),
        ("Łukasz Roe", True),
        ("Søren Roe", True),
        ("Bjørn Roe", True),
        ("Đorđe Roe", True),
        ("Özge Roe", True),
        ("Jordan Roe", True),
        ("Виталий Роу", True),
        ("J. Roe", True),
        ("T. V. Roe", True),
        ("Bill passes at last", False),
        ("Gene therapy", False),
        ("Autumn fairs", False),
        ("Orlando Lantern", False),
        ("Роман о море", False),
        ("New York", False),
        ("", False),
    ],
)
def test_given_names(name: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    """A name in any script opens with a given name, however it is written; a word that opens
    headings as well, or is a town, is no evidence."""
    assert opens_with_given_name(name) is expected
