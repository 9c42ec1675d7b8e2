"""The newest rejections, kept in the memory of a process: how many came after a moment, for who sees these gemeenten. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

RING_MAX = 5_000
"""So many rows of causes are remembered; who was away longer is told that there are at least as many as are in them."""


@dataclass(frozen=True, slots=True)
class Afkeuring:
    """A cause of a bericht that was rejected or refused; `rij_nr` grows with every one that is written."""

    rij_nr: int
    bericht_nr: int
    gemeente: str | None


class Ring:
    """Rejections by the number of their row; a row is remembered once, in whatever order rows come."""

    def __init__(self, size_max: int = RING_MAX) -> None:
        self._size_max = size_max
        self._rows: deque[Afkeuring] = deque()
        self._known: set[int] = set()

    @property
    def laatste(self) -> int:
        """The highest number seen; 0 before the first."""
        return max(self._known, default=0)

    def voeg_toe(self, rows: Iterable[Afkeuring]) -> bool:
        """Remember what is new; whether there was any."""
        new = [row for row in rows if row.rij_nr not in self._known]
        for row in new:
            self._rows.append(row)
            self._known.add(row.rij_nr)
        while len(self._rows) > self._size_max:
            self._known.discard(self._rows.popleft().rij_nr)
        return bool(new)

    def aantal(self, sinds: int, gemeenten: frozenset[str] | None) -> int:
        """How many berichten were rejected after row `sinds`, in these gemeenten (None: all)."""
        return len({row.bericht_nr for row in self._rows if row.rij_nr > sinds and (gemeenten is None or row.gemeente in gemeenten)})
