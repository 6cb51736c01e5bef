"""Scrapy settings of newscrawl, for its own commands and for ``scrapy crawl`` alike."""

from __future__ import annotations

from newscrawl import __version__


def user_agent(contact: str | None = None) -> str:
    """The honest user agent; ``contact`` is a URL or an address that a site's owner can reach."""
    return f"newscrawl/{__version__} (+{contact})" if contact else f"newscrawl/{__version__}"


BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
USER_AGENT = user_agent()

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newscrawl"

AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.5
CONCURRENT_REQUESTS_PER_DOMAIN = 2
CONCURRENT_REQUESTS = 8
# Scrapy starts as many tasks for each answer, and of an answer comes one page: its default of a
# hundred costs about a millisecond of CPU a page (tests.benchmarks.fetching).
CONCURRENT_ITEMS = 1
DOWNLOADER = "newscrawl.turns.TurnDownloader"
SCHEDULER_PRIORITY_QUEUE = "newscrawl.frontier.HostQueue"

DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 20
REDIRECT_MAX_TIMES = 10
# A longer delay is a page that reloads itself for its readers, not a redirect.
METAREFRESH_MAXDELAY = 5
RETRY_TIMES = 2
# 429 and 503 are politeness.BackOff's.
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
# Every answer reaches its callback, which gives the reason code.
HTTPERROR_ALLOW_ALL = True
# Scrapy would drop longer ones without a word; newscrawl.urls has the bound.
URLLENGTH_LIMIT = 0

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    # Scrapy passes on what it could read of a cut stream, in every encoding; these are the ones
    # whose end the standard library can check (middlewares.CompressionGuard).
    "Accept-Encoding": "gzip, deflate",
}

TELNETCONSOLE_ENABLED = False
# On by default in Scrapy 2.19; it runs Python that is sent over HTTP.
REMOTE_CONTROL_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "newscrawl.middlewares.SiteGuard": 50,
    "newscrawl.middlewares.CompressionGuard": 595,
    "newscrawl.memory.ConditionalRequests": 560,
    "newscrawl.middlewares.RedirectGuard": 610,
    "newscrawl.politeness.BackOff": 740,
    "newscrawl.politeness.RequestBudget": 755,
    "newscrawl.middlewares.AddressGuard": 760,
}
ITEM_PROCESSOR = "newscrawl.pipelines.Pipelines"
# Before a project's own, which Scrapy's template gives 300: those are to see articles.
ITEM_PIPELINES = {
    "newscrawl.pipelines.FetchedPipeline": 10,
    "newscrawl.pipelines.ExtractPipeline": 20,
    "newscrawl.pipelines.ValidatePipeline": 30,
    "newscrawl.pipelines.DuplicatesPipeline": 40,
    "newscrawl.pipelines.SettlePipeline": 40,
}
EXTENSIONS = {
    "newscrawl.feeds.rejects.RejectLog": 100,
    "newscrawl.feeds.slowest.SlowestPages": 100,
    "newscrawl.feeds.manifest.ManifestWriter": 200,
    "newscrawl.memory.Memory": 300,
    "newscrawl.politeness.CrawlDelay": 400,
    "newscrawl.gates.QualityGates": 500,
}
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    "jsonl": "newscrawl.feeds.articles.ArticleExporter",
    "jsonlines": "newscrawl.feeds.articles.ArticleExporter",
    "jl": "newscrawl.feeds.articles.ArticleExporter",
    "json": "newscrawl.feeds.articles.ArticleArrayExporter",
}
FEED_STORAGES = {
    "": "newscrawl.feeds.articles.AtomicFileStorage",
    "file": "newscrawl.feeds.articles.AtomicFileStorage",
    "stdout": "newscrawl.feeds.articles.StandardOutputStorage",
}

LOG_LEVEL = "INFO"
LOG_FORMATTER = "newscrawl.pipelines.ShortLog"

NEWSCRAWL_ALLOW_PRIVATE = False
NEWSCRAWL_REMOVED = "asks"
NEWSCRAWL_MODEL = None
NEWSCRAWL_JOBS = 1
NEWSCRAWL_STATE = None
NEWSCRAWL_RATES = None
NEWSCRAWL_MAX_REQUESTS = 0
NEWSCRAWL_RUN_ID = None
NEWSCRAWL_SITE = None
NEWSCRAWL_REJECTED = None
NEWSCRAWL_MANIFEST = None
