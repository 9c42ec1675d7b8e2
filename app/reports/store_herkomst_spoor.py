"""The queries behind the way of one prestatie and of one share in a run: each a set at a time, by primary key or an index that is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, and_, func, not_, or_, select, union_all
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters import tables as t
from app.reports.herkomst import VerplichtingMaand
from app.reports.herkomst_verevening import Cel
from app.reports.store_herkomst import ToewijzingSleutel

RUNS_MAX = 10
"""Runs of a year that a prestatie is looked for in, the newest."""
BEVINDINGEN_MAX = 20
VERPLICHTING_MAANDEN_MAX = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractversie:
    """A contract with the days on which it is valid."""

    contract: str
    geldig_van: date
    geldig_tot: date | None
    bekostiging: str
    uitvoeringsvariant: str
    lading_nr: int | None


async def load_contract(connection: AsyncConnection, contract: str, dag: date, op: datetime) -> Contractversie | None:
    """The contract as it was known at an instant, valid on a day of care; else as it is known now."""
    c = t.contract.c
    names = (c.contract, c.geldig_van, c.geldig_tot, c.bekostiging, c.uitvoeringsvariant, c.geladen_door_lading.label("lading_nr"))
    known = or_(c.vervallen_op.is_(None), c.vervallen_op > op)
    query = (
        select(*names)
        .where(c.contract == contract, known, c.geldig_van <= dag, or_(c.geldig_tot.is_(None), c.geldig_tot >= dag))
        .order_by(c.vervallen_op.asc().nulls_last(), c.contract_id)
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else Contractversie(**row)


async def list_bevindingen_op(connection: AsyncConnection, bericht_nr: int, pad: str) -> list[RowMapping]:
    """What was found at one element of a bericht or below it."""
    v = t.bevinding.c
    query = (
        select(v.volgnr, v.regel, v.retourcode, v.melding)
        .where(v.bericht_nr == bericht_nr, or_(v.pad == pad, func.starts_with(v.pad, pad + "/")))
        .order_by(v.volgnr)
        .limit(BEVINDINGEN_MAX)
    )
    return list((await connection.execute(query)).mappings())


async def load_verplichting(
    connection: AsyncConnection, key: ToewijzingSleutel, dragers: Collection[str] | None = None
) -> list[VerplichtingMaand]:
    """What a toewijzing commits per month of care beside what its granted prestaties used in that month; of these dragers, None for all."""
    w, p = t.verplichting.c, t.prestatie.c
    month = func.date_trunc("month", p.begindatum)
    used = (
        select(month.label("maand"), func.sum(p.bedrag_cent).label("cent"))
        .where(
            p.domein == key.domein,
            p.gemeente == key.gemeente,
            p.toewijzing_nummer == key.toewijzing_nummer,
            p.toegekend,
            not_(p.is_credit),
            p.gecrediteerd_door.is_(None),
        )
        .group_by(month)
        .subquery("gebruikt")
    )
    query = (
        select(
            w.zorgmaand,
            w.zorgvorm,
            w.verwacht_cent,
            func.coalesce(used.c.cent, 0).label("gebruikt_cent"),
            w.vrijgevallen_nr.is_not(None).label("vrijgevallen"),
        )
        .outerjoin_from(t.verplichting, used, used.c.maand == w.zorgmaand)
        .where(w.domein == key.domein, w.gemeente == key.gemeente, w.toewijzing_nummer == key.toewijzing_nummer)
        .order_by(w.zorgmaand)
        .limit(VERPLICHTING_MAANDEN_MAX)
    )
    if dragers is not None:
        query = query.where(w.drager.in_(sorted(dragers)))
    rows = (await connection.execute(query)).mappings()
    return [VerplichtingMaand(**{**row, "gebruikt_cent": int(row["gebruikt_cent"])}) for row in rows]


async def load_wie(connection: AsyncConnection, key: ToewijzingSleutel) -> tuple[str, int]:
    """AGB-code and client_id of a toewijzing that exists; all its versions have the same."""
    v = t.toewijzing_versie.c
    query = (
        select(v.agb, v.client_id)
        .where(v.domein == key.domein, v.gemeente == key.gemeente, v.toewijzing_nummer == key.toewijzing_nummer)
        .order_by(v.bericht_nr.desc(), v.volgnr.desc())
        .limit(1)
    )
    agb, client_id = (await connection.execute(query)).one()
    return agb, client_id


async def load_afsluitingen(connection: AsyncConnection, maanden: Collection[date]) -> list[RowMapping]:
    """The closed months among these, with their hash and who closed them."""
    m = t.maand_afsluiting.c
    query = select(m.boekmaand, m.gesloten_op, m.gesloten_door, m.hash).where(m.boekmaand.in_(sorted(maanden))).order_by(m.boekmaand)
    return list((await connection.execute(query)).mappings())


async def load_betalingen(connection: AsyncConnection, bericht_nr: int, gemeente: str) -> list[RowMapping]:
    """The lines of payment runs of a gemeente in which a bericht is paid, with what of the line is of this bericht."""
    post, line, run = t.betaalpost.c, t.betaalregel.c, t.betaalrun.c
    query = (
        select(
            run.run_nr,
            run.status.label("run_status"),
            run.uitvoeren_op,
            run.verzonden_op,
            line.regel,
            line.status,
            line.bedrag_cent,
            line.verrekend_cent,
            line.betaald_cent,
            line.end_to_end_id,
            post.bedrag_cent.label("bericht_cent"),
        )
        .join_from(t.betaalpost, t.betaalregel, and_(line.run_nr == post.run_nr, line.regel == post.regel))
        .join(t.betaalrun, run.run_nr == post.run_nr)
        .where(post.bericht_nr == bericht_nr, run.gemeente == gemeente)
        .order_by(run.run_nr)
        .limit(RUNS_MAX)
    )
    return list((await connection.execute(query)).mappings())


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetCel:
    """A run with the balance of one cell in its input; `vorm` and `overeenkomst` are None of one that did not keep everything."""

    run_nr: int
    gemaakt_op: datetime
    jaar: int
    status: str
    vorm: int | None
    overeenkomst: str | None
    herindelingen: Sequence[Sequence[str]]
    uitkomst: Sequence[Mapping[str, Any]]
    in_run_cent: int | None


async def load_runs(connection: AsyncConnection, jaar: int, cel: Cel) -> list[RunMetCel]:
    """The newest runs of a year with their agreement and outcome, and the balance of one cell in their input.

    Of the input, which holds all cost of all years, only that balance leaves the database.
    """
    r = t.verevening_run.c
    cells = func.jsonb_array_elements(r.invoer["kosten"]).column_valued("cel")
    parts = [func.jsonb_extract_path_text(cells, str(place)) for place in range(4)]
    in_run = (
        select(func.sum(parts[3].cast(BigInteger)).cast(BigInteger))
        .where(parts[0] == cel[0], parts[1] == cel[1], parts[2] == cel[2].isoformat())
        .scalar_subquery()
    )
    query = (
        select(
            *(r.run_nr, r.gemaakt_op, r.jaar, r.status, r.uitkomst),
            r.invoer["vorm"].as_integer().label("vorm"),
            r.invoer["overeenkomst"].as_string().label("overeenkomst"),
            r.invoer["herindelingen"].label("herindelingen"),
            in_run.label("in_run_cent"),
        )
        .where(r.jaar == jaar)
        .order_by(r.run_nr.desc())
        .limit(RUNS_MAX)
    )
    return [RunMetCel(**row) for row in (await connection.execute(query)).mappings()]


async def load_run(connection: AsyncConnection, run_nr: int) -> RowMapping | None:
    """One run with its input and outcome."""
    r = t.verevening_run.c
    names = (r.run_nr, r.jaar, r.model, r.status, r.gemaakt_op, r.gemaakt_door, r.invoer, r.uitkomst)
    return (await connection.execute(select(*names).where(r.run_nr == run_nr))).mappings().one_or_none()


async def load_kosten(
    connection: AsyncConnection, gemeenten: Collection[str], zorgvormen: Sequence[str], maanden: tuple[date, date]
) -> dict[Cel, int]:
    """The balances of cost now, per gemeente, zorgvorm and zorgmaand from the first to the last of `maanden`."""
    names = ("rekening_nr", "zorgvorm", "zorgmaand", "bedrag_cent")
    saldi = union_all(*(select(*(table.c[name] for name in names)) for table in (t.saldo, t.saldo_delta))).subquery("saldi")
    key = (t.rekening.c.gemeente, saldi.c.zorgvorm, saldi.c.zorgmaand)
    query = (
        select(*key, func.sum(saldi.c.bedrag_cent))
        .join_from(saldi, t.rekening, saldi.c.rekening_nr == t.rekening.c.rekening_nr)
        .where(
            t.rekening.c.soort == "kosten",
            t.rekening.c.gemeente.in_(sorted(gemeenten)),
            saldi.c.zorgvorm.in_(sorted(zorgvormen)),
            saldi.c.zorgmaand.between(*maanden),
        )
        .group_by(*key)
    )
    return {(code, vorm, maand): int(cents) for code, vorm, maand, cents in await connection.execute(query)}
