"""The most expensive cases of gemeenten beside those of the year before: the values of that report (R03). Pure.

A case is a client under a pseudonym: stable over the years and for everybody who looks, made with the key of the installation, and not to be
turned back. The report names no person; of a small gemeente the amounts alone may still point to one, which is why only controllers see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.solidarity.topcasussen import TopCasus, TopVerloop

AANTAL_MAX = 50
"""Most cases per gemeente that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GemeenteCasussen:
    """The top of one gemeente in a year.

    Attributes:
        gemeente: Its code.
        naam: What it is called.
        top: The cases by rang.
        verloop: What changed since the year before; None when that year has no clients.
        kosten_cent: All cost with a client in the year, of which the top is a part.
        vorige_kosten_cent: The same of the year before.
    """

    gemeente: str
    naam: str
    top: tuple[TopCasus, ...]
    verloop: TopVerloop | None
    kosten_cent: int
    vorige_kosten_cent: int

    @property
    def totaal_cent(self) -> int:
        """Cost of the top."""
        return sum(casus.bedrag_cent for casus in self.top)

    @property
    def aandeel_promille(self) -> int | None:
        """Which part of the cost is in the top, in thousandths, rounded down; None without cost."""
        return self.totaal_cent * 1000 // self.kosten_cent if self.kosten_cent > 0 else None

    @property
    def verschil_cent(self) -> int:
        """How much more all clients cost than the year before."""
        return self.kosten_cent - self.vorige_kosten_cent

    @property
    def nieuw_cent(self) -> int:
        """Cost of the cases that were not in the top of the year before."""
        return sum(casus.bedrag_cent for casus in self.top if casus.in_vorige_top is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasussenOverzicht:
    """The tops of a year, by name of the gemeente; `jaren` are the years to choose from."""

    stand_van: datetime
    jaar: int
    jaren: tuple[int, ...]
    aantal: int
    gemeenten: tuple[GemeenteCasussen, ...]
