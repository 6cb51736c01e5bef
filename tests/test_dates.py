from __future__ import annotations

import datetime as dt

import pytest

from newscrawl import extract
from newscrawl.extraction.composer import places_of
from newscrawl.extraction.facts.date_lines import holds_date, looks_like_date_line, read_date_line
from newscrawl.extraction.facts.date_places import DateTexts, date_texts
from newscrawl.extraction.facts.date_reading import read_date, read_machine_date
from newscrawl.extraction.facts.dates import find_story_dates
from newscrawl.records import Block, Label, LabelName
from tests.documents import ld, read

DAY = dt.date(2024, 5, 3)
NOWHERE = DateTexts(lines=(), telling=(), loose=tuple)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2022-07-28T14:05:00+03:00", "2022-07-28T14:05:00+03:00"),
        ("2022-07-28T14:05:00+0300", "2022-07-28T14:05:00+03:00"),
        ("2022-07-28 14:05:00 +0300", "2022-07-28T14:05:00+03:00"),
        ("2022-1-6T14:05:00Z", "2022-01-06T14:05:00+00:00"),
        ("2022-07-28T14:05:00.1234567Z", "2022-07-28T14:05:00.123456+00:00"),
        ("2022-07-28T14:05", "2022-07-28"),
        ("2022-07-28 14:05 GMT", "2022-07-28T14:05:00+00:00"),
        ("2022-07-28 14:05 GMT+2", "2022-07-28"),
        ("2022-07-28 14:05 Zurich", "2022-07-28"),
        ("2022-07-28", "2022-07-28"),
        ("20220728", "2022-07-28"),
        ("Wed, 04 May 2022 00:25:56 GMT", "2022-05-04T00:25:56+00:00"),
        ("1651623956", "2022-05-04T00:25:56+00:00"),
        ("1651623956000", "2022-05-04T00:25:56+00:00"),
        ("2022-07-28T25:99:00Z", "2022-07-28"),
        ("0000-00-00", None),
        ("0000-00-00T00:00:00Z", None),
        ("1969-12-31", None),
        ("2999-01-01", None),
        ("2022-13-41", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("May 3, 2024 5:00 PM ET", None),
        ("2022072814", None),
        ("9" * 500, None),
    ],
)
def test_machine_dates(given: str | None, expected: str | None) -> None:
    """With offset it is a moment, without a plain day; impossible values are nothing."""
    found = read_machine_date(given)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("given", "language", "expected"),
    [
        ("03.05.2024", "de", DAY),
        ("03.05.2024", None, DAY),
        ("03/05/2024", "fr", DAY),
        ("03/05/2024", "en-GB", DAY),
        ("05/03/2024", "en-US", DAY),
        ("05/03/2024", "en-Latn-US", dt.date(2024, 5, 3)),
        ("05/03/2024", "en-CA", None),
        ("05/03/2024", "en", None),
        ("05/23/2024", None, dt.date(2024, 5, 23)),
        ("3.5.24", "de", DAY),
        ("3.5.95", "de", dt.date(1995, 5, 3)),
        ("May 3rd, 2024", "en", DAY),
        ("3 de mayo de 2024", "es", DAY),
        ("3 mai 2024", "fr", DAY),
        ("1er août 2024", "fr", dt.date(2024, 8, 1)),
        ("3 мая 2024 г.", "ru", DAY),
        ("3 maja 2024", "pl", DAY),
        ("3 Mayıs 2024", "tr", DAY),
        ("2024年5月3日", "ja", DAY),
        ("31 April 2024", "en", None),
        ("May 2024", "en", None),
    ],
)
def test_printed_dates(given: str, language: str | None, expected: dt.date | None) -> None:
    """Numbers are read in the page's own order; an ambiguous one is no date."""
    assert read_date(given, language) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Published 3 May 2024, 10:15",
        "July 28, 2022",
        "Stand: 03.05.2024",
        "Aktualisiert am 28. April 2023, 20:22 Uhr",
        "08.03.2024, 18:59 Uhr • Lesezeit: 1 Minute",
        "Publié le 23 mai 2019 à 10h12",
        "Actualizado a las 10:45",
        "Pubblicato il 3 maggio 2024 alle 10:15",
        "Publicado em 3 de maio de 2024 às 10h15",
        "Gepubliceerd op 3 mei 2024 om 10:15 uur",
        "Publicerad 3 maj 2024 kl. 10.15",
        "Опубликовано 3 мая 2024 г., 10:15",
        "Opublikowano: 3 maja 2024",
        "3 Mayıs 2024 Cuma 10:15",
        "2026年11月18日 10時",
        "公開日時 2026年11月18日 10時30分",
        "发布时间：2024年5月3日 10:15",
        "5 min read",
        "12 minute read",
        "3 hours ago",
        "vor 3 Stunden",
        "Last updated on September 16th, 2023 at 09:27 am",
        "Originally published in March 2022. Last updated on December 20, 2024.",
    ],
)
def test_date_lines(line: str) -> None:
    """A block that is wholly a date line, a time line or a reading time is seen as one."""
    assert looks_like_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "On 3 May 2024 the court ruled against the harbour board.",
        "He died on May 3, 2024, aged 81",
        "4.96 / 5.0",
        "$58.64",
        "Read",
        "May",
        "The summer of 2024",
        "12 people were hurt",
        "",
    ],
)
def test_no_date_lines(line: str) -> None:
    """A sentence that names a date, a price and a plain number are no date lines."""
    assert not looks_like_date_line(line)


