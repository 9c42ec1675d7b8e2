"""The queries of the depletion report: balances, acts, what waits, and the boekingen of one month; a constant number, sums made by the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Date, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.periode import laatste_dag
from app.ledger.service_verplichtingen import HERREKEND, VRIJVAL
from app.reports.kosten import Basis
from app.reports.uitputting import VASTE_MAANDEN, Ingediend, Per, maanden_eerder
from app.reports.uitputting_prognose import Boekregel, Cel
from app.reports.uitputting_verschil import Mutatie, Waardoor

_SALDI = """
(select rekening_nr, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo
  union all
 select rekening_nr, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo_delta)
"""
_MIJN = "(cast(:gemeenten as text[]) is null or {}.gemeente = any(:gemeenten))"
_AANBIEDERREKENING = "r.soort in ('crediteur', 'voorschot', 'onderweg')"

_STAND = f"""
select r.gemeente, s.zorgvorm, {{maand}} as maand, coalesce(sum(s.bedrag_cent) filter (where r.soort = 'kosten'), 0)::bigint as kosten,
       coalesce(sum(s.bedrag_cent) filter (where r.soort = 'verplichting'), 0)::bigint as verplicht
  from rekening r join {_SALDI} s using (rekening_nr)
 where r.soort = any(:soorten) and {_MIJN.format("r")} and {{maand}} between :van and :tot and s.boekmaand <= :peil
 group by 1, 2, 3
"""  # noqa: S608 - parts of this file, no values

_KOSTEN_AANBIEDER = f"""
select agb, zorgvorm, array_agg(maand) as maanden, array_agg(cent) as centen
  from (select r.agb, s.zorgvorm, {{maand}} as maand, -sum(s.bedrag_cent)::bigint as cent
          from rekening r join {_SALDI} s using (rekening_nr)
         where {_AANBIEDERREKENING} and s.zorgvorm <> '' and {_MIJN.format("r")} and {{maand}} between :van and :tot and s.boekmaand <= :peil
         group by 1, 2, 3) m
 group by 1, 2
"""  # noqa: S608 - parts of this file, no values
"""What an aanbieder earned: the accounts of an aanbieder under a zorgvorm hold cost, and terms of a guarantee on both sides; money has none."""

_BETAALD = f"""
select {{sleutel}} as sleutel, sum(s.bedrag_cent)::bigint as cent
  from rekening r join {_SALDI} s using (rekening_nr)
 where ({_AANBIEDERREKENING} or r.soort = 'voorschot_svb') and s.zorgvorm = '' and {_MIJN.format("r")}
   and {{maand}} between :van and :tot and s.boekmaand <= :peil
 group by 1
"""  # noqa: S608 - parts of this file, no values
"""Money carries no zorgvorm: what it took off the accounts of an aanbieder, or paid the SVB, went over the bank."""

_ERVARING = f"""
select s.zorgvorm, s.zorgmaand, s.boekmaand, coalesce(sum(s.bedrag_cent) filter (where r.soort = 'kosten'), 0)::bigint as kosten,
       coalesce(sum(s.bedrag_cent) filter (where r.soort = 'verplichting'), 0)::bigint as verplicht
  from rekening r join {_SALDI} s using (rekening_nr)
 where r.soort in ('kosten', 'verplichting') and s.zorgmaand between :historie and :peil and s.boekmaand <= :peil
 group by 1, 2, 3
"""  # noqa: S608 - parts of this file, no values

_ZONDER_TOEWIJZING = """
select case when d.soort = 'kosten' then d.gemeente else c.gemeente end as gemeente, coalesce(nullif(d.agb, ''), c.agb) as agb, b.zorgvorm,
       b.zorgmaand, date_trunc('month', b.boekdatum::timestamp)::date as boekmaand,
       sum(case when d.soort = 'kosten' then b.bedrag_cent else -b.bedrag_cent end)::bigint as cent
  from handeling h
  join boeking b using (bericht_nr)
  join rekening d on d.rekening_nr = b.debet
  join rekening c on c.rekening_nr = b.credit
 where h.soort <> all(:verplichtend) and b.soort <> 'verplichting' and b.zorgmaand between :historie and :tot and b.boekdatum <= :peildag
   and (d.soort = 'kosten' or c.soort = 'kosten')
 group by 1, 2, 3, 4, 5
"""

_WACHTEND = f"""
select m.gemeente, m.agb, count(*)::int as aantal, (count(*) filter (where ingediend_cent is null))::int as zonder_bedrag,
       coalesce(sum(ingediend_cent), 0)::bigint as bedrag_cent
  from bericht m
 where status in ('ontvangen', 'wacht_op_contract', 'vastgehouden', 'geparkeerd') and soort = '323' and richting = 'in'
   and m.gemeente is not null and m.agb is not null and {_MIJN.format("m")}
 group by 1, 2
