"""Chance that gives the same outcome on every machine and day: a stream of numbers for each named part of the region.

Each part has its own stream, so that adding to one part leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Kans:
    """A stream of chance that belongs to a seed and a name."""

    def __init__(self, *naam: object) -> None:
        # Only random() is used: its outcome for a text seed is promised to stay the same over releases of Python.
        self._random = Random("/".join(str(deel) for deel in naam)).random  # noqa: S311

    def geheel(self, van: int, tot: int) -> int:
        """A whole number from `van` to `tot`, both included."""
        return van + int(self._random() * (tot - van + 1))

    def promille(self, aantal: int) -> bool:
        """True in so many of a thousand cases."""
        return self._random() * 1000 < aantal

    def kies(self, reeks: Sequence[T]) -> T:
        """One of a row."""
        return reeks[self.geheel(0, len(reeks) - 1)]

    def trek(self, reeks: Sequence[T], aantal: int) -> list[T]:
        """So many different ones of a row, in the order of the row; all of them when there are no more."""
        over = list(range(len(reeks)))
        chosen = sorted(over.pop(self.geheel(0, len(over) - 1)) for _ in range(min(aantal, len(reeks))))
        return [reeks[index] for index in chosen]
