"""What there is to know of contracts about one prestatie, also what does not hold for it: three queries."""

from __future__ import annotations

from collections import defaultdict

from app.adapters.database import Connection
from app.domain.snapshot import Tariefregel
from app.judging.matching import Contractfeit, Periode

_CONTRACTEN = """
with houder as (
    select $2::text as agb, ''::text as contract, null::date as van, null::date as tot
    union all
    select contractpartner_agb, '', null, null from aanbieder where agb = $2 and contractpartner_agb is not null and vervallen_op is null
    union all
    select hoofdaannemer_agb, contract, geldig_van, geldig_tot from onderaannemer
     where onderaannemer_agb = $2 and declareert = 'eigen' and vervallen_op is null
)
select c.contract, c.agb as houder, c.geldig_van as van,
       case when c.geldig_tot is null then null else greatest(c.geldig_tot, o.tot) end as tot, h.van as via_van, h.tot as via_tot,
       c.alle_gemeenten, array(select gemeente from contract_gemeente g where g.contract_id = c.contract_id) as gemeenten
  from houder h
  join contract c on c.agb = h.agb and h.contract in ('', c.contract) and c.domein = $1 and c.vervallen_op is null
 cross join lateral (select max(tot) as tot from contractoptie
                      where contract = c.contract and uitgeoefend_op is not null and vervallen_op is null) o
 order by c.contract, h.van nulls first
"""
_TARIEVEN = """
select tarief_id, contract, '' as gemeente, categorie, code, eenheid, case when eenheid <> '83' then tarief_cent end as tarief_cent,
       geldig_van, geldig_tot
  from tarief where contract = any($1::text[]) and categorie = $2 and code = $3 and vervallen_op is null order by geldig_van, tarief_id
"""
_DEELNAME = """
select d.geldig_van, d.geldig_tot
  from (select from deelname where vervallen_op is null limit 1) gevuld
  left join deelname d on d.gemeente = $1 and d.zorgvorm = $2 and d.vervallen_op is null
"""


async def contracten(connection: Connection, domein: str, agb: str, categorie: str, code: str) -> tuple[Contractfeit, ...]:
    """Every contract on which an aanbieder may claim, whatever its days and gemeenten, with its lines for a product."""
    rows = await connection.fetch(_CONTRACTEN, domein, agb)
    lines: dict[str, list[Tariefregel]] = defaultdict(list)
    for row in await connection.fetch(_TARIEVEN, sorted({row["contract"] for row in rows}), categorie, code):
        lines[row["contract"]].append(Tariefregel(**row))
    return tuple(
        Contractfeit(
            contract=row["contract"],
            houder=row["houder"],
            van=row["van"],
            tot=row["tot"],
            gemeenten=None if row["alle_gemeenten"] else frozenset(row["gemeenten"]),
            tarieven=tuple(lines[row["contract"]]),
            **({} if row["via_van"] is None else {"via_van": row["via_van"], "via_tot": row["via_tot"]}),
        )
        for row in rows
    )


async def deelname(connection: Connection, gemeente: str, zorgvorm: str) -> tuple[Periode, ...] | None:
    """When a gemeente takes part in a zorgvorm; None when the region has no rows of deelname at all."""
    rows = await connection.fetch(_DEELNAME, gemeente, zorgvorm)
    return tuple((row["geldig_van"], row["geldig_tot"]) for row in rows if row["geldig_van"] is not None) if rows else None
