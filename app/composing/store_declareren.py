"""What declaring reads of the past of an aanbieder; each is one query, whatever it finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.composing.declareren import Eerder
from app.composing.store import VERSIE, as_versie
from app.domain.snapshot import Toewijzing

TOEWIJZINGEN_MAX = 1000
REGELS_MAX = 2000

_DECLARABEL = f"""
select {VERSIE}, c.bsn_hmac, c.bsn_versleuteld, c.sleutel_versie as bsn_versie, b.sha256, i.sleutel_versie, i.inhoud
  from toewijzing_versie t
  join client c using (client_id)
  join bericht b using (bericht_nr)
  join bericht_inhoud i using (bericht_nr)
 where t.domein = $1 and t.agb = $2 and t.gemeente = $3 and t.ingetrokken_door is null
   and t.ingangsdatum <= $5 and coalesce(t.einddatum, 'infinity') >= $4
   and not exists (select from toewijzing_versie n
                    where n.domein = t.domein and n.gemeente = t.gemeente and n.toewijzing_nummer = t.toewijzing_nummer
                      and n.ingetrokken_door is null
                      and (n.toewijzingsdatum, n.toewijzingstijd, n.bericht_nr, n.volgnr)
                          > (t.toewijzingsdatum, t.toewijzingstijd, t.bericht_nr, t.volgnr))
 order by t.toewijzing_nummer limit $6
"""  # noqa: S608 - parts of this file, no values
_EERDER = """
select toewijzing_nummer, referentie_nummer, categorie, code, begindatum as van, einddatum as tot, volume, eenheid, tarief_cent, bedrag_cent
  from prestatie
 where domein = $1 and gemeente = $2 and toewijzing_nummer = any($3::bigint[]) and agb = $4 and toegekend and not is_credit
   and gecrediteerd_door is null and begindatum between $5 and $6
 order by toewijzing_nummer, begindatum, referentie_nummer
"""
_VERBRUIK = """
select toewijzing_nummer, eenheid, sum(case when is_credit then -volume else volume end)::bigint as volume from prestatie
 where domein = $1 and gemeente = $2 and toewijzing_nummer = any($3::bigint[]) and toegekend group by 1, 2
"""
_BESTEMMINGEN = """
select t.domein, t.gemeente, coalesce(g.naam, t.gemeente) as naam, count(distinct t.toewijzing_nummer)::int as aantal
  from toewijzing_versie t
  left join lateral (select max(naam) as naam from gemeente where code = t.gemeente and vervallen_op is null) g on true
 where t.domein = any('{ijw,iwmo}') and t.agb = $1 and t.ingetrokken_door is null and t.ingangsdatum <= $3
   and coalesce(t.einddatum, 'infinity') >= $2
 group by 1, 2, 3 order by 3, 1 limit 100
"""
_VERSTUURD = """
select max(bericht_nr) from bericht
 where domein = $1 and agb = $2 and soort = '323' and richting = 'in' and identificatie = $3 and status not in ('geweigerd', 'afgekeurd')
"""
_DECLARATIES = """
select b.bericht_nr, b.domein, b.gemeente, coalesce(g.naam, b.gemeente) as gemeente_naam, b.identificatie, b.status, b.ontvangen_op,
       b.termijn, b.ingediend_cent, b.toegekend_cent, b.aantal_regels, b.antwoord_nr, d.begindatum as periode
  from bericht b
  left join declaratie d on d.bericht_nr = b.bericht_nr
  left join lateral (select max(naam) as naam from gemeente where code = b.gemeente and vervallen_op is null) g on true
 where b.agb = $1 and b.van = 'aanbieder:' || $1 and b.soort = '323' and b.richting = 'in'
   and ($2::bigint is null or b.bericht_nr < $2) and ($3::bigint is null or b.bericht_nr = $3)
 order by b.bericht_nr desc limit $4
"""
_REGELS = """
select p.regel, p.toewijzing_nummer, p.referentie_nummer, p.vorig_referentie_nummer, p.is_credit, p.categorie, p.code, p.begindatum, p.einddatum,
       p.volume, p.eenheid, p.tarief_cent, p.bedrag_cent, p.toegekend, p.retour_codes, p.gecrediteerd_door is not null as is_teruggedraaid,
       coalesce(q.omschrijving, '') as omschrijving
  from prestatie p
  left join lateral (
       select max(omschrijving) as omschrijving from product
        where domein = p.domein and categorie = p.categorie and code = p.code and vervallen_op is null
          and geldig_van <= p.begindatum and coalesce(geldig_tot, 'infinity') >= p.begindatum) q on true
 where p.bericht_nr = $1 and p.agb = $2 order by p.toegekend, p.regel limit $3
