"""What judging and booking a declaratie costs when the ledger is ten and a hundred times as big; budget at most 1.2 times (DESIGN section 10).
What folding and asking balances cost then too, and a settlement over ten years: 1 s from balances, 5 s with layers per client.

For each size a scratch database is filled by SQL as a region would have filled it in ten years: thirty gemeenten, ten zorgvormen, fifty aanbieders,
declaraties of a hundred prestaties in order of time, with their balances and those per client. Then declaraties of one aanbieder, which has its share
of that past, are taken in, judged and booked one by one: short ones, and long ones followed by a fold and a question. The sizes take turns per
declaratie, so that noise of the machine hits them alike; the median of each counts.

    python -m benchmarks.ledger_growth [--berichten 60] [--lang 15] [--regels 5000] [--groot]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.adapters.wereld import Wereld
from app.bootstrap import database_of, open_wereld
from app.commands.bench import scratch, with_database
from app.commands.bench_case import AGB, GEMEENTE, NU, PARTIJ, REGION, Geval, load_geval, make_declaratie, make_geval, valid_bsns
from app.commands.wereld import read_settings
from app.domain.partij import SYSTEEM, Actor, Rol
from app.intake import ontvang
from app.judging import verwerk_baan
from app.ledger import SaldoFilter, fold, saldi
from app.settings import Settings
from app.solidarity.document import Overeenkomst
from app.solidarity.modellen import Gebied, model_document
from app.solidarity.runinvoer import Lid
from app.solidarity.service import Keuze, Model, vereven, vereven_overeenkomst

SIZES = (100_000, 1_000_000)
SIZE_BIG = 10_000_000
RATIO_MAX = 1.2
SETTLE_S_MAX, SETTLE_CLIENTS_S_MAX = 1.0, 5.0
LINES = 10
PER_CLIENT = 4
JAAR = 2025
ROUNDS = 5
GEMEENTEN = (GEMEENTE, *(str(code) for code in range(9001, 9030)))
ZORGVORMEN = ("ambulant", *(f"vorm{n}" for n in range(1, 10)))
CONTROLLER = Actor(naam="benchmark", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
SENDER = Actor(naam="benchmark", partijen=frozenset({PARTIJ}))
REGION_BIG = {
    **REGION,
    "gemeenten.csv": "code,naam,geldig_van,geldig_tot\n" + "".join(f"{code},G{code},2015-01-01,\n" for code in GEMEENTEN),
    "zorgvormen.csv": "zorgvorm,naam,domein,stuurbaarheid\n" + "".join(f"{vorm},{vorm},ijw,licht\n" for vorm in ZORGVORMEN),
    "maatstaven.csv": "maatstaf,gemeente,zorgvorm,jaar,waarde\n"
    + "".join(f"inwoners,{code},,{jaar},{10_000 + int(code)}\n" for code in GEMEENTEN for jaar in range(2016, 2027)),
}
MEASURES = ("a short declaratie", "a long declaratie", "fold", "balances of a year")

FILL = (
    # Ten years of declaraties in order of time: of every gemeente and aanbieder in turn, each over one month.
    """
    create temporary table stuk as
    select d, 1000000 + 2 * d as bericht_nr, ($3::text[])[d % $2 + 1] as gemeente, ($4::bigint + d / $2 % 50)::text as agb,
           (date '2016-05-01' + make_interval(months => (d * 120 / $1)::int))::date as maand
      from generate_series(0::bigint, $1 - 1) d
    """,
    "insert into rekening (soort, gemeente, agb) select distinct 'kosten', gemeente, '' from stuk",
    "insert into rekening (soort, gemeente, agb) select distinct 'crediteur', gemeente, agb from stuk",
    # A client lives in one gemeente and has one kind of care; a thousand in each gemeente.
    """
    insert into prestatie (bericht_nr, regel, domein, gemeente, agb, client_id, referentie_nummer, is_credit, toewijzing_nummer, categorie, code,
                           begindatum, einddatum, volume, eenheid, tarief_cent, bedrag_cent, toegekend, zorgvorm, gemeente_drager)
    select bericht_nr, n, 'ijw', gemeente, agb, 100000 + d % 30 * 1000 + (d / 30 * 100 + n) % 1000, 'V' || d || '.' || n, false,
           100000000 + d * 100 + n, '45', '45A04', maand, (maand + interval '1 month - 1 day')::date, 8, '04', 6000, 48000, true,
           ($1::text[])[n % 10 + 1], gemeente
      from stuk, generate_series(1, 100) n
    """,
    """
    insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, dienst_van, dienst_tot, boekdatum,
                         client_id, prestatie_nr, regelset)
    select p.bericht_nr, p.regel, 'prestatie', 0, d.rekening_nr, c.rekening_nr, p.bedrag_cent, p.domein, p.zorgvorm, p.begindatum, p.begindatum,
           p.einddatum, (p.begindatum + interval '1 month 4 days')::date, p.client_id, p.bericht_nr << 20 | p.regel, '3.2/1'
      from prestatie p
      join rekening d on d.soort = 'kosten' and d.gemeente = p.gemeente
      join rekening c on c.soort = 'crediteur' and c.gemeente = p.gemeente and c.agb = p.agb
     order by p.bericht_nr, p.regel
    """,
    """
    insert into declaratie (bericht_nr, domein, agb, gemeente, declaratie_nummer, begindatum, einddatum)
    select bericht_nr, 'ijw', agb, gemeente, 'V' || d, maand, (maand + interval '1 month - 1 day')::date from stuk
    """,
    """
    insert into saldo (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent)
    select nr, domein, zorgvorm, zorgmaand, date_trunc('month', boekdatum), sum(cent)
      from boeking cross join lateral (values (debet, bedrag_cent), (credit, -bedrag_cent)) z (nr, cent) group by 1, 2, 3, 4, 5
    """,
    """
    insert into saldo_client (client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent)
    select client_id, r.gemeente, zorgvorm, extract(year from zorgmaand), sum(bedrag_cent)
      from boeking join rekening r on r.rekening_nr = debet group by 1, 2, 3, 4
    """,
    "select setval('bericht_nr_seq', 1000000000)",
)


def main() -> None:
    """Print what each part costs for each size, and end with an error when one is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--berichten", type=int, default=60, help=f"short declaraties, of {LINES} lines")
    parser.add_argument("--lang", type=int, default=15, help="long declaraties")
    parser.add_argument("--regels", type=int, default=5000, help="lines of a long one")
    parser.add_argument("--groot", action="store_true", help=f"{SIZE_BIG} transfers instead of {SIZES[-1]}: takes minutes and 10 GB")
    options = parser.parse_args()
    configure_logging(level="WARNING")
    sizes = (SIZES[0], SIZE_BIG) if options.groot else SIZES
    with database_of(read_settings()) as dsn, tempfile.TemporaryDirectory(prefix="solidair-benchmark-") as folder:
        over = asyncio.run(_measure(dsn, Path(folder), sizes, options))
    if over:
        raise SystemExit("over its budget: " + ", ".join(over))


