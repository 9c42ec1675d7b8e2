"""Reading berichten and postvakken for API and pages: lists, one bericht, its bytes and bevindingen, and acknowledging receipt.

Everything takes the actor; what it may not see does not exist (`NietGevonden`). Pages follow bericht_nr, so they stay right while berichten
come in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, RowMapping, Select, and_, bindparam, func, select, true, union, update
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.database import TRANSIENT
from app.adapters.tables import bericht, bericht_inhoud, bericht_oorzaak, bevinding, postvak
from app.adapters.wereld import Wereld
from app.domain.bevinding import Bevinding
from app.domain.errors import NietGevonden, NietToegestaan, Unavailable
from app.domain.partij import Actor
from app.mailbox.bladzijde import Bladzijde, bladzijde, page_size, read_cursor
from app.mailbox.inbox import kenmerk
from app.mailbox.lezen import lezen, schrijven
from app.mailbox.zichtbaar import ZICHTBAAR, banen, mag_postvak_zien, van_of_aan, zicht

BANEN_MAX = 40
"""With more parties than this one scan is cheaper than one per party."""

b = bericht.c


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtFilters:
    """Which berichten of a list; None means all.

    Attributes:
        bericht: Number of the berichtsoort, such as `323`.
        partij: Sender or addressee.
        retourcode: A code among its bevindingen.
        van, tot: First and last day of receipt in the Netherlands, both included.
    """

    status: str | None = None
    domein: str | None = None
    bericht: str | None = None
    partij: str | None = None
    retourcode: str | None = None
    van: date | None = None
    tot: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtRegel:
    """One bericht as the HTTP interface shows it; amounts in cents, numbers of berichten as text.

    Attributes:
        status: `ontvangen` until judged.
        retourcodes: How many bevindingen carry each code.
        termijn: Last day for the answer that is owed or awaited.
        termijn_wie: Who must act before it: `regio` (Solidair answers) or the partij whose retourbericht is awaited.
        termijn_voldaan_op: When the answer was made or came; None while the term runs.
    """

    id: str
    status: str
    domein: str | None
    bericht: str | None
    van: str
    aan: str | None
    identificatie: str | None
    ontvangen_op: datetime
    beoordeeld_op: datetime | None
    antwoord: str | None
    antwoord_op: str | None
    retourcodes: Mapping[str, int]
    ingediend_cent: int | None
    toegekend_cent: int | None
    termijn: date | None
    termijn_wie: str | None
    termijn_voldaan_op: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostvakRegel:
    """One bericht that waits for a party; `klaar_op` is when it was laid there."""

    id: str
    domein: str
    bericht: str
    van: str
    aan: str
    identificatie: str
    klaar_op: datetime
    antwoord_op: str | None


async def lijst_berichten(
    wereld: Wereld, actor: Actor, filters: BerichtFilters, cursor: str | None = None, limit: int = 50
) -> Bladzijde[BerichtRegel]:
    """What the actor sees, newest first, at most 200 a page.

    Raises:
        CursorOngeldig: The cursor is not one of ours.
    """
    limit = page_size(limit)
    voor = None if cursor is None else read_cursor(cursor)
    async with lezen(wereld) as connection:
        rows = (await connection.execute(_page_query(actor, filters, voor, limit + 1), zicht(actor))).mappings().all()
        codes = await _retourcodes(connection, [row["bericht_nr"] for row in rows[:limit]])
    return bladzijde(rows, limit=limit, key=lambda row: int(row["bericht_nr"]), item=lambda row: _as_regel(row, codes))


async def toon_bericht(wereld: Wereld, actor: Actor, nr: int) -> BerichtRegel:
    """One bericht.

    Raises:
        NietGevonden: There is none, or not for this actor.
    """
    sql, names, constants = _one_bericht()
    values = {**constants, **zicht(actor), "nr": nr}
    try:
        row = await wereld.pool.fetchrow(sql, *(values[name] for name in names))
    except TRANSIENT as error:
        raise Unavailable(f"de database kan dit nu niet: {type(error).__name__}") from error
    if row is None:
        raise NietGevonden("Dit bericht bestaat niet, of niet voor u.")
    codes = dict(zip(row["codes"] or (), row["aantallen"] or (), strict=True))
    return _as_regel(row, {nr: codes})


async def xml_van(wereld: Wereld, actor: Actor, nr: int) -> bytes:
    """The bytes as they came or leave; of what was refused at the door at most the first 64 kB.

    Raises:
        NietGevonden: There is no such bericht, or not for this actor.
        SleutelOngeldig: The stored bytes do not fit the keys of this installation.
    """
    async with lezen(wereld) as connection:
        row = await _find(connection, actor, nr, b.sha256)
        stored = (await connection.execute(select(bericht_inhoud).where(bericht_inhoud.c.bericht_nr == nr))).first()
    if stored is None:
        raise NietGevonden("Van dit bericht is geen inhoud bewaard.")
    return await asyncio.to_thread(wereld.kluis.lees, stored.sleutel_versie, stored.inhoud, kenmerk(row["sha256"]))


async def bevindingen_van(wereld: Wereld, actor: Actor, nr: int, cursor: str | None = None, limit: int = 200) -> Bladzijde[Bevinding]:
    """What was found in a bericht, in order of the file.

    Raises:
        NietGevonden: There is no such bericht, or not for this actor.
        CursorOngeldig: The cursor is not one of ours.
    """
    limit = page_size(limit)
    na = 0 if cursor is None else read_cursor(cursor)
    query = select(bevinding).where(bevinding.c.bericht_nr == nr, bevinding.c.volgnr > na).order_by(bevinding.c.volgnr).limit(limit + 1)
    async with lezen(wereld) as connection:
        await _find(connection, actor, nr, b.bericht_nr)
        rows = (await connection.execute(query)).mappings().all()
    return bladzijde(rows, limit=limit, key=lambda row: int(row["volgnr"]), item=_as_bevinding)


async def lees_postvak(wereld: Wereld, actor: Actor, partij: str, cursor: str | None = None, limit: int = 100) -> Bladzijde[PostvakRegel]:
    """What waits for a party and is not acknowledged, oldest first.

    Raises:
        NietGevonden: There is no such postvak for this actor.
        CursorOngeldig: The cursor is not one of ours.
    """
    if not mag_postvak_zien(actor, partij):
        raise NietGevonden("Dit postvak bestaat niet, of niet voor u.")
    limit = page_size(limit)
    na = 0 if cursor is None else read_cursor(cursor)
    query = (
        select(postvak.c.bericht_nr, postvak.c.klaar_op, b.domein, b.soort, b.van, b.aan, b.identificatie, b.antwoord_op_nr)
        .join(bericht, b.bericht_nr == postvak.c.bericht_nr)
        .where(postvak.c.partij == partij, postvak.c.ontvangen_op.is_(None), postvak.c.bericht_nr > na)
        .order_by(postvak.c.bericht_nr)
        .limit(limit + 1)
    )
    async with lezen(wereld) as connection:
        rows = (await connection.execute(query)).mappings().all()
    return bladzijde(rows, limit=limit, key=lambda row: int(row["bericht_nr"]), item=_as_postvak_regel)


async def bevestig_ontvangst(wereld: Wereld, actor: Actor, partij: str, nr: int) -> None:
    """The party has it: it leaves the postvak, and a bericht that waited for this party is `bezorgd`. Twice is the same as once.

    Raises:
        NietGevonden: It does not lie in a postvak that this actor sees.
        NietToegestaan: The actor may look, but not act for this party.
    """
    if not mag_postvak_zien(actor, partij):
        raise NietGevonden("Dit postvak bestaat niet, of niet voor u.")
    if not actor.mag_namens(partij):
        raise NietToegestaan("Alleen de partij zelf bevestigt de ontvangst van een bericht.")
    here = and_(postvak.c.partij == partij, postvak.c.bericht_nr == nr)
    async with schrijven(wereld) as connection:
        received = update(postvak).where(here).values(ontvangen_op=func.coalesce(postvak.c.ontvangen_op, wereld.nu))
        if (await connection.execute(received.returning(postvak.c.bericht_nr))).first() is None:
            raise NietGevonden("Dit bericht ligt niet in dit postvak.")
        # A copy for a gemeente is not the delivery; and a bericht that is answered already stays so.
        delivered = update(bericht).where(b.bericht_nr == nr, b.aan == partij, b.status == "klaar").values(status="bezorgd")
        await connection.execute(delivered)


_COLUMNS = (
    b.bericht_nr,
    b.status,
    b.domein,
    b.soort,
    b.van,
    b.aan,
    b.identificatie,
    b.ontvangen_op,
    b.beoordeeld_op,
    b.antwoord_nr,
    b.antwoord_op_nr,
    b.ingediend_cent,
    b.toegekend_cent,
    b.termijn,
    b.termijn_wie,
    b.termijn_voldaan_op,
)


def _page_query(actor: Actor, filters: BerichtFilters, voor: int | None, limit: int) -> Select[Any]:
    """The newest `limit` of each lane from its own index, then the newest of those: the cost does not grow with what is stored."""
    wanted = and_(ZICHTBAAR, *_conditions(filters), *([] if voor is None else [b.bericht_nr < voor]))
    per_baan = [
        select(b.bericht_nr).where(baan, wanted).order_by(b.bericht_nr.desc()).limit(limit).subquery().select()
        for baan in banen(actor, filters.partij, BANEN_MAX)
    ]
    nrs = union(*per_baan).subquery()
    newest = select(nrs.c.bericht_nr).order_by(nrs.c.bericht_nr.desc()).limit(limit)
    return select(*_COLUMNS).where(b.bericht_nr.in_(newest)).order_by(b.bericht_nr.desc())


def _conditions(filters: BerichtFilters) -> list[ColumnElement[bool]]:
    pairs = ((b.status, filters.status), (b.domein, filters.domein), (b.soort, filters.bericht))
    conditions: list[ColumnElement[bool]] = [column == value for column, value in pairs if value is not None]
    if filters.partij is not None:
        conditions.append(van_of_aan(filters.partij))
    if filters.van is not None:
        conditions.append(b.ontvangst_datum >= filters.van)
    if filters.tot is not None:
        conditions.append(b.ontvangst_datum <= filters.tot)
    if filters.retourcode is not None:
        same = and_(bericht_oorzaak.c.bericht_nr == b.bericht_nr, bericht_oorzaak.c.retourcode == filters.retourcode)
        conditions.append(select(bericht_oorzaak.c.bericht_nr).where(same).exists())
    return conditions


@cache
def _one_bericht() -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    """The query of `toon_bericht`, its parameters in order, and those that never change.

    Compiled once and run on asyncpg, because every bericht that comes in is shown to its sender.
    """
    o = bericht_oorzaak.c
    of_bericht = select(o.retourcode, func.sum(o.aantal).cast(Integer).label("aantal")).where(
        o.bericht_nr == b.bericht_nr, o.retourcode != ""
    )
    sums = of_bericht.group_by(o.retourcode).order_by(o.retourcode).correlate(bericht).subquery()
    arrays = select(func.array_agg(sums.c.retourcode).label("codes"), func.array_agg(sums.c.aantal).label("aantallen")).lateral()
    query = select(*_COLUMNS, arrays.c.codes, arrays.c.aantallen).join_from(bericht, arrays, true())
    compiled = query.where(b.bericht_nr == bindparam("nr", type_=BigInteger), ZICHTBAAR).compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call]
    return str(compiled), tuple(compiled.positiontup or ()), compiled.params


async def _find(connection: AsyncConnection, actor: Actor, nr: int, *columns: ColumnElement[Any]) -> RowMapping:
    query = select(*columns).where(b.bericht_nr == nr, ZICHTBAAR)
    row = (await connection.execute(query, zicht(actor))).mappings().first()
    if row is None:
        raise NietGevonden("Dit bericht bestaat niet, of niet voor u.")
    return row


async def _retourcodes(connection: AsyncConnection, nrs: list[int]) -> dict[int, dict[str, int]]:
    """Per bericht how many bevindingen carry each retourcode."""
    if not nrs:
        return {}
    o = bericht_oorzaak.c
    query = (
        select(o.bericht_nr, o.retourcode, func.sum(o.aantal).label("aantal"))
        .where(o.bericht_nr.in_(nrs), o.retourcode != "")
        .group_by(o.bericht_nr, o.retourcode)
        .order_by(o.retourcode)
    )
    codes: dict[int, dict[str, int]] = {}
    for row in await connection.execute(query):
        codes.setdefault(row.bericht_nr, {})[row.retourcode] = int(row.aantal)
    return codes


def _as_regel(row: Mapping[Any, Any], codes: Mapping[int, Mapping[str, int]]) -> BerichtRegel:
    nr = row["bericht_nr"]
    return BerichtRegel(
        id=str(nr),
        bericht=row["soort"],
        antwoord=_as_id(row["antwoord_nr"]),
        antwoord_op=_as_id(row["antwoord_op_nr"]),
        retourcodes=codes.get(nr, {}),
        **{name: row[name] for name in _SAME_NAME},
    )


_SAME_NAME = (
    "status",
    "domein",
    "van",
    "aan",
    "identificatie",
    "ontvangen_op",
    "beoordeeld_op",
    "ingediend_cent",
    "toegekend_cent",
    "termijn",
    "termijn_wie",
    "termijn_voldaan_op",
)


def _as_postvak_regel(row: RowMapping) -> PostvakRegel:
    return PostvakRegel(
        id=str(row["bericht_nr"]),
        bericht=row["soort"],
        antwoord_op=_as_id(row["antwoord_op_nr"]),
        **{name: row[name] for name in ("domein", "van", "aan", "identificatie", "klaar_op")},
    )


def _as_bevinding(row: RowMapping) -> Bevinding:
    return Bevinding(**{name: row[name] for name in ("regel", "retourcode", "pad", "regelnummer", "waarde", "melding")})


def _as_id(nr: int | None) -> str | None:
    return None if nr is None else str(nr)
