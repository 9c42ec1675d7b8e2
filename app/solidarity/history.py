"""What happened to municipalities: mergers and splits, gaps in their figures, kept amounts, opening reserves (README 2.4, 2.5, 2.10).

Dates are half-open as in section 2; amounts are cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.solidarity.agreement import ONE
from app.solidarity.errors import refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """From `date` on the predecessor (or a fraction of it) is part of the successor."""

    date: date
    predecessor: str
    successor: str
    fraction: Fraction = ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A municipality has no data for a measure in a year; the value is imputed (2.4)."""

    municipality: str
    measure: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAmount:
    """Cost per year that stays with the municipality itself, such as ouderbijdrage that it did not collect (2.5).

    `category` says which pool it leaves when the arrangement has one per category; None with one pool.
    """

    arrangement: str
    year: int
    municipality: str
    bedrag_cent: int
    reason: str = ""
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All facts next to cost and measures.

    Attributes:
        mergers: Mergers and splits, any order.
        gaps: Values that do not exist and are imputed.
        kept: Kept amounts per arrangement, year and municipality.
        reserve_cent: Opening reserve per arrangement.
    """

    mergers: tuple[Merger, ...] = ()
    gaps: frozenset[Gap] = frozenset()
    kept: tuple[KeptAmount, ...] = ()
    reserve_cent: Mapping[str, int] = field(default_factory=dict)

    @property
    def predecessors(self) -> frozenset[str]:
        """Municipalities that ended or gave up a part."""
        return frozenset(merger.predecessor for merger in self.mergers)

    def ended(self, municipality: str, day: date) -> bool:
        """Whether the municipality no longer existed on `day`: merged or split up entirely on or before it."""
        gone = [merger for merger in self.mergers if merger.predecessor == municipality and merger.date <= day]
        return any(merger.date not in {m.date for m in gone if m.successor == municipality} for merger in gone)

    def founded(self, municipality: str, since: date, until: date) -> date | None:
        """The first merger after `since`, at the latest on `until`, in which others went into this municipality."""
        dates = [m.date for m in self.mergers if m.successor == municipality != m.predecessor and since < m.date <= until]
        return min(dates, default=None)

    def bearers(self, municipality: str, dated: date, as_of: date) -> dict[str, Fraction]:
        """Who counts, seen from the day `as_of`, for something of `municipality` dated `dated`, and for which fraction.

        Before the date of a merger all of it moves to the successors by fraction. From that date on a line that is
        still coded on a wholly merged predecessor moves too.

        Raises:
            RegelingOngeldig: The line is dated after a split: nobody can say to which successor it belongs.
        """
        parts = {municipality: ONE}
        if not self.mergers:
            return parts
        for day in sorted({merger.date for merger in self.mergers if merger.date <= as_of}):
            parts = self._moved(parts, day, dated)
        return parts

    def legal_entity(self, municipality: str) -> str:
        """The municipality that answers for it today: whole mergers are followed, splits are not (2.10)."""
        whole = {merger.predecessor: merger.successor for merger in self.mergers if merger.fraction == 1}
        seen = {municipality}
        while (successor := whole.get(municipality)) and successor not in seen:
            seen.add(successor)
            municipality = successor
        return municipality

    def _moved(self, parts: dict[str, Fraction], day: date, dated: date) -> dict[str, Fraction]:
        """The parts after the mergers of one day."""
        moved: dict[str, Fraction] = {}
        for municipality, part in parts.items():
            successors = {m.successor: m.fraction for m in self.mergers if m.date == day and m.predecessor == municipality}
            if dated >= day and municipality in successors:
                successors = {}  # It lives on with a part of itself; what is coded on it later is its own.
            if dated >= day and len(successors) > 1:
                raise refuse(
                    f"kosten van {municipality} op {dated}",
                    f"{municipality} is per {day} gesplitst; boek deze regel op de opvolger die de zorg draagt.",
                )
            for successor, fraction in (successors or {municipality: ONE}).items():
                moved[successor] = moved.get(successor, Fraction(0)) + part * fraction
        return moved
