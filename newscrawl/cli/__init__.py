"""The command line: ``newscrawl <command>``, one module a command."""

from newscrawl.cli.program import main

__all__ = ["main"]
