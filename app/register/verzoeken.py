"""Requests of aanbieders (315, 317) in the register: read for a Snapshot, added, decided on, and undone. Sets at a time, SQL on asyncpg."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.domain.oordeel import Oordeel
from app.domain.snapshot import EerderVerzoek, VerzoekStatus
from app.domain.termijnen import Verzoektermijnen
from app.register.sleutels import Sleutels, gemeente_van

COLUMNS = (
    "bericht_nr", "volgnr", "domein", "agb", "gemeente", "client_id", "soort", "referentie_aanbieder", "ontvangst_datum", "categorie", "code",
    "reden_verzoek", "status", "antwoordtermijn", "onderzoekstermijn", "woonplaatstermijn",
)  # fmt: skip


async def load(connection: Connection, domein: str, agb: str, keys: Sleutels, clienten: Mapping[str, int]) -> dict[str, Any]:
    """The fields of a Snapshot about requests: those with a reference of these berichten, and the undecided ones of their clients."""
    client_ids = [clienten[bsn] for bsn in sorted(keys.verzoek_bsns) if bsn in clienten]
    if not keys.verzoeken and not client_ids:
        return {}
    rows = await connection.fetch(
        """
        select bericht_nr, volgnr, soort, gemeente, client_id, referentie_aanbieder, status, categorie, code
          from verzoek
         where domein = $1 and agb = $2 and (referentie_aanbieder = any($3::text[]) or (client_id = any($4::bigint[]) and besluit_nr is null))
         order by bericht_nr, volgnr
        """,
        domein,
        agb,
        keys.verzoeken,
        client_ids,
    )
    verzoeken = [EerderVerzoek(**{**row, "status": VerzoekStatus(row["status"])}) for row in rows]
    onderhanden: dict[tuple[str, int], set[str]] = defaultdict(set)
    for verzoek in verzoeken:
        if verzoek.status.is_onderhanden:
            onderhanden[verzoek.gemeente, verzoek.client_id].add(verzoek.referentie_aanbieder)
    return {
        "verzoeken": {(verzoek.gemeente, verzoek.referentie_aanbieder): verzoek for verzoek in verzoeken},
        "verzoek_referenties": frozenset(verzoek.referentie_aanbieder for verzoek in verzoeken),
        "onderhanden": {key: frozenset(found) for key, found in onderhanden.items()},
    }


async def save(connection: Connection, oordelen: Mapping[int, Oordeel], agb: str, termijnen: Mapping[int, Verzoektermijnen]) -> None:
    """Add the requests of accepted 315s and 317s; both mappings are keyed by bericht_nr."""
    rows = [row for nr, oordeel in oordelen.items() if oordeel.verzoeken for row in _rows(nr, oordeel, agb, termijnen[nr])]
    if rows:
        await connection.copy_records_to_table("verzoek", records=rows, columns=COLUMNS)


def _rows(nr: int, oordeel: Oordeel, agb: str, termijnen: Verzoektermijnen) -> list[tuple[object, ...]]:
    client = oordeel.bericht.client
    reden = client.verzoek.reden_verzoek if client is not None and client.verzoek is not None else None
    return [
        (
            nr, verzoek.volgnr, oordeel.bericht.domein, agb, verzoek.gemeente, verzoek.client_id, verzoek.soort, verzoek.referentie_aanbieder,
            termijnen.ontvangen, verzoek.categorie, verzoek.code, reden, verzoek.status.value, termijnen.antwoord, termijnen.onderzoek,
            termijnen.woonplaats,
        )
        for verzoek in oordeel.verzoeken
    ]  # fmt: skip


async def decide(connection: Connection, oordelen: Mapping[int, Oordeel], agb: str, ontvangen: Mapping[int, date]) -> None:
    """Store what accepted 301s and 319s decide on requests, on the day they were received; keyed by bericht_nr, in order of judging."""
    onderzoek: list[tuple[str, str, str, int]] = []
    besluit: list[tuple[str, str, str, int, str, date]] = []
    for nr, oordeel in oordelen.items():
        for referentie, status in oordeel.verzoek_besluiten.items():
            key = oordeel.bericht.domein, gemeente_van(oordeel.bericht), referentie, nr
            if status is VerzoekStatus.IN_ONDERZOEK:
                onderzoek.append(key)
            else:
                besluit.append((*key, status.value, ontvangen[nr]))
    if onderzoek:
        await connection.execute(
            """
            update verzoek v set status = 'in_onderzoek', onderzoek_nr = k.nr
              from unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) k (domein, gemeente, referentie, nr)
             where v.domein = k.domein and v.agb = $1 and v.gemeente = k.gemeente and v.referentie_aanbieder = k.referentie
            """,
            agb,
            *map(list, zip(*onderzoek, strict=True)),
        )
    if besluit:
        await connection.execute(
            """
            update verzoek v set status = k.status, besluit_nr = k.nr, besluit_datum = k.dag
              from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::date[])
                   k (domein, gemeente, referentie, nr, status, dag)
             where v.domein = k.domein and v.agb = $1 and v.gemeente = k.gemeente and v.referentie_aanbieder = k.referentie
            """,
            agb,
            *map(list, zip(*besluit, strict=True)),
        )


async def undo(connection: Connection, bericht_nrs: Sequence[int]) -> None:
    """Requests are again as they were before these 301s and 319s, which count as not sent (OP286)."""
    await connection.execute(
        """
        update verzoek set onderzoek_nr = null, status = case when besluit_nr is null then 'open' else status end
         where onderzoek_nr = any($1::bigint[])
        """,
        list(bericht_nrs),
    )
    await connection.execute(
        """
        update verzoek
           set besluit_nr = null, besluit_datum = null, status = case when onderzoek_nr is null then 'open' else 'in_onderzoek' end
         where besluit_nr = any($1::bigint[])
        """,
        list(bericht_nrs),
    )
