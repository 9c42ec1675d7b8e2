"""What contradicts the invariants now, from balances and indexes only: no query here reads all transfers or all berichten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.reports.berichten import BEOORDEELD
from app.reports.controles import RIJEN_MAX, Geldstroom, Rij

_SALDI = """
(select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo
 union all select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo_delta) s
"""
_UIT_BALANS = f"""
select domein, zorgvorm, to_char(zorgmaand, 'YYYY-MM') as zorgmaand, to_char(boekmaand, 'YYYY-MM') as boekmaand, verschil_cent
  from (select domein, zorgvorm, zorgmaand, boekmaand, sum(bedrag_cent)::bigint as verschil_cent
          from {_SALDI} group by 1, 2, 3, 4 having sum(bedrag_cent) <> 0) v
 order by 3, 1, 2, 4 limit :rijen_max
"""  # noqa: S608 - a constant
# The cost that acts booked is looked up by act: there are few of them, and cost of prestaties is what is left.
_GEBOEKT = f"""
select (select coalesce(sum(s.bedrag_cent), 0)::bigint from rekening r join {_SALDI} using (rekening_nr) where r.soort = 'kosten')
     - (select coalesce(sum(case when d.soort = 'kosten' then b.bedrag_cent else -b.bedrag_cent end), 0)::bigint
          from handeling h join boeking b on b.bericht_nr = h.bericht_nr
          join rekening d on d.rekening_nr = b.debet join rekening c on c.rekening_nr = b.credit
         where d.soort = 'kosten' or c.soort = 'kosten')
"""  # noqa: S608 - a constant
_BEOORDEELD = "richting = 'in' and soort = '323' and status = any(:beoordeeld)"
_ONVOLLEDIG = """
(ingediend_cent is null or toegekend_cent is null or antwoord_nr is null or (status = 'verwerkt' and ingediend_cent <> toegekend_cent)
 or (status = 'afgekeurd' and toegekend_cent <> 0))
"""
_STROOM = f"""
select count(*), coalesce(sum(ingediend_cent), 0)::bigint, coalesce(sum(toegekend_cent), 0)::bigint, count(*) filter (where {_ONVOLLEDIG})
  from bericht where {_BEOORDEELD}
"""  # noqa: S608 - a constant
_WELKE_ONVOLLEDIG = f"""
select bericht_nr, gemeente, agb, status, ingediend_cent, toegekend_cent, antwoord_nr from bericht
 where {_BEOORDEELD} and {_ONVOLLEDIG} order by bericht_nr limit :rijen_max
"""  # noqa: S608 - a constant
_ZONDER_TOESTAND = """
select bericht_nr, status, fout from (
    select b.bericht_nr, b.status, 'wacht, maar staat niet in de wachtrij' as fout from bericht b
     where b.status = 'ontvangen' and not exists (select from outbox o where o.taak = 'verwerken' and o.bericht_nr = b.bericht_nr)
    union all
    select b.bericht_nr, b.status, 'geparkeerd zonder reden' from bericht b where b.status = 'geparkeerd' and b.park_reden is null
    union all
    select b.bericht_nr, b.status, 'wacht op een contract, maar is geen declaratie' from bericht b
     where b.status = 'wacht_op_contract' and b.soort <> '323'
    union all
    select o.bericht_nr, b.status, 'staat in de wachtrij, maar wacht niet' from outbox o left join bericht b using (bericht_nr)
     where o.taak = 'verwerken' and b.status is distinct from 'ontvangen') s
 order by bericht_nr limit :rijen_max
"""
_KETEN = """
with rij as (
    select m.*, to_char(m.boekmaand, 'YYYY-MM') as maand, lag(hash) over (order by boekmaand) as ervoor from maand_afsluiting m
)
select maand as boekmaand, 'de hash van de maand ervoor is een andere' as fout from rij where vorige_hash is distinct from ervoor
union all
select maand, 'er is geen handeling die haar met deze hash sloot' from rij r
 where not exists (select from handeling h where h.soort = 'maand_afsluiting' and h.sleutel = r.maand
                                             and h.gegevens ->> 'hash' = encode(r.hash, 'hex'))
union all
select h.sleutel, 'de afsluiting van deze maand is weg' from handeling h
 where h.soort = 'maand_afsluiting' and not exists (select from rij r where r.maand = h.sleutel)
order by 1 limit :rijen_max
"""


async def load_uit_balans(connection: AsyncConnection) -> list[Rij]:
    """Where all accounts together are not zero: every transfer leaves them so."""
    return await _rijen(connection, _UIT_BALANS)


async def load_stroom(connection: AsyncConnection) -> tuple[Geldstroom, list[Rij]]:
    """The money of judged declaraties and of the books, and the declaraties that are not complete."""
    declaraties, ingediend, toegekend, onvolledig = (await connection.execute(text(_STROOM), {"beoordeeld": list(BEOORDEELD)})).one()
    stroom = Geldstroom(
        declaraties=declaraties,
        ingediend_cent=ingediend,
        toegekend_cent=toegekend,
        geboekt_cent=await load_geboekt(connection),
    )
    # Which ones is asked only when there are any: the count is answered by the index alone.
    return stroom, await _rijen(connection, _WELKE_ONVOLLEDIG, beoordeeld=list(BEOORDEELD)) if onvolledig else []


async def load_geboekt(connection: AsyncConnection) -> int:
    """The cost of prestaties in the books, in cents: without what acts booked as cost (terms, pgb, afrekening)."""
    cents: int = (await connection.execute(text(_GEBOEKT))).scalar_one()
    return cents


async def load_zonder_toestand(connection: AsyncConnection) -> list[Rij]:
    """Berichten that wait, are parked or are queued without what that needs."""
    return await _rijen(connection, _ZONDER_TOESTAND)


async def load_keten(connection: AsyncConnection) -> list[Rij]:
    """Closed months that are not linked to the one before or to their act."""
    return await _rijen(connection, _KETEN)


async def _rijen(connection: AsyncConnection, query: str, **values: Any) -> list[Rij]:
    found = await connection.execute(text(query), {"rijen_max": RIJEN_MAX, **values})
    return [dict(row) for row in found.mappings()]
