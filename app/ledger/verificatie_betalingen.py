"""The proof that payments are right: sentences, each with a query that yields the rows that contradict it. Read only; for `store_verificatie`."""

from __future__ import annotations

_STANDEN = """
    select r.soort, r.gemeente, r.agb, sum(s.bedrag_cent)::bigint as cent
      from rekening r
      join (select rekening_nr, bedrag_cent from saldo union all select rekening_nr, bedrag_cent from saldo_delta) s using (rekening_nr)
     group by 1, 2, 3
"""
_POSTEN = """
select r.run_nr, r.regel, r.open_cent, coalesce(sum(p.bedrag_cent), 0)::bigint as posten
  from betaalregel r left join betaalpost p using (run_nr, regel)
 where r.status <> 'geblokkeerd' group by r.run_nr, r.regel, r.open_cent having r.open_cent <> coalesce(sum(p.bedrag_cent), 0)
 limit 100
"""
# S608: the text between is a constant of this file.
_ONDERWEG = f"""
with stand as ({_STANDEN}), opdracht as (
    select n.gemeente, r.agb, sum(r.bedrag_cent - r.betaald_cent)::bigint as cent
      from betaalregel r join betaalrun n using (run_nr) where r.status = 'onderweg' group by 1, 2)
select gemeente, agb, coalesce(-s.cent, 0) as geboekt, coalesce(o.cent, 0) as opdrachten
  from (select * from stand where soort = 'onderweg') s full join opdracht o using (gemeente, agb)
 where coalesce(-s.cent, 0) <> coalesce(o.cent, 0)
 limit 100
"""  # noqa: S608
_BEVESTIGD = """
select r.run_nr, r.regel, r.betaald_cent, coalesce(b.cent, 0) as bevestigd, coalesce(b.geboekt, 0) as geboekt
  from betaalregel r
  left join (select b.run_nr, b.regel, sum(b.bedrag_cent) filter (where b.teruggeboekt_nr is null)::bigint as cent,
                    sum(k.bedrag_cent) filter (where b.teruggeboekt_nr is null)::bigint as geboekt
               from betaling b left join boeking k on k.bericht_nr = b.handeling_nr and k.regel = b.boekregel and k.soort = 'betaling'
              group by 1, 2) b using (run_nr, regel)
 where r.betaald_cent <> coalesce(b.cent, 0) or coalesce(b.cent, 0) <> coalesce(b.geboekt, 0)
 limit 100
"""
_OPEN = f"""
with stand as ({_STANDEN}), crediteur as (
    select rekening_nr, gemeente, agb from rekening where soort = 'crediteur'
), buiten as (
    select gemeente, agb, sum(cent)::bigint as cent from (
        select c.gemeente, c.agb, b.bericht_nr, b.bedrag_cent as cent from boeking b join crediteur c on c.rekening_nr = b.credit
        union all
        select c.gemeente, c.agb, b.bericht_nr, -b.bedrag_cent from boeking b join crediteur c on c.rekening_nr = b.debet) b
     where not exists (select from handeling h where h.bericht_nr = b.bericht_nr and h.soort in (
           'betaalrun', 'betaalrun_ingetrokken', 'betaling_geweigerd', 'bankafschrift', 'bankregel_opgelost'))
     group by 1, 2
), betaald as (
    select n.gemeente, r.agb, sum(r.open_cent)::bigint as cent
      from betaalregel r join betaalrun n using (run_nr) where r.status in ('onderweg', 'verrekend', 'betaald') group by 1, 2)
select gemeente, agb, coalesce(-s.cent, 0) as crediteur, coalesce(u.cent, 0) as posten, coalesce(p.cent, 0) as betaald
  from (select * from stand where soort = 'crediteur') s full join buiten u using (gemeente, agb) full join betaald p using (gemeente, agb)
 where coalesce(-s.cent, 0) <> coalesce(u.cent, 0) - coalesce(p.cent, 0)
 limit 100
"""  # noqa: S608
_RUNSTAND = """
select n.run_nr, n.status, r.statussen
  from betaalrun n
  join (select run_nr, array_agg(distinct status order by status) as statussen from betaalregel where status <> 'geblokkeerd' group by 1) r
 using (run_nr)
  join handeling h on h.bericht_nr = n.run_nr
 where case n.status when 'concept' then statussen <> array['voorgesteld']
                     when 'ingetrokken' then statussen <> array['ingetrokken']
                     when 'afgerond' then statussen && array['voorgesteld', 'onderweg', 'ingetrokken']
                     else not 'onderweg' = any(statussen) or statussen && array['voorgesteld', 'ingetrokken'] end
    or (n.status in ('goedgekeurd', 'verzonden', 'afgerond') and h.goedgekeurd_door is null)
 limit 100
"""
_BANKREGEL = """
select b.afschrift_nr, b.volgnr, b.status, b.bedrag_cent, coalesce(p.cent, 0) as bevestigd
  from bankregel b
  left join (select afschrift_nr, volgnr, sum(bedrag_cent)::bigint as cent from betaling group by 1, 2) p using (afschrift_nr, volgnr)
 where (p.cent is not null and (p.cent <> b.bedrag_cent or b.status not in ('verwerkt', 'opgelost') or not b.is_debet))
    or (b.status = 'verwerkt' and b.is_debet and p.cent is null)
 limit 100
"""

BETALINGEN: tuple[tuple[str, str], ...] = (
    ("elke betaalregel is de som van de posten die zij betaalt", _POSTEN),
    ("wat onderweg staat is wat verzonden en goedgekeurde opdrachten nog moeten opleveren", _ONDERWEG),
    ("betaald is wat de bank bevestigde en niet terugkwam, en zo geboekt", _BEVESTIGD),
    ("wat een gemeente een aanbieder schuldig is, is wat is toegekend min wat in betalingen zit", _OPEN),
    ("elke betaalrun is waar haar regels zijn, en door een tweede goedgekeurd voordat zij boekt", _RUNSTAND),
    ("elke regel van een afschrift die een betaling bevestigt, doet dat voor haar hele bedrag", _BANKREGEL),
)
"""Each sentence with a query that yields the rows that contradict it."""