"""  # noqa: S608 - parts of this file, no values

_DECLAREERDE = f"""
select r.gemeente, r.agb, array_agg(distinct s.zorgmaand) as maanden
  from rekening r join {_SALDI} s using (rekening_nr)
 where r.soort = 'crediteur' and s.zorgvorm <> '' and s.bedrag_cent < 0 and {_MIJN.format("r")}
   and s.zorgmaand between :van and :tot and s.boekmaand <= :peil
 group by 1, 2
"""  # noqa: S608 - parts of this file, no values

_MUTATIES = f"""
with mijn as materialized (
     select r.rekening_nr from rekening r where r.soort in ('kosten', 'verplichting') and {_MIJN.format("r")}),
     som as materialized (
     select case when b.soort not in ('prestatie', 'prestatie_credit') then b.bericht_nr end as bericht_nr,
            b.soort, b.volgnr > 0 as her, b.debet, b.credit, b.zorgvorm, b.zorgmaand, count(*)::int as aantal,
            sum(b.bedrag_cent)::bigint as cent
       from boeking b
      where b.boekdatum between :peil and :peildag and b.zorgmaand between :van and :tot
        and (b.debet in (select rekening_nr from mijn) or b.credit in (select rekening_nr from mijn))
      group by 1, 2, 3, 4, 5, 6, 7),
     deel as materialized (
     select s.bericht_nr, s.soort, s.her, s.zorgvorm, s.zorgmaand, s.aantal, d.soort = 'verplichting' as stijgt,
            case when d.soort in ('kosten', 'verplichting') then d.gemeente else c.gemeente end as gemeente,
            coalesce(nullif(d.agb, ''), c.agb) as agb,
            case when d.soort = 'kosten' then s.cent when c.soort = 'kosten' then -s.cent else 0 end as kosten,
            case when d.soort = 'verplichting' then s.cent when c.soort = 'verplichting' then -s.cent else 0 end as verplicht
       from som s
       join rekening d on d.rekening_nr = s.debet
       join rekening c on c.rekening_nr = s.credit
      where (d.soort in ('kosten', 'verplichting') and {_MIJN.format("d")}) or (c.soort in ('kosten', 'verplichting') and {_MIJN.format("c")})),
     nieuw as (
     select t.bericht_nr
       from toewijzing_versie t
      where t.bericht_nr in (select bericht_nr from deel where soort = 'verplichting')
      group by 1
     having bool_and(not exists (
            select from toewijzing_versie e
             where e.domein = t.domein and e.gemeente = t.gemeente and e.toewijzing_nummer = t.toewijzing_nummer and e.bericht_nr < t.bericht_nr)))
select w.waardoor, w.gemeente, w.agb, w.zorgvorm, w.zorgmaand, sum(w.aantal)::int as aantal, sum(w.kosten)::bigint as kosten,
       sum(w.verplicht)::bigint as verplicht
  from (select deel.gemeente, deel.zorgvorm, deel.zorgmaand, deel.aantal, deel.kosten, deel.verplicht,
               case when not :met_agb then '' when deel.agb <> '' then deel.agb when m.agb is not null then m.agb
                    when h.soort = any(:verplichtend) then regexp_replace(h.sleutel, '^.*:', '') else '' end as agb,
               case when deel.soort in ('prestatie', 'prestatie_credit') and deel.her then 'herrekend'
                    when deel.soort = 'prestatie_credit' then 'credit'
                    when deel.soort = 'prestatie' or (deel.soort = 'verplichting' and m.soort = '323' and not deel.stijgt)
                         then case when deel.zorgmaand < :vorige then 'laat' else 'declaraties' end
                    when deel.soort <> 'verplichting' then 'overig'
                    when h.soort = :vrijval then 'vrijval'
                    when h.bericht_nr is not null then 'herrekend'
                    when m.soort = '323' then 'credit'
                    when deel.bericht_nr in (select bericht_nr from nieuw) then 'nieuw'
                    else 'gewijzigd' end as waardoor
          from deel
          left join bericht m using (bericht_nr)
          left join handeling h using (bericht_nr)) w
 group by 1, 2, 3, 4, 5
"""  # noqa: S608 - parts of this file, no values
"""Prestaties are summed over their berichten, because their accounts say everything; only a commitment needs to know which bericht moved it.

