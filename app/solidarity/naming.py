"""How a form of an agreement calls its fields, so that one check of its content speaks to every form.

The names of section 2.14 (columns of CSV) are the first; `words` has those of the document that a controller writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.solidarity.agreement import Arrangement


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in an arrangement.

    Attributes:
        label: The place in words, such as `sleutel key`.
        column: Its name in section 2.14: a column of `input_arrangements`, or `members`, `key`, `layers`, `spread`, `kept`.
        index: Which member, term, layer or kept amount, from 0; None is all of them.
        field: Column within that row.
    """

    label: str
    column: str
    index: int | None = None
    field: str | None = None


class Naming:
    """The names of section 2.14; places are given by the code of the regeling."""

    def field(self, column: str) -> str:
        """A field as the reader knows it."""
        return column

    def word(self, value: str) -> str:
        """One of the fixed words of section 2.14, such as `mean_share`."""
        return value

    def share(self) -> str:
        """How to write 110%."""
        return "1.1"

    def end(self, until: date) -> str:
        """The end of a period as it is written; `until` is the first day that no longer counts."""
        return until.isoformat()

    def place(self, number: int, arrangement: Arrangement, spot: Spot) -> str:
        """A place in the arrangement with this number (from 0)."""
        return f"regeling {arrangement.code}, {spot.label}" if spot.label else f"regeling {arrangement.code}"

    def merger(self, index: int, label: str) -> str:
        """The place of a merger, by its number (from 0)."""
        return label
