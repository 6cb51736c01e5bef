"""The first few of many, without keeping the others."""

from __future__ import annotations

import heapq
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Top(Generic[_Item]):
    """The ``size`` items with the highest keys of all that were added; of equals, the earlier."""

    def __init__(self, size: int) -> None:
        self.added = 0
        """Items so far."""
        self._size = size
        self._heap: list[tuple[float, int, _Item]] = []

    def add(self, key: float, item: _Item) -> None:
        """Take an item into account."""
        self.added += 1
        # No two have the same second key, so items are never compared.
        heapq.heappush(self._heap, (key, -self.added, item))
        if len(self._heap) > self._size:
            heapq.heappop(self._heap)

    @property
    def items(self) -> list[_Item]:
        """The items, highest key first."""
        return [item for _, _, item in sorted(self._heap, reverse=True)]

    @property
    def more(self) -> int:
        """Items that aren't among them."""
        return self.added - len(self._heap)
