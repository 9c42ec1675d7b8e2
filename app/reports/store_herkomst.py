"""The transfers of a total and what they rest on: a constant number of queries, whatever the total.

The balances say in which boekmaanden a selection has transfers; only those months are read, found by the BRIN on `boekdatum`. An index on
(rekening, zorgmaand) would make it faster still, but every booking would pay for it (docs/trace.md has the figures).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, any_, bindparam, case, func, or_, select, text, tuple_, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters import tables as t
from app.domain.partij import Actor
from app.domain.periode import laatste_dag, maand_van
from app.reports.herkomst import (
    BerichtBron,
    HandelingBron,
    HerkomstFilter,
    MaandSaldo,
    OpbouwRegel,
    PrestatieBron,
    TariefVersie,
    ToewijzingVersie,
)
from app.reports.store import eigen_gemeente

b = t.boeking.c
SLEUTEL = (b.bericht_nr, b.regel, b.soort, b.volgnr)
REKENINGEN_MAX = 100_000

Sleutel = tuple[int, int, str, int]
"""Key of a transfer: bericht_nr, regel, soort, volgnr."""


class ToewijzingSleutel(NamedTuple):
    """Which toewijzing: a number is unique within its gemeente and domein."""

    domein: str
    gemeente: str
    toewijzing_nummer: int


async def load_rekeningen(connection: AsyncConnection, actor: Actor, vraag: HerkomstFilter) -> list[int]:
    """The accounts of a selection that the actor may see."""
    r = t.rekening.c
    query = select(r.rekening_nr).where(r.soort == vraag.rekening, eigen_gemeente(actor, r.gemeente)).limit(REKENINGEN_MAX)
    if vraag.gemeente is not None:
        query = query.where(r.gemeente == vraag.gemeente)
    if vraag.aanbieder is not None:
        query = query.where(r.agb == vraag.aanbieder)
    return [nr for (nr,) in await connection.execute(query)]


async def load_maanden(connection: AsyncConnection, rekening_nrs: Sequence[int], vraag: HerkomstFilter) -> list[MaandSaldo]:
    """Per boekmaand of the selection its balance, in order; a month whose transfers cancel is there with zero."""
    names = ("rekening_nr", "domein", "zorgvorm", "zorgmaand", "boekmaand", "bedrag_cent")
    saldi = union_all(*(select(*(table.c[name] for name in names)) for table in (t.saldo, t.saldo_delta))).subquery("saldi")
    query = (
        select(saldi.c.boekmaand, func.sum(saldi.c.bedrag_cent))
        .where(_een_van(saldi.c.rekening_nr, rekening_nrs), *_zorg(saldi.c, vraag), *_boekmaand(saldi.c.boekmaand, vraag))
        .group_by(saldi.c.boekmaand)
        .order_by(saldi.c.boekmaand)
    )
    return [MaandSaldo(boekmaand=maand, bedrag_cent=int(cents)) for maand, cents in await connection.execute(query)]


def _een_van(column: ColumnElement[int], nrs: Sequence[int]) -> ColumnElement[bool]:
    """One parameter, however many accounts there are."""
    return column == any_(bindparam(None, list(nrs), type_=ARRAY(Integer), unique=True))


def _zorg(columns: Any, vraag: HerkomstFilter) -> list[ColumnElement[bool]]:
    pairs = ((columns.domein, vraag.domein), (columns.zorgvorm, vraag.zorgvorm), (columns.zorgmaand, vraag.zorgmaand))
    conditions = [column == value for column, value in pairs if value is not None]
    if vraag.zorgjaar is not None:
        conditions.append(columns.zorgmaand.between(date(vraag.zorgjaar, 1, 1), date(vraag.zorgjaar, 12, 1)))
    return conditions


def _boekmaand(column: ColumnElement[date], vraag: HerkomstFilter) -> list[ColumnElement[bool]]:
    conditions = [] if vraag.boekmaand is None else [column == vraag.boekmaand]
    if vraag.boekjaar is not None:
        conditions.append(column.between(date(vraag.boekjaar, 1, 1), date(vraag.boekjaar, 12, 1)))
    if vraag.tot_en_met is not None:
        conditions.append(column <= vraag.tot_en_met)
    if vraag.geboekt_vanaf is not None:
        conditions.append(column >= maand_van(vraag.geboekt_vanaf))
    return conditions


def _selectie(rekening_nrs: Sequence[int], maanden: Sequence[date], vraag: HerkomstFilter) -> list[ColumnElement[bool]]:
    """The transfers of a selection within these boekmaanden."""
    conditions = [
        or_(_een_van(b.debet, rekening_nrs), _een_van(b.credit, rekening_nrs)),
        or_(*(b.boekdatum.between(first, last) for first, last in reeksen(maanden))),
        *_zorg(b, vraag),
    ]
    if vraag.geboekt_vanaf is not None:
        conditions.append(b.boekdatum >= vraag.geboekt_vanaf)
    if vraag.soort is not None:
        conditions.append(b.soort == vraag.soort)
    return conditions


def reeksen(maanden: Sequence[date]) -> list[tuple[date, date]]:
    """First and last day of each unbroken row of months, in order."""
    found: list[tuple[date, date]] = []
    for maand in sorted(maanden):
        if found and found[-1][1] + timedelta(days=1) == maand:
            found[-1] = (found[-1][0], laatste_dag(maand))
        else:
            found.append((maand, laatste_dag(maand)))
    return found


async def load_opbouw(
    connection: AsyncConnection, rekening_nrs: Sequence[int], maanden: Sequence[date], vraag: HerkomstFilter
) -> list[OpbouwRegel]:
    """Number and sum of the transfers per boekmaand and event."""
    if not maanden:
        return []
    signed = case((_een_van(b.debet, rekening_nrs), b.bedrag_cent), else_=-b.bedrag_cent)
    per_day = (
        select(b.soort, b.boekdatum, func.count().label("aantal"), func.sum(signed).label("cent"))
        .where(*_selectie(rekening_nrs, maanden, vraag))
        .group_by(b.soort, b.boekdatum)
        .subquery("per_dag")
    )
    # First per day, which is a column: working out the month of each transfer would cost more than reading it.
    maand = func.date_trunc("month", per_day.c.boekdatum)
    query = (
        select(per_day.c.soort, maand.label("maand"), func.sum(per_day.c.aantal), func.sum(per_day.c.cent))
        .group_by(per_day.c.soort, maand)
        .order_by(maand, per_day.c.soort)
    )
    return [
        OpbouwRegel(soort=soort, boekmaand=month.date(), aantal=int(aantal), bedrag_cent=int(cents))
        for soort, month, aantal, cents in await connection.execute(query)
    ]


async def list_transfers(
    connection: AsyncConnection,
    rekening_nrs: Sequence[int],
    maanden: Sequence[date],
    vraag: HerkomstFilter,
    *,
    na: tuple[date, Sleutel] | None,
    limit: int,
) -> list[RowMapping]:
    """The first transfers of these boekmaanden by month and key, after `na`; with both accounts and the sign that they count with."""
    if not maanden:
        return []
    maand = func.date_trunc("month", b.boekdatum)
    chosen = select(t.boeking, case((_een_van(b.debet, rekening_nrs), 1), else_=-1).label("teken")).where(
        *_selectie(rekening_nrs, maanden, vraag)
    )
    if na is not None:
        month, key = na
        in_month = b.boekdatum <= laatste_dag(month)
        chosen = chosen.where(or_(and_(in_month, tuple_(*SLEUTEL) > tuple_(*key)), b.boekdatum > laatste_dag(month)))
    # By month first, also within one: else the planner walks the primary key from the beginning of the books until it has a page.
    first = chosen.order_by(maand, *SLEUTEL).limit(limit).subquery("boekingen")
    return await _met_rekeningen(connection, first)


async def list_transfers_van(
    connection: AsyncConnection, bericht_nr: int, regel: int, soorten: Collection[str], limit: int
) -> list[RowMapping]:
    """The transfers of one line of a bericht, in order of their key; `teken` says whether cost is their debit side."""
    first = (
        select(t.boeking, case((t.rekening.c.soort == "kosten", 1), else_=-1).label("teken"))
        .join(t.rekening, t.rekening.c.rekening_nr == b.debet)
        .where(b.bericht_nr == bericht_nr, b.regel == regel, b.soort.in_(sorted(soorten)))
        .order_by(*SLEUTEL)
        .limit(limit)
        .subquery("boekingen")
    )
    return await _met_rekeningen(connection, first)


async def _met_rekeningen(connection: AsyncConnection, first: Any) -> list[RowMapping]:
    sides = {side: t.rekening.alias(f"{side}_rekening") for side in ("debet", "credit")}
    names = [side.c[name].label(f"{label}_{name}") for label, side in sides.items() for name in ("soort", "gemeente", "agb")]
    query = (
        select(first, *names)
        .join(sides["debet"], sides["debet"].c.rekening_nr == first.c.debet)
        .join(sides["credit"], sides["credit"].c.rekening_nr == first.c.credit)
        .order_by(func.date_trunc("month", first.c.boekdatum), first.c.bericht_nr, first.c.regel, first.c.soort, first.c.volgnr)
    )
    return list((await connection.execute(query)).mappings())


async def load_berichten(connection: AsyncConnection, nrs: Collection[int]) -> dict[int, BerichtBron]:
    """The berichten among these sources."""
    m = t.bericht.c
    names = (m.bericht_nr, m.domein, m.soort, m.van, m.aan, m.identificatie, m.ontvangen_op, m.beoordeeld_op, m.oordeel_nr, m.status)
    rows = (await connection.execute(select(*names, m.sha256).where(m.bericht_nr.in_(sorted(nrs))))).mappings()
    return {row["bericht_nr"]: BerichtBron(**{**row, "sha256": row["sha256"].hex()}) for row in rows}


async def load_handelingen(connection: AsyncConnection, nrs: Collection[int]) -> dict[int, HandelingBron]:
    """The acts among these sources."""
    h = t.handeling.c
    names = (h.bericht_nr, h.soort, h.gemaakt_op, h.gemaakt_door, h.reden, h.goedgekeurd_op, h.goedgekeurd_door)
    rows = (await connection.execute(select(*names).where(h.bericht_nr.in_(sorted(nrs))))).mappings()
    return {row["bericht_nr"]: HandelingBron(**row) for row in rows}


_PRESTATIE = tuple(t.prestatie.c[each.name] for each in fields(PrestatieBron))


async def load_prestaties(connection: AsyncConnection, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], PrestatieBron]:
    """Lines of declaraties by (bericht_nr, regel)."""
    if not keys:
        return {}
    p = t.prestatie.c
    rows = await connection.execute(select(*_PRESTATIE).where(tuple_(p.bericht_nr, p.regel).in_(sorted(keys))))
    return {(row["bericht_nr"], row["regel"]): as_prestatie(row) for row in rows.mappings()}


def as_prestatie(row: RowMapping) -> PrestatieBron:
    """A row of `prestatie` as a value."""
    return PrestatieBron(**{**row, "retour_codes": tuple(row["retour_codes"])})


async def list_prestaties_van(
    connection: AsyncConnection, key: ToewijzingSleutel, *, dragers: Collection[str] | None, na: tuple[int, int], limit: int
) -> list[PrestatieBron]:
    """The granted lines on a toewijzing, by key; those that one of these gemeenten bears, None for all."""
    p = t.prestatie.c
    query = (
        select(*_PRESTATIE)
        .where(
            p.domein == key.domein,
            p.gemeente == key.gemeente,
            p.toewijzing_nummer == key.toewijzing_nummer,
            p.toegekend,
            tuple_(p.bericht_nr, p.regel) > tuple_(*na),
        )
        .order_by(p.bericht_nr, p.regel)
        .limit(limit)
    )
    if dragers is not None:
        query = query.where(p.gemeente_drager.in_(sorted(dragers)))
    return [as_prestatie(row) for row in (await connection.execute(query)).mappings()]


async def load_tarieven(connection: AsyncConnection, tarief_ids: Collection[int]) -> dict[int, TariefVersie]:
    """Lines of contracts by which was judged, also those that no longer count."""
    if not tarief_ids:
        return {}
    f = t.tarief.c
    names = (f.tarief_id, f.contract, f.eenheid, f.tarief_cent, f.geldig_van, f.geldig_tot, f.vervallen_op)
    query = select(*names, f.geladen_door_lading.label("lading_nr")).where(f.tarief_id.in_(sorted(tarief_ids)))
    return {row["tarief_id"]: TariefVersie(**row) for row in (await connection.execute(query)).mappings()}


async def load_toewijzingen(
    connection: AsyncConnection, keys: Iterable[ToewijzingSleutel]
) -> dict[ToewijzingSleutel, list[ToewijzingVersie]]:
    """All versions of these toewijzingen, with the place in the order of judging of what brought and what withdrew each."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    v = t.toewijzing_versie.c
    made, gone = t.bericht.alias("gemaakt"), t.bericht.alias("ingetrokken")
    own = {each.name for each in fields(ToewijzingVersie)} & {column.name for column in v}
    query = (
        select(
            *(column for column in v if column.name in own),
            made.c.oordeel_nr,
            gone.c.oordeel_nr.label("ingetrokken_oordeel_nr"),
        )
        .outerjoin_from(t.toewijzing_versie, made, made.c.bericht_nr == v.bericht_nr)
        .outerjoin(gone, gone.c.bericht_nr == v.ingetrokken_door)
        .where(tuple_(v.domein, v.gemeente, v.toewijzing_nummer).in_(wanted))
        .order_by(v.toewijzingsdatum, v.toewijzingstijd, v.bericht_nr, v.volgnr)
    )
    found: dict[ToewijzingSleutel, list[ToewijzingVersie]] = {}
    for row in (await connection.execute(query)).mappings():
        key = ToewijzingSleutel(row["domein"], row["gemeente"], row["toewijzing_nummer"])
        found.setdefault(key, []).append(ToewijzingVersie(**row))
    return found


