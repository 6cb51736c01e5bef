"""Training that takes seconds. Run as a script, this is ``newscrawl`` with that small network."""

from __future__ import annotations

from newscrawl.cli import main
from newscrawl.training import network

BRIEF = network.Settings(members=1, epochs=15, width=16, vector=4, rate=1e-2)

if __name__ == "__main__":
    network.Settings = lambda: BRIEF  # type: ignore[misc, assignment] # what the commands call
    main()
