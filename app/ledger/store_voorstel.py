"""Acts that wait for a second person, and lists of acts, in the database; a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorstel:
    """An act that waits, or waited, for a second person.

    Attributes:
        nr: Of the act.
        soort, sleutel: Of the act: which plan it brings the books to.
        opdracht: What was asked (`Opdracht.as_data`).
        vingerafdruk: Of the transfers that were shown to who asked.
        status: wacht, geboekt or ingetrokken.
    """

    nr: int
    soort: str
    sleutel: str
    opdracht: Mapping[str, Any]
    vingerafdruk: str
    status: str


async def insert_voorstel(connection: Connection, nr: int, *, soort: str, sleutel: str, bedrag_cent: int, vingerafdruk: str) -> None:
    """The act waits."""
    await connection.execute(
        "insert into handeling_voorstel (handeling_nr, soort, sleutel, bedrag_cent, vingerafdruk, status) values ($1, $2, $3, $4, $5, 'wacht')",
        nr,
        soort,
        sleutel,
        bedrag_cent,
        bytes.fromhex(vingerafdruk),
    )


async def wachtend(connection: Connection, plannen: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The act that waits for each of these plans (soort, sleutel) that one waits for."""
    wanted = sorted(set(plannen))
    rows = await connection.fetch(
        "select v.soort, v.sleutel, v.handeling_nr from handeling_voorstel v"
        " join unnest($1::text[], $2::text[]) k (soort, sleutel) using (soort, sleutel) where v.status = 'wacht'",
        [soort for soort, _ in wanted],
        [sleutel for _, sleutel in wanted],
    )
    return {(row["soort"], row["sleutel"]): row["handeling_nr"] for row in rows}


async def lock_voorstel(connection: Connection, nr: int) -> Voorstel | None:
    """One of them, locked until the transaction ends; None when the act never waited."""
    row = await connection.fetchrow(
        """
        select v.handeling_nr as nr, v.soort, v.sleutel, h.gegevens as opdracht, encode(v.vingerafdruk, 'hex') as vingerafdruk, v.status
          from handeling_voorstel v join handeling h on h.bericht_nr = v.handeling_nr where v.handeling_nr = $1 for update of v
        """,
        nr,
    )
    return None if row is None else Voorstel(**row)


