"""What earlier crawls know, one SQLite file for all sites; and the rates that processes share."""

from newscrawl.state.known import KnownSite
from newscrawl.state.rates import Rates, rates_beside
from newscrawl.state.schedule import REVISITS
from newscrawl.state.store import State
from newscrawl.state.story import KnownStory, Validator

__all__ = [
    "REVISITS",
    "KnownSite",
    "KnownStory",
    "Rates",
    "State",
    "Validator",
    "rates_beside",
]
