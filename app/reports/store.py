"""The queries behind the pages, on the durable tables; each takes the actor and limits itself to what that actor may see (`zichtbaar`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Executable, Select, and_, any_, distinct, exists, extract, func, literal, not_, or_, select, true, union, union_all
from sqlalchemy.engine import CursorResult, RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.adapters import tables as t
from app.domain.partij import Actor, aanbieder, gemeente
from app.mailbox.zichtbaar import ZICHTBAAR, zicht
from app.reports.berichten import BEOORDEELD, BerichtFilter, BerichtRegel, BevindingRegel, Bezorging, Statustelling
from app.reports.kosten import Basis, BudgetCel, KostenCel
from app.reports.oorzaken import Oorzaak
from app.reports.store_zoeken import berichten_van_client, berichten_van_toewijzing

b = t.bericht.c
o = t.bericht_oorzaak.c

OORZAKEN_MAX = 200
RUNS_MAX = 10
PARTIJEN_MAX = 2_000

_REGEL_KOLOMMEN = (
    b.bericht_nr,
    b.richting,
    b.domein,
    b.soort,
    b.van,
    b.aan,
    b.gemeente,
    b.identificatie,
    b.status,
    b.ontvangen_op,
    b.ontvangst_datum,
    b.beoordeeld_op,
    b.termijn,
    b.termijn_wie,
    b.termijn_voldaan_op,
    b.ingediend_cent,
    b.toegekend_cent,
    b.aantal_regels,
    b.grootte,
    b.antwoord_nr,
    b.antwoord_op_nr,
    b.park_reden,
)


def zichtbaar(actor: Actor) -> ColumnElement[bool]:
    """The berichten this actor sees, by the one condition of `mailbox`; its values are given by `_lees`. A person of the region sees all."""
    return true() if actor.gemeenten is None and actor.rollen else ZICHTBAAR


async def _lees(connection: AsyncConnection, actor: Actor, query: Executable) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a query that carries `zichtbaar`, for this actor."""
    return await connection.execute(query, zicht(actor))


def eigen_gemeente(actor: Actor, kolom: ColumnElement[str]) -> ColumnElement[bool]:
    """The one condition under which this actor sees money of a gemeente."""
    return true() if actor.gemeenten is None else kolom.in_(sorted(actor.gemeenten))


def _gefilterd(query: Select[Any], actor: Actor, vraag: BerichtFilter) -> Select[Any]:
    query = query.where(zichtbaar(actor))
    for column, value in (
        (b.richting, vraag.richting),
        (b.status, vraag.status),
        (b.domein, vraag.domein),
        (b.soort, vraag.soort),
        (b.identificatie, vraag.identificatie),
        (b.gemeente, vraag.gemeente),
    ):
        if value is not None:
            query = query.where(column == value)
    if vraag.partij is not None:
        kind, _, code = vraag.partij.partition(":")
        query = query.where((b.gemeente if kind == "gemeente" else b.agb) == code)
    if vraag.afzender is not None:
        query = query.where(b.van.like(f"{vraag.afzender}:%"))
    if vraag.van is not None:
        query = query.where(b.ontvangst_datum >= vraag.van)
    if vraag.tot is not None:
        query = query.where(b.ontvangst_datum <= vraag.tot)
    if vraag.open_termijn or vraag.termijn_voor is not None:
        query = query.where(open_termijn())
    if vraag.termijn_voor is not None:
        query = query.where(b.termijn < vraag.termijn_voor)
    if vraag.regel is not None or vraag.retourcode is not None:
        conditions = [o.bericht_nr == b.bericht_nr]
        if vraag.regel is not None:
            conditions.append(o.regel == vraag.regel)
        if vraag.retourcode is not None:
            conditions.append(o.retourcode == vraag.retourcode)
        query = query.where(exists().where(*conditions))
    for found in (
        None if vraag.toewijzing is None else berichten_van_toewijzing(vraag.toewijzing),
        None if vraag.client is None else berichten_van_client(vraag.client),
    ):
        if found is not None:
            # As an array: it is read first, and then each bericht by its number.
            query = query.where(b.bericht_nr == any_(func.array(found.scalar_subquery())))
    return query


def open_termijn() -> ColumnElement[bool]:
    """A term runs: the condition of the index `bericht_termijn_open`."""
    return and_(b.termijn.is_not(None), b.termijn_voldaan_op.is_(None))


