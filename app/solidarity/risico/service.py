"""A simulation from the ledger: reads in one transaction, stores nothing. What it decides is in the pure files of this room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan
from app.domain.partij import Actor, Rol
from app.solidarity import store as region_store
from app.solidarity.document import Overeenkomst
from app.solidarity.history import History
from app.solidarity.risico import store
from app.solidarity.risico.past import Key
from app.solidarity.risico.preparing import Regio, Voorstel, make_opdracht, simulate_region
from app.solidarity.risico.simulation import Instellingen, Opdracht, Simulatie
from app.solidarity.risico.store import Klantgroep

DOMEIN = "ijw"
"""Wmo cost is profijtbeginsel (DESIGN section 7); it is simulated only when its zorgvormen are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerKeuze:
    """What to take from the ledger.

    Attributes:
        instellingen: How to simulate.
        jaar: The simulated year; None: the last of the history.
        jaren: The history; None: every year with cost before the current one, for half a year is no year.
        zorgvormen: None: those of the iJw.
    """

    instellingen: Instellingen
    jaar: int | None = None
    jaren: range | None = None
    zorgvormen: Collection[str] | None = None


async def simulate_ledger(
    wereld: Wereld,
    actor: Actor,
    keuze: LedgerKeuze,
    keuzes: Sequence[str | Overeenkomst],
    *,
    progress: Callable[[int], object] = lambda years: None,
) -> Simulatie:
    """Simulate a year of the region from its own history, in this thread: for the command line.

    Raises:
        NietToegestaan: The actor is no controller.
        OngeldigVerzoek: No history, or an agreement or its figures contradict themselves.
        NietOndersteund: An agreement has a part that is not simulated.
    """
    opdracht, regio = await load_ledger(wereld, actor, keuze)
    return simulate_loaded(opdracht, regio, keuzes, progress=progress)


async def load_ledger(wereld: Wereld, actor: Actor, keuze: LedgerKeuze) -> tuple[Opdracht, Regio]:
    """What a simulation is made from, so that who cannot wait for it can simulate elsewhere (`simulate_loaded`).

    Raises:
        NietToegestaan: The actor is no controller.
        OngeldigVerzoek: No history.
    """
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Alleen een controller kan risico's simuleren.")
    async with wereld.engine.connect() as connection:
        wanted = keuze.zorgvormen if keuze.zorgvormen is not None else await region_store.zorgvormen(connection, DOMEIN)
        costs = await store.client_costs(connection, wanted)
        values = tuple(await region_store.measure_values(connection))
        mergers = tuple(await region_store.mergers(connection))
        budgetten = await store.budgets(connection)
        totals = await asyncio.to_thread(_totals, costs)
        opdracht = make_opdracht(keuze.instellingen, totals, jaar=keuze.jaar, jaren=keuze.jaren, before=wereld.vandaag.year)
        leden = await region_store.leden(connection, opdracht.jaar)
    codes = tuple(lid.code for lid in leden)
    return opdracht, Regio(totals=totals, values=values, history=History(mergers=mergers), budgetten=budgetten, gemeenten=codes)


def _totals(costs: Iterable[Klantgroep]) -> dict[Key, int]:
    """Cost per gemeente, client, zorgvorm and year, in the order of the clients: what is drawn depends on the order."""
    rows = sorted(
        (client, group.gemeente, group.zorgvorm, group.zorgjaar, cent)
        for group in costs
        for client, cent in zip(group.clienten, group.centen, strict=True)
    )
    return {(gemeente, str(client), zorgvorm, zorgjaar): cent for client, gemeente, zorgvorm, zorgjaar, cent in rows}


def simulate_loaded(
    opdracht: Opdracht, regio: Regio, keuzes: Sequence[str | Overeenkomst], *, progress: Callable[[int], object] = lambda years: None
) -> Simulatie:
    """Simulate what was loaded; takes seconds of CPU and touches nothing.

    Raises:
        OngeldigVerzoek: An agreement or its figures contradict themselves.
        NietOndersteund: An agreement has a part that is not simulated.
    """
    brought = [each if isinstance(each, str) else _voorstel(each, regio) for each in keuzes]
    return simulate_region(opdracht, regio, brought, progress=progress)


def _voorstel(document: Overeenkomst, regio: Regio) -> Voorstel:
    return Voorstel(
        agreement=replace(document.agreement, name=document.name),
        values=document.measure_values(regio.values),
        history=document.history,
    )
