"""What every page for people has in common: it is one file, and what it shows is text.

Nothing that is shown runs or loads: all of it is escaped, and a content security policy lets
nothing through but the file's own style and script.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

import regex
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_INVISIBLE = regex.compile(
    r"[[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\ufeff]--[\n\t]]", regex.VERSION1
)
"""Controls, lone surrogates, and what changes the direction of the text after it."""


def render(name: str, **values: object) -> str:
    """The HTML of this package's ``<name>.html`` with its style and its script."""
    style, script = _asset("page.css") + _asset(f"{name}.css"), _asset(f"{name}.js")
    return (
        _environment()
        .get_template(f"{name}.html")
        .render(
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            **values,
        )
    )


def cut(text: str, limit: int) -> str:
    """``text``, or its beginning and how much was left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … [{len(text) - limit:,} more characters]"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("newscrawl.views", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters |= {"cut": cut, "words": _words}
    return environment


def _visible(value: object) -> object:
    """What invisible characters of a page do, they do in sight only: ``\\u202e``."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _asset(name: str) -> Markup:
    """A file of this package, which is trusted as it is."""
    return Markup((files("newscrawl.views") / name).read_text("utf-8"))  # noqa: S704 - our own


def _hash(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
