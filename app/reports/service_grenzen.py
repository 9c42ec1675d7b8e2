"""What controllers ask about the boundary of what is shared: shifts towards pooled zorgvormen since an agreement began (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.reports import store
from app.reports.lezen import lezen
from app.solidarity import store as verevening
from app.solidarity.grenzen import Verschuiving, verschuivingen
from app.solidarity.service import lijst_runs, read_run

COMPLEET_DAGEN = 90
"""Declaraties of a month come in for so many days; a quarter that ended less long ago is not compared yet."""
DOMEIN = "ijw"
JAREN = 2
"""Years on each side of the beginning of which clients are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrenzenOverzicht:
    """The shifts under the agreement of a run; `run_nr` None and no rows when there is no run yet.

    Attributes:
        overeenkomst: Name and version of the document.
        rijen: Every gemeente of the actor that shares, the largest shift first; ranks are those in the region.
        gemeenten, zorgvormen: Names per code.
    """

    stand_van: datetime
    run_nr: int | None
    overeenkomst: str
    rijen: tuple[Verschuiving, ...]
    gemeenten: Mapping[str, str]
    zorgvormen: Mapping[str, str]


async def read_grenzen(wereld: Wereld, actor: Actor, run_nr: int | None = None) -> GrenzenOverzicht:
    """The shifts since the agreement of a run began; without a number that of the latest run that kept one.

    Raises:
        NietGevonden: There is no such run, or the actor sees no gemeente.
        OngeldigVerzoek: The run was stored before everything was kept.
    """
    if actor.gemeenten is not None and not actor.gemeenten:
        raise NietGevonden("U werkt niet voor een gemeente van de regio.")
    async with lezen(wereld) as connection:
        namen = await store.load_gemeentenamen(connection)
        zorgvormen = await store.load_zorgvormnamen(connection)
    if run_nr is None:
        run_nr = next((kop.run_nr for kop in await lijst_runs(wereld, actor) if kop.overeenkomst_sha256 is not None), None)
        if run_nr is None:
            return GrenzenOverzicht(stand_van=wereld.nu, run_nr=None, overeenkomst="", rijen=(), gemeenten=namen, zorgvormen=zorgvormen)
    document = (await read_run(wereld, actor, run_nr)).invoer.overeenkomst
    begin = min(arrangement.since for arrangement in document.agreement.arrangements)
    async with lezen(wereld) as connection:
        vormen = await verevening.zorgvormen(connection, DOMEIN)
        kosten = await verevening.month_costs(connection, (DOMEIN,), vormen, wereld.vandaag.year)
        clienten = await verevening.client_year_costs(connection, range(begin.year - JAREN, begin.year + JAREN), vormen)
    tot = wereld.vandaag - timedelta(days=COMPLEET_DAGEN)
    rijen = await asyncio.to_thread(verschuivingen, document.agreement, kosten, clienten, tot)
    return GrenzenOverzicht(
        stand_van=wereld.nu,
        run_nr=run_nr,
        overeenkomst=f"{document.name}, versie {document.version}",
        rijen=tuple(each for each in rijen if actor.gemeenten is None or each.gemeente in actor.gemeenten),
        gemeenten=namen,
        zorgvormen=zorgvormen,
    )
