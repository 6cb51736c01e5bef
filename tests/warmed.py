"""Imported, it has a process read a page: forks of it have all modules, patterns and models."""

from importlib import import_module

from scrapy.settings import Settings

from newscrawl import extract
from tests.changing_site import story

_PARTS = ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES")
"""Settings that name the classes of which Scrapy builds a crawler."""

_settings = Settings()
_settings.setmodule("newscrawl.settings", priority="project")
for _part in _PARTS:
    for _name in _settings.get_component_priority_dict_with_base(_part):
        import_module(_name.rpartition(".")[0])
for _name in ("newscrawl.running", "newscrawl.spiders.site", "newscrawl.feeds.articles"):
    import_module(_name)
extract(story("a page"), url="https://news.example/2026/01/02/a-page-to-begin-with")
