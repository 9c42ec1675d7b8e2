"""The proof that the books are right: sentences, each with a query that yields the rows that contradict it. Read only."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from app.adapters.database import Connection
from app.ledger.store_afsluiten import VERIFY_TIMEOUT_S, gewijzigde_bronnen, keten_breuken
from app.ledger.store_verificatie_berichten import VERIFY_INHOUD, VERIFY_STATEN
from app.ledger.verificatie_afrekeningen import AFREKENINGEN
from app.ledger.verificatie_betalingen import BETALINGEN

_VERIFY_SALDI = """
with uit_boeking as (
    select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, sum(bedrag)::bigint as bedrag from (
        select debet as rekening_nr, domein, zorgvorm, zorgmaand, date_trunc('month', boekdatum)::date as boekmaand, bedrag_cent as bedrag
          from boeking
        union all
        select credit, domein, zorgvorm, zorgmaand, date_trunc('month', boekdatum)::date, -bedrag_cent from boeking) b
     group by 1, 2, 3, 4, 5
), uit_saldo as (
    select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, sum(bedrag_cent)::bigint as bedrag from (
        select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo
        union all select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo_delta) s
     group by 1, 2, 3, 4, 5
)
select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, coalesce(b.bedrag, 0) as boekingen, coalesce(s.bedrag, 0) as saldo
  from uit_boeking b full join uit_saldo s using (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand)
 where coalesce(b.bedrag, 0) <> coalesce(s.bedrag, 0)
 limit 100
"""
_VERIFY_CLIENT = """
with uit_boeking as (
    select client_id, r.gemeente, zorgvorm, extract(year from zorgmaand)::int as zorgjaar, sum(bedrag)::bigint as bedrag from (
        select client_id, debet as rekening_nr, zorgvorm, zorgmaand, bedrag_cent as bedrag from boeking where client_id is not null
        union all select client_id, credit, zorgvorm, zorgmaand, -bedrag_cent from boeking where client_id is not null) b
      join rekening r using (rekening_nr) where r.soort = 'kosten' group by 1, 2, 3, 4
), uit_saldo as (
    select client_id, gemeente, zorgvorm, zorgjaar, sum(bedrag_cent)::bigint as bedrag from (
        select client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent from saldo_client
        union all select client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent from saldo_client_delta) s group by 1, 2, 3, 4
)
select client_id, gemeente, zorgvorm, zorgjaar, coalesce(b.bedrag, 0) as boekingen, coalesce(s.bedrag, 0) as saldo
  from uit_boeking b full join uit_saldo s using (client_id, gemeente, zorgvorm, zorgjaar)
 where coalesce(b.bedrag, 0) <> coalesce(s.bedrag, 0)
 limit 100
"""
_VERIFY_PRESTATIES = """
with herboekt as (
    select bericht_nr, regel from boeking where volgnr > 0 and soort in ('prestatie', 'prestatie_credit') group by 1, 2
), staat as (
    select bericht_nr, regel, soort, zorgvorm, case when soort = 'prestatie' then debet else credit end as kosten, bedrag_cent
      from boeking b
     where soort in ('prestatie', 'prestatie_credit')
       and not exists (select from herboekt h where h.bericht_nr = b.bericht_nr and h.regel = b.regel)
    union all
    select bericht_nr, regel, soort, zorgvorm, kosten, sum(bedrag_cent)::bigint
      from (select b.bericht_nr, b.regel, b.soort, b.zorgvorm, n.is_storno, case when n.is_storno then -b.bedrag_cent else b.bedrag_cent end,
                   case when (b.soort = 'prestatie') <> n.is_storno then b.debet else b.credit end
              from boeking b join herboekt h using (bericht_nr, regel)
              cross join lateral (select coalesce(split_part(b.storno_van, ':', 3) = b.soort, false) as is_storno) n
             where b.soort in ('prestatie', 'prestatie_credit')) t (bericht_nr, regel, soort, zorgvorm, is_storno, bedrag_cent, kosten)
     group by 1, 2, 3, 4, 5 having sum(bedrag_cent) <> 0
)
select p.bericht_nr, p.regel, p.bedrag_cent as prestatie, coalesce(b.bedrag_cent, 0) as geboekt
  from prestatie p
  full join (select s.*, r.soort as rekening, r.gemeente from staat s left join rekening r on r.rekening_nr = s.kosten) b
    on b.bericht_nr = p.bericht_nr and b.regel = p.regel
 where coalesce(case when p.toegekend then p.bedrag_cent end, 0) <> coalesce(b.bedrag_cent, 0)
    or (b.soort is not null and ((b.soort = 'prestatie_credit') is distinct from p.is_credit or b.rekening is distinct from 'kosten'
                                 or b.gemeente is distinct from p.gemeente_drager or b.zorgvorm is distinct from p.zorgvorm))
 limit 100
