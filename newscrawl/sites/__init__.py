"""What is known about a site, and how a user's word for one becomes it.

A site file is TOML: ``start`` (a URL or a list of them) and, if it isn't the file's name,
``name``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from newscrawl.errors import ConfigurationError, UsageError
from newscrawl.urls import split_web_url

_KEYS = ("name", "start")
_NAME = re.compile(r"[\w.-]+")
_DOMAIN = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+\.?)(?::\d{1,5})?")
_MAX_FOLDER_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site to crawl."""

    name: str
    """What the user calls it; ``folder_name`` makes a folder's name of it."""
    start: tuple[str, ...]
    """Absolute http or https URLs of its start pages, at least one."""


def load_site(argument: str) -> Site:
    """The site that a user means: a TOML file, a name, a URL or a bare domain.

    A name is a file ``<name>.toml`` in ``sites_folder()``. Raises ``ConfigurationError`` for a
    file that is missing or wrong and ``UsageError`` for anything else that isn't a site.
    """
    argument = argument.strip()
    url = split_web_url(argument)
    if url is not None:
        return Site(name=url.netloc.rpartition("@")[2].lower(), start=(argument,))
    if argument.lower().endswith(".toml"):
        return _read(Path(argument))
    named = sites_folder() / f"{argument}.toml"
    if _NAME.fullmatch(argument) and named.is_file():
        return _read(named)
    if _DOMAIN.fullmatch(argument) and split_web_url(f"https://{argument}/"):
        return Site(name=argument.lower(), start=(f"https://{argument.lower()}/",))
    raise UsageError(_unknown(argument))


def sites_folder() -> Path:
    """The folder of the user's own site files; it need not exist."""
    return platformdirs.user_config_path("newscrawl") / "sites"


def folder_name(name: str) -> str:
    """A name that is safe for a folder: ``[a-z0-9.-]`` only, never empty, never dots only."""
    lower = name.lower().rstrip(".")
    try:
        plain = lower.encode("ascii" if lower.isascii() else "idna").decode()
    except UnicodeError:
        plain = lower
    return re.sub(r"[^a-z0-9.-]+", "-", plain).strip(".-")[:_MAX_FOLDER_NAME] or "site"


def _unknown(argument: str) -> str:
    known = sorted(path.stem for path in sites_folder().glob("*.toml"))
    near = difflib.get_close_matches(argument, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "give a domain, a URL or a TOML file"
    return f"no site {argument!r}: {hint}"


def _read(path: Path) -> Site:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(path, f"cannot read it: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(path, f"no valid TOML: {error}") from error
    _refuse_unknown_keys(path, table)
    name = table.get("name", path.stem)
    if not isinstance(name, str) or not name.strip():
        raise ConfigurationError(path, f"name is {name!r}: give a text")
    return Site(name=name.strip(), start=_start(path, table))


def _refuse_unknown_keys(path: Path, table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(_KEYS)}"
            raise ConfigurationError(path, f"unknown key {key!r}: {hint}")


def _start(path: Path, table: Mapping[str, Any]) -> tuple[str, ...]:
    value = table.get("start")
    if value is None:
        raise ConfigurationError(path, 'start is missing: add start = "https://news.example/"')
    urls = [value] if isinstance(value, str) else value
    if not isinstance(urls, list) or not urls:
        raise ConfigurationError(path, f"start is {value!r}: give a URL or a list of URLs")
    for url in urls:
        if not isinstance(url, str) or split_web_url(url) is None:
            raise ConfigurationError(path, f"start has {url!r}: give http or https URLs")
    return tuple(url.strip() for url in urls)
