"""The consumer: takes wake-ups from RabbitMQ and judges their lanes; acknowledges after the commit.

Two channels: one takes small berichten only, the other big ones, so that a 25 MB declaratie never keeps everybody waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import structlog

from app.adapters.broker import QUEUE_GROOT, QUEUE_KLEIN, Wek, consume, open_channel
from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable
from workers.handler import handle_wake
from workers.liveness import Progress

log = structlog.get_logger(__name__)

PREFETCH_KLEIN = 4
PREFETCH_GROOT = 1
RECONNECT_S = 1.0


async def run_consumer(
    wereld: Wereld, *, amqp_url: str, queue_name: str, lot_size_max: int, stop: asyncio.Event, progress: Progress
) -> None:
    """Consume one queue until `stop` is set; connects again when the broker went away. What is in hand is finished and acknowledged first."""

    async def handle(wek: Wek) -> None:
        await handle_wake(wereld, wek.domein, wek.agb, lot_size_max=lot_size_max)
        progress.mark()

    prefetch = PREFETCH_GROOT if queue_name == QUEUE_GROOT else PREFETCH_KLEIN
    while not stop.is_set():
        try:
            async with open_channel(amqp_url, prefetch=prefetch) as channel:
                await _until(stop, consume(channel, queue_name, handle))
        except Unavailable as error:
            log.warning("consumer_interrupted", queue=queue_name, reason=str(error))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), RECONNECT_S)


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends or `stop` is set; then it is cancelled, which lets it finish what it has in hand."""
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        stopped.cancel()
        task.cancel()
        await asyncio.wait({task, stopped})


QUEUES = (QUEUE_KLEIN, QUEUE_GROOT)