"""
_BEVINDINGEN = "select pad, melding from bevinding where bericht_nr = $1 order by volgnr limit $2"
_INHOUD = """
select i.sleutel_versie, i.inhoud, b.sha256 from bericht b join bericht_inhoud i using (bericht_nr) where b.bericht_nr = $1 and b.agb = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarabelRij:
    """A toewijzing with its client and its 301, both still encrypted."""

    toewijzing: Toewijzing
    bsn_sleutel: tuple[int, bytes, bytes] = field(repr=False)
    bericht: tuple[int, bytes, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bestemming:
    """A gemeente and law for which the aanbieder has toewijzingen in a month, and how many."""

    domein: str
    gemeente: str
    naam: str
    aantal: int


async def declarable_rows(connection: Connection, domein: str, agb: str, gemeente: str, van: date, tot: date) -> list[DeclarabelRij]:
    """The toewijzingen of an aanbieder by a gemeente that are valid on a day of the period, in the version that counts; by number."""
    rows = await connection.fetch(_DECLARABEL, domein, agb, gemeente, van, tot, TOEWIJZINGEN_MAX)
    return [
        DeclarabelRij(
            toewijzing=as_versie(row),
            bsn_sleutel=(row["bsn_versie"], row["bsn_versleuteld"], row["bsn_hmac"]),
            bericht=(row["sleutel_versie"], row["inhoud"], row["sha256"]),
        )
        for row in rows
    ]


async def granted_before(
    connection: Connection, domein: str, agb: str, gemeente: str, nummers: Collection[int], van: date, tot: date
) -> dict[int, list[Eerder]]:
    """Granted debits over the period that were not credited, by ToewijzingNummer."""
    found: dict[int, list[Eerder]] = defaultdict(list)
    for row in await connection.fetch(_EERDER, domein, gemeente, list(nummers), agb, van, tot):
        fields = dict(row)
        found[fields.pop("toewijzing_nummer")].append(Eerder(**fields))
    return found


async def used(connection: Connection, domein: str, gemeente: str, nummers: Collection[int]) -> dict[int, dict[str, int]]:
    """Granted volume per eenheid by ToewijzingNummer, debits less credits."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in await connection.fetch(_VERBRUIK, domein, gemeente, list(nummers)):
        found[row["toewijzing_nummer"]][row["eenheid"]] = row["volume"]
    return found


async def last_period(connection: Connection, domein: str, agb: str, gemeente: str) -> date | None:
    """First day of the last DeclaratiePeriode of the aanbieder at a gemeente (TR318)."""
    query = "select max(begindatum) from declaratie where domein = $1 and agb = $2 and gemeente = $3"
    found: date | None = await connection.fetchval(query, domein, agb, gemeente)
    return found


async def destinations(connection: Connection, agb: str, van: date, tot: date) -> tuple[Bestemming, ...]:
    """To whom the aanbieder can declare over a period, by name."""
    return tuple(Bestemming(**dict(row)) for row in await connection.fetch(_BESTEMMINGEN, agb, van, tot))


async def find_sent(connection: Connection, domein: str, agb: str, identificatie: str) -> int | None:
    """The 323 of an aanbieder with this Identificatie, unless it counts as not sent (OP286)."""
    found: int | None = await connection.fetchval(_VERSTUURD, domein, agb, identificatie)
    return found


async def list_declaraties(connection: Connection, agb: str, *, voor: int | None, limit: int) -> list[Any]:
    """The 323s that an aanbieder sent, newest first."""
    rows: list[Any] = await connection.fetch(_DECLARATIES, agb, voor, None, limit)
    return rows


async def get_declaratie(connection: Connection, agb: str, bericht_nr: int) -> Any | None:
    """One 323 that an aanbieder sent."""
    rows = await connection.fetch(_DECLARATIES, agb, None, bericht_nr, 1)
    return rows[0] if rows else None


async def lines_of(connection: Connection, bericht_nr: int, agb: str) -> list[Any]:
    """The judged lines of a 323, refused ones first."""
    rows: list[Any] = await connection.fetch(_REGELS, bericht_nr, agb, REGELS_MAX)
    return rows


async def findings_of(connection: Connection, bericht_nr: int) -> list[tuple[str, str]]:
    """Path and sentence of what was found in a 323 that the aanbieder was found to have sent, in order."""
    return [(row["pad"], row["melding"]) for row in await connection.fetch(_BEVINDINGEN, bericht_nr, REGELS_MAX)]


async def content_of(connection: Connection, bericht_nr: int, agb: str) -> tuple[int, bytes, bytes] | None:
    """A 323 of an aanbieder, still encrypted: version of the key, content and SHA-256."""
    row = await connection.fetchrow(_INHOUD, bericht_nr, agb)
    return None if row is None else (row["sleutel_versie"], row["inhoud"], row["sha256"])
