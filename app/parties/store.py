"""The region in PostgreSQL: rows of the region tables as values and back, a constant number of statements whatever the size.

A row counts while `vervallen_op` is empty; a later load that has another in its place, or none, fills that in, and the row stays as history.
What judging asks is in `store_beeld`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from app.adapters.database import Connection
from app.parties.folder import Voortgang, niemand
from app.parties.region import (
    ALLE_GEMEENTEN,
    TABELLEN,
    Aanbieder,
    Bankrekening,
    Bijdrage,
    Budget,
    Contract,
    Contractoptie,
    Deelname,
    Financiering,
    Gemeente,
    Herindeling,
    Maatstaf,
    Onderaannemer,
    PartijInstelling,
    Plafond,
    Productgroep,
    Region,
    RegioProduct,
    Rij,
    Tarief,
    Voorschot,
    Zorgvorm,
    geordend,
    kolommen,
    region_van,
)
from app.parties.verschil import Huidig, RegioVerschil
from app.parties.versies import Lading, Versie

LADING_LOCK_SEED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabel:
    """Where a kind of row is kept: table, its id, and the columns, which are those of the file unless the store turns them into others."""

    naam: str
    kolommen: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name of the id column."""
        return f"{self.naam}_id"


def _tabel(naam: str, soort: type[Rij]) -> Tabel:
    return Tabel(naam=naam, kolommen=kolommen(soort))


TABEL: dict[type[Rij], Tabel] = {
    Gemeente: _tabel("gemeente", Gemeente),
    Herindeling: _tabel("herindeling", Herindeling),
    Aanbieder: _tabel("aanbieder", Aanbieder),
    Zorgvorm: _tabel("zorgvorm", Zorgvorm),
    Productgroep: _tabel("productgroep", Productgroep),
    RegioProduct: _tabel("product", RegioProduct),
    Contract: Tabel(naam="contract", kolommen=tuple("alle_gemeenten" if naam == "gemeenten" else naam for naam in kolommen(Contract))),
    Contractoptie: _tabel("contractoptie", Contractoptie),
    Onderaannemer: _tabel("onderaannemer", Onderaannemer),
    Tarief: _tabel("tarief", Tarief),
    Financiering: _tabel("bekostiging", Financiering),
    Plafond: _tabel("plafond", Plafond),
    Deelname: _tabel("deelname", Deelname),
    Budget: _tabel("budget", Budget),
    Maatstaf: _tabel("maatstaf", Maatstaf),
    Voorschot: _tabel("voorschot_plan", Voorschot),
    Bijdrage: _tabel("bijdrage_plan", Bijdrage),
    PartijInstelling: _tabel("partij", PartijInstelling),
    Bankrekening: _tabel("bankrekening", Bankrekening),
}

# Names of tables and columns are the constants above; values are arguments.
SELECT = {soort: f"select {tabel.id}, {', '.join(tabel.kolommen)} from {tabel.naam}" for soort, tabel in TABEL.items()}  # noqa: S608
TELT = "where vervallen_op is null"
"""The rows that count now."""

VERSIES = {
    soort: f"select r.{tabel.id}, {', '.join(f'r.{kolom}' for kolom in tabel.kolommen)}, g.lading_nr as geladen_lading,"  # noqa: S608
    " g.geladen_op, g.geladen_door, v.lading_nr as vervallen_lading, r.vervallen_op, v.geladen_door as vervallen_door"
    f" from {tabel.naam} r left join regio_lading g on g.lading_nr = r.geladen_door_lading"
    " left join regio_lading v on v.lading_nr = r.vervallen_door_lading"
    for soort, tabel in TABEL.items()
}
"""Rows with the load they came with and the one that let them lapse."""

EINDIG = {
    soort: f"update {tabel.naam} set vervallen_op = $1, vervallen_door_lading = $3 where {tabel.id} = any($2::bigint[])"  # noqa: S608
    for soort, tabel in TABEL.items()
}
"""Let rows lapse."""


