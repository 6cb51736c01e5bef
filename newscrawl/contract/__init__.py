"""The contract with downstream jobs, made from ``records.py``: write a line, read it, judge it."""

from newscrawl.contract.lines import GZIP_MAGIC, MAX_LINE_BYTES, read_lines, split_lines, unreadable
from newscrawl.contract.reading import Problem, check_lines, read_articles
from newscrawl.contract.rules import problems
from newscrawl.contract.schema import json_schema
from newscrawl.contract.writing import to_json_line

__all__ = [
    "GZIP_MAGIC",
    "MAX_LINE_BYTES",
    "Problem",
    "check_lines",
    "json_schema",
    "problems",
    "read_articles",
    "read_lines",
    "split_lines",
    "to_json_line",
    "unreadable",
]
