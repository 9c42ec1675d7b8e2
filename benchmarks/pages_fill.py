"""A year of a large region for `benchmarks.pages`, made by the database itself: thirty gemeenten, three hundred aanbieders, a million berichten.

Half of the berichten came in: 301, 305, 307,
           315 and 323 from `PAREN` pairs of a bericht and its answer. Twenty pairs after each other are of one
gemeente and one aanbieder, and the lines of a declaratie are on the toewijzingen of their own twenty. Half of everything is of thirty large
aanbieders. One in fifty was refused, parked or rejected, with causes; the last days are still open, and some terms passed.
"""

from __future__ import annotations

PAREN = 500_000
"""Pairs in a million berichten; they make about 1.1 million transfers."""

REGIO = (
    "insert into regio_lading (geladen_op, geladen_door, verschil) values (date '2025-01-01', 'bench', '{}')",
    """
    insert into gemeente (code, naam, geldig_van)
    select (1000 + n)::text, 'Gemeente ' || n, date '2020-01-01' from generate_series(0, 29) n
    """,
    "insert into aanbieder (agb, naam) select (42420000 + n)::text, 'Aanbieder ' || n from generate_series(0, 299) n",
    """
    insert into zorgvorm (zorgvorm, naam, domein)
    select 'vorm' || n, 'Zorgvorm ' || n, case when n < 5 then 'ijw' else 'iwmo' end from generate_series(0, 9) n
    """,
    """
    insert into product (domein, categorie, code, omschrijving, eenheid, zorgvorm, geldig_van)
    select case when n < 5 then 'ijw' else 'iwmo' end, (case when n < 5 then 45 else 1 + n end)::text, '45A0' || n, 'Product ' || n,
           '04', 'vorm' || n,
           date '2020-01-01' from generate_series(0, 9) n
    """,
    """
    insert into contract (contract, agb, domein, alle_gemeenten, geldig_van, geldig_tot, plafond_cent)
    select 'C' || n, (42420000 + n)::text, case when n % 5 = 0 then 'iwmo' else 'ijw' end, true, date '2025-01-01', date '2026-12-31', null
      from generate_series(0, 299) n
    """,
    """
    insert into tarief (contract, categorie, code, eenheid, tarief_cent, geldig_van)
    select c.contract, p.categorie, p.code, p.eenheid, 6000,
           date '2025-01-01' from contract c join product p using (domein) order by c.contract_id
    """,
    """
    insert into contractoptie (contract, tot) select contract, date '2028-12-31' from contract where contract_id % 3 = 0
    """,
    """
    insert into plafond (contract, zorgvorm, jaar, bedrag_cent)
    select contract, '', jaar, 600000000 + 4000000 * contract_id from contract, unnest(array[2025, 2026]) jaar
    """,
    """
    insert into budget (gemeente, jaar, zorgvorm, bedrag_cent)
    select code, jaar, zorgvorm, 8000000000 from gemeente, zorgvorm, unnest(array[2025, 2026]) jaar
    """,
)

