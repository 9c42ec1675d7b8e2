"""The queries behind the terms that run and the requests of aanbieders.

A bericht with a term that is not met stands in the index `bericht_termijn_open`, an undecided request in `verzoek_termijn`, both in the order
of the list; so the cost follows what is open, not what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, Select, Text, and_, any_, case, func, literal, null, or_, select, true, tuple_, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.adapters import tables as t
from app.domain.partij import Actor, aanbieder, code_van, gemeente
from app.domain.termijnen import REGIO
from app.mailbox.zichtbaar import zicht
from app.reports.store import load_namen, open_termijn, zichtbaar
from app.reports.termijnen import Klok, Plaats, Telling, Termijn, TermijnFilter, TermijnStand, VerzoekFilter, VerzoekRegel, Wie

b = t.bericht.c
v = t.verzoek.c

DOMEINEN = ("ijw", "iwmo")
ONBESLIST = ("open", "in_onderzoek")

_VERZOEK_KOLOMMEN = (
    v.bericht_nr,
    v.volgnr,
    v.domein,
    v.gemeente,
    v.agb,
    v.soort,
    v.referentie_aanbieder,
    v.status,
    v.categorie,
    v.code,
    v.ontvangst_datum,
    v.beslistermijn,
    v.woonplaatstermijn,
    v.besluit_nr,
    v.besluit_datum,
)


def zichtbaar_verzoek(actor: Actor) -> ColumnElement[bool]:
    """The requests of the berichten that this actor sees, by their own columns: those of its gemeenten, and those it made itself."""
    if actor.gemeenten is None:
        return true()
    partijen = sorted(actor.partijen)
    codes = {code_van(partij) for partij in partijen if partij == gemeente(code_van(partij))} | set(actor.gemeenten)
    agbs = [code_van(partij) for partij in partijen if partij == aanbieder(code_van(partij))]
    # Both domeinen are named, so that the unique key on (domein, agb, …) can serve an aanbieder.
    own = and_(v.domein.in_(DOMEINEN), v.agb == any_(literal(agbs, ARRAY(Text))))
    of_gemeenten = v.gemeente == any_(literal(sorted(codes), ARRAY(Text)))
    return or_(*([own] if agbs else []), *([of_gemeenten] if codes or not agbs else []))


async def list_termijnen(
    connection: AsyncConnection, actor: Actor, vraag: TermijnFilter, klok: Klok, *, na: Plaats | None = None, limit: int
) -> list[Termijn]:
    """Terms that run after `na`, what ends first first, with the names of who takes part."""
    branches = takken(actor, vraag, klok, na, limit)
    found = branches[0] if len(branches) == 1 else union_all(*(branch.subquery().select() for branch in branches))
    rows = found.subquery("termijn")
    query = select(rows).order_by(rows.c.eindigt_op, rows.c.bericht_nr, rows.c.volgnr).limit(limit)
    return await _as_termijnen(connection, (await connection.execute(query, zicht(actor))).mappings().all(), klok)


async def list_per_groep(connection: AsyncConnection, actor: Actor, vraag: TermijnFilter, klok: Klok, *, limit: int) -> list[Termijn]:
    """The first `limit` terms of each group, in one query; in order within a group."""
    branches = takken(actor, vraag, klok, None, limit)
    query = union_all(*(branch.subquery().select() for branch in branches))
    found = await _as_termijnen(connection, (await connection.execute(query, zicht(actor))).mappings().all(), klok)
    return sorted(found, key=lambda each: (each.eindigt_op, each.bericht_nr, each.volgnr or 0))


async def count_termijnen(connection: AsyncConnection, actor: Actor, vraag: TermijnFilter, klok: Klok) -> dict[Wie, Telling]:
    """How many terms run per group; `vraag.wie` and `vraag.stand` do not limit."""
    wie = case((b.termijn_wie == REGIO, Wie.WIJ.value), else_=Wie.AANBIEDER.value).label("wie")
    of_berichten = (
        select(wie, *_tellers(b.termijn, klok))
        .where(open_termijn(), zichtbaar(actor), *_beperkt(b.domein, b.gemeente, vraag))
        .group_by(wie)
    )
    of_verzoeken = select(literal(Wie.GEMEENTE.value, Text).label("wie"), *_tellers(v.beslistermijn, klok)).where(
        v.besluit_nr.is_(None), zichtbaar_verzoek(actor), *_beperkt(v.domein, v.gemeente, vraag)
    )
    counts = dict.fromkeys(Wie, Telling())
    for row in (await connection.execute(union_all(of_berichten, of_verzoeken), zicht(actor))).mappings():
        counts[Wie(row["wie"])] = Telling(te_laat=row["te_laat"], binnenkort=row["eindigt_binnenkort"], loopt=row["loopt"])
    return counts


async def list_verzoeken(
    connection: AsyncConnection, actor: Actor, vraag: VerzoekFilter, *, voor: tuple[int, int] | None, limit: int
) -> list[VerzoekRegel]:
    """Requests of a filter, newest first, before the key `voor` (bericht_nr, volgnr)."""
    query = select(*_VERZOEK_KOLOMMEN).where(zichtbaar_verzoek(actor)).order_by(v.bericht_nr.desc(), v.volgnr).limit(limit)
    pairs = ((v.status, vraag.status), (v.domein, vraag.domein), (v.soort, vraag.soort), (v.gemeente, vraag.gemeente))
    query = query.where(*(column == value for column, value in pairs if value is not None))
    if vraag.aanbieder is not None:
        query = query.where(v.domein.in_(DOMEINEN), v.agb == vraag.aanbieder)
    if vraag.status is not None:
        query = query.where(v.besluit_nr.is_(None) if vraag.status in ONBESLIST else v.besluit_nr.is_not(None))
    if voor is not None:
        nr, volgnr = voor
        query = query.where(v.bericht_nr <= nr, or_(v.bericht_nr < nr, v.volgnr > literal(volgnr, BigInteger)))
    return [VerzoekRegel(**row) for row in (await connection.execute(query)).mappings()]


async def list_verzoeken_van(connection: AsyncConnection, bericht_nr: int, limit: int) -> list[VerzoekRegel]:
    """The requests in a 315 or 317 that the actor was found to see."""
    query = select(*_VERZOEK_KOLOMMEN).where(v.bericht_nr == bericht_nr).order_by(v.volgnr).limit(limit)
    return [VerzoekRegel(**row) for row in (await connection.execute(query)).mappings()]


def takken(actor: Actor, vraag: TermijnFilter, klok: Klok, na: Plaats | None, limit: int) -> list[Select[Any]]:
    """One query per group that is asked for, each in the order of its index and at most `limit` rows."""
    makers = {Wie.WIJ: _van_berichten, Wie.AANBIEDER: _van_berichten, Wie.GEMEENTE: _van_verzoeken}
    wanted = [vraag.wie] if vraag.wie else list(Wie)
    return [makers[wie](wie, actor, vraag, klok, na).limit(limit) for wie in wanted]


def _van_berichten(wie: Wie, actor: Actor, vraag: TermijnFilter, klok: Klok, na: Plaats | None) -> Select[Any]:
    query = select(
        literal(wie.value, Text).label("wie"),
        b.bericht_nr,
        literal(0, Integer).label("volgnr"),
        b.domein,
        b.soort,
        b.gemeente,
        b.agb,
        b.identificatie.label("kenmerk"),
        b.termijn.label("eindigt_op"),
        null().cast(Date).label("woonplaats_tot"),
        b.status,
    ).where(
        open_termijn(),
        (b.termijn_wie == REGIO) if wie is Wie.WIJ else (b.termijn_wie != REGIO),
        zichtbaar(actor),
        *_beperkt(b.domein, b.gemeente, vraag),
        *_met_stand(b.termijn, vraag.stand, klok),
    )
    if na is not None:
        # A bericht stands before the requests in it, so on the same bericht_nr it came already.
        query = query.where(tuple_(b.termijn, b.bericht_nr) > tuple_(literal(na.eindigt_op, Date), literal(na.bericht_nr, BigInteger)))
    return query.order_by(b.termijn, b.bericht_nr)


def _van_verzoeken(wie: Wie, actor: Actor, vraag: TermijnFilter, klok: Klok, na: Plaats | None) -> Select[Any]:
    query = select(
        literal(wie.value, Text).label("wie"),
        v.bericht_nr,
        v.volgnr,
        v.domein,
        v.soort,
        v.gemeente,
        v.agb,
        v.referentie_aanbieder.label("kenmerk"),
        v.beslistermijn.label("eindigt_op"),
        v.woonplaatstermijn.label("woonplaats_tot"),
        v.status,
    ).where(
        v.besluit_nr.is_(None),
        zichtbaar_verzoek(actor),
        *_beperkt(v.domein, v.gemeente, vraag),
        *_met_stand(v.beslistermijn, vraag.stand, klok),
    )
    if na is not None:
        key = tuple_(literal(na.eindigt_op, Date), literal(na.bericht_nr, BigInteger), literal(na.volgnr, BigInteger))
        query = query.where(tuple_(v.beslistermijn, v.bericht_nr, v.volgnr) > key)
    return query.order_by(v.beslistermijn, v.bericht_nr, v.volgnr)


def _beperkt(domein: ColumnElement[Any], code: ColumnElement[Any], vraag: TermijnFilter) -> list[ColumnElement[bool]]:
    return [column == value for column, value in ((domein, vraag.domein), (code, vraag.gemeente)) if value is not None]


def _met_stand(dag: ColumnElement[Any], stand: TermijnStand | None, klok: Klok) -> list[ColumnElement[bool]]:
    """The days of a stand, as `Klok.stand` says it."""
    match stand:
        case TermijnStand.TE_LAAT:
            return [dag < klok.vandaag]
        case TermijnStand.EINDIGT_BINNENKORT:
            return [dag >= klok.vandaag, dag <= klok.binnenkort_tot]
        case TermijnStand.LOOPT:
            return [dag > klok.binnenkort_tot]
        case None:
            return []


def _tellers(dag: ColumnElement[Any], klok: Klok) -> list[ColumnElement[int]]:
    """Columns that count per stand: te_laat, binnenkort, loopt."""
    order = (TermijnStand.TE_LAAT, TermijnStand.EINDIGT_BINNENKORT, TermijnStand.LOOPT)
    return [func.count().filter(*_met_stand(dag, stand, klok)).label(stand.value) for stand in order]


async def _as_termijnen(connection: AsyncConnection, rows: Sequence[RowMapping], klok: Klok) -> list[Termijn]:
    partijen = {partij for row in rows for partij in (gemeente(row["gemeente"]), aanbieder(row["agb"]))}
    namen = await load_namen(connection, partijen)
    werkdagen = klok.werkdagen(row["eindigt_op"] for row in rows)
    return [
        Termijn(
            **{
                **row,
                "wie": Wie(row["wie"]),
                "volgnr": row["volgnr"] or None,
                "woonplaats_tot": row["woonplaats_tot"] if row["woonplaats_tot"] and row["woonplaats_tot"] >= klok.vandaag else None,
            },
            gemeente_naam=namen.get(gemeente(row["gemeente"])),
            aanbieder_naam=namen.get(aanbieder(row["agb"])),
            werkdagen=werkdagen[row["eindigt_op"]],
            stand=klok.stand(row["eindigt_op"]),
        )
        for row in rows
    ]
