"""One worker process: with a broker it relays and consumes, without one it feeds itself from the outbox; SIGTERM drains."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack

from app.adapters.wereld import Wereld
from app.settings import Settings
from workers.consumer import QUEUES, run_consumer
from workers.geheugen import rare_collections
from workers.liveness import Progress, watch_liveness
from workers.local import run_local
from workers.relay import run_relay
from workers.sweeper import run_sweeper

ABANDON_S_MAX = 3.0
"""How long what is cancelled may take to let go; what hangs longer is left to the end of the process."""


async def run_workers(wereld: Wereld, settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """Run until `stop` is set.

    Raises:
        GeenVoortgang: Consumers receive nothing or handlers hang. What is in hand is left as it is: end the process at once (a thread
            may hang too), and the database undoes it.
    """
    with rare_collections():
        await _run_together(wereld, settings, dsn, stop)


async def _run_together(wereld: Wereld, settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    if settings.amqp_url is None:
        async with asyncio.TaskGroup() as group:
            group.create_task(run_sweeper(wereld, stop=stop))
            group.create_task(run_local(wereld, dsn=dsn, lot_size_max=settings.lot_size_max, stop=stop))
        return
    progress = Progress()
    # Not in one group: a group waits for all of its tasks, and those that hang are why the watch raises.
    work = asyncio.create_task(_relay_and_consume(wereld, settings, dsn, settings.amqp_url, progress, stop))
    watch = asyncio.create_task(watch_liveness(wereld, progress, dsn=dsn, limit_s=settings.liveness_s, stop=stop))
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if watch.done():
            watch.result()
        await work
    finally:
        watch.cancel()
        work.cancel()
        await asyncio.wait({work, watch}, timeout=ABANDON_S_MAX)


async def _relay_and_consume(wereld: Wereld, settings: Settings, dsn: str, amqp_url: str, progress: Progress, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(run_sweeper(wereld, stop=stop))
        group.create_task(
            run_relay(
                wereld,
                dsn=dsn,
                amqp_url=amqp_url,
                lane_in_flight_max=settings.lane_in_flight_max,
                republish_after_s=settings.republish_after_s,
                stop=stop,
            )
        )
        for queue_name in QUEUES:
            group.create_task(
                run_consumer(
                    wereld,
                    amqp_url=amqp_url,
                    queue_name=queue_name,
                    lot_size_max=settings.lot_size_max,
                    stop=stop,
                    progress=progress,
                )
            )


def stop_on_signals(stop: asyncio.Event, stack: AsyncExitStack | None = None) -> None:
    """Set `stop` on SIGINT and SIGTERM, so that what is in hand is finished."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
        if stack is not None:
            stack.callback(loop.remove_signal_handler, name)
