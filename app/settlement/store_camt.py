"""Statements of the bank in PostgreSQL: what was read before, the orders that lines name, and what the lines did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.database import Connection
from app.domain.partij import code_van
from app.settlement.betalingen import RegelStatus, RunStatus
from app.settlement.camt053 import Afschrift, Afschriftregel
from app.settlement.camt_koppelen import BankregelStatus, Opdracht, Uitkomst

_SAMEN = "'SOL' || n.gemeente || '-' || n.run_nr"
"""The reference of a batch, as `betalingen.batch_kenmerk` makes it."""


async def gemeente_van(connection: Connection, iban: str) -> str | None:
    """The gemeente whose account this is or was; None when it is of none."""
    partij = await connection.fetchval(
        "select partij from bankrekening where iban = $1 and partij like 'gemeente:%' order by vervallen_op desc nulls first limit 1", iban
    )
    return None if partij is None else code_van(partij)


async def afschriften_van_bestand(connection: Connection, sha256: bytes) -> list[int]:
    """The statements that were read from these very bytes."""
    rows = await connection.fetch("select afschrift_nr from bankafschrift where bestand_sha256 = $1 order by afschrift_nr", sha256)
    return [row["afschrift_nr"] for row in rows]


async def vorig_afschrift(connection: Connection, iban: str, van: date) -> tuple[str, int] | None:
    """Sequence number and closing balance of the last statement of an account that begins before or on a day; None when there is none."""
    row = await connection.fetchrow(
        "select volgnummer, eind_cent from bankafschrift where iban = $1 and van <= $2 order by tot desc, afschrift_nr desc limit 1",
        iban,
        van,
    )
    return (row["volgnummer"], row["eind_cent"]) if row else None


async def bekende_vingerafdrukken(connection: Connection, gezocht: Collection[bytes]) -> set[bytes]:
    """Those of these lines that were read before."""
    rows = await connection.fetch(
        "select vingerafdruk from bankregel where vingerafdruk = any($1::bytea[]) and status not in ('dubbel', 'niet_geboekt')",
        list(gezocht),
    )
    return {row["vingerafdruk"] for row in rows}


async def opdrachten(
    connection: Connection, gemeente: str, *, end_to_end_ids: Collection[str], batches: Collection[str]
) -> list[tuple[Opdracht, date]]:
    """Orders of sent runs of a gemeente that are named, by themselves or by their batch, with the peildatum of their run."""
    rows = await connection.fetch(
        f"""
        select r.run_nr, r.regel, r.agb, r.status, r.end_to_end_id, {_SAMEN} as batch_kenmerk, r.bedrag_cent, r.betaald_cent, n.peildatum
          from betaalregel r join betaalrun n using (run_nr)
         where n.gemeente = $1 and n.status in ('verzonden', 'afgerond') and r.end_to_end_id is not null
           and (r.end_to_end_id = any($2::text[]) or {_SAMEN} = any($3::text[]))
         order by r.run_nr, r.regel
        """,  # noqa: S608 - a constant
        gemeente,
        list(end_to_end_ids),
        list(batches),
    )
    return [
        (
            Opdracht(**{**{name: value for name, value in row.items() if name != "peildatum"}, "status": RegelStatus(row["status"])}),
            row["peildatum"],
        )
        for row in rows
    ]


async def betalingen_van(connection: Connection, run_nrs: Collection[int]) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """Per line of these runs what confirmed it and did not come back: (handeling_nr, boekregel, cents)."""
    rows = await connection.fetch(
        "select run_nr, regel, handeling_nr, boekregel, bedrag_cent from betaling where run_nr = any($1::bigint[]) and teruggeboekt_nr is null"
        " order by handeling_nr, boekregel",
        list(run_nrs),
    )
    found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for row in rows:
        found.setdefault((row["run_nr"], row["regel"]), []).append((row["handeling_nr"], row["boekregel"], row["bedrag_cent"]))
    return found


async def regels_van(connection: Connection, sleutels: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What was set off by these lines, in cents."""
    rows = await connection.fetch(
        "select r.run_nr, r.regel, r.verrekend_cent from betaalregel r"
        " join unnest($1::bigint[], $2::int[]) k (run_nr, regel) on k.run_nr = r.run_nr and k.regel = r.regel",
        [run for run, _ in sleutels],
        [regel for _, regel in sleutels],
    )
    return {(row["run_nr"], row["regel"]): row["verrekend_cent"] for row in rows}


