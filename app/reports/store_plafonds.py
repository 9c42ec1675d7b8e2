"""The queries behind the plafonds: what is agreed, granted and waits, and what toewijzingen promise; each is one query for all contracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Date, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.partij import Actor
from app.domain.periode import laatste_dag
from app.reports.plafonds import AFLOPEND_MAANDEN, AFLOPEND_MAX, PLAFONDS_MAX, Aflopend, PlafondRij, Toezegging, Wachtend

LOOPT = """
select c.contract_id, c.contract, c.agb, c.domein, c.alle_gemeenten, c.plafond_cent, c.geldig_van as van,
       case when c.geldig_tot is null then 'infinity' else greatest(c.geldig_tot, o.tot) end as tot
  from contract c
 cross join lateral (
       select max(tot) as tot from contractoptie where contract = c.contract and uitgeoefend_op is not null and vervallen_op is null) o
 where c.vervallen_op is null
"""
"""The contracts that count, in the days that they run with the options that were exercised (`parties.looptijd`)."""

MIJN = """
(cast(:gemeenten as text[]) is null or alle_gemeenten
 or exists (select from contract_gemeente g where g.contract_id = loopt.contract_id and g.gemeente = any(:gemeenten)))
"""
"""A contract is of those for whose gemeenten it counts; its figures are of the whole contract."""

_RIJEN = f"""
with loopt as ({LOOPT}), mijn as (select * from loopt where {MIJN} and van <= :jaar_eind and tot >= :jaar_begin)
select m.contract, m.agb, coalesce(a.naam, m.agb) as aanbieder_naam, m.domein, p.zorgvorm, coalesce(z.naam, p.zorgvorm) as zorgvorm_naam,
       p.jaar, p.plafond_cent, p.van, p.tot
  from (select contract, '' as zorgvorm, null::int as jaar, plafond_cent, van, least(tot, :jaar_eind) as tot from mijn
         where plafond_cent is not null and tot = 'infinity'
        union all
        select contract, '', null, plafond_cent, van, tot from mijn where plafond_cent is not null and tot < 'infinity'
        union all
        select p.contract, p.zorgvorm, p.jaar, p.bedrag_cent, greatest(m.van, :jaar_begin), least(m.tot, :jaar_eind)
          from plafond p join mijn m using (contract) where p.jaar = :jaar and p.vervallen_op is null) p
  join mijn m using (contract)
  left join aanbieder a on a.agb = m.agb and a.vervallen_op is null
  left join zorgvorm z on z.zorgvorm = p.zorgvorm and z.vervallen_op is null
 order by p.contract, p.zorgvorm, p.jaar
 limit :aantal
"""  # noqa: S608 - parts of this file, no values

_JAREN = "select distinct jaar from plafond where vervallen_op is null order by jaar desc limit 50"

_TOEGEKEND = """
select contract, zorgvorm, array_agg(maand) as maanden, array_agg(cent) as centen
  from (
select t.contract, s.zorgvorm, s.zorgmaand as maand, sum(s.bedrag_cent)::bigint as cent
  from (select tarief_id, zorgvorm, zorgmaand, bedrag_cent from tarief_saldo
         union all
        select tarief_id, zorgvorm, zorgmaand, bedrag_cent from tarief_saldo_delta) s
  join tarief t using (tarief_id)
 where t.contract = any(:contracten) and s.zorgmaand between :van and :tot
 group by 1, 2, 3) m
 group by contract, zorgvorm
