"""What an afrekening is computed from: six queries over one aanbieder and one year of care, whatever the number of clients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.adapters.database import Connection
from app.settlement.afrekening_waarden import Afwijzing, Betaalpost, Geboekt, Invoer, Laat, Toewijzingsregel, Verschil
from app.settlement.store_betalingen import BETAALHANDELINGEN

ACT = "jaarafrekening"
"""The act that an afrekening is: made by one, approved by another."""
ACT_TERUG = "jaarafrekening_terug"
"""The act of an aanbieder that pays back."""

# Lines of one toewijzing, product and first day are claims of the same care: rejected and claimed again, or credited and claimed otherwise.
_LIJNEN = """
lijn as (
    select coalesce(nullif(gemeente_drager, ''), gemeente) as drager, domein, gemeente, toewijzing_nummer, coalesce(client_id, 0) as client_id,
           coalesce(sum(bedrag_cent) filter (where not is_credit), 0) as ingediend,
           coalesce(sum(bedrag_cent) filter (where not is_credit and not toegekend), 0) as afgewezen,
           coalesce(sum(bedrag_cent) filter (where not is_credit and toegekend), 0) as toegekend,
           coalesce(sum(bedrag_cent) filter (where is_credit and toegekend), 0) as gecrediteerd,
           sum(bedrag_cent) filter (where not is_credit and toegekend and gecrediteerd_door is null) as staat,
           count(*) filter (where not is_credit and toegekend and gecrediteerd_door is null) as staat_aantal,
           (array_agg(bedrag_cent order by bericht_nr desc, regel desc)
              filter (where not is_credit and toegekend and gecrediteerd_door is not null))[1] as gecorrigeerd,
           (array_agg(bedrag_cent order by bericht_nr desc, regel desc) filter (where not is_credit and not toegekend))[1] as laatst_afgewezen,
           (array_agg(coalesce(retour_codes[1], '') order by bericht_nr desc, regel desc)
              filter (where not is_credit and not toegekend))[1] as retourcode
      from prestatie
     where agb = $1 and begindatum >= $2 and begindatum <= $3
     group by 1, 2, 3, 4, 5, categorie, code, begindatum
)
"""
_TOEWIJZINGEN = f"""
with {_LIJNEN}, geleverd as (
    select drager, domein, gemeente, toewijzing_nummer, client_id, sum(ingediend) as ingediend, sum(afgewezen) as afgewezen,
           sum(laatst_afgewezen) filter (where staat is null) as niet_opnieuw, sum(toegekend) as toegekend, sum(gecrediteerd) as gecrediteerd,
           sum(staat_aantal) as staat_aantal, coalesce(sum(staat), 0) as staat,
           count(*) filter (where gecorrigeerd is not null and staat is not null and staat <> gecorrigeerd) as gecorrigeerd,
           sum(staat - gecorrigeerd) filter (where gecorrigeerd is not null and staat is not null) as tarief
      from lijn group by 1, 2, 3, 4, 5
), verwacht as (
    select v.drager, v.domein, v.gemeente, v.toewijzing_nummer, t.client_id, sum(v.verwacht_cent) as toegewezen
      from verplichting v
      join (select distinct domein, gemeente, toewijzing_nummer, bericht_nr, client_id from toewijzing_versie where agb = $1) t
        on (t.domein, t.gemeente, t.toewijzing_nummer, t.bericht_nr) = (v.domein, v.gemeente, v.toewijzing_nummer, v.versie_nr)
     where v.agb = $1 and v.zorgmaand >= $2 and v.zorgmaand <= $3
     group by 1, 2, 3, 4, 5
), gestart as (
    select distinct domein, gemeente, toewijzing_nummer from levering where agb = $1 and vervallen_door is null and toewijzing_nummer is not null
)
select drager, client_id, coalesce(toegewezen, 0)::bigint, coalesce(ingediend, 0)::bigint, coalesce(afgewezen, 0)::bigint,
       coalesce(niet_opnieuw, 0)::bigint, coalesce(toegekend, 0)::bigint, coalesce(gecrediteerd, 0)::bigint,
       case when s.toewijzing_nummer is null then coalesce(staat_aantal, 0) else 0 end::int,
       case when s.toewijzing_nummer is null then coalesce(staat, 0) else 0 end::bigint,
       coalesce(gecorrigeerd, 0)::int, coalesce(tarief, 0)::bigint
  from verwacht full join geleverd using (drager, domein, gemeente, toewijzing_nummer, client_id)
  left join gestart s using (domein, gemeente, toewijzing_nummer)
 order by drager, client_id, domein, gemeente, toewijzing_nummer
