"""What composing reads of the past of a client and of the contracts; each is one query, whatever it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.composing.waarschuwen import OpenVerzoek, Ruimte
from app.domain.bericht import Domein
from app.domain.snapshot import Toewijzing
from app.domain.toewijzing import Omvang

AANBIEDERS_MAX = 500
EIGEN_MAX = 200
VERZOEKEN_MAX = 20

VERSIE = """t.bericht_nr, t.domein, t.gemeente, t.agb, t.client_id, t.toewijzing_nummer, t.categorie, t.code, t.toewijzingsdatum,
       t.toewijzingstijd, t.ingangsdatum, t.einddatum, t.reden_wijziging, t.volume, t.eenheid, t.frequentie, t.budget_cent,
       t.referentie_aanbieder"""
"""The columns of `as_versie`."""

_CURRENT = f"""
select distinct on (t.domein, t.gemeente, t.toewijzing_nummer) {VERSIE}
  from toewijzing_versie t
 where t.client_id = $1 and t.gemeente = $2 and t.domein = $3 and t.ingetrokken_door is null
 order by t.domein, t.gemeente, t.toewijzing_nummer, t.toewijzingsdatum desc, t.toewijzingstijd desc, t.bericht_nr desc, t.volgnr desc
 limit $4
"""  # noqa: S608 - parts of this file, no values
_ELDERS = """
select exists (
       select from toewijzing_versie t
        where t.client_id = $1 and t.gemeente <> $2 and t.ingetrokken_door is null and (t.einddatum is null or t.einddatum >= $3)
          and not exists (select from toewijzing_versie n
                           where n.domein = t.domein and n.gemeente = t.gemeente and n.toewijzing_nummer = t.toewijzing_nummer
                             and n.ingetrokken_door is null
                             and (n.toewijzingsdatum, n.toewijzingstijd) > (t.toewijzingsdatum, t.toewijzingstijd))
          and not (coalesce(t.reden_wijziging, '') in ('01', '13') and t.einddatum = t.ingangsdatum))
"""
_NEWEST_301 = """
select b.sha256, i.sleutel_versie, i.inhoud, b.domein
  from bericht b join bericht_inhoud i using (bericht_nr)
 where b.bericht_nr = (select max(bericht_nr) from toewijzing_versie where client_id = $1 and gemeente = $2)
"""
_VERZOEKEN = """
select v.bericht_nr, v.soort, v.agb, coalesce(a.naam, v.agb) as aanbieder_naam, v.referentie_aanbieder as referentie,
       v.ontvangst_datum as ontvangen
  from verzoek v left join aanbieder a on a.agb = v.agb and a.vervallen_op is null
 where v.client_id = $1 and v.gemeente = $2 and v.domein = $3 and v.status in ('open', 'in_onderzoek')
 order by v.bericht_nr, v.volgnr limit $4
"""
_RUIMTE = """
select u.jaar, coalesce(z.naam, u.zorgvorm) as zorgvorm, u.bedrag_cent as budget_cent, coalesce((
         select sum(s.bedrag_cent)
           from rekening r join (select rekening_nr, zorgvorm, zorgmaand, bedrag_cent from saldo
                                  union all select rekening_nr, zorgvorm, zorgmaand, bedrag_cent from saldo_delta) s using (rekening_nr)
          where r.gemeente = u.gemeente and r.soort in ('kosten', 'verplichting') and (u.zorgvorm = '' or s.zorgvorm = u.zorgvorm)
            and s.zorgmaand between make_date(u.jaar, 1, 1) and make_date(u.jaar, 12, 31)), 0)::bigint as gebruikt_cent
  from (select gemeente, jaar, zorgvorm, sum(bedrag_cent)::bigint as bedrag_cent from budget
         where gemeente = $1 and jaar = any($2::int[]) and zorgvorm = any($3::text[]) and vervallen_op is null
         group by gemeente, jaar, zorgvorm) u
  left join zorgvorm z on z.zorgvorm = u.zorgvorm and z.vervallen_op is null
 order by u.jaar, u.zorgvorm
"""
_AANBIEDERS = """
with loopt as (
     select c.contract, c.agb from contract c
      cross join lateral (
            select max(tot) as tot from contractoptie
             where contract = c.contract and uitgeoefend_op is not null and vervallen_op is null) o
      where c.domein = $1 and c.vervallen_op is null and c.geldig_van <= $3
        and (c.geldig_tot is null or greatest(c.geldig_tot, o.tot) >= $3)
        and (c.alle_gemeenten or exists (select from contract_gemeente g where g.contract_id = c.contract_id and g.gemeente = $2))),
     mag as (
     select agb from loopt
      union select a.agb from aanbieder a join loopt l on l.agb = a.contractpartner_agb where a.vervallen_op is null
      union select o.onderaannemer_agb from onderaannemer o join loopt l on l.agb = o.hoofdaannemer_agb and o.contract in ('', l.contract)
             where o.declareert = 'eigen' and o.vervallen_op is null and o.geldig_van <= $3 and coalesce(o.geldig_tot, 'infinity') >= $3)