"""
_VERIFY_STORNO = """
select s.bericht_nr, s.regel, s.soort, s.volgnr, s.storno_van
  from boeking s
  left join boeking b on b.bericht_nr = split_part(s.storno_van, ':', 1)::bigint and b.regel = split_part(s.storno_van, ':', 2)::int
                     and b.soort = split_part(s.storno_van, ':', 3) and b.volgnr = split_part(s.storno_van, ':', 4)::smallint
 where s.storno_van is not null
   and (b.bericht_nr is null or b.storno_van is not distinct from s.storno_van
        or (b.debet, b.credit, b.bedrag_cent, b.zorgvorm, b.zorgmaand) <> (s.credit, s.debet, s.bedrag_cent, s.zorgvorm, s.zorgmaand))
union all
select min(bericht_nr), min(regel), soort, null, storno_van from boeking
 where storno_van is not null group by soort, storno_van, split_part(storno_van, ':', 3) = soort
having split_part(storno_van, ':', 3) = soort and count(*) > 1
 limit 100
"""
_VERIFY_TOTALEN = """
select b.bericht_nr, b.ingediend_cent, b.toegekend_cent, p.ingediend, p.toegekend
  from bericht b
  left join (select bericht_nr, sum(case when is_credit then -bedrag_cent else bedrag_cent end)::bigint as ingediend,
                    coalesce(sum(case when is_credit then -bedrag_cent else bedrag_cent end) filter (where toegekend), 0)::bigint as toegekend
               from prestatie group by bericht_nr) p using (bericht_nr)
 where b.soort = '323' and b.richting = 'in' and b.telt
   and (b.ingediend_cent is distinct from p.ingediend or b.toegekend_cent is distinct from p.toegekend)
 limit 100
"""

_VERIFY_TARIEVEN = """
with uit_prestatie as (
    select tarief_id, zorgvorm, date_trunc('month', begindatum)::date as zorgmaand,
           sum(case when is_credit then -bedrag_cent else bedrag_cent end)::bigint as cent
      from prestatie where toegekend and tarief_id is not null group by 1, 2, 3
), uit_saldo as (
    select tarief_id, zorgvorm, zorgmaand, sum(bedrag_cent)::bigint as cent from (
        select tarief_id, zorgvorm, zorgmaand, bedrag_cent from tarief_saldo
        union all select tarief_id, zorgvorm, zorgmaand, bedrag_cent from tarief_saldo_delta) s group by 1, 2, 3
)
select tarief_id, zorgvorm, zorgmaand, coalesce(p.cent, 0) as prestaties, coalesce(s.cent, 0) as saldo
  from uit_prestatie p full join uit_saldo s using (tarief_id, zorgvorm, zorgmaand)
 where coalesce(p.cent, 0) <> coalesce(s.cent, 0)
 limit 100
