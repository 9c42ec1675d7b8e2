"""The newest rejections as rows of `bericht_oorzaak`, which grow by number."""

from __future__ import annotations

from app.adapters.database import Connection
from app.notices.ring import Afkeuring


async def afkeuringen(connection: Connection, *, na: int, limit: int) -> list[Afkeuring]:
    """Rejections and refusals with a number above `na`, at most the `limit` newest, the oldest first."""
    rows = await connection.fetch(
        "select rij_nr, bericht_nr, gemeente from bericht_oorzaak where rij_nr > $1 order by rij_nr desc limit $2", na, limit
    )
    return [Afkeuring(*row) for row in reversed(rows)]


async def laatste_afkeuring(connection: Connection) -> int:
    """The number of the newest row; 0 without any."""
    found: int = await connection.fetchval("select coalesce(max(rij_nr), 0) from bericht_oorzaak")
    return found
