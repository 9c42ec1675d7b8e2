"""How long the door takes to answer small berichten that come at a steady rate, judged at the same time; budget p95 < 100 ms at 50 a second.

Each bericht is sent at its own moment whatever became of the one before it, on one of eight connections (one for each lane); what waits for its
connection counts as waiting for the answer.

    python -m benchmarks.intake_latency [--rate 50] [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.bootstrap import database_of, open_wereld
from app.commands.bench import scratch, with_database
from app.commands.bench_case import NU
from app.commands.bench_product import product
from app.commands.wereld import read_settings
from app.settings import Settings
from benchmarks.klein import ACCEPTED, LANES, Klein, all_judged, load_region, make_lanes, make_tokens, send
from benchmarks.verzender import Verzender, wait_until_up

P95_S_MAX = 0.1
WARM_CLIENTS = 3


def main() -> None:
    """Print the percentiles, and end with an error when p95 is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=50, help="berichten a second")
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    configure_logging(level="WARNING")
    with database_of(read_settings()) as dsn, tempfile.TemporaryDirectory(prefix="solidair-benchmark-") as folder:
        took = asyncio.run(_measure(dsn, Path(folder), options.rate, options.seconds))
    cuts = statistics.quantiles(took, n=100)
    print(f"{len(took)} berichten at {options.rate} a second: " + ", ".join(f"p{p} {cuts[p - 1] * 1000:.0f} ms" for p in (50, 95, 99)))
    if cuts[94] >= P95_S_MAX:
        raise SystemExit(f"over the budget of {P95_S_MAX * 1000:.0f} ms")


async def _measure(dsn: str, folder: Path, rate: int, seconds: int) -> list[float]:
    """Seconds that each answer took."""
    settings = Settings(mode="test", nu=NU, data_dir=folder, database_url=None, amqp_url=None, key_file=None)
    async with scratch(dsn) as name:
        own = with_database(dsn, name)
        await asyncio.to_thread(migrate, own)
        async with open_wereld(settings, own) as wereld:
            await load_region(wereld, folder / "regio")
            tokens = await make_tokens(wereld)
            with product(own, folder) as processen:
                await wait_until_up(processen.url)
                await send(processen.url, make_lanes(WARM_CLIENTS), tokens)
                lanes = make_lanes(-(-rate * seconds // (3 * LANES)), first=WARM_CLIENTS)
                begin = time.perf_counter() + 0.1
                per_lane = await asyncio.gather(
                    *(_send_on_time(processen.url, lane, tokens, begin + number / rate, LANES / rate) for number, lane in enumerate(lanes))
                )
                await all_judged(wereld)
    return [each for lane in per_lane for each in lane]


async def _send_on_time(url: str, lane: Sequence[Klein], tokens: dict[str, str], begin: float, every_s: float) -> list[float]:
    """Seconds from the moment that each bericht was due until its answer."""
    took: list[float] = []
    async with Verzender(url) as verzender:
        for number, klein in enumerate(lane):
            due = begin + number * every_s
            await asyncio.sleep(due - time.perf_counter())
            status = await verzender.post(klein.data, tokens[klein.van])
            if status != ACCEPTED:
                raise SystemExit(f"the measurement is not valid: the door answers {status}")
            took.append(time.perf_counter() - due)
    return took


if __name__ == "__main__":
    main()
