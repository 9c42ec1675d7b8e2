"""Afrekeningen in PostgreSQL: where each is, its versions and amounts, and who agreed. Sets at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.adapters.database import Connection
from app.settlement.afrekening_waarden import GEEN_CLIENT, TELT, AfrekeningStatus, Boekregel, Maat, Oorzaak, Oorzaakregel, Uitkomst
from app.settlement.store_afrekening_invoer import ACT_TERUG

Codes = Collection[str] | None
"""Gemeenten of which amounts are asked; None: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Afrekening:
    """An afrekening as it stands.

    Attributes:
        gemaakt_door, gemaakt_op, reden: Of the first version.
        goedgekeurd_door, goedgekeurd_op: Who fixed it; None while nobody did.
        te_betalen_cent, te_ontvangen_cent, open_cent: Of the gemeenten that were asked for, in the last version.
    """

    afrekening_nr: int
    agb: str
    naam: str
    jaar: int
    volgnr: int
    vorige_nr: int | None
    status: AfrekeningStatus
    versie: int
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None
    te_betalen_cent: int
    te_ontvangen_cent: int
    open_cent: int


class Versie(NamedTuple):
    """A version: when and by whom it was made, why, and the hash of what is agreed on."""

    versie: int
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    inhoud_sha256: bytes


class Stem(NamedTuple):
    """What a party said about a version."""

    versie: int
    partij: str
    is_akkoord: bool
    op: datetime
    door: str
    toelichting: str


async def lock(connection: Connection, agb: str, jaar: int) -> None:
    """Let work on the afrekening of a year follow each other until the transaction ends; a statement of its own."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"solidair afrekening:{agb}:{jaar}")


_AFREKENINGEN = """
select a.afrekening_nr, a.agb, coalesce(n.naam, a.agb) as naam, a.jaar, a.volgnr, a.vorige_nr, a.status, a.versie, h.gemaakt_op, h.gemaakt_door,
       h.reden, h.goedgekeurd_op, h.goedgekeurd_door, s.*
  from afrekening a
  join handeling h on h.bericht_nr = a.afrekening_nr
  left join aanbieder n on n.agb = a.agb and n.vervallen_op is null
  cross join lateral (
       select coalesce(sum(b.bedrag_cent) filter (where b.naam = 'te_betalen'), 0)::bigint as te_betalen_cent,
              coalesce(sum(b.bedrag_cent) filter (where b.naam = 'te_ontvangen'), 0)::bigint as te_ontvangen_cent,
              coalesce(sum(b.bedrag_cent) filter (where b.naam = 'open'), 0)::bigint as open_cent, count(*) as rijen
         from afrekening_bedrag b
        where b.afrekening_nr = a.afrekening_nr and b.versie = a.versie and b.client_id = 0 and b.groep = 'maat'
          and ($1::text[] is null or b.gemeente = any($1))) s
