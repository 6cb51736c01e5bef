"""Counting words and naming a text by its content."""

from __future__ import annotations

import hashlib

import regex

_WORD = regex.compile(r"(?w)\b\w")


def count_words(text: str) -> int:
    """Words by Unicode word segmentation (UAX #29): a Han or Hiragana character is one each."""
    # White space always ends a word, and letters and digits in ASCII never do.
    parts = text.split()
    mixed = [part for part in parts if not (part.isalnum() and part.isascii())]
    return len(parts) - len(mixed) + len(_WORD.findall(" ".join(mixed)))


def content_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
