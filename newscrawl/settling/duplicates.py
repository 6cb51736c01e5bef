"""Copies of a story on its own site: the same wire story in two sections."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from newscrawl.extraction.labelling.block_memory import shingles

PERMUTATIONS = 128
"""Of the MinHash, a byte each: the estimate is off by 0.035 at most two times of three."""
ALIKE = 0.8
"""Resemblance of two texts from which one is a copy of the other."""
MOST_COMPARED = 20_000
"""Stories, the newest ones, that a new one is compared with: 2.5 MB, half a millisecond each."""
_SEED = 5
_BY_CHANCE = 1 / 256
"""Share of the bytes in which two texts that have nothing in common agree."""
_MOST_TEXT = 50_000
"""Characters of a story that are read."""


def signature(text: str) -> bytes:
    """The MinHash of a text's shingles, the lowest byte of each value."""
    found = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    found.update(sorted(shingles(text, _MOST_TEXT, fold_digits=False)))
    return (np.array(found.digest(), np.uint64) & 0xFF).astype(np.uint8).tobytes()


class Copies:
    """The stories that a new one may be a copy of, by their signatures."""

    def __init__(self, known: Iterable[tuple[str, bytes]]) -> None:
        self._ids: list[str] = []
        self._rows: NDArray[np.uint8] = np.zeros((256, PERMUTATIONS), np.uint8)
        for id_, row in known:
            self.add(id_, row)

    def add(self, id: str, signature: bytes) -> None:  # noqa: A002 - the record's own name for it
        """One more story; of more than ``MOST_COMPARED`` the first ones go."""
        if len(self._ids) == MOST_COMPARED:
            half = MOST_COMPARED // 2
            self._ids = self._ids[half:]
            self._rows[: len(self._ids)] = self._rows[half:MOST_COMPARED]
        if len(self._ids) == len(self._rows):
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        self._rows[len(self._ids)] = np.frombuffer(signature, np.uint8)
        self._ids.append(id)

    def like(self, signature: bytes) -> str | None:
        """The id of the story that a text is a copy of, the one most alike."""
        if not self._ids:
            return None
        rows = self._rows[: len(self._ids)]
        same = (rows == np.frombuffer(signature, np.uint8)).mean(1)
        best = int(same.argmax())
        alike = (same[best] - _BY_CHANCE) / (1 - _BY_CHANCE)
        return self._ids[best] if alike >= ALIKE else None
