"""Rows of holds and of the rules that make them; whoever changes one has the lock of its lane. Sets at a time, SQL straight on asyncpg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.database import Connection
from app.judging.vasthouden import Rij

SYSTEEM = "systeem"
REGELS_MAX = 200
"""Rules that a reader sees; more than an installation has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plek:
    """Where a received bericht stands."""

    soort: str
    domein: str
    agb: str
    gemeente: str
    status: str
    termijn: date | None


async def plek(connection: Connection, bericht_nr: int, gemeenten: Sequence[str] | None) -> Plek | None:
    """A received bericht that has a lane, for who sees these gemeenten (None: all)."""
    row = await connection.fetchrow(
        """
        select soort, domein, agb, gemeente, status, termijn from bericht
         where bericht_nr = $1 and richting = 'in' and status <> 'geweigerd' and ($2::text[] is null or gemeente = any($2))
        """,
        bericht_nr,
        gemeenten,
    )
    return None if row is None else Plek(**dict(row))


async def hold(connection: Connection, bericht_nr: int, *, reden: str, door: str, nu: datetime) -> None:
    """Hold one declaratie."""
    await connection.execute(
        """
        with nieuw as (
            insert into vasthouding (bericht_nr, domein, agb, gemeente, volgt, reden, sinds, door)
            select bericht_nr, domein, agb, gemeente, false, $2, $4, $3 from bericht where bericht_nr = $1
            returning bericht_nr
        ), klaar as (
            delete from outbox where taak = 'verwerken' and bericht_nr = $1
        )
        update bericht b set status = 'vastgehouden' from nieuw n where b.bericht_nr = n.bericht_nr
        """,
        bericht_nr,
        reden,
        door,
        nu,
    )


_BY_RULE = """
with nieuw as (
    insert into vasthouding (bericht_nr, domein, agb, gemeente, volgt, regel_nr, reden, sinds, door)
    select b.bericht_nr, b.domein, b.agb, b.gemeente, false, r.regel_nr, r.reden, $3, r.door
      from bericht b
     cross join lateral (
         select regel_nr, reden, door from vasthoudregel
          where agb = b.agb and (domein is null or domein = b.domein) and (gemeente is null or gemeente = b.gemeente)
            and beeindigd_op is null and sinds <= b.ontvangen_op and tot >= b.ontvangst_datum
          order by regel_nr limit 1) r
     where b.domein = $1 and b.agb = $2 and b.status = 'ontvangen' and b.soort = '323' and b.termijn > $4
       and not exists (select from vasthouding v where v.bericht_nr = b.bericht_nr)
    returning bericht_nr
), klaar as (
    delete from outbox o using nieuw n where o.taak = 'verwerken' and o.bericht_nr = n.bericht_nr
), weg as (
    update bericht b set status = 'vastgehouden' from nieuw n where b.bericht_nr = n.bericht_nr
)
select count(*)::int from nieuw
"""
_BEHIND = """
with nieuw as (
    insert into vasthouding (bericht_nr, domein, agb, gemeente, volgt, sinds, door)
    select b.bericht_nr, b.domein, b.agb, b.gemeente, true, $3, $4
      from bericht b
     where b.domein = $1 and b.agb = $2 and b.status = 'ontvangen' and b.soort = '323'
       and exists (select from vasthouding h
                    where h.vrij_op is null and not h.volgt and h.domein = b.domein and h.agb = b.agb and h.gemeente = b.gemeente
                      and h.bericht_nr < b.bericht_nr)
    returning bericht_nr
), klaar as (
    delete from outbox o using nieuw n where o.taak = 'verwerken' and o.bericht_nr = n.bericht_nr
), weg as (
    update bericht b set status = 'vastgehouden' from nieuw n where b.bericht_nr = n.bericht_nr
)
select count(*)::int from nieuw
"""


async def hold_by_rules(connection: Connection, domein: str, agb: str, *, nu: datetime, limiet: date) -> int:
    """Hold what waits in the lane and was never held, where a rule says so and its term is after `limiet`; returns how many."""
    held: int = await connection.fetchval(_BY_RULE, domein, agb, nu, limiet)
    return held


