"""Spans and points of time as people write them: ``90s``, ``50m``, ``2h``, ``3d``."""

from __future__ import annotations

import datetime as dt
import re

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([smhd]?)")


def read_duration(text: str) -> float | None:
    """Seconds, more than 0; a number without a unit is one of seconds. ``None`` for no duration."""
    match = _DURATION.fullmatch(text.strip())
    seconds = float(match[1]) * _UNITS[match[2] or "s"] if match else 0.0
    return seconds or None


def write_duration(seconds: float) -> str:
    """As ``read_duration`` reads it, in the largest unit that fits."""
    for unit, size in sorted(_UNITS.items(), key=lambda pair: -pair[1]):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def read_since(text: str, now: dt.datetime) -> dt.datetime | None:
    """The moment that ``2026-11-01`` (its start, in UTC) or ``2d`` (ago) means, if any."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        seconds = read_duration(text)
        return None if seconds is None else _before(now, seconds)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _before(now: dt.datetime, seconds: float) -> dt.datetime:
    try:
        return now - dt.timedelta(seconds=seconds)
    except OverflowError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
