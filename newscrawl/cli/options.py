"""The options, each defined once: on the command line, in ``NEWSCRAWL_…`` and in the TOML file."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict, TypeVar

import click

from newscrawl import clock
from newscrawl.cli.config import config_path, read_defaults
from newscrawl.compression import COMPRESSIONS
from newscrawl.durations import read_duration, read_since
from newscrawl.sites import MAX_REQUESTS
from newscrawl.sites.reading import MAX_BUDGET, MAX_DEPTH

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Decorator = Callable[[Any], Any]


_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_SIZE = re.compile(r"(\d{1,12})\s?((?:[kKMG]?B)?)")


class CrawlOptions(TypedDict):
    """What every command that runs a spider takes."""

    removed: str
    model: str | None
    limit: int | None
    deadline: float | None
    allow_private: bool
    contact: str | None
    jobs: int
    quiet: bool
    debug: bool


class SearchOptions(TypedDict):
    """What narrows or widens a site's crawl."""

    since: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    depth: int | None
    max_requests: int | None


class SiteCrawlOptions(CrawlOptions, SearchOptions):
    """What a command takes that crawls sites."""


class _Duration(click.ParamType[float]):
    """A number with a unit (``50m``), or of seconds."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds = read_duration(str(value))
        if seconds is None:
            self.fail(f"'{value}' is not a duration: write 90s, 50m or 2h", param, ctx)
        return seconds


class _Size(click.ParamType[int]):
    """A number of bytes, with a unit (``100MB``) or without."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = _SIZE.fullmatch(str(value).strip())
        size = int(match[1]) * _UNITS[match[2].upper()] if match else 0
        if not size:
            self.fail(f"'{value}' is not a size: write 500kB, 100MB or 2GB", param, ctx)
        return size


class _Since(click.ParamType[str]):
    """A time ago (``2d``), or a date; kept as written, since only a run knows when it is now."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if read_since(str(value), clock.now()) is None:
            self.fail(f"'{value}' is neither a time nor a date: write 2d or 2026-11-01", param, ctx)
        return str(value)


def _log_everything(_context: click.Context, _option: click.Parameter, wanted: bool) -> bool:  # noqa: FBT001 - click calls it so
    """Also for the last resort in ``program``, which knows nothing of a command's options."""
    logging.getLogger("newscrawl").setLevel(logging.DEBUG if wanted else logging.NOTSET)
    return wanted


def _configure(ctx: click.Context, _param: click.Parameter, given: str | None) -> None:
    """Read the TOML file before any other option is looked up."""
    path = config_path(given)
    if path is None:
        return
    known = {key: name for key, (name, _) in _OPTIONS.items()}
    params = {param.name for param in ctx.command.params}
    own = {key: name for key, name in known.items() if name in params and key != "config"}
    ctx.meta["config"] = path
    # "newscrawl sites test" is of the table [sites]
    command = ctx.command_path.split()[1]
    defaults: dict[str, Any] = dict(read_defaults(path, command, own, known))
    for param in ctx.command.params:
        if param.name in defaults and isinstance(param, click.Option) and param.multiple:
            defaults[param.name] = (defaults[param.name],)
    ctx.default_map = defaults


def _option(key: str, *short: str, name: str | None = None, **settings: Any) -> _Entry:
    parameter = name or key.replace("-", "_")
    variable = f"NEWSCRAWL_{key.replace('-', '_').upper()}"
    declarations = (*short, f"--{key}", parameter)
    return key, (parameter, partial(click.option, *declarations, envvar=variable, **settings))


_Entry = tuple[str, tuple[str, Callable[..., _Decorator]]]

