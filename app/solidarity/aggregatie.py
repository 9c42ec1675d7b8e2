"""From the lines of a raw ledger to the cost of a gemeente per zorgvorm and year, by service or by booking (README 2.14, L05). Pure; whole cents.

What is pooled is what care cost, net of income. An advance is not yet cost, and what a gemeente spends in its local free share never is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.verdeling import divide

KOSTEN_SOORTEN: Final = ("invoice", "credit", "pgb", "woonplaats_correction", "subsidy", "income")
"""Kinds of line that are cost; a credit and income carry a negative amount."""
GEEN_KOSTEN_SOORTEN: Final = ("advance", "advance_settlement", "local_free")
"""Kinds that move money without being pooled cost."""
SOORTEN: Final = (*KOSTEN_SOORTEN, *GEEN_KOSTEN_SOORTEN)


class Basis(StrEnum):
    """Which year a line belongs to."""

    SERVICE = "service"
    """The year in which the care was given; a line over several years is split by days."""
    BOOKING = "booking"
    """The year in which it was booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grootboekregel:
    """A line of a raw ledger.

    Attributes:
        gemeente: Who bears it.
        zorgvorm: Category of care.
        soort: One of `SOORTEN`.
        boekdatum: Day of booking.
        dienst_van: First day of the care.
        dienst_tot: The day after the last (half open, as everywhere in the solidarity files).
        bedrag_cent: Signed.
    """

    gemeente: str
    zorgvorm: str
    soort: str
    boekdatum: date
    dienst_van: date
    dienst_tot: date
    bedrag_cent: int


JaarCel = tuple[str, str, int]
"""Gemeente, zorgvorm and jaar."""


def kosten_per_jaar(regels: Iterable[Grootboekregel], basis: Basis) -> dict[JaarCel, int]:
    """Cost per gemeente, zorgvorm and year, sorted; a cell in which lines cancel out stays, with zero.

    Raises:
        ValueError: A line whose care ends before it begins.
    """
    kosten: dict[JaarCel, int] = defaultdict(int)
    for regel in regels:
        if regel.soort in KOSTEN_SOORTEN:
            for jaar, cent in _per_jaar(regel, basis).items():
                kosten[regel.gemeente, regel.zorgvorm, jaar] += cent
    return dict(sorted(kosten.items()))


def _per_jaar(regel: Grootboekregel, basis: Basis) -> Mapping[int, int]:
    if basis is Basis.BOOKING:
        return {regel.boekdatum.year: regel.bedrag_cent}
    return splits_per_jaar(regel.bedrag_cent, regel.dienst_van, regel.dienst_tot)


def splits_per_jaar(bedrag_cent: int, dienst_van: date, dienst_tot: date) -> dict[int, int]:
    """An amount over the calendar years of `[dienst_van, dienst_tot)` in proportion to days, by largest remainder (2.3, 2.9).

    Raises:
        ValueError: The period has no days.
    """
    _must_have_days(dienst_van, dienst_tot)
    grenzen = {jaar: (max(dienst_van, date(jaar, 1, 1)), min(dienst_tot, date(jaar + 1, 1, 1))) for jaar in _jaren(dienst_van, dienst_tot)}
    return {int(jaar): cent for jaar, cent in divide(bedrag_cent, _dagen(grenzen)).items()}


def splits_per_maand(bedrag_cent: int, dienst_van: date, dienst_tot: date) -> dict[date, int]:
    """An amount over the months of `[dienst_van, dienst_tot)`, each by its first day: first over the years, then by days inside each.

    So the months of a year add up to what `splits_per_jaar` gives that year, and a ledger by zorgmaand to the cent to one by year.

    Raises:
        ValueError: The period has no days.
    """
    maanden: dict[date, int] = {}
    for jaar, cent in splits_per_jaar(bedrag_cent, dienst_van, dienst_tot).items():
        van, tot = max(dienst_van, date(jaar, 1, 1)), min(dienst_tot, date(jaar + 1, 1, 1))
        eersten = [date(jaar, maand, 1) for maand in range(van.month, 13) if date(jaar, maand, 1) < tot]
        grenzen = {eerste.isoformat(): (max(van, eerste), min(tot, _volgende(eerste))) for eerste in eersten}
        maanden |= {date.fromisoformat(eerste): deel for eerste, deel in divide(cent, _dagen(grenzen)).items()}
    return maanden


def _must_have_days(van: date, tot: date) -> None:
    if tot <= van:
        raise ValueError(f"a period from {van} up to {tot} has no days to divide an amount over")


def _jaren(van: date, tot: date) -> range:
    """The years with at least one day; an end on 1 January adds no year."""
    return range(van.year, tot.year + (tot > date(tot.year, 1, 1)))


def _volgende(eerste: date) -> date:
    return date(eerste.year + eerste.month // 12, eerste.month % 12 + 1, 1)


def _dagen(grenzen: Mapping[int, tuple[date, date]] | Mapping[str, tuple[date, date]]) -> dict[str, int]:
    return {str(deel): (tot - van).days for deel, (van, tot) in grenzen.items()}