`nieuw` is asked as a set and not joined: the planner expects one row where there are thousands, and would walk through all of them for each.
"""

_VERPLICHT_AANBIEDER = f"""
select agb, zorgvorm, array_agg(maand) as maanden, array_agg(cent) as centen
  from (select v.agb, v.zorgvorm, v.zorgmaand as maand, sum(v.bedrag_cent)::bigint as cent
          from (select agb, gemeente, zorgvorm, zorgmaand, bedrag_cent from verplichting_saldo
                 union all
                select agb, gemeente, zorgvorm, zorgmaand, bedrag_cent from verplichting_saldo_delta) v
         where v.zorgmaand between :van and :tot and {_MIJN.format("v")}
         group by 1, 2, 3) m
 group by 1, 2
"""  # noqa: S608 - parts of this file, no values
"""A balance of its own, because an account of commitments is of a gemeente; `ledger verify` holds it to the register."""

_PLAFONDS = """
select c.agb, sum(p.bedrag_cent)::bigint as cent
  from plafond p join contract c using (contract)
 where p.jaar = :jaar and p.vervallen_op is null and c.vervallen_op is null
 group by 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vraag:
    """What all queries are about.

    Attributes:
        gemeenten: Those that are seen; None is the whole region.
        jaar, basis: The year, by month of care or of booking.
        peil: Month of booking up to which is read.
    """

    gemeenten: Sequence[str] | None
    jaar: int
    basis: Basis
    peil: date

    @property
    def van(self) -> date:
        """The first month of the year."""
        return date(self.jaar, 1, 1)

    @property
    def tot(self) -> date:
        """The last month of the year."""
        return date(self.jaar, 12, 1)

    @property
    def historie(self) -> date:
        """The first month of care from which is learned: the year before."""
        return date(self.jaar - 1, 1, 1)


async def _rows(connection: AsyncConnection, query: str, vraag: Vraag, **more: Any) -> list[Any]:
    """One query of this file; `{maand}` is the month of the basis."""
    query = query.replace("{maand}", "s.zorgmaand" if vraag.basis is Basis.ZORG else "s.boekmaand")
    values = {
        "gemeenten": None if vraag.gemeenten is None else list(vraag.gemeenten),
        "van": vraag.van,
        "tot": vraag.tot,
        "historie": vraag.historie,
        "peil": vraag.peil,
        "peildag": laatste_dag(vraag.peil),
        "jaareind": laatste_dag(vraag.tot),
        "vorige": maanden_eerder(vraag.peil, 1),
        "verplichtend": [HERREKEND, VRIJVAL],
        **more,
    }
    used = {name: value for name, value in values.items() if re.search(rf":{name}\b", query)}
    types = {"gemeenten": ARRAY(Text), "verplichtend": ARRAY(Text), "soorten": ARRAY(Text)}
    binds = [bindparam(name, value, type_=types.get(name, Date if isinstance(value, date) else None)) for name, value in used.items()]
    return list(await connection.execute(text(query).bindparams(*binds)))


class Stand(NamedTuple):
    """A month of one gemeente or aanbieder and zorgvorm as it is booked: cost, and still committed."""

    kosten: int
    verplicht: int


Plek = tuple[str, str, date]


async def load_stand(connection: AsyncConnection, vraag: Vraag) -> dict[Plek, Stand]:
    """Per gemeente, zorgvorm and month of the basis; commitments only by month of care."""
    soorten = ["kosten", "verplichting"] if vraag.basis is Basis.ZORG else ["kosten"]
    rows = await _rows(connection, _STAND, vraag, soorten=soorten)
    return {(row.gemeente, row.zorgvorm, row.maand): Stand(row.kosten, row.verplicht) for row in rows}


async def load_verplicht(connection: AsyncConnection, vraag: Vraag) -> dict[tuple[str, str], int]:
    """Per gemeente and zorgvorm what is committed for months of care in the year, whatever the basis."""
    by_care = Vraag(gemeenten=vraag.gemeenten, jaar=vraag.jaar, basis=Basis.ZORG, peil=vraag.peil)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in await _rows(connection, _STAND, by_care, soorten=["verplichting"]):
        found[row.gemeente, row.zorgvorm] += row.verplicht
    return dict(found)


async def load_kosten_aanbieders(connection: AsyncConnection, vraag: Vraag) -> dict[Plek, int]:
    """Per aanbieder, zorgvorm and month of the basis what it earned."""
    return _per_maand(await _rows(connection, _KOSTEN_AANBIEDER, vraag))


