"""What controllers ask about budgets: one read of the database at one moment, in a constant number of queries, worked out beside the event loop."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, aanbieder, code_van
from app.domain.periode import maand_van
from app.mailbox import make_cursor, read_cursor
from app.reports import store
from app.reports import store_uitputting as rows
from app.reports.kosten import Basis, BudgetCel
from app.reports.lezen import lezen, stempel_van
from app.reports.store_uitputting import Plek, Stand, Vraag, ZonderToewijzing, sleutel_van
from app.reports.uitputting import (
    ZONDER_AANBIEDER,
    ErvaringRegel,
    Gegevens,
    Ingediend,
    Onvolledig,
    Per,
    Uitputting,
    achterblijvers,
    budgetten_per,
    gemist,
    maanden_eerder,
    rijen_van,
    totaal_van,
)
from app.reports.uitputting_prognose import Boekregel, Cel, Ervaring, Plaats, leer, voorspel
from app.reports.uitputting_verschil import Moment, Mutatie, verklaar

RIJEN_MAX = 100
JAAR_MIN, JAAR_MAX = 2000, 2100


async def read_uitputting(
    wereld: Wereld,
    actor: Actor,
    jaar: int | None = None,
    *,
    tot_en_met: int | None = None,
    peil: date | None = None,
    basis: Basis = Basis.ZORG,
    per: Per = Per.GEMEENTE,
    gemeente: str | None = None,
    cursor: str | None = None,
    limit: int = RIJEN_MAX,
) -> Uitputting:
    """Budget, committed, claimed, granted, paid and forecast of a year, and what the last month of booking changed.

    Args:
        wereld, actor: The world, and who asks: only their gemeenten are counted.
        jaar: Of the budget; None: this year.
        tot_en_met: The last month (1 to 12) that is counted; None: the month before this one, of an earlier year December.
        peil: Month of booking (its first day) up to which the books are read; None: this month. On boekmaand it is the month that is counted.
        basis: Cost by month of care or of booking; by booking there is no forecast by experience and no difference.
        per: What a row is about.
        gemeente: Only this one.
        cursor, limit: Which rows; the total is of all of them.
    Raises:
        NietToegestaan: An aanbieder asks, or somebody without a gemeente (a budget is hidden from aanbieders, OP095).
        NietGevonden: The gemeente is not in the region, or not the actor's.
        OngeldigVerzoek: There is no such month or year.
        CursorOngeldig: The cursor is not one of ours.
        Unavailable: The database does not answer.
    """
    _check(actor)
    skipped = 0 if cursor is None else read_cursor(cursor)
    period = _periode(wereld.vandaag, jaar, tot_en_met, peil, basis)

    async def maak() -> Uitputting:
        return await _van_nu(wereld, actor, period, basis, per, gemeente)

    sleutel = ("uitputting", actor.gemeenten, wereld.vandaag, period, basis, per, gemeente)
    report = await wereld.bewaard.haal(sleutel, await stempel_van(wereld), maak)
    return replace(
        report,
        rijen=report.rijen[skipped : skipped + limit],
        volgende=make_cursor(skipped + limit) if len(report.rijen) > skipped + limit else None,
    )


async def _van_nu(wereld: Wereld, actor: Actor, period: _Periode, basis: Basis, per: Per, gemeente: str | None) -> Uitputting:
    """All rows of the report by what the database says now; of the actor only the gemeenten matter."""
    nu = wereld.nu
    async with lezen(wereld) as connection:
        gemeenten = await store.load_gemeentenamen(connection)
        if gemeente is not None and (gemeente not in gemeenten or (actor.gemeenten is not None and gemeente not in actor.gemeenten)):
            raise NietGevonden("Deze gemeente bestaat niet in de regio, of u werkt er niet voor.")
        seen = [gemeente] if gemeente is not None else None if actor.gemeenten is None else sorted(actor.gemeenten)
        vraag = Vraag(gemeenten=seen, jaar=period.jaar, basis=basis, peil=period.peil)
        gelezen = await _lees(connection, actor, vraag, per, gemeenten)
        jaren = await store.list_jaren(connection, basis)
    kop = _Kop(
        stand_van=nu,
        jaren=tuple(sorted({*jaren, wereld.vandaag.year, period.jaar}, reverse=True)),
        gemeente=gemeente,
        gemeenten=_keuzes(gemeenten, actor),
    )
    return await asyncio.to_thread(_bereken, gelezen, vraag, period, per, kop)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kop:
    """What stands above the figures."""

    stand_van: datetime
    jaren: tuple[int, ...]
    gemeente: str | None
    gemeenten: tuple[tuple[str, str], ...]


def _keuzes(namen: Mapping[str, str], actor: Actor) -> tuple[tuple[str, str], ...]:
    """The gemeenten that this actor may choose, by name."""
    mine = [(code, naam) for code, naam in namen.items() if actor.gemeenten is None or code in actor.gemeenten]
    return tuple(sorted(mine, key=lambda each: (each[1], each[0])))


def _check(actor: Actor) -> None:
    for_aanbieder = any(partij == aanbieder(code_van(partij)) for partij in actor.partijen)
    if for_aanbieder or actor.is_regiosoftware or (actor.gemeenten is not None and not actor.gemeenten):
        raise NietToegestaan("Budgetten zijn er voor gemeenten en voor de regio, niet voor aanbieders.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Periode:
    jaar: int
    maanden: int
    peil: date

    @property
    def tot_en_met(self) -> date:
        return date(self.jaar, self.maanden, 1)


def _periode(vandaag: date, jaar: int | None, tot_en_met: int | None, peil: date | None, basis: Basis) -> _Periode:
    year = vandaag.year if jaar is None else jaar
    if not JAAR_MIN <= year <= JAAR_MAX:
        raise OngeldigVerzoek(f"Kies een jaar van {JAAR_MIN} tot en met {JAAR_MAX}.")
    if tot_en_met is not None and not 1 <= tot_en_met <= 12:
        raise OngeldigVerzoek("Kies een maand van 1 tot en met 12.")
    if peil is not None and peil.day != 1:
        raise OngeldigVerzoek("Een maand heet naar haar eerste dag.")
    months = tot_en_met if tot_en_met is not None else 12 if year < vandaag.year else max(1, vandaag.month - 1)
    until = maand_van(vandaag) if peil is None else peil
    return _Periode(jaar=year, maanden=months, peil=date(year, months, 1) if basis is Basis.BOEK else until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gelezen:
    """Everything that was read; `stand` is keyed as the rows are, cost without toewijzing not yet apart."""

    stand: Mapping[Plek, Stand]
    kosten_gemeenten: Mapping[Plek, Stand]
    verplicht: Mapping[tuple[str, str], int] | None
    budgetten: Sequence[BudgetCel]
    zonder: Sequence[ZonderToewijzing]
    ervaring: Sequence[Boekregel]
    mutaties: Sequence[Mutatie]
    wachtend: Mapping[tuple[str, str], Ingediend]
    declareerde: Mapping[str, frozenset[tuple[str, date]]]
    betaald: Mapping[str, int] | None
    plafonds: Mapping[str, int] | None
    namen: Mapping[str, str]
    zorgvormnamen: Mapping[str, str]
    aanbiedernamen: Mapping[str, str]
    gemeentenamen: Mapping[str, str]


async def _lees(connection: AsyncConnection, actor: Actor, vraag: Vraag, per: Per, gemeenten: Mapping[str, str]) -> _Gelezen:
    zorg = vraag.basis is Basis.ZORG
    by_gemeente = await rows.load_stand(connection, vraag)
    stand = by_gemeente if per is not Per.AANBIEDER else await _stand_aanbieders(connection, vraag)
    zorgvormen = await store.load_zorgvormnamen(connection)
    aanbieders = await rows.load_aanbiedernamen(connection)
    whole_region = actor.gemeenten is None and vraag.gemeenten is None
    budgetten = [
        cel
        for cel in await store.load_budgetten(connection, actor, vraag.jaar)
        if vraag.gemeenten is None or cel.gemeente in vraag.gemeenten
    ]
    return _Gelezen(
        stand=stand,
        kosten_gemeenten=by_gemeente,
        verplicht=None if zorg or per is Per.AANBIEDER else await rows.load_verplicht(connection, vraag),
        budgetten=budgetten,
        zonder=await rows.load_zonder_toewijzing(connection, vraag),
        ervaring=await rows.load_ervaring(connection, vraag) if zorg else (),
        mutaties=await rows.load_mutaties(connection, vraag, per) if zorg else (),
        wachtend=await rows.load_wachtend(connection, vraag),
        declareerde=await rows.load_declareerde(connection, vraag) if zorg and per is Per.GEMEENTE else {},
        betaald=None if per is Per.ZORGVORM else await rows.load_betaald(connection, vraag, per),
        plafonds=await rows.load_plafonds(connection, vraag.jaar) if per is Per.AANBIEDER and whole_region else None,
        namen={Per.GEMEENTE: gemeenten, Per.ZORGVORM: zorgvormen, Per.AANBIEDER: aanbieders}[per],
        zorgvormnamen=zorgvormen,
        aanbiedernamen=aanbieders,
        gemeentenamen=gemeenten,
    )


async def _stand_aanbieders(connection: AsyncConnection, vraag: Vraag) -> dict[Plek, Stand]:
    kosten = await rows.load_kosten_aanbieders(connection, vraag)
    verplicht = await rows.load_verplicht_aanbieders(connection, vraag)
    return {plek: Stand(kosten.get(plek, 0), verplicht.get(plek, 0)) for plek in kosten.keys() | verplicht.keys()}


def _bereken(gelezen: _Gelezen, vraag: Vraag, period: _Periode, per: Per, kop: _Kop) -> Uitputting:
    stand = _cellen(gelezen, vraag, per)
    zorg = vraag.basis is Basis.ZORG
    budgetten, budget = budgetten_per(per, gelezen.budgetten)
    ingediend = _ingediend(gelezen.wachtend, per)
    moment, toen = _momenten(gelezen, vraag, period)
    gegevens = Gegevens(
        stand=stand,
        budgetten=budgetten,
        namen={ZONDER_AANBIEDER: "Zonder aanbieder", **gelezen.namen} if per is Per.AANBIEDER else gelezen.namen,
        ingediend=ingediend,
        betaald=gelezen.betaald,
        verplicht=_verplicht(gelezen, per),
        plafonds=gelezen.plafonds,
        prognoses=voorspel(stand, moment.ervaringen, peil=period.peil, maanden=period.maanden) if zorg else None,
        verschillen=verklaar(stand, gelezen.mutaties, toen=toen, nu=moment) if zorg else {},
    )
    sleutels = {plaats[0] for plaats in stand} | budgetten.keys() | (ingediend or {}).keys() | (gelezen.betaald or {}).keys()
    if per is Per.AANBIEDER and not any(plaats[0] == ZONDER_AANBIEDER for plaats in stand):
        sleutels -= {ZONDER_AANBIEDER}
    order = sorted(sleutels, key=lambda each: (each == ZONDER_AANBIEDER, gegevens.namen.get(each, each), each))
    found = rijen_van(gegevens, jaar=period.jaar, maanden=period.maanden, sleutels=order)
    return Uitputting(
        stand_van=kop.stand_van,
        jaar=period.jaar,
        jaren=kop.jaren,
        tot_en_met=period.tot_en_met,
        peil=period.peil,
        basis=vraag.basis,
        per=per,
        gemeente=kop.gemeente,
        gemeenten=kop.gemeenten,
        verplicht_is_nu=per is Per.AANBIEDER,
        rijen=found,
        totaal=totaal_van(found, jaar=period.jaar, maanden=period.maanden, budget_cent=budget),
        onvolledig=_onvolledig(gelezen, stand, vraag, period, per) if zorg else (),
        ervaringen=_ervaringregels(moment.ervaringen, gelezen.zorgvormnamen, stand),
    )


def _cellen(gelezen: _Gelezen, vraag: Vraag, per: Per) -> dict[Plaats, Cel]:
    """The stand with what acts booked apart; per aanbieder what belongs to none gets a row of its own."""
    zonder: dict[Plaats, int] = defaultdict(int)
    visible = None if vraag.gemeenten is None else set(vraag.gemeenten)
    for each in gelezen.zonder:
        maand = each.zorgmaand if vraag.basis is Basis.ZORG else each.boekmaand
        if maand.year == vraag.jaar and (visible is None or each.gemeente in visible):
            zonder[sleutel_van(per, each.gemeente, each.agb, each.zorgvorm), each.zorgvorm, maand] += each.cent
    sums: dict[Plaats, Cel] = defaultdict(Cel)
    for (sleutel, zorgvorm, maand), row in gelezen.stand.items():
        plaats = (zorgvorm if per is Per.ZORGVORM else sleutel), zorgvorm, maand
        sums[plaats] = sums[plaats].plus(Cel(row.kosten, 0, row.verplicht))
    if per is Per.AANBIEDER:
        for plaats, kosten in _zonder_aanbieder(gelezen).items():
            sums[plaats] = sums[plaats].plus(Cel(kosten, 0, 0))
    for plaats, cents in zonder.items():
        sums[plaats] = sums[plaats].plus(Cel(-cents, cents, 0))
    return dict(sums)


def _zonder_aanbieder(gelezen: _Gelezen) -> dict[Plaats, int]:
    """What gemeenten bear beyond what aanbieders earned."""
    rest: dict[Plaats, int] = defaultdict(int)
    for (_, zorgvorm, maand), row in gelezen.kosten_gemeenten.items():
        rest[ZONDER_AANBIEDER, zorgvorm, maand] += row.kosten
    for (_, zorgvorm, maand), row in gelezen.stand.items():
        rest[ZONDER_AANBIEDER, zorgvorm, maand] -= row.kosten
    return {plaats: cents for plaats, cents in rest.items() if cents}


def _ingediend(wachtend: Mapping[tuple[str, str], Ingediend], per: Per) -> dict[str, Ingediend] | None:
    if per is Per.ZORGVORM:
        return None
    sums: dict[str, Ingediend] = defaultdict(Ingediend)
    for (gemeente, agb), each in wachtend.items():
        sleutel = gemeente if per is Per.GEMEENTE else agb
        sums[sleutel] = sums[sleutel].plus(each)
    return dict(sums)


def _verplicht(gelezen: _Gelezen, per: Per) -> dict[str, int] | None:
    if gelezen.verplicht is None:
        return None
    sums: dict[str, int] = defaultdict(int)
    for (gemeente, zorgvorm), cents in gelezen.verplicht.items():
        sums[sleutel_van(per, gemeente, "", zorgvorm)] += cents
    return dict(sums)


def _momenten(gelezen: _Gelezen, vraag: Vraag, period: _Periode) -> tuple[Moment, Moment]:
    """Experience of now, and of the month before."""
    zonder: dict[tuple[str, date, date], int] = defaultdict(int)
    for each in gelezen.zonder:
        zonder[each.zorgvorm, each.zorgmaand, each.boekmaand] += each.cent
    regels = [regel._replace(toegekend=regel.toegekend - zonder.get(regel[:3], 0)) for regel in gelezen.ervaring]
    vorige = maanden_eerder(vraag.peil, 1)
    earlier = period.maanden if period.maanden == 1 or vorige.year < period.jaar or period.peil.year > period.jaar else period.maanden - 1
    return Moment(vraag.peil, period.maanden, leer(regels, vraag.peil)), Moment(vorige, earlier, leer(regels, vorige))


def _onvolledig(gelezen: _Gelezen, stand: Mapping[Plaats, Cel], vraag: Vraag, period: _Periode, per: Per) -> tuple[Onvolledig, ...]:
    found = achterblijvers(stand, gelezen.namen, peil=vraag.peil, tot_en_met=period.tot_en_met)
    if per is Per.GEMEENTE:
        missed = gemist(gelezen.declareerde, gelezen.namen, frozenset(gelezen.wachtend), jaar=period.jaar, peil=vraag.peil)
        named = gelezen.aanbiedernamen
        found += [replace(each, aanbieders=tuple(named.get(agb, agb) for agb in each.aanbieders)) for each in missed]
    return tuple(sorted(found, key=lambda each: (each.naam, each.sleutel, each.maand)))


def _ervaringregels(ervaringen: Mapping[str, Ervaring], namen: Mapping[str, str], stand: Mapping[Plaats, Cel]) -> tuple[ErvaringRegel, ...]:
    shown = {zorgvorm for _, zorgvorm, _ in stand}
    found = [ErvaringRegel(zorgvorm=z, naam=namen.get(z, z), ervaring=each) for z, each in ervaringen.items() if z in shown]
    return tuple(sorted(found, key=lambda each: (each.naam, each.zorgvorm)))