async def _measure(dsn: str, folder: Path, sizes: tuple[int, ...], options: argparse.Namespace) -> list[str]:
    """Print everything; what is over its budget."""
    lines = [LINES] * options.berichten + [options.regels] * options.lang
    geval = replace(make_geval(20_000, dicht=True), bsns=_clients(sum(lines), options.regels))
    async with AsyncExitStack() as stack:
        werelden = {size: await _filled(stack, dsn, folder / str(size), size, geval) for size in sizes}
        medians = await _declare(werelden, geval.bsns, lines)
        for size in sizes:
            print(f"{size:11} transfers: " + ", ".join(f"{name} {medians[size][name] * 1000:.1f} ms" for name in MEASURES))
        ratios = {name: medians[sizes[-1]][name] / medians[sizes[0]][name] for name in MEASURES}
        print(f"{sizes[-1] // sizes[0]:>11} x as many: " + ", ".join(f"{name} {ratio:.2f} x" for name, ratio in ratios.items()))
        over = [name for name in MEASURES[:2] if ratios[name] > RATIO_MAX]
        return over + await _settle(werelden[sizes[-1]])


def _clients(count: int, per_declaratie: int) -> list[str]:
    """Whose each line is: four of one client in a row, and of no client twice in a declaratie while there are enough of them."""
    bsns = valid_bsns()[: -(-per_declaratie // PER_CLIENT)]
    return [bsns[n // PER_CLIENT % len(bsns)] for n in range(count)]


async def _filled(stack: AsyncExitStack, dsn: str, folder: Path, size: int, geval: Geval) -> Wereld:
    """A world with so many transfers in its ledger."""
    own = with_database(dsn, await stack.enter_async_context(scratch(dsn)))
    await asyncio.to_thread(migrate, own)
    settings = Settings(mode="test", nu=NU, data_dir=folder, database_url=None, amqp_url=None, key_file=None)
    wereld = await stack.enter_async_context(open_wereld(settings, own))
    begin = time.perf_counter()
    values: Mapping[int, tuple[object, ...]] = {0: (size // 100, len(GEMEENTEN), list(GEMEENTEN), int(AGB)), 3: (list(ZORGVORMEN),)}
    async with wereld.pool.acquire() as connection:
        for number, statement in enumerate(FILL):
            await connection.execute(statement, *values.get(number, ()), timeout=3600)
        await connection.execute("drop table stuk")
        await connection.execute("vacuum analyze", timeout=3600)
    await load_geval(wereld, geval, folder / "regio", REGION_BIG)
    # What filling left to be written must not be written while we measure.
    await wereld.pool.execute("checkpoint", timeout=3600)
    used = await wereld.pool.fetchval("select pg_database_size(current_database())")
    print(f"{size:11} transfers filled in {time.perf_counter() - begin:.0f} s, {used / 2**30:.1f} GB", flush=True)
    return wereld


async def _declare(werelden: Mapping[int, Wereld], bsns: Sequence[str], lines: Sequence[int]) -> dict[int, dict[str, float]]:
    """Median seconds of each measure per size."""
    took: dict[int, dict[str, list[float]]] = {size: defaultdict(list) for size in werelden}
    first = 0
    for number, count in enumerate(lines):
        data = make_declaratie(f"G{number}", bsns[first : first + count], first=first + 1)
        first += count
        for size, wereld in werelden.items():
            name = MEASURES[0] if count == LINES else MEASURES[1]
            took[size][name].append(await _judge(wereld, data))
            if count != LINES:
                took[size][MEASURES[2]].append(await _seconds(partial(fold, wereld)))
                took[size][MEASURES[3]].append(await _seconds(partial(_ask, wereld)))
    # The first ones prepare statements and fill caches.
    return {size: {name: statistics.median(each[1 + len(each) // 10 :]) for name, each in found.items()} for size, found in took.items()}


async def _judge(wereld: Wereld, data: bytes) -> float:
    """Seconds from the door to the stored outcome of one declaratie, its transfers and what they do to the balances included."""
    gc.collect()
    begin = time.perf_counter()
    nr = (await ontvang(wereld, SENDER, data)).bericht_nr
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=1)
    seconds = time.perf_counter() - begin
    status = await wereld.pool.fetchval("select status from bericht where bericht_nr = $1", nr)
    if status != "verwerkt":
        raise SystemExit(f"the measurement is not valid: a declaratie got status {status}")
    return seconds


async def _ask(wereld: Wereld) -> None:
    """The cost of one gemeente in a year of care, per zorgvorm and month."""
    found = await saldi(wereld, SYSTEEM, SaldoFilter(rekening="kosten", gemeente=GEMEENTE, zorgjaar=JAAR))
    if not found:
        raise SystemExit("the measurement is not valid: there is no balance")


async def _settle(wereld: Wereld) -> list[str]:
    """Settle the last whole year by a model and by one with layers per client: computed from balances and stored; what is over its budget."""

    async def plain() -> None:
        await vereven(wereld, CONTROLLER, Keuze(jaar=JAAR, model=Model.WAARBORG))

    async def years() -> None:
        await vereven(wereld, CONTROLLER, Keuze(jaar=JAAR, model=Model.VLAKTAKS))

    async def clients() -> None:
        await vereven_overeenkomst(wereld, CONTROLLER, _stoploss(), JAAR)

    over = []
    wanted: tuple[tuple[str, Callable[[], Awaitable[None]], float], ...] = (
        ("settlement by waarborg", plain, SETTLE_S_MAX),
        ("settlement by vlaktaks over three years", years, SETTLE_S_MAX),
        ("settlement with a layer per client", clients, SETTLE_CLIENTS_S_MAX),
    )
    for name, settle, most in wanted:
        seconds = statistics.median([await _seconds(settle) for _ in range(ROUNDS)])
        print(f"{name} {seconds:.2f} s (budget {most:.0f} s)", flush=True)
        over += [name] if seconds > most else []
    return over


def _stoploss() -> Overeenkomst:
    """What a client costs above 25 000 euro a year is shared, per zorgvorm."""
    leden = [Lid(code=code, geldig_van=date(2015, 1, 1), geldig_tot=None) for code in GEMEENTEN]
    return model_document("stoploss:25000", Gebied(leden=leden, zorgvormen=ZORGVORMEN, jaren=range(JAAR, JAAR + 1)))


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    gc.collect()
    begin = time.perf_counter()
    await work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
