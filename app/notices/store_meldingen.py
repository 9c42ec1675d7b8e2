"""Rows of meldingen: what they are made of, the unique key that makes each once, and who read which. Sets at a time, SQL straight on asyncpg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.database import Connection
from app.domain.termijnen import REGIO as REGIO_ANTWOORDT
from app.notices.melding import Gezien, Melding, Meldingsoort, NieuweMelding, OorzaakStand, Opgelost

OVERLAP = 1_000
"""Numbers are given before they are committed; so far back rows are looked at again."""
WEG_MAX = 1_000
"""Meldingen thrown away in one round."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far the rows of causes and of what was done about them were read."""

    rij_nr: int
    opvolging_nr: int


async def take_stand(connection: Connection) -> Stand | None:
    """How far was read, locked until the transaction ends; None when somebody else reads on at this moment."""
    row = await connection.fetchrow("select rij_nr, opvolging_nr from melding_stand for update skip locked")
    return None if row is None else Stand(*row)


async def save_stand(connection: Connection, stand: Stand) -> None:
    """This far was read."""
    await connection.execute("update melding_stand set rij_nr = $1, opvolging_nr = $2", stand.rij_nr, stand.opvolging_nr)


async def new_rows(connection: Connection, stand: Stand) -> list[Gezien]:
    """Rows of causes since then, summed per cause and gemeente; the last ones once more."""
    rows = await connection.fetch(
        """
        select case when deur then 'geweigerd.' else 'afgekeurd.' end || regel || '.' || retourcode || '.' || split_part(van, ':', 1) as oorzaak,
               gemeente, count(*)::int, max(rij_nr)
          from bericht_oorzaak where rij_nr > $1 group by 1, 2
        """,
        stand.rij_nr - OVERLAP,
    )
    return [Gezien(*row) for row in rows]


async def new_solutions(connection: Connection, stand: Stand) -> tuple[list[Opgelost], int]:
    """What was said to be solved since then, and the number of the newest row."""
    rows = await connection.fetch(
        "select opvolging_nr, oorzaak, gemeenten, opgelost_tot from oorzaak_opvolging where opvolging_nr > $1 order by opvolging_nr limit 1000",
        stand.opvolging_nr,
    )
    solved = [
        Opgelost(row["oorzaak"], None if row["gemeenten"] is None else tuple(row["gemeenten"]), row["opgelost_tot"])
        for row in rows
        if row["opgelost_tot"] is not None
    ]
    return solved, rows[-1]["opvolging_nr"] if rows else stand.opvolging_nr


async def standings(connection: Connection, oorzaken: Sequence[str]) -> dict[tuple[str, str], OorzaakStand]:
    """How these causes stand, in every gemeente."""
    rows = await connection.fetch(
        "select oorzaak, gemeente, is_open, keer, laatst, rij_nr from oorzaak_stand where oorzaak = any($1::text[])", list(oorzaken)
    )
    return {(row["oorzaak"], row["gemeente"]): OorzaakStand(**dict(row)) for row in rows}


async def quiet_since(connection: Connection, dag: date) -> list[OorzaakStand]:
    """Causes that go on and did not come since this day, at most a thousand."""
    rows = await connection.fetch(
        """
        select oorzaak, gemeente, is_open, keer, laatst, rij_nr from oorzaak_stand
         where is_open and laatst < $1 order by laatst, oorzaak, gemeente limit 1000
        """,
        dag,
    )
    return [OorzaakStand(**dict(row)) for row in rows]


async def save_standings(connection: Connection, standen: Sequence[OorzaakStand]) -> None:
    """These causes stand so now."""
    await connection.execute(
        """
        insert into oorzaak_stand (oorzaak, gemeente, is_open, keer, laatst, rij_nr)
        select * from unnest($1::text[], $2::text[], $3::bool[], $4::int[], $5::date[], $6::bigint[])
        on conflict (oorzaak, gemeente) do update
           set is_open = excluded.is_open, keer = excluded.keer, laatst = excluded.laatst, rij_nr = excluded.rij_nr
        """,
        *([getattr(each, name) for each in standen] for name in ("oorzaak", "gemeente", "is_open", "keer", "laatst", "rij_nr")),
    )


async def holds_ending(connection: Connection, limiet: date) -> list[tuple[int, int, str, date]]:
    """Held declaraties with a term on or before this day that nobody was told of, as (hold, bericht, gemeente, term); at most a thousand."""
    rows = await connection.fetch(
        """
        select v.vasthouding_nr, v.bericht_nr, v.gemeente, b.termijn
          from vasthouding v join bericht b using (bericht_nr)
         where v.vrij_op is null and not v.volgt and b.termijn <= $1
           and not exists (select from melding m where m.sleutel = $2 || ':' || v.vasthouding_nr)
         order by v.bericht_nr limit 1000
        """,
        limiet,
        Meldingsoort.VASTHOUDING_EINDIGT.value,
    )
    return [tuple(row) for row in rows]