"""
"""By the tariff line of then: also of prestaties that were granted on a line that was corrected since."""

_WACHTEND = """
with claimt as (
     select contract, domein, agb from contract where vervallen_op is null and contract = any(:contracten)
      union
     select c.contract, c.domein, a.agb from contract c join aanbieder a on a.contractpartner_agb = c.agb and a.vervallen_op is null
      where c.vervallen_op is null and c.contract = any(:contracten)
      union
     select c.contract, c.domein, o.onderaannemer_agb from contract c
       join onderaannemer o on o.hoofdaannemer_agb = c.agb and o.contract in ('', c.contract) and o.declareert = 'eigen' and o.vervallen_op is null
      where c.vervallen_op is null and c.contract = any(:contracten)),
     wacht as (
     select domein, agb, count(*) as aantal, count(*) filter (where ingediend_cent is null) as zonder_bedrag,
            coalesce(sum(ingediend_cent), 0) as bedrag_cent
       from bericht
      where status in ('ontvangen', 'wacht_op_contract', 'vastgehouden', 'geparkeerd') and soort = '323' and richting = 'in'
      group by domein, agb)
select contract, sum(aantal)::int as aantal, sum(zonder_bedrag)::int as zonder_bedrag, sum(bedrag_cent)::bigint as bedrag_cent
  from claimt join wacht using (domein, agb) group by contract
"""

_TELT = """
case when l.alle_gemeenten
     then not :met_deelname or exists (
          select from deelname n where n.gemeente = k.drager and n.zorgvorm = l.zorgvorm and n.vervallen_op is null
                                   and k.dag between n.geldig_van and coalesce(n.geldig_tot, 'infinity'))
     else exists (select from contract_gemeente g where g.contract_id = l.contract_id and g.gemeente = k.drager) end