"""  # noqa: S608 - constants
_AFWIJZINGEN = f"""
with {_LIJNEN}
select drager, client_id, retourcode, count(*)::int, sum(laatst_afgewezen)::bigint
  from lijn where staat is null and laatst_afgewezen is not null group by 1, 2, 3 order by 1, 2, 3
"""  # noqa: S608 - constants
_LAAT = """
with crediteur as (select rekening_nr, gemeente from rekening where soort = 'crediteur' and agb = $1)
select gemeente, coalesce(client_id, 0), sum(cent)::bigint, coalesce(sum(cent) filter (where boekdatum > $3), 0)::bigint
  from (select c.gemeente, b.client_id, b.boekdatum, b.bedrag_cent as cent from boeking b join crediteur c on c.rekening_nr = b.credit
         where b.soort in ('prestatie', 'prestatie_credit') and b.zorgmaand between $2 and $3
        union all
        select c.gemeente, b.client_id, b.boekdatum, -b.bedrag_cent from boeking b join crediteur c on c.rekening_nr = b.debet
         where b.soort in ('prestatie', 'prestatie_credit') and b.zorgmaand between $2 and $3) k
 group by 1, 2 order by 1, 2
"""
_GEBOEKT = """
with eigen as (select rekening_nr, soort, gemeente from rekening where soort in ('crediteur', 'voorschot') and agb = $1)
select k.rekening, k.gemeente, k.bericht_nr, k.jaar, k.soort, k.domein, k.zorgvorm, coalesce(h.soort = any($2::text[]), false),
       coalesce(h.soort = any($3::text[]), false), sum(k.cent)::bigint
  from (select e.soort as rekening, e.gemeente, b.bericht_nr, extract(year from b.zorgmaand)::int as jaar, b.soort, b.domein, b.zorgvorm,
               b.bedrag_cent as cent
          from boeking b join eigen e on e.rekening_nr = b.debet
        union all
        select e.soort, e.gemeente, b.bericht_nr, extract(year from b.zorgmaand)::int, b.soort, b.domein, b.zorgvorm, -b.bedrag_cent
          from boeking b join eigen e on e.rekening_nr = b.credit) k
  left join handeling h on h.bericht_nr = k.bericht_nr
 group by 1, 2, 3, 4, 5, 6, 7, 8, 9 order by 1, 2, 3, 4, 5, 6, 7
"""
_POSTEN = """
select n.gemeente, r.run_nr, r.regel, r.verrekend_cent, p.bericht_nr, p.bedrag_cent
  from betaalregel r join betaalrun n using (run_nr) join betaalpost p using (run_nr, regel)
 where r.agb = $1 and r.status in ('onderweg', 'verrekend', 'betaald')
 order by 1, 2, 3, 5
"""
_SALDI = """
select r.soort, r.gemeente, sum(s.bedrag_cent)::bigint as cent
  from rekening r join (select rekening_nr, bedrag_cent from saldo union all select rekening_nr, bedrag_cent from saldo_delta) s using (rekening_nr)
 where r.agb = $1 and r.soort in ('crediteur', 'voorschot') group by 1, 2
"""


async def lees_invoer(connection: Connection, agb: str, jaar: int, verschillen: Sequence[Verschil] = ()) -> Invoer:
    """Everything of one moment: in a transaction that sees one state, or under the locks of the gemeenten."""
    span = date(jaar, 1, 1), date(jaar, 12, 31)
    return Invoer(
        jaar=jaar,
        toewijzingen=[Toewijzingsregel(*row) for row in await connection.fetch(_TOEWIJZINGEN, agb, *span)],
        afwijzingen=[Afwijzing(*row) for row in await connection.fetch(_AFWIJZINGEN, agb, *span)],
        laat=[Laat(*row) for row in await connection.fetch(_LAAT, agb, *span)],
        geboekt=[Geboekt(*row) for row in await connection.fetch(_GEBOEKT, agb, list(BETAALHANDELINGEN), [ACT, ACT_TERUG])],
        posten=[Betaalpost(*row) for row in await connection.fetch(_POSTEN, agb)],
        saldi={(row["soort"], row["gemeente"]): row["cent"] for row in await connection.fetch(_SALDI, agb)},
        verschillen=verschillen,
    )


_GEMEENTEN = """
select gemeente from rekening where soort in ('crediteur', 'voorschot') and agb = $1
union select drager from verplichting where agb = $1
order by 1
"""


async def gemeenten_van(connection: Connection, agb: str) -> list[str]:
    """Every gemeente that had to do with the aanbieder, in the order in which they are locked."""
    return [row["gemeente"] for row in await connection.fetch(_GEMEENTEN, agb)]
