"""The region in PostgreSQL: rows of the region tables as values and back, a constant number of statements whatever the size.

A row counts while `vervallen_op` is empty; a later load that no longer has it fills that in, and the row stays as history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from app.adapters.database import Connection
from app.domain.bericht import Domein
from app.domain.snapshot import Overgang, ProductOpDatum
from app.parties.beeld import Contractbeeld, Contractlijn, Deelnames, group_producten, met_contract, met_opvolgers, spreid
from app.parties.looptijd import Periode
from app.parties.region import (
    ALLE_GEMEENTEN,
    TABELLEN,
    Aanbieder,
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
}

# Names of tables and columns are the constants above; values are arguments.
SELECT = {
    soort: f"select {tabel.id}, {', '.join(tabel.kolommen)} from {tabel.naam} where vervallen_op is null"  # noqa: S608
    for soort, tabel in TABEL.items()
}
"""The rows that count now."""

EINDIG = {
    soort: f"update {tabel.naam} set vervallen_op = $1 where {tabel.id} = any($2::bigint[])"  # noqa: S608
    for soort, tabel in TABEL.items()
}
"""End rows."""


async def lock_region(connection: Connection) -> None:
    """Let loads of the region follow each other until the transaction ends."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended('regio', $1))", LADING_LOCK_SEED)


async def fetch_huidig(connection: Connection, soorten: Collection[type[Rij]] = tuple(TABELLEN)) -> Huidig:
    """The rows that count now, with their ids; one query for each kind and one for the gemeenten of contracts."""
    gemeenten = await _fetch_contract_gemeenten(connection) if Contract in soorten else {}
    huidig: dict[type[Rij], dict[Any, int]] = {}
    for soort in soorten:
        rows = await connection.fetch(SELECT[soort])
        huidig[soort] = {_as_rij(soort, row, gemeenten): row[0] for row in rows}
    return huidig


async def fetch_region(connection: Connection) -> Region:
    """The whole region that counts now, in order of its keys."""
    return geordend(region_van(await fetch_huidig(connection)))


async def _fetch_contract_gemeenten(connection: Connection) -> dict[int, tuple[str, ...]]:
    rows = await connection.fetch(
        """
        select contract_id, array_agg(gemeente order by gemeente) as gemeenten
          from contract_gemeente join contract using (contract_id) where vervallen_op is null group by contract_id
        """
    )
    return {row["contract_id"]: tuple(row["gemeenten"]) for row in rows}


def _as_rij(soort: type[Rij], row: Any, gemeenten: dict[int, tuple[str, ...]]) -> Rij:
    """A row of a table as a value of the region."""
    values = dict(zip(TABEL[soort].kolommen, row[1:], strict=True))
    if soort is Contract:
        alle = values.pop("alle_gemeenten")
        values["gemeenten"] = ALLE_GEMEENTEN if alle else gemeenten.get(row[0], ())
    elif soort is Herindeling:
        values["fractie"] = Fraction(values["fractie"])
    return soort(**values)


async def save_verschil(connection: Connection, changes: RegioVerschil, *, nu: datetime) -> None:
    """End what is gone and store what is new, by COPY; at most two statements for each kind of row, and two more for contracts."""
    for soort, tabel in TABEL.items():
        change = changes.per_bestand[soort.bestand]
        if change.vervallen:
            await connection.execute(EINDIG[soort], nu, list(change.vervallen))
        if not change.nieuw:
            continue
        records = [tuple(_as_cell(rij, kolom) for kolom in tabel.kolommen) for rij in change.nieuw]
        await connection.copy_records_to_table(tabel.naam, records=records, columns=list(tabel.kolommen))
        if soort is Contract:
            await _save_contract_gemeenten(connection, change.nieuw)


def _as_cell(rij: Any, kolom: str) -> Any:
    value = getattr(rij, kolom)
    return str(value) if isinstance(value, Fraction) else value


async def _save_contract_gemeenten(connection: Connection, contracten: tuple[Contract, ...]) -> None:
    ids = {row["contract"]: row["contract_id"] for row in await connection.fetch(SELECT[Contract])}
    records = [(ids[each.contract], code) for each in contracten if not each.alle_gemeenten for code in each.gemeenten]
    await connection.copy_records_to_table("contract_gemeente", records=records, columns=["contract_id", "gemeente"])


async def save_lading(connection: Connection, changes: RegioVerschil, *, nu: datetime, door: str) -> None:
    """Note who loaded what and when."""
    await connection.execute(
        "insert into regio_lading (geladen_op, geladen_door, verschil) values ($1, $2, $3)", nu, door, changes.as_dict()
    )


async def ken_gemeente(connection: Connection, code: str, on: date) -> bool:
    """Whether the gemeente takes part in the region on a day."""
    known: bool = await connection.fetchval(
        """
        select exists (
            select from gemeente
             where code = $1 and vervallen_op is null and geldig_van <= $2 and (geldig_tot is null or geldig_tot >= $2))
        """,
        code,
        on,
    )
    return known


async def partij_instelling(connection: Connection, partij: str) -> PartijInstelling:
    """How a partij is reached; one that the region says nothing about has a postvak, no copies, and does not answer itself."""
    row = await connection.fetchrow(
        "select partij, kanaal, adres, kopie, antwoordt from partij where partij = $1 and vervallen_op is null", partij
    )
    return PartijInstelling(**row) if row else PartijInstelling(partij=partij)