"""
"""Whether a contract line counts for the gemeente that bears the toewijzing (`parties.beeld`): named, or under `*` with joint purchase."""

_PER_TOEZEGGING = (
    "open_van", "open_tot", "ingangsdatum", "einddatum", "volume", "eenheid", "frequentie", "tarief_cent", "tarief_eenheid", "totaal_cent",
    "besteed_cent", "aantal",
)  # fmt: skip
"""The fields of a `Toezegging` that come as arrays: there are tens of thousands, and a row each takes longer to read than to find."""
_TOEZEGGINGEN = f"""
with recursive drager as (
     select code as gemeente, code as drager, date '-infinity' as van from gemeente where vervallen_op is null
      union
     select d.gemeente, h.naar, h.datum from drager d
       join herindeling h on h.van = d.drager and h.datum > d.van and h.fractie = '1' and h.vervallen_op is null),
     draagt as (
     select gemeente, drager, van, lead(van, 1, 'infinity') over (partition by gemeente order by van) as voor from drager),
     loopt as materialized ({LOOPT}),
     houder as (
     select agb, agb as houder, '' as contract, date '-infinity' as van, date 'infinity' as tot, 0 as rang
       from (select distinct agb from loopt) eigen
      union all
     select agb, contractpartner_agb, '', '-infinity', 'infinity', 1 from aanbieder
      where contractpartner_agb is not null and vervallen_op is null
      union all
     select onderaannemer_agb, hoofdaannemer_agb, contract, geldig_van, coalesce(geldig_tot, 'infinity'), 1 from onderaannemer
      where declareert = 'eigen' and vervallen_op is null),
     lijn as materialized (
     select h.agb, l.domein, l.contract_id, l.contract, l.alle_gemeenten, h.rang, t.tarief_id, t.categorie, t.code, t.eenheid, t.tarief_cent,
            p.zorgvorm, greatest(l.van, h.van, t.geldig_van, p.geldig_van) as van,
            least(l.tot, h.tot, coalesce(t.geldig_tot, 'infinity'), coalesce(p.geldig_tot, 'infinity')) as tot
       from houder h
       join loopt l on l.agb = h.houder and h.contract in ('', l.contract)
       join tarief t on t.contract = l.contract and t.vervallen_op is null
       join product p on p.domein = l.domein and p.categorie = t.categorie and p.code = t.code and p.vervallen_op is null),
     venster as (
     select * from unnest(cast(:v_contract as text[]), cast(:v_van as date[]), cast(:v_tot as date[])) v (contract, van, tot)),
     begin as (select distinct van from venster union select cast(:jaar_begin as date)),
     actueel as materialized (
     select * from (
            select distinct on (domein, gemeente, toewijzing_nummer) domein, gemeente, toewijzing_nummer, agb, categorie, code, ingangsdatum,
                   einddatum, reden_wijziging, volume, eenheid, frequentie, budget_cent
              from toewijzing_versie
             where ingetrokken_door is null
             order by domein, gemeente, toewijzing_nummer, toewijzingsdatum desc, toewijzingstijd desc, bericht_nr desc, volgnr desc) laatste
      where ingangsdatum <= :tot_max and coalesce(einddatum, 'infinity') >= :open_van
        and not (reden_wijziging is not null and reden_wijziging in ('01', '13') and einddatum = ingangsdatum)),
     kandidaat as materialized (
     select row_number() over () as nr, a.*, b.van as begin, greatest(a.ingangsdatum, b.van) as dag, d.drager
       from actueel a
       join begin b on coalesce(a.einddatum, 'infinity') >= b.van
       left join draagt d on d.gemeente = a.gemeente and greatest(a.ingangsdatum, b.van) >= d.van and greatest(a.ingangsdatum, b.van) < d.voor),
     met_code as (
     select distinct on (k.nr) k.nr, l.contract, l.tarief_cent, l.eenheid as tarief_eenheid, l.zorgvorm
       from kandidaat k
       join lijn l on l.agb = k.agb and l.domein = k.domein and l.categorie = k.categorie and l.code = k.code and k.dag between l.van and l.tot
                  and (k.eenheid is null or l.eenheid = k.eenheid or (l.eenheid, k.eenheid) in (('01', '04'), ('04', '01')))
      where k.code is not null and {_TELT}
      order by k.nr, l.eenheid is distinct from k.eenheid, l.rang, l.tarief_id),
     zonder_code as (
     select k.nr, min(l.contract) as contract, null::int as tarief_cent, '' as tarief_eenheid,
            case when min(l.zorgvorm) = max(l.zorgvorm) then min(l.zorgvorm) else 'onbekend' end as zorgvorm
       from kandidaat k
       join lijn l on l.agb = k.agb and l.domein = k.domein and (k.categorie is null or l.categorie = k.categorie) and k.dag between l.van and l.tot
      where k.code is null and {_TELT}
      group by k.nr
     having min(l.contract) = max(l.contract)),
     toegerekend as materialized (
     select k.*, l.contract, l.tarief_cent, l.tarief_eenheid, l.zorgvorm
       from (select * from met_code union all select * from zonder_code) l join kandidaat k using (nr)),
     open as (
     select t.*, v.van, v.tot, greatest(t.dag, :open_van) as open_van, least(v.tot, coalesce(t.einddatum, 'infinity')) as open_tot,
            t.frequentie is null or t.frequentie = '6' as is_totaal
       from toegerekend t join venster v on v.contract = t.contract and v.van = t.begin
      where greatest(t.dag, :open_van) <= least(v.tot, coalesce(t.einddatum, 'infinity')))
select contract, zorgvorm, tot, {", ".join(f"array_agg({name}) as {name}" for name in _PER_TOEZEGGING)}
  from (
select o.contract, o.zorgvorm, o.tot, o.open_van, o.open_tot, s.ingangsdatum, s.einddatum, sum(o.volume)::bigint as volume, o.eenheid,
       o.frequentie, o.tarief_cent, o.tarief_eenheid, sum(o.budget_cent) filter (where o.frequentie is null)::bigint as totaal_cent,
       coalesce(sum(b.cent), 0)::bigint as besteed_cent, count(*)::int as aantal
  from open o
 cross join lateral (
       select sum(case when p.is_credit then -p.bedrag_cent else p.bedrag_cent end) as cent from prestatie p
        where o.is_totaal and p.domein = o.domein and p.gemeente = o.gemeente and p.toewijzing_nummer = o.toewijzing_nummer and p.toegekend
          and p.begindatum < :open_van) b
 cross join lateral (
       select case when o.is_totaal or o.eenheid in ('82', '83') then o.ingangsdatum else o.open_van end as ingangsdatum,
              case when o.is_totaal or o.eenheid in ('82', '83') then o.einddatum else o.open_tot end as einddatum,
              case when o.is_totaal and coalesce(o.volume, o.budget_cent) is not null then o.toewijzing_nummer end as nummer,
              case when o.is_totaal and coalesce(o.volume, o.budget_cent) is not null then o.gemeente end as van_gemeente) s
 group by o.contract, o.zorgvorm, o.tot, o.open_van, o.open_tot, s.ingangsdatum, s.einddatum, o.eenheid, o.frequentie, o.tarief_cent,
       o.tarief_eenheid, s.nummer, s.van_gemeente
 union all
select '', '', :jaar_begin, :jaar_begin, :jaar_begin, :jaar_begin, null, null, null, null, null, '', null, 0,
       (select count(*) from kandidaat where begin = :jaar_begin and dag <= :jaar_eind)::int
       - (select count(*) from toegerekend where begin = :jaar_begin and dag <= :jaar_eind)::int) r
 group by contract, zorgvorm, tot
