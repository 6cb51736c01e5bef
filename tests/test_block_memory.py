"""The memory of a site's blocks: what recurs is known again though words change; it is bounded."""

from __future__ import annotations

import random

import pytest

from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.extract import extract, read_page
from newscrawl.extraction.labelling.block_memory import (
    CAPACITY,
    BlockMemory,
    fingerprints,
    text_fingerprints,
)
from newscrawl.records import Block
from tests.documents import HEADLINE, STORY, ld, read

APPEAL = (
    "Vellan torim pasku nel 12 marcha sortem, ki 4,50 dalor nem keli vistan porra "
    "e lume tassaro nel hiver, dun kel scrittar vel mano."
)
OTHER_DAY = APPEAL.replace("12 marcha", "3 abrila").replace("4,50", "17")
JAPANESE = "わたしたちは昨年5月から皆さまの寄付によって取材を続けており、広告は一切ありません。"
THAI = "เราทำข่าวได้เพราะผู้อ่านสนับสนุนเราตั้งแต่เดือนพฤษภาคมโดยไม่มีโฆษณาบนหน้าเว็บของเรา"
RUSSIAN = (
    "Мы пишем новости благодаря вам: 300 рублей в мае помогли нам нанять ещё одного "
    "корреспондента и снять для него комнату."
)


def _block(text: str) -> Block:
    (block,) = read_blocks(read(body=f"<p>{text}</p>").root)[0]
    return block


def _words(seed: int, count: int = 40) -> str:
    chance = random.Random(seed)  # noqa: S311 - words for a test
    return " ".join(
        "".join(chance.choices("abdeiklmnoprstuv", k=chance.randint(2, 9))) for _ in range(count)
    )


def _memory(*stories: list[str]) -> BlockMemory:
    memory = BlockMemory()
    for texts in stories:
        memory.add(key for text in texts for key in text_fingerprints(text))
    return memory


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (APPEAL, OTHER_DAY),
        (JAPANESE, JAPANESE.replace("5月", "12月")),
        (THAI, THAI.replace("พฤษภาคม", "มิถุนายน")),
        (RUSSIAN, RUSSIAN.replace("в мае", "в июле")),
    ],
    ids=["invented", "japanese", "thai", "russian"],
)  # fmt: skip
def test_a_changed_date_leaves_most_fingerprints(first: str, second: str) -> None:
    """A block whose date or amount varies is known again, in scripts without spaces, too."""
    memory = _memory([first])
    assert memory.share(_block(second)).stories == 1
    assert memory.share(_block(_words(1))).stories == 0


def test_short_blocks_and_menus_do_not_count() -> None:
    """Names, dates and links need no memory."""
    assert not fingerprints(_block("By Maud Ellery"))
    assert not fingerprints(_block(f'<a href="/a">{_words(2)}</a>'))
    assert len(fingerprints(_block(_words(2)))) == 4


def test_share_counts_stories() -> None:
    """A block counts once a story, and its share is that of the stories since it came first."""
    memory = _memory(*([_words(n)] for n in range(40)), *([APPEAL, APPEAL] for _ in range(30)))
    found = memory.share(_block(APPEAL))
    assert (found.stories, found.of, memory.stories) == (30, 30, 70)
    assert memory.share(_block(_words(0))) == (1, 70)


def test_share_is_taken_of_twenty_stories_at_least() -> None:
    """Three stories in a row that share a paragraph don't make it boilerplate."""
    memory = _memory(*([_words(n)] for n in range(40)), *([APPEAL] for _ in range(3)))
    assert memory.share(_block(APPEAL)) == (3, 20)


def test_memory_is_bounded_and_keeps_what_recurs() -> None:
    """Any number of stories takes less than 64 KB, and the appeal of every tenth is still known, a
    new one after them as well."""
    memory = BlockMemory()
    for story in range(1_000):
        texts = [_words(story * 100 + n) for n in range(8)]
        if story % 10 == 0:
            texts.append(APPEAL)
        memory.add(key for text in texts for key in text_fingerprints(text))
    assert len(memory.to_bytes()) <= 10 * CAPACITY + 4 < 64 * 1024
    assert memory.share(_block(APPEAL)).share == pytest.approx(0.1, abs=0.01)
    fresh = _words(-1)
    for _ in range(10):
        memory.add(text_fingerprints(fresh))
    assert memory.share(_block(fresh)) == (10, 20)


def test_memory_survives_bytes() -> None:
    """What was written is read back: the same counts, the same shares."""
    memory = _memory(*([_words(n), APPEAL] for n in range(30)))
    again = BlockMemory.from_bytes(memory.to_bytes())
    assert again.stories == 30
    assert again.share(_block(APPEAL)) == memory.share(_block(APPEAL))
    assert again.to_bytes() == memory.to_bytes()
    assert BlockMemory.from_bytes(b"").stories == 0


def _page(*paragraphs: str, head: str = "") -> bytes:
    inner = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{HEADLINE}</title>{head}</head>"
        f"<article><h1>{HEADLINE}</h1>{inner}</article>"
    ).encode()


PAGE = _page(*STORY[:2], APPEAL, *STORY[2:])


def _with_appeal_in(recurring: int, stories: int) -> BlockMemory:
    return _memory(*([_words(n), *([APPEAL] * (n < recurring))] for n in range(stories)))


def test_what_recurs_is_no_story() -> None:
    """A paragraph of a third of the site's stories is out of the body, with that as the reason;
    without the memory, or where it was in one other story, it is in."""
    for memory in (None, BlockMemory(), _with_appeal_in(1, 12)):
        assert APPEAL in (extract(PAGE, memory=memory).body or "")
    reading = read_page(PAGE, memory=_with_appeal_in(12, 30), removed="all")
    assert reading.article.body == "\n\n".join(STORY)
    (label,) = (label for block, label in reading.labelled if block.text == APPEAL)
    assert label.reason == "stands in 12 of the site's last 30 stories"


def test_background_of_some_stories_stays() -> None:
    """A paragraph that two stories share, or three of sixty, stays in the body."""
    for memory in (_with_appeal_in(2, 3), _with_appeal_in(3, 60)):
        assert APPEAL in (extract(PAGE, memory=memory).body or "")


LETTER = (
    "We need your help. If you value what we do, please support us with a donation today: your "
    "gift pays for a night's shelter, and without your support we can't go on. Please become a "
    "member of the relief committee, from 5 crowns a month, and help us to keep our doors open for "
    "everybody in Mill Lane who has lost a home in the storm. Thank you for your generosity."
)


def test_a_unique_block_is_rarely_an_ask() -> None:
    """A letter that a story quotes, and no other story has, is surer to be its text on a site whose
    other stories are known."""
    page = _page(*STORY[:3], LETTER, *STORY[3:])
    memory = _memory(*([_words(n)] for n in range(25)))
    alone, known = (
        next(label for block, label in read_page(page, memory=m).given if block.text == LETTER)
        for m in (None, memory)
    )
    assert known.name == "body"
    assert known.confidence > alone.confidence


def test_repeated_text_is_out_whichever_way_gave_the_story() -> None:
    """What recurs is no story in the page's data either."""
    node = {
        "@type": "NewsArticle",
        "headline": HEADLINE,
        "articleBody": "\n".join([*STORY, APPEAL]),
    }
    page = _page(head=ld(node))
    assert APPEAL in (extract(page).body or "")
    found = extract(page, memory=_with_appeal_in(12, 30))
    assert found.extractor.path == "embedded"
    assert APPEAL not in (found.body or "")
    assert STORY[0] in (found.body or "")
