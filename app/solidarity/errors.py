"""What the room refuses: an agreement or its figures that contradict themselves, with every reason at its place.

What section 2 describes but this version does not compute is `NietOndersteund`, so that nothing is ever settled by a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import NietOndersteund, OngeldigVerzoek


@dataclass(frozen=True, slots=True, kw_only=True)
class Bezwaar:
    """One reason to refuse, and where it is.

    Attributes:
        waar: The place in words: `regeling WB, lagen` or, from a file, `input_key.csv, rij 3, kolom weight`.
        zin: One Dutch sentence that says what is wrong and what to change.
    """

    waar: str
    zin: str

    def __str__(self) -> str:
        return f"{self.waar}: {self.zin}"


class RegelingOngeldig(OngeldigVerzoek):
    """De regeling of haar gegevens spreken zichzelf tegen; er is niets berekend."""

    def __init__(self, bezwaren: Iterable[Bezwaar]) -> None:
        self.bezwaren = tuple(bezwaren)
        super().__init__("\n".join(map(str, self.bezwaren)) or None)


def refuse(waar: str, zin: str) -> RegelingOngeldig:
    """The refusal for one single reason, to be raised by the caller."""
    return RegelingOngeldig([Bezwaar(waar=waar, zin=zin)])


def not_supported(zin: str) -> NietOndersteund:
    """The refusal of something that section 2 knows and this version does not, to be raised by the caller."""
    return NietOndersteund(f"nog niet ondersteund: {zin}")
