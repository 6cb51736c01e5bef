"""Reading a date: from ISO 8601, RFC 822, a time stamp, or a line written for people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

import regex

from newscrawl.extraction.facts.date_words import date_words
from newscrawl.extraction.text import clean, folded

Date = dt.datetime | dt.date

FIRST_YEAR = 1995
"""No news page is older than the web."""
LAST_YEAR = 2100
"""Extraction has no clock; a crawl knows better what lies in the future."""
_MAX_LENGTH = 300
_SECONDS_DIGITS = 10
_MAX_MONTH = 12
_WIDEST_OFFSET = dt.timedelta(hours=15)

_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"
    r"(?:(?:T|\s)\s?(?P<hour>\d{1,2}):(?P<rest>\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)\d*"
    r"\s?(?P<zone>(?:Z|UTC|GMT)(?![^\W\d_]|\s?[+-]\s?\d)|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_RFC822 = re.compile(r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{2}")
"""The standard library reads much else as one, and drops its zone."""
_STAMP = re.compile(r"[01]\d{9}(?:\d{3})?")
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T.*)?")
_NUMBERS = re.compile(r"\d{4}|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2}")
"""A year, or a date that ends in the two digits of one: every visible date has either."""
_VISIBLE = regex.compile(
    r"(?<!\d)(?:"
    r"(?P<y>\d{4})(?:[-/]|\.\s?|\s?[年년]\s?)(?P<m>\d{1,2})"
    r"(?:[-/]|\.\s?|\s?[月월]\s?)(?P<d>\d{1,2})(?!\d)(?:\s?[日일])?"
    r"|(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s?(?:of |de |d'|-)?"
    r"(?P<name>\p{L}[\p{L}\p{M}]{1,13})(?:/\p{L}[\p{L}\p{M}]{1,13})?"
    r"\.?,?[\s.-](?:de |del )?(?P<y>\d{4})(?!\d)"
    r"|(?P<one>\d{1,2})\s?(?P<mark>[./-])\s?(?P<two>\d{1,2})\s?(?P=mark)\s?"
    r"(?P<year>\d{4}|\d{2})(?!\d)"
    r")"
    r"|(?<!\p{L})(?P<name>\p{L}[\p{L}\p{M}]{1,13})\.?\s"
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s|(?P<d>\d{2}))(?P<y>\d{4})(?!\d)",
    regex.IGNORECASE,
)
_TIME = (
    r"(?P<hour>\d{1,2})(?:[:：.h]|時|时|시\s)(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?|\s?(?:[Uu]hr|h|分|분)\b)?"
)
_BARE_CLOCK = regex.compile(
    rf"(?<![\d.:/-])(?!\d+\.\d+[./]){_TIME}(?![\d:./-]|[\s,(]{{0,2}}\p{{Lu}}{{2,5}}\b)"
)
"""A time of day without a zone behind it: with a site's own zone it is worth something."""
_CLOCK = (
    _TIME
    + r"[\s,]{0,2}\(?(?:(?:GMT|UTC)?(?P<sign>[+\u2212-])(?P<ahead>\d{1,2})(?::?(?P<more>\d{2}))?"
    r"|(?P<zone>\p{Lu}{1,5}))(?!\w)\)?"
)
"""A time of day with its zone, without which it is worth nothing to a record."""
_CLOCK_BEHIND = regex.compile(r"[^\d\n]{0,16}?" + _CLOCK)
_CLOCK_BEFORE = regex.compile(_CLOCK + r"[^\d\n]{0,16}\Z")
_DAY_FIRST = frozenset(
    "de fr es it pt nl sv da no nb nn ru uk pl cs tr fi ro el ar he id vi hi ca gl bg sr hr".split()
)
_ENGLISH_DAY_FIRST: dict[str, bool | None] = {"US": False, "PH": False, "CA": None}
"""English elsewhere puts the day first; Canada uses both orders."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line, and where it stands there."""

    value: Date
    start: int
    end: int


def read_machine_date(value: str | None, zone: dt.tzinfo | None = None) -> Date | None:
    """A value written for machines; a plain date when it names no time, or no offset and there is
    no ``zone`` to read it in.

    ``None`` for what isn't ISO 8601, RFC 822 or a Unix time stamp, for impossible values, and for
    years before 1995 or after 2100.
    """
    text = (clean(value) or "")[:_MAX_LENGTH]
    if _STAMP.fullmatch(text):
        seconds = int(text) / (1 if len(text) == _SECONDS_DIGITS else 1000)
        return _within(dt.datetime.fromtimestamp(seconds, tz=dt.UTC))
    if match := _ISO.match(text):
        return _from_iso(match, zone)
    if match := _COMPACT.fullmatch(text):
        return _day(match["y"], match["m"], match["d"])
    return _from_rfc822(text, zone)


def read_date(value: str | None, language: str | None) -> Date | None:
    """The date that a value is, or the first that it holds, written for machines or for people."""
    machine = read_machine_date(value)
    if machine:
        return machine
    found = next(find_dates(clean(value) or "", language), None)
    return found.value if found else None


def may_hold_date(text: str) -> bool:
    """Whether a text has the numbers of a date: cheap to ask, and most texts haven't."""
    return _NUMBERS.search(text) is not None


