"""What an aanbieder sees of its own toewijzingen: the version that counts of each, where delivery stands, and what was granted on it.

Every query carries the AGB-code as a condition. A 301 that this aanbieder rejected counts as not sent (OP286) and is not a version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.composing.store import VERSIE
from app.domain.levering import TIJDELIJK

PRESTATIES_MAX = 240
GETELD_MAX = 2000

_NIEUWSTE = """
t.ingetrokken_door is null and not exists (
       select from toewijzing_versie n
        where n.domein = t.domein and n.gemeente = t.gemeente and n.toewijzing_nummer = t.toewijzing_nummer and n.ingetrokken_door is null
          and (n.toewijzingsdatum, n.toewijzingstijd, n.bericht_nr, n.volgnr)
              > (t.toewijzingsdatum, t.toewijzingstijd, t.bericht_nr, t.volgnr))
"""
_STAND = """
case when coalesce(t.reden_wijziging, '') in ('01', '13') and t.einddatum = t.ingangsdatum then 'ingetrokken'
     when e.definitief then 'gestopt'
     when e.einddatum is not null then 'onderbroken'
     when s.begindatum is not null and t.einddatum < $1 then 'afgelopen'
     when s.begindatum is not null then 'loopt'
     when t.einddatum < $1 then 'verlopen'
     when t.ingangsdatum > $1 then 'komt'
     else 'niet_gestart' end
"""
_MERK = """
case when b.status <> 'klaar' then ''
     when not exists (select from toewijzing_versie n where n.domein = t.domein and n.gemeente = t.gemeente
                         and n.toewijzing_nummer = t.toewijzing_nummer and n.ingetrokken_door is null and n.bericht_nr < t.bericht_nr)
          then 'nieuw'
     when exists (select from toewijzing_versie n where n.domein = t.domein and n.gemeente = t.gemeente
                     and n.toewijzing_nummer = t.toewijzing_nummer and n.ingetrokken_door is null and n.bericht_nr < t.bericht_nr
                     and (n.toewijzingsdatum, n.toewijzingstijd) = (t.toewijzingsdatum, t.toewijzingstijd))
          then ''
     else 'gewijzigd' end
"""
"""A 301 that was not fetched yet is new, or changes what was there; a line that it repeats unchanged (OP087) is neither."""
_KANDIDAAT = f"""
select t.*, b.status as bericht_status, b.sha256, s.begindatum as gestart_op, e.einddatum as gestopt_op, {_STAND} as stand, {_MERK} as merk
  from toewijzing_versie t
  join bericht b using (bericht_nr)
  left join lateral (
       select max(begindatum) as begindatum from levering
        where domein = t.domein and agb = t.agb and client_id = t.client_id and gemeente = t.gemeente
          and toewijzing_nummer = t.toewijzing_nummer and vervallen_door is null and einddatum is null) s on true
  left join lateral (
       select max(einddatum) as einddatum, bool_or(reden_beeindiging <> '{TIJDELIJK}') as definitief from levering
        where domein = t.domein and agb = t.agb and client_id = t.client_id and gemeente = t.gemeente
          and toewijzing_nummer = t.toewijzing_nummer and vervallen_door is null and einddatum is not null
          and begindatum = s.begindatum) e on true
 where t.agb = $2 and {_NIEUWSTE}
"""  # noqa: S608 - parts of this file, no values
_FEITEN = f"""
select {VERSIE}, t.volgnr, t.bericht_status, t.gestart_op, t.gestopt_op, t.stand, t.merk, t.sha256, i.sleutel_versie, i.inhoud,
       coalesce(g.naam, t.gemeente) as gemeente_naam, coalesce(p.omschrijving, '') as omschrijving, v.verbruik, v.toegekend_cent,
       exists (select from prestatie d
                where d.domein = t.domein and d.gemeente = t.gemeente and d.toewijzing_nummer = t.toewijzing_nummer and d.toegekend
                  and d.begindatum between $3 and $4) as gedeclareerd
  from {{bron}} t
  join bericht_inhoud i using (bericht_nr)
  left join lateral (select max(naam) as naam from gemeente where code = t.gemeente and vervallen_op is null) g on true
  left join lateral (
       select max(omschrijving) as omschrijving from product
        where domein = t.domein and categorie = t.categorie and code = t.code and vervallen_op is null
          and geldig_van <= t.ingangsdatum and coalesce(geldig_tot, 'infinity') >= t.ingangsdatum) p on true
  cross join lateral (
       select jsonb_object_agg(eenheid, volume)::text as verbruik, coalesce(sum(cent), 0)::bigint as toegekend_cent
         from (select eenheid, sum(case when is_credit then -volume else volume end) as volume,
                      sum(case when is_credit then -bedrag_cent else bedrag_cent end) as cent
                 from prestatie
                where domein = t.domein and gemeente = t.gemeente and toewijzing_nummer = t.toewijzing_nummer and toegekend
                group by eenheid) per_eenheid) v
 order by t.bericht_nr desc, t.volgnr desc