LIJNEN = """
with houder as (
       select $2::text as agb, ''::text as contract, date '-infinity' as van, date 'infinity' as tot
        union all
       select contractpartner_agb, '', '-infinity', 'infinity' from aanbieder
        where agb = $2 and contractpartner_agb is not null and vervallen_op is null
        union all
       select hoofdaannemer_agb, contract, geldig_van, coalesce(geldig_tot, 'infinity') from onderaannemer
        where onderaannemer_agb = $2 and declareert = 'eigen' and vervallen_op is null),
     loopt as (
       select distinct c.contract_id, c.contract, c.alle_gemeenten, greatest(c.geldig_van, h.van) as van,
              least(case when c.geldig_tot is null then 'infinity' else greatest(c.geldig_tot, o.tot) end, h.tot) as tot
         from houder h
         join contract c on c.agb = h.agb and h.contract in ('', c.contract) and c.domein = $1 and c.vervallen_op is null
        cross join lateral (
              select max(tot) as tot from contractoptie
               where contract = c.contract and uitgeoefend_op is not null and vervallen_op is null) o),
     geldt as (
       select loopt.*,
              case when alle_gemeenten
                   then array(select distinct code from gemeente
                               where vervallen_op is null and ($5::text[] is null or code = any($5)) order by code)
                   else array(select gemeente from contract_gemeente cg
                               where cg.contract_id = loopt.contract_id and ($5::text[] is null or gemeente = any($5)) order by gemeente)
              end as gemeenten
         from loopt where van <= tot)
select t.tarief_id, g.contract, g.alle_gemeenten, g.gemeenten, t.categorie, t.code, t.eenheid,
       case when t.eenheid <> '83' then t.tarief_cent end as tarief_cent, greatest(t.geldig_van, g.van) as geldig_van,
       nullif(least(coalesce(t.geldig_tot, 'infinity'), g.tot), 'infinity') as geldig_tot
  from geldt g
  left join tarief t
    on t.contract = g.contract and t.vervallen_op is null and g.gemeenten <> '{}'
   and ($3::text[] is null or (t.categorie, t.code) in (select * from unnest($3::text[], $4::text[])))
   and greatest(t.geldig_van, g.van) <= least(coalesce(t.geldig_tot, 'infinity'), g.tot)
"""
"""The lines that an aanbieder may claim on (`looptijd`): one row each, and one without a line for a contract of which no line is asked."""
DEELNAME = """
select d.gemeente, d.zorgvorm, d.geldig_van, d.geldig_tot
  from (select from deelname where vervallen_op is null limit 1) gevuld
  left join deelname d on d.vervallen_op is null and ($1::text[] is null or d.gemeente = any($1))
"""
"""No row when there is no joint purchase at all; a row without gemeente when these gemeenten take part in nothing."""
PRODUCTEN = """
select categorie, code, zorgvorm, geldig_van, geldig_tot from product
 where domein = $1 and vervallen_op is null
   and ($2::text[] is null or (categorie, code) in (select * from unnest($2::text[], $3::text[])))
 order by categorie, code, geldig_van
"""
OVERGANGEN = "select datum, van, naar from herindeling where fractie = '1' and vervallen_op is null order by datum, van, naar"


async def contractbeeld(
    connection: Connection,
    domein: Domein,
    agb: str,
    sleutels: Collection[tuple[str, str]] | None = None,
    gemeenten: Collection[str] | None = None,
) -> Contractbeeld:
    """The parties' part of a Snapshot: what this aanbieder may deliver, for whom, at which tariff. Four queries.

    Args:
        connection: Inside the transaction that judges.
        domein: Of the lane.
        agb: Of the lane; its own contracts count, and those of the main contractors for which it claims itself.
        sleutels: (categorie, code) of the products that matter; None means all of them.
        gemeenten: Those whose care matters; the gemeenten that took them over are added. None means all of them.
    """
    paren = None if sleutels is None else sorted(set(sleutels))
    categorieen = None if paren is None else [categorie for categorie, _ in paren]
    codes = None if paren is None else [code for _, code in paren]
    overgangen = tuple(Overgang(**row) for row in await connection.fetch(OVERGANGEN))
    gevraagd = None if gemeenten is None else sorted(met_opvolgers(gemeenten, overgangen))
    rows = await connection.fetch(LIJNEN, domein, agb, categorieen, codes, gevraagd)
    producten = group_producten(ProductOpDatum(**row) for row in await connection.fetch(PRODUCTEN, domein, categorieen, codes))
    deelnames = _as_deelnames(await connection.fetch(DEELNAME, gevraagd))
    lijnen = (Contractlijn(**row | {"gemeenten": tuple(row["gemeenten"])}) for row in map(dict, rows) if row["tarief_id"] is not None)
    return Contractbeeld(
        tarieven=spreid(lijnen, producten, deelnames),
        contracten=frozenset(code for row in rows for code in met_contract(row["alle_gemeenten"], row["gemeenten"], deelnames)),
        producten=producten,
        overgangen=overgangen,
    )


def _as_deelnames(rows: Iterable[Any]) -> Deelnames | None:
    """Rows of `DEELNAME`; none at all means that all take part in all."""
    grouped: defaultdict[tuple[str, str], list[Periode]] = defaultdict(list)
    found = False
    for gemeente, zorgvorm, van, tot in rows:
        found = True
        if gemeente is not None:
            grouped[gemeente, zorgvorm].append((van, tot))
    return {key: tuple(periods) for key, periods in grouped.items()} if found else None
