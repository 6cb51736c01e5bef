"""``main``: every way in which a command can end becomes one line and an exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from types import FrameType
from typing import NoReturn

import click
from click.core import ParameterSource

from newscrawl.cli.commands import program
from newscrawl.cli.messages import close_out, flush_out, say
from newscrawl.errors import ConfigurationError, NewscrawlError, OutputError

_INTERRUPTED = 128 + signal.SIGINT
_TERMINATED = 128 + signal.SIGTERM


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    _replace_closed_streams()
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(_run(sys.argv[1:]))


def _replace_closed_streams() -> None:
    """Take the numbers of standard streams that are closed (``>&-``) before another file does.

    To write to the stand-in of standard output fails, as it does for other programs.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            os.dup2(null, number)
            if null != number:
                os.close(null)
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 - for good


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End as an interrupt does, so that half-written files are tidied away."""
    raise SystemExit(_TERMINATED)


def _run(arguments: list[str]) -> int:
    try:
        code = _invoke(arguments)
        flush_out()
    except BrokenPipeError:  # the reader has seen enough: `newscrawl … | head`
        close_out()
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return _usage(error)
    except NewscrawlError as error:
        return _failure(error)
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a user unasked
        return _defect(error)
    return code


def _invoke(arguments: list[str]) -> int:
    """The command's exit code. Not ``program.main``, which has its own way with broken pipes."""
    try:
        with program.make_context("newscrawl", arguments) as context:
            code = program.invoke(context)
    except click.exceptions.Exit as done:  # --help and --version
        return done.exit_code
    return code if isinstance(code, int) else 0


def _usage(error: click.ClickException) -> int:
    """A click error: what is wrong, and where the help is; a bad value also says who gave it."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    message = _words(error)
    if isinstance(error, click.BadParameter) and context and error.param and error.param.name:
        source = context.get_parameter_source(error.param.name)
        if source is ParameterSource.DEFAULT_MAP:
            say(f"{context.meta['config']}: {message}")
            return ConfigurationError.exit_code
        if source is ParameterSource.ENVIRONMENT:
            message = f"environment variable {error.param.envvar}: {message}"
    path = context.command_path if context else "newscrawl"
    say(f"{message}: see {path} --help")
    return error.exit_code


def _words(error: click.ClickException) -> str:
    """A click error's message in this program's manner: one line, and one suggestion."""
    if isinstance(error, click.NoSuchOption):
        near = f": did you mean {error.possibilities[0]}?" if error.possibilities else ""
        return f"there is no option {error.option_name}{near}"
    message = " ".join(error.format_message().split()).rstrip(".")
    return message[:1].lower() + message[1:]


def _failure(error: NewscrawlError) -> int:
    if isinstance(error, OutputError):
        close_out()
    say(str(error))
    return error.exit_code


def _defect(error: Exception) -> int:
    if logging.getLogger("newscrawl").isEnabledFor(logging.DEBUG):
        traceback.print_exception(error)
    say(f"unexpected {type(error).__name__}: {error}: run it again with --debug and report it")
    return 1
