"""How much work of each kind there is: one query for all kinds that are asked for, and each stops counting just after `TELLEN_TOT`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Date, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.partij import Actor
from app.domain.periode import maand_van
from app.domain.termijnen import REGIO
from app.reports.gezondheid import DOORGEVEN_MAX, NAGEREKEND_MAX, WACHT_MAX
from app.reports.store_gezondheid import BANEN
from app.reports.vandaag import AFLOOP_DAGEN, BUDGET_PROMILLE, NIEUW_DAGEN, PLAFOND_PROMILLE, START_DAGEN, TELLEN_TOT, Werk

_MIJN = "(cast(:gemeenten as text[]) is null or {}.gemeente = any(:gemeenten))"
_VAN_MIJ = _MIJN.format("b")
_SALDI = """
(select rekening_nr, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo
  union all select rekening_nr, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo_delta)
"""
_GELDT = f"""
select from toewijzing_versie t
 where t.ingetrokken_door is null and {_MIJN.format("t")} and {{voorwaarde}}
   and not exists (select from toewijzing_versie n
                    where n.domein = t.domein and n.gemeente = t.gemeente and n.toewijzing_nummer = t.toewijzing_nummer and n.ingetrokken_door is null
                      and (n.toewijzingsdatum, n.toewijzingstijd, n.bericht_nr, n.volgnr)
                          > (t.toewijzingsdatum, t.toewijzingstijd, t.bericht_nr, t.volgnr))
   and not (coalesce(t.reden_wijziging, '') in ('01', '13') and t.einddatum = t.ingangsdatum)
"""  # noqa: S608 - parts of this file, no values
"""Toewijzingen by the version that counts (IV013), without those that were taken back."""
_LEVERINGEN = """
select from levering l where l.domein = t.domein and l.agb = t.agb and l.client_id = t.client_id and l.gemeente = t.gemeente
                         and l.toewijzing_nummer = t.toewijzing_nummer and l.vervallen_door is null
"""

_ROOD = f"""
select from (
    select where exists (select from ({BANEN}) b where b.laatst_op is null or b.laatst_op < :te_lang)
    union all select where exists (select from outbox where gepubliceerd_op is null and beschikbaar_op < :doorgeven)
    union all select where exists (select from bericht where status = 'geparkeerd')
    union all select where exists (select from bericht where termijn < :vandaag and termijn_voldaan_op is null and termijn_wie = :wij)
    union all select where exists (select from boeking) and not exists (
        select from (select begonnen_op, klopt from verificatie order by verificatie_nr desc limit 1) v
         where v.klopt and v.begonnen_op >= :nagerekend)) s