async def answers_owed(connection: Connection, tot: date) -> dict[str, int]:
    """How many answers we owe until this day, what is late included, per gemeente."""
    rows = await connection.fetch(
        """
        select gemeente, count(*)::int as aantal from bericht
         where termijn is not null and termijn_voldaan_op is null and termijn <= $1 and termijn_wie = $2 and gemeente is not null
         group by gemeente
        """,
        tot,
        REGIO_ANTWOORDT,
    )
    return {row["gemeente"]: row["aantal"] for row in rows}


async def make(connection: Connection, meldingen: Sequence[NieuweMelding], nu: datetime) -> int:
    """Make those that were not made before; returns how many."""
    if not meldingen:
        return 0
    rows = await connection.fetch(
        """
        insert into melding (soort, sleutel, gemeente, voor_regio, onderwerp, aantal, dag, gemaakt_op)
        select n.*, $8 from unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::text[], $6::int[], $7::date[]) n
        on conflict (sleutel) do nothing returning melding_nr
        """,
        [each.soort.value for each in meldingen],
        [each.sleutel for each in meldingen],
        [each.gemeente for each in meldingen],
        [each.voor_regio for each in meldingen],
        [each.onderwerp for each in meldingen],
        [each.aantal for each in meldingen],
        [each.dag for each in meldingen],
        nu,
    )
    return len(rows)


async def is_made(connection: Connection, sleutel: str) -> bool:
    """Whether this was told."""
    found: bool = await connection.fetchval("select exists (select from melding where sleutel = $1)", sleutel)
    return found


async def throw_away(connection: Connection, voor: datetime) -> None:
    """Meldingen made before this moment go, with who read them; a thousand at a time."""
    await connection.execute(
        "delete from melding where melding_nr in (select melding_nr from melding where gemaakt_op < $1 order by melding_nr limit $2)",
        voor,
        WEG_MAX,
    )


def _zichtbaar(gemeenten: Sequence[str] | None) -> str:
    """The meldingen of who works for these gemeenten (None: the region), in a form that an index can serve; `$1` are the gemeenten."""
    return "$1::text[] is null and m.voor_regio" if gemeenten is None else "m.gemeente = any($1::text[])"


_ONGELEZEN = "not exists (select from melding_gelezen l where l.melding_nr = m.melding_nr and l.naam = $2)"


async def list_meldingen(
    connection: Connection, gemeenten: Sequence[str] | None, naam: str, *, voor: int | None, limit: int
) -> list[Melding]:
    """What this person was told, the newest first, before number `voor`."""
    rows = await connection.fetch(
        f"""
        select m.melding_nr, m.soort, m.gemeente, g.naam as gemeente_naam, m.onderwerp, m.aantal, m.dag, m.gemaakt_op,
               not ({_ONGELEZEN}) as gelezen
          from melding m
          left join lateral (
              select naam from gemeente where code = m.gemeente and vervallen_op is null order by geldig_van desc limit 1) g on true
         where {_zichtbaar(gemeenten)} and ($3::bigint is null or m.melding_nr < $3)
         order by m.melding_nr desc limit $4
        """,  # noqa: S608 - parts of this file
        gemeenten,
        naam,
        voor,
        limit,
    )
    return [Melding(**{**dict(row), "soort": Meldingsoort(row["soort"])}) for row in rows]


async def count_unread(connection: Connection, gemeenten: Sequence[str] | None, naam: str, limit: int) -> int:
    """How many this person did not read, counted no further than `limit`."""
    found: int = await connection.fetchval(
        f"select count(*) from (select from melding m where {_zichtbaar(gemeenten)} and {_ONGELEZEN} limit $3) q",  # noqa: S608 - parts of this file
        gemeenten,
        naam,
        limit,
    )
    return found


async def mark_read(connection: Connection, gemeenten: Sequence[str] | None, naam: str, *, tot: int, een: bool) -> int:
    """This person read melding `tot`, or (not `een`) everything up to it; what it does not see stays out. Returns how many were marked."""
    rows = await connection.fetch(
        f"""
        insert into melding_gelezen (naam, melding_nr)
        select $2, m.melding_nr from melding m where {_zichtbaar(gemeenten)} and m.melding_nr <= $3 and (m.melding_nr = $3 or not $4)
        on conflict do nothing returning melding_nr
        """,  # noqa: S608 - parts of this file
        gemeenten,
        naam,
        tot,
        een,
    )
    return len(rows)


async def is_visible(connection: Connection, gemeenten: Sequence[str] | None, melding_nr: int) -> bool:
    """Whether there is such a melding for who works for these gemeenten (None: the region)."""
    found: bool = await connection.fetchval(
        f"select exists (select from melding m where {_zichtbaar(gemeenten)} and m.melding_nr = $2)",  # noqa: S608 - parts of this file
        gemeenten,
        melding_nr,
    )
    return found
