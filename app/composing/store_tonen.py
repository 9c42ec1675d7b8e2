"""The queries behind the list of toewijzingen, one toewijzing with all that followed, and the history of a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.composing.store import VERSIE
from app.domain.levering import TIJDELIJK

VERSIES_MAX = 100
MAANDEN_MAX = 240
LEVERINGEN_MAX = 100
CLIENT_MAX = 200

_NIEUWSTE = """
not exists (select from toewijzing_versie n
             where n.domein = t.domein and n.gemeente = t.gemeente and n.toewijzing_nummer = t.toewijzing_nummer
               and (n.ingetrokken_door is null, n.toewijzingsdatum, n.toewijzingstijd, n.bericht_nr, n.volgnr)
                   > (t.ingetrokken_door is null, t.toewijzingsdatum, t.toewijzingstijd, t.bericht_nr, t.volgnr))
"""
"""The version that counts (IV013); of a toewijzing of which all were rejected the last one."""
_VERWIJDERD = "(coalesce(t.reden_wijziging, '') in ('01', '13') and t.einddatum = t.ingangsdatum)"
_STATUS = f"""
case when t.ingetrokken_door is not null then 'geweigerd'
     when {_VERWIJDERD} then 'ingetrokken'
     when {{l}}.gestopt_op is not null then 'gestopt'
     when t.einddatum < $1 then 'afgelopen'
     when {{l}}.gestart_op is not null then 'gestart'
     when b.status = 'beantwoord' then 'aanvaard'
     when b.status = 'bezorgd' then 'opgehaald'
     else 'verstuurd' end
"""
"""Where a toewijzing stands; `{l}` has its first start and its stop, $1 is today."""
_VERDER = f"""
select {VERSIE}, t.volgnr, t.ingetrokken_door, b.status as bericht_status, coalesce(a.naam, t.agb) as aanbieder_naam,
       coalesce(p.omschrijving, '') as omschrijving, l.gestart_op, l.gestopt_op, {_STATUS.format(l="l")} as status, v.verwacht_cent, u.toegekend_cent,
       b.sha256, i.sleutel_versie, i.inhoud
  from {{bron}} t
  join bericht b using (bericht_nr)
  join bericht_inhoud i using (bericht_nr)
  left join lateral (select max(naam) as naam from aanbieder where agb = t.agb and vervallen_op is null) a on true
  left join lateral (
       select max(omschrijving) as omschrijving from product
        where domein = t.domein and categorie = t.categorie and code = t.code and vervallen_op is null
          and geldig_van <= t.ingangsdatum and coalesce(geldig_tot, 'infinity') >= t.ingangsdatum) p on true
  cross join lateral (
       select max(begindatum) filter (where einddatum is null) as gestart_op,
              max(einddatum) filter (where reden_beeindiging <> '{TIJDELIJK}') as gestopt_op
         from levering where domein = t.domein and agb = t.agb and client_id = t.client_id and gemeente = t.gemeente
                         and toewijzing_nummer = t.toewijzing_nummer and vervallen_door is null) l
  cross join lateral (
       select coalesce(sum(verwacht_cent), 0)::bigint as verwacht_cent from verplichting
        where domein = t.domein and gemeente = t.gemeente and toewijzing_nummer = t.toewijzing_nummer) v
  cross join lateral (
       select coalesce(sum(case when is_credit then -bedrag_cent else bedrag_cent end), 0)::bigint as toegekend_cent from prestatie
        where domein = t.domein and gemeente = t.gemeente and toewijzing_nummer = t.toewijzing_nummer and toegekend) u
"""  # noqa: S608 - parts of this file, no values
"""What is known of each toewijzing of `bron`; $1 is today."""
_KEUZE = f"""
select t.* from toewijzing_versie t
 where {{gemeente}} and {_NIEUWSTE}
   and ($3::text is null or t.domein = $3) and ($4::text is null or t.agb = $4)
   and ($5::bigint is null or t.toewijzing_nummer = $5) and ($6::bigint is null or t.client_id = $6)
   and ($7::bigint is null or (t.bericht_nr, t.volgnr) < ($7, $8))
 order by t.bericht_nr desc, t.volgnr desc
