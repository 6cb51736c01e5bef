"""newscrawl: news pages in, clean stories out."""

__version__ = "0.1.0"

from newscrawl.contract import read_articles, read_manifest
from newscrawl.extraction.extract import extract
from newscrawl.records import Article, Block, Label

__all__ = [
    "Article",
    "Block",
    "Label",
    "__version__",
    "extract",
    "read_articles",
    "read_manifest",
]
