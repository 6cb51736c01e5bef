"""Text from outside on its way to a terminal or a log: it can't break a line or drive anything."""

from __future__ import annotations

import logging
import re

_UNPRINTABLE = re.compile(r"[^ -~\w]")


def printable(text: str) -> str:
    """Text from outside for a terminal or a log: what isn't printable is escaped."""
    return _UNPRINTABLE.sub(lambda match: _escaped(match[0]), text)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


class PrintableFormatter(logging.Formatter):
    """One printable line a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, whatever its message holds."""
        return printable(super().format(record))
