"""Strings as the record holds them: one line, nothing invisible, nothing that breaks a writer."""

from __future__ import annotations

import html
import re
import unicodedata

import regex

_INVISIBLE = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Cs}]--[\s\u200c\u200d]]"
    # Joiners carry meaning only between letters of joining scripts and between emoji.
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])",
    regex.VERSION1,
)
_WORD = regex.compile(r"\w+")
_ASCII_WORD = re.compile(r"\w+", re.ASCII)
_ACCENTS = regex.compile(r"\P{ccc=0}+")
SEAM = "\x1f"
"""Stands in a raw text where two inline elements meet without a space between them."""
_PARTED_SEAM = regex.compile(rf"(?<=[\p{{Ll}}\d]){SEAM}+(?=\p{{Lu}})")


def clean(value: str | None) -> str | None:
    """``value`` on one line: white space collapsed; control, format and surrogate characters gone.

    Zero-width joiners stay where they join. ``None`` when nothing is left.
    """
    if not value:
        return None
    line = " ".join(value.split())
    if not line.isprintable():
        line = " ".join(_INVISIBLE.sub("", line).split())
    return line or None


def joined(raw: str) -> str:
    """``raw`` with its elements joined: by a space where the second opens with a capital.

    Such elements are parted by their style: one site in fifty prints "Jane RoePublished: May 3",
    and hardly a word goes on with a capital in another element.
    """
    return _PARTED_SEAM.sub(" ", raw).replace(SEAM, "") if SEAM in raw else raw


def unescaped(value: str) -> str:
    """``value`` with HTML entities resolved, also those escaped twice (``&amp;quot;``)."""
    return html.unescape(html.unescape(value)) if "&" in value else value


def squeezed(text: str) -> str:
    """``text`` without white space: what is the same however it is broken into lines."""
    return "".join(text.split())


def folded(value: str | None) -> str:
    """For comparing names and headlines: no case, accents, punctuation or surplus white space."""
    text = (value or "").casefold()
    if text.isascii():
        return " ".join(_ASCII_WORD.findall(text))
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join(_WORD.findall(_ACCENTS.sub("", decomposed)))
