"""The queries behind the page of health, each on an index: the cost follows what waits and the last thirty days, not what is stored.

Only what a rhythm is learned from goes over a year of declaraties (0.4 s with a million berichten); that is done once a day (`service_gezondheid`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.termijnen import REGIO
from app.reports.gezondheid import (
    BANEN_MAX,
    DAGEN,
    WACHT_MAX,
    WACHTEND,
    Antwoordtijd,
    Baan,
    Dag,
    Nagerekend,
    Uitgang,
    Uur,
    Wachtrij,
    eerste_uur,
    staat_stil,
)
from app.reports.ritme import Zendmaand

# The hour is that of UTC: the Netherlands differs from it by whole hours, and in October an hour there comes twice.
_UREN = """
select date_trunc('hour', ontvangen_op, 'UTC') as begin, count(*) as ontvangen, count(*) filter (where status = any(:wachtend)) as wacht
  from bericht where ontvangst_datum >= :vanaf_dag and richting = 'in' and ontvangen_op >= :vanaf group by 1
"""
_ANTWOORDTIJD = """
select percentile_disc(array[0.5, 0.95]) within group (order by greatest(beoordeeld_op - ontvangen_op, interval '0'))
  from bericht where ontvangst_datum >= :vanaf_dag and richting = 'in' and ontvangen_op >= :vanaf and beoordeeld_op is not null
"""
_DAGEN = """
select ontvangst_datum as dag, count(*) filter (where richting = 'in') as ontvangen, count(*) filter (where richting = 'uit') as verstuurd,
       count(*) filter (where status = 'geweigerd') as geweigerd,
       count(*) filter (where richting = 'in' and status = any(:wachtend)) as wacht
  from bericht where ontvangst_datum > :vanaf_dag group by 1
"""
_WACHTRIJEN = """
select w.status, w.aantal, w.oudste_nr, b.ontvangen_op as oudste_op
  from (select status, count(*) as aantal, min(bericht_nr) as oudste_nr from bericht where status = any(:wachtend) group by 1) w
  join bericht b on b.bericht_nr = w.oudste_nr
"""
_ONBEANTWOORD = """
select b.bericht_nr, b.ontvangen_op
  from (select min(bericht_nr) as bericht_nr from bericht
         where termijn is not null and termijn_voldaan_op is null and termijn_wie = :regio) o join bericht b using (bericht_nr)
"""
# What was judged last in a lane stands just before what waits in it, because a lane is judged in order of number.
BANEN = """
select w.domein, w.agb, w.aantal, w.oudste_nr, b.ontvangen_op as oudste_op, l.laatst_op,
       (select a.naam from aanbieder a where a.agb = w.agb and a.vervallen_op is null limit 1) as naam
  from (select domein, agb, count(*) as aantal, min(bericht_nr) as oudste_nr from bericht where status = 'ontvangen' group by 1, 2) w
  join bericht b on b.bericht_nr = w.oudste_nr
 cross join lateral (
     select max(v.beoordeeld_op) as laatst_op
       from (select e.beoordeeld_op from bericht e
              where e.agb = w.agb and e.domein = w.domein and e.richting = 'in' and e.bericht_nr < w.oudste_nr
              order by e.bericht_nr desc limit 50) v) l
 where b.ontvangen_op < :te_lang
"""
"""Lanes in which a bericht came in before `te_lang` and still waits."""
_UITGANG = """
select count(*) as taken, min(beschikbaar_op) filter (where beschikbaar_op <= :nu and gepubliceerd_op is null) as oudste_op from outbox
"""
_ZENDMAANDEN = """
select domein, agb, date_trunc('month', ontvangst_datum::timestamp)::date as maand, min(ontvangst_datum) as eerste,
       coalesce(sum(ingediend_cent), 0)::bigint as ingediend_cent
  from bericht where richting = 'in' and soort = '323' and status <> 'geweigerd' and ontvangst_datum >= :van and ontvangst_datum < :voor
 group by 1, 2, 3
"""
_GEHOORD = """
select distinct domein, agb from bericht
 where richting = 'in' and soort = '323' and status <> 'geweigerd' and ontvangst_datum >= :van and ontvangst_datum <= :vandaag
