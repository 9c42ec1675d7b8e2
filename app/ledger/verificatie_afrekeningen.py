"""The proof that afrekeningen are right: sentences, each with a query that yields the rows that contradict it. Read only; for `store_verificatie`."""

from __future__ import annotations

_VASTGESTELD = """
select a.afrekening_nr, a.status, h.gemaakt_door, h.goedgekeurd_door, p.partij
  from afrekening a
  join handeling h on h.bericht_nr = a.afrekening_nr
  join afrekening_versie v on v.afrekening_nr = a.afrekening_nr and v.versie = a.versie
  cross join lateral (
       select 'aanbieder:' || a.agb as partij
        union select 'gemeente:' || b.gemeente from afrekening_bedrag b where b.afrekening_nr = a.afrekening_nr and b.versie = a.versie) p
 where (a.status = 'vastgesteld') <> (h.goedgekeurd_door is not null)
    or (a.status = 'vastgesteld' and (h.goedgekeurd_door = h.gemaakt_door or not exists (
          select from afrekening_stem s join afrekening_versie w using (afrekening_nr, versie)
           where s.afrekening_nr = a.afrekening_nr and s.partij = p.partij and s.is_akkoord and w.inhoud_sha256 = v.inhoud_sha256)))
 limit 100
"""
# A plan without a sign: `afrekening` and `garantie_aanvulling` owe the aanbieder, `voorschot_verrekend` lowers what it is owed.
_GEBOEKT = """
with plan as (
    select b.afrekening_nr, b.gemeente, b.naam as soort, sum(b.bedrag_cent)::bigint as cent
      from afrekening a join afrekening_bedrag b using (afrekening_nr, versie)
     where a.status = 'vastgesteld' and b.groep = 'boekplan' group by 1, 2, 3
), boek as (
    select b.bericht_nr as afrekening_nr, r.gemeente, b.soort,
           sum(case when (r.rekening_nr = b.credit) = (b.soort <> 'voorschot_verrekend') then b.bedrag_cent else -b.bedrag_cent end)::bigint as cent
      from afrekening a
      join boeking b on b.bericht_nr = a.afrekening_nr
      join rekening r on r.rekening_nr in (b.debet, b.credit) and r.soort = 'crediteur'
     group by 1, 2, 3
)
select afrekening_nr, gemeente, soort, coalesce(p.cent, 0) as plan, coalesce(b.cent, 0) as geboekt
  from plan p full join boek b using (afrekening_nr, gemeente, soort)
 where coalesce(p.cent, 0) <> coalesce(b.cent, 0)
 limit 100
"""
_OORZAKEN = """
select afrekening_nr, versie, gemeente,
       sum(bedrag_cent * case when groep = 'oorzaak' then -1 when naam = 'toegekend' then -1 else 1 end)::bigint as onverklaard
  from afrekening_bedrag
 where (groep = 'maat' and client_id = 0 and naam in ('toegewezen', 'toegekend', 'gecrediteerd'))
    or (groep = 'oorzaak' and naam in ('zonder_declaratie', 'minder_gedeclareerd', 'meer_dan_toegewezen', 'afgewezen'))
 group by 1, 2, 3
having sum(bedrag_cent * case when groep = 'oorzaak' then -1 when naam = 'toegekend' then -1 else 1 end) <> 0
 limit 100
"""
_TERUG = """
select a.afrekening_nr, r.gemeente, coalesce(m.cent, 0) as te_ontvangen, sum(b.bedrag_cent)::bigint as ontvangen
  from handeling h
  join afrekening a on h.sleutel = a.afrekening_nr::text
  join boeking b on b.bericht_nr = h.bericht_nr
  join rekening r on r.rekening_nr = b.credit
  left join lateral (select sum(d.bedrag_cent) as cent from afrekening_bedrag d
                      where d.afrekening_nr = a.afrekening_nr and d.versie = a.versie and d.gemeente = r.gemeente and d.client_id = 0
                        and d.groep = 'maat' and d.naam = 'te_ontvangen') m on true
 where h.soort = 'jaarafrekening_terug'
 group by a.afrekening_nr, r.gemeente, m.cent having sum(b.bedrag_cent) > coalesce(m.cent, 0)
 limit 100
"""

AFREKENINGEN: tuple[tuple[str, str], ...] = (
    ("elke vastgestelde afrekening heeft het akkoord van de aanbieder en van elke gemeente, en van een tweede controller", _VASTGESTELD),
    ("elke vastgestelde afrekening is geboekt zoals zij zegt, en geen andere", _GEBOEKT),
    ("de oorzaken van elke afrekening verklaren toegewezen min toegekend", _OORZAKEN),
    ("van een afrekening komt niet meer terug dan zij vraagt", _TERUG),
)
"""Each sentence with a query that yields the rows that contradict it."""
