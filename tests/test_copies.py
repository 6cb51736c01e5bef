"""A story that stands on its page twice is in the record once; what its items repeat stays."""

from __future__ import annotations

import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.copies import without_copies
from newscrawl.extraction.document import parse
from newscrawl.records import Label

STORY = [
    f"The {name} ferry sails again from Monday, said the harbour office, after {days} days in dock "
    f"and a repair that cost more than anybody on the island had thought."
    for days, name in enumerate(("Wickmere", "Thornsey", "Gullhaven", "Saltmarsh"), 11)
]
MANY = "".join(f"<p>{STORY[n % 4]} {n}</p>" for n in range(1_500))
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)


def told(body: str) -> list[str]:
    """What stays of a page that is all story."""
    blocks, _ = read_blocks(parse(f"<html><body>{body}</body></html>"))
    labelled = [(block, Label("body", 0.9, "")) for block in blocks]
    return [block.text for block, label in without_copies(labelled) if label.name == "body"]


COPIES = [
    pytest.param(f"<div>{PARAGRAPHS}</div><h2>Sea</h2>", id="for the printer"),
    pytest.param(f"<div>{' '.join(STORY)}</div><h2>Sea</h2>", id="in one block"),
    pytest.param(f"<div>{'<br>'.join(STORY[1:])}</div><h2>Sea</h2>", id="most of it, in lines"),
]


@pytest.mark.parametrize("copy", COPIES)
def test_copy_is_left_out(copy: str) -> None:
    """The first of the two stays, with its sub-headings and what stands around the other."""
    assert told(f"<h2>Land</h2>{PARAGRAPHS}{copy}") == ["Land", *STORY, "Sea"]


def test_subheadings_go_with_the_copy() -> None:
    """A short line inside a copy belongs to it."""
    once = f"<h2>Land</h2>{PARAGRAPHS}"
    assert told(once + once) == ["Land", *STORY]


KEPT = [
    pytest.param("".join(f"<h3>{n}</h3><p>{STORY[0]}</p>" for n in range(6)), id="notes"),
    pytest.param(PARAGRAPHS + f"<blockquote>{STORY[2]}</blockquote>", id="one quoted"),
    pytest.param(f"<pre>{' '.join(STORY)}</pre><p>{STORY[1]}</p>", id="quoted block"),
    pytest.param("<p>Yes.</p><p>No.</p>" * 9, id="short lines"),
    pytest.param(f"<p>{STORY[0]}</p>" * 9, id="a refrain"),
    pytest.param(f"<pre>{' '.join(STORY)}</pre>" * 2, id="nothing else"),
    pytest.param(f"{MANY}<pre>{MANY.replace('p>', 'b>')}</pre>", id="more than is looked for"),
]


@pytest.mark.parametrize("body", KEPT)
def test_repeated_paragraphs_stay(body: str) -> None:
    """A paragraph or two again is no copy of the story."""
    blocks, _ = read_blocks(parse(f"<html><body>{body}</body></html>"))
    assert told(body) == [block.text for block in blocks]


def test_no_block_is_lost() -> None:
    """A copy is removed with a label and a reason."""
    blocks, _ = read_blocks(parse(f"<html><body>{PARAGRAPHS * 2}</body></html>"))
    found = without_copies([(block, Label("body", 0.9, "")) for block in blocks])
    assert [block for block, _ in found] == blocks
    assert {label.reason for _, label in found[len(STORY) :]} == {"tells the story again"}
