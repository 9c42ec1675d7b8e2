"""The invariants as they hold at this moment: sentences with what contradicts them. Pure.

These are the ones that balances and indexes answer at once; `ledger.verify` recomputes everything and finds what these cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.bedrag import euro
from app.ledger import Verificatie

RIJEN_MAX = 20
Rij = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One of them: its name, what is true or what is not, and the rows that contradict it (at most 20)."""

    naam: str
    uitleg: str
    rijen: tuple[Rij, ...] = ()

    @property
    def klopt(self) -> bool:
        """Whether it holds."""
        return not self.rijen


@dataclass(frozen=True, slots=True, kw_only=True)
class Controles:
    """All of them at one moment, and the last time that everything was recomputed."""

    stand_van: datetime
    invarianten: tuple[Invariant, ...]
    laatste: Verificatie | None

    @property
    def klopt(self) -> bool:
        """Whether all hold now; says nothing of what was recomputed."""
        return all(each.klopt for each in self.invarianten)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geldstroom:
    """The money of the declaraties that were judged, and what of it stands in the books as cost, in cents."""

    declaraties: int
    ingediend_cent: int
    toegekend_cent: int
    geboekt_cent: int


def invarianten(
    *, uit_balans: Sequence[Rij], stroom: Geldstroom, onvolledig: Sequence[Rij], zonder_toestand: Sequence[Rij], keten: Sequence[Rij]
) -> tuple[Invariant, ...]:
    """The five sentences, from what the database found."""
    difference = stroom.toegekend_cent - stroom.geboekt_cent
    posted: tuple[Rij, ...] = ()
    if difference:
        posted = ({"toegekend_cent": stroom.toegekend_cent, "geboekt_cent": stroom.geboekt_cent, "verschil_cent": difference},)
    return (
        _invariant(
            "De boeken zijn in balans",
            "Alle rekeningen samen zijn nul, per domein, zorgvorm, zorgmaand en boekmaand.",
            "Van deze posten zijn alle rekeningen samen niet nul.",
            uit_balans,
        ),
        _invariant(
            "Ingediend is beoordeeld en beantwoord",
            f"Elke beoordeelde declaratie ({stroom.declaraties}) heeft bedragen en een antwoord: ingediend {_euro(stroom.ingediend_cent)}, "
            f"toegekend {_euro(stroom.toegekend_cent)}.",
            "Deze declaraties zijn beoordeeld zonder bedragen of antwoord, of hun bedragen passen niet bij de uitkomst.",
            onvolledig,
        ),
        _invariant(
            "Register en grootboek zijn gelijk",
            f"Wat is toegekend, staat als kosten in het grootboek: {_euro(stroom.geboekt_cent)}.",
            "Wat is toegekend, is niet wat als kosten van prestaties in het grootboek staat.",
            posted,
        ),
        _invariant(
            "Elk bericht is in precies één toestand",
            "Wat wacht staat in de wachtrij, wat geparkeerd is heeft een reden, en in de wachtrij staat niets anders.",
            "Deze berichten hebben niet wat hun toestand nodig heeft.",
            zonder_toestand,
        ),
        _invariant(
            "De ketting van afgesloten maanden is heel",
            "Elke afgesloten maand verwijst naar de maand ervoor en naar de handeling die haar sloot.",
            "Bij deze maanden is de ketting verbroken.",
            keten,
        ),
    )


def _euro(cent: int) -> str:
    """The amount as one word, so that it stays on one line."""
    return euro(cent).replace(" ", "\u00a0")


def _invariant(naam: str, als_goed: str, als_fout: str, rijen: Sequence[Rij]) -> Invariant:
    return Invariant(naam=naam, uitleg=als_fout if rijen else als_goed, rijen=tuple(rijen))
