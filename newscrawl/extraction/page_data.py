"""The data that a page carries for its own scripts, beside the text or instead of it."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

from lxml import etree

from newscrawl.extraction.linked_data import Node

_MAX_SCRIPTS = 50
_MAX_SCRIPT_LENGTH = 5_000_000
_MAX_ASSIGNMENTS = 200
"""Of one script, with those that aren't JSON."""
_MAX_PARTS = 50_000
_MAX_DEPTH = 80
_ASSIGNED = re.compile(r"[\w$\]]\s*=\s*(?=\{\s*\"|\[\s*[\[{\"]|JSON\.parse\(\s*\")")
_PARSED = re.compile(r"JSON\.parse\(\s*")
_PROPERTIES = ("data-react-props", "data-props", "data-page")
_FLATTENED = "__NUXT_DATA__"
_DECODER = json.JSONDecoder(strict=False)


def data_objects(root: etree._Element) -> Iterator[Node]:
    """The objects in the page's own data, outer ones first; 50,000 parts of it are looked at.

    Read are JSON scripts of any framework (``__NEXT_DATA__``) but JSON-LD, and what scripts assign
    as JSON: ``window.__INITIAL_STATE__ = {…}``, ``Fusion.globalContent = {…}``,
    ``x = JSON.parse("…")``; of the first 50 scripts that are no longer than 5 million characters,
    and of their first 200 assignments. Likewise the first 50 attributes that hold the properties
    of a component: ``data-react-props``, ``data-props``, ``data-page``.
    """
    queue = deque(chain(_values(root), _properties(root)))
    for _ in range(_MAX_PARTS):
        if not queue:
            return
        value = queue.popleft()
        if isinstance(value, dict):
            yield value
            value = list(value.values())
        if isinstance(value, list):
            queue.extend(v for v in value if isinstance(v, dict | list))


def _values(root: etree._Element) -> Iterator[object]:
    scripts = (e for e in root.iter("script") if e.text and len(e.text) <= _MAX_SCRIPT_LENGTH)
    for script in islice(scripts, _MAX_SCRIPTS):
        text, kind = script.text or "", (script.get("type") or "").lower()
        if "ld+json" in kind:
            continue
        if "json" in kind:
            value = _parsed(text)
            yield _revived(value) if script.get("id") == _FLATTENED else value
        else:
            yield from _assigned(text)


def _properties(root: etree._Element) -> Iterator[object]:
    held = (v for v in _attributes(root) if len(v) <= _MAX_SCRIPT_LENGTH)
    yield from map(_parsed, islice(held, _MAX_SCRIPTS))


def _attributes(root: etree._Element) -> Iterator[str]:
    for element in root.iter("*"):
        yield from filter(None, map(element.get, _PROPERTIES))


def _parsed(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _assigned(script: str) -> Iterator[object]:
    """The JSON values that a script assigns, those inside of others left out."""
    position = 0
    for _ in range(_MAX_ASSIGNMENTS):
        match = _ASSIGNED.search(script, position)
        if match is None:
            return
        packed = _PARSED.match(script, match.end())
        try:
            value, position = _DECODER.raw_decode(script, (packed or match).end())
        except json.JSONDecodeError:
            position = match.end()
        except RecursionError:
            return
        else:
            yield _parsed(value) if isinstance(value, str) else value


def _revived(table: object) -> object:
    """Nuxt's data: a list of values in which objects and lists name their members by index."""
    if not isinstance(table, list):
        return None
    done: dict[int, object] = {}

    def value(index: object, depth: int) -> object:
        if not isinstance(index, int) or not 0 <= index < len(table) or depth > _MAX_DEPTH:
            return None
        if index not in done:
            done[index] = None
            done[index] = members(table[index], depth + 1)
        return done[index]

    def members(raw: object, depth: int) -> object:
        if isinstance(raw, dict):
            return {name: value(index, depth) for name, index in raw.items()}
        if isinstance(raw, list):
            if raw and isinstance(raw[0], str):
                return value(raw[-1], depth)
            return [value(index, depth) for index in raw]
        return raw

    return value(0, 0)