"""


async def load_uren(connection: AsyncConnection, nu: datetime) -> tuple[dict[datetime, Uur], Antwoordtijd | None]:
    """What came in per hour of the last 24, and how long judging took."""
    vanaf = eerste_uur(nu)
    # The day of receipt is that of the Netherlands, so an hour of UTC is on the same day there, or the next.
    values = {"vanaf": vanaf, "vanaf_dag": vanaf.date()}
    rows = await _lees(connection, _UREN, wachtend=list(WACHTEND), **values)
    uren = {row.begin: Uur(begin=row.begin, ontvangen=row.ontvangen, wacht=row.wacht) for row in rows}
    ((took,),) = await _lees(connection, _ANTWOORDTIJD, **values)
    return uren, None if took is None else Antwoordtijd(helft=took[0], p95=took[1])


async def load_dagen(connection: AsyncConnection, vandaag: date) -> dict[date, Dag]:
    """What came in and left per day of the last thirty."""
    rows = await _lees(connection, _DAGEN, wachtend=list(WACHTEND), vanaf_dag=vandaag - timedelta(days=DAGEN))
    return {row.dag: Dag(**row._mapping) for row in rows}


async def load_wachtrijen(connection: AsyncConnection) -> dict[str, Wachtrij]:
    """What waits, per status that has something."""
    return {row.status: Wachtrij(**row._mapping) for row in await _lees(connection, _WACHTRIJEN, wachtend=list(WACHTEND))}


async def load_onbeantwoord(connection: AsyncConnection) -> tuple[int, datetime] | None:
    """The bericht that waits longest for our answer; numbers follow receipt."""
    rows = await _lees(connection, _ONBEANTWOORD, regio=REGIO)
    return (rows[0].bericht_nr, rows[0].ontvangen_op) if rows else None


async def load_banen(connection: AsyncConnection, nu: datetime) -> tuple[Baan, ...]:
    """Lanes in which a bericht waits too long, the longest first; at most `BANEN_MAX`."""
    query = f"{BANEN} order by b.ontvangen_op, w.agb, w.domein limit :banen_max"
    rows = await _lees(connection, query, te_lang=nu - WACHT_MAX, banen_max=BANEN_MAX)
    return tuple(Baan(**row._mapping, staat_stil=staat_stil(row.laatst_op, nu)) for row in rows)


async def load_uitgang(connection: AsyncConnection, nu: datetime) -> Uitgang:
    """The outbox."""
    (row,) = await _lees(connection, _UITGANG, nu=nu)
    return Uitgang(taken=row.taken, oudste_op=row.oudste_op)


async def load_nagerekend(connection: AsyncConnection) -> Nagerekend | None:
    """When the books were recomputed last, and whether they were right; nothing of any gemeente can be read from it."""
    rows = await _lees(connection, "select begonnen_op as op, door, klopt from verificatie order by verificatie_nr desc limit 1")
    return Nagerekend(**rows[0]._mapping) if rows else None


async def load_is_geboekt(connection: AsyncConnection) -> bool:
    """Whether there is anything in the books."""
    ((found,),) = await _lees(connection, "select exists (select from boeking)")
    return bool(found)


async def load_zendmaanden(connection: AsyncConnection, van: date, voor: date) -> list[Zendmaand]:
    """Which senders sent a 323 in which month, received from `van` on and before `voor`."""
    return [Zendmaand(**row._mapping) for row in await _lees(connection, _ZENDMAANDEN, van=van, voor=voor)]


async def load_gehoord(connection: AsyncConnection, van: date, vandaag: date) -> set[tuple[str, str]]:
    """Who sent a 323 from `van` on, as (domein, agb)."""
    return {(row.domein, row.agb) for row in await _lees(connection, _GEHOORD, van=van, vandaag=vandaag)}


async def _lees(connection: AsyncConnection, query: str, **values: Any) -> list[Any]:
    lists = [bindparam(name, value, type_=ARRAY(Text)) for name, value in values.items() if isinstance(value, list)]
    plain = {name: value for name, value in values.items() if not isinstance(value, list)}
    return list(await connection.execute(text(query).bindparams(*lists, **plain)))
