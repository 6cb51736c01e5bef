"""From a site file's TOML to the site: each key with the reader of its value."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cssselect import HTMLTranslator, SelectorError

from newscrawl.durations import read_duration
from newscrawl.errors import ConfigurationError
from newscrawl.quality import GATES, Bounds
from newscrawl.records import Selectors, SiteFacts
from newscrawl.sites.site import Site
from newscrawl.urls import split_web_url

MAX_DELAY = 3600.0
MAX_CONCURRENCY = 16
MAX_DEPTH = 5
MAX_BUDGET = 1_000_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_site(path: Path) -> Site:
    """The site of a TOML file. Raises ``ConfigurationError``, which names the key."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(path, f"cannot read it: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(path, f"no valid TOML: {error}") from error
    try:
        values = _values(table, _KEYS)
    except ValueError as error:
        raise ConfigurationError(path, str(error)) from error
    if "start" not in values:
        raise ConfigurationError(path, 'start is missing: add start = "https://news.example/"')
    facts = {key: values.pop(key) for key in _FACTS if key in values}
    return Site(**{"name": path.stem, **values}, facts=SiteFacts(**facts))


def _values(
    table: Mapping[str, Any], keys: Mapping[str, _Reader], within: str = ""
) -> dict[str, Any]:
    """What the readers make of a table's values; raise ``ValueError``, which says what to do."""
    values = {}
    for key, value in table.items():
        reader = keys.get(key)
        if reader is None:
            near = difflib.get_close_matches(key, keys, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(keys)}"
            raise ValueError(f"unknown key {within + key!r}: {hint}")
        try:
            values[key] = reader(value)
        except TypeError as error:
            raise ValueError(f"{within}{key} is {value!r}: {error}") from None
    return values


_Reader = Callable[[Any], Any]
"""Raises ``TypeError`` with what to give instead."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("give a text")
    return value.strip()


def _texts(value: Any, *, what: str) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values:
        raise TypeError(f"give {what} or a list of them")
    if not all(isinstance(one, str) and one.strip() for one in values):
        raise TypeError(f"give {what} or a list of them")
    return tuple(one.strip() for one in values)


def _urls(value: Any) -> tuple[str, ...]:
    urls = _texts(value, what="a URL")
    for url in urls:
        if split_web_url(url) is None:
            raise TypeError(f"{url} is none: give http or https URLs")
    return urls


def _zone(value: Any) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise TypeError('give a zone of the IANA list, such as "Europe/Oslo"') from None
    return name


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise TypeError('give a BCP 47 tag, such as "en" or "pt-BR"')
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, str):
        value = read_duration(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_DELAY:
        raise TypeError(f'give seconds from 0 to {MAX_DELAY:g}, or a text such as "2s"')
    return float(value)


def _whole(value: Any, *, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise TypeError(f"give a whole number from {least} to {most}")
    return value


def _schedule(value: Any) -> tuple[float, ...]:
    texts = value if isinstance(value, list) else [None]
    times = [read_duration(text) if isinstance(text, str) else None for text in texts]
    known = [time for time in times if time]
    if len(known) < len(times) or known != sorted(known):
        raise TypeError('give growing times since the first visit: ["1h", "6h", "1d"], or []')
    return tuple(known)


def _css(value: Any) -> str:
    selector = ", ".join(_texts(value, what="a CSS selector"))
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise TypeError(f"it isn't CSS: {error}") from None
    return selector


def _date(value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise TypeError("give a date without quotes: 2027-06-30")
    return value


def _selectors(value: Any) -> Selectors:
    if not isinstance(value, dict):
        raise TypeError("give a table: [selectors]")
    values = _values(value, _SELECTOR_KEYS, within="selectors.")
    if "until" not in values:
        raise ValueError("selectors.until is missing: say until when they hold: 2027-06-30")
    return Selectors(**values)


def _bound(value: Any, *, most: float) -> float | None:
    if value is False:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise TypeError(f"give a number from 0 to {most:.0f}, or false: it isn't looked at then")
    return float(value)


def _quality(value: Any) -> Bounds:
    if not isinstance(value, dict):
        raise TypeError("give a table: [quality]")
    return _values(value, _QUALITY_KEYS, within="quality.")


_QUALITY_KEYS: Mapping[str, _Reader] = {
    name: partial(_bound, most=gate.largest) for name, gate in GATES.items()
}
_SELECTOR_KEYS: Mapping[str, _Reader] = {"body": _css, "remove": _css, "until": _date}
_KEYS: Mapping[str, _Reader] = {
    "name": _text,
    "start": _urls,
    "feeds": _urls,
    "sitemaps": _urls,
    "include": partial(_texts, what="a pattern"),
    "exclude": partial(_texts, what="a pattern"),
    "time_zone": _zone,
    "language": _language,
    "delay": _seconds,
    "concurrency": partial(_whole, least=1, most=MAX_CONCURRENCY),
    "revisit": _schedule,
    "depth": partial(_whole, least=0, most=MAX_DEPTH),
    "max_requests": partial(_whole, least=1, most=MAX_BUDGET),
    "selectors": _selectors,
    "quality": _quality,
}
_FACTS = ("time_zone", "language", "selectors")


def keys() -> Iterable[str]:
    """The keys that a site file may have."""
    return _KEYS.keys()
