"""The feed of articles: JSONL in the contract's own form, behind storages that don't break."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exporters import JsonItemExporter, JsonLinesItemExporter
from w3lib.url import file_uri_to_path

from newscrawl.contract import to_json_line
from newscrawl.contract.manifest import PublishedFile
from newscrawl.feeds.files import WRITE_ERROR, StandardOutput, stop_on
from newscrawl.feeds.rotation import RotatedFile
from newscrawl.records import Article

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class ArticleExporter(JsonLinesItemExporter):
    """Writes an article as ``contract`` does: all keys, in the contract's order, in UTF-8.

    Items of other kinds are written as Scrapy does it, and so are articles of which a feed's
    ``fields`` name some.
    """

    records = 0
    """Lines so far that are records of the contract."""

    def export_item(self, item: object) -> None:
        """Write one line, at once."""
        if isinstance(item, Article) and self.fields_to_export is None:
            self.file.write(f"{to_json_line(item)}\n".encode())
            self.records += 1
        else:
            super().export_item(_plain(item))


class ArticleArrayExporter(JsonItemExporter):
    """Writes articles as ``ArticleExporter`` does, but all of them as one JSON array."""

    def export_item(self, item: object) -> None:
        """Write one element."""
        super().export_item(_plain(item))


def _plain(item: object) -> object:
    """An article as its line has it; Scrapy's own encoder leaves out the offsets of times."""
    return json.loads(to_json_line(item)) if isinstance(item, Article) else item


class _Output(io.RawIOBase):
    """What exporters and post-processing ask of a file, for what has nothing but ``write``."""

    def __init__(self, target: RotatedFile | StandardOutput) -> None:
        super().__init__()
        self._target = target

    def writable(self) -> bool:
        """Yes, and nothing else."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of ``data``; its length."""
        given = bytes(data)
        self._target.write(given)
        return len(given)


class AtomicFileStorage:
    """A feed storage whose file appears complete, under its name, when the crawl has ended.

    The feed's option ``rotate`` is the most bytes that a file may have before others take over.
    """

    def __init__(self, crawler: Crawler, uri: str, feed_options: dict[str, Any] | None) -> None:
        self.path = Path(file_uri_to_path(uri) if uri.startswith("file:") else uri)
        options = feed_options or {}
        self._append = not options.get("overwrite", False)
        self._most: int | None = options.get("rotate")
        self._packed = bool(options.get("postprocessing"))
        self._crawler = crawler
        self._on_error = stop_on(crawler)
        self._file: RotatedFile | None = None

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None
    ) -> AtomicFileStorage:
        return cls(crawler, uri, feed_options)

    def open(self, spider: Spider) -> IO[bytes]:  # noqa: ARG002 # Scrapy's interface
        """The file to write to."""
        self._file = RotatedFile(
            self.path,
            most=self._most,
            on_error=self._on_error,
            append=self._append,
            packed=self._packed,
        )
        return cast("IO[bytes]", _Output(self._file))

    def store(self, file: IO[bytes]) -> None:  # noqa: ARG002 # Scrapy's interface
        """Publish it, if all of it could be written; with a manifest, which names what belongs
        together, if all of the run could."""
        crawler = self._crawler
        if self._file is None:
            return
        if crawler.settings["NEWSCRAWL_MANIFEST"] and crawler.stats.get_value(WRITE_ERROR):
            self._file.discard()
        else:
            self._file.publish()

    @property
    def published(self) -> tuple[PublishedFile, ...]:
        """The files, once they are under their names; none that Scrapy has compressed, whose lines
        nobody counts."""
        return self._file.published if self._file and not self._packed else ()


class StandardOutputStorage:
    """A feed storage that writes each line to standard output at once."""

    def __init__(self, crawler: Crawler) -> None:
        self._on_error = stop_on(crawler)

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        uri: str,  # noqa: ARG003 # Scrapy's interface
        *,
        feed_options: dict[str, Any] | None = None,  # noqa: ARG003 # Scrapy's interface
    ) -> StandardOutputStorage:
        return cls(crawler)

    def open(self, spider: Spider) -> IO[bytes]:  # noqa: ARG002 # Scrapy's interface
        """Standard output."""
        return cast("IO[bytes]", _Output(StandardOutput(on_error=self._on_error)))

    def store(self, file: IO[bytes]) -> None:
        """Nothing to do: what was written is with its reader."""
