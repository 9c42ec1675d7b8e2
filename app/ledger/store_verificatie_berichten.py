"""The proof that every bericht is in one state and has what that state needs. Read only.

A status is one column, so a bericht cannot have two; what can go wrong is that the rest of the books tells another story than its status. What a
state needs is what brought the bericht there (`judging`, `mailbox`) in the transaction that gave it the status.
"""

from __future__ import annotations

VERIFY_STATEN = """
select bericht_nr, soort, status, fout from (
    select b.bericht_nr, b.soort, b.status, case
        when b.richting = 'uit' and b.status not in ('klaar', 'bezorgd') then 'een antwoord van ons is klaar of bezorgd, anders niets'
        when b.richting = 'uit' and h.bericht_nr is null then 'een antwoord zonder bericht waarop het antwoordt'
        when b.richting = 'in' and b.status in ('klaar', 'bezorgd', 'beantwoord', 'afgekeurd_door_ontvanger')
             and b.soort not in ('301', '319') then 'alleen een toewijzing of een antwoord gaat naar een aanbieder'
        when (b.status = 'ontvangen') <> (o.bericht_nr is not null) then 'wat wacht staat in de wachtrij, en niets anders'
        when b.status = 'geparkeerd' and b.park_reden is null then 'geparkeerd zonder reden'
        when b.status <> 'geparkeerd' and b.park_reden is not null then 'niet geparkeerd, wel met een reden daarvoor'
        when b.status = 'wacht_op_contract' and b.soort <> '323' then 'alleen een declaratie wacht op een contract'
        when (b.status = 'vastgehouden') <> (w.bericht_nr is not null) then 'wat wordt vastgehouden heeft een reden en een naam, en niets anders'
        when b.status = 'vastgehouden' and b.soort <> '323' then 'alleen een declaratie wordt vastgehouden'
        when b.status in ('ontvangen', 'wacht_op_contract', 'vastgehouden', 'geparkeerd') and p.bericht_nr is not null
             then 'nog zonder uitkomst, maar er is iets op geboekt'
        when b.richting = 'in' and b.status not in ('geweigerd', 'ontvangen', 'wacht_op_contract', 'vastgehouden', 'geparkeerd')
             and (b.beoordeeld_op is null or b.oordeel_nr is null or b.telt is null) then 'een uitkomst zonder oordeel'
        when b.status in ('verwerkt', 'deels_afgekeurd', 'afgekeurd') and b.soort in ('305', '307', '315', '317', '323')
             and (a.bericht_nr is null or a.richting <> 'uit' or a.antwoord_op_nr <> b.bericht_nr) then 'beoordeeld zonder antwoord van ons'
        when b.soort = '323' and b.status = 'verwerkt' and b.ingediend_cent is distinct from b.toegekend_cent
             then 'geheel toegekend, maar toegekend is niet wat is ingediend'
        when b.soort = '323' and b.status in ('verwerkt', 'deels_afgekeurd', 'afgekeurd') and (b.ingediend_cent is null or b.toegekend_cent is null)
             then 'beoordeeld zonder bedragen'
        when b.status in ('klaar', 'bezorgd') and v.bericht_nr is null then 'op weg naar een partij, maar niet in haar postvak'
        when b.status = 'bezorgd' and v.ontvangen_op is null then 'bezorgd, maar de partij heeft het niet opgehaald'
        when b.status = 'beantwoord' and (a.bericht_nr is null or a.soort not in ('302', '320')) then 'beantwoord zonder retourbericht'
        when b.status = 'afgekeurd_door_ontvanger' and (a.bericht_nr is null or b.telt) then 'afgekeurd door de ontvanger, maar het telt nog'
      end as fout
      from bericht b
      left join outbox o on o.bericht_nr = b.bericht_nr and o.taak = 'verwerken'
      left join vasthouding w on w.bericht_nr = b.bericht_nr and w.vrij_op is null
      left join bericht a on a.bericht_nr = b.antwoord_nr
      left join bericht h on h.bericht_nr = b.antwoord_op_nr
      left join postvak v on v.bericht_nr = b.bericht_nr and v.partij = b.aan
      left join (select distinct bericht_nr from boeking) p on p.bericht_nr = b.bericht_nr) s
 where fout is not null
 order by bericht_nr
 limit 100
"""
VERIFY_INHOUD = """
select b.bericht_nr, b.soort, b.status, 'de bytes van dit bericht worden niet bewaard' as fout
  from bericht b
 where b.status <> 'geweigerd' and not exists (select from bericht_inhoud i where i.bericht_nr = b.bericht_nr)
 order by b.bericht_nr
 limit 100
"""
