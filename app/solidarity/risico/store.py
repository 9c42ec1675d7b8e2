"""What a simulation reads of the ledger: cost per client and year of care, and budgets. Ids only; a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Text, any_, bindparam, cast, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.tables import budget, saldo_client, saldo_client_delta


class Klantgroep(NamedTuple):
    """The clients of one gemeente, zorgvorm and zorgjaar with their cost in cents, side by side."""

    gemeente: str
    zorgvorm: str
    zorgjaar: int
    clienten: Sequence[int]
    centen: Sequence[int]


async def client_costs(connection: AsyncConnection, zorgvormen: Collection[str]) -> list[Klantgroep]:
    """Cost of every client of these zorgvormen, from the balances per client; who nets to zero is left out.

    They come as arrays: reading a row for each of tens of thousands of clients would keep every page waiting for a second.
    """
    names = ("client_id", "gemeente", "zorgvorm", "zorgjaar", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo_client, saldo_client_delta))).subquery()
    key = (both.c.client_id, both.c.gemeente, both.c.zorgvorm, both.c.zorgjaar)
    total = func.sum(both.c.bedrag_cent)
    wanted = both.c.zorgvorm == any_(bindparam(None, list(zorgvormen), type_=ARRAY(Text), unique=True))
    per_client = select(*key, cast(total, BigInteger).label("cent")).where(wanted).group_by(*key).having(total != 0).subquery()
    group = (per_client.c.gemeente, per_client.c.zorgvorm, per_client.c.zorgjaar)
    query = select(*group, func.array_agg(per_client.c.client_id), func.array_agg(per_client.c.cent)).group_by(*group)
    return [Klantgroep(*row) for row in await connection.execute(query)]


async def budgets(connection: AsyncConnection) -> dict[tuple[str, str, int], int]:
    """Budget in cents per gemeente, zorgvorm (empty: all together) and year."""
    rows = await connection.execute(
        select(budget.c.gemeente, budget.c.zorgvorm, budget.c.jaar, budget.c.bedrag_cent).where(budget.c.vervallen_op.is_(None))
    )
    return {(code, vorm, jaar): int(cents) for code, vorm, jaar, cents in rows}