select agb, naam from aanbieder join mag using (agb) where vervallen_op is null order by naam, agb limit $4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opgeslagen:
    """Stored bytes of a 301, still encrypted."""

    sha256: bytes
    sleutel_versie: int
    inhoud: bytes
    domein: Domein


def as_versie(row: Any) -> Toewijzing:
    """A row with the columns of `VERSIE` as a value."""
    fields = {
        name: row[name] for name in ("bericht_nr", "domein", "gemeente", "agb", "client_id", "toewijzing_nummer", "categorie", "code")
    }
    dates = {name: row[name] for name in ("toewijzingsdatum", "toewijzingstijd", "ingangsdatum", "einddatum", "reden_wijziging")}
    omvang = None
    if row["volume"] is not None:
        omvang = Omvang(volume=row["volume"], eenheid=row["eenheid"], frequentie=row["frequentie"])
    return Toewijzing(**fields, **dates, omvang=omvang, budget=row["budget_cent"], referentie_aanbieder=row["referentie_aanbieder"])


async def find_client(connection: Connection, pseudoniem: bytes) -> int | None:
    """The client with this pseudonym of a Bsn."""
    found: int | None = await connection.fetchval("select client_id from client where bsn_hmac = $1", pseudoniem)
    return found


async def current_of_client(connection: Connection, client_id: int, gemeente: str, domein: str) -> tuple[Toewijzing, ...]:
    """The version that counts of each toewijzing of a client under a gemeente, at every aanbieder, also of those that are over."""
    return tuple(as_versie(row) for row in await connection.fetch(_CURRENT, client_id, gemeente, domein, EIGEN_MAX))


async def has_care_elsewhere(connection: Connection, client_id: int, gemeente: str, vandaag: date) -> bool:
    """Whether the client has a current toewijzing under another gemeente of the region."""
    found: bool = await connection.fetchval(_ELDERS, client_id, gemeente, vandaag)
    return found


async def newest_301(connection: Connection, client_id: int, gemeente: str) -> Opgeslagen | None:
    """The last 301 that this gemeente sent about the client and that was accepted."""
    row = await connection.fetchrow(_NEWEST_301, client_id, gemeente)
    return None if row is None else Opgeslagen(**dict(row))


async def open_verzoeken(connection: Connection, client_id: int, gemeente: str, domein: str) -> tuple[OpenVerzoek, ...]:
    """The requests about a client that the gemeente has not decided, oldest first."""
    return tuple(OpenVerzoek(**dict(row)) for row in await connection.fetch(_VERZOEKEN, client_id, gemeente, domein, VERZOEKEN_MAX))


async def budget_room(connection: Connection, gemeente: str, jaren: Sequence[int], zorgvormen: Sequence[str]) -> tuple[Ruimte, ...]:
    """The budgets of a gemeente for these years and zorgvormen (empty: for all) with what is granted and committed of them."""
    return tuple(Ruimte(**dict(row)) for row in await connection.fetch(_RUIMTE, gemeente, list(jaren), list(zorgvormen)))


async def aanbieders_with_contract(connection: Connection, domein: str, gemeente: str, dag: date) -> dict[str, str]:
    """Names by AGB-code of who has a contract for a gemeente on a day, itself or through another, by name."""
    return {row["agb"]: row["naam"] for row in await connection.fetch(_AANBIEDERS, domein, gemeente, dag, AANBIEDERS_MAX)}


async def names_of(connection: Connection, agbs: Sequence[str]) -> dict[str, str]:
    """Names of aanbieders by AGB-code."""
    rows = await connection.fetch("select agb, naam from aanbieder where agb = any($1::text[]) and vervallen_op is null", list(agbs))
    return {row["agb"]: row["naam"] for row in rows}


async def gemeente_names(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Names of gemeenten by code."""
    query = "select code, max(naam) as naam from gemeente where code = any($1::text[]) and vervallen_op is null group by code order by 2"
    return {row["code"]: row["naam"] for row in await connection.fetch(query, list(codes))}


async def descriptions(connection: Connection, domein: str, dag: date) -> dict[tuple[str, str], tuple[str, str]]:
    """What each product of a domein is called on a day, and its zorgvorm, by categorie and code."""
    rows = await connection.fetch(
        """
        select categorie, code, omschrijving, zorgvorm from product
         where domein = $1 and vervallen_op is null and geldig_van <= $2 and coalesce(geldig_tot, 'infinity') >= $2
        """,
        domein,
        dag,
    )
    return {(row["categorie"], row["code"]): (row["omschrijving"], row["zorgvorm"]) for row in rows}