async def save_afschrift(
    connection: Connection,
    nr: int,
    gemeente: str,
    afschrift: Afschrift,
    *,
    sha256: bytes,
    waarschuwing: str,
    uitkomsten: Sequence[Uitkomst],
) -> None:
    """A statement with all its lines."""
    await connection.execute(
        "insert into bankafschrift values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        nr,
        gemeente,
        afschrift.iban,
        afschrift.kenmerk,
        afschrift.volgnummer,
        afschrift.van,
        afschrift.tot,
        afschrift.begin_cent,
        afschrift.eind_cent,
        waarschuwing,
        sha256,
    )
    columns = (
        "afschrift_nr", "volgnr", "status", "boekdatum", "bedrag_cent", "is_debet", "is_retour", "retour_code", "end_to_end_id", "batch_kenmerk",
        "bankreferentie", "vingerafdruk", "reden",
    )  # fmt: skip
    records = [
        _as_record(nr, volgnr, regel, uitkomst)
        for volgnr, (regel, uitkomst) in enumerate(zip(afschrift.regels, uitkomsten, strict=True), start=1)
    ]
    await connection.copy_records_to_table("bankregel", records=records, columns=columns)


def _as_record(nr: int, volgnr: int, regel: Afschriftregel, uitkomst: Uitkomst) -> tuple[Any, ...]:
    return (
        nr, volgnr, uitkomst.status.value, regel.boekdatum, regel.bedrag_cent, regel.is_debet, regel.is_retour, regel.retour_code,
        regel.end_to_end_id, regel.batch_kenmerk, regel.bankreferentie, regel.vingerafdruk, uitkomst.reden,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bevestiging:
    """A row of `betaling`: which transfer confirmed which line, by which line of a statement."""

    handeling_nr: int
    boekregel: int
    run_nr: int
    regel: int
    afschrift_nr: int
    volgnr: int
    bedrag_cent: int


async def save_bevestigingen(connection: Connection, bevestigingen: Sequence[Bevestiging]) -> None:
    """What was confirmed; a line that is wholly so is `betaald`."""
    if not bevestigingen:
        return
    columns = ("handeling_nr", "boekregel", "run_nr", "regel", "afschrift_nr", "volgnr", "bedrag_cent")
    records = [tuple(getattr(each, name) for name in columns) for each in bevestigingen]
    await connection.copy_records_to_table("betaling", records=records, columns=columns)
    await connection.execute(
        """
        update betaalregel r set betaald_cent = r.betaald_cent + u.cent,
               status = case when r.betaald_cent + u.cent = r.bedrag_cent then 'betaald' else r.status end
          from (select run_nr, regel, sum(cent)::bigint as cent from unnest($1::bigint[], $2::int[], $3::bigint[]) u (run_nr, regel, cent)
                 group by 1, 2) u
         where r.run_nr = u.run_nr and r.regel = u.regel
        """,
        [each.run_nr for each in bevestigingen],
        [each.regel for each in bevestigingen],
        [each.bedrag_cent for each in bevestigingen],
    )


async def save_retouren(connection: Connection, nr: int, sleutels: Collection[tuple[int, int]]) -> None:
    """Lines that came back, by act `nr`."""
    if not sleutels:
        return
    keys = [run for run, _ in sleutels], [regel for _, regel in sleutels]
    await connection.execute(
        "update betaling b set teruggeboekt_nr = $3 from unnest($1::bigint[], $2::int[]) k (run_nr, regel)"
        " where b.run_nr = k.run_nr and b.regel = k.regel and b.teruggeboekt_nr is null",
        *keys,
        nr,
    )
    await connection.execute(
        "update betaalregel r set status = 'teruggekomen', betaald_cent = 0 from unnest($1::bigint[], $2::int[]) k (run_nr, regel)"
        " where r.run_nr = k.run_nr and r.regel = k.regel",
        *keys,
    )


async def finish_runs(connection: Connection, run_nrs: Collection[int]) -> None:
    """Runs of which nothing is under way any more are finished."""
    await connection.execute(
        "update betaalrun n set status = 'afgerond' where n.run_nr = any($1::bigint[]) and n.status = $2"
        " and not exists (select from betaalregel r where r.run_nr = n.run_nr and r.status = 'onderweg')",
        list(run_nrs),
        RunStatus.VERZONDEN.value,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AfschriftInBeeld:
    """A statement that was read; `stand` counts its lines per status."""

    afschrift_nr: int
    gemeente: str
    kenmerk: str
    volgnummer: str
    van: date
    tot: date
    begin_cent: int
    eind_cent: int
    waarschuwing: str
    gelezen_op: datetime
    gelezen_door: str
    stand: Mapping[str, int]


async def fetch_afschriften(
    connection: Connection,
    gemeenten: Collection[str] | None,
    *,
    nrs: Collection[int] | None = None,
    voor: int | None = None,
    limit: int,
) -> list[AfschriftInBeeld]:
    """Statements of these gemeenten (None: all), newest first."""
    rows = await connection.fetch(
        """
        select a.afschrift_nr, a.gemeente, a.kenmerk, a.volgnummer, a.van, a.tot, a.begin_cent, a.eind_cent, a.waarschuwing,
               h.gemaakt_op as gelezen_op, h.gemaakt_door as gelezen_door,
               (select coalesce(jsonb_object_agg(s.status, s.aantal), '{}') from (select status, count(*) as aantal from bankregel b
                 where b.afschrift_nr = a.afschrift_nr group by status) s) as stand
          from bankafschrift a join handeling h on h.bericht_nr = a.afschrift_nr
         where ($1::text[] is null or a.gemeente = any($1)) and ($2::bigint[] is null or a.afschrift_nr = any($2))
           and ($3::bigint is null or a.afschrift_nr < $3)
         order by a.afschrift_nr desc limit $4
        """,
        None if gemeenten is None else list(gemeenten),
        None if nrs is None else list(nrs),
        voor,
        limit,
    )
    return [AfschriftInBeeld(**dict(row)) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankregelInBeeld:
    """A line of a statement and what became of it."""

    afschrift_nr: int
    volgnr: int
    gemeente: str
    status: BankregelStatus
    boekdatum: date
    bedrag_cent: int
    is_debet: bool
    is_retour: bool
    retour_code: str
    end_to_end_id: str
    batch_kenmerk: str
    bankreferentie: str
    reden: str


_BANKREGELS = """
select b.afschrift_nr, b.volgnr, a.gemeente, b.status, b.boekdatum, b.bedrag_cent, b.is_debet, b.is_retour, b.retour_code, b.end_to_end_id,
       b.batch_kenmerk, b.bankreferentie, b.reden
  from bankregel b join bankafschrift a using (afschrift_nr)
"""


async def fetch_bankregels(
    connection: Connection, gemeenten: Collection[str] | None, status: BankregelStatus, *, na: tuple[int, int], limit: int
) -> list[BankregelInBeeld]:
    """Lines of one status, oldest first, after (afschrift_nr, volgnr)."""
    rows = await connection.fetch(
        f"{_BANKREGELS} where b.status = $1 and ($2::text[] is null or a.gemeente = any($2)) and (b.afschrift_nr, b.volgnr) > ($3, $4::int)"
        " order by b.afschrift_nr, b.volgnr limit $5",
        status.value,
        None if gemeenten is None else list(gemeenten),
        *na,
        limit,
    )
    return [_as_bankregel(row) for row in rows]


async def fetch_bankregel(connection: Connection, afschrift_nr: int, volgnr: int) -> BankregelInBeeld | None:
    """One line."""
    row = await connection.fetchrow(f"{_BANKREGELS} where b.afschrift_nr = $1 and b.volgnr = $2", afschrift_nr, volgnr)
    return _as_bankregel(row) if row else None


def _as_bankregel(row: Any) -> BankregelInBeeld:
    return BankregelInBeeld(**{**dict(row), "status": BankregelStatus(row["status"])})


async def save_opgelost(connection: Connection, afschrift_nr: int, volgnr: int, *, nr: int, reden: str) -> None:
    """A person dealt with a line by act `nr`."""
    await connection.execute(
        "update bankregel set status = 'opgelost', opgelost_nr = $3, reden = $4 where afschrift_nr = $1 and volgnr = $2",
        afschrift_nr,
        volgnr,
        nr,
        reden,
    )
