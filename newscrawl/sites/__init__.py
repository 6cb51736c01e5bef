"""What is known about a site, and how a user's word for one becomes it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import platformdirs

from newscrawl.errors import UsageError
from newscrawl.sites.reading import read_site
from newscrawl.sites.site import MAX_REQUESTS, Site
from newscrawl.urls import split_web_url

__all__ = [
    "MAX_REQUESTS",
    "Site",
    "folder_name",
    "load_site",
    "read_site",
    "site_files",
    "sites_folder",
]

_NAME = re.compile(r"[\w.-]+")
_DOMAIN = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+\.?)(?::\d{1,5})?")
_MAX_FOLDER_NAME = 100


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
        return read_site(Path(argument))
    named = sites_folder() / f"{argument}.toml"
    if _NAME.fullmatch(argument) and named.is_file():
        return read_site(named)
    if _DOMAIN.fullmatch(argument) and split_web_url(f"https://{argument}/"):
        return Site(name=argument.lower(), start=(f"https://{argument.lower()}/",))
    raise UsageError(_unknown(argument))


def sites_folder() -> Path:
    """The folder of the user's own site files; it need not exist."""
    return platformdirs.user_config_path("newscrawl") / "sites"


def site_files() -> list[Path]:
    """The user's own site files, by name."""
    return sorted(sites_folder().glob("*.toml"))


def folder_name(name: str) -> str:
    """A name that is safe for a folder: ``[a-z0-9.-]`` only, never empty, never dots only."""
    lower = name.lower().rstrip(".")
    try:
        plain = lower.encode("ascii" if lower.isascii() else "idna").decode()
    except UnicodeError:
        plain = lower
    return re.sub(r"[^a-z0-9.-]+", "-", plain).strip(".-")[:_MAX_FOLDER_NAME] or "site"


def _unknown(argument: str) -> str:
    near = difflib.get_close_matches(argument, [path.stem for path in site_files()], n=1)
    hint = f"did you mean {near[0]}?" if near else "give a domain, a URL or a TOML file"
    return f"no site {argument!r}: {hint}"