"""

_VERPLICHTINGEN = """
with gebruikt as (
    select domein, gemeente, toewijzing_nummer, date_trunc('month', begindatum)::date as zorgmaand, sum(bedrag_cent)::bigint as cent
      from prestatie where toegekend and not is_credit and gecrediteerd_door is null group by 1, 2, 3, 4
), totaal as (
    select domein, gemeente, toewijzing_nummer, sum(cent)::bigint as cent from gebruikt group by 1, 2, 3
), staat as (
    select v.domein, v.agb, v.drager, v.zorgvorm, v.zorgmaand, case
             when v.vrijgevallen_nr is not null then 0
             when v.wijze = 'maand' then greatest(0, v.verwacht_cent - coalesce(g.cent, 0))
             else greatest(0, v.verwacht_cent - greatest(0, coalesce(t.cent, 0) - (
                  sum(v.verwacht_cent) over (partition by domein, gemeente, toewijzing_nummer order by v.zorgmaand) - v.verwacht_cent)))
           end as cent
      from verplichting v
      left join gebruikt g using (domein, gemeente, toewijzing_nummer, zorgmaand)
      left join totaal t using (domein, gemeente, toewijzing_nummer)
), berekend as (
    select domein, {agb}drager as gemeente, zorgvorm, zorgmaand, sum(cent)::bigint as cent from staat group by {sleutel}
), geboekt as ({geboekt}
)
select {sleutel}, coalesce(b.cent, 0) as berekend, coalesce(g.cent, 0) as geboekt
  from berekend b full join geboekt g using ({sleutel})
 where coalesce(b.cent, 0) <> coalesce(g.cent, 0)
 limit 100
"""
_PER_GEMEENTE = """
    select s.domein, r.gemeente, s.zorgvorm, s.zorgmaand, sum(s.bedrag_cent)::bigint as cent
      from rekening r
      join (select rekening_nr, domein, zorgvorm, zorgmaand, bedrag_cent from saldo
            union all select rekening_nr, domein, zorgvorm, zorgmaand, bedrag_cent from saldo_delta) s using (rekening_nr)
     where r.soort = 'verplichting' group by 1, 2, 3, 4"""
_PER_AANBIEDER = """
    select domein, agb, gemeente, zorgvorm, zorgmaand, sum(bedrag_cent)::bigint as cent
      from (select domein, agb, gemeente, zorgvorm, zorgmaand, bedrag_cent from verplichting_saldo
            union all select domein, agb, gemeente, zorgvorm, zorgmaand, bedrag_cent from verplichting_saldo_delta) s
     group by 1, 2, 3, 4, 5"""
_VERIFY_VERPLICHTINGEN = _VERPLICHTINGEN.format(agb="", sleutel="domein, gemeente, zorgvorm, zorgmaand", geboekt=_PER_GEMEENTE)
_VERIFY_AANBIEDERS = _VERPLICHTINGEN.format(agb="agb, ", sleutel="domein, agb, gemeente, zorgvorm, zorgmaand", geboekt=_PER_AANBIEDER)
_VERIFY_VERPLICHTING_VERSIE = """
with actueel as (
    select distinct on (domein, gemeente, toewijzing_nummer) domein, gemeente, toewijzing_nummer, bericht_nr
      from toewijzing_versie where ingetrokken_door is null
     order by domein, gemeente, toewijzing_nummer, toewijzingsdatum desc, toewijzingstijd desc, bericht_nr desc
)
select v.domein, v.gemeente, v.toewijzing_nummer, v.zorgmaand, v.versie_nr, a.bericht_nr as geldt
  from verplichting v left join actueel a using (domein, gemeente, toewijzing_nummer)
 where a.bericht_nr is distinct from v.versie_nr
 limit 100