def test_each_date_of_a_line_has_its_kind() -> None:
    """Words before a date, or behind it in East Asian lines, say which date it is."""
    english = list(read_date_line("08:39, 3 May 2024 Updated 08:41, 4 May 2024", "en"))
    assert english == [("published", DAY), ("modified", dt.date(2024, 5, 4))]
    assert list(read_date_line("2024年5月3日 更新", "ja")) == [("modified", DAY)]
    assert list(read_date_line("Stand: 03.05.2024", "de")) == [("modified", DAY)]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            ld({"@type": "NewsArticle", "datePublished": "2024-05-03"}),
            "",
            ("2024-05-03", "json-ld"),
        ),
        (ld({"@type": "NewsArticle", "datePublished": "0000-00-00"}), "", ("2026-05-03", "url")),
        (ld({"@type": "NewsArticle", "dateModified": "2024-05-03"}), "", ("2026-05-03", "url")),
        (
            '<meta property="article:published_time" content="2024-05-03">',
            "",
            ("2024-05-03", "meta"),
        ),
        (
            "",
            '<h1>X</h1><time itemprop="datePublished" datetime="2024-05-03">',
            ("2024-05-03", "microdata"),
        ),
        ("", '<h1>X</h1><time datetime="2024-05-03">3 May</time>', ("2024-05-03", "dom")),
        (
            "",
            '<div class="comments"><time datetime="2024-05-03">3 May</time></div>',
            ("2026-05-03", "url"),
        ),
        (
            "",
            '<h1>X</h1><p>Updated <time datetime="2024-05-03">3 May</time></p>',
            ("2026-05-03", "url"),
        ),
    ],
)
def test_order_of_trust(head: str, body: str, expected: tuple[str, str]) -> None:
    """JSON-LD, meta, time elements, then the URL; never the modified date for the published."""
    found = find_story_dates(read(head, body), NOWHERE, "en").published
    assert found is not None
    assert (found.value.isoformat(), found.source) == expected


def test_no_date_is_none() -> None:
    """A page that names no date has none."""
    document = read(url="https://www.tern.example/harbour")
    assert find_story_dates(document, NOWHERE, None).published is None


