"""What loads of the region changed, and the first 323 of each lane that it concerns. A constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.adapters.database import Connection
from app.judging.geraakt import Bereik, Gewijzigd, Regiorij

Baan = tuple[str, str]
"""Domein and AGB-code."""

_TELDE = (
    "({0}.geladen_door_lading is null or {0}.geladen_door_lading < $1) and ({0}.vervallen_op is null or {0}.vervallen_door_lading >= $1)"
)
_KWAM_OF_GING = "({0}.geladen_door_lading >= $1 or {0}.vervallen_door_lading >= $1)"

_LANES_OF = """
banen as (
    select distinct contract, agb, domein from contract
    union select c.contract, a.agb, c.domein from contract c join aanbieder a on a.contractpartner_agb = c.agb
    union select c.contract, o.onderaannemer_agb, c.domein from contract c
            join onderaannemer o on o.hoofdaannemer_agb = c.agb and (o.contract = '' or o.contract = c.contract) and o.declareert = 'eigen')
"""
"""Who may claim under a contract, at whatever time: its aanbieder, those for whom it administers, its subcontractors."""

# Of each kind of row that matching looks at: what it says, whose prestaties it is about, and its days. The names are constants.
_SOORTEN: Mapping[str, str] = {
    "tarief": """
        select array[t.contract, t.eenheid, t.tarief_cent::text] as zegt, b.agb, b.domein, t.categorie, t.code, '' as gemeente,
               t.geldig_van as van, t.geldig_tot as tot, {telde} as telde, t.vervallen_op is null as telt
          from tarief t join banen b using (contract) where {kwam_of_ging}
    """,
    "contract": """
        select array[t.contract, t.agb, t.alle_gemeenten::text,
                     (select string_agg(g.gemeente, ' ' order by g.gemeente) from contract_gemeente g where g.contract_id = t.contract_id)],
               b.agb, b.domein, '', '', '', t.geldig_van, t.geldig_tot, {telde}, t.vervallen_op is null
          from contract t join banen b using (contract) where {kwam_of_ging}
    """,
    "contractoptie": """
        select array[t.contract], b.agb, b.domein, '', '', '', c.geldig_tot + 1, t.tot, {telde}, t.vervallen_op is null
          from contractoptie t join contract c using (contract) join banen b using (contract)
         where t.uitgeoefend_op is not null and c.geldig_tot < t.tot and {kwam_of_ging}
    """,
    "onderaannemer": """
        select array[t.hoofdaannemer_agb, t.contract], t.onderaannemer_agb, d.domein, '', '', '', t.geldig_van, t.geldig_tot, {telde},
               t.vervallen_op is null
          from onderaannemer t cross join (values ('ijw'), ('iwmo')) d (domein) where t.declareert = 'eigen' and {kwam_of_ging}
    """,
    "aanbieder": """
        select array[t.contractpartner_agb], t.agb, d.domein, '', '', '', date '0001-01-01', null::date, {telde}, t.vervallen_op is null
          from aanbieder t cross join (values ('ijw'), ('iwmo')) d (domein) where {kwam_of_ging}
    """,
    "product": """
        select array[t.zorgvorm], '', t.domein, t.categorie, t.code, '', t.geldig_van, t.geldig_tot, {telde}, t.vervallen_op is null
          from product t where {kwam_of_ging}
    """,
    "deelname": """
        select array[t.zorgvorm], '', p.domein, p.categorie, p.code, t.gemeente, t.geldig_van, t.geldig_tot, {telde}, t.vervallen_op is null
          from deelname t join (select distinct domein, categorie, code, zorgvorm from product) p using (zorgvorm) where {kwam_of_ging}
    """,
    "herindeling": """
        select array[t.naar, t.fractie], '', '', '', '', t.van, t.datum, null::date, {telde}, t.vervallen_op is null
          from herindeling t where {kwam_of_ging}
    """,
}
_RIJEN = f"with {_LANES_OF} " + " union all ".join(
    query.format(telde=_TELDE.format("t"), kwam_of_ging=_KWAM_OF_GING.format("t")) for query in _SOORTEN.values()
)

_GEEN_DEELNAME = f"""
select exists (select from deelname t where {_TELDE.format("t")}) <> exists (select from deelname where vervallen_op is null)
"""  # noqa: S608 - constants of this file
_ELK_PRODUCT = "select distinct domein, categorie, code from product"

_EERSTE = """
with k as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[])
        as k (agb, domein, categorie, code, gemeente, van, tot)
), geraakt as (
    select p.bericht_nr, p.domein, p.agb
      from prestatie p join k using (agb, domein, categorie, code) where k.code <> '' and p.begindatum between k.van and k.tot
    union select p.bericht_nr, p.domein, p.agb
      from prestatie p join k using (agb, domein) where k.code = '' and p.begindatum between k.van and k.tot
    union select p.bericht_nr, p.domein, p.agb
      from prestatie p join k using (domein, categorie, code)
     where k.agb = '' and p.begindatum between k.van and k.tot and k.gemeente in ('', p.gemeente, p.gemeente_drager)
    union select p.bericht_nr, p.domein, p.agb
      from prestatie p join k using (gemeente) where k.agb = '' and k.code = '' and p.begindatum between k.van and k.tot
    union select p.bericht_nr, p.domein, p.agb
      from prestatie p join k on k.gemeente = p.gemeente_drager where k.agb = '' and k.code = '' and p.begindatum between k.van and k.tot
)
select g.domein, g.agb, min(b.oordeel_nr) as vanaf from geraakt g join bericht b using (bericht_nr) group by 1, 2 order by 1, 2
"""


async def gewijzigde_rijen(connection: Connection, lading_nr: int) -> list[Regiorij]:
    """The rows that this load and those after it brought or ended, of every kind that matching looks at."""
    rows = await connection.fetch(_RIJEN, lading_nr)
    return [
        Regiorij(tuple(zegt), Bereik(agb, domein, categorie, code, gemeente), van, tot, telde, telt)
        for zegt, agb, domein, categorie, code, gemeente, van, tot, telde, telt in rows
    ]


async def deelname_begon_of_eindigde(connection: Connection, lading_nr: int) -> list[Gewijzigd]:
    """Every product on every day, when the region came to have rows of deelname or lost them all: without any, all take part in all."""
    if not await connection.fetchval(_GEEN_DEELNAME, lading_nr):
        return []
    producten = await connection.fetch(_ELK_PRODUCT)
    return [Gewijzigd(Bereik(domein=p["domein"], categorie=p["categorie"], code=p["code"]), date.min, date.max) for p in producten]


async def banen_van_contract(connection: Connection, contract: str) -> list[Baan]:
    """The lanes that may claim under a contract."""
    rows = await connection.fetch(f"with {_LANES_OF} select domein, agb from banen where contract = $1", contract)  # noqa: S608
    return [(row["domein"], row["agb"]) for row in rows]


async def eerste_geraakte(connection: Connection, gewijzigd: Sequence[Gewijzigd]) -> dict[Baan, int]:
    """Per lane the place in the order of judging of the first 323 that has a prestatie in these days."""
    bereiken = [each.bereik for each in gewijzigd]
    columns = [list(column) for column in zip(*bereiken, strict=True)] if bereiken else [[] for _ in Bereik._fields]
    rows = await connection.fetch(_EERSTE, *columns, [each.van for each in gewijzigd], [each.tot for each in gewijzigd])
    return {(row["domein"], row["agb"]): row["vanaf"] for row in rows}


async def ken_lading(connection: Connection, lading_nr: int) -> bool:
    """Whether there is such a load."""
    return bool(await connection.fetchval("select exists (select from regio_lading where lading_nr = $1)", lading_nr))
