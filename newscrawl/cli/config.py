"""Options from a TOML file: keys at the top for all commands, ``[scrape]`` tables for one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_config_path

from newscrawl.cli.commands import COMMANDS, nearest
from newscrawl.errors import ConfigurationError


def config_path(given: str | None) -> Path | None:
    """The file that was named, or the user's own when there is one."""
    if given is not None:
        return Path(given)
    path = user_config_path("newscrawl") / "config.toml"
    return path if path.is_file() else None


def read_defaults(
    path: Path, command: str, own: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """A command's defaults from a file, by parameter name, as text like that of a command line.

    ``own`` and ``known`` map the keys of this command and of all commands to parameter names.
    Unknown keys and tables and values that aren't plain raise ``ConfigurationError``.
    """
    document = _document(path)
    tables = {name: value for name, value in document.items() if isinstance(value, dict)}
    shared = {name: value for name, value in document.items() if name not in tables}
    for name in tables:
        if name not in COMMANDS:
            raise ConfigurationError(path, f"unknown table [{name}]: {nearest(name, COMMANDS)}")
    defaults = _values(path, shared, known)
    defaults |= _values(path, tables.get(command, {}), own)
    return {name: value for name, value in defaults.items() if name in own.values()}


def _document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(path, f"{error.strerror}: name another with --config") from error
    except ValueError as error:  # TOML's and UTF-8's errors alike
        raise ConfigurationError(path, f"not TOML: {error}") from error


def _values(path: Path, keys: Mapping[str, object], names: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for key, value in keys.items():
        if key not in names:
            raise ConfigurationError(path, f"unknown key {key}: {nearest(key, names)}")
        if not isinstance(value, str | int | float):
            raise ConfigurationError(path, f"{key} is neither text nor a number nor true or false")
        values[names[key]] = str(value)
    return values
