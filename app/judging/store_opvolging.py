"""Rows of the follow-up of causes: notes, and who works on it and until which row it was solved. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.adapters.database import Connection
from app.domain.oorzaak import OorzaakSleutel, Uitvalsoort


async def insert_notitie(
    connection: Connection, sleutel: OorzaakSleutel, gemeenten: Sequence[str] | None, *, tekst: str, door: str, nu: datetime
) -> None:
    """Add a note."""
    await connection.execute(
        "insert into oorzaak_notitie (oorzaak, gemeenten, op, door, tekst) values ($1, $2, $3, $4, $5)",
        str(sleutel),
        gemeenten,
        nu,
        door,
        tekst,
    )


async def insert_opvolging(
    connection: Connection,
    sleutel: OorzaakSleutel,
    gemeenten: Sequence[str] | None,
    *,
    aan: str | None,
    opgelost_tot: int | None,
    door: str,
    nu: datetime,
) -> None:
    """Add a state, which takes the place of the one before it for whom it concerns."""
    await connection.execute(
        "insert into oorzaak_opvolging (oorzaak, gemeenten, op, door, toegewezen_aan, opgelost_tot) values ($1, $2, $3, $4, $5, $6)",
        str(sleutel),
        gemeenten,
        nu,
        door,
        aan,
        opgelost_tot,
    )


async def lock_opvolging(connection: Connection, sleutel: OorzaakSleutel, gemeenten: Sequence[str] | None) -> tuple[str | None, int | None]:
    """Who works on a cause and until which row it was solved, for who works for these gemeenten; nobody else changes it until the commit."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended('oorzaak_opvolging:' || $1, 0))", str(sleutel))
    row = await connection.fetchrow(
        """
        select toegewezen_aan, opgelost_tot from oorzaak_opvolging
         where oorzaak = $1 and (gemeenten is null or gemeenten @> $2::text[]) order by opvolging_nr desc limit 1
        """,
        str(sleutel),
        gemeenten,
    )
    return (None, None) if row is None else (row["toegewezen_aan"], row["opgelost_tot"])


async def last_row(connection: Connection, sleutel: OorzaakSleutel) -> int:
    """The number of the newest row of a cause that is a rule; 0 without any."""
    found: int = await connection.fetchval(
        """
        select coalesce(max(rij_nr), 0) from bericht_oorzaak where regel = $1 and retourcode = $2 and van like $3 || ':%' and deur = $4
        """,
        sleutel.detail,
        sleutel.retourcode,
        sleutel.wie,
        sleutel.soort is Uitvalsoort.GEWEIGERD,
    )
    return found


async def may_work_on(connection: Connection, naam: str, rollen: Sequence[str]) -> bool:
    """Whether there is an account with this name and one of these roles."""
    found: bool = await connection.fetchval(
        "select exists (select from account where naam = $1 and rollen && $2::text[])", naam, list(rollen)
    )
    return found


async def parked(connection: Connection, bericht_nrs: Sequence[int], gemeenten: Sequence[str] | None) -> list[int]:
    """Which of these berichten are parked, locked, for who sees these gemeenten (None: all)."""
    rows = await connection.fetch(
        """
        select bericht_nr from bericht
         where bericht_nr = any($1::bigint[]) and status = 'geparkeerd' and richting = 'in' and ($2::text[] is null or gemeente = any($2))
         order by bericht_nr for update
        """,
        list(bericht_nrs),
        gemeenten,
    )
    return [row["bericht_nr"] for row in rows]