"""  # noqa: S608 - parts of this file, no values
_MET_STATUS = f"""
select t.* from (
       select t.*, l.gestart_op, l.gestopt_op from (
              select t.* from toewijzing_versie t
               where {{gemeente}} and {{vooraf}}
                 and ($3::text is null or t.domein = $3) and ($4::text is null or t.agb = $4)
                 and ($5::bigint is null or t.toewijzing_nummer = $5) and ($6::bigint is null or t.client_id = $6)
                 and ($7::bigint is null or (t.bericht_nr, t.volgnr) < ($7, $8))
               order by t.bericht_nr desc, t.volgnr desc offset 0) t
         cross join lateral (
              select max(begindatum) filter (where einddatum is null) as gestart_op,
                     max(einddatum) filter (where reden_beeindiging <> '{TIJDELIJK}') as gestopt_op
                from levering where domein = t.domein and agb = t.agb and client_id = t.client_id and gemeente = t.gemeente
                                and toewijzing_nummer = t.toewijzing_nummer and vervallen_door is null) l
        where {{geleverd}}
        order by t.bericht_nr desc, t.volgnr desc offset 0) t
  cross join lateral (select status from bericht where bericht_nr = t.bericht_nr limit 1) b
  cross join lateral (
       select n.bericht_nr, n.volgnr from toewijzing_versie n
        where n.domein = t.domein and n.gemeente = t.gemeente and n.toewijzing_nummer = t.toewijzing_nummer
        order by n.ingetrokken_door is null desc, n.toewijzingsdatum desc, n.toewijzingstijd desc, n.bericht_nr desc, n.volgnr desc limit 1) n
 where n.bericht_nr = t.bericht_nr and n.volgnr = t.volgnr and {_STATUS.format(l="t")} = $10
 order by t.bericht_nr desc, t.volgnr desc
"""  # noqa: S608 - parts of this file, no values
"""A page of one status. It walks from the last sent back until it has a page, looking each line up: a join of everything would take seconds."""
_LOOPT = f"t.ingetrokken_door is null and not {_VERWIJDERD} and coalesce(t.einddatum, 'infinity') >= $1"
_OPEN_301 = " and t.bericht_nr in (select bericht_nr from bericht where soort = '301' and status = '{status}')"
_VOORAF = {
    "geweigerd": "t.ingetrokken_door is not null",
    "ingetrokken": f"t.ingetrokken_door is null and {_VERWIJDERD}",
    "gestopt": f"t.ingetrokken_door is null and not {_VERWIJDERD}",
    "afgelopen": f"t.ingetrokken_door is null and not {_VERWIJDERD} and t.einddatum < $1",
    "gestart": _LOOPT,
    "aanvaard": _LOOPT,
    "opgehaald": _LOOPT + _OPEN_301.format(status="bezorgd"),
    "verstuurd": _LOOPT + _OPEN_301.format(status="klaar"),
}
"""What follows for one version from each status of `_STATUS`, so that what is rare is found by an index and not by walking."""
_NIET_BEGONNEN = "l.gestart_op is null and l.gestopt_op is null"
_GELEVERD = {
    "gestopt": "l.gestopt_op is not null",
    "gestart": "l.gestart_op is not null and l.gestopt_op is null",
    "aanvaard": _NIET_BEGONNEN,
    "opgehaald": _NIET_BEGONNEN,
    "verstuurd": _NIET_BEGONNEN,
}
"""What follows for its deliveries: they are looked at first, and most lines that are passed by need nothing more."""
_VAN_GEMEENTEN = {True: "$2::text[] is null", False: "t.gemeente = any($2::text[])"}
"""The condition for the whole region (True), or for some gemeenten: one that an index can serve."""


def _lijst(*, hele_regio: bool, status: str | None) -> str:
    """The query of a page: first which lines, of those alone what is known."""
    of_gemeente = _VAN_GEMEENTEN[hele_regio]
    keuze = (
        _KEUZE.format(gemeente=of_gemeente)
        if status is None
        else _MET_STATUS.format(gemeente=of_gemeente, vooraf=_VOORAF[status], geleverd=_GELEVERD.get(status, "true"))
    )
    verder = _VERDER.format(bron="keuze")
    return f"with keuze as materialized ({keuze} limit $9) {verder} order by t.bericht_nr desc, t.volgnr desc"


_EEN = (
    _VERDER.format(bron="toewijzing_versie")
    + f" where ($2::text[] is null or t.gemeente = any($2)) and {_NIEUWSTE} and t.domein = $3 and t.gemeente = $4 and t.toewijzing_nummer = $5"
)
_VERSIES = f"""
select {VERSIE}, t.volgnr, t.ingetrokken_door, b.status as bericht_status, b.ontvangen_op, b.ingediend_door, b.antwoord_nr,
       r.ontvangen_op as antwoord_op, r.status as antwoord_status
  from toewijzing_versie t join bericht b using (bericht_nr) left join bericht r on r.bericht_nr = coalesce(t.ingetrokken_door, b.antwoord_nr)
 where t.domein = $1 and t.gemeente = $2 and t.toewijzing_nummer = $3
 order by t.bericht_nr, t.volgnr limit $4