async def lock_region(connection: Connection) -> None:
    """Let loads of the region follow each other until the transaction ends."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended('regio', $1))", LADING_LOCK_SEED)


async def fetch_huidig(connection: Connection, soorten: Collection[type[Rij]] = tuple(TABELLEN)) -> Huidig:
    """The rows that count now, with their ids; one query for each kind and one for the gemeenten of contracts."""
    gemeenten = await _fetch_contract_gemeenten(connection, TELT) if Contract in soorten else {}
    huidig: dict[type[Rij], dict[Any, int]] = {}
    for soort in soorten:
        rows = await connection.fetch(f"{SELECT[soort]} {TELT}")
        huidig[soort] = {als_rij(soort, row, gemeenten): row[0] for row in rows}
    return huidig


async def fetch_region(connection: Connection) -> Region:
    """The whole region that counts now, in order of its keys."""
    return als_region(await fetch_huidig(connection))


def als_region(huidig: Huidig) -> Region:
    """These rows as a region, in order of its keys."""
    return geordend(region_van(huidig))


async def fetch_region_op(connection: Connection, tijdstip: datetime) -> Region:
    """The whole region as it counted at an instant, in order of its keys."""
    gemeenten = await _fetch_contract_gemeenten(connection)
    rijen: dict[type[Rij], list[Rij]] = {}
    for soort in TABEL:
        rows = await connection.fetch(
            f"{SELECT[soort]} left join regio_lading on lading_nr = geladen_door_lading"
            " where (geladen_op is null or geladen_op <= $1) and (vervallen_op is null or vervallen_op > $1)",
            tijdstip,
        )
        rijen[soort] = [als_rij(soort, row, gemeenten) for row in rows]
    return geordend(region_van(rijen))


async def fetch_versies(connection: Connection, soort: type[Rij], waarden: Mapping[str, Any]) -> tuple[Versie, ...]:
    """Every row of one kind with these values in columns of its key, those that count no more included, in the order in which they were stored."""
    gemeenten = await _fetch_contract_gemeenten(connection) if soort is Contract else {}
    kolommen_ = [kolom for kolom in soort.sleutel if kolom in waarden]
    conditions = " and ".join(f"r.{kolom} = ${index}" for index, kolom in enumerate(kolommen_, start=1))
    query = f"{VERSIES[soort]} where {conditions or 'true'} order by r.{TABEL[soort].id}"
    rows = await connection.fetch(query, *(waarden[kolom] for kolom in kolommen_))
    return tuple(_as_versie(soort, row, gemeenten) for row in rows)


async def fetch_van_lading(connection: Connection, soort: type[Rij], lading_nr: int) -> tuple[Versie, ...]:
    """The rows of one kind that a load stored or let lapse."""
    gemeenten = await _fetch_contract_gemeenten(connection) if soort is Contract else {}
    where = f"where $1 in (r.geladen_door_lading, r.vervallen_door_lading) order by r.{TABEL[soort].id}"
    return tuple(_as_versie(soort, row, gemeenten) for row in await connection.fetch(f"{VERSIES[soort]} {where}", lading_nr))


async def fetch_ladingen(connection: Connection, *, hoogstens: int, voor: int | None = None) -> tuple[Lading, ...]:
    """The last loads, newest first; with `voor` those before that one."""
    rows = await connection.fetch(
        """
        select lading_nr, geladen_op, geladen_door, verschil from regio_lading
         where $2::bigint is null or lading_nr < $2 order by lading_nr desc limit $1
        """,
        hoogstens,
        voor,
    )
    return tuple(Lading(**row) for row in rows)


async def fetch_laatste_lading(connection: Connection) -> int | None:
    """Number of the last load; None before the first."""
    nummer: int | None = await connection.fetchval("select max(lading_nr) from regio_lading")
    return nummer


async def _fetch_contract_gemeenten(connection: Connection, where: str = "") -> dict[int, tuple[str, ...]]:
    """The gemeenten that each version of a contract names."""
    rows = await connection.fetch(
        "select contract_id, array_agg(gemeente order by gemeente) as gemeenten"  # noqa: S608
        f" from contract_gemeente join contract using (contract_id) {where} group by contract_id"
    )
    return {row["contract_id"]: tuple(row["gemeenten"]) for row in rows}


def _as_versie(soort: type[Rij], row: Any, gemeenten: dict[int, tuple[str, ...]]) -> Versie:
    names = ("geladen_lading", "geladen_op", "geladen_door", "vervallen_lading", "vervallen_op", "vervallen_door")
    return Versie(rij=als_rij(soort, row, gemeenten), **{name: row[name] for name in names})


def als_rij(soort: type[Rij], row: Any, gemeenten: dict[int, tuple[str, ...]]) -> Rij:
    """A row of a table as a value of the region."""
    kolommen_ = TABEL[soort].kolommen
    values = dict(zip(kolommen_, row[1 : len(kolommen_) + 1], strict=True))
    if soort is Contract:
        alle = values.pop("alle_gemeenten")
        values["gemeenten"] = ALLE_GEMEENTEN if alle else gemeenten.get(row[0], ())
    elif soort is Herindeling:
        values["fractie"] = Fraction(values["fractie"])
    return soort(**values)


async def save_lading(connection: Connection, changes: RegioVerschil, *, nu: datetime, door: str) -> int:
    """Note who loaded what and when; the number of the load."""
    nummer: int = await connection.fetchval(
        "insert into regio_lading (geladen_op, geladen_door, verschil) values ($1, $2, $3) returning lading_nr", nu, door, changes.as_dict()
    )
    return nummer


async def save_verschil(
    connection: Connection, changes: RegioVerschil, *, nu: datetime, lading_nr: int, voortgang: Voortgang = niemand
) -> None:
    """Let lapse what counts no more and store what is new, by COPY; at most two statements for each kind of row, two more for contracts."""
    for soort, tabel in TABEL.items():
        change = changes.per_bestand[soort.bestand]
        if change.vervallen_ids:
            await connection.execute(EINDIG[soort], nu, list(change.vervallen_ids), lading_nr)
        if erbij := change.erbij:
            records = [(*(_as_cell(rij, kolom) for kolom in tabel.kolommen), lading_nr) for rij in erbij]
            await connection.copy_records_to_table(tabel.naam, records=records, columns=[*tabel.kolommen, "geladen_door_lading"])
            if soort is Contract:
                await _save_contract_gemeenten(connection, erbij)
        voortgang(soort.bestand, len(erbij) + len(change.vervallen_ids))


def _as_cell(rij: Any, kolom: str) -> Any:
    value = getattr(rij, kolom)
    return str(value) if isinstance(value, Fraction) else value


async def _save_contract_gemeenten(connection: Connection, contracten: tuple[Contract, ...]) -> None:
    ids = {row["contract"]: row["contract_id"] for row in await connection.fetch(f"{SELECT[Contract]} {TELT}")}
    records = [(ids[each.contract], code) for each in contracten if not each.alle_gemeenten for code in each.gemeenten]
    await connection.copy_records_to_table("contract_gemeente", records=records, columns=["contract_id", "gemeente"])


KEN_GEMEENTE = """
with recursive opvolger as (
       select $1::text as code
        union
       select h.naar from opvolger o join herindeling h on h.van = o.code and h.datum <= $2 and h.vervallen_op is null)
select exists (
         select from gemeente g join opvolger o using (code)
          where g.vervallen_op is null and g.geldig_van <= $2 and (g.geldig_tot is null or g.geldig_tot >= $2))
   and exists (select from gemeente where code = $1 and vervallen_op is null and geldig_van <= $2)
"""


async def ken_gemeente(connection: Connection, code: str, on: date) -> bool:
    """Whether berichten of and to the gemeente are for this region on a day.

    It takes part then, or it took part and a herindeling made it over to one that does: what is late still names the old code (TR378).
    """
    known: bool = await connection.fetchval(KEN_GEMEENTE, code, on)
    return known


async def partij_instelling(connection: Connection, partij: str) -> PartijInstelling:
    """How a partij is reached; one that the region says nothing about has a postvak, no copies, and does not answer itself."""
    row = await connection.fetchrow(
        "select partij, kanaal, adres, kopie, antwoordt from partij where partij = $1 and vervallen_op is null", partij
    )
    return PartijInstelling(**row) if row else PartijInstelling(partij=partij)
