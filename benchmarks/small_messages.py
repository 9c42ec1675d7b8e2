"""How many small berichten (301, 305, 307) a second go the whole way, as a ratio of the bare intake rate on the same machine and database.

Bare intake is `benchmarks.bare_server`: the same HTTP server, parse with the schema, one insert, one commit. The whole way is the real HTTP
process and a worker process that judges at the same time, from the first bericht until the last has its outcome; with lots of fifty and with
lots of one. Eight senders, one for each lane. Budgets (DESIGN section 10): at least 1/3 and 1/6. The programs take turns; medians.

    python -m benchmarks.small_messages [--clients 50] [--rounds 3] [--broker]

The database is the one of SOLIDAIR_DATABASE_URL or the embedded one (scratch databases only); with --broker a RabbitMQ of its own carries
the wake-ups.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.adapters import broker_node
from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.bootstrap import database_of, open_wereld
from app.commands.bench import scratch, with_database
from app.commands.bench_case import NU
from app.commands.bench_product import product
from app.commands.wereld import read_settings
from app.settings import Settings
from benchmarks.klein import Klein, all_judged, load_region, make_lanes, make_tokens, send
from benchmarks.verzender import wait_until_up

LOTS = {50: 1 / 3, 1: 1 / 6}
"""Berichten in a lot, and the least ratio to bare intake."""
WARM_CLIENTS = 2


def main() -> None:
    """Print a line for each program, and end with an error when a ratio is under its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50, help="clients in each of eight lanes; three berichten each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--broker", action="store_true")
    options = parser.parse_args()
    configure_logging(level="WARNING")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="solidair-benchmark-")))
        amqp_url = stack.enter_context(broker_node.running(folder / "rabbitmq")).url if options.broker else None
        dsn = stack.enter_context(database_of(read_settings()))
        bare, rates = asyncio.run(_measure(dsn, amqp_url, folder, options.clients, options.rounds))
    print(f"bare intake      {bare:8.0f} a second")
    for lot, rate in rates.items():
        print(f"whole way, lot {lot:2}{rate:8.0f} a second = {rate / bare:.2f} of bare intake (at least {LOTS[lot]:.2f})")
    if any(rate / bare < LOTS[lot] for lot, rate in rates.items()):
        raise SystemExit("under the budget")


async def _measure(dsn: str, amqp_url: str | None, folder: Path, clients: int, rounds: int) -> tuple[float, dict[int, float]]:
    """Median rates: bare, and of the whole way per size of lot."""
    lanes, warm = make_lanes(clients, first=WARM_CLIENTS), make_lanes(WARM_CLIENTS)
    settings = Settings(mode="test", nu=NU, data_dir=folder, database_url=None, amqp_url=None, key_file=None)
    bare: list[float] = []
    rates: dict[int, list[float]] = {lot: [] for lot in LOTS}
    async with scratch(dsn) as base:
        await asyncio.to_thread(migrate, with_database(dsn, base))
        async with open_wereld(settings, with_database(dsn, base)) as wereld:
            await load_region(wereld, folder / "regio")
        for _ in range(rounds):
            async with scratch(dsn, template=base) as name:
                bare.append(await _bare(with_database(dsn, name), warm, lanes))
            for lot, found in rates.items():
                async with scratch(dsn, template=base) as name:
                    found.append(await _whole_way(settings, with_database(dsn, name), amqp_url, folder, warm, lanes, lot))
    return statistics.median(bare), {lot: statistics.median(found) for lot, found in rates.items()}


async def _bare(dsn: str, warm: Sequence[Sequence[Klein]], lanes: Sequence[Sequence[Klein]]) -> float:
    """Berichten a second that are parsed, validated and stored with one insert each."""
    with bare_server(dsn) as url:
        await wait_until_up(url)
        await send(url, warm, {})
        begin = time.perf_counter()
        await send(url, lanes, {})
        return sum(map(len, lanes)) / (time.perf_counter() - begin)


@contextmanager
def bare_server(dsn: str) -> Iterator[str]:
    """Its address while it runs."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.bare_server", dsn], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


async def _whole_way(
    settings: Settings,
    dsn: str,
    amqp_url: str | None,
    folder: Path,
    warm: Sequence[Sequence[Klein]],
    lanes: Sequence[Sequence[Klein]],
    lot: int,
) -> float:
    """Berichten a second from the first at the door to the last with an outcome."""
    extra = {"LOT_SIZE_MAX": str(lot), **({"AMQP_URL": amqp_url} if amqp_url else {})}
    with product(dsn, folder, **extra) as processen:
        async with open_wereld(settings, dsn) as wereld:
            tokens = await make_tokens(wereld)
            await wait_until_up(processen.url)
            await send(processen.url, warm, tokens)
            await all_judged(wereld)
            begin = time.perf_counter()
            await send(processen.url, lanes, tokens)
            await all_judged(wereld)
            return sum(map(len, lanes)) / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