async def sluit_voorstel(connection: Connection, nr: int, *, status: str, op: datetime, door: str, reden: str = "") -> None:
    """It no longer waits."""
    await connection.execute(
        "update handeling_voorstel set status = $2, besloten_op = $3, besloten_door = $4, besluit_reden = $5 where handeling_nr = $1",
        nr,
        status,
        op,
        door,
        reden,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandelingFilter:
    """Which acts; None means all. `maand` is what they are for, by its first day."""

    soorten: Sequence[str]
    maand: date | None = None
    door: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandelingRegel:
    """An act in a list.

    Attributes:
        nr: Its number, which its transfers have too.
        soort, sleutel: Of what, and for what.
        status: geboekt, wacht or ingetrokken.
        aantal: Its transfers; those that it would make are not counted.
        heen_cent, terug_cent: What they move the way of the event, and back.
        voorstel_cent: How much it would move, of one that waits or was withdrawn.
        besloten_door, besloten_op, besluit_reden: Who withdrew it, when and why.
    """

    nr: int
    soort: str
    sleutel: str
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None
    status: str
    aantal: int
    heen_cent: int
    terug_cent: int
    voorstel_cent: int | None
    besloten_door: str | None
    besloten_op: datetime | None
    besluit_reden: str

    @property
    def bedrag_cent(self) -> int:
        """How much it moves, or would."""
        return self.voorstel_cent if self.voorstel_cent is not None and self.status != "geboekt" else max(self.heen_cent, self.terug_cent)


_HANDELINGEN = """
select h.bericht_nr as nr, h.soort, h.sleutel, h.gemaakt_op, h.gemaakt_door, h.reden, h.goedgekeurd_op, h.goedgekeurd_door,
       coalesce(v.status, 'geboekt') as status, b.aantal, b.heen_cent, b.terug_cent, v.bedrag_cent as voorstel_cent,
       case when v.status = 'ingetrokken' then v.besloten_door end as besloten_door,
       case when v.status = 'ingetrokken' then v.besloten_op end as besloten_op, coalesce(v.besluit_reden, '') as besluit_reden
  from handeling h
  left join handeling_voorstel v on v.handeling_nr = h.bericht_nr
  cross join lateral (
      select count(*) as aantal, coalesce(sum(g.bedrag_cent) filter (where not e.tegen), 0)::bigint as heen_cent,
             coalesce(sum(g.bedrag_cent) filter (where e.tegen), 0)::bigint as terug_cent
        from boeking g join rekening d on d.rekening_nr = g.debet join rekening c on c.rekening_nr = g.credit
        join gebeurtenis e on e.soort = g.soort and e.debet = d.soort and e.credit = c.soort
       where g.bericht_nr = h.bericht_nr) b
"""


async def list_handelingen(connection: Connection, wanted: HandelingFilter, *, voor: int | None, limit: int) -> list[HandelingRegel]:
    """Acts with a number below `voor`, newest first."""
    rows = await connection.fetch(
        _HANDELINGEN
        + """
        where h.soort = any($1::text[]) and h.bericht_nr < coalesce($2, 9223372036854775807)
          and ($3::text is null or h.sleutel = $3 or h.sleutel like $3 || ':%')
          and ($4::text is null or h.gemaakt_door = $4) and ($5::text is null or coalesce(v.status, 'geboekt') = $5)
        order by h.bericht_nr desc limit $6
        """,
        list(wanted.soorten),
        voor,
        None if wanted.maand is None else f"{wanted.maand:%Y-%m}",
        wanted.door,
        wanted.status,
        limit,
    )
    return [HandelingRegel(**row) for row in rows]


async def get_handeling(connection: Connection, nr: int, soorten: Sequence[str]) -> HandelingRegel | None:
    """One act of these soorten."""
    row = await connection.fetchrow(_HANDELINGEN + "where h.bericht_nr = $1 and h.soort = any($2::text[])", nr, list(soorten))
    return None if row is None else HandelingRegel(**row)


async def laatste_maatstaf(connection: Connection, soorten: Sequence[str]) -> str | None:
    """The maatstaf that the last act of these soorten divided by."""
    found: str | None = await connection.fetchval(
        "select gegevens ->> 'maatstaf' from handeling where soort = any($1::text[]) and gegevens ? 'maatstaf' order by bericht_nr desc limit 1",
        list(soorten),
    )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Keuzes:
    """What a form lets choose: gemeenten and zorgvormen by code (domein:zorgvorm) with their names, and maatstaven."""

    gemeenten: Mapping[str, str]
    zorgvormen: Mapping[str, str]
    maatstaven: tuple[str, ...]


async def load_keuzes(connection: Connection, jaar: int) -> Keuzes:
    """Of the region as it is loaded; maatstaven of a year."""
    gemeenten = await connection.fetch(
        "select distinct on (code) code, naam from gemeente where vervallen_op is null order by code, geldig_van desc"
    )
    vormen = await connection.fetch("select distinct domein, zorgvorm, naam from zorgvorm where vervallen_op is null order by 1, 3")
    maten = await connection.fetch(
        "select distinct maatstaf from maatstaf where vervallen_op is null and zorgvorm = '' and jaar = $1 order by 1", jaar
    )
    return Keuzes(
        gemeenten={row["code"]: row["naam"] for row in gemeenten},
        zorgvormen={f"{row['domein']}:{row['zorgvorm']}": row["naam"] for row in vormen},
        maatstaven=tuple(row["maatstaf"] for row in maten),
    )


async def gesloten_maanden(connection: Connection, van: date) -> frozenset[date]:
    """The booking months from this one on that are closed."""
    return frozenset(
        row["boekmaand"] for row in await connection.fetch("select boekmaand from maand_afsluiting where boekmaand >= $1", van)
    )