BERICHTEN = (
    """
    create temporary table stuk as
    select k, k / 20 as blok, (k % 20)::int as rest, 1000000 + 2 * k as bericht_nr, 1000001 + 2 * k as antwoord_nr,
           (1000 + (k / 20 + k / 6000) % 30)::text as gemeente,
           (42420000 + case when k / 20 % 2 = 0 then k / 20 % 30 else k / 20 % 300 end)::text as agb,
           date '2025-07-04' + (k * 364 / $1)::int as dag, (k * 7919 % 1000)::int as lot
      from generate_series(0::bigint, $1 - 1) k
    """,
    """
    alter table stuk add column domein text, add column soort text, add column antwoord text, add column status text, add column vorm int
    """,
    """
    update stuk
       set domein = case when agb::int % 5 = 0 then 'iwmo' else 'ijw' end,
           vorm = case when agb::int % 5 = 0 then 5 else 0 end + (k % 5)::int,
           soort = case when rest < 4 then '301' when rest < 9 then '305' when rest < 11 then '307'
           when rest = 11 then '315' else '323' end,
           antwoord = case when rest < 4 then '302' when rest < 9 then '306' when rest < 11 then '308'
           when rest = 11 then '316' else '325' end,
           status = case when k >= $1 - 40 and rest >= 4 then 'ontvangen' when lot < 12 then 'afgekeurd'
           when lot < 16 and rest > 11 then 'deels_afgekeurd'
                         when lot < 18 and rest >= 4 then 'geparkeerd' when lot < 20 then 'geweigerd'
                         when rest > 11 and lot = 20 and dag > date '2026-06-20' then 'wacht_op_contract'
                         when rest >= 4 then 'verwerkt' when lot = 21 then 'afgekeurd_door_ontvanger'
                         when dag > date '2026-07-01' or lot = 22 then 'bezorgd' else 'beantwoord' end
    """,
    "create index on stuk (bericht_nr)",
    "create index on stuk (blok, rest)",
    "analyze stuk",
    """
    create temporary table regel as
    select s.bericht_nr, n as regel, s.k, s.dag, s.agb, s.gemeente, s.domein, t.vorm, t.bericht_nr as versie_nr, t.k as nummer,
           s.status <> 'afgekeurd' and (s.status <> 'deels_afgekeurd' or n > 1) as toegekend, 40000 + (s.k * 31 % 16000)::int as cent
      from stuk s cross join generate_series(1, 3) n join stuk t on t.blok = s.blok and t.rest = (s.k + n) % 4
     where s.soort = '323' and s.status in ('verwerkt', 'deels_afgekeurd', 'afgekeurd') and (n < 3 or s.k % 2 = 0)
    """,
    """
    create temporary table som as
    select bericht_nr, count(*)::int as regels, sum(cent) as ingediend, coalesce(sum(cent) filter (where toegekend),
           0) as toegekend from regel group by 1
    """,
    "create index on som (bericht_nr)",
    "analyze som",
    """
    insert into bericht (bericht_nr, richting, domein, soort, van, aan, gemeente, agb, identificatie, dagtekening, sha256, poging,
           grootte, status, telt,
                         ontvangen_op, ontvangst_datum, beoordeeld_op, oordeel_nr, antwoord_nr, antwoord_op_nr, termijn, termijn_wie,
                         termijn_voldaan_op,
                         ingediend_cent, toegekend_cent, aantal_regels, park_reden, ingediend_door)
    select s.bericht_nr, 'in', domein, soort, case when soort = '301' then 'gemeente:' || gemeente else 'aanbieder:' || agb end,
           case when soort = '301' then 'aanbieder:' || agb else 'gemeente:' || gemeente end, gemeente, agb, 'H' || k, dag,
           coalesce(j.sha256, sha256(int8send(s.bericht_nr))),
           s.bericht_nr, 2000, status, status not in ('afgekeurd', 'geweigerd'), dag + make_interval(mins => 480 + (k % 600)::int), dag,
           case when status not in ('ontvangen', 'wacht_op_contract', 'geparkeerd', 'geweigerd') then dag + interval '11 hours' end,
           case when status not in ('ontvangen', 'wacht_op_contract', 'geparkeerd', 'geweigerd') then k + 1 end,
           case when status not in ('ontvangen', 'wacht_op_contract', 'geparkeerd', 'geweigerd', 'bezorgd') then s.antwoord_nr end, null,
           case when status not in ('geweigerd', 'afgekeurd') then dag + 7 end,
           case when soort = '301' then 'aanbieder:' || agb else 'regio' end,
           case when status not in ('ontvangen', 'wacht_op_contract', 'geparkeerd', 'bezorgd') then dag + 1 end,
           som.ingediend, som.toegekend, som.regels, case when status = 'geparkeerd' then 'RegelFout' end, 'bench'
      from stuk s left join som on som.bericht_nr = s.bericht_nr left join sjabloon j using (domein, soort)
    union all
    select antwoord_nr, case when soort = '301' then 'in' else 'uit' end, domein, antwoord,
           case when soort = '301' then 'aanbieder:' || agb else 'gemeente:' || gemeente end,
           case when soort = '301' then 'gemeente:' || gemeente else 'aanbieder:' || agb end, gemeente, agb, 'A' || k, dag,
           sha256(int8send(antwoord_nr)),
           0, 1000, case when soort = '301' then 'verwerkt' else 'bezorgd' end, true, dag + interval '12 hours', dag,
           case when soort = '301' then dag + interval '12 hours' end, null, null, bericht_nr, null, null, null, null, null, null, null,
           'systeem'
      from stuk where status not in ('ontvangen', 'wacht_op_contract', 'geparkeerd', 'geweigerd', 'bezorgd')
    """,
    """
    insert into bericht_inhoud (bericht_nr, sleutel_versie, inhoud)
    select bericht_nr, versie, inhoud from bericht join sjabloon using (domein, soort)
    """,
    """
    insert into postvak (partij, bericht_nr, klaar_op, ontvangen_op)
    select aan, bericht_nr, ontvangen_op,
           case when ontvangst_datum < date '2026-07-01' then ontvangen_op end from bericht where richting = 'uit'
    """,
    """
    insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)
    select 'verwerken', bericht_nr, domein, agb, domein || '.' || soort || '.x', false, ontvangen_op from bericht where status = 'ontvangen'
    """,
    """
    insert into bericht_oorzaak (bericht_nr, regel, retourcode, aantal, bedrag_cent)
    select bericht_nr, (array['TR321', 'TR338', 'TR304', 'TR341', 'TR318'])[1 + (k % 5)::int], (array['9321', '9338', '9304', '9341',
           '9318'])[1 + (k % 5)::int],
           1, coalesce(som.ingediend, 0) / 2
      from stuk left join som using (bericht_nr) where status in ('afgekeurd', 'deels_afgekeurd')
    union all select bericht_nr, 'XSD', '', 1, 0 from stuk where status = 'geweigerd'
    """,
    """
    insert into bevinding (bericht_nr, volgnr, regel, retourcode, pad, regelnummer, melding)
    select bericht_nr, 1, regel, nullif(retourcode, ''), '/Bericht', 10, 'Een zin die zegt wat er anders moet.' from bericht_oorzaak
    """,
)