"""  # noqa: S608 - parts of this file, no values
_LEVERINGEN = """
select l.bericht_nr, l.begindatum, l.einddatum, l.reden_beeindiging, b.ontvangst_datum as ontvangen
  from levering l join bericht b using (bericht_nr)
 where l.domein = $1 and l.agb = $2 and l.client_id = $3 and l.gemeente = $4 and l.toewijzing_nummer = $5 and l.vervallen_door is null
 order by coalesce(l.einddatum, l.begindatum), l.bericht_nr, l.volgnr limit $6
"""
_MAANDEN = """
select maand, coalesce(max(verwacht), 0)::bigint as verwacht_cent, coalesce(sum(cent), 0)::bigint as toegekend_cent,
       coalesce(sum(regels), 0)::int as prestaties
  from (select zorgmaand as maand, verwacht_cent as verwacht, null::bigint as cent, null::bigint as regels from verplichting
         where domein = $1 and gemeente = $2 and toewijzing_nummer = $3
         union all
        select date_trunc('month', begindatum::timestamp)::date, null, sum(case when is_credit then -bedrag_cent else bedrag_cent end), count(*)
          from prestatie where domein = $1 and gemeente = $2 and toewijzing_nummer = $3 and toegekend group by 1) m
 group by maand order by maand limit $4
"""
_VOLUME = """
select eenheid, sum(case when is_credit then -volume else volume end)::bigint as volume from prestatie
 where domein = $1 and gemeente = $2 and toewijzing_nummer = $3 and toegekend group by eenheid order by eenheid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plek:
    """Where a page of the list goes on: after this line."""

    bericht_nr: int
    volgnr: int


async def list_regels(
    connection: Connection,
    vandaag: date,
    gemeenten: Sequence[str] | None,
    *,
    domein: str | None = None,
    agb: str | None = None,
    status: str | None = None,
    nummer: int | None = None,
    client_id: int | None = None,
    na: Plek | None = None,
    limit: int,
) -> list[Any]:
    """The version that counts of each toewijzing of these gemeenten (None: all), the last sent first, with where it stands."""
    place = (None, None) if na is None else (na.bericht_nr, na.volgnr)
    wanted = None if gemeenten is None else list(gemeenten)
    query = _lijst(hele_regio=wanted is None, status=status)
    extra = () if status is None else (status,)
    async with connection.transaction():
        # Planned for these values: one plan for any filter and status reads up to seven times as much.
        await connection.execute("set local plan_cache_mode = force_custom_plan")
        return list(await connection.fetch(query, vandaag, wanted, domein, agb, nummer, client_id, *place, limit, *extra))


async def find_regel(
    connection: Connection, vandaag: date, gemeenten: Sequence[str] | None, domein: str, gemeente: str, nummer: int
) -> Any | None:
    """One toewijzing as the list has it; None when there is none for these gemeenten."""
    return await connection.fetchrow(_EEN, vandaag, None if gemeenten is None else list(gemeenten), domein, gemeente, nummer)


async def versions(connection: Connection, domein: str, gemeente: str, nummer: int) -> list[Any]:
    """Every 301 line with this number, in order of arrival, with what the aanbieder answered."""
    return list(await connection.fetch(_VERSIES, domein, gemeente, nummer, VERSIES_MAX))


async def deliveries(connection: Connection, domein: str, agb: str, client_id: int, gemeente: str, nummer: int) -> list[Any]:
    """Starts and stops that count, oldest first."""
    return list(await connection.fetch(_LEVERINGEN, domein, agb, client_id, gemeente, nummer, LEVERINGEN_MAX))


async def months(connection: Connection, domein: str, gemeente: str, nummer: int) -> list[Any]:
    """What was expected and granted per month of care, oldest first."""
    return list(await connection.fetch(_MAANDEN, domein, gemeente, nummer, MAANDEN_MAX))


async def volumes(connection: Connection, domein: str, gemeente: str, nummer: int) -> list[Any]:
    """What was granted per eenheid, credits taken off."""
    return list(await connection.fetch(_VOLUME, domein, gemeente, nummer))
