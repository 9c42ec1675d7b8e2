"""What readers can ask: each answer is one read of the database at one moment, and says at which (`stand_van`)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import Actor
from app.mailbox.inbox import kenmerk
from app.reports import store, store_termijnen
from app.reports.berichten import (
    CSV_MAX,
    LIJST_MAX,
    BerichtenLijst,
    BerichtFilter,
    BerichtRegel,
    BevindingRegel,
    Stap,
    Statustelling,
    mag_inhoud_zien,
    must_search_clients,
    verloop,
)
from app.reports.gezondheid import Nagerekend
from app.reports.kosten import (
    Basis,
    KostenOverzicht,
    VereveningRun,
    per_gemeente,
    per_maand,
    per_zorgvorm,
    totaal,
    verevening_per_gemeente,
    verevening_regels,
)
from app.reports.lezen import lezen
from app.reports.oorzaken import Oorzaak
from app.reports.regels import Afgegaan, list_afgegaan
from app.reports.store_gezondheid import load_nagerekend
from app.reports.termijnen import Klok, Telling, Termijn, TermijnFilter, VerzoekRegel
from app.reports.xmlweergave import XmlWeergave, weergave

BEVINDINGEN_MAX = 200
"""Bevindingen on one page of a bericht."""
MET_VERZOEKEN = ("315", "317")
VERZOEKEN_MAX = 200
"""Requests on the page of a bericht."""
TOP = 5
"""Rows of each short list on the start page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overzicht:
    """The start page: what needs attention now."""

    stand_van: datetime
    statussen: tuple[Statustelling, ...]
    termijn_telling: Telling
    declaraties: int
    ingediend_cent: int
    toegekend_cent: int
    oorzaken: tuple[Oorzaak, ...]
    termijnen: tuple[Termijn, ...]
    nagerekend: Nagerekend | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtPagina:
    """One bericht with everything its page shows; `xml` is None when the actor may not read it or its bytes are not kept.

    `verzoeken` are the requests in a 315 or 317 that was taken up.
    """

    stand_van: datetime
    bericht: BerichtRegel
    antwoord: BerichtRegel | None
    antwoord_op: BerichtRegel | None
    verloop: tuple[Stap, ...]
    oorzaken: tuple[tuple[str, str, int, int], ...]
    bevindingen: tuple[BevindingRegel, ...]
    bevindingen_totaal: int
    volgende: int | None
    mag_inhoud: bool
    xml: XmlWeergave | None
    verzoeken: tuple[VerzoekRegel, ...] = ()


async def read_overzicht(wereld: Wereld, actor: Actor) -> Overzicht:
    """What needs attention, for this actor."""
    vandaag = wereld.vandaag
    klok, alles = Klok.op(vandaag, vrije_dagen()), TermijnFilter()
    async with lezen(wereld) as connection:
        declaraties, ingediend, toegekend = await store.sum_declaraties(connection, actor, vandaag)
        termijnen = await store_termijnen.count_termijnen(connection, actor, alles, klok)
        oorzaken = await store.list_oorzaken(connection, actor, vanaf=vandaag - timedelta(days=29))
        return Overzicht(
            stand_van=wereld.nu,
            statussen=tuple(await store.count_statussen(connection, actor, vandaag)),
            termijn_telling=sum(termijnen.values(), Telling()),
            declaraties=declaraties,
            ingediend_cent=ingediend,
            toegekend_cent=toegekend,
            oorzaken=tuple(oorzaken[:TOP]),
            termijnen=tuple(await store_termijnen.list_termijnen(connection, actor, alles, klok, limit=TOP)),
            nagerekend=await load_nagerekend(connection),
        )


async def list_berichten(wereld: Wereld, actor: Actor, vraag: BerichtFilter, limit: int = LIJST_MAX) -> BerichtenLijst:
    """One page of berichten, newest first.

    Raises:
        NietToegestaan: Those of one client are asked for, and the actor may not read what is in berichten.
    """
    if vraag.client is not None:
        must_search_clients(actor)
    limit = min(limit, CSV_MAX)
    async with lezen(wereld) as connection:
        rows = await store.list_berichten(connection, actor, vraag, limit + 1)
    more = len(rows) > limit
    return BerichtenLijst(stand_van=wereld.nu, items=tuple(rows[:limit]), volgende=rows[limit - 1].bericht_nr if more else None)


async def list_partijen(wereld: Wereld, actor: Actor) -> list[tuple[str, str]]:
    """The parties this actor can filter on, as (partij, name)."""
    async with lezen(wereld) as connection:
        return await store.list_partijen(connection, actor)


async def read_afgegaan(wereld: Wereld, actor: Actor, codes: Collection[str]) -> dict[str, Afgegaan]:
    """When these rules last fired in what the actor sees, by code."""
    async with lezen(wereld) as connection:
        return await list_afgegaan(connection, actor, codes)


