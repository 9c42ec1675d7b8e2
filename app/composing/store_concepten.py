"""Drafts in PostgreSQL: what was filled in, encrypted, with the numbers and the bytes that they got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.adapters.database import Connection
from app.composing.invullen import Stap
from app.domain.bericht import Domein

_COLUMNS = """concept_nr, gemeente, domein, stap, gemaakt_op, gemaakt_door, gewijzigd_op, gewijzigd_door, sleutel_versie, inhoud,
       toewijzing_nummer, identificatie, xml_versie, xml, bericht_nr"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptRij:
    """A draft as it is stored; `inhoud` and `xml` are encrypted under `kenmerk(concept_nr)`."""

    concept_nr: int
    gemeente: str
    domein: Domein
    stap: Stap
    gemaakt_op: datetime
    gemaakt_door: str
    gewijzigd_op: datetime
    gewijzigd_door: str
    sleutel_versie: int
    inhoud: bytes
    toewijzing_nummer: int | None
    identificatie: str | None
    xml_versie: int | None
    xml: bytes | None
    bericht_nr: int | None


def kenmerk(concept_nr: int) -> str:
    """What the encrypted parts of a draft are bound to."""
    return f"concept:{concept_nr}"


async def next_nr(connection: Connection) -> int:
    """A fresh concept_nr."""
    found: int = await connection.fetchval("select nextval(pg_get_serial_sequence('concept', 'concept_nr'))")
    return found


async def insert(connection: Connection, rij: ConceptRij) -> None:
    """Keep a new draft."""
    await connection.execute(
        """
        insert into concept (concept_nr, gemeente, domein, stap, gemaakt_op, gemaakt_door, gewijzigd_op, gewijzigd_door, sleutel_versie, inhoud)
        overriding system value values ($1, $2, $3, $4, $5, $6, $5, $6, $7, $8)
        """,
        rij.concept_nr,
        rij.gemeente,
        rij.domein,
        rij.stap.value,
        rij.gemaakt_op,
        rij.gemaakt_door,
        rij.sleutel_versie,
        rij.inhoud,
    )


async def find(connection: Connection, concept_nr: int, gemeenten: Sequence[str]) -> ConceptRij | None:
    """The draft of one of these gemeenten; None when there is none."""
    row = await connection.fetchrow(
        f"select {_COLUMNS} from concept where concept_nr = $1 and gemeente = any($2::text[])",  # noqa: S608 - constant
        concept_nr,
        list(gemeenten),
    )
    return None if row is None else as_rij(row)


async def open_ones(connection: Connection, gemeenten: Sequence[str], limit: int, *, voor: int | None = None) -> list[ConceptRij]:
    """The drafts of these gemeenten that were not sent, newest first."""
    rows = await connection.fetch(
        f"""
        select {_COLUMNS} from concept
         where gemeente = any($1::text[]) and bericht_nr is null and ($3::bigint is null or concept_nr < $3)
         order by concept_nr desc limit $2
        """,  # noqa: S608 - constant
        list(gemeenten),
        limit,
        voor,
    )
    return [as_rij(row) for row in rows]


async def update(connection: Connection, rij: ConceptRij) -> bool:
    """Store answers and step of a draft, and forget bytes that were fixed before; False when it was sent or deleted meanwhile."""
    done = await connection.execute(
        """
        update concept set gemeente = $2, domein = $3, stap = $4, gewijzigd_op = $5, gewijzigd_door = $6, sleutel_versie = $7, inhoud = $8,
               toewijzing_nummer = case when gemeente = $2 and domein = $3 then toewijzing_nummer end,
               identificatie = case when gemeente = $2 then identificatie end, xml = null, xml_versie = null
         where concept_nr = $1 and bericht_nr is null
        """,
        rij.concept_nr,
        rij.gemeente,
        rij.domein,
        rij.stap.value,
        rij.gewijzigd_op,
        rij.gewijzigd_door,
        rij.sleutel_versie,
        rij.inhoud,
    )
    return bool(done == "UPDATE 1")


async def set_numbers(connection: Connection, concept_nr: int, toewijzing_nummer: int, identificatie: str) -> tuple[int, str]:
    """Give a draft its numbers unless it has them; returns those that it has."""
    row = await connection.fetchrow(
        """
        update concept set toewijzing_nummer = coalesce(toewijzing_nummer, $2), identificatie = coalesce(identificatie, $3)
         where concept_nr = $1 returning toewijzing_nummer, identificatie
        """,
        concept_nr,
        toewijzing_nummer,
        identificatie,
    )
    assert row is not None
    return row["toewijzing_nummer"], row["identificatie"]


async def fix_bytes(connection: Connection, concept_nr: int, versie: int, xml: bytes) -> tuple[int, bytes] | None:
    """Fix the bytes that are sent, unless they are fixed; returns those that are, None when the draft is gone or sent."""
    row = await connection.fetchrow(
        """
        update concept set xml_versie = coalesce(xml_versie, $2), xml = coalesce(xml, $3)
         where concept_nr = $1 and bericht_nr is null returning xml_versie, xml
        """,
        concept_nr,
        versie,
        xml,
    )
    return None if row is None else (row["xml_versie"], row["xml"])


async def release_bytes(connection: Connection, concept_nr: int) -> None:
    """The door refused the bytes: they are no longer what is sent."""
    await connection.execute("update concept set xml = null, xml_versie = null where concept_nr = $1 and bericht_nr is null", concept_nr)


async def mark_sent(connection: Connection, concept_nr: int, bericht_nr: int) -> None:
    """The draft became this bericht."""
    await connection.execute("update concept set bericht_nr = $2 where concept_nr = $1 and bericht_nr is null", concept_nr, bericht_nr)


async def delete(connection: Connection, concept_nr: int, gemeenten: Sequence[str]) -> bool:
    """Delete a draft that was not sent; False when there is none."""
    query = "delete from concept where concept_nr = $1 and gemeente = any($2::text[]) and bericht_nr is null"
    return bool(await connection.execute(query, concept_nr, list(gemeenten)) == "DELETE 1")


async def sent_and_stuck(connection: Connection, gemeenten: Sequence[str], limit: int) -> list[Mapping[str, Any]]:
    """What was sent from here and is not in the register: not judged yet, or stopped; newest first."""
    rows = await connection.fetch(
        f"""
        select {", ".join(f"c.{name.strip()}" for name in _COLUMNS.split(","))}, b.status, b.ontvangen_op, b.agb, b.park_reden
          from concept c join bericht b using (bericht_nr)
         where c.gemeente = any($1::text[]) and b.status in ('ontvangen', 'afgekeurd', 'geparkeerd', 'geweigerd', 'vastgehouden')
         order by c.concept_nr desc limit $2
        """,  # noqa: S608 - constant
        list(gemeenten),
        limit,
    )
    return [dict(row) for row in rows]


def as_rij(row: Any) -> ConceptRij:
    """A row with every column of a draft as a value."""
    return ConceptRij(**{**dict(row), "stap": Stap(row["stap"])})
