"""Which sessions still run, asked for many at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.adapters.tables import sessie
from app.adapters.wereld import Wereld
from app.identity.geheim import digest
from app.identity.verbinding import verbinding


async def levende_sessies(wereld: Wereld, sessie_tokens: Collection[str]) -> frozenset[str]:
    """Those of these sessions that are not over; one query."""
    tokens = {digest(token): token for token in sessie_tokens}
    query = select(sessie.c.sessie_hash).where(sessie.c.sessie_hash.in_(list(tokens)), sessie.c.verloopt_op > wereld.nu)
    async with verbinding(wereld) as connection:
        return frozenset(tokens[bytes(row.sessie_hash)] for row in await connection.execute(query))