async def read_bericht(wereld: Wereld, actor: Actor, bericht_nr: int, *, na: int = 0) -> BerichtPagina:
    """One bericht with its bevindingen after number `na` and its XML around them.

    Raises:
        NietGevonden: It does not exist, or not for this actor.
    """
    async with lezen(wereld) as connection:
        found = await _get(connection, actor, bericht_nr)
        antwoord = None if found.antwoord_nr is None else await store.get_bericht(connection, actor, found.antwoord_nr)
        answered = None if found.antwoord_op_nr is None else await store.get_bericht(connection, actor, found.antwoord_op_nr)
        rows = await store.list_bevindingen(connection, bericht_nr, na=na, limit=BEVINDINGEN_MAX + 1)
        causes = await store.list_oorzaken_van(connection, bericht_nr)
        deliveries = await store.list_bezorgingen(connection, antwoord.bericht_nr if antwoord else bericht_nr)
        verzoeken = await store_termijnen.list_verzoeken_van(connection, bericht_nr, VERZOEKEN_MAX) if found.soort in MET_VERZOEKEN else []
        mag_inhoud = mag_inhoud_zien(actor, found.van, found.aan)
        stored = await store.load_inhoud(connection, bericht_nr) if mag_inhoud else None
    shown = tuple(rows[:BEVINDINGEN_MAX])
    return BerichtPagina(
        stand_van=wereld.nu,
        bericht=found,
        antwoord=antwoord,
        antwoord_op=answered,
        verloop=verloop(found, antwoord, deliveries),
        oorzaken=tuple(causes),
        bevindingen=shown,
        bevindingen_totaal=sum(number for _, _, number, _ in causes),
        volgende=shown[-1].volgnr if len(rows) > BEVINDINGEN_MAX else None,
        mag_inhoud=mag_inhoud,
        xml=None if stored is None else await asyncio.to_thread(toon, wereld, stored, shown),
        verzoeken=tuple(verzoeken),
    )


def toon(wereld: Wereld, stored: tuple[int, bytes, bytes], bevindingen: Sequence[BevindingRegel]) -> XmlWeergave:
    """Stored bytes with these bevindingen at their lines; decrypting and cutting 25 MB takes longer than the event loop may wait."""
    return weergave(_ontcijfer(wereld, stored), bevindingen)


def _ontcijfer(wereld: Wereld, stored: tuple[int, bytes, bytes]) -> bytes:
    sleutel_versie, inhoud, sha256 = stored
    return wereld.kluis.lees(sleutel_versie, inhoud, kenmerk(sha256))


async def _get(connection: AsyncConnection, actor: Actor, bericht_nr: int) -> BerichtRegel:
    found = await store.get_bericht(connection, actor, bericht_nr)
    if found is None:
        raise NietGevonden("Dit bericht bestaat niet, of het is niet van een gemeente waarvoor u werkt.")
    return found


async def read_xml(wereld: Wereld, actor: Actor, bericht_nr: int) -> tuple[str, bytes]:
    """File name and the unaltered bytes of a bericht (of one refused at the door at most 64 kB).

    Raises:
        NietGevonden: It does not exist, or not for this actor, or its bytes are not kept.
        NietToegestaan: The actor may see that it exists, not whom it is about.
    """
    async with lezen(wereld) as connection:
        found = await _get(connection, actor, bericht_nr)
        if not mag_inhoud_zien(actor, found.van, found.aan):
            raise NietToegestaan("De inhoud van berichten noemt cliënten; die ziet u alleen met de rol uitval of toegang.")
        stored = await store.load_inhoud(connection, bericht_nr)
    if stored is None:
        raise NietGevonden("De inhoud van dit bericht is niet bewaard.")
    return f"{found.code}-{found.bericht_nr}.xml", await asyncio.to_thread(_ontcijfer, wereld, stored)


async def read_kosten(
    wereld: Wereld, actor: Actor, jaar: int | None = None, run_nr: int | None = None, *, basis: Basis = Basis.ZORG
) -> KostenOverzicht:
    """Cost, budget and settlement of a year for the actor's gemeenten; without `jaar` this year, or the last that has figures.

    Raises:
        NietGevonden: There is no such run in this year.
    """
    async with lezen(wereld) as connection:
        jaren = await store.list_jaren(connection, basis)
        year = jaar if jaar is not None else _standaard_jaar(wereld.vandaag.year, jaren)
        cells = await store.load_kosten(connection, actor, year, basis)
        budgetten = await store.load_budgetten(connection, actor, year)
        namen = await store.load_gemeentenamen(connection)
        zorgvormen = await store.load_zorgvormnamen(connection)
        stored = await store.list_runs(connection, year) if basis is Basis.ZORG else []
        runs = [_as_run(row, actor, namen) for row in stored]
    run = _kies_run(runs, run_nr)
    shares = None if run is None else verevening_per_gemeente(run.regels)
    rows = per_gemeente(cells, budgetten, namen, shares)
    return KostenOverzicht(
        stand_van=wereld.nu,
        basis=basis,
        jaar=year,
        jaren=tuple(sorted({*jaren, year}, reverse=True)),
        gemeenten=rows,
        zorgvormen=per_zorgvorm(cells, budgetten, zorgvormen),
        maanden=per_maand(cells, year),
        totaal=totaal(rows),
        verevening=run,
        runs=tuple(runs),
    )


def _standaard_jaar(dit_jaar: int, jaren: Sequence[int]) -> int:
    return dit_jaar if dit_jaar in jaren or not jaren else jaren[0]


def _kies_run(runs: Sequence[VereveningRun], run_nr: int | None) -> VereveningRun | None:
    if run_nr is None:
        return runs[0] if runs else None
    for run in runs:
        if run.run_nr == run_nr:
            return run
    raise NietGevonden("Deze berekening van de verevening bestaat niet in dit jaar.")


def _as_run(row: RowMapping, actor: Actor, namen: dict[str, str]) -> VereveningRun:
    """A stored run; the sum is over all gemeenten, the rows are those of the actor."""
    regels = verevening_regels(row["uitkomst"], namen)
    run = VereveningRun(
        run_nr=row["run_nr"],
        gemaakt_op=row["gemaakt_op"],
        gemaakt_door=row["gemaakt_door"],
        jaar=row["jaar"],
        model=row["model"],
        status=row["status"],
        regels=regels,
        som_cent=sum(regel.verevening_cent for regel in regels),
    )
    if actor.gemeenten is None:
        return run
    return replace(run, regels=tuple(regel for regel in regels if regel.gemeente in actor.gemeenten))