@pytest.mark.parametrize(
    ("declared", "line", "url", "expected"),
    [
        ("2025-11-29T02:00:00Z", "Published 3 May 2024", None, "2024-05-03"),
        ("2025-11-29T02:00:00Z", "Updated 3 May 2024", None, "2025-11-29T02:00:00+00:00"),
        ("2025-11-29T02:00:00Z", "28 November 2025", None, "2025-11-29T02:00:00+00:00"),
        ("2025-11-29T02:00:00Z", "3 December 2025", None, "2025-11-29T02:00:00+00:00"),
        ("2024-11-01", "01/11/2024", None, "2024-11-01"),
        ("2024-11-01", "11/01/2024", None, "2024-11-01"),
        ("2024-11-01", "3 May 2024", "https://www.tern.example/2024/11/harbour", "2024-11-01"),
        ("2024-11-01", "3 May 2024 – 6 May 2024", None, "2024-11-01"),
    ],
)
def test_a_date_printed_before_the_declared_one(
    declared: str, line: str, url: str | None, expected: str
) -> None:
    """What is declared may be when the page was moved: an earlier date line near the headline is
    believed, but not against the address, and not where a time zone or the order of numbers is
    all that parts them."""
    document = read(ld({"@type": "NewsArticle", "datePublished": declared}), url=url)
    texts = DateTexts(lines=(line,), telling=(line,), loose=tuple)
    found = find_story_dates(document, texts, "fr").published
    assert found is not None
    assert found.value.isoformat() == expected


def test_the_time_in_a_date_line_is_the_storys() -> None:
    """Of several ``time`` elements that count which stands in the page's date line."""
    body = (
        '<h1>X</h1><div><time datetime="2024-06-01">1 June 2024</time></div>'
        '<div><time datetime="2024-05-03T10:15:00Z">3 May 2024</time></div>'
    )
    texts = DateTexts(lines=("3 May 2024 | Harbour",), telling=(), loose=tuple)
    found = find_story_dates(read("", body), texts, "en").published
    assert found is not None
    assert found.value.isoformat() == "2024-05-03T10:15:00+00:00"


@pytest.mark.parametrize(
    "name", ["w-published-date", "tern:publish_time", "release-date", "first-published-date"]
)
def test_meta_names_of_a_publications_own(name: str) -> None:
    """A meta element whose name says so gives the date under any prefix."""
    document = read(f'<meta name="{name}" content="2024-05-03">', url="https://www.tern.example/a")
    found = find_story_dates(document, NOWHERE, "en").published
    assert found is not None
    assert (found.value, found.source) == (DAY, "meta")


@pytest.mark.parametrize(
    "name",
    ["last-published-date", "last_publish_date", "book:release_date", "album-release-date",
     "next-issue-date", "og:video:release_date", "music:release_date"],
)  # fmt: skip
def test_meta_names_of_other_dates(name: str) -> None:
    """The last change's date, and that of a book, a video or the next issue, is not the story's."""
    document = read(f'<meta name="{name}" content="2024-05-03">', url="https://www.tern.example/a")
    assert find_story_dates(document, NOWHERE, "en").published is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("May 3, 2024 5:00 PM ET", "2024-05-03T17:00:00-04:00"),
        ("Jan 3, 2024 at 5:00 a.m. PT", "2024-01-03T05:00:00-08:00"),
    ],
)
def test_zones_that_change_with_the_season(line: str, expected: str) -> None:
    """ "ET" is summer time in May and winter time in January, on pages in English."""
    found = read_date(line, "en-US")
    assert found is not None
    assert found.isoformat() == expected
    assert not isinstance(read_date(line, "fr"), dt.datetime)


