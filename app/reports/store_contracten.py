"""The queries behind the contracts: a page of them, and one with everything agreed; a constant number, whatever is in the region."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Date, Integer, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.partij import Actor
from app.reports.contracten import (
    BekostigingRegel,
    ContractItem,
    ContractVraag,
    OnderaannemerRegel,
    Optie,
    PlafondRegel,
    PrijsRegel,
)
from app.reports.store_plafonds import LOOPT, MIJN

_LIJST = text(f"""
with loopt as ({LOOPT})
select loopt.contract, loopt.agb, coalesce(a.naam, loopt.agb) as aanbieder_naam, loopt.domein, loopt.alle_gemeenten, loopt.van,
       nullif(loopt.tot, 'infinity') as tot,
       (select coalesce(array_agg(coalesce(n.naam, g.gemeente) order by coalesce(n.naam, g.gemeente)), '{{}}')
          from contract_gemeente g
          left join lateral (select naam from gemeente where code = g.gemeente and vervallen_op is null order by geldig_van desc limit 1) n on true
         where g.contract_id = loopt.contract_id) as gemeenten,
       p.aantal as prijzen, p.codes, p.centen, p.eenheden
  from loopt
  left join aanbieder a on a.agb = loopt.agb and a.vervallen_op is null
 cross join lateral (
       select count(*)::int as aantal,
              array_agg(t.code order by t.code, t.tarief_cent, t.eenheid) filter (where g.gevraagd) as codes,
              array_agg(case when t.eenheid <> '83' then t.tarief_cent end order by t.code, t.tarief_cent, t.eenheid)
              filter (where g.gevraagd) as centen,
              array_agg(t.eenheid order by t.code, t.tarief_cent, t.eenheid) filter (where g.gevraagd) as eenheden
         from tarief t
        cross join lateral (
              select t.code = upper(:product) or exists (
                     select from product q where q.domein = loopt.domein and q.categorie = t.categorie and q.code = t.code
                                             and q.vervallen_op is null and strpos(lower(q.omschrijving), lower(:product)) > 0) as gevraagd) g
        where t.contract = loopt.contract and t.vervallen_op is null
          and (:dag is null or :dag between t.geldig_van and coalesce(t.geldig_tot, 'infinity'))) p
 where {MIJN}
   and (:dag is null or :dag between loopt.van and loopt.tot)
   and (:domein is null or loopt.domein = :domein)
   and (:product is null or p.codes is not null)
   and (:zoek is null or loopt.agb = :zoek or strpos(lower(loopt.contract), lower(:zoek)) > 0
        or strpos(lower(coalesce(a.naam, '')), lower(:zoek)) > 0)
 order by aanbieder_naam, loopt.contract
offset :overslaan limit :aantal
""").bindparams(  # noqa: S608 - parts of this room, no values
    bindparam("gemeenten", type_=ARRAY(Text)),
    bindparam("dag", type_=Date),
    *(bindparam(naam, type_=Text) for naam in ("domein", "product", "zoek")),
    *(bindparam(naam, type_=Integer) for naam in ("overslaan", "aantal")),
)

_EEN = text(f"""
with loopt as ({LOOPT} and c.contract = :contract)
select loopt.contract, loopt.agb, coalesce(a.naam, loopt.agb) as aanbieder_naam, loopt.domein, loopt.alle_gemeenten, loopt.van,
       nullif(loopt.tot, 'infinity') as tot, c.geldig_tot, c.uitvoeringsvariant, c.bekostiging, loopt.plafond_cent
  from loopt
  join (select contract_id, geldig_tot, uitvoeringsvariant, bekostiging from contract) c using (contract_id)
  left join aanbieder a on a.agb = loopt.agb and a.vervallen_op is null
 where {MIJN}
""").bindparams(bindparam("gemeenten", type_=ARRAY(Text)))  # noqa: S608 - parts of this room, no values

_GEMEENTEN = text("""
select g.gemeente, coalesce(n.naam, g.gemeente) as naam
  from contract c
  join contract_gemeente g using (contract_id)
  left join lateral (select naam from gemeente where code = g.gemeente and vervallen_op is null order by geldig_van desc limit 1) n on true
 where c.contract = :contract and c.vervallen_op is null
 order by naam, g.gemeente
""")
_OPTIES = text("select tot, uitgeoefend_op from contractoptie where contract = :contract and vervallen_op is null order by tot")
_BEKOSTIGINGEN = text("""
select b.jaar, coalesce(z.naam, b.zorgvorm) as zorgvorm_naam, b.vorm, b.gegarandeerd_cent, b.variabel_cent, b.administratie_promille, b.termijnen
  from bekostiging b
  left join zorgvorm z on z.zorgvorm = b.zorgvorm and z.vervallen_op is null
 where b.contract = :contract and b.vervallen_op is null
 order by b.jaar desc, zorgvorm_naam
 limit 200
""")
_PLAFONDS = text("""
select p.jaar, coalesce(z.naam, p.zorgvorm) as zorgvorm_naam, p.bedrag_cent
  from plafond p
  left join zorgvorm z on z.zorgvorm = p.zorgvorm and z.vervallen_op is null
 where p.contract = :contract and p.vervallen_op is null
 order by p.jaar desc, zorgvorm_naam
 limit 200
