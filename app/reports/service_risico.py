"""What controllers ask about the risk of a year: the region's own history, simulated beside the event loop and kept per input.

A simulation is a function of what it is made from and its seed, so its answer is kept under the fingerprint of that. Reading what it is made from,
the cost of every client of every year, takes most of a second in a large region, so the whole answer is kept too (`adapters.bewaren`). NumPy is
loaded by the first who asks.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.reports import store
from app.reports.lezen import lezen, stempel_van
from app.reports.risico import JAREN_GESIMULEERD, SCHOKKEN_PROMILLE, SEED, Deelwijze, GemeenteRisico, Kans, RisicoOverzicht

if TYPE_CHECKING:
    from app.solidarity.risico.figures import Cijfers
    from app.solidarity.risico.preparing import Regio
    from app.solidarity.risico.simulation import Opdracht, Simulatie

ONTHOUDEN_MAX = 32
"""Answers that are kept; each is a few kilobytes."""
ZONDER = "profijt"
"""Bearing one's own cost: what every way of sharing is laid beside."""

_ANTWOORDEN: OrderedDict[str, RisicoOverzicht] = OrderedDict()
_BEURT = asyncio.Semaphore(1)
"""One simulation at a time: it takes a whole core."""


async def read_risico(
    wereld: Wereld, actor: Actor, deelwijze: Deelwijze = Deelwijze.WAARBORG, schok_promille: int = SCHOKKEN_PROMILLE[1]
) -> RisicoOverzicht:
    """The risk of the last finished year under one way of sharing, beside bearing one's own.

    Raises:
        NietToegestaan: The actor is no controller.
        OngeldigVerzoek: Another shock than those of `SCHOKKEN_PROMILLE`, or the region has no finished year with cost per client.
        RegelingOngeldig: A budget or measure is missing for a gemeente.
    """
    if schok_promille not in SCHOKKEN_PROMILLE:
        raise OngeldigVerzoek("Kies een van de schokken van de pagina.")
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Alleen een controller kan risico's simuleren.")

    async def maak() -> RisicoOverzicht:
        return await _van_nu(wereld, actor, deelwijze, schok_promille)

    found = await wereld.bewaard.haal(("risico", deelwijze, schok_promille), await stempel_van(wereld), maak)
    if actor.gemeenten is None:
        return found
    return replace(found, gemeenten=tuple(each for each in found.gemeenten if each.gemeente in actor.gemeenten))


async def _van_nu(wereld: Wereld, actor: Actor, deelwijze: Deelwijze, schok_promille: int) -> RisicoOverzicht:
    """The answer for the whole region by what the books say now; simulated only when another input was not simulated before."""
    from app.solidarity.risico.service import LedgerKeuze, load_ledger
    from app.solidarity.risico.simulation import Instellingen

    nu = wereld.nu
    instellingen = Instellingen(aantal=JAREN_GESIMULEERD, seed=SEED, tau=schok_promille / 1000)
    opdracht, regio = await load_ledger(wereld, actor, LedgerKeuze(instellingen=instellingen))
    async with lezen(wereld) as connection:
        namen = await store.load_gemeentenamen(connection)
    key = await asyncio.to_thread(_vingerafdruk, opdracht, regio, deelwijze, namen)
    async with _BEURT:
        found = _ANTWOORDEN.get(key)
        if found is None:
            found = await asyncio.to_thread(_simuleer, opdracht, regio, deelwijze, namen, nu)
            _ANTWOORDEN[key] = found
        _ANTWOORDEN.move_to_end(key)
        while len(_ANTWOORDEN) > ONTHOUDEN_MAX:
            _ANTWOORDEN.popitem(last=False)
    return replace(found, stand_van=nu)


def _vingerafdruk(opdracht: Opdracht, regio: Regio, deelwijze: Deelwijze, namen: Mapping[str, str]) -> str:
    """The same for the same input, and never for another."""
    parts = (
        opdracht,
        deelwijze.value,
        sorted(regio.totals.items()),
        sorted(map(repr, regio.values)),
        regio.history.mergers,
        sorted((regio.budgetten or {}).items()),
        regio.gemeenten,
        sorted(namen.items()),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _simuleer(opdracht: Opdracht, regio: Regio, deelwijze: Deelwijze, namen: Mapping[str, str], nu: datetime) -> RisicoOverzicht:
    from app.solidarity.risico.service import simulate_loaded

    simulatie = simulate_loaded(opdracht, regio, [ZONDER, deelwijze.value])
    rows = _rows(simulatie, namen)
    return RisicoOverzicht(
        stand_van=nu,
        jaar=opdracht.jaar,
        van=opdracht.jaren.start,
        tot_en_met=opdracht.jaren.stop - 1,
        clienten=simulatie.past.client_count,
        aantal=opdracht.aantal,
        deelwijze=deelwijze,
        schok_promille=round(opdracht.tau * 1000),
        gemeenten=tuple(sorted(rows[:-1], key=lambda row: (row.naam, row.gemeente))),
        regio=rows[-1],
    )


def _rows(simulatie: Simulatie, namen: Mapping[str, str]) -> list[GemeenteRisico]:
    """Every gemeente by code, then the region; figures come as first all of one agreement, then all of the other."""
    from app.solidarity.risico.figures import REGIO, cijfers, poolwinst

    figures, gains = cijfers(simulatie), poolwinst(simulatie)
    half = len(figures) // 2
    return [
        GemeenteRisico(
            gemeente="" if met.gemeente == REGIO else met.gemeente,
            naam="Hele regio" if met.gemeente == REGIO else namen.get(met.gemeente, met.gemeente),
            budget_cent=met.budget_cent,
            zonder=_kans(zonder),
            met=_kans(met),
            eigen_toeval_cent=gain.eigen_toeval_cent,
            toeval_cent=gain.toeval_cent,
            gezamenlijk_cent=gain.gezamenlijk_cent,
        )
        for zonder, met, gain in zip(figures[:half], figures[half:], gains[half:], strict=True)
    ]


def _kans(each: Cijfers) -> Kans:
    return Kans(
        gemiddelde_cent=each.gemiddelde_cent,
        kans_promille=round(each.kans_overschrijding * 1000),
        p5_cent=each.p5_cent,
        p50_cent=each.p50_cent,
        p95_cent=each.p95_cent,
        es95_cent=each.es95_cent,
    )
