"""What judging asks of the region in PostgreSQL: four queries for a lot, whatever its size.

Only the lines of the lane, the products and the gemeenten of the lot are read; how a line counts for a gemeente is decided in `beeld`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from app.adapters.database import Connection
from app.domain.bericht import Domein
from app.domain.snapshot import Overgang, ProductOpDatum
from app.parties.beeld import Contractbeeld, Contractlijn, Deelnames, group_producten, met_contract, met_opvolgers, spreid
from app.parties.looptijd import Periode

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
