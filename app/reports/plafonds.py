"""The plafonds of a year and what is known of each: from rows of contracts, prestaties and toewijzingen to figures. Pure; whole cents.

A plafond is agreed per contract, zorgvorm (empty: all) and year, or for a whole contract. It never rejects a prestatie (K07): these figures are
for who manages the contracts, and hidden from aanbieders (OP095).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.periode import EEN_DAG, maand_van
from app.domain.prognose import PlafondStand, Prognose, Sein, compleet_tot, voorspel
from app.domain.toewijzing import Omvang
from app.standard.rules.volume import EURO, PER_MAAND, TOTAAL, as_basis, months_touched, volume_per_periode

PLAFONDS_MAX = 5_000
"""Plafonds of one year that are worked out; more than that is said, not hidden."""
PAGINA_MAX = 100
AFLOPEND_MAX = 200
AFLOPEND_MAANDEN = 3
"""A contract that ends within so many months with an option that is not exercised, is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondRij:
    """One plafond as agreed. `jaar` is None for a whole contract; `van` and `tot` are the days it counts for, both included."""

    contract: str
    agb: str
    aanbieder_naam: str
    domein: str
    zorgvorm: str
    zorgvorm_naam: str
    jaar: int | None
    plafond_cent: int
    van: date
    tot: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Toezegging:
    """What toewijzingen under one contract promise in one period, of those that are equal in everything that matters.

    Attributes:
        contract, zorgvorm: Where the tariff line and the product put them, on the first day that they overlap the period.
        tot: The last day that they are asked for, that of the plafond.
        open_van, open_tot: The days of it that are still open, within the toewijzing.
        ingangsdatum, einddatum: Of the toewijzing; only where the sum depends on it, else the days that are open.
        volume: Added up over `aantal` toewijzingen; None without Omvang.
        tarief_cent: Per `tarief_eenheid`; None for euros.
        totaal_cent: The Budget of a toewijzing without Omvang; None else.
        besteed_cent: Granted on it before `open_van`; of a toewijzing with a total only.
        aantal: How many toewijzingen these are.
    """

    contract: str
    zorgvorm: str
    tot: date
    open_van: date
    open_tot: date
    ingangsdatum: date
    einddatum: date | None
    volume: int | None
    eenheid: str | None
    frequentie: str | None
    tarief_cent: int | None
    tarief_eenheid: str
    totaal_cent: int | None
    besteed_cent: int
    aantal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wachtend:
    """Declaraties of the aanbieders of a contract that are not judged yet; of `zonder_bedrag` of them nobody has read the amount."""

    aantal: int = 0
    zonder_bedrag: int = 0
    bedrag_cent: int = 0