async def list_berichten(connection: AsyncConnection, actor: Actor, vraag: BerichtFilter, limit: int) -> list[BerichtRegel]:
    """The berichten of a filter, newest first, with their names and first causes."""
    query = _gefilterd(select(*_REGEL_KOLOMMEN), actor, vraag).order_by(b.bericht_nr.desc()).limit(limit)
    if vraag.voor is not None:
        query = query.where(b.bericht_nr < vraag.voor)
    return await _as_regels(connection, (await _lees(connection, actor, query)).mappings().all())


async def get_bericht(connection: AsyncConnection, actor: Actor, bericht_nr: int) -> BerichtRegel | None:
    """One bericht; None when it does not exist or is not visible to the actor."""
    query = select(*_REGEL_KOLOMMEN).where(b.bericht_nr == bericht_nr, zichtbaar(actor))
    rows = await _as_regels(connection, (await _lees(connection, actor, query)).mappings().all())
    return rows[0] if rows else None


async def list_nrs(connection: AsyncConnection, actor: Actor, bericht_nrs: Sequence[int]) -> list[BerichtRegel]:
    """These berichten, newest first, as far as the actor sees them."""
    query = select(*_REGEL_KOLOMMEN).where(b.bericht_nr.in_(bericht_nrs), zichtbaar(actor)).order_by(b.bericht_nr.desc())
    return await _as_regels(connection, (await _lees(connection, actor, query)).mappings().all())


