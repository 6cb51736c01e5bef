"""A fact and where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from newscrawl.extraction.text import clean
from newscrawl.records import Provenance, Source

_RAW_LENGTH = 200

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Fact(Generic[T_co]):
    """A value, the kind of place where it stood, and what stood there."""

    value: T_co
    source: Source
    raw: str | None = None

    @property
    def provenance(self) -> Provenance:
        """As the record holds it: ``raw`` on one line, cut at 200 characters."""
        raw = clean(self.raw)
        return Provenance(source=self.source, raw=raw[:_RAW_LENGTH] if raw else None)


def value_of(fact: Fact[T_co] | None) -> T_co | None:
    """The value, where there is a fact."""
    return fact.value if fact else None
