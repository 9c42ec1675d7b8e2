"""What needs the reader today: one query, in one moment of the database."""

from __future__ import annotations

from dataclasses import replace

from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from app.reports.lezen import lezen
from app.reports.store_vandaag import count_werk, load_gebruik
from app.reports.termijnen import Klok
from app.reports.vandaag import Vandaag, vandaag_van, werk_voor


async def read_vandaag(wereld: Wereld, actor: Actor) -> Vandaag:
    """The work of the roles of this actor, for the gemeenten that it sees.

    Raises:
        Unavailable: The database does not answer.
    """
    async with lezen(wereld) as connection:
        klok = Klok.op(wereld.vandaag, vrije_dagen())
        tellingen = await count_werk(
            connection, actor, werk_voor(actor), nu=wereld.nu, vandaag=klok.vandaag, binnenkort_tot=klok.binnenkort_tot
        )
        heeft_regio, heeft_berichten = await load_gebruik(connection)
        return replace(vandaag_van(tellingen, wereld.nu), heeft_regio=heeft_regio, heeft_berichten=heeft_berichten)
