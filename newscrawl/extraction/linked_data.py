"""JSON-LD: from scripts, however broken, to a flat list of nodes; and how to read a node."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from newscrawl.extraction.text import clean, unescaped

Node = Mapping[str, object]

_MAX_SCRIPTS = 50
_MAX_SCRIPT_LENGTH = 1_000_000
_MAX_NODES = 5_000
_MAX_VALUES = 200

_WRAPPERS = re.compile(r"<!--|-->|//\s*<!\[CDATA\[|//\s*\]\]>|<!\[CDATA\[|\]\]>")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_DECODER = json.JSONDecoder(strict=False)
_HOLDING = (dict, list)


def read_nodes(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Every object of every script: outer ones first, ``@graph``, lists and nesting flattened.

    At most 50 scripts of a million characters and 5,000 objects; what can't be read is left out.
    """
    readable = (s for s in scripts if len(s) <= _MAX_SCRIPT_LENGTH)
    queue: deque[object] = deque(map(_parse, islice(readable, _MAX_SCRIPTS)))
    nodes: list[Node] = []
    while queue and len(nodes) < _MAX_NODES:
        value = queue.popleft()
        if isinstance(value, dict):
            nodes.append(value)
            queue += [v for v in value.values() if isinstance(v, _HOLDING)]
        elif isinstance(value, list):
            queue += [v for v in value if isinstance(v, _HOLDING)]
    return tuple(nodes)


def _parse(script: str) -> object:
    for read in (str, _repaired):
        try:
            return _DECODER.decode(read(script))
        except (ValueError, RecursionError):
            continue
    return None


def _repaired(script: str) -> str:
    return _TRAILING_COMMA.sub("", _WRAPPERS.sub("", script)).strip().rstrip(";")


def types_of(node: Node) -> frozenset[str]:
    """The node's types without their vocabulary's address."""
    return frozenset(t.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for t in _strings(node.get("@type")))


def texts(node: Node, *names: str) -> tuple[str, ...]:
    """The clean strings of the properties ``names``, in order; named things count by their name."""
    return tuple(_texts(node, names))


def first_text(node: Node, *names: str) -> str | None:
    """The first of ``texts``."""
    return next(_texts(node, names), None)


def _texts(node: Node, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for value in _strings(node.get(name)):
            if text := clean(unescaped(value)):
                yield text


def children(node: Node, name: str, nodes: Iterable[Node]) -> Iterator[Node | str]:
    """The values of a property: objects, with references by ``@id`` resolved, and clean strings."""
    for value in _values(node.get(name)):
        if isinstance(value, str):
            if text := clean(unescaped(value)):
                yield text
        elif isinstance(value, dict):
            yield _resolved(value, nodes)


def _resolved(value: Node, nodes: Iterable[Node]) -> Node:
    """What ``{"@id": …}`` stands for: the fullest node with that id, one step deep."""
    reference = value.get("@id")
    if not isinstance(reference, str) or "name" in value:
        return value
    same = [n for n in nodes if n.get("@id") == reference]
    return max(same, key=len, default=value)


def _values(value: object) -> Iterator[object]:
    if isinstance(value, str):
        yield value
        return
    queue = deque([value])
    for _ in range(_MAX_VALUES):
        if not queue:
            return
        value = queue.popleft()
        if isinstance(value, list):
            queue.extendleft(reversed(value[:_MAX_VALUES]))
        elif value is not None:
            yield value


def _strings(value: object) -> Iterator[str]:
    for item in _values(value):
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            named = item.get("@value", item.get("name", item.get("url", item.get("@id"))))
            if isinstance(named, str):
                yield named