async def load_teruggedraaid(
    connection: AsyncConnection, transfers: Sequence[RowMapping], prestaties: Iterable[PrestatieBron]
) -> dict[str, list[str]]:
    """Per key the keys of the transfers that name it: judged again (same line), credited by a later bericht, or undone by an act."""
    if not transfers:
        return {}
    keys = [f"{row['bericht_nr']}:{row['regel']}:{row['soort']}:{row['volgnr']}" for row in transfers]
    sources = {row["bericht_nr"] for row in transfers} | {
        each.gecrediteerd_door for each in prestaties if each.gecrediteerd_door is not None
    }
    rows = await connection.execute(
        text(
            """
            select storno_van, bericht_nr, regel, soort, volgnr from boeking
             where bericht_nr = any(:bronnen) and storno_van = any(:sleutels)
            union
            select g.storno_van, g.bericht_nr, g.regel, g.soort, g.volgnr
              from handeling h join boeking g using (bericht_nr) where :ook_handelingen and g.storno_van = any(:sleutels)
            order by 2, 3, 4, 5
            """
        ),
        {"bronnen": sorted(sources), "sleutels": keys, "ook_handelingen": any(row["client_id"] is None for row in transfers)},
    )
    found: dict[str, list[str]] = {}
    for named, *key in rows:
        found.setdefault(named, []).append(":".join(map(str, key)))
    return found
