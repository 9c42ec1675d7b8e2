"""What needs the reader today: one query, in one moment of the database."""

from __future__ import annotations

from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from app.reports.lezen import lezen
from app.reports.store_vandaag import count_werk
from app.reports.vandaag import Vandaag, vandaag_van, werk_voor


async def read_vandaag(wereld: Wereld, actor: Actor) -> Vandaag:
    """The work of the roles of this actor, for the gemeenten that it sees.

    Raises:
        Unavailable: The database does not answer.
    """
    async with lezen(wereld) as connection:
        return vandaag_van(await count_werk(connection, actor, werk_voor(actor), wereld.vandaag), wereld.nu)
