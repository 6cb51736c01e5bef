"""The contract with downstream jobs, made from ``records.py``: write a line, read it, judge it."""

from newscrawl.contract.checking import Problem, check_file, check_lines, check_unlisted
from newscrawl.contract.lines import (
    GZIP_MAGIC,
    MAX_LINE_BYTES,
    cut_or_broken,
    read_lines,
    split_lines,
    unreadable,
)
from newscrawl.contract.manifest import Manifest, article_files, manifests_below, read_manifest
from newscrawl.contract.reading import read_articles, read_rejects
from newscrawl.contract.rules import problems
from newscrawl.contract.schema import json_schema
from newscrawl.contract.writing import to_json_line, to_json_text

__all__ = [
    "GZIP_MAGIC",
    "MAX_LINE_BYTES",
    "Manifest",
    "Problem",
    "article_files",
    "check_file",
    "check_lines",
    "check_unlisted",
    "cut_or_broken",
    "json_schema",
    "manifests_below",
    "problems",
    "read_articles",
    "read_lines",
    "read_manifest",
    "read_rejects",
    "split_lines",
    "to_json_line",
    "to_json_text",
    "unreadable",
]