"""
_ZICHTBAAR = "(a.agb = any($2::text[]) or $1::text[] is null or s.rijen > 0)"


async def fetch_afrekening(
    connection: Connection, nr: int, *, gemeenten: Collection[str] | None = None, agbs: Collection[str] = ()
) -> Afrekening | None:
    """One by its number, if it is of one of these gemeenten (None: all) or aanbieders."""
    codes = None if gemeenten is None else list(gemeenten)
    row = await connection.fetchrow(f"{_AFREKENINGEN} where a.afrekening_nr = $3 and {_ZICHTBAAR}", codes, list(agbs), nr)
    return _as_afrekening(row) if row else None


async def fetch_afrekeningen(
    connection: Connection, *, gemeenten: Collection[str] | None, agbs: Collection[str], jaar: int | None, voor: int | None, limit: int
) -> list[Afrekening]:
    """Those of these gemeenten (None: all) or aanbieders, newest first, before number `voor`."""
    rows = await connection.fetch(
        f"{_AFREKENINGEN} where {_ZICHTBAAR} and ($3::int is null or a.jaar = $3) and ($4::bigint is null or a.afrekening_nr < $4)"
        " order by a.afrekening_nr desc limit $5",
        None if gemeenten is None else list(gemeenten),
        list(agbs),
        jaar,
        voor,
        limit,
    )
    return [_as_afrekening(row) for row in rows]


def _as_afrekening(row: Any) -> Afrekening:
    fields = dict(row)
    del fields["rijen"]
    return Afrekening(**{**fields, "status": AfrekeningStatus(fields["status"])})


async def laatste_van(connection: Connection, agb: str, jaar: int) -> tuple[int, int, AfrekeningStatus] | None:
    """Number, volgnr and status of the last afrekening of a year; None when there is none."""
    row = await connection.fetchrow(
        "select afrekening_nr, volgnr, status from afrekening where agb = $1 and jaar = $2 order by volgnr desc limit 1", agb, jaar
    )
    return (row["afrekening_nr"], row["volgnr"], AfrekeningStatus(row["status"])) if row else None


async def laatst_vastgesteld(connection: Connection, agb: str, jaar: int) -> int | None:
    """The last of a year that was fixed."""
    nr: int | None = await connection.fetchval(
        "select max(afrekening_nr) from afrekening where agb = $1 and jaar = $2 and status = 'vastgesteld'", agb, jaar
    )
    return nr


async def insert_afrekening(connection: Connection, nr: int, *, agb: str, jaar: int, volgnr: int, vorige_nr: int | None) -> None:
    """A concept with version 1, whose amounts follow in this transaction."""
    await connection.execute(
        "insert into afrekening (afrekening_nr, agb, jaar, volgnr, vorige_nr, status, versie) values ($1, $2, $3, $4, $5, 'concept', 1)",
        nr,
        agb,
        jaar,
        volgnr,
        vorige_nr,
    )


async def save_versie(connection: Connection, nr: int, versie: Versie, uitkomst: Uitkomst) -> None:
    """A version with its amounts: two statements whatever their number; zeros of clients are left out."""
    await connection.execute(
        "insert into afrekening_versie (afrekening_nr, versie, gemaakt_op, gemaakt_door, reden, inhoud_sha256) values ($1, $2, $3, $4, $5, $6)",
        nr,
        *versie,
    )
    rows: list[tuple[Any, ...]] = [
        (gemeente, GEEN_CLIENT, "maat", maat.value, "", 0, cents)
        for gemeente, maten in uitkomst.gemeenten.items()
        for maat, cents in maten.items()
    ]
    rows += [
        (gemeente, client_id, "maat", maat.value, "", 0, cents)
        for (gemeente, client_id), maten in uitkomst.clienten.items()
        if client_id != GEEN_CLIENT
        for maat, cents in maten.items()
        if cents
    ]
    rows += [
        (row.gemeente, row.client_id, "oorzaak", row.oorzaak.value, row.detail, row.aantal, row.bedrag_cent) for row in uitkomst.oorzaken
    ]
    rows += [(row.gemeente, GEEN_CLIENT, "boekplan", row.soort, _detail(row), 0, row.bedrag_cent) for row in uitkomst.boekplan]
    rows += [(row.gemeente, GEEN_CLIENT, "geboekt", row.soort, "", 0, row.bedrag_cent) for row in uitkomst.geboekt]
    columns = ("afrekening_nr", "versie", "gemeente", "client_id", "groep", "naam", "detail", "aantal", "bedrag_cent")
    await connection.copy_records_to_table("afrekening_bedrag", records=[(nr, versie.versie, *row) for row in rows], columns=columns)


def _detail(row: Boekregel) -> str:
    return f"{row.domein}/{row.zorgvorm}" if row.zorgvorm else ""


async def set_status(connection: Connection, nr: int, status: AfrekeningStatus, versie: int) -> None:
    """Bring it to a status and version; the database refuses a course that there is not."""
    await connection.execute("update afrekening set status = $2, versie = $3 where afrekening_nr = $1", nr, status.value, versie)


async def insert_stem(connection: Connection, nr: int, stem: Stem) -> bool:
    """Keep what a party said; False when it said something about this version before."""
    done: str = await connection.execute(
        "insert into afrekening_stem (afrekening_nr, versie, partij, is_akkoord, op, door, toelichting) values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict do nothing",
        nr,
        *stem,
    )
    return done.endswith(" 1")


async def fetch_versies(connection: Connection, nr: int) -> list[Versie]:
    """The versions, newest first."""
    rows = await connection.fetch(
        "select versie, gemaakt_op, gemaakt_door, reden, inhoud_sha256 from afrekening_versie where afrekening_nr = $1 order by versie desc",
        nr,
    )
    return [Versie(*row) for row in rows]


async def fetch_stemmen(connection: Connection, nr: int) -> list[Stem]:
    """What every party said, newest version first."""
    rows = await connection.fetch(
        "select versie, partij, is_akkoord, op, door, toelichting from afrekening_stem where afrekening_nr = $1 order by versie desc, partij",
        nr,
    )
    return [Stem(*row) for row in rows]


Gemeentematen = dict[str, dict[Maat, int]]


async def fetch_maten(connection: Connection, nr: int, versie: int, gemeenten: Collection[str] | None) -> Gemeentematen:
    """The amounts per gemeente of a version."""
    found: Gemeentematen = defaultdict(dict)
    for row in await _bedragen(connection, nr, versie, gemeenten, "maat"):
        found[row["gemeente"]][Maat(row["naam"])] = row["bedrag_cent"]
    return dict(found)


async def fetch_oorzaken(connection: Connection, nr: int, versie: int, gemeenten: Collection[str] | None) -> list[Oorzaakregel]:
    """The causes of a version per gemeente, clients added up; those that add up first, the largest first."""
    rows = await connection.fetch(
        """
        select gemeente, naam, detail, sum(aantal)::int as aantal, sum(bedrag_cent)::bigint as cent from afrekening_bedrag
         where afrekening_nr = $1 and versie = $2 and groep = 'oorzaak' and ($3::text[] is null or gemeente = any($3))
         group by 1, 2, 3 order by 1, naam = any($4::text[]) desc, abs(sum(bedrag_cent)) desc, 2, 3
        """,
        nr,
        versie,
        None if gemeenten is None else list(gemeenten),
        [each.value for each in TELT],
    )
    return [Oorzaakregel(r["gemeente"], GEEN_CLIENT, Oorzaak(r["naam"]), r["detail"], r["aantal"], r["cent"]) for r in rows]


async def fetch_boekregels(
    connection: Connection, nr: int, versie: int, gemeenten: Collection[str] | None, *, groep: str = "boekplan"
) -> list[Boekregel]:
    """What a version books (`boekplan`), or what the books held then (`geboekt`)."""
    found = []
    for row in await _bedragen(connection, nr, versie, gemeenten, groep):
        domein, _, zorgvorm = row["detail"].partition("/")
        found.append(Boekregel(row["gemeente"], row["naam"], domein, zorgvorm, row["bedrag_cent"]))
    return found


async def _bedragen(connection: Connection, nr: int, versie: int, gemeenten: Collection[str] | None, groep: str) -> Sequence[Any]:
    rows: Sequence[Any] = await connection.fetch(
        "select gemeente, naam, detail, bedrag_cent from afrekening_bedrag where afrekening_nr = $1 and versie = $2 and client_id = 0"
        " and groep = $4 and ($3::text[] is null or gemeente = any($3)) order by gemeente, naam, detail",
        nr,
        versie,
        None if gemeenten is None else list(gemeenten),
        groep,
    )
    return rows


class Clientregel(NamedTuple):
    """The amounts of a client in a gemeente."""

    gemeente: str
    client_id: int
    maten: Mapping[Maat, int]


async def fetch_clienten(connection: Connection, nr: int, versie: int, gemeenten: Collection[str] | None) -> list[Clientregel]:
    """The amounts per client of a version."""
    rows = await connection.fetch(
        "select gemeente, client_id, naam, bedrag_cent from afrekening_bedrag where afrekening_nr = $1 and versie = $2 and client_id <> 0"
        " and groep = 'maat' and ($3::text[] is null or gemeente = any($3)) order by gemeente, client_id",
        nr,
        versie,
        None if gemeenten is None else list(gemeenten),
    )
    found: dict[tuple[str, int], dict[Maat, int]] = defaultdict(dict)
    for row in rows:
        found[row["gemeente"], row["client_id"]][Maat(row["naam"])] = row["bedrag_cent"]
    return [Clientregel(*key, maten) for key, maten in found.items()]


async def terugontvangen(connection: Connection, nr: int) -> dict[str, dict[str, int]]:
    """What came back for an afrekening per gemeente, in cents per account that it settled."""
    rows = await connection.fetch(
        """
        select c.gemeente, c.soort, sum(b.bedrag_cent)::bigint as cent
          from handeling h join boeking b on b.bericht_nr = h.bericht_nr join rekening c on c.rekening_nr = b.credit
         where h.soort = $1 and h.sleutel = $2 group by 1, 2
        """,
        ACT_TERUG,
        str(nr),
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["gemeente"]][row["soort"]] = row["cent"]
    return dict(found)


async def namen_van(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Names of gemeenten by code; the code where the region has none."""
    rows = await connection.fetch(
        "select code, max(naam) as naam from gemeente where code = any($1::text[]) and vervallen_op is null group by code", list(codes)
    )
    return {**{code: code for code in codes}, **{row["code"]: row["naam"] for row in rows}}
