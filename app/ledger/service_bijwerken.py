"""Commitments that follow the region by themselves: after a load with other tariffs, products or contracts, and at the start of a year.

A load does not do this itself: it would hold its locks, and wait for every lane that is being judged, for as long as that takes. Afterwards each
lane is brought to the region of now in a transaction of its own, and an act says that all of them are. Without that act the workers begin again:
what was done stays done, and books nothing the second time.
"""

from __future__ import annotations

from datetime import date
from typing import cast

import structlog

from app.adapters.database import Connection, lock_lane, transaction
from app.adapters.wereld import Wereld
from app.domain.bericht import Domein
from app.domain.partij import SYSTEEM
from app.ledger import store_bijwerken as rows
from app.ledger.handeling import open_handeling
from app.ledger.service_verplichtingen import herreken_baan
from app.ledger.store_bijwerken import BIJGEWERKT, Doel

log = structlog.get_logger(__name__)


async def werk_verplichtingen_bij(wereld: Wereld) -> list[int]:
    """Bring commitments to the last load and to the end of this year, when they are not; returns the acts that booked something.

    One process at a time; another that asks meanwhile does nothing. A quick question when there is nothing to do. Each lane, and the act at the
    end, takes the turn anew in a transaction of its own: who waits for a lane holds one connection of the pool and never needs a second, so
    judging, which sometimes does, cannot be kept waiting for ever.

    Raises:
        Unavailable: The database does not answer; the lanes that were done stay done.
    """
    async with transaction(wereld.pool) as connection:
        doel = Doel(await rows.laatste_lading(connection), wereld.vandaag.year)
        if await rows.is_bijgewerkt(connection, doel) or not await rows.neem_beurt(connection):
            return []
        banen = await rows.banen(connection)
    made: list[int] = []
    for domein, agb in banen:
        async with transaction(wereld.pool) as connection:
            if not await rows.neem_beurt(connection):
                return made
            if (nr := await _bij(connection, wereld, doel, domein, agb)) is not None:
                made.append(nr)
    async with transaction(wereld.pool) as connection:
        if await rows.neem_beurt(connection) and not await rows.is_bijgewerkt(connection, doel):
            await _meld(connection, wereld, doel, banen=len(banen), gewijzigd=len(made))
    return made


async def _bij(connection: Connection, wereld: Wereld, doel: Doel, domein: str, agb: str) -> int | None:
    await lock_lane(connection, domein, agb)
    return await herreken_baan(
        connection, wereld, cast(Domein, domein), agb, door=SYSTEEM.naam, reden=_reden(doel), tot_en_met=date(doel.jaar, 12, 31)
    )


async def _meld(connection: Connection, wereld: Wereld, doel: Doel, *, banen: int, gewijzigd: int) -> None:
    """The act that says that every lane follows."""
    given = {"lading": doel.lading_nr, "jaar": doel.jaar, "banen": banen, "gewijzigd": gewijzigd}
    await open_handeling(
        connection, soort=BIJGEWERKT, sleutel=doel.sleutel, door=SYSTEEM.naam, op=wereld.nu, reden=_reden(doel), gegevens=given
    )
    log.info("commitments_follow_region", lading=doel.lading_nr, jaar=doel.jaar, banen=banen, changed=gewijzigd)


def _reden(doel: Doel) -> str:
    return f"Bijgewerkt naar de regio na lading {doel.lading_nr}, tot en met {doel.jaar}."
