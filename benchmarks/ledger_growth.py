"""What judging and booking a bericht costs when the ledger is ten (or a hundred) times as big; budget at most 1.2 times (DESIGN section 10).

For each size a scratch database is filled with so many transfers and the prestaties they book, over fifty aanbieders, as SQL makes them; then
declaraties of ten prestaties of one aanbieder, which has its share of that past, are taken in and judged one by one. The sizes take turns per
declaratie, so that noise of the machine hits them alike; the median of each counts.

    python -m benchmarks.ledger_growth [--berichten 100] [--groot]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.adapters.wereld import Wereld
from app.bootstrap import database_of, open_wereld
from app.commands.bench import scratch, with_database
from app.commands.bench_case import AGB, GEMEENTE, NU, PARTIJ, Geval, load_geval, make_declaratie, make_geval
from app.commands.wereld import read_settings
from app.domain.partij import Actor
from app.intake import ontvang
from app.judging import verwerk_baan
from app.settings import Settings

SIZES = (100_000, 1_000_000)
SIZE_BIG = 10_000_000
RATIO_MAX = 1.2
LINES = 10
AANBIEDERS = 50
PER_DECLARATIE = 1000

FILL = (
    """
    insert into prestatie (bericht_nr, regel, domein, gemeente, agb, client_id, referentie_nummer, is_credit, toewijzing_nummer, categorie, code,
                           begindatum, einddatum, volume, eenheid, tarief_cent, bedrag_cent, toegekend, zorgvorm, gemeente_drager)
    select 1000000 + n / $2, n % $2 + 1, 'ijw', $4, ($3::bigint + n / $2 % $5)::text, n % 9000 + 1, 'V' || n, false, 100000000 + n, '45', '45A04',
           date '2025-01-01', date '2025-01-31', 8, '04', 6000, 48000, true, 'ambulant', $4
      from generate_series(0, $1 - 1) n
    """,
    """
    with rekeningen as (
        insert into rekening (soort, gemeente, agb) values ('kosten', '9998', ''), ('crediteur', '9998', '99999998') returning rekening_nr)
    insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, dienst_van, dienst_tot, boekdatum,
                         client_id, prestatie_nr, regelset)
    select bericht_nr, regel, 'prestatie', 0, (select min(rekening_nr) from rekeningen), (select max(rekening_nr) from rekeningen),
           bedrag_cent, domein, zorgvorm, begindatum, begindatum, einddatum, date '2025-02-05',
           client_id, bericht_nr << 20 | regel, '3.2/1' from prestatie
    """,
    """
    insert into declaratie (bericht_nr, domein, agb, gemeente, declaratie_nummer, begindatum, einddatum)
    select distinct bericht_nr, domein, agb, gemeente, 'V' || bericht_nr, begindatum, einddatum from prestatie
    """,
)


def main() -> None:
    """Print the cost per bericht for each size, and end with an error when it grows over its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--berichten", type=int, default=100)
    parser.add_argument("--groot", action="store_true", help=f"also {SIZE_BIG} transfers: takes minutes and 6 GB")
    options = parser.parse_args()
    configure_logging(level="WARNING")
    sizes = (*SIZES, SIZE_BIG) if options.groot else SIZES
    with database_of(read_settings()) as dsn, tempfile.TemporaryDirectory(prefix="solidair-benchmark-") as folder:
        medians = asyncio.run(_measure(dsn, Path(folder), sizes, options.berichten))
    for size, seconds in medians.items():
        print(f"{size:11} transfers {seconds * 1000:7.1f} ms a bericht = {seconds / medians[sizes[0]]:.2f} x")
    if medians[sizes[-1]] > RATIO_MAX * medians[sizes[0]]:
        raise SystemExit(f"over the budget of {RATIO_MAX} x")


async def _measure(dsn: str, folder: Path, sizes: tuple[int, ...], count: int) -> dict[int, float]:
    """Median seconds a bericht per size."""
    geval = make_geval(LINES * 2000, dicht=True)
    geval = replace(geval, bsns=[geval.bsns[0]] * LINES * count)
    async with AsyncExitStack() as stack:
        werelden = {size: await _filled(stack, dsn, folder / str(size), size, geval) for size in sizes}
        took: dict[int, list[float]] = {size: [] for size in sizes}
        for number in range(count):
            data = make_declaratie(f"G{number}", geval.bsns[:LINES], first=number * LINES + 1)
            for size, wereld in werelden.items():
                took[size].append(await _judge(wereld, data))
    # The first ones prepare statements and fill caches.
    return {size: statistics.median(found[count // 10 :]) for size, found in took.items()}


async def _filled(stack: AsyncExitStack, dsn: str, folder: Path, size: int, geval: Geval) -> Wereld:
    """A world with so many transfers in its ledger."""
    own = with_database(dsn, await stack.enter_async_context(scratch(dsn)))
    await asyncio.to_thread(migrate, own)
    settings = Settings(mode="test", nu=NU, data_dir=folder, database_url=None, amqp_url=None, key_file=None)
    wereld = await stack.enter_async_context(open_wereld(settings, own))
    prestaties, boekingen, declaraties = FILL
    await wereld.pool.execute(prestaties, size, PER_DECLARATIE, int(AGB), GEMEENTE, AANBIEDERS, timeout=1800)
    for statement in (boekingen, declaraties):
        await wereld.pool.execute(statement, timeout=1800)
    await wereld.pool.execute("vacuum analyze", timeout=1800)
    await load_geval(wereld, geval, folder / "regio")
    return wereld


async def _judge(wereld: Wereld, data: bytes) -> float:
    """Seconds from the door to the stored outcome of one declaratie."""
    begin = time.perf_counter()
    nr = (await ontvang(wereld, Actor(naam="benchmark", partijen=frozenset({PARTIJ})), data)).bericht_nr
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=1)
    seconds = time.perf_counter() - begin
    status = await wereld.pool.fetchval("select status from bericht where bericht_nr = $1", nr)
    if status != "verwerkt":
        raise SystemExit(f"the measurement is not valid: a declaratie got status {status}")
    return seconds


if __name__ == "__main__":
    main()