Beloften = Mapping[tuple[str, date], Mapping[str, tuple[int, int]]]
"""By contract with the last day of its plafond, and zorgvorm: cents, and toewijzingen without an amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toegezegd:
    """What all toewijzingen promise under the plafonds of a year.

    Attributes:
        stand_van: When it was worked out: that takes seconds in a large region, so it may be a few minutes ago.
        niet_toegerekend: Toewijzingen of the year that no contract line of their aanbieder fits.
    """

    stand_van: datetime
    beloofd: Beloften
    niet_toegerekend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gegevens:
    """All that is read for the plafonds of a year.

    Attributes:
        toegekend: Granted cents by contract, zorgvorm as booked, and care month.
        wachtend: By contract; the same declaratie counts at every contract that its aanbieder may claim on.
        beloofd: What toewijzingen promise, of these plafonds and perhaps of others.
    """

    rijen: tuple[PlafondRij, ...]
    toegekend: Mapping[tuple[str, str, date], int] = field(default_factory=dict)
    wachtend: Mapping[str, Wachtend] = field(default_factory=dict)
    beloofd: Beloften = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plafond:
    """One plafond with its figures. `onbekend` counts the toewijzingen without Omvang and without Budget: they commit nothing that is known."""

    rij: PlafondRij
    stand: PlafondStand
    prognose: Prognose
    wachtend: Wachtend
    onbekend: int

    @property
    def sein(self) -> Sein:
        """Its warning."""
        return self.stand.sein


@dataclass(frozen=True, slots=True, kw_only=True)
class Aflopend:
    """A contract that ends soon, and the last day of its next option, which is not exercised."""

    contract: str
    agb: str
    aanbieder_naam: str
    einde: date
    optie_tot: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondVraag:
    """Which plafonds a reader asks for; None does not limit. `jaar` None is this year."""

    jaar: int | None = None
    sein: Sein | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondPagina:
    """Everything the page of the plafonds shows.

    Attributes:
        tellingen: How many plafonds have each warning, whatever is asked for.
        compleet: The last day of the last complete care month.
        meer: Whether there are more than `PLAFONDS_MAX`.
        volgende: Cursor of the next page; None at the end.
    """

    stand_van: datetime
    jaar: int
    jaren: tuple[int, ...]
    compleet: date
    items: tuple[Plafond, ...]
    tellingen: Mapping[Sein, int]
    niet_toegerekend: int
    meer: bool
    aflopend: tuple[Aflopend, ...] = ()
    volgende: str | None = None

    @property
    def open_van(self) -> date:
        """The first day of which claims may still come."""
        return self.compleet + EEN_DAG


def bereken(gegevens: Gegevens, vandaag: date) -> tuple[Plafond, ...]:
    """The plafonds with their figures, the most urgent first: by warning, then by share granted, then by name."""
    compleet = compleet_tot(vandaag)
    maanden = _per_contract(gegevens.toegekend)
    plafonds = [_plafond(rij, gegevens, compleet, maanden) for rij in gegevens.rijen]
    return tuple(sorted(plafonds, key=_urgentie))


def _urgentie(plafond: Plafond) -> tuple[object, ...]:
    rij = plafond.rij
    return (-plafond.sein, -(plafond.stand.promille or 0), rij.aanbieder_naam, rij.contract, rij.zorgvorm, rij.jaar or 0)


Maandbedragen = Mapping[str, Mapping[str, Mapping[date, int]]]


def _plafond(rij: PlafondRij, gegevens: Gegevens, compleet: date, maanden: Maandbedragen) -> Plafond:
    per_maand = _maanden_van(rij, maanden.get(rij.contract, {}))
    parts = [part for zorgvorm, part in gegevens.beloofd.get((rij.contract, rij.tot), {}).items() if rij.zorgvorm in ("", zorgvorm)]
    claimed = sum(cent for maand, cent in per_maand.items() if maand > compleet)
    wachtend = gegevens.wachtend.get(rij.contract, Wachtend())
    stand = PlafondStand(
        plafond_cent=rij.plafond_cent,
        van=rij.van,
        tot=rij.tot,
        per_maand=per_maand,
        wacht_cent=max(0, wachtend.bedrag_cent),
        verplicht_cent=max(0, sum(cent for cent, _ in parts) - claimed),
    )
    return Plafond(
        rij=rij, stand=stand, prognose=voorspel(stand, compleet), wachtend=wachtend, onbekend=sum(unknown for _, unknown in parts)
    )


def _maanden_van(rij: PlafondRij, per_zorgvorm: Mapping[str, Mapping[date, int]]) -> dict[date, int]:
    """What counts for a plafond, by care month: its own zorgvorm, or all of them."""
    first = maand_van(rij.van)
    found: dict[date, int] = {}
    for zorgvorm, maanden in per_zorgvorm.items():
        if rij.zorgvorm in ("", zorgvorm):
            for maand, cent in maanden.items():
                if first <= maand <= rij.tot:
                    found[maand] = found.get(maand, 0) + cent
    return found


def _per_contract(toegekend: Mapping[tuple[str, str, date], int]) -> Maandbedragen:
    grouped: defaultdict[str, defaultdict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
    for (contract, zorgvorm, maand), cent in toegekend.items():
        grouped[contract][zorgvorm][maand] = cent
    return grouped


def beloofd(toezeggingen: Iterable[Toezegging]) -> Beloften:
    """Cents and toewijzingen without an amount, added up."""
    found: defaultdict[tuple[str, date], dict[str, tuple[int, int]]] = defaultdict(dict)
    for each in toezeggingen:
        parts = found[each.contract, each.tot]
        cent, unknown = parts.get(each.zorgvorm, (0, 0))
        more = verwacht_cent(each)
        parts[each.zorgvorm] = (cent, unknown + each.aantal) if more is None else (cent + more, unknown)
    return found


def verwacht_cent(toezegging: Toezegging) -> int | None:
    """What toewijzingen may cost on the days that are open, in cents; None without Omvang and Budget, which say nothing.

    Per day, week and month the Volume of the open days at the tariff (`standard.rules.volume`, IV076 to IV078). A total, of the whole
    toewijzing or its Budget, is what is left of it; of one that goes on after the period, the share of the days that lie in it.
    Raises:
        ValueError: The frequentie is unknown.
    """
    each = toezegging
    if each.volume is None or each.eenheid is None or each.frequentie is None:
        return None if each.totaal_cent is None else _deel(each, each.totaal_cent)
    if each.frequentie == TOTAAL:
        return _deel(each, _prijs(each, each.eenheid, each.volume))
    if each.frequentie == PER_MAAND:
        return _prijs(each, each.eenheid, each.volume * months_touched(each.open_van, each.open_tot))
    omvang = Omvang(volume=each.volume, eenheid=each.eenheid, frequentie=each.frequentie)
    volume = volume_per_periode(omvang, (each.ingangsdatum, each.einddatum), each.open_van, each.open_tot)
    return _prijs(each, each.eenheid, volume)


def _prijs(toezegging: Toezegging, eenheid: str, volume: int) -> int:
    """A volume at the tariff of the line; euros count cents (CD087), hours and minutes are exchanged (IV081)."""
    if eenheid == EURO:
        return volume
    tarief = toezegging.tarief_cent or 0
    if eenheid == toezegging.tarief_eenheid:
        return tarief * volume
    return round_half_up(Fraction(tarief * as_basis(volume, eenheid), as_basis(1, toezegging.tarief_eenheid)))


def _deel(toezegging: Toezegging, totaal_cent: int) -> int:
    """What is left of a total, as far as it falls in the open days."""
    rest = max(0, totaal_cent - toezegging.besteed_cent)
    einde = toezegging.einddatum
    if einde is None or einde <= toezegging.open_tot:
        return rest
    open_days = (toezegging.open_tot + EEN_DAG - toezegging.open_van).days
    return round_half_up(Fraction(rest * open_days, (einde + EEN_DAG - toezegging.open_van).days))