REGISTER = (
    """
    insert into toewijzing_versie (domein, gemeente, toewijzing_nummer, bericht_nr, volgnr, agb, client_id, categorie, code,
           toewijzingsdatum,
                                   toewijzingstijd, ingangsdatum, einddatum, volume, eenheid, frequentie, ingetrokken_door)
    select domein, gemeente, k, bericht_nr, 1, agb, k / 20 % 9000 + 1, categorie, code, dag, '09:00:00', dag,
           dag + 90 + (k % 8)::int * 40, 120, '04', '2',
           case when status = 'afgekeurd_door_ontvanger' then antwoord_nr end
      from stuk join product p using (domein) where soort = '301' and status in ('bezorgd', 'beantwoord', 'afgekeurd_door_ontvanger')
       and p.zorgvorm = 'vorm' || vorm
    """,
    """
    insert into levering (bericht_nr, volgnr, domein, gemeente, agb, client_id, toewijzing_nummer, categorie, code, begindatum,
           reden_beeindiging, einddatum)
    select s.bericht_nr, 1, s.domein, s.gemeente, s.agb, t.client_id, t.toewijzing_nummer, t.categorie, t.code, t.ingangsdatum,
           case when s.soort = '307' then '19' end, case when s.soort = '307' then t.ingangsdatum + 60 end
      from stuk s join stuk u on u.blok = s.blok and u.rest = (s.rest - 4) % 4 join toewijzing_versie t on t.bericht_nr = u.bericht_nr
     where s.soort in ('305', '307') and s.status = 'verwerkt'
    """,
    """
    insert into verzoek (bericht_nr, volgnr, domein, agb, gemeente, client_id, soort, referentie_aanbieder, ontvangst_datum, status,
           antwoordtermijn,
                         onderzoekstermijn, besluit_nr, besluit_datum)
    select bericht_nr, 1, domein, agb, gemeente, k / 20 % 9000 + 1, '315', 'R' || k, dag,
           case when dag > date '2026-06-25' then 'open' else 'toegewezen' end,
           dag + 7, dag + 56, case when dag <= date '2026-06-25' then bericht_nr + 1 end,
           case when dag <= date '2026-06-25' then dag + 5 end
      from stuk where soort = '315' and status = 'verwerkt'
    """,
    """
    insert into prestatie (bericht_nr, regel, domein, gemeente, agb, client_id, referentie_nummer, is_credit, toewijzing_nummer,
           categorie, code,
                           begindatum, einddatum, volume, eenheid, tarief_cent, bedrag_cent, toegekend, retour_codes, zorgvorm,
                           gemeente_drager, tarief_id)
    select r.bericht_nr, r.regel, r.domein, r.gemeente, r.agb, r.k / 20 % 9000 + 1, 'P' || r.k || '.' || r.regel, false, r.nummer,
           p.categorie, p.code,
           greatest(date '2025-07-01', r.dag - 33), greatest(date '2025-07-01', r.dag - 4), 8, '04', 6000, r.cent, r.toegekend,
           case when r.toegekend then '{}'::text[] else '{9321}' end, p.zorgvorm, r.gemeente, t.tarief_id
      from regel r join product p on p.zorgvorm = 'vorm' || r.vorm
      join contract c on c.agb = r.agb join tarief t on t.contract = c.contract and t.code = p.code
    """,
    """
    insert into declaratie (bericht_nr, domein, agb, gemeente, declaratie_nummer, begindatum, einddatum)
    select bericht_nr, domein, agb, gemeente, 'D' || k, date_trunc('month', dag - 33), dag from stuk
     where soort = '323' and status in ('verwerkt', 'deels_afgekeurd')
    """,
    """
    insert into verplichting (domein, gemeente, toewijzing_nummer, zorgmaand, agb, versie_nr, drager, zorgvorm, wijze, verwacht_cent)
    select t.domein, t.gemeente, t.toewijzing_nummer, date_trunc('month', t.ingangsdatum) + make_interval(months => n), t.agb,
           t.bericht_nr, t.gemeente,
           p.zorgvorm, 'maand', 90000
      from toewijzing_versie t join product p using (domein, code) cross join generate_series(0, 5) n where t.ingetrokken_door is null
    """,
)

