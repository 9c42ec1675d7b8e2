"""The postvak: what waits for a party until it acknowledges it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.adapters.database import Connection


async def put(connection: Connection, items: Iterable[tuple[str, int]], *, klaar_op: datetime) -> None:
    """Lay berichten in postvakken, as (partij, bericht_nr); one that lies there already stays as it is."""
    rows = list(items)
    if not rows:
        return
    await connection.execute(
        "insert into postvak (partij, bericht_nr, klaar_op) select *, $3::timestamptz from unnest($1::text[], $2::bigint[]) on conflict do nothing",
        [partij for partij, _ in rows],
        [nr for _, nr in rows],
        klaar_op,
    )


async def withdraw(connection: Connection, bericht_nrs: Iterable[int]) -> None:
    """Take berichten out of every postvak that have not been acknowledged: they no longer count."""
    await connection.execute("delete from postvak where bericht_nr = any($1::bigint[]) and ontvangen_op is null", list(bericht_nrs))
