"""One worker process: with a broker it relays and consumes, without one it feeds itself from the outbox; SIGTERM drains."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

import structlog

from app.adapters.wereld import Wereld
from app.mailbox import outbox
from app.settings import Settings
from workers.consumer import QUEUES, Progress, run_consumer
from workers.geheugen import rare_collections
from workers.local import run_local
from workers.relay import run_relay
from workers.sweeper import run_sweeper

log = structlog.get_logger(__name__)

LIVENESS_S = 120.0
LIVENESS_CHECK_S = 10.0


class GeenVoortgang(Exception):
    """There is work that is due and nothing was handled for two minutes: the process ends so that it is started again."""


async def run_workers(wereld: Wereld, settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """Run until `stop` is set.

    Raises:
        GeenVoortgang: A consumer stopped consuming, a known failure of client libraries after a broker restart.
    """
    with rare_collections():
        await _run_together(wereld, settings, dsn, stop)


async def _run_together(wereld: Wereld, settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(run_sweeper(wereld, stop=stop))
        if settings.amqp_url is None:
            group.create_task(run_local(wereld, dsn=dsn, lot_size_max=settings.lot_size_max, stop=stop))
            return
        progress = Progress()
        group.create_task(
            run_relay(
                wereld,
                dsn=dsn,
                amqp_url=settings.amqp_url,
                lane_in_flight_max=settings.lane_in_flight_max,
                republish_after_s=settings.republish_after_s,
                stop=stop,
            )
        )
        for queue_name in QUEUES:
            group.create_task(
                run_consumer(
                    wereld,
                    amqp_url=settings.amqp_url,
                    queue_name=queue_name,
                    lot_size_max=settings.lot_size_max,
                    stop=stop,
                    progress=progress,
                )
            )
        group.create_task(_watch_liveness(wereld, progress, stop))


async def _watch_liveness(wereld: Wereld, progress: Progress, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), LIVENESS_CHECK_S)
        except TimeoutError:
            if progress.idle_s() > LIVENESS_S and await _has_backlog(wereld):
                raise GeenVoortgang(f"niets verwerkt in {progress.idle_s():.0f} s terwijl er werk ligt") from None


async def _has_backlog(wereld: Wereld) -> bool:
    async with wereld.pool.acquire() as connection:
        return await outbox.backlog(connection, older_than=wereld.nu - timedelta(seconds=LIVENESS_S)) > 0


def stop_on_signals(stop: asyncio.Event, stack: AsyncExitStack | None = None) -> None:
    """Set `stop` on SIGINT and SIGTERM, so that what is in hand is finished."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
        if stack is not None:
            stack.callback(loop.remove_signal_handler, name)