GROOTBOEK = (
    "insert into rekening (soort, gemeente, agb) select s, code, '' from gemeente, unnest(array['kosten', 'verplichting', 'verplichting_tegen']) s",
    "insert into rekening (soort, gemeente, agb) select distinct 'crediteur', gemeente, agb from stuk",
    """
    insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, dienst_van,
           dienst_tot, boekdatum,
                         client_id, prestatie_nr, tarief_id, regelset)
    select p.bericht_nr, p.regel, 'prestatie', 0, d.rekening_nr, c.rekening_nr, p.bedrag_cent, p.domein, p.zorgvorm,
           date_trunc('month', p.begindatum), p.begindatum, p.einddatum, s.dag, p.client_id, p.bericht_nr << 20 | p.regel, p.tarief_id,
           '3.2/1'
      from prestatie p join stuk s using (bericht_nr)
      join rekening d on d.soort = 'kosten' and d.gemeente = p.gemeente
      join rekening c on c.soort = 'crediteur' and c.gemeente = p.gemeente and c.agb = p.agb
     where p.toegekend order by p.bericht_nr, p.regel
    """,
    """
    insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, boekdatum, client_id,
           regelset)
    select v.versie_nr, row_number() over (partition by v.versie_nr order by v.zorgmaand), 'verplichting', 0, d.rekening_nr, c.rekening_nr,
           v.verwacht_cent, v.domein, v.zorgvorm, v.zorgmaand, s.dag, s.k / 20 % 9000 + 1, '3.2/1'
      from verplichting v join stuk s on s.bericht_nr = v.versie_nr
      join rekening d on d.soort = 'verplichting' and d.gemeente = v.drager
      join rekening c on c.soort = 'verplichting_tegen' and c.gemeente = v.drager
     order by v.versie_nr
    """,
    """
    insert into saldo (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent)
    select nr, domein, zorgvorm, zorgmaand, date_trunc('month', boekdatum), sum(cent)
      from boeking cross join lateral (values (debet, bedrag_cent), (credit, -bedrag_cent)) z (nr, cent) group by 1, 2, 3, 4, 5
    """,
    """
    insert into saldo_client (client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent)
    select client_id, r.gemeente, zorgvorm, extract(year from zorgmaand), sum(bedrag_cent)
      from boeking join rekening r on r.rekening_nr = debet where r.soort = 'kosten' group by 1, 2, 3, 4
    """,
    """
    insert into verplichting_saldo (domein, agb, gemeente, zorgvorm, zorgmaand, bedrag_cent)
    select domein, agb, drager, zorgvorm, zorgmaand, sum(verwacht_cent) from verplichting group by 1, 2, 3, 4, 5
    """,
    "select setval('bericht_nr_seq', 100000000), setval('oordeel_nr_seq', 100000000)",
)
"""Each statement takes the number of pairs as `$1` where it names it, and reads the table `sjabloon` with bytes per soort."""

FILL = (*REGIO, *BERICHTEN, *REGISTER, *GROOTBOEK)
