"""newscrawl in a Scrapy project of one's own: ``ADDONS = {"newscrawl.addon.NewscrawlAddon": 500}``.

How pages are found and fetched stays the project's business: the add-on leaves its middlewares,
delays and user agent alone. What it sets has the priority ``addon``, so the project's own settings
win.
"""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from newscrawl import settings as own
from newscrawl.records import Page
from newscrawl.running import new_run_id
from newscrawl.spiders.fetching import answered, unanswered

_COMPONENTS = ("ITEM_PIPELINES", "EXTENSIONS")
"""Settings whose entries join the project's."""
_BY_NAME = ("FEED_EXPORTERS", "FEED_STORAGES")
"""Settings whose entries are taken where the project has none of that name."""
_VALUES = ("ITEM_PROCESSOR", "LOG_FORMATTER")
_POLITENESS = "newscrawl.politeness."
"""The room whose components decide how a server is treated."""


class NewscrawlAddon:
    """Gives a project the pipelines, exporters, log of rejects, manifest, memory and gates."""

    def __init__(self, crawler: Crawler) -> None:
        self._site = getattr(crawler.spidercls, "name", None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> NewscrawlAddon:
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Add newscrawl's settings to the project's."""
        values = {name: getattr(own, name) for name in dir(own) if name.startswith("NEWSCRAWL_")}
        values |= {name: getattr(own, name) for name in _VALUES}
        values |= {"NEWSCRAWL_RUN_ID": new_run_id(), "NEWSCRAWL_SITE": self._site}
        settings.setdict(values, priority="addon")
        for name in _BY_NAME:
            entries = getattr(own, name) | settings.getdict(name)
            settings.set(name, entries, priority=settings.getpriority(name) or 0)
        for name in _COMPONENTS:
            for path, place in getattr(own, name).items():
                if not path.startswith(_POLITENESS):
                    component = load_object(path)
                    settings.setdefault_in_component_priority_dict(name, component, place)


def page_of(answer: Response | Failure) -> Page:
    """What a spider yields for an answer, or, in an errback, for the failure to get one; of that
    the pipelines make an article, or a reject with its reason code."""
    if isinstance(answer, Response):
        return answered(answer)
    if isinstance(answer.value, HttpError):
        return answered(answer.value.response)
    return unanswered(answer)