async def _as_regels(connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[BerichtRegel]:
    namen = await load_namen(connection, {partij for row in rows for partij in (row["van"], row["aan"]) if partij})
    causes = await _oorzaken_van(connection, [row["bericht_nr"] for row in rows])
    return [
        BerichtRegel(
            **row, van_naam=namen.get(row["van"]), aan_naam=namen.get(row["aan"] or ""), oorzaken=tuple(causes.get(row["bericht_nr"], ()))
        )
        for row in rows
    ]


async def _oorzaken_van(connection: AsyncConnection, bericht_nrs: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    if not bericht_nrs:
        return {}
    query = (
        select(o.bericht_nr, o.regel, o.retourcode).where(o.bericht_nr.in_(bericht_nrs)).order_by(o.bericht_nr, o.aantal.desc(), o.regel)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for nr, regel, retourcode in await connection.execute(query):
        found.setdefault(nr, []).append((regel, retourcode))
    return found


async def load_namen(connection: AsyncConnection, partijen: Collection[str]) -> dict[str, str]:
    """The names of parties, as they are called now."""
    codes = sorted({partij.partition(":")[2] for partij in partijen})
    if not codes:
        return {}
    query = union_all(
        select(literal("gemeente:") + t.gemeente.c.code, t.gemeente.c.naam).where(
            t.gemeente.c.code.in_(codes), t.gemeente.c.vervallen_op.is_(None)
        ),
        select(literal("aanbieder:") + t.aanbieder.c.agb, t.aanbieder.c.naam).where(
            t.aanbieder.c.agb.in_(codes), t.aanbieder.c.vervallen_op.is_(None)
        ),
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def list_partijen(connection: AsyncConnection, actor: Actor) -> list[tuple[str, str]]:
    """The parties to filter on, as (partij, name): the actor's gemeenten and all aanbieders; an aanbieder sees itself and all gemeenten."""
    gemeenten = select(t.gemeente.c.code, t.gemeente.c.naam).where(t.gemeente.c.vervallen_op.is_(None))
    aanbieders = select(t.aanbieder.c.agb, t.aanbieder.c.naam).where(t.aanbieder.c.vervallen_op.is_(None))
    if actor.gemeenten is not None and actor.gemeenten:
        gemeenten = gemeenten.where(t.gemeente.c.code.in_(sorted(actor.gemeenten)))
    if actor.gemeenten is not None and not actor.gemeenten:
        aanbieders = aanbieders.where(t.aanbieder.c.agb.in_(sorted(partij.partition(":")[2] for partij in actor.partijen)))
    found = [(gemeente(code), naam) for code, naam in await connection.execute(gemeenten.order_by(t.gemeente.c.naam).limit(PARTIJEN_MAX))]
    found += [(aanbieder(agb), naam) for agb, naam in await connection.execute(aanbieders.order_by(t.aanbieder.c.naam).limit(PARTIJEN_MAX))]
    return list(dict(found).items())


async def list_bevindingen(
    connection: AsyncConnection, bericht_nr: int, *, na: int, limit: int, oorzaak: tuple[str, str] | None = None
) -> list[BevindingRegel]:
    """The bevindingen of a bericht that the actor was found to see, in order, after number `na`; of one cause (rule, code) when given."""
    v = t.bevinding.c
    query = (
        select(v.volgnr, v.regel, v.retourcode, v.pad, v.regelnummer, v.waarde, v.melding)
        .where(v.bericht_nr == bericht_nr, v.volgnr > na)
        .order_by(v.volgnr)
        .limit(limit)
    )
    if oorzaak is not None:
        regel, retourcode = oorzaak
        query = query.where(v.regel == regel, func.coalesce(v.retourcode, "") == retourcode)
    return [BevindingRegel(**row) for row in (await connection.execute(query)).mappings()]


async def list_oorzaken_van(connection: AsyncConnection, bericht_nr: int) -> list[tuple[str, str, int, int]]:
    """The causes of one bericht as (regel, retourcode, number, cents), most frequent first."""
    query = select(o.regel, o.retourcode, o.aantal, o.bedrag_cent).where(o.bericht_nr == bericht_nr).order_by(o.aantal.desc(), o.regel)
    return [tuple(row) for row in await connection.execute(query)]


async def list_bezorgingen(connection: AsyncConnection, bericht_nr: int) -> list[Bezorging]:
    """In which postvakken a bericht was laid and when it was fetched."""
    p = t.postvak.c
    query = select(p.partij, p.klaar_op, p.ontvangen_op).where(p.bericht_nr == bericht_nr).order_by(p.klaar_op, p.partij).limit(10)
    return [Bezorging(**row) for row in (await connection.execute(query)).mappings()]


async def load_inhoud(connection: AsyncConnection, bericht_nr: int) -> tuple[int, bytes, bytes] | None:
    """Key version, stored bytes and digest of a bericht that the actor was found to see; None when its bytes are not kept."""
    i = t.bericht_inhoud.c
    query = (
        select(i.sleutel_versie, i.inhoud, b.sha256)
        .join_from(t.bericht_inhoud, t.bericht, i.bericht_nr == b.bericht_nr)
        .where(i.bericht_nr == bericht_nr)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (row.sleutel_versie, row.inhoud, row.sha256)


async def list_oorzaken(connection: AsyncConnection, actor: Actor, *, vanaf: date) -> list[Oorzaak]:
    """Rejections of judging since a day, grouped by cause and side of the sender, most money first; without reading the berichten."""
    side = func.split_part(o.van, ":", 1)
    query = (
        select(
            o.regel,
            o.retourcode,
            side.label("afzender"),
            func.sum(o.aantal).label("aantal"),
            func.count().label("berichten"),
            func.count(distinct(o.van)).label("afzenders"),
            func.sum(o.bedrag_cent).label("bedrag_cent"),
            func.min(o.ontvangst_datum).label("eerst"),
            func.max(o.ontvangst_datum).label("laatst"),
        )
        .where(o.ontvangst_datum >= vanaf, not_(o.deur))
        .group_by(o.regel, o.retourcode, side)
        .order_by(func.abs(func.sum(o.bedrag_cent)).desc(), func.sum(o.aantal).desc(), o.regel)
        .limit(OORZAKEN_MAX)
    )
    if actor.gemeenten is not None:
        query = query.where(or_(o.gemeente.in_(sorted(actor.gemeenten)), o.van.in_(sorted(actor.partijen))))
    rows = (await connection.execute(query)).mappings()
    return [Oorzaak(**{**row, "aantal": int(row["aantal"]), "bedrag_cent": int(row["bedrag_cent"])}) for row in rows]


async def count_statussen(connection: AsyncConnection, actor: Actor, vandaag: date) -> list[Statustelling]:
    """Incoming berichten of the last seven days per status."""
    query = (
        select(b.status, func.count().filter(b.ontvangst_datum == vandaag).label("vandaag"), func.count().label("zeven_dagen"))
        .where(zichtbaar(actor), b.richting == "in", b.ontvangst_datum > vandaag - timedelta(days=7))
        .group_by(b.status)
    )
    return [Statustelling(**row) for row in (await _lees(connection, actor, query)).mappings()]


async def sum_declaraties(connection: AsyncConnection, actor: Actor, vandaag: date) -> tuple[int, int, int]:
    """Number, claimed and granted cents of the declaraties received in the last 30 days and judged."""
    query = select(func.count(), func.coalesce(func.sum(b.ingediend_cent), 0), func.coalesce(func.sum(b.toegekend_cent), 0)).where(
        zichtbaar(actor),
        b.richting == "in",
        b.soort == "323",
        b.status.in_(BEOORDEELD),
        b.ontvangst_datum > vandaag - timedelta(days=30),
    )
    aantal, ingediend, toegekend = (await _lees(connection, actor, query)).one()
    return int(aantal), int(ingediend), int(toegekend)


def _saldi() -> Any:
    columns = ("rekening_nr", "domein", "zorgvorm", "zorgmaand", "boekmaand", "bedrag_cent")
    return union_all(*(select(*(table.c[name] for name in columns)) for table in (t.saldo, t.saldo_delta))).subquery("saldi")


async def load_kosten(connection: AsyncConnection, actor: Actor, jaar: int, basis: Basis) -> list[KostenCel]:
    """Cost of the year per gemeente, zorgvorm and month of the basis, from folded saldi and deltas together."""
    saldi = _saldi()
    maand = _maand(saldi, basis)
    query = (
        select(
            t.rekening.c.gemeente,
            saldi.c.domein,
            saldi.c.zorgvorm,
            maand.label("maand"),
            func.sum(saldi.c.bedrag_cent).label("bedrag_cent"),
        )
        .join_from(saldi, t.rekening, saldi.c.rekening_nr == t.rekening.c.rekening_nr)
        .where(
            t.rekening.c.soort == "kosten",
            eigen_gemeente(actor, t.rekening.c.gemeente),
            maand.between(date(jaar, 1, 1), date(jaar, 12, 31)),
        )
        .group_by(t.rekening.c.gemeente, saldi.c.domein, saldi.c.zorgvorm, maand)
    )
    return [KostenCel(**{**row, "bedrag_cent": int(row["bedrag_cent"])}) for row in (await connection.execute(query)).mappings()]


def _maand(saldi: Any, basis: Basis) -> ColumnElement[date]:
    column: ColumnElement[date] = saldi.c.zorgmaand if basis is Basis.ZORG else saldi.c.boekmaand
    return column


async def load_budgetten(connection: AsyncConnection, actor: Actor, jaar: int) -> list[BudgetCel]:
    """The budgets of the year that hold now."""
    u = t.budget.c
    query = (
        select(u.gemeente, u.zorgvorm, func.sum(u.bedrag_cent).label("bedrag_cent"))
        .where(u.jaar == jaar, u.vervallen_op.is_(None), eigen_gemeente(actor, u.gemeente))
        .group_by(u.gemeente, u.zorgvorm)
    )
    return [BudgetCel(**{**row, "bedrag_cent": int(row["bedrag_cent"])}) for row in (await connection.execute(query)).mappings()]


async def list_jaren(connection: AsyncConnection, basis: Basis) -> list[int]:
    """The years with cost, commitments or budget, newest first."""
    saldi = _saldi()
    r = t.rekening.c
    # By account, because the balances are in that order: of an aanbieder and a gemeente there are hundreds of times as many.
    query = union(
        select(extract("year", _maand(saldi, basis)).label("jaar"))
        .join_from(t.rekening, saldi, saldi.c.rekening_nr == r.rekening_nr)
        .where(r.soort.in_(("kosten", "verplichting"))),
        select(t.budget.c.jaar.label("jaar")).where(t.budget.c.vervallen_op.is_(None)),
    )
    return sorted({int(jaar) for (jaar,) in await connection.execute(query)}, reverse=True)


async def list_runs(connection: AsyncConnection, jaar: int) -> list[RowMapping]:
    """The newest runs of the settlement of a year, with their stored outcome."""
    r = t.verevening_run.c
    query = (
        select(r.run_nr, r.gemaakt_op, r.gemaakt_door, r.jaar, r.model, r.status, r.uitkomst)
        .where(r.jaar == jaar)
        .order_by(r.run_nr.desc())
        .limit(RUNS_MAX)
    )
    return list((await connection.execute(query)).mappings())


async def load_gemeentenamen(connection: AsyncConnection) -> dict[str, str]:
    """The names of the gemeenten of the region by code; of a code with several rows the latest."""
    g = t.gemeente.c
    query = select(g.code, g.naam).where(g.vervallen_op.is_(None)).order_by(g.geldig_van)
    return {row.code: row.naam for row in await connection.execute(query)}


async def load_zorgvormnamen(connection: AsyncConnection) -> dict[str, str]:
    """The names of the zorgvormen of the region."""
    z = t.zorgvorm.c
    query = select(z.zorgvorm, z.naam).where(z.vervallen_op.is_(None))
    return {row.zorgvorm: row.naam for row in await connection.execute(query)}
