"""What a gemeente may read about its part in a run of the verevening: the run made again from what it was stored with, and explained."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden
from app.domain.partij import Actor
from app.reports import store
from app.reports.lezen import lezen
from app.solidarity.agreement import of_year
from app.solidarity.calculator import settle_pools
from app.solidarity.costs import costs_from_months
from app.solidarity.measures import Facts, Measures
from app.solidarity.runuitkomst import bereken, history_of, row_as_dict, with_past
from app.solidarity.service import OpgeslagenRun, read_run
from app.solidarity.uitleg import Bron, Uitleg, leg_uit

NIET_GEVONDEN = "Deze berekening bestaat niet, of deze gemeente doet er niet in mee, of u werkt er niet voor."


@dataclass(frozen=True, slots=True, kw_only=True)
class UitlegPagina:
    """One gemeente in one run.

    Attributes:
        run_nr, jaar, naam, status, gemaakt_op, gemaakt_door: Of the run.
        overeenkomst: Name and version of the document.
        uitleg: The lines.
        inleg_cent: What the gemeente paid the region in monthly contributions of the year when the run was made; not set off against it.
        gemeenten: Code and name of the gemeenten in the run that the actor may read, by name.
    """

    run_nr: int
    jaar: int
    naam: str
    status: str
    gemaakt_op: datetime
    gemaakt_door: str
    overeenkomst: str
    uitleg: Uitleg
    inleg_cent: int
    gemeenten: tuple[tuple[str, str], ...]


async def read_uitleg(wereld: Wereld, actor: Actor, run_nr: int, gemeente: str) -> UitlegPagina:
    """Explain a run of the verevening to a gemeente, from the input it was stored with.

    Raises:
        NietGevonden: There is no such run, the gemeente is not in it, or it is not the actor's.
        Conflict: The run made again does not give what was stored: it was tampered with, or our calculation changed.
        OngeldigVerzoek: The run was stored before everything was kept.
    """
    if actor.gemeenten is not None and gemeente not in actor.gemeenten:
        raise NietGevonden(NIET_GEVONDEN)
    run = await read_run(wereld, actor, run_nr)
    members = {str(row["municipality"]) for row in run.regels}
    if gemeente not in members:
        raise NietGevonden(NIET_GEVONDEN)
    async with lezen(wereld) as connection:
        namen = await store.load_gemeentenamen(connection)
        zorgvormen = await store.load_zorgvormnamen(connection)
    seen = members if actor.gemeenten is None else members & actor.gemeenten
    document = run.invoer.overeenkomst
    return UitlegPagina(
        **{name: getattr(run.kop, name) for name in ("run_nr", "jaar", "naam", "status", "gemaakt_op", "gemaakt_door")},
        overeenkomst=f"{document.name}, versie {document.version}",
        uitleg=await asyncio.to_thread(_leg_uit, run, gemeente, namen, zorgvormen),
        inleg_cent=run.invoer.voorschotten.get(gemeente, 0),
        gemeenten=tuple(sorted(((code, namen.get(code, code)) for code in seen), key=lambda pair: (pair[1], pair[0]))),
    )


def _leg_uit(run: OpgeslagenRun, gemeente: str, namen: Mapping[str, str], zorgvormen: Mapping[str, str]) -> Uitleg:
    invoer = run.invoer
    again = bereken(invoer)
    if [row_as_dict(row) for row in again.rows] != list(run.regels):
        raise Conflict(f"Berekening {run.run_nr} geeft bij overdoen iets anders dan is bewaard; laat de beheerder dit uitzoeken.")
    document = invoer.overeenkomst
    agreement = with_past(document.agreement, invoer.jaar)
    facts = Facts(
        costs=costs_from_months(invoer.kosten, invoer.clienten),
        measures=Measures(document.measure_values(invoer.maatstaven)),
        history=history_of(invoer, document, agreement),
    )
    pools = [pool for pool in settle_pools(agreement, facts.costs, facts.measures, facts.history) if pool.pool.year == invoer.jaar]
    bron = Bron(document=document, gemeenten=namen, zorgvormen=zorgvormen)
    of_this_year = of_year(document.agreement, invoer.jaar)
    return leg_uit(pools, facts, gemeente, bron=bron, agreement=of_this_year, vertrekkers=again.vertrekkers)
