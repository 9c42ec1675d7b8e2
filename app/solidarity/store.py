"""What a run of the verevening reads and writes: balances, measures, members, runs; never transfers, but for the number of the last one.

SQLAlchemy Core, a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.tables import (
    boeking,
    budget,
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
from app.solidarity.runinvoer import Budgetregel, Lid

RUNS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKop:
    """What is known of a run without its input and outcome: who made, fixed, booked or withdrew it, and when.

    Attributes:
        naam: The agreement and its version, or the model.
        reserve_cent: What the reserves gain; all that is booked together.
        geboekt_nr: The act that booked it; None when nothing had to be booked.
        overeenkomst_sha256, invoer_sha256, uitkomst_sha256: Fingerprints; None of a run from before they were kept.
    """

    run_nr: int
    jaar: int
    naam: str
    status: str
    gemaakt_op: datetime
    gemaakt_door: str
    vastgesteld_op: datetime | None
    vastgesteld_door: str | None
    geboekt_op: datetime | None
    geboekt_door: str | None
    geboekt_nr: int | None
    ingetrokken_op: datetime | None
    ingetrokken_door: str | None
    reserve_cent: int
    overeenkomst_sha256: str | None
    invoer_sha256: str | None
    uitkomst_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRij:
    """A stored run; `te_boeken` and `bestanden` are None of a run from before they were kept."""

    kop: RunKop
    invoer: dict[str, Any]
    uitkomst: list[dict[str, Any]]
    te_boeken: dict[str, int] | None
    bestanden: dict[str, str] | None


async def month_costs(connection: AsyncConnection, domeinen: Sequence[str], zorgvormen: Sequence[str], jaar: int) -> list[MonthCost]:
    """Cost per gemeente, zorgvorm and zorgmaand up to and including a year of care, from the balances of rekening kosten."""
    names = ("rekening_nr", "domein", "zorgvorm", "zorgmaand", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo, saldo_delta))).subquery()
    key = (rekening.c.gemeente, both.c.zorgvorm, both.c.zorgmaand)
    rows = await connection.execute(
        select(*key, func.sum(both.c.bedrag_cent))
        .join(rekening, and_(rekening.c.rekening_nr == both.c.rekening_nr, rekening.c.soort == "kosten"))
        .where(both.c.domein.in_(domeinen), both.c.zorgvorm.in_(zorgvormen), both.c.zorgmaand <= date(jaar, 12, 1))
        .group_by(*key)
        .order_by(*key)
    )
    return [MonthCost(gemeente=code, zorgvorm=vorm, zorgmaand=maand, bedrag_cent=int(cents)) for code, vorm, maand, cents in rows]


async def inleg(connection: AsyncConnection, jaar: int) -> dict[str, int]:
    """What each gemeente paid to the region for the months of a year, in cents, from the balances of rekening inleg."""
    names = ("rekening_nr", "zorgmaand", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo, saldo_delta))).subquery()
    rows = await connection.execute(
        select(rekening.c.gemeente, func.sum(both.c.bedrag_cent))
        .join(rekening, and_(rekening.c.rekening_nr == both.c.rekening_nr, rekening.c.soort == "inleg"))
        .where(both.c.zorgmaand.between(date(jaar, 1, 1), date(jaar, 12, 31)))
        .group_by(rekening.c.gemeente)
        .order_by(rekening.c.gemeente)
    )
    return {code: int(cents) for code, cents in rows}


async def budgetten(connection: AsyncConnection, jaar: int) -> list[Budgetregel]:
    """The budgets of a year."""
    b = budget.c
    rows = await connection.execute(
        select(b.gemeente, b.zorgvorm, func.sum(b.bedrag_cent))
        .where(b.jaar == jaar, b.vervallen_op.is_(None))
        .group_by(b.gemeente, b.zorgvorm)
        .order_by(b.gemeente, b.zorgvorm)
    )
    return [Budgetregel(gemeente=code, zorgvorm=vorm, bedrag_cent=int(cents)) for code, vorm, cents in rows]


async def highest_boeking(connection: AsyncConnection) -> int:
    """The highest number of a bericht or act that booked something; 0 when nothing was booked."""
    return int(await connection.scalar(select(func.max(boeking.c.bericht_nr))) or 0)


async def client_total_cent(connection: AsyncConnection, jaar: int, zorgvormen: Sequence[str]) -> int:
    """Cost of a year of care summed from `saldo_client`: the second way to the same total."""
    names = ("zorgvorm", "zorgjaar", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo_client, saldo_client_delta))).subquery()
    total = await connection.scalar(
        select(func.coalesce(func.sum(both.c.bedrag_cent), 0)).where(both.c.zorgjaar == jaar, both.c.zorgvorm.in_(zorgvormen))
    )
    return int(total or 0)


async def client_year_costs(connection: AsyncConnection, jaren: range, zorgvormen: Sequence[str]) -> list[ClientYearCost]:
    """Cost per client (its id) and year of care, for layers per client; who nets to zero is left out."""
    names = ("client_id", "gemeente", "zorgvorm", "zorgjaar", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo_client, saldo_client_delta))).subquery()
    key = (both.c.client_id, both.c.gemeente, both.c.zorgvorm, both.c.zorgjaar)
    total = func.sum(both.c.bedrag_cent)
    rows = await connection.execute(
        select(*key, total)
        .where(both.c.zorgjaar.in_(jaren), both.c.zorgvorm.in_(zorgvormen))
        .group_by(*key)
        .having(total != 0)
        .order_by(*key)
    )
    return [
        ClientYearCost(client=str(client), gemeente=code, zorgvorm=vorm, zorgjaar=jaar, bedrag_cent=int(cents))
        for client, code, vorm, jaar, cents in rows
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
    return await leden_in(connection, range(jaar, jaar + 1))


async def leden_in(connection: AsyncConnection, jaren: range) -> list[Lid]:
    """The gemeenten of the region that exist on a day of these years."""
    rows = await connection.execute(
        select(gemeente.c.code, gemeente.c.geldig_van, gemeente.c.geldig_tot)
        .where(
            gemeente.c.vervallen_op.is_(None),
            gemeente.c.geldig_van <= date(jaren[-1], 12, 31),
            gemeente.c.geldig_tot.is_(None) | (gemeente.c.geldig_tot >= date(jaren[0], 1, 1)),
        )
        .order_by(gemeente.c.code)
    )
    return [Lid(code=code, geldig_van=van, geldig_tot=tot) for code, van, tot in rows]


async def gemeentenamen(connection: AsyncConnection) -> dict[str, str]:
    """The name of each gemeente by code; of a code with several rows the latest."""
    rows = await connection.execute(
        select(gemeente.c.code, gemeente.c.naam).where(gemeente.c.vervallen_op.is_(None)).order_by(gemeente.c.geldig_van)
    )
    return {row.code: row.naam for row in rows}


async def beschreven_zorgvormen(connection: AsyncConnection) -> dict[str, tuple[str, str]]:
    """The name of each zorgvorm, and whether it is `licht`, `zwaar` or nothing."""
    z = zorgvorm.c
    rows = await connection.execute(select(z.zorgvorm, z.naam, z.stuurbaarheid).where(z.vervallen_op.is_(None)))
    return {row.zorgvorm: (row.naam, row.stuurbaarheid) for row in rows}


async def jaren(connection: AsyncConnection) -> list[int]:
    """The years of care with cost, oldest first."""
    jaar = func.extract("year", saldo.c.zorgmaand).label("jaar")
    delta = func.extract("year", saldo_delta.c.zorgmaand).label("jaar")
    kosten = rekening.c.soort == "kosten"
    both = union_all(
        select(jaar).join(rekening, and_(rekening.c.rekening_nr == saldo.c.rekening_nr, kosten)).distinct(),
        select(delta).join(rekening, and_(rekening.c.rekening_nr == saldo_delta.c.rekening_nr, kosten)).distinct(),
    )
    return sorted({int(found) for (found,) in await connection.execute(both)})


async def mergers(connection: AsyncConnection) -> list[Merger]:
    """The herindelingen of the region."""
    rows = await connection.execute(
        select(herindeling.c.datum, herindeling.c.van, herindeling.c.naar, herindeling.c.fractie)
        .where(herindeling.c.vervallen_op.is_(None))
        .order_by(herindeling.c.datum, herindeling.c.van, herindeling.c.naar)
    )
    return [Merger(date=datum, predecessor=van, successor=naar, fraction=Fraction(fractie)) for datum, van, naar, fractie in rows]


async def measure_values(connection: AsyncConnection) -> list[MeasureValue]:
    """All measures that the region recorded, in one order."""
    m = maatstaf.c
    columns = (m.maatstaf, m.gemeente, m.zorgvorm, m.jaar, m.waarde)
    rows = await connection.execute(select(*columns).where(m.vervallen_op.is_(None)).order_by(*columns))
    return [
        MeasureValue(measure=name, municipality=code, category=vorm or None, year=jaar, value=Fraction(waarde))
        for name, code, vorm, jaar, waarde in rows
    ]


async def save_run(connection: AsyncConnection, values: dict[str, Any]) -> int:
    """Store a run with all it was made from; returns its number."""
    nr = await connection.scalar(insert(verevening_run).values(**values).returning(verevening_run.c.run_nr))
    assert nr is not None
    return int(nr)


_KOP = tuple(verevening_run.c[field.name if field.name != "naam" else "model"].label(field.name) for field in fields(RunKop))


async def runs(connection: AsyncConnection, *, jaar: int | None, voor: int | None, limit: int) -> tuple[RunKop, ...]:
    """Runs, newest first, with a number below `voor`."""
    query = select(*_KOP).order_by(verevening_run.c.run_nr.desc()).limit(limit)
    if jaar is not None:
        query = query.where(verevening_run.c.jaar == jaar)
    if voor is not None:
        query = query.where(verevening_run.c.run_nr < voor)
    return tuple(RunKop(**row) for row in (await connection.execute(query)).mappings())


async def run(connection: AsyncConnection, run_nr: int) -> RunRij | None:
    """One run with everything; None when there is none."""
    r = verevening_run.c
    query = select(*_KOP, r.invoer, r.uitkomst, r.te_boeken, r.bestanden).where(r.run_nr == run_nr)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        return None
    return RunRij(
        kop=RunKop(**{field.name: row[field.name] for field in fields(RunKop)}),
        **{name: row[name] for name in ("invoer", "uitkomst", "te_boeken", "bestanden")},
    )


async def last_geboekt(connection: AsyncConnection, jaar: int, voor: int) -> RunRij | None:
    """The newest run of a year that was booked and has a number below `voor`; None without one."""
    r = verevening_run.c
    query = select(func.max(r.run_nr)).where(r.jaar == jaar, r.status == "geboekt", r.run_nr < voor)
    nr = await connection.scalar(query)
    return None if nr is None else await run(connection, nr)


async def documents(connection: AsyncConnection, limit: int) -> list[tuple[str, str]]:
    """The name and the document of each agreement that a run was made by, the newest first."""
    r = verevening_run.c
    newest = select(func.max(r.run_nr)).where(r.overeenkomst_sha256.is_not(None)).group_by(r.overeenkomst_sha256)
    query = select(r.model, r.invoer["overeenkomst"].astext).where(r.run_nr.in_(newest)).order_by(r.run_nr.desc()).limit(limit)
    return [(naam, text) for naam, text in await connection.execute(query)]
