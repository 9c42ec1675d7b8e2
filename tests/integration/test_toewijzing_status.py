"""The list of toewijzingen of one status is exactly what the whole list says of that status, page by page; also of what is rare."""

from __future__ import annotations

from collections import Counter
from datetime import date

import asyncpg
import pytest

from app.composing import store_tonen
from app.composing.service_tonen import STATUSSEN
from app.composing.store_tonen import Plek

VANDAAG = date(2026, 7, 3)
ROWS = (
    """
    create temporary table geval as
    select n, 1000 + n as bericht_nr, (n + 1) / 2 as nummer, case n % 3 when 0 then '0664' else '0687' end as gemeente,
           (array['klaar', 'bezorgd', 'beantwoord', 'afgekeurd_door_ontvanger'])[1 + n % 4] as status,
           date '2026-01-01' + n % 7 as ingang, (array[null, date '2026-05-01', date '2026-12-31'])[1 + n / 5 % 3] as einde,
           n % 11 = 0 as verwijderd, n / 3 % 3 as geleverd
      from generate_series(1, 240) n
    """,
    """
    insert into bericht (bericht_nr, richting, domein, soort, van, aan, gemeente, agb, identificatie, dagtekening, sha256, poging, grootte, status,
                         telt, ontvangen_op, ontvangst_datum, ingediend_door)
    select bericht_nr, 'in', 'ijw', '301', 'gemeente:' || gemeente, 'aanbieder:42420001', gemeente, '42420001', 'H' || n, ingang,
           sha256(int8send(n)), 0, 10, status, true, ingang, ingang, 'proef'
      from geval
    """,
    """
    insert into client (client_id, bsn_hmac, sleutel_versie, bsn_versleuteld, aangemaakt_op) overriding system value
    select nummer, sha256(int8send(nummer)), 1, '\\x00', date '2026-01-01' from (select distinct nummer from geval) g
    """,
    "insert into bericht_inhoud (bericht_nr, sleutel_versie, inhoud) select bericht_nr, 1, '\\x00' from geval",
    """
    insert into toewijzing_versie (domein, gemeente, toewijzing_nummer, bericht_nr, volgnr, agb, client_id, categorie, code, toewijzingsdatum,
                                   toewijzingstijd, ingangsdatum, einddatum, reden_wijziging, ingetrokken_door)
    select 'ijw', gemeente, nummer, bericht_nr, 1, '42420001', nummer, '45', '45A04', ingang, '09:00', ingang,
           case when verwijderd then ingang else einde end, case when verwijderd then '13' end,
           case when status = 'afgekeurd_door_ontvanger' then 5000 + n end
      from geval
    """,
    """
    insert into levering (bericht_nr, volgnr, domein, gemeente, agb, client_id, toewijzing_nummer, categorie, code, begindatum, reden_beeindiging,
                          einddatum)
    select 9000 + n, 1, 'ijw', gemeente, '42420001', nummer, nummer, '45', '45A04', ingang, case when geleverd = 2 then '19' end,
           case when geleverd = 2 then ingang + 30 end
      from geval where geleverd > 0
    """,
)


@pytest.mark.parametrize("gemeenten", [None, ["0664"]])
async def test_a_status_lists_what_the_whole_list_says(database: str, gemeenten: list[str] | None) -> None:
    """Two versions of most toewijzingen, every status of a 301, ended, taken away, started and stopped, in many combinations."""
    connection = await asyncpg.connect(database)
    try:
        for statement in ROWS:
            await connection.execute(statement)
        whole = await store_tonen.list_regels(connection, VANDAAG, gemeenten, limit=500)
        for status in STATUSSEN:
            wanted = [(row["bericht_nr"], row["volgnr"]) for row in whole if row["status"] == status]
            found: list[tuple[int, int]] = []
            na: Plek | None = None
            while page := await store_tonen.list_regels(connection, VANDAAG, gemeenten, status=status, na=na, limit=7):
                found += [(row["bericht_nr"], row["volgnr"]) for row in page]
                na = Plek(bericht_nr=found[-1][0], volgnr=found[-1][1])
            assert found == wanted, status
    finally:
        await connection.close()

    assert Counter(row["status"] for row in whole).keys() == set(STATUSSEN)