"""  # noqa: S608 - constants
"""A row for every signal of the page of health that is red (`gezondheid.Sein`)."""

_QUERIES: dict[Werk, str] = {
    Werk.TE_LAAT: f"select from bericht b where b.termijn < :vandaag and b.termijn_voldaan_op is null and {_VAN_MIJ}",
    Werk.NADERT: f"""
        select from bericht b
         where b.termijn between :vandaag and :binnenkort and b.termijn_voldaan_op is null and b.termijn_wie = :wij and {_VAN_MIJ}""",
    Werk.GEZONDHEID: _ROOD,
    Werk.GEPARKEERD: f"select from bericht b where b.status = 'geparkeerd' and {_VAN_MIJ}",
    # What only waits behind one that is held asks nothing of anybody.
    Werk.VASTGEHOUDEN: f"select from vasthouding b where b.vrij_op is null and not b.volgt and {_VAN_MIJ}",
    Werk.GEWEIGERD: f"select from bericht b where b.status = 'geweigerd' and b.ontvangst_datum > :week and {_VAN_MIJ}",
    Werk.NIEUWE_OORZAKEN: f"""
        select from (select distinct b.regel, b.retourcode from bericht_oorzaak b where b.ontvangst_datum > :week and {_VAN_MIJ}) o
         where not exists (select from bericht_oorzaak e
                            where e.regel = o.regel and e.retourcode = o.retourcode and e.ontvangst_datum <= :week)""",  # noqa: S608
    Werk.VERZOEKEN: f"select from verzoek v where v.besluit_nr is null and {_MIJN.format('v')}",
    Werk.TERUG: f"select from bericht b where b.status = 'afgekeurd_door_ontvanger' and {_VAN_MIJ}",
    Werk.LOOPT_AF: _GELDT.format(voorwaarde=f"t.einddatum between :vandaag and :afloop and exists ({_LEVERINGEN})"),
    Werk.NIET_GESTART: _GELDT.format(
        voorwaarde=f"t.ingangsdatum between :start_van and :start_tot and coalesce(t.einddatum, 'infinity') >= :vandaag"
        f" and not exists ({_LEVERINGEN})"
    ),
    Werk.CONCEPTEN: f"select from concept c where c.bericht_nr is null and {_MIJN.format('c')}",
    Werk.ZONDER_CONTRACT: f"select from bericht b where b.status = 'wacht_op_contract' and {_VAN_MIJ}",
    Werk.PRODUCTEN: f"""
        select from (select distinct p.domein, p.categorie, p.code
                       from bericht_oorzaak o join bericht b using (bericht_nr) join prestatie p using (bericht_nr)
                      where o.retourcode = '0611' and b.ontvangst_datum > :dertig and '0611' = any(p.retour_codes) and {_VAN_MIJ}) p""",  # noqa: S608
    Werk.CONTRACT_EINDIGT: """
        select from contract c
         where c.vervallen_op is null and (cast(:gemeenten as text[]) is null or c.alle_gemeenten
                or exists (select from contract_gemeente g where g.contract_id = c.contract_id and g.gemeente = any(:gemeenten)))
           and greatest(c.geldig_tot, (select max(tot) from contractoptie o
                                        where o.contract = c.contract and o.uitgeoefend_op is not null and o.vervallen_op is null))
               between :vandaag and :kwartaal""",
    Werk.PLAFOND: f"""
        select from (select c.agb, sum(p.bedrag_cent) as cent from plafond p join contract c using (contract)
                      where p.jaar = :jaar and p.vervallen_op is null and c.vervallen_op is null group by 1) p
          join (select r.agb, -sum(s.bedrag_cent) as cent from rekening r join {_SALDI} s using (rekening_nr)
                 where r.soort = 'crediteur' and s.zorgvorm <> '' and s.zorgmaand between :jaarbegin and :jaareind group by 1) k using (agb)
         where k.cent * 1000 >= p.cent * :plafond_promille""",  # noqa: S608
    Werk.HERBEOORDELINGEN: "select from herbeoordeling h where h.afgerond_op is null",
    Werk.BETAALRUNS: f"select from betaalrun b where b.status = 'concept' and {_VAN_MIJ}",
    Werk.HANDELINGEN: """
        select from handeling_voorstel v join handeling h on h.bericht_nr = v.handeling_nr where v.status = 'wacht' and h.gemaakt_door <> :naam""",
    Werk.AFREKENINGEN: f"""
        select from afrekening a
         where a.status in ('concept', 'aangeboden', 'akkoord')
           and exists (select from afrekening_bedrag b where b.afrekening_nr = a.afrekening_nr and b.versie = a.versie and {_VAN_MIJ})""",  # noqa: S608
    Werk.BANKREGELS: f"""
        select from bankregel l join bankafschrift b using (afschrift_nr) where l.status = 'ongekoppeld' and {_VAN_MIJ}""",
    # From month to month by the index: a balance for every account is a long way to a few months.
    Werk.MAANDEN: """
        select from (
            with recursive m as (
                 select min(boekmaand) as boekmaand from saldo
                  union all
                 select (select min(s.boekmaand) from saldo s where s.boekmaand > m.boekmaand) from m where m.boekmaand is not null)
            select boekmaand from m union select boekmaand from saldo_delta) s
         where s.boekmaand < :maand and s.boekmaand > coalesce((select max(boekmaand) from maand_afsluiting), '-infinity')""",
    Werk.BUDGET: f"""
        select from (select u.gemeente, sum(u.bedrag_cent) as cent from budget u
                      where u.jaar = :jaar and u.vervallen_op is null and {_MIJN.format("u")} group by 1) u
          join (select r.gemeente, sum(s.bedrag_cent) as cent from rekening r join {_SALDI} s using (rekening_nr)
                 where r.soort = 'kosten' and s.zorgmaand between :jaarbegin and :jaareind group by 1) k using (gemeente)
         where k.cent * 1000 >= u.cent * :budget_promille""",  # noqa: S608
    Werk.VEREVENINGEN: "select from verevening_run r where r.status = 'concept'",
    Werk.BOEKEN: "select from (select klopt from verificatie order by verificatie_nr desc limit 1) v where not v.klopt",
    Werk.ACCOUNTS: "select from account a where a.geblokkeerd_op is not null",
    Werk.OPHALEN: "select from postvak p where p.partij = any(:partijen) and p.ontvangen_op is null",
    Werk.AFGEKEURD: """
        select from bericht b
         where b.van = any(:partijen) and b.agb = any(:agbs) and b.ontvangst_datum > :week and b.status in ('afgekeurd', 'deels_afgekeurd')""",
}
"""What there is to do, one row for each; parts of this file and parameters, no values."""
_SOORTEN: dict[str, Any] = {"gemeenten": ARRAY(Text), "partijen": ARRAY(Text), "agbs": ARRAY(Text)}


async def count_werk(
    connection: AsyncConnection, actor: Actor, kinds: Iterable[Werk], *, nu: datetime, vandaag: date, binnenkort_tot: date
) -> dict[Werk, int]:
    """How much there is of each of these kinds, at most one more than `TELLEN_TOT`: that is what "more" looks like."""
    wanted = list(kinds)
    if not wanted:
        return {}
    parts = [f"select '{werk.value}' as werk, count(*)::int as aantal from ({_QUERIES[werk]} limit {TELLEN_TOT + 1}) q" for werk in wanted]  # noqa: S608
    query = " union all ".join(parts)
    partijen = sorted(partij for partij in actor.partijen if partij.startswith("aanbieder:"))
    values = {
        "gemeenten": None if actor.gemeenten is None else sorted(actor.gemeenten),
        "partijen": partijen,
        "agbs": [partij.partition(":")[2] for partij in partijen],
        "naam": actor.naam,
        "wij": REGIO,
        "te_lang": nu - WACHT_MAX,
        "doorgeven": nu - DOORGEVEN_MAX,
        "nagerekend": nu - NAGEREKEND_MAX,
        "vandaag": vandaag,
        "binnenkort": binnenkort_tot,
        "dertig": vandaag - timedelta(days=30),
        "week": vandaag - timedelta(days=NIEUW_DAGEN),
        "afloop": vandaag + timedelta(days=AFLOOP_DAGEN),
        "start_van": vandaag - timedelta(days=START_DAGEN[1]),
        "start_tot": vandaag - timedelta(days=START_DAGEN[0]),
        "kwartaal": vandaag + timedelta(days=91),
        "maand": maand_van(vandaag),
        "jaar": vandaag.year,
        "jaarbegin": date(vandaag.year, 1, 1),
        "jaareind": date(vandaag.year, 12, 31),
        "plafond_promille": PLAFOND_PROMILLE,
        "budget_promille": BUDGET_PROMILLE,
    }
    used = {name: value for name, value in values.items() if re.search(rf":{name}\b", query)}
    binds = [bindparam(name, value, type_=_type(name, value)) for name, value in used.items()]
    return {Werk(row.werk): row.aantal for row in await connection.execute(text(query).bindparams(*binds))}


async def load_gebruik(connection: AsyncConnection) -> tuple[bool, bool]:
    """Whether a region was loaded, and whether a bericht ever came in."""
    query = "select exists (select from gemeente where vervallen_op is null), exists (select from bericht)"
    heeft_regio, heeft_berichten = (await connection.execute(text(query))).one()
    return heeft_regio, heeft_berichten


def _type(name: str, value: object) -> Any:
    """The type of a parameter, where it cannot be seen from the query; an instant is a day to Python too."""
    return _SOORTEN.get(name, Date if isinstance(value, date) and not isinstance(value, datetime) else None)
