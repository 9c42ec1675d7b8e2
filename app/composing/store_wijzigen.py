"""What changing a toewijzing and deciding on a request read; each is one query, whatever it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.composing.store import VERSIE, as_versie
from app.composing.wijzigen import Maandprestaties
from app.domain.snapshot import Levering, Snapshot, Toewijzing
from app.ledger.store_verplichting import load as load_verplichtingen
from app.ledger.verplichting import Sleutel

LEVERINGEN_MAX = 100
PRESTATIES_MAX = 2000
TOEWIJZINGEN_MAX = 200

_VERSIE = f"""
select {VERSIE} from toewijzing_versie t
 where t.domein = $1 and t.gemeente = $2 and t.toewijzing_nummer = $3 and t.ingetrokken_door is null
   and ($4::text[] is null or t.gemeente = any($4))
 order by t.toewijzingsdatum desc, t.toewijzingstijd desc, t.bericht_nr desc, t.volgnr desc limit 1
"""  # noqa: S608 - parts of this file, no values
_BIJ_AANBIEDER = f"""
select distinct on (t.toewijzing_nummer) {VERSIE} from toewijzing_versie t
 where t.client_id = $1 and t.gemeente = $2 and t.domein = $3 and t.agb = $4 and t.ingetrokken_door is null
 order by t.toewijzing_nummer, t.toewijzingsdatum desc, t.toewijzingstijd desc, t.bericht_nr desc, t.volgnr desc
 limit $5
"""  # noqa: S608 - parts of this file, no values
_LEVERINGEN = """
select bericht_nr, volgnr, client_id, toewijzing_nummer, categorie, code, begindatum, reden_beeindiging, einddatum from levering
 where domein = $1 and agb = $2 and client_id = $3 and gemeente = $4 and toewijzing_nummer = $5 and vervallen_door is null
 order by coalesce(einddatum, begindatum), bericht_nr, volgnr limit $6
"""
_PRESTATIES = """
select begindatum, einddatum, eenheid, count(*)::int as aantal, sum(bedrag_cent)::bigint as bedrag_cent, sum(volume)::bigint as volume
  from prestatie
 where domein = $1 and gemeente = $2 and toewijzing_nummer = $3 and toegekend and not is_credit and gecrediteerd_door is null
 group by begindatum, einddatum, eenheid order by begindatum, einddatum, eenheid limit $4
"""


async def find_versie(
    connection: Connection, domein: str, gemeente: str, nummer: int, gemeenten: Sequence[str] | None
) -> Toewijzing | None:
    """The version that counts of a toewijzing; None when there is none for these gemeenten (None: all)."""
    row = await connection.fetchrow(_VERSIE, domein, gemeente, nummer, None if gemeenten is None else list(gemeenten))
    return None if row is None else as_versie(row)


async def of_client(connection: Connection, client_id: int, gemeente: str, domein: str, agb: str) -> tuple[Toewijzing, ...]:
    """The version that counts of each toewijzing of a client under a gemeente at one aanbieder, by number, also of those that are over."""
    return tuple(as_versie(row) for row in await connection.fetch(_BIJ_AANBIEDER, client_id, gemeente, domein, agb, TOEWIJZINGEN_MAX))


async def deliveries(connection: Connection, versie: Toewijzing) -> tuple[Levering, ...]:
    """Starts and stops of a toewijzing that count, oldest first."""
    keys = (versie.domein, versie.agb, versie.client_id, versie.gemeente, versie.toewijzing_nummer)
    return tuple(Levering(**dict(row)) for row in await connection.fetch(_LEVERINGEN, *keys, LEVERINGEN_MAX))


async def granted(connection: Connection, versie: Toewijzing) -> tuple[Maandprestaties, ...]:
    """What is granted and not credited on a toewijzing, per ProductPeriode."""
    rows = await connection.fetch(_PRESTATIES, versie.domein, versie.gemeente, versie.toewijzing_nummer, PRESTATIES_MAX)
    return tuple(Maandprestaties(**dict(row)) for row in rows)


async def committed(
    connection: Connection, domein: str, nieuw: Mapping[Sleutel, Toewijzing], region: Snapshot
) -> tuple[dict[date, int], dict[date, int]]:
    """What these toewijzingen commit per month of care, in cents, before and after these versions count: as the ledger will book it."""
    stand = await load_verplichtingen(connection, domein, sorted(nieuw), [])
    before = _per_maand(stand.standen_van(nieuw))
    stand.herzie(nieuw, region)
    return before, _per_maand(stand.standen_van(nieuw))


def _per_maand(plekken: Mapping[Any, int]) -> dict[date, int]:
    found: dict[date, int] = {}
    for plek, cents in plekken.items():
        found[plek.zorgmaand] = found.get(plek.zorgmaand, 0) + cents
    return found


async def find_sent(connection: Connection, domein: str, gemeente: str, agb: str, identificatie: str) -> int | None:
    """The 301 or 319 of a gemeente with this Identificatie, unless it was refused: then it counts as not sent (OP286)."""
    found: int | None = await connection.fetchval(
        """
        select max(bericht_nr) from bericht
         where domein = $1 and agb = $3 and gemeente = $2 and soort in ('301', '319') and identificatie = $4
           and status not in ('geweigerd', 'afgekeurd', 'afgekeurd_door_ontvanger')
        """,
        domein,
        gemeente,
        agb,
        identificatie,
    )
    return found
