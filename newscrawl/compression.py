"""How files are compressed: their names tell when they are written, their first bytes when read."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Protocol

_GZIP_WINDOW = zlib.MAX_WBITS + 16


class Compressor(Protocol):
    """Takes bytes and gives compressed ones, now or later."""

    def compress(self, data: bytes, /) -> bytes:
        """Compressed bytes that are ready, often none."""

    def flush(self) -> bytes:
        """The rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """How files are compressed and read again."""

    suffix: str
    """Ends their names."""
    magic: bytes
    """Begins their content."""
    compressor: Callable[[], Compressor]
    """Makes the same bytes of the same content, whenever that is."""
    reader: Callable[[BinaryIO], io.BufferedIOBase]
    """Gives a stream of what a compressed stream holds."""
    errors: Callable[[], tuple[type[Exception], ...]]
    """What reading raises where the compression is cut or broken."""


def _gzip_compressor() -> Compressor:
    # Unlike gzip's, its header holds neither time nor name.
    return zlib.compressobj(wbits=_GZIP_WINDOW)


def _gzip_reader(stream: BinaryIO) -> io.BufferedIOBase:
    return gzip.GzipFile(fileobj=stream)


def _gzip_errors() -> tuple[type[Exception], ...]:
    return EOFError, zlib.error, gzip.BadGzipFile


def _zstd() -> ModuleType:
    # Imported where it is needed: that takes 5 ms and more, and most commands don't need it.
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def _zstd_compressor() -> Compressor:
    zstd = _zstd()
    # A checksum of the content, as gzip always has: without it, a flipped bit may pass.
    options = {zstd.CompressionParameter.checksum_flag: 1}
    compressor: Compressor = zstd.ZstdCompressor(options=options)
    return compressor


def _zstd_reader(stream: BinaryIO) -> io.BufferedIOBase:
    reader: io.BufferedIOBase = _zstd().ZstdFile(stream)
    return reader


def _zstd_errors() -> tuple[type[Exception], ...]:
    return EOFError, _zstd().ZstdError


COMPRESSIONS: Mapping[str, Compression] = {
    "gzip": Compression(
        suffix=".gz",
        magic=b"\x1f\x8b",
        compressor=_gzip_compressor,
        reader=_gzip_reader,
        errors=_gzip_errors,
    ),
    "zstd": Compression(
        suffix=".zst",
        magic=b"\x28\xb5\x2f\xfd",
        compressor=_zstd_compressor,
        reader=_zstd_reader,
        errors=_zstd_errors,
    ),
}
"""By the names that users know them by."""

LONGEST_MAGIC = max(len(each.magic) for each in COMPRESSIONS.values())


def compression_named(path: Path) -> Compression | None:
    """How a file of this name is compressed; ``None`` for one that isn't."""
    return next((each for each in COMPRESSIONS.values() if each.suffix == path.suffix), None)


def compression_of(start: bytes) -> Compression | None:
    """How content that begins like this is compressed; ``None`` where it isn't."""
    return next((each for each in COMPRESSIONS.values() if start.startswith(each.magic)), None)


def split_name(path: Path) -> tuple[str, str, str]:
    """A file's name, its ending, and that of its compression: ``stories``, ``.jsonl``, ``.gz``."""
    packed = path.suffix if compression_named(path) else ""
    plain = Path(path.name.removesuffix(packed))
    return plain.stem, plain.suffix, packed