"""
_VERIFY_GEBEURTENIS = """
select b.bericht_nr, b.regel, b.soort, b.volgnr, d.soort as debet, c.soort as credit
  from boeking b
  left join rekening d on d.rekening_nr = b.debet
  left join rekening c on c.rekening_nr = b.credit
  left join gebeurtenis g on g.soort = b.soort and g.debet = d.soort and g.credit = c.soort
 where g.soort is null or g.noemt_eerdere <> (b.storno_van is not null)
    or (d.gemeente <> c.gemeente and d.gemeente <> '' and c.gemeente <> '') or (d.agb <> c.agb and d.agb <> '' and c.agb <> '')
 limit 100
"""
_VERIFY_BRON = """
select s.bericht_nr, s.soort
  from (select distinct bericht_nr, soort from boeking) s
  join (select distinct soort, bron from gebeurtenis) g using (soort)
  left join bericht b using (bericht_nr)
  left join handeling h using (bericht_nr)
 where (b.bericht_nr is null) = (h.bericht_nr is null)
    or (g.bron = 'bericht' and b.bericht_nr is null) or (g.bron = 'handeling' and h.bericht_nr is null)
 limit 100
"""

VERIFICATIONS: tuple[tuple[str, str], ...] = (
    ("saldi zijn de som van de boekingen", _VERIFY_SALDI),
    ("kosten per client zijn de som van de boekingen", _VERIFY_CLIENT),
    ("elke toegekende prestatie is precies één keer geboekt, op haar gemeente en zorgvorm", _VERIFY_PRESTATIES),
    ("elke terugboeking heft precies één boeking op, voor hetzelfde bedrag", _VERIFY_STORNO),
    ("ingediend en toegekend van elke declaratie zijn de som van haar regels", _VERIFY_TOTALEN),
    ("elke boeking staat op bestaande rekeningen die bij haar soort horen, en raakt twee gemeenten alleen via de kas", _VERIFY_GEBEURTENIS),
    ("elke boeking heeft een bericht of een handeling als bron", _VERIFY_BRON),
    ("verplichtingen zijn wat de toewijzingen naar verwachting kosten min wat is toegekend", _VERIFY_VERPLICHTINGEN),
    ("verplichtingen per aanbieder zijn wat zijn toewijzingen nog kosten", _VERIFY_AANBIEDERS),
    ("toegekend per tariefregel en zorgmaand is de som van de prestaties", _VERIFY_TARIEVEN),
    ("elke verplichting hoort bij de versie van de toewijzing die geldt", _VERIFY_VERPLICHTING_VERSIE),
    ("elk bericht is in precies één toestand en heeft wat die toestand nodig heeft", VERIFY_STATEN),
    ("van elk aangenomen bericht zijn de bytes bewaard", VERIFY_INHOUD),
    *BETALINGEN,
    *AFREKENINGEN,
)
"""Each sentence with a query that yields the rows that contradict it."""
BRONNEN = "elke afgesloten boekmaand bevat nog precies de boekingen van toen"
KETEN = "de afgesloten boekmaanden vormen een ketting zonder breuk"


Tegenspraken = list[dict[str, object]]


async def contradictions(connection: Connection) -> list[tuple[str, Tegenspraken]]:
    """Every verification with the rows that contradict it, at most 100 each; in one snapshot when the transaction is REPEATABLE READ."""
    return [(sentence, rows) async for sentence, rows, _ in timed_contradictions(connection)]


async def timed_contradictions(connection: Connection) -> AsyncIterator[tuple[str, Tegenspraken, float]]:
    """The same, one by one, with the seconds that each took."""
    # A proof reads everything once and is worth more memory than a query of a page; it goes back when the transaction ends.
    await connection.execute("set local work_mem = '64MB'")
    for sentence, query in VERIFICATIONS:
        begin = time.perf_counter()
        rows = await connection.fetch(query, timeout=VERIFY_TIMEOUT_S)
        yield sentence, [dict(row) for row in rows], time.perf_counter() - begin
    for sentence, find in ((BRONNEN, gewijzigde_bronnen), (KETEN, keten_breuken)):
        begin = time.perf_counter()
        found = await find(connection)
        yield sentence, found, time.perf_counter() - begin
