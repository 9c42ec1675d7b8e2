"""How far a budget is used up, what is still to come and where the year ends, per gemeente, zorgvorm or aanbieder. Pure; whole cents.

The plain definitions (cumulative cost, norm, straight forecast, ceilings) are those of `solidarity.uitputting`. The forecast with commitments and
late claims is in `uitputting_prognose`; what changed since the month before is in `uitputting_verschil`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.reports.kosten import Basis, BudgetCel, budget_per_gemeente
from app.reports.uitputting_prognose import GESLOTEN_MAANDEN, Bereik, Cel, Ervaring, Plaats, leeftijd
from app.reports.uitputting_verschil import Verschil
from app.solidarity.uitputting import MAANDEN, MaandUitputting, PlafondGebruik, honderdsten_procent, maand_uitputting, plafond_gebruik

ONVOLLEDIG_PROCENT = 80
"""A month of which less than so much of what was committed is granted, is called incomplete."""
VASTE_MAANDEN = 3
"""An aanbieder that was granted something in so many months on end is expected to be in the next one too."""
ZONDER_AANBIEDER = ""
"""Row of cost without aanbieder: pgb, ouderbijdrage, woonplaats."""


class Per(StrEnum):
    """What a row is about."""

    GEMEENTE = "gemeente"
    ZORGVORM = "zorgvorm"
    AANBIEDER = "aanbieder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingediend:
    """Declaraties that were received and are not judged yet; of `zonder_bedrag` of them nobody has read the amount."""

    aantal: int = 0
    zonder_bedrag: int = 0
    bedrag_cent: int = 0

    def plus(self, other: Ingediend) -> Ingediend:
        """Both together."""
        return Ingediend(
            aantal=self.aantal + other.aantal,
            zonder_bedrag=self.zonder_bedrag + other.zonder_bedrag,
            bedrag_cent=self.bedrag_cent + other.bedrag_cent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UitputtingRij:
    """One gemeente, zorgvorm or aanbieder in one year; amounts in cents.

    Attributes:
        budget_cent: Of the year; None: none was loaded at this level.
        verplicht_cent: Still expected on toewijzingen for months of care in the year.
        ingediend: Received and not judged, whatever month it is about; None per zorgvorm, because nobody has read the lines yet.
        betaald_cent: Paid, advances included; None per zorgvorm: a payment is for all care of an aanbieder.
        maanden: The course of the year up to and including the month that is asked for.
        prognose: Where the year ends by experience; None on boekmaand.
        plafond: Of an aanbieder, for who sees all gemeenten.
        verschil: What changed since the month before, by cause.
    """

    sleutel: str
    naam: str
    budget_cent: int | None
    verplicht_cent: int
    ingediend: Ingediend | None
    betaald_cent: int | None
    maanden: tuple[MaandUitputting, ...]
    prognose: Bereik | None = None
    plafond: PlafondGebruik | None = None
    verschil: tuple[Verschil, ...] = ()

    @property
    def toegekend_cent(self) -> int:
        """Cost of the year so far."""
        return self.maanden[-1].cumulatief_cent

    @property
    def uitputting_honderdsten(self) -> int | None:
        """The part of the budget that is used, in hundredths of a percent."""
        return None if self.budget_cent is None else self.maanden[-1].uitputting_honderdsten

    @property
    def lineair_cent(self) -> int:
        """The year at the pace so far."""
        return self.maanden[-1].prognose_cent

    @property
    def verwacht_cent(self) -> int:
        """The best forecast there is: by experience, else at the pace so far."""
        return self.lineair_cent if self.prognose is None else self.prognose.midden

    @property
    def saldo_cent(self) -> int | None:
        """Budget minus forecast; negative is an expected overrun."""
        return None if self.budget_cent is None else self.budget_cent - self.verwacht_cent

    @property
    def afwijking_honderdsten(self) -> int | None:
        """How far the forecast is above (positive) or below the budget, in hundredths of a percent of it."""
        saldo = self.saldo_cent
        return None if saldo is None or not self.budget_cent else honderdsten_procent(-saldo, self.budget_cent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onvolledig:
    """A month of which something is missing: less granted than expected, or an aanbieder that always claims and did not."""

    sleutel: str
    naam: str
    maand: date
    toegekend_cent: int = 0
    verwacht_cent: int = 0
    aanbieders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErvaringRegel:
    """What the forecast of a zorgvorm rests on."""

    zorgvorm: str
    naam: str
    ervaring: Ervaring


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitputting:
    """The report.

    Attributes:
        tot_en_met: First day of the last month of the year that is counted; of care or of booking, by `basis`.
        peil: The month of booking up to which the books are read.
        gemeente: Only this one; None: all that the reader sees.
        gemeenten: Code and name of those to choose from.
        verplicht_is_nu: Per aanbieder: commitments are those of now, whatever `peil`.
        volgende: Cursor of the next page of rows; None at the end. `totaal` is of all rows.
    """

    stand_van: datetime
    jaar: int
    jaren: tuple[int, ...]
    tot_en_met: date
    peil: date
    basis: Basis
    per: Per
    gemeente: str | None
    gemeenten: tuple[tuple[str, str], ...]
    rijen: tuple[UitputtingRij, ...]
    totaal: UitputtingRij
    onvolledig: tuple[Onvolledig, ...] = ()
    ervaringen: tuple[ErvaringRegel, ...] = ()
    verplicht_is_nu: bool = False
    volgende: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gegevens:
    """What was read for the rows of one report.

    Attributes:
        stand: Per row, zorgvorm and month of the basis; committed by month of care.
        verplicht: Still committed per row, when the basis is not the month of care; else it is in `stand`.
        plafonds: Per aanbieder; None: the reader does not see the whole of them.
    """

    stand: Mapping[Plaats, Cel]
    budgetten: Mapping[str, int]
    namen: Mapping[str, str]
    ingediend: Mapping[str, Ingediend] | None
    betaald: Mapping[str, int] | None
    verplicht: Mapping[str, int] | None = None
    plafonds: Mapping[str, int] | None = None
    prognoses: Mapping[str, Bereik] | None = None
    verschillen: Mapping[str, tuple[Verschil, ...]] = field(default_factory=dict)


def rijen_van(gegevens: Gegevens, *, jaar: int, maanden: int, sleutels: Iterable[str]) -> tuple[UitputtingRij, ...]:
    """The rows, in the order of `sleutels`."""
    cost: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    committed: dict[str, int] = defaultdict(int)
    for (sleutel, _, maand), cel in gegevens.stand.items():
        cost[sleutel][maand.month] += cel.toegekend + cel.zonder_toewijzing
        committed[sleutel] += cel.verplicht
    if gegevens.verplicht is not None:
        committed = defaultdict(int, gegevens.verplicht)
    rows = []
    for sleutel in sleutels:
        course = verloop(sleutel, jaar, maanden, cost[sleutel], gegevens.budgetten.get(sleutel))
        rows.append(
            UitputtingRij(
                sleutel=sleutel,
                naam=gegevens.namen.get(sleutel, sleutel),
                budget_cent=gegevens.budgetten.get(sleutel),
                verplicht_cent=committed[sleutel],
                ingediend=None if gegevens.ingediend is None else gegevens.ingediend.get(sleutel, Ingediend()),
                betaald_cent=None if gegevens.betaald is None else gegevens.betaald.get(sleutel, 0),
                maanden=course,
                prognose=None if gegevens.prognoses is None else gegevens.prognoses.get(sleutel, Bereik(0, 0, 0)),
                plafond=_plafond(gegevens, sleutel, jaar, course[-1].cumulatief_cent),
                verschil=gegevens.verschillen.get(sleutel, ()),
            )
        )
    return tuple(rows)


def _plafond(gegevens: Gegevens, sleutel: str, jaar: int, gerealiseerd: int) -> PlafondGebruik | None:
    if gegevens.plafonds is None or sleutel == ZONDER_AANBIEDER:
        return None
    return plafond_gebruik(aanbieder=sleutel, jaar=jaar, plafond_cent=gegevens.plafonds.get(sleutel), gerealiseerd_cent=gerealiseerd)


def verloop(sleutel: str, jaar: int, maanden: int, kosten: Mapping[int, int], budget_cent: int | None) -> tuple[MaandUitputting, ...]:
    """The months from January on, those without cost too; without a budget percentages are None and the balance is what is overspent."""
    rows, total = [], 0
    for maand in range(1, maanden + 1):
        total += kosten.get(maand, 0)
        rows.append(
            maand_uitputting(
                gemeente=sleutel,
                jaar=jaar,
                maand=maand,
                kosten_cent=kosten.get(maand, 0),
                cumulatief_cent=total,
                budget_cent=budget_cent or 0,
            )
        )
    return tuple(rows)


def totaal_van(rijen: Sequence[UitputtingRij], *, jaar: int, maanden: int, budget_cent: int | None) -> UitputtingRij:
    """All rows together; its budget is given, because rows do not always have one."""
    kosten: dict[int, int] = defaultdict(int)
    for rij in rijen:
        for each in rij.maanden:
            kosten[each.maand] += each.kosten_cent
    forecasts = [rij.prognose for rij in rijen if rij.prognose is not None]
    waiting = [rij.ingediend for rij in rijen if rij.ingediend is not None]
    paid = [rij.betaald_cent for rij in rijen if rij.betaald_cent is not None]
    total, submitted = Bereik(0, 0, 0), Ingediend()
    for forecast in forecasts:
        total = total.plus(forecast)
    for each_waiting in waiting:
        submitted = submitted.plus(each_waiting)
    return UitputtingRij(
        sleutel="",
        naam="Totaal",
        budget_cent=budget_cent,
        verplicht_cent=sum(rij.verplicht_cent for rij in rijen),
        ingediend=submitted if waiting else None,
        betaald_cent=sum(paid) if paid else None,
        maanden=verloop("", jaar, maanden, kosten, budget_cent),
        prognose=total if forecasts else None,
        verschil=_samen(rijen),
    )


def _samen(rijen: Iterable[UitputtingRij]) -> tuple[Verschil, ...]:
    sums: dict[str, list[int]] = {}
    order: dict[str, Verschil] = {}
    for rij in rijen:
        for each in rij.verschil:
            order.setdefault(each.waardoor, each)
            cells = sums.setdefault(each.waardoor, [0, 0, 0, 0])
            for index, cents in enumerate((each.aantal, each.toegekend_cent, each.verplicht_cent, each.prognose_cent)):
                cells[index] += cents
    found = [
        Verschil(waardoor=order[name].waardoor, aantal=a, toegekend_cent=t, verplicht_cent=v, prognose_cent=p)
        for name, (a, t, v, p) in sums.items()
    ]
    places = list(type(found[0].waardoor)) if found else []
    return tuple(sorted(found, key=lambda each: places.index(each.waardoor)))


def budgetten_per(per: Per, cellen: Sequence[BudgetCel]) -> tuple[dict[str, int], int | None]:
    """The budget of each row, and of all of them together; an aanbieder has a plafond, not a budget."""
    whole = budget_per_gemeente(cellen)
    total = sum(whole.values()) if whole else None
    if per is Per.GEMEENTE:
        return whole, total
    parts: dict[str, int] = defaultdict(int)
    for cel in cellen:
        if cel.zorgvorm and per is Per.ZORGVORM:
            parts[cel.zorgvorm] += cel.bedrag_cent
    return dict(parts), total


def achterblijvers(stand: Mapping[Plaats, Cel], namen: Mapping[str, str], *, peil: date, tot_en_met: date) -> list[Onvolledig]:
    """Months of rows, up to the one that is counted, of which too little of the commitment is granted."""
    sums: dict[tuple[str, date], Cel] = defaultdict(Cel)
    for (sleutel, _, maand), cel in stand.items():
        if maand <= tot_en_met and maand < peil:
            sums[sleutel, maand] = sums[sleutel, maand].plus(cel)
    found = []
    for (sleutel, maand), cel in sorted(sums.items()):
        expected = cel.toegekend + cel.verplicht
        if cel.verplicht > 0 and cel.toegekend * 100 < expected * ONVOLLEDIG_PROCENT:
            naam = namen.get(sleutel, sleutel)
            found.append(Onvolledig(sleutel=sleutel, naam=naam, maand=maand, toegekend_cent=cel.toegekend, verwacht_cent=expected))
    return found


def gemist(
    declareerde: Mapping[str, frozenset[tuple[str, date]]],
    namen: Mapping[str, str],
    wachtend: frozenset[tuple[str, str]],
    *,
    jaar: int,
    peil: date,
) -> list[Onvolledig]:
    """Months that should be claimed by now without anything of an aanbieder that was there in each of the three months before.

    Args:
        declareerde: Per row the (aanbieder, month of care) with something granted, from three months before the year on.
        namen: Of the rows.
        wachtend: (row, aanbieder) of which a declaratie waits to be judged: it came, so it is not missing.
        jaar, peil: Months of this year that are two months old at this month of booking.
    """
    found = []
    for sleutel, seen in sorted(declareerde.items()):
        agbs = {agb for agb, _ in seen}
        for number in range(1, MAANDEN + 1):
            maand = date(jaar, number, 1)
            if leeftijd(maand, peil) < GESLOTEN_MAANDEN:
                break
            missing = tuple(
                agb
                for agb in sorted(agbs)
                if (agb, maand) not in seen
                and (sleutel, agb) not in wachtend
                and all((agb, maanden_eerder(maand, back)) in seen for back in range(1, VASTE_MAANDEN + 1))
            )
            if missing:
                found.append(Onvolledig(sleutel=sleutel, naam=namen.get(sleutel, sleutel), maand=maand, aanbieders=missing))
    return found


def maanden_eerder(maand: date, aantal: int) -> date:
    """The first day of the month so many months before."""
    months = maand.year * MAANDEN + maand.month - 1 - aantal
    return date(months // MAANDEN, months % MAANDEN + 1, 1)