FILED = "Harbour. You can follow all responses to it through the feed of this page." * 2
PROSE = "<p>" + "The ferry stopped because the river has fallen too low for its hull. " * 8 + "</p>"


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("<p>Saved by Orlin on 3 May 2024 - 18:55</p>", "", "2024-05-03"),
        ('<div class="teaser">3 May 2024 | Harbour</div>', "", "2024-05-03"),
        ("<p>Published</p><p>3 May 2024</p>", "", "2024-05-03"),
        ("<p>Last updated:</p><p>3 May 2024</p>", "", None),
        ("<p>Orlin, member since 3 May 2024</p>", "", None),
        (
            "",
            f"<div>This entry was posted on Friday, May 3rd, 2024 and is filed in {FILED}</div>",
            "2024-05-03",
        ),
        (
            "",
            f"<div>Dieser Beitrag wurde am 3. Mai 2024 verfasst. {FILED}</div>",
            "2024-05-03",
        ),
        ("", "<div>Esta entrada fue publicada el 3 de mayo de 2024</div>", "2024-05-03"),
        (
            "<p>Medienmitteilung vom 3. Mai 2024 | Ostra – Die Brücke bleibt zu.</p>",
            "",
            "2024-05-03",
        ),
        ("", "<div>Copyright © 3 May 2024 Paper Media</div>", None),
        ("", "<div>The new bridge opens on 3 May 2024</div>" * 4, None),
    ],
)
def test_dates_among_other_words(above: str, below: str, expected: str | None) -> None:
    """A line by the headline, or one that says so behind the text, gives the date; no other."""
    page = f'<html lang="en"><body><main><h1>Ferry</h1>{above}{PROSE * 3}{below}</main></body>'
    found = extract(page).date_published
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Friday, 3 May 2024", "2024-05-03"),
        ("Published by Orlin on 3 May 2024", "2024-05-03"),
        ("Event date: 3 May 2024", "2024-06-20"),
        ("Concert: 3 May 2024, Ostra Hall", "2024-06-20"),
        ("In print since 3 May 2024", "2024-06-20"),
    ],
)
def test_only_a_date_line_overrules_what_is_declared(line: str, expected: str) -> None:
    """An earlier date under the headline counts where the line says nothing of another event."""
    facts = ld({"@type": "NewsArticle", "datePublished": "2024-06-20"})
    page = f'{facts}<main><h1>Ferry</h1><p class="date">{line}</p>{PROSE * 3}</main>'
    found = extract(f'<html lang="en"><body>{page}</body></html>').date_published
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize("text", ["1", "1.", "3 ", "May ", "10:15 ", "2024年", "- ", "a"])
def test_hostile_lines_end(text: str) -> None:
    """However long and repetitive a text is, only its beginning is searched."""
    assert not looks_like_date_line(text * 50_000)
    assert not holds_date(text * 50_000)


def test_comments_beside_a_date() -> None:
    """What scripts leave between a word and its date doesn't part them."""
    page = "<h1>Ferry</h1><p>Updated on <!-- --><time>3 May 2024</time><!-- --></p>"
    document = read("", page, url="https://www.tern.example/harbour")
    dates = find_story_dates(document, NOWHERE, "en")
    assert dates.published is None
    assert dates.modified is not None


@pytest.mark.parametrize(
    ("label", "is_told"),
    [("legal", True), ("other", True), ("related", False), ("comments", False)],
)
def test_announced_date_amid_the_text(label: LabelName, is_told: object) -> None:
    """A line amid the text that says when it was published is the story's, unless it is a teaser's
    or a comment's."""
    line = "Published 3 May 2024"
    told: list[tuple[str, LabelName]] = [
        ("The harbour", "headline"),
        ("The ferry stays in port.", "body"),
        ("The buses are full.", "body"),
        (line, label),
        ("The river falls on.", "body"),
    ]
    labelled = [
        (
            Block(n, text, "/p", "p", hidden=False, link_density=0.0, node=0),
            Label(name, 0.9, "a reason"),
        )
        for n, (text, name) in enumerate(told)
    ]
    assert (line in date_texts(labelled, places_of(labelled)).loose()) == is_told