"""  # noqa: S608 - parts of this file, no values
"""What is known of each; $3 and $4 are the first and last day of the month before this one."""
_LIJST = f"""
with kandidaat as ({_KANDIDAAT}
   and ($5::text is null or t.domein = $5) and ($6::text is null or t.gemeente = $6)
   and ($7::bigint is null or t.toewijzing_nummer = $7) and ($8::bigint is null or t.client_id = $8)
   and ($9::bigint is null or (t.bericht_nr, t.volgnr) < ($9, $10))
 order by t.bericht_nr desc, t.volgnr desc),
 gekozen as materialized (
   select * from kandidaat where $11::text is null or stand = $11 or merk = $11 order by bericht_nr desc, volgnr desc limit $12)
{_FEITEN.format(bron="gekozen")}
"""  # noqa: S608 - parts of this file, no values
_EEN = f"""
with gekozen as materialized ({_KANDIDAAT} and t.domein = $5 and t.gemeente = $6 and t.toewijzing_nummer = $7)
{_FEITEN.format(bron="gekozen")}
"""
_TELLING = f"""
with kandidaat as ({_KANDIDAAT} order by t.bericht_nr desc, t.volgnr desc limit $3)
select count(*) filter (where merk = 'nieuw')::int as nieuw, count(*) filter (where merk = 'gewijzigd')::int as gewijzigd,
       count(*) filter (where stand = 'niet_gestart')::int as niet_gestart, count(*) filter (where stand = 'afgelopen')::int as afgelopen,
       count(*) filter (where stand = 'loopt')::int as loopt,
       (select count(*) from (select from postvak where partij = 'aanbieder:' || $2 and ontvangen_op is null limit $3) p)::int as postvak
  from kandidaat
"""  # noqa: S608 - parts of this file, no values
_REGEL = """
select bericht_nr, regel, begindatum, einddatum, volume, eenheid, bedrag_cent, is_credit, toegekend, retour_codes,
       gecrediteerd_door is not null as is_gecrediteerd
  from prestatie where domein = $1 and gemeente = $2 and toewijzing_nummer = $3 and agb = $4
"""
_PRESTATIES = f"""
{_REGEL} and toegekend union all {_REGEL} and not toegekend
 order by begindatum desc, bericht_nr desc, regel limit $5
"""
"""Two halves, because granted and refused lines each have an index."""
_GEZONDEN = """
select max(bericht_nr) from bericht
 where domein = $1 and agb = $2 and gemeente = $3 and soort = $4 and identificatie = $5 and van = 'aanbieder:' || $2
   and status not in ('geweigerd', 'afgekeurd')
"""
_REGELS_VAN_BERICHT = """
select distinct t.domein, t.gemeente, t.toewijzing_nummer from toewijzing_versie t
 where t.bericht_nr = $1 and t.agb = $2 order by t.toewijzing_nummer limit 50
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keuze:
    """Which toewijzingen of an aanbieder; None is all. `stand` is where delivery stands, or `nieuw` or `gewijzigd`."""

    domein: str | None = None
    gemeente: str | None = None
    nummer: int | None = None
    client_id: int | None = None
    stand: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dagen:
    """Today, and the first and last day of the month before."""

    vandaag: date
    maand_van: date
    maand_tot: date


async def list_own(connection: Connection, agb: str, dagen: Dagen, keuze: Keuze, na: tuple[int, int] | None, limit: int) -> list[Any]:
    """Toewijzingen of an aanbieder, the last sent first, after the place `na`."""
    place = (None, None) if na is None else na
    wanted = (keuze.domein, keuze.gemeente, keuze.nummer, keuze.client_id)
    days = (dagen.maand_van, dagen.maand_tot)
    return list(await connection.fetch(_LIJST, dagen.vandaag, agb, *days, *wanted, *place, keuze.stand, limit))


async def find_own(connection: Connection, agb: str, dagen: Dagen, domein: str, gemeente: str, nummer: int) -> Any | None:
    """One toewijzing of an aanbieder; None when it has none with this number."""
    return await connection.fetchrow(_EEN, dagen.vandaag, agb, dagen.maand_van, dagen.maand_tot, domein, gemeente, nummer)


async def count_own(connection: Connection, agb: str, vandaag: date) -> Any:
    """How much asks for attention, among the newest `GETELD_MAX`."""
    return await connection.fetchrow(_TELLING, vandaag, agb, GETELD_MAX)


async def prestaties(connection: Connection, agb: str, domein: str, gemeente: str, nummer: int) -> list[Any]:
    """What was claimed on a toewijzing, granted or not, newest month first."""
    return list(await connection.fetch(_PRESTATIES, domein, gemeente, nummer, agb, PRESTATIES_MAX))


async def find_sent(connection: Connection, domein: str, agb: str, gemeente: str, soort: str, identificatie: str) -> int | None:
    """The bericht of an aanbieder with this Identificatie, unless it was refused: then it counts as not sent (OP286)."""
    found: int | None = await connection.fetchval(_GEZONDEN, domein, agb, gemeente, soort, identificatie)
    return found


async def lines_of(connection: Connection, bericht_nr: int, agb: str) -> list[Any]:
    """The toewijzingen that a 301 to this aanbieder is about."""
    return list(await connection.fetch(_REGELS_VAN_BERICHT, bericht_nr, agb))


async def names_of_gemeenten(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Names of gemeenten by code."""
    query = "select code, max(naam) as naam from gemeente where code = any($1::text[]) and vervallen_op is null group by code order by 2"
    return {row["code"]: row["naam"] for row in await connection.fetch(query, list(codes))}


async def own_gemeenten(connection: Connection, agb: str) -> dict[str, str]:
    """The gemeenten that sent a toewijzing to this aanbieder, by code, in order of name."""
    codes = await connection.fetch("select distinct gemeente from toewijzing_versie where agb = $1", agb)
    return await names_of_gemeenten(connection, [row["gemeente"] for row in codes])
