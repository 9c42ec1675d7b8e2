"""The relay: what the outbox holds goes to RabbitMQ with publisher confirms, lanes in turn, a bounded number of each on the way.

One relay at a time publishes (a session lock of PostgreSQL); the others stand by. After every new connection all that is not done is published
again, because the broker may have lost it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import structlog

from app.adapters.broker import Publisher, Wek, count_ready, open_channel
from app.adapters.database import DATABASE_AWAY, Connection
from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable
from app.mailbox import outbox
from app.mailbox.outbox import Taak
from workers.local import wait_any

log = structlog.get_logger(__name__)

BATCH = 200
REPUBLISH_READY_MAX = 200
"""Wake-ups are published again only while fewer than this wait on the broker: what is merely slow must not be piled up."""
POLL_S = 0.5
RECONNECT_S = 1.0
RELAY_LOCK = "solidair relay"


async def run_relay(
    wereld: Wereld, *, dsn: str, amqp_url: str, lane_in_flight_max: int, republish_after_s: int, stop: asyncio.Event
) -> None:
    """Publish until `stop` is set; connects again whenever broker or database went away."""
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(dsn)
            try:
                await _lead(connection, wereld, amqp_url, lane_in_flight_max, timedelta(seconds=republish_after_s), stop)
            finally:
                await connection.close(timeout=1)
        except (Unavailable, *DATABASE_AWAY) as error:
            log.warning("relay_interrupted", reason=str(error), error=type(error).__name__)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), RECONNECT_S)


async def _lead(
    connection: Connection, wereld: Wereld, amqp_url: str, lane_in_flight_max: int, republish_after: timedelta, stop: asyncio.Event
) -> None:
    """Publish while this process holds the relay's lock; returns when another one does."""
    if not await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", RELAY_LOCK):
        return
    woken = asyncio.Event()
    await connection.add_listener(outbox.CHANNEL, lambda *_: woken.set())
    async with open_channel(amqp_url, prefetch=1) as channel:
        publisher = await Publisher.on(channel)
        await outbox.mark_all_unpublished(connection)
        while not stop.is_set() and not channel.is_closed:
            woken.clear()
            crowded = await count_ready(channel) >= REPUBLISH_READY_MAX
            taken = await outbox.take_unpublished(
                connection,
                nu=wereld.nu,
                republish_before=None if crowded else wereld.nu - republish_after,
                lane_in_flight_max=lane_in_flight_max,
                limit=BATCH,
            )
            if not taken:
                await wait_any(woken, stop, timeout_s=POLL_S)
                continue
            await publisher.publish(_wekken(taken))
            await outbox.mark_published(connection, [taak.outbox_nr for taak in taken], wereld.nu)


def _wekken(taken: Sequence[Taak]) -> list[Wek]:
    return [Wek(bericht_nr=t.bericht_nr, domein=t.domein, agb=t.agb, routing_key=t.routing_key, groot=t.groot) for t in taken]
