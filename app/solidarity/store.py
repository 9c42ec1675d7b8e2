"""What a run of the verevening reads and writes: balances, measures, members; never transfers. SQLAlchemy Core, a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.tables import (
    gemeente,
    herindeling,
    maatstaf,
    rekening,
    saldo,
    saldo_client,
    saldo_client_delta,
    saldo_delta,
    verevening_run,
    zorgvorm,
)
from app.solidarity.costs import ClientYearCost, MonthCost
from app.solidarity.history import Merger
from app.solidarity.measures import MeasureValue

RUNS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Lid:
    """A gemeente of the region with the days on which it exists; both included, None is open."""

    code: str
    geldig_van: date
    geldig_tot: date | None


async def month_costs(connection: AsyncConnection, domein: str) -> list[MonthCost]:
    """Cost per gemeente, zorgvorm and zorgmaand of one domain, from the balances of rekening kosten."""
    names = ("rekening_nr", "domein", "zorgvorm", "zorgmaand", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo, saldo_delta))).subquery()
    key = (rekening.c.gemeente, both.c.zorgvorm, both.c.zorgmaand)
    rows = await connection.execute(
        select(*key, func.sum(both.c.bedrag_cent))
        .join(rekening, and_(rekening.c.rekening_nr == both.c.rekening_nr, rekening.c.soort == "kosten"))
        .where(both.c.domein == domein)
        .group_by(*key)
        .order_by(*key)
    )
    return [MonthCost(gemeente=code, zorgvorm=vorm, zorgmaand=maand, bedrag_cent=int(cents)) for code, vorm, maand, cents in rows]


async def client_total_cent(connection: AsyncConnection, jaar: int, zorgvormen: Sequence[str]) -> int:
    """Cost of a year of care summed from `saldo_client`: the second way to the same total."""
    names = ("zorgvorm", "zorgjaar", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo_client, saldo_client_delta))).subquery()
    total = await connection.scalar(
        select(func.coalesce(func.sum(both.c.bedrag_cent), 0)).where(both.c.zorgjaar == jaar, both.c.zorgvorm.in_(zorgvormen))
    )
    return int(total or 0)


async def client_year_costs(connection: AsyncConnection, jaar: int, zorgvormen: Sequence[str]) -> list[ClientYearCost]:
    """Cost per client (its id) of a year of care, for layers per client; who nets to zero is left out."""
    names = ("client_id", "gemeente", "zorgvorm", "zorgjaar", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo_client, saldo_client_delta))).subquery()
    key = (both.c.client_id, both.c.gemeente, both.c.zorgvorm)
    total = func.sum(both.c.bedrag_cent)
    rows = await connection.execute(
        select(*key, total).where(both.c.zorgjaar == jaar, both.c.zorgvorm.in_(zorgvormen)).group_by(*key).having(total != 0).order_by(*key)
    )
    return [
        ClientYearCost(client=str(client), gemeente=code, zorgvorm=vorm, zorgjaar=jaar, bedrag_cent=int(cents))
        for client, code, vorm, cents in rows
    ]


async def zorgvormen(connection: AsyncConnection, domein: str) -> list[str]:
    """The zorgvormen of a domain in the region."""
    rows = await connection.execute(
        select(zorgvorm.c.zorgvorm)
        .where(zorgvorm.c.domein == domein, zorgvorm.c.vervallen_op.is_(None))
        .distinct()
        .order_by(zorgvorm.c.zorgvorm)
    )
    return [code for (code,) in rows]


async def leden(connection: AsyncConnection, jaar: int) -> list[Lid]:
    """The gemeenten of the region that exist on a day of the year."""
    rows = await connection.execute(
        select(gemeente.c.code, gemeente.c.geldig_van, gemeente.c.geldig_tot)
        .where(
            gemeente.c.vervallen_op.is_(None),
            gemeente.c.geldig_van <= date(jaar, 12, 31),
            gemeente.c.geldig_tot.is_(None) | (gemeente.c.geldig_tot >= date(jaar, 1, 1)),
        )
        .order_by(gemeente.c.code)
    )
    return [Lid(code=code, geldig_van=van, geldig_tot=tot) for code, van, tot in rows]


async def mergers(connection: AsyncConnection) -> list[Merger]:
    """The herindelingen of the region."""
    rows = await connection.execute(
        select(herindeling.c.datum, herindeling.c.van, herindeling.c.naar, herindeling.c.fractie).where(
            herindeling.c.vervallen_op.is_(None)
        )
    )
    return [Merger(date=datum, predecessor=van, successor=naar, fraction=Fraction(fractie)) for datum, van, naar, fractie in rows]


async def measure_values(connection: AsyncConnection) -> list[MeasureValue]:
    """All measures that the region recorded."""
    m = maatstaf.c
    rows = await connection.execute(select(m.maatstaf, m.gemeente, m.zorgvorm, m.jaar, m.waarde).where(m.vervallen_op.is_(None)))
    return [
        MeasureValue(measure=name, municipality=code, category=vorm or None, year=jaar, value=_fraction(waarde))
        for name, code, vorm, jaar, waarde in rows
    ]


def _fraction(value: Decimal) -> Fraction:
    return Fraction(value)


async def save_run(
    connection: AsyncConnection,
    *,
    gemaakt_op: datetime,
    gemaakt_door: str,
    jaar: int,
    model: str,
    invoer: dict[str, Any],
    uitkomst: list[dict[str, Any]],
) -> int:
    """Store a run with all it was made from; returns its number."""
    nr = await connection.scalar(
        insert(verevening_run)
        .values(gemaakt_op=gemaakt_op, gemaakt_door=gemaakt_door, jaar=jaar, model=model, invoer=invoer, uitkomst=uitkomst)
        .returning(verevening_run.c.run_nr)
    )
    assert nr is not None
    return int(nr)