""")
_ONDERAANNEMERS = text("""
select o.onderaannemer_agb as agb, coalesce(a.naam, o.onderaannemer_agb) as naam, o.declareert, o.geldig_van, o.geldig_tot
  from onderaannemer o
  left join aanbieder a on a.agb = o.onderaannemer_agb and a.vervallen_op is null
 where o.hoofdaannemer_agb = :agb and o.contract in ('', :contract) and o.vervallen_op is null
 order by naam, agb, o.geldig_van
 limit 500
""")
_PARTNERS = text("select agb, naam from aanbieder where contractpartner_agb = :agb and vervallen_op is null order by naam, agb limit 500")

_PRIJZEN = text("""
select t.categorie, t.code, coalesce(p.omschrijving, '') as omschrijving, coalesce(z.naam, p.zorgvorm, '') as zorgvorm_naam, t.eenheid,
       case when t.eenheid = '83' then null else t.tarief_cent end as tarief_cent, t.geldig_van, t.geldig_tot,
       coalesce(s.cent, 0)::bigint as toegekend_cent
  from tarief t
  left join lateral (
       select omschrijving, zorgvorm from product
        where domein = :domein and categorie = t.categorie and code = t.code and vervallen_op is null
          and geldig_van <= coalesce(t.geldig_tot, 'infinity')
        order by geldig_van desc limit 1) p on true
  left join zorgvorm z on z.zorgvorm = p.zorgvorm and z.vervallen_op is null
  left join lateral (
       select sum(m.bedrag_cent) as cent
         from tarief v
         join (select tarief_id, zorgmaand, bedrag_cent from tarief_saldo
                union all
               select tarief_id, zorgmaand, bedrag_cent from tarief_saldo_delta) m using (tarief_id)
        where v.contract = t.contract and v.categorie = t.categorie and v.code = t.code and v.eenheid = t.eenheid and v.geldig_van = t.geldig_van
          and m.zorgmaand between :jaar_begin and :jaar_eind) s on true
 where t.contract = :contract and t.vervallen_op is null
   and (:dag is null or :dag between t.geldig_van and coalesce(t.geldig_tot, 'infinity'))
 order by t.categorie, t.code, t.eenheid, t.geldig_van desc
 limit :aantal
""").bindparams(
    *(bindparam(naam, type_=Date) for naam in ("dag", "jaar_begin", "jaar_eind")),
    *(bindparam(naam, type_=Text) for naam in ("domein", "contract")),
    bindparam("aantal", type_=Integer),
)


async def list_contracten(connection: AsyncConnection, actor: Actor, vraag: ContractVraag, *, skip: int, limit: int) -> list[ContractItem]:
    """Contracts that count for the reader's gemeenten, by name of the aanbieder and number."""
    values = {
        "gemeenten": _gemeenten(actor),
        "dag": vraag.dag,
        "domein": vraag.domein,
        "product": vraag.product,
        "zoek": vraag.zoek,
        "overslaan": skip,
        "aantal": limit,
    }
    rows = (await connection.execute(_LIJST, values)).mappings()
    return [_item(row) for row in rows]


def _item(row: Any) -> ContractItem:
    prijs = tuple(zip(row["codes"] or (), row["centen"] or (), row["eenheden"] or (), strict=True))
    waarden = {naam: value for naam, value in row.items() if naam not in ("codes", "centen", "eenheden", "gemeenten")}
    return ContractItem(**waarden, gemeenten=tuple(row["gemeenten"]), prijs=prijs)


async def find_contract(connection: AsyncConnection, actor: Actor, contract: str) -> dict[str, Any] | None:
    """The contract itself; None when there is none that counts for the reader's gemeenten."""
    row = (await connection.execute(_EEN, {"contract": contract, "gemeenten": _gemeenten(actor)})).mappings().one_or_none()
    return None if row is None else dict(row)


async def load_afspraken(connection: AsyncConnection, contract: str, agb: str) -> dict[str, Any]:
    """What was agreed besides prices, by field of `ContractBlad`."""
    van = {"contract": contract}

    async def rows(query: Any, **values: str) -> list[Any]:
        return list((await connection.execute(query, values)).mappings())

    return {
        "gemeenten": tuple((row["gemeente"], row["naam"]) for row in await rows(_GEMEENTEN, **van)),
        "opties": tuple(Optie(**row) for row in await rows(_OPTIES, **van)),
        "bekostigingen": tuple(BekostigingRegel(**row) for row in await rows(_BEKOSTIGINGEN, **van)),
        "plafonds": tuple(PlafondRegel(**row) for row in await rows(_PLAFONDS, **van)),
        "onderaannemers": tuple(OnderaannemerRegel(**row) for row in await rows(_ONDERAANNEMERS, **van, agb=agb)),
        "contractpartners": tuple((row["agb"], row["naam"]) for row in await rows(_PARTNERS, agb=agb)),
    }


async def load_prijzen(
    connection: AsyncConnection, contract: str, domein: str, *, dag: date | None, jaar: int, limit: int
) -> list[PrijsRegel]:
    """The price lines of a contract on a day, or all, with what was granted on each for care of a year, also before the line was corrected."""
    values = {
        "contract": contract,
        "domein": domein,
        "dag": dag,
        "jaar_begin": date(jaar, 1, 1),
        "jaar_eind": date(jaar, 12, 31),
        "aantal": limit,
    }
    return [PrijsRegel(**row) for row in (await connection.execute(_PRIJZEN, values)).mappings()]


def _gemeenten(actor: Actor) -> list[str] | None:
    return None if actor.gemeenten is None else sorted(actor.gemeenten)
