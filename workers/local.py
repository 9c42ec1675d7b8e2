"""The local transport: the outbox feeds the same handler inside one process, without a broker.

LISTEN wakes it up, a poll is the safety net. Lanes are taken in turn, one lot each, the one that waited longest first.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

import asyncpg
import structlog

from app.adapters.database import DATABASE_AWAY
from app.adapters.wereld import Wereld
from app.mailbox import outbox
from workers.handler import handle_wake

log = structlog.get_logger(__name__)

POLL_S = 1.0
LANES_AT_ONCE = 4
"""Lanes with small berichten judged beside each other: while one waits for its commit, others work."""
LANES_PER_ROUND = 100
ROUND_S_MIN = 0.25
"""Under a stream of berichten the next round begins so long after the last one, so that a lot is more than one; the first is judged at once."""


async def run_local(wereld: Wereld, *, dsn: str, lot_size_max: int, stop: asyncio.Event) -> None:
    """Judge what waits until `stop` is set; the lot in hand is finished first."""
    woken = asyncio.Event()
    listener = asyncio.create_task(_listen(dsn, woken, stop))
    try:
        while not stop.is_set():
            woken.clear()
            begin = time.monotonic()
            judged = await judge_lanes(wereld, lot_size_max=lot_size_max)
            if not judged:
                await wait_any(woken, stop, timeout_s=POLL_S)
            elif max(judged) < lot_size_max:
                await wait_any(stop, timeout_s=max(0.0, begin + ROUND_S_MIN - time.monotonic()))
    finally:
        listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listener


async def judge_lanes(wereld: Wereld, *, lot_size_max: int) -> list[int]:
    """One lot of every lane that has something due; returns how many berichten of each lane got an outcome, empty when none did."""
    try:
        async with wereld.pool.acquire() as connection:
            lanes = await outbox.waiting_lanes(connection, nu=wereld.nu, limit=LANES_PER_ROUND)
    except DATABASE_AWAY as error:
        log.warning("database_away", error=type(error).__name__)
        return []
    # A big bericht takes hundreds of megabytes while it is judged, so one at a time.
    small_turn, big_turn = asyncio.Semaphore(LANES_AT_ONCE), asyncio.Semaphore(1)

    async def judge(domein: str, agb: str, turn: asyncio.Semaphore) -> int:
        async with turn:
            return await handle_wake(wereld, domein, agb, lot_size_max=lot_size_max)

    judged = await asyncio.gather(*(judge(domein, agb, big_turn if groot else small_turn) for domein, agb, groot in lanes))
    return judged if any(judged) else []


async def judge_all(wereld: Wereld, *, lot_size_max: int) -> int:
    """Judge until nothing is due; for the demo, the command line and tests."""
    total = 0
    while judged := await judge_lanes(wereld, lot_size_max=lot_size_max):
        total += sum(judged)
    return total


async def wait_any(*events: asyncio.Event, timeout_s: float) -> None:
    """Wait until one of the events is set, at most so many seconds."""
    tasks = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _listen(dsn: str, woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Set `woken` at every notification of the outbox; connects again when the connection breaks."""
    while not stop.is_set():
        with contextlib.suppress(*DATABASE_AWAY):
            await _listen_once(dsn, woken)
        await asyncio.sleep(POLL_S)


async def _listen_once(dsn: str, woken: asyncio.Event) -> None:
    """Listen until the connection breaks."""
    connection = await asyncpg.connect(dsn)
    broken = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: broken.set())
        await connection.add_listener(outbox.CHANNEL, lambda *_: woken.set())
        await broken.wait()
    finally:
        await connection.close(timeout=1)