async def load_verplicht_aanbieders(connection: AsyncConnection, vraag: Vraag) -> dict[Plek, int]:
    """Per aanbieder, zorgvorm and month of care what is committed now."""
    return _per_maand(await _rows(connection, _VERPLICHT_AANBIEDER, vraag))


def _per_maand(rows: Iterable[Any]) -> dict[Plek, int]:
    """Months come as arrays: reading tens of thousands of rows takes longer than finding them."""
    return {(agb, zorgvorm, maand): cent for agb, zorgvorm, maanden, centen in rows for maand, cent in zip(maanden, centen, strict=True)}


async def load_betaald(connection: AsyncConnection, vraag: Vraag, per: Per) -> dict[str, int]:
    """Per gemeente or aanbieder what was paid for months of the year, advances included and what came back taken off."""
    sleutel = "r.gemeente" if per is Per.GEMEENTE else "r.agb"
    return {row.sleutel: row.cent for row in await _rows(connection, _BETAALD.replace("{sleutel}", sleutel), vraag)}


async def load_ervaring(connection: AsyncConnection, vraag: Vraag) -> list[Boekregel]:
    """What the whole region booked per zorgvorm, month of care and month of booking; cost without toewijzing is still in it."""
    rows = await _rows(connection, _ERVARING, vraag)
    return [Boekregel(row.zorgvorm, row.zorgmaand, row.boekmaand, row.kosten, row.verplicht) for row in rows]


class ZonderToewijzing(NamedTuple):
    """Cost that an act booked, in cents."""

    gemeente: str
    agb: str
    zorgvorm: str
    zorgmaand: date
    boekmaand: date
    cent: int


async def load_zonder_toewijzing(connection: AsyncConnection, vraag: Vraag) -> list[ZonderToewijzing]:
    """What acts booked as cost in the whole region: pgb, lumpsum, subsidie, afrekening, ouderbijdrage, woonplaats."""
    return [ZonderToewijzing(*row) for row in await _rows(connection, _ZONDER_TOEWIJZING, vraag)]


async def load_wachtend(connection: AsyncConnection, vraag: Vraag) -> dict[tuple[str, str], Ingediend]:
    """Declaraties that wait to be judged, per gemeente and aanbieder."""
    return {
        (row.gemeente, row.agb): Ingediend(aantal=row.aantal, zonder_bedrag=row.zonder_bedrag, bedrag_cent=row.bedrag_cent)
        for row in await _rows(connection, _WACHTEND, vraag)
    }


async def load_declareerde(connection: AsyncConnection, vraag: Vraag) -> dict[str, frozenset[tuple[str, date]]]:
    """Per gemeente the aanbieders and months of care with something granted, from some months before the year on."""
    found: dict[str, set[tuple[str, date]]] = defaultdict(set)
    for row in await _rows(connection, _DECLAREERDE, vraag, van=maanden_eerder(vraag.van, VASTE_MAANDEN)):
        found[row.gemeente].update((row.agb, maand) for maand in row.maanden)
    return {gemeente: frozenset(each) for gemeente, each in found.items()}


async def load_mutaties(connection: AsyncConnection, vraag: Vraag, per: Per) -> list[Mutatie]:
    """What was booked in the month of `peil` for care in the year, by cause, keyed as the rows are."""
    rows = await _rows(connection, _MUTATIES, vraag, met_agb=per is Per.AANBIEDER, vrijval=VRIJVAL)
    found = []
    for row in rows:
        overig = row.waardoor == Waardoor.OVERIG
        cel = Cel(0 if overig else row.kosten, row.kosten if overig else 0, row.verplicht)
        place = sleutel_van(per, row.gemeente, row.agb, row.zorgvorm), row.zorgvorm, row.zorgmaand
        found.append(Mutatie(Waardoor(row.waardoor), place, row.aantal, cel))
    return found


def sleutel_van(per: Per, gemeente: str, agb: str, zorgvorm: str) -> str:
    """The row that something belongs to."""
    return {Per.GEMEENTE: gemeente, Per.ZORGVORM: zorgvorm, Per.AANBIEDER: agb}[per]


async def load_plafonds(connection: AsyncConnection, jaar: int) -> Mapping[str, int]:
    """What is agreed per aanbieder for a year, over all its contracts."""
    rows = await connection.execute(text(_PLAFONDS), {"jaar": jaar})
    return {row.agb: row.cent for row in rows}


async def load_aanbiedernamen(connection: AsyncConnection) -> dict[str, str]:
    """The names of the aanbieders of the region."""
    rows = await connection.execute(text("select agb, naam from aanbieder where vervallen_op is null"))
    return {row.agb: row.naam for row in rows}
