"""The one clock: whatever asks for the time asks here, so that a test can move it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)
