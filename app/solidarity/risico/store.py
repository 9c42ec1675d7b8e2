"""What a simulation reads of the ledger: cost per client and year of care, and budgets. Ids only; a constant number of queries."""

from __future__ import annotations

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.tables import budget, saldo_client, saldo_client_delta
from app.solidarity.costs import ClientYearCost


async def client_costs(connection: AsyncConnection) -> list[ClientYearCost]:
    """Cost of every client per gemeente, zorgvorm and zorgjaar, from the balances per client; who nets to zero is left out."""
    names = ("client_id", "gemeente", "zorgvorm", "zorgjaar", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo_client, saldo_client_delta))).subquery()
    key = (both.c.client_id, both.c.gemeente, both.c.zorgvorm, both.c.zorgjaar)
    total = func.sum(both.c.bedrag_cent)
    rows = await connection.execute(select(*key, total).group_by(*key).having(total != 0).order_by(*key))
    return [
        ClientYearCost(client=str(client), gemeente=code, zorgvorm=vorm, zorgjaar=jaar, bedrag_cent=int(cents))
        for client, code, vorm, jaar, cents in rows
    ]


async def budgets(connection: AsyncConnection) -> dict[tuple[str, str, int], int]:
    """Budget in cents per gemeente, zorgvorm (empty: all together) and year."""
    rows = await connection.execute(
        select(budget.c.gemeente, budget.c.zorgvorm, budget.c.jaar, budget.c.bedrag_cent).where(budget.c.vervallen_op.is_(None))
    )
    return {(code, vorm, jaar): int(cents) for code, vorm, jaar, cents in rows}
