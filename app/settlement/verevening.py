"""A run of the verevening from concept to books: fixed by a second controller, booked as a difference, or withdrawn; never deleted.

    concept ──► vastgesteld ──► geboekt
       └──────► ingetrokken

What a run decides is in `app.solidarity`; how it is booked in `app.ledger`. The database holds the same order of statuses.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol
from app.ledger import boek_verevening
from app.settlement import store_verevening as rows
from app.settlement.store_verevening import RunStand
from app.solidarity.runverschil import Verschil, verklaar
from app.solidarity.service import OpgeslagenRun, read_run, vorige_geboekt

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunVerschil:
    """A run beside the run that was booked before it; `vorige` is None when it is the first of its year."""

    run: OpgeslagenRun
    vorige: OpgeslagenRun | None
    verschil: Verschil


async def stel_verevening_vast(wereld: Wereld, actor: Actor, run_nr: int) -> None:
    """Fix a concept: a second controller agrees that this is the verevening of the year.

    Raises:
        NietToegestaan: The actor is no controller of the region, or the one who made it.
        NietGevonden: There is no such run.
        Conflict: It is no concept.
    """
    _must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        stand = await _concept(connection, run_nr, "vaststellen")
        if stand.gemaakt_door == actor.naam:
            raise NietToegestaan("Een andere controller dan wie de verevening berekende stelt haar vast.")
        await rows.set_vastgesteld(connection, run_nr, door=actor.naam, op=wereld.nu)
    log.info("verevening_fixed", run=run_nr, by=actor.naam)


async def trek_verevening_in(wereld: Wereld, actor: Actor, run_nr: int) -> None:
    """Withdraw a concept; it stays to be read.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        NietGevonden: There is no such run.
        Conflict: It is no concept.
    """
    _must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        await _concept(connection, run_nr, "intrekken")
        await rows.set_ingetrokken(connection, run_nr, door=actor.naam, op=wereld.nu)
    log.info("verevening_withdrawn", run=run_nr, by=actor.naam)


async def boek_run(wereld: Wereld, actor: Actor, run_nr: int, *, reden: str) -> int | None:
    """Book a run that was fixed: per gemeente the difference with what the year has in the books; one act, once.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        NietGevonden: There is no such run.
        Conflict: It was not fixed, or a later run of the year was booked.
    """
    return await boek_verevening(wereld, actor, run_nr, reden=reden)


async def verklaar_verschil(wereld: Wereld, actor: Actor, run_nr: int) -> RunVerschil:
    """A run against what was booked before it for its year: old, new, difference, and the contribution of each input that changed.

    Raises:
        NietGevonden: There is no such run.
        OngeldigVerzoek: One of both was stored before everything was kept.
    """
    run = await read_run(wereld, actor, run_nr)
    vorige = await vorige_geboekt(wereld, run)
    if vorige is None:
        return RunVerschil(run=run, vorige=None, verschil=Verschil(oud={}, nieuw=run.te_boeken, redenen=()))
    found = await asyncio.to_thread(verklaar, vorige.invoer, vorige.te_boeken, run.invoer, run.te_boeken)
    return RunVerschil(run=run, vorige=vorige, verschil=found)


async def _concept(connection: Connection, run_nr: int, wat: str) -> RunStand:
    stand = await rows.lock_run(connection, run_nr)
    if stand is None:
        raise NietGevonden(f"Verevening {run_nr} is er niet.")
    if stand.status != "concept":
        raise Conflict(f"Verevening {run_nr} is {stand.status}; {wat} kan alleen bij een concept.")
    return stand


def _must_be_controller(actor: Actor) -> None:
    if not actor.heeft(Rol.CONTROLLER) or actor.gemeenten is not None:
        raise NietToegestaan("Alleen een controller van de regio stelt een verevening vast of trekt haar in.")