"""  # noqa: S608 - parts of this file, no values
"""What the current toewijzingen promise from the first open day on, one element for those that are equal in everything that matters.

Of a toewijzing the version that counts (IV013, OP080), at the contract whose line fits its product on the first day that it overlaps the period:
of its own contracts first, and with its own eenheid first. One without a code (it has no Omvang: CD041) is of the only contract of its aanbieder
that has a line in its categorie, or at all; its zorgvorm is `onbekend` unless there is only one. The row without a contract counts what fits none.
"""

_AFLOPEND = f"""
with loopt as ({LOOPT})
select loopt.contract, loopt.agb, coalesce(a.naam, loopt.agb) as aanbieder_naam, loopt.tot as einde, o.tot as optie_tot
  from loopt
 cross join lateral (
       select min(tot) as tot from contractoptie
        where contract = loopt.contract and uitgeoefend_op is null and tot > loopt.tot and vervallen_op is null) o
  left join aanbieder a on a.agb = loopt.agb and a.vervallen_op is null
 where loopt.tot between :vandaag and :uiterlijk and o.tot is not null and {MIJN}
 order by loopt.tot, loopt.contract
 limit :aantal
"""  # noqa: S608 - parts of this file, no values


@dataclass(frozen=True, slots=True, kw_only=True)
class Jaar:
    """A calendar year as its first and last day."""

    jaar: int

    @property
    def begin(self) -> date:
        """1 January."""
        return date(self.jaar, 1, 1)

    @property
    def eind(self) -> date:
        """31 December."""
        return date(self.jaar, 12, 31)


def _gemeenten(actor: Actor) -> list[str] | None:
    return None if actor.gemeenten is None else sorted(actor.gemeenten)


_GEMEENTEN = bindparam("gemeenten", type_=ARRAY(Text))
_CONTRACTEN = bindparam("contracten", type_=ARRAY(Text))
_DAG = {
    name: bindparam(name, type_=Date) for name in ("van", "tot", "jaar_begin", "jaar_eind", "open_van", "tot_max", "vandaag", "uiterlijk")
}


async def list_plafonds(connection: AsyncConnection, actor: Actor, jaar: Jaar, limit: int = PLAFONDS_MAX + 1) -> list[PlafondRij]:
    """The plafonds of a year and of the contracts that run in it, at most so many: one more than is shown says that there are more."""
    query = text(_RIJEN).bindparams(_GEMEENTEN, _DAG["jaar_begin"], _DAG["jaar_eind"])
    values = {
        "jaar_begin": jaar.begin,
        "jaar_eind": jaar.eind,
        "jaar": jaar.jaar,
        "aantal": limit,
        "gemeenten": _gemeenten(actor),
    }
    return [PlafondRij(**row) for row in (await connection.execute(query, values)).mappings()]


async def list_jaren(connection: AsyncConnection) -> list[int]:
    """The years that have a plafond, newest first."""
    return list((await connection.execute(text(_JAREN))).scalars())


async def load_toegekend(connection: AsyncConnection, rijen: Sequence[PlafondRij]) -> dict[tuple[str, str, date], int]:
    """Granted cents by contract, zorgvorm as booked, and care month, over all periods of these plafonds."""
    if not rijen:
        return {}
    query = text(_TOEGEKEND).bindparams(_CONTRACTEN, _DAG["van"], _DAG["tot"])
    values = {
        "van": min(rij.van for rij in rijen).replace(day=1),
        "tot": max(rij.tot for rij in rijen),
        "contracten": sorted({rij.contract for rij in rijen}),
    }
    rows = await connection.execute(query, values)
    return {
        (contract, zorgvorm, maand): cent
        for contract, zorgvorm, maanden, centen in rows
        for maand, cent in zip(maanden, centen, strict=True)
    }


async def load_wachtend(connection: AsyncConnection, rijen: Sequence[PlafondRij]) -> dict[str, Wachtend]:
    """What the aanbieders of these contracts have claimed and is not judged yet."""
    query = text(_WACHTEND).bindparams(_CONTRACTEN)
    rows = await connection.execute(query, {"contracten": sorted({rij.contract for rij in rijen})})
    return {
        contract: Wachtend(aantal=aantal, zonder_bedrag=zonder_bedrag, bedrag_cent=bedrag)
        for contract, aantal, zonder_bedrag, bedrag in rows
    }


async def load_toezeggingen(
    connection: AsyncConnection, rijen: Sequence[PlafondRij], jaar: Jaar, open_van: date
) -> tuple[Iterator[Toezegging], int]:
    """What toewijzingen promise under these plafonds from `open_van` on, to be read once, and how many of the year fit no contract."""
    vensters = sorted({(rij.contract, max(rij.van, jaar.begin), rij.tot) for rij in rijen})
    query = text(_TOEZEGGINGEN).bindparams(
        *(_DAG[name] for name in ("jaar_begin", "jaar_eind", "open_van", "tot_max")),
        bindparam("v_contract", type_=ARRAY(Text)),
        bindparam("v_van", type_=ARRAY(Date)),
        bindparam("v_tot", type_=ARRAY(Date)),
    )
    values = {
        "jaar_begin": jaar.begin,
        "jaar_eind": jaar.eind,
        "open_van": open_van,
        "tot_max": max((jaar.eind, *(rij.tot for rij in rijen))),
        "met_deelname": bool(await connection.scalar(text("select exists (select from deelname where vervallen_op is null)"))),
        "v_contract": [contract for contract, _, _ in vensters],
        "v_van": [van for _, van, _ in vensters],
        "v_tot": [tot for _, _, tot in vensters],
    }
    rows = (await connection.execute(query, values)).all()
    return _each([row for row in rows if row.contract]), sum(sum(row.aantal) for row in rows if not row.contract)


def _each(rows: Sequence[Any]) -> Iterator[Toezegging]:
    for contract, zorgvorm, tot, *columns in rows:
        for values in zip(*columns, strict=True):
            yield Toezegging(contract=contract, zorgvorm=zorgvorm, tot=tot, **dict(zip(_PER_TOEZEGGING, values, strict=True)))


async def list_aflopend(connection: AsyncConnection, actor: Actor, vandaag: date) -> list[Aflopend]:
    """Contracts that end soon while an option is open, the first to end first."""
    query = text(_AFLOPEND).bindparams(_GEMEENTEN, _DAG["vandaag"], _DAG["uiterlijk"])
    values = {
        "vandaag": vandaag,
        "uiterlijk": over_maanden(vandaag, AFLOPEND_MAANDEN),
        "aantal": AFLOPEND_MAX,
        "gemeenten": _gemeenten(actor),
    }
    return [Aflopend(**row) for row in (await connection.execute(query, values)).mappings()]


def over_maanden(dag: date, aantal: int) -> date:
    """The same day so many months later, or the last day of that month."""
    months = dag.year * 12 + dag.month - 1 + aantal
    first = date(months // 12, months % 12 + 1, 1)
    return first.replace(day=min(dag.day, laatste_dag(first).day))
