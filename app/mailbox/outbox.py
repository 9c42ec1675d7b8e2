"""The outbox: what must still be done, written in the transaction that made it necessary and removed in the one that did it.

A row is a wake-up for a lane. `gepubliceerd_op` says that the broker confirmed it; a row that stays too long is published again, so losing the
broker loses nothing. Delivery is at least once; who handles it must find out for itself whether there is still something to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.adapters.database import Connection, Pool, notify

GROOT_BYTES = 1_000_000
"""Berichten over this size have a queue of their own and are judged in a lot of one."""
CHANNEL = "solidair_outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taak:
    """One wake-up: the lane (`domein`, `agb`) has a bericht to judge."""

    outbox_nr: int
    bericht_nr: int
    domein: str
    agb: str
    routing_key: str
    groot: bool


# Lane by lane down the index: what waits behind the first of a lane costs nothing (100 000 rows in 50 lanes: 2 ms, against 240 ms in one pass).
_LANES = """
with recursive baan as (
    (select domein, agb from outbox where taak = 'verwerken' order by domein, agb limit 1)
    union all
    select volgende.domein, volgende.agb
      from baan
     cross join lateral (
         select o.domein, o.agb from outbox o
          where o.taak = 'verwerken' and (o.domein, o.agb) > (baan.domein, baan.agb) order by o.domein, o.agb limit 1) volgende
)
"""
_TAKE = f"""{_LANES}
select t.outbox_nr, t.bericht_nr, t.domein, t.agb, t.routing_key, t.groot
  from baan
 cross join lateral (
     select o.*, row_number() over (order by o.bericht_nr) as plaats
       from (select * from outbox
              where taak = 'verwerken' and domein = baan.domein and agb = baan.agb and beschikbaar_op <= $1
              order by bericht_nr limit $3) o) t
 where t.gepubliceerd_op is null or t.gepubliceerd_op < $2
 order by t.plaats, t.bericht_nr
 limit $4
"""  # noqa: S608 - made of constants
_WAITING_LANES = f"""{_LANES}
select baan.domein, baan.agb, eerste.groot
  from baan
 cross join lateral (
     select bericht_nr, groot from outbox
      where taak = 'verwerken' and domein = baan.domein and agb = baan.agb and beschikbaar_op <= $1 order by bericht_nr limit 1) eerste
 order by eerste.bericht_nr
 limit $2
"""  # noqa: S608 - made of constants


async def take_unpublished(
    connection: Connection, *, nu: datetime, republish_before: datetime | None, lane_in_flight_max: int, limit: int
) -> list[Taak]:
    """The next wake-ups to publish: of each lane the oldest `lane_in_flight_max` unfinished, lanes in turn.

    Those published before `republish_before` and still not done are among them; None leaves them where they are.
    """
    rows = await connection.fetch(_TAKE, nu, republish_before, lane_in_flight_max, limit)
    return [Taak(**dict(row)) for row in rows]


async def mark_published(connection: Connection, outbox_nrs: Sequence[int], nu: datetime) -> None:
    """The broker has confirmed these; one that was rescheduled meanwhile is not meant."""
    await connection.execute(
        "update outbox set gepubliceerd_op = $2 where outbox_nr = any($1::bigint[]) and beschikbaar_op <= $2", list(outbox_nrs), nu
    )


async def mark_all_unpublished(connection: Connection) -> None:
    """The broker may have forgotten everything: publish all that is not done again."""
    await connection.execute("update outbox set gepubliceerd_op = null where gepubliceerd_op is not null")


async def waiting_lanes(connection: Connection, *, nu: datetime, limit: int) -> list[tuple[str, str, bool]]:
    """Lanes with something due as (domein, agb, whether the first is a big one), the one that has waited longest first; for the local transport."""
    rows = await connection.fetch(_WAITING_LANES, nu, limit)
    return [(row["domein"], row["agb"], row["groot"]) for row in rows]


async def put(connection: Connection, bericht_nrs: Sequence[int], *, beschikbaar_op: datetime) -> None:
    """(Re)schedule judging of berichten: one wake-up each, not before `beschikbaar_op`."""
    await connection.execute(
        """
        insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)
        select 'verwerken', bericht_nr, domein, agb, domein || '.' || soort || '.' || split_part(aan, ':', 2), grootte > $3, $2
          from bericht where bericht_nr = any($1::bigint[])
        on conflict (taak, bericht_nr) do update set beschikbaar_op = excluded.beschikbaar_op, gepubliceerd_op = null
        """,
        list(bericht_nrs),
        beschikbaar_op,
        GROOT_BYTES,
    )
    await connection.execute("select pg_notify($1, '')", CHANNEL)


async def ring(pool: Pool) -> None:
    """Tell who waits for wake-ups that there are new ones, after the commit."""
    await notify(pool, CHANNEL, [""])


async def is_postponed(connection: Connection, domein: str, agb: str, bericht_nr: int, *, nu: datetime) -> bool:
    """Whether the first bericht of a lane was put off until later; the lane then waits with it, because nothing may overtake.

    Otherwise every wake-up that is on its way would be an attempt, and a failure that lasts a second would use up all of them.
    """
    put_off = await connection.fetchval(
        "select beschikbaar_op from outbox where taak = 'verwerken' and bericht_nr = $1 and beschikbaar_op > $2", bericht_nr, nu
    )
    if put_off is None:
        return False
    await connection.execute(
        """
        update outbox set beschikbaar_op = $3, gepubliceerd_op = null
         where taak = 'verwerken' and domein = $1 and agb = $2 and (beschikbaar_op < $3 or gepubliceerd_op is not null)
        """,
        domein,
        agb,
        put_off,
    )
    return True


async def done(connection: Connection, bericht_nrs: Sequence[int]) -> None:
    """These need no more judging; part of the transaction that judged or parked them."""
    await connection.execute("delete from outbox where taak = 'verwerken' and bericht_nr = any($1::bigint[])", list(bericht_nrs))


async def attempts(connection: Connection, domein: str, agb: str) -> list[tuple[int, int]]:
    """What waits in a lane, as (bericht_nr, attempts so far); at most 500, the oldest."""
    rows = await connection.fetch(
        "select bericht_nr, pogingen from bericht where domein = $1 and agb = $2 and status = 'ontvangen' order by bericht_nr limit 500",
        domein,
        agb,
    )
    return [(row["bericht_nr"], row["pogingen"]) for row in rows]


async def has_backlog(connection: Connection, *, older_than: datetime) -> bool:
    """Whether judging has been due since before `older_than`: what a worker without progress is measured by."""
    found: bool = await connection.fetchval(
        "select exists (select from outbox where taak = 'verwerken' and beschikbaar_op < $1)", older_than
    )
    return found