def find_dates(line: str, language: str | None) -> Iterator[FoundDate]:
    """The full dates (day, month, year) in a line's first 300 characters, in order.

    Numbers are read in the page's own order; where both orders are possible and its language
    doesn't tell, they are no date.
    """
    line = line[:_MAX_LENGTH]
    if not may_hold_date(line):
        return
    previous = 0
    for match in _VISIBLE.finditer(line, overlapped=True):
        if match.start() < previous:
            continue
        iso = _ISO.match(line, match.start())
        day = _from_iso(iso) if iso else _from_visible(match, language)
        if day is None:
            continue
        found = FoundDate(day, match.start(), iso.end() if iso else match.end())
        if not isinstance(day, dt.datetime):
            day_end = iso.end("d") if iso else match.end()
            found = _with_clock(line, replace(found, end=day_end), previous, language) or found
        previous = found.end
        yield found


def _with_clock(line: str, day: FoundDate, previous: int, language: str | None) -> FoundDate | None:
    """The day at the time and zone that stand behind it, or else before it."""
    behind = _CLOCK_BEHIND.match(line, day.end)
    clock = behind or _CLOCK_BEFORE.search(line, max(previous, day.start - 40), day.start)
    zone = _zone(clock, language) if clock else None
    if clock is None or zone is None:
        return None
    time = _time(clock)
    if time is None:
        return None
    value = _zoned(dt.datetime.combine(day.value, time), zone)
    return FoundDate(value, min(day.start, clock.start()), max(day.end, clock.end()))


def moment_in(zone: dt.tzinfo, day: dt.date, raw: str) -> dt.datetime | None:
    """The moment on ``day`` that ``raw``, in which it was read, names without a zone of its own.

    ``None`` where it names no time, more than one, or a zone that nobody knows.
    """
    machine = read_machine_date(raw, zone)
    if isinstance(machine, dt.datetime):
        return machine
    found = {_time(clock) for clock in _BARE_CLOCK.finditer(raw[:_MAX_LENGTH])}
    times = [time for time in found if time]
    moment = _zoned(dt.datetime.combine(day, times[0]), zone) if len(times) == 1 else None
    return moment if isinstance(moment, dt.datetime) else None


def _time(clock: regex.Match[str]) -> dt.time | None:
    hour = int(clock["hour"])
    half = "p" if date_words().afternoon.search(clock.group()) else (clock["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return dt.time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None


def _zone(clock: regex.Match[str], language: str | None) -> dt.tzinfo | None:
    if clock["zone"]:
        return date_words().zone(clock["zone"].lower(), language)
    ahead = dt.timedelta(hours=int(clock["ahead"]), minutes=int(clock["more"] or 0))
    if ahead >= _WIDEST_OFFSET:
        return None
    return dt.timezone(ahead if clock["sign"] == "+" else -ahead)


def _from_iso(match: re.Match[str], zone: dt.tzinfo | None = None) -> Date | None:
    day = _day(match["y"], match["m"], match["d"])
    if day is None or not match["hour"]:
        return day
    named = (match["zone"] or "").upper()
    offset = "Z" if named in {"UTC", "GMT"} else named
    clock = f"{match['hour']:>02}:{match['rest']}"
    try:
        return _zoned(dt.datetime.fromisoformat(f"{day.isoformat()}T{clock}{offset}"), zone)
    except ValueError:
        return day


def _from_rfc822(text: str, zone: dt.tzinfo | None) -> Date | None:
    if not _RFC822.match(text):
        return None
    try:
        found = parsedate_to_datetime(text)
        zoned = _zoned(found, zone)
    except (ValueError, IndexError, OverflowError):
        return None
    if isinstance(zoned, dt.datetime):
        return _within(zoned)
    return _day(found.year, found.month, found.day)


def _zoned(moment: dt.datetime, zone: dt.tzinfo | None) -> Date:
    """``moment`` with its own offset, else with that of ``zone``; its day where there is neither.

    What is kept of a zone is its offset at that moment, as a record writes it.
    """
    if moment.tzinfo:
        return moment
    if zone is None:
        return moment.date()
    offset = moment.replace(tzinfo=zone).utcoffset() or dt.timedelta()
    return moment.replace(tzinfo=dt.timezone(offset))


def _from_visible(match: regex.Match[str], language: str | None) -> dt.date | None:
    if match["one"]:
        return _from_numbers(match, language)
    month = date_words().months.get(folded(match["name"])) if match["name"] else match["m"]
    return _day(match["y"], month, match["d"]) if month else None


def _from_numbers(match: regex.Match[str], language: str | None) -> dt.date | None:
    one, two = int(match["one"]), int(match["two"])
    year = match["year"]
    if len(year) == len("99"):
        year = f"19{year}" if f"19{year}" >= str(FIRST_YEAR) else f"20{year}"
    day_first = _is_day_first(one, two, match["mark"], language or "")
    if day_first is None:
        return None
    return _day(year, two, one) if day_first else _day(year, one, two)


def _is_day_first(one: int, two: int, mark: str, language: str) -> bool | None:
    if one > _MAX_MONTH or two > _MAX_MONTH:
        return one > _MAX_MONTH
    if one == two or mark == ".":
        return True
    name, _, region = language.partition("-")
    if name == "en":
        return _ENGLISH_DAY_FIRST.get(region.rpartition("-")[2], True if region else None)
    return True if name in _DAY_FIRST else None


def _within(moment: dt.datetime) -> dt.datetime | None:
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _day(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
