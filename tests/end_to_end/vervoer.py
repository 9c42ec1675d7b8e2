"""Ways to have berichten judged: in this process, by consumers on RabbitMQ, by worker processes that a test may kill."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from app.adapters.broker import QUEUE_BEZORGEN, QUEUE_GEPARKEERD, QUEUE_GROOT, QUEUE_KLEIN, open_channel
from app.adapters.clock import AMSTERDAM
from app.adapters.wereld import Wereld
from app.settings import Settings
from tests.end_to_end.werkbank import settings_for
from workers.run import run_workers

CHECKOUT = Path(__file__).resolve().parents[2]
WAIT_S_MAX = 60.0
POLL_S = 0.02


async def empty_queues(amqp_url: str) -> None:
    """Queues have fixed names: what an earlier test left on them would wake up lanes of this one."""
    async with open_channel(amqp_url, prefetch=1) as channel:
        for name in (QUEUE_KLEIN, QUEUE_GROOT, QUEUE_BEZORGEN, QUEUE_GEPARKEERD):
            await (await channel.get_queue(name, ensure=False)).purge()


async def queue_depth(amqp_url: str, name: str) -> int:
    """How many messages of a queue wait for a consumer."""
    async with open_channel(amqp_url, prefetch=1) as channel:
        count = (await channel.declare_queue(name, passive=True)).declaration_result.message_count
        return count or 0


async def until(condition: Callable[[], object], timeout_s: float = WAIT_S_MAX) -> None:
    """Wait until an (async) condition holds; fails the test when it takes too long."""
    async with asyncio.timeout(timeout_s):
        while True:
            held = condition()
            if await held if asyncio.iscoroutine(held) else held:
                return
            await asyncio.sleep(POLL_S)


async def nothing_waits(wereld: Wereld) -> bool:
    """Whether everything that was taken in has an outcome."""
    return not await wereld.pool.fetchval("select exists (select 1 from outbox)")


@asynccontextmanager
async def workers_in_process(wereld: Wereld, dsn: str, folder: Path, **settings: object) -> AsyncIterator[asyncio.Task[None]]:
    """Everything that `solidair work` runs, in this process, until the block ends; it drains then, as at SIGTERM."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_workers(wereld, make_settings(folder, dsn, **settings), dsn, stop))
    try:
        yield task
    finally:
        stop.set()
        await task


def make_settings(folder: Path, dsn: str, **changes: object) -> Settings:
    """Settings of workers that publish again soon when something was lost."""
    return settings_for(folder, database_url=dsn, **{"republish_after_s": 1, **changes})


@contextmanager
def worker_process(
    wereld: Wereld, dsn: str, folder: Path, amqp_url: str | None = None, **settings: object
) -> Iterator[subprocess.Popen[str]]:
    """`solidair work` as a process of its own on the same database, keys and clock; killed at the end of the block if it still runs."""
    values = {"database_url": dsn, "key_file": folder / "sleutels.toml", "amqp_url": amqp_url, "republish_after_s": 1, **settings}
    # Ahead of the clock of the test, because it starts while that one runs on: what was taken in must be due.
    nu = wereld.nu.astimezone(AMSTERDAM).isoformat()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SOLIDAIR_")},
        **{f"SOLIDAIR_{name.upper()}": str(value) for name, value in values.items() if value is not None},
        "SOLIDAIR_MODE": "test",
        "SOLIDAIR_NU": nu,
        "PYTHONPATH": str(CHECKOUT),
    }
    log = (folder / "worker.log").open("a", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "work"], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        log.close()


async def wait_for_exit(process: subprocess.Popen[str], timeout_s: float = WAIT_S_MAX) -> int:
    """The exit code of a process, without blocking the event loop."""
    return await asyncio.to_thread(process.wait, timeout_s)


async def stop_worker(process: subprocess.Popen[str]) -> int:
    """End a worker as an orchestrator does; its exit code."""
    process.send_signal(signal.SIGTERM)
    return await wait_for_exit(process)


@asynccontextmanager
async def blocked_booking(dsn: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Nobody can book while the block lasts, or until `release`: who judges a declaratie stops in the middle of its transaction."""
    holder = await asyncpg.connect(dsn)
    try:
        await holder.execute("begin")
        await holder.execute("lock table boeking in share mode")
        yield holder
    finally:
        await holder.close()


async def release(holder: asyncpg.Connection[asyncpg.Record]) -> None:
    """Booking may go on; `holder` can still be asked."""
    await holder.execute("rollback")


async def backends_waiting_to_book(observer: asyncpg.Connection[asyncpg.Record] | asyncpg.Pool[asyncpg.Record]) -> list[int]:
    """Process ids of the sessions that wait for `blocked_booking`."""
    rows = await observer.fetch(
        "select pid from pg_locks join pg_class on pg_class.oid = relation where not granted and relname = 'boeking' and locktype = 'relation'"
    )
    return [row["pid"] for row in rows]