async def hold_behind(connection: Connection, domein: str, agb: str, *, nu: datetime) -> int:
    """Let declaraties of the lane wait that stand behind a held one of their gemeente; returns how many."""
    held: int = await connection.fetchval(_BEHIND, domein, agb, nu, SYSTEEM)
    return held


async def open_rows(connection: Connection, domein: str, agb: str) -> list[Rij]:
    """Every open hold of a lane."""
    rows = await connection.fetch(
        """
        select v.bericht_nr, v.gemeente, v.volgt, b.termijn from vasthouding v join bericht b using (bericht_nr)
         where v.domein = $1 and v.agb = $2 and v.vrij_op is null order by v.bericht_nr
        """,
        domein,
        agb,
    )
    return [Rij(**dict(row)) for row in rows]


async def end_holds(connection: Connection, bericht_nrs: Sequence[int], *, door: str, nu: datetime) -> None:
    """These holds are over."""
    await connection.execute(
        "update vasthouding set vrij_op = $2, vrij_door = $3 where bericht_nr = any($1::bigint[]) and vrij_op is null",
        list(bericht_nrs),
        nu,
        door,
    )


async def let_follow(connection: Connection, bericht_nrs: Sequence[int], *, nu: datetime) -> None:
    """These are held no longer, but wait behind an earlier one."""
    await connection.execute(
        """
        insert into vasthouding (bericht_nr, domein, agb, gemeente, volgt, sinds, door)
        select bericht_nr, domein, agb, gemeente, true, $2, $3 from bericht where bericht_nr = any($1::bigint[])
        """,
        list(bericht_nrs),
        nu,
        SYSTEEM,
    )


async def lanes_due(connection: Connection, limiet: date) -> list[tuple[str, str]]:
    """Lanes that hold something whose term is near."""
    rows = await connection.fetch(
        """
        select distinct v.domein, v.agb from vasthouding v join bericht b using (bericht_nr)
         where v.vrij_op is null and (b.termijn is null or b.termijn <= $1) order by v.domein, v.agb
        """,
        limiet,
    )
    return [(row["domein"], row["agb"]) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class NieuweRegel:
    """A rule to store; None does not limit."""

    agb: str
    domein: str | None
    gemeente: str | None
    reden: str
    tot: date


async def is_aanbieder(connection: Connection, agb: str) -> bool:
    """Whether the region has this aanbieder, now or before."""
    found: bool = await connection.fetchval("select exists (select from aanbieder where agb = $1)", agb)
    return found


async def add_rule(connection: Connection, regel: NieuweRegel, *, door: str, nu: datetime) -> int:
    """Store a rule; returns its number."""
    nr: int = await connection.fetchval(
        "insert into vasthoudregel (agb, domein, gemeente, reden, tot, door, sinds) values ($1, $2, $3, $4, $5, $6, $7) returning regel_nr",
        regel.agb,
        regel.domein,
        regel.gemeente,
        regel.reden,
        regel.tot,
        door,
        nu,
    )
    return nr


async def end_rule(connection: Connection, regel_nr: int, gemeenten: Sequence[str] | None, *, door: str, nu: datetime) -> str | None:
    """End a rule of who sees these gemeenten (None: all); returns its AGB-code, None when there is no such rule that runs."""
    agb: str | None = await connection.fetchval(
        """
        update vasthoudregel set beeindigd_op = $3, beeindigd_door = $4
         where regel_nr = $1 and beeindigd_op is null and ($2::text[] is null or gemeente = any($2)) returning agb
        """,
        regel_nr,
        gemeenten,
        nu,
        door,
    )
    return agb


async def held_by_rule(connection: Connection, domein: str, agb: str, regel_nr: int) -> list[int]:
    """What this rule holds in a lane."""
    rows = await connection.fetch(
        "select bericht_nr from vasthouding where domein = $1 and agb = $2 and regel_nr = $3 and vrij_op is null", domein, agb, regel_nr
    )
    return [row["bericht_nr"] for row in rows]