_OPTIONS: dict[str, tuple[str, Callable[..., _Decorator]]] = dict(
    (
        _option(
            "from",
            name="from_file",
            metavar="FILE",
            help="Read URLs from FILE, one a line; - reads standard input.",
        ),
        _option(
            "output",
            "-o",
            metavar="FILE",
            default="-",
            show_default=True,
            help="Write to FILE, compressed if it ends in .gz or .zst; - is standard output.",
        ),
        _option("out", metavar="DIR", default="output", show_default=True, help="Folder for runs."),
        _option(
            "compress",
            type=click.Choice(tuple(COMPRESSIONS)),
            help="Compress stories and rejects.",
        ),
        _option(
            "rotate",
            type=_Size(),
            metavar="SIZE",
            help="Longest that a file of stories may get before another begins: 100MB, say.",
        ),
        _option(
            "manifest",
            metavar="FILE",
            help="JSONL of {id, path, url}, compressed or not; - reads standard input.",
        ),
        _option("url", metavar="URL", help="The address that the saved page came from."),
        _option(
            "removed",
            type=click.Choice(("asks", "all", "none")),
            default="asks",
            show_default=True,
            help="How much of what was taken away is written.",
        ),
        _option(
            "labels",
            metavar="ID",
            help="Write the blocks as the line of blocks.jsonl for page ID, to correct and to "
            "train on; to standard output without -o.",
        ),
        _option(
            "model",
            metavar="FILE",
            help="Label with a model of newscrawl train, not with newscrawl's own.",
        ),
        _option(
            "state",
            metavar="FILE",
            help="What crawls know and share; state.sqlite in the user's state folder by default.",
        ),
        _option("limit", metavar="N", type=click.IntRange(min=1), help="Stop after N pages."),
        _option(
            "since",
            type=_Since(),
            metavar="TIME",
            help="Leave out what is said to be older: 2d, or 2026-11-01.",
        ),
        _option(
            "include",
            metavar="PATTERN",
            multiple=True,
            help="Only URLs with such a path, '/sport/*'; once for each pattern.",
        ),
        _option(
            "exclude", metavar="PATTERN", multiple=True, help="No URLs with such a path, likewise."
        ),
        _option(
            "depth",
            metavar="N",
            type=click.IntRange(0, MAX_DEPTH),
            show_default="0",
            help="Also read section pages that are N links away from the start pages.",
        ),
        _option(
            "max-requests",
            metavar="N",
            type=click.IntRange(1, MAX_BUDGET),
            show_default=f"{MAX_REQUESTS}",
            help="Requests to a site in one run; the rest is left to the next.",
        ),
        _option(
            "deadline",
            type=_Duration(),
            metavar="TIME",
            help="Stop in good order after 90s, 50m or 2h.",
        ),
        _option(
            "jobs",
            metavar="N",
            type=click.IntRange(1, 256),
            default=1,
            show_default=True,
            help="Worker processes.",
        ),
        _option(
            "allow-private", is_flag=True, help="Also fetch from loopback and private addresses."
        ),
        _option(
            "contact", metavar="URL", help="Where publishers reach you: part of the user agent."
        ),
        _option(
            "config",
            metavar="FILE",
            is_eager=True,
            expose_value=False,
            callback=_configure,
            help="TOML file with options.",
        ),
        _option(
            "pages",
            required=True,
            metavar="DIR",
            help="Folder of labelled pages: labels.jsonl, blocks.jsonl and the pages.",
        ),
        _option(
            "blocks",
            metavar="FILE",
            help="More labelled blocks of these pages, in the form of DIR's blocks.jsonl; .gz too.",
        ),
        _option(
            "folds",
            metavar="N",
            type=click.IntRange(2, 20),
            show_default="5",
            help="Into how many parts the sites are dealt.",
        ),
        _option(
            "predictions",
            metavar="FILE",
            help="Also write each page's record to FILE, in the pages' order.",
        ),
        _option(
            "seed",
            metavar="N",
            type=click.IntRange(0, 2**31 - 1),
            default=0,
            show_default=True,
            help="Where chance starts: the same seed gives the same model.",
        ),
        _option(
            "strict",
            is_flag=True,
            help="Exit with 4 when a site breaks the pattern of its runs.",
        ),
        _option(
            "inspect",
            is_flag=True,
            help="Also fetch the pages that stand out, and put their inspect pages beside FILE.",
        ),
        _option("quiet", is_flag=True, help="No progress and no summary, warnings only."),
        _option(
            "debug",
            is_flag=True,
            callback=_log_everything,
            help="Log everything; tracebacks with errors.",
        ),
    )
)
"""Parameter name and what makes the click option, by key."""

SEARCHING = ("since", "include", "exclude", "depth", "max-requests")
"""The options that narrow or widen what is crawled of a site."""
_EVERYWHERE = ("config", "quiet", "debug")
_CRAWLING = ("removed", "model", "limit", "deadline", "jobs", "allow-private", "contact")


def options(*keys: str, **defaults: str) -> Callable[[_Command], _Command]:
    """Give a command these options, and those that every command has.

    ``defaults`` are the command's own, by key.
    """

    def decorate(command: _Command) -> _Command:
        for key in reversed((*keys, *_EVERYWHERE)):
            own: dict[str, Any] = {}
            if key in defaults:
                own = {"default": defaults[key], "show_default": bool(defaults[key])}
            command = _OPTIONS[key][1](**own)(command)
        return command

    return decorate


def crawl_options(*keys: str) -> Callable[[_Command], _Command]:
    """Give a command these options and ``CrawlOptions``."""
    return options(*keys, *_CRAWLING)
