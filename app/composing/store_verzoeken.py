"""The queries behind the worklist of requests and one request; each is one query, whatever it finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.adapters.database import Connection

_KOLOMMEN = """v.bericht_nr, v.volgnr, v.domein, v.gemeente, v.agb, v.client_id, v.soort, v.referentie_aanbieder, v.status, v.categorie,
       v.code, v.ontvangst_datum, v.beslistermijn, v.woonplaatstermijn, v.besluit_nr, v.besluit_datum,
       coalesce(a.naam, v.agb) as aanbieder_naam, b.sha256, i.sleutel_versie, i.inhoud,
       n.sha256 as eerder_sha256, n.sleutel_versie as eerder_sleutel_versie, n.inhoud as eerder_inhoud"""
_VAN = """
  from verzoek v
  join bericht b using (bericht_nr)
  join bericht_inhoud i using (bericht_nr)
  left join aanbieder a on a.agb = v.agb and a.vervallen_op is null
  left join lateral (
       select e.sha256, x.sleutel_versie, x.inhoud
         from bericht e join bericht_inhoud x using (bericht_nr)
        where e.bericht_nr = (select max(t.bericht_nr) from toewijzing_versie t where t.client_id = v.client_id and t.gemeente = v.gemeente
                                 and t.domein = v.domein)) n on true
"""
_OPEN = f"""
select {_KOLOMMEN} {_VAN}
 where v.besluit_nr is null and ($1::text[] is null or v.gemeente = any($1)) and ($2::text is null or v.gemeente = $2)
   and ($3::date is null or (v.beslistermijn, v.bericht_nr, v.volgnr) > ($3, $4::bigint, $5::int))
   and not (v.bericht_nr = $6::bigint and v.volgnr = $7::int)
 order by v.beslistermijn, v.bericht_nr, v.volgnr limit $8
"""
_EEN = f"select {_KOLOMMEN} {_VAN} where v.bericht_nr = $1 and v.volgnr = $2 and ($3::text[] is null or v.gemeente = any($3))"


async def open_requests(
    connection: Connection,
    gemeenten: Sequence[str] | None,
    *,
    gemeente: str | None = None,
    na: tuple[date, int, int] | None = None,
    zonder: tuple[int, int] = (0, 0),
    limit: int,
) -> list[Any]:
    """Undecided requests to these gemeenten (None: all), what is due first first; `zonder` is left out."""
    wanted = None if gemeenten is None else list(gemeenten)
    return list(await connection.fetch(_OPEN, wanted, gemeente, *(na or (None, None, None)), *zonder, limit))


async def find_request(connection: Connection, bericht_nr: int, volgnr: int, gemeenten: Sequence[str] | None) -> Any | None:
    """One request; None when there is none for these gemeenten."""
    return await connection.fetchrow(_EEN, bericht_nr, volgnr, None if gemeenten is None else list(gemeenten))
