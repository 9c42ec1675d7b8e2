"""The floor of `solidair bench`: the least that any program must do with a big declaratie, on the same machine and database (DESIGN section 10).

lxml parses and validates; one pass makes tuples; one query finds the toewijzingen by key; COPY writes one row per prestatie into a copy of
`prestatie` and one into a copy of `boeking`, which have their primary key and no other index; one commit. No rules, answer, storage of the
bytes, balances, HTTP or queue. It knows how the declaratie of the bench is made and would misread any other.
"""

from __future__ import annotations

import time
from datetime import date

from lxml import etree

from app.adapters.database import Connection
from app.adapters.xml import SAFE, Schemas
from app.commands.bench_case import AGB, GEMEENTE, SOORT, Geval
from app.ledger.store import BOEKING_COLUMNS
from app.register.store import PRESTATIE_COLUMNS

BERICHT_NR = 1
KOSTEN_NR, CREDITEUR_NR = 1, 2
CLIENT, PRESTATIE = f"{{{SOORT.namespace}}}Client", f"{{{SOORT.namespace}}}Prestatie"

TABLES = """
create table bodem_prestatie (like prestatie including defaults);
alter table bodem_prestatie add primary key (bericht_nr, regel);
create table bodem_boeking (like boeking including defaults);
alter table bodem_boeking add primary key (bericht_nr, regel, soort, volgnr);
"""
FIND = """
select t.toewijzing_nummer, t.client_id, t.categorie, t.code, t.ingangsdatum, t.einddatum, t.volume, t.eenheid, t.frequentie
  from toewijzing_versie t
  join unnest($1::text[], $2::bigint[]) k (gemeente, toewijzing_nummer) using (gemeente, toewijzing_nummer)
 where t.domein = 'ijw' and t.ingetrokken_door is null
"""


async def run_floor(connection: Connection, geval: Geval, schemas: Schemas) -> float:
    """Seconds of one run; its tables are made before and dropped after."""
    await connection.execute(TABLES)
    schema = schemas.compiled(SOORT)
    begin = time.perf_counter()
    async with connection.transaction():
        await _process(connection, geval.data, schema)
    seconds = time.perf_counter() - begin
    written = await connection.fetchval("select count(*) from bodem_boeking")
    assert written == geval.prestaties, f"the floor wrote {written} rows for {geval.prestaties} prestaties"
    await connection.execute("drop table bodem_prestatie, bodem_boeking")
    return seconds


async def _process(connection: Connection, data: bytes, schema: etree.XMLSchema) -> None:
    lines = _read(data, schema)
    numbers = [int(line[2]) for line in lines]
    found = {row[0]: row for row in await connection.fetch(FIND, [GEMEENTE] * len(numbers), numbers)}
    prestaties, boekingen = [], []
    for regel, (referentie, _, nummer, categorie, code, van, tot, volume, eenheid, tarief, bedrag) in enumerate(lines, 1):
        number, cents, begin, end = int(nummer), int(bedrag), date.fromisoformat(van), date.fromisoformat(tot)
        client_id = found[number][1]
        prestaties.append(
            (
                BERICHT_NR, regel, "ijw", GEMEENTE, AGB, client_id, referentie, None, False, number, categorie, code, begin, end, int(volume),
                eenheid, int(tarief), cents, True, (), "ambulant", GEMEENTE, 1,
            )
        )  # fmt: skip
        boekingen.append(
            (
                BERICHT_NR, regel, "prestatie", 0, KOSTEN_NR, CREDITEUR_NR, cents, "ijw", "ambulant", begin, begin, end, end, client_id,
                BERICHT_NR << 20 | regel, 1, "3.2/1", None,
            )
        )  # fmt: skip
    await connection.copy_records_to_table("bodem_prestatie", records=prestaties, columns=PRESTATIE_COLUMNS)
    await connection.copy_records_to_table("bodem_boeking", records=boekingen, columns=BOEKING_COLUMNS)


def _read(data: bytes, schema: etree.XMLSchema) -> list[tuple[str, ...]]:
    """Every prestatie as its texts in order: referentie, Bsn, toewijzing, categorie, code, begin, end, volume, eenheid, tarief, bedrag."""
    root = etree.fromstring(data, etree.XMLParser(schema=schema, **SAFE))
    lines: list[tuple[str, ...]] = []
    for client in root.iter(CLIENT):
        bsn = client[0].text or ""
        for prestatie in client.iter(PRESTATIE):
            _, _, referentie, nummer, categorie, code, _, van, tot, volume, eenheid, tarief, _, bedrag, _ = [
                element.text or "" for element in prestatie.iter()
            ]
            lines.append((referentie, bsn, nummer, categorie, code, van, tot, volume, eenheid, tarief, bedrag))
    return lines
