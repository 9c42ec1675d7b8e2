"""What clients cost per gemeente and year, from `saldo_client` and its deltas: the top of each only, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters import tables as t
from app.domain.partij import Actor
from app.reports.store import eigen_gemeente


def _saldi() -> Any:
    columns = ("client_id", "gemeente", "zorgjaar", "bedrag_cent")
    return union_all(*(select(*(table.c[name] for name in columns)) for table in (t.saldo_client, t.saldo_client_delta))).subquery("saldi")


async def load_top(
    connection: AsyncConnection, actor: Actor, jaar: int, gemeente: str | None, aantal: int
) -> list[tuple[str, int, int, int]]:
    """(gemeente, zorgjaar, client_id, cents) of who cost most in `jaar` and in the year before.

    Who shares the last place comes too, so that the order of equal cost is decided by the caller.
    """
    saldi = _saldi()
    cents = func.sum(saldi.c.bedrag_cent)
    place = func.rank().over(partition_by=(saldi.c.gemeente, saldi.c.zorgjaar), order_by=cents.desc())
    key = (saldi.c.gemeente, saldi.c.zorgjaar, saldi.c.client_id)
    totals = (
        select(*key, cents.label("cent"), place.label("plaats"))
        .where(saldi.c.zorgjaar.in_((jaar - 1, jaar)), *_van(saldi, actor, gemeente))
        .group_by(*key)
        .subquery("totalen")
    )
    query = select(totals.c.gemeente, totals.c.zorgjaar, totals.c.client_id, totals.c.cent).where(totals.c.plaats <= aantal)
    return [(code, year, client, int(cent)) for code, year, client, cent in await connection.execute(query)]


async def load_totalen(connection: AsyncConnection, actor: Actor, jaar: int, gemeente: str | None) -> dict[tuple[str, int], int]:
    """Cost with a client per gemeente and zorgjaar, of `jaar` and the year before."""
    saldi = _saldi()
    key = (saldi.c.gemeente, saldi.c.zorgjaar)
    query = (
        select(*key, func.sum(saldi.c.bedrag_cent))
        .where(saldi.c.zorgjaar.in_((jaar - 1, jaar)), *_van(saldi, actor, gemeente))
        .group_by(*key)
    )
    return {(code, year): int(cent) for code, year, cent in await connection.execute(query)}


async def list_zorgjaren(connection: AsyncConnection, actor: Actor) -> list[int]:
    """The years in which clients of the actor's gemeenten cost something, newest first."""
    saldi = _saldi()
    query = select(saldi.c.zorgjaar).where(eigen_gemeente(actor, saldi.c.gemeente)).distinct()
    return sorted((year for (year,) in await connection.execute(query)), reverse=True)


def _van(saldi: Any, actor: Actor, gemeente: str | None) -> list[Any]:
    seen = [eigen_gemeente(actor, saldi.c.gemeente)]
    return seen if gemeente is None else [*seen, saldi.c.gemeente == gemeente]
