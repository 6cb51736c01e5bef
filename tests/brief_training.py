"""Training that takes seconds, with a small network: run as a script, it is ``newscrawl`` with it."""

from __future__ import annotations

from newscrawl.cli import main
from newscrawl.training import network

BRIEF = network.Settings(members=2, epochs=30, width=16, vector=8)

if __name__ == "__main__":
    network.Settings = lambda: BRIEF  # type: ignore[misc, assignment] # what the commands call
    main()
