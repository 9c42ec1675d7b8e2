"""What a month of booking changed and by what: granted, committed and forecast, each cause in turn, adding up to the difference. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.reports.uitputting_prognose import Cel, Ervaring, Plaats, Stand, voorspel


class Waardoor(StrEnum):
    """Why a row changed, in the order in which causes are taken."""

    NIEUW = "nieuw"
    GEWIJZIGD = "gewijzigd"
    DECLARATIES = "declaraties"
    LAAT = "laat"
    CREDIT = "credit"
    HERREKEND = "herrekend"
    VRIJVAL = "vrijval"
    OVERIG = "overig"
    TIJD = "tijd"


WAARDOOR_WOORDEN: Mapping[Waardoor, str] = {
    Waardoor.NIEUW: "Nieuwe toewijzingen",
    Waardoor.GEWIJZIGD: "Gewijzigde, beëindigde of ingetrokken toewijzingen",
    Waardoor.DECLARATIES: "Declaraties over deze en de vorige maand",
    Waardoor.LAAT: "Late declaraties over eerdere maanden",
    Waardoor.CREDIT: "Creditprestaties",
    Waardoor.HERREKEND: "Andere tarieven of contracten (herbeoordeeld of herrekend)",
    Waardoor.VRIJVAL: "Vrijgevallen verplichtingen",
    Waardoor.OVERIG: "Pgb, lumpsum, subsidie, afrekening en andere kosten zonder declaratie",
    Waardoor.TIJD: "Een maand verder: andere ervaringscijfers, en maanden die ouder zijn",
}


class Mutatie(NamedTuple):
    """What boekingen of one cause did to one place."""

    waardoor: Waardoor
    plaats: Plaats
    aantal: int
    cel: Cel


@dataclass(frozen=True, slots=True, kw_only=True)
class Verschil:
    """What one cause changed in one row: so many boekingen, and cents."""

    waardoor: Waardoor
    aantal: int
    toegekend_cent: int
    verplicht_cent: int
    prognose_cent: int


class Moment(NamedTuple):
    """What a forecast is made with: month of booking, months counted, and experience."""

    peil: date
    maanden: int
    ervaringen: Mapping[str, Ervaring]

    def midden(self, stand: Stand) -> dict[str, int]:
        """The expected end of the year per row."""
        return {sleutel: each.midden for sleutel, each in voorspel(stand, self.ervaringen, peil=self.peil, maanden=self.maanden).items()}


def terug(stand: Stand, mutaties: Iterable[Mutatie]) -> dict[Plaats, Cel]:
    """The stand before these mutations."""
    before = dict(stand)
    for each in mutaties:
        before[each.plaats] = before.get(each.plaats, Cel()).plus(Cel(*(-cents for cents in each.cel)))
    return before


def verklaar(stand: Stand, mutaties: Iterable[Mutatie], *, toen: Moment, nu: Moment) -> dict[str, tuple[Verschil, ...]]:
    """Per row what each cause changed; the sums are the whole difference, of the forecast too.

    The causes are booked one after another on the stand of then, each time with the experience of then; what is left when the experience of now takes
    its place is the passing of time. Another order would divide the forecast a little otherwise, and add up to the same.
    """
    found = list(mutaties)
    by_cause: dict[Waardoor, list[Mutatie]] = defaultdict(list)
    for each in found:
        by_cause[each.waardoor].append(each)
    running = terug(stand, found)
    before = toen.midden(running)
    rows: dict[str, list[Verschil]] = defaultdict(list)
    for cause in Waardoor:
        changed = by_cause.get(cause, [])
        for each in changed:
            running[each.plaats] = running.get(each.plaats, Cel()).plus(each.cel)
        if not changed and cause is not Waardoor.TIJD:
            continue
        after = (nu if cause is Waardoor.TIJD else toen).midden(running)
        per_rij: dict[str, list[Mutatie]] = defaultdict(list)
        for each in changed:
            per_rij[each.plaats[0]].append(each)
        for sleutel in sorted(after.keys() | before.keys()):
            own = per_rij.get(sleutel, [])
            moved = after.get(sleutel, 0) - before.get(sleutel, 0)
            if own or moved:
                rows[sleutel].append(_verschil(cause, own, moved))
        before = after
    return {sleutel: tuple(each) for sleutel, each in rows.items()}


def _verschil(waardoor: Waardoor, mutaties: Iterable[Mutatie], prognose_cent: int) -> Verschil:
    own = list(mutaties)
    return Verschil(
        waardoor=waardoor,
        aantal=sum(each.aantal for each in own),
        toegekend_cent=sum(each.cel.toegekend + each.cel.zonder_toewijzing for each in own),
        verplicht_cent=sum(each.cel.verplicht for each in own),
        prognose_cent=prognose_cent,
    )
