"""The relay: how much of a lane is on the broker, what goes to which queue, and that nothing counts as published before the broker confirmed it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.adapters.broker import QUEUE_GROOT, QUEUE_KLEIN, Publisher, Wek, open_channel
from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.errors import Unavailable
from tests.end_to_end.vervoer import empty_queues, queue_depth, until
from tests.end_to_end.werkbank import settings_for
from workers import relay
from workers.relay import run_relay

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world on an empty database: wake-ups need no berichten to be published."""
    async with open_wereld(settings_for(tmp_path), database) as opened:
        yield opened


@pytest.fixture
async def amqp_url(broker: str) -> str:
    """A broker with empty queues."""
    await empty_queues(broker)
    return broker


@asynccontextmanager
async def relaying(
    wereld: Wereld, dsn: str, amqp_url: str, *, lane_in_flight_max: int = 20, republish_after_s: int = 30
) -> AsyncIterator[None]:
    """A relay that runs until the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        run_relay(wereld, dsn=dsn, amqp_url=amqp_url, lane_in_flight_max=lane_in_flight_max, republish_after_s=republish_after_s, stop=stop)
    )
    try:
        yield
    finally:
        stop.set()
        await task


async def wait_in_lane(wereld: Wereld, agb: str, bericht_nrs: Sequence[int], *, groot: bool = False) -> None:
    """Wake-ups that are due, and the notification that goes with them."""
    await wereld.pool.execute(
        """
        insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)
        select 'verwerken', nr, 'ijw', $1, 'ijw.323.0664', $3, $4 from unnest($2::bigint[]) nr
        """,
        agb,
        list(bericht_nrs),
        groot,
        wereld.nu,
    )
    await wereld.pool.execute("notify solidair_outbox")


async def published(wereld: Wereld) -> list[int]:
    """What counts as published, in order of bericht_nr."""
    rows = await wereld.pool.fetch("select bericht_nr from outbox where gepubliceerd_op is not null order by bericht_nr")
    return [row["bericht_nr"] for row in rows]


async def on_queue(amqp_url: str, name: str) -> list[dict[str, object]]:
    """Everything on a queue, taken off it."""
    found = []
    async with open_channel(amqp_url, prefetch=1) as channel:
        queue = await channel.get_queue(name, ensure=False)
        while (message := await queue.get(fail=False)) is not None:
            await message.ack()
            found.append(json.loads(message.body))
    return found


async def test_lanes_are_bounded_and_in_turn_and_big_ones_apart(wereld: Wereld, database: str, amqp_url: str) -> None:
    """Twenty of the lane of a hundred; the other lane's two are second and fourth; the big one is on its own queue; ids only."""
    await wait_in_lane(wereld, "A", range(1, 101))
    await wait_in_lane(wereld, "B", [501, 502])
    await wait_in_lane(wereld, "C", [900], groot=True)

    async with relaying(wereld, database, amqp_url):
        await until(lambda: _count(wereld, 23))
        await asyncio.sleep(0.7)
        assert await published(wereld) == [*range(1, 21), 501, 502, 900]

    small, big = await on_queue(amqp_url, QUEUE_KLEIN), await on_queue(amqp_url, QUEUE_GROOT)
    assert [message["bericht_nr"] for message in small][:4] == [1, 501, 2, 502]
    assert Counter(message["agb"] for message in small) == {"A": 20, "B": 2}
    assert big == [{"bericht_nr": 900, "domein": "ijw", "agb": "C"}]


async def _count(wereld: Wereld, expected: int) -> bool:
    return len(await published(wereld)) == expected


async def test_when_some_are_done_as_many_follow(wereld: Wereld, database: str, amqp_url: str) -> None:
    """Also without a notification: the relay looks by itself."""
    await wait_in_lane(wereld, "A", range(1, 10))

    async with relaying(wereld, database, amqp_url, lane_in_flight_max=3):
        await until(lambda: _count(wereld, 3))
        await wereld.pool.execute("delete from outbox where bericht_nr <= 2")
        await until(lambda: _count(wereld, 3))

        assert await published(wereld) == [3, 4, 5]


async def test_nothing_counts_as_published_without_the_confirm(
    wereld: Wereld, database: str, amqp_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker took it and its confirm did not come: it is published again, twice on the queue rather than never."""
    original, failures = Publisher.publish, [Unavailable("no confirm"), Unavailable("no confirm")]

    async def without_confirm(self: Publisher, wekken: Sequence[Wek]) -> None:
        await original(self, wekken)
        if failures:
            assert await published(wereld) == []
            raise failures.pop()

    monkeypatch.setattr(Publisher, "publish", without_confirm)
    monkeypatch.setattr(relay, "RECONNECT_S", 0.1)
    await wait_in_lane(wereld, "A", [1])

    async with relaying(wereld, database, amqp_url):
        await until(lambda: _count(wereld, 1))

    assert [message["bericht_nr"] for message in await on_queue(amqp_url, QUEUE_KLEIN)] == [1, 1, 1]


async def test_a_wake_up_that_no_queue_takes_is_not_published(
    wereld: Wereld, database: str, amqp_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker returns what it cannot route, and confirms it all the same: that does not count."""
    monkeypatch.setattr(relay, "RECONNECT_S", 0.1)
    await wait_in_lane(wereld, "A", [1])
    await wereld.pool.execute("update outbox set routing_key = 'leads.nowhere'")

    async with relaying(wereld, database, amqp_url):
        await asyncio.sleep(1)
        assert await published(wereld) == []
        await wereld.pool.execute("update outbox set routing_key = 'ijw.323.0664'")
        await until(lambda: _count(wereld, 1))


async def test_what_stays_too_long_is_published_again(wereld: Wereld, database: str, amqp_url: str) -> None:
    """Somebody took the wake-up off the queue and did not do the work: it comes again after a second, not before."""
    await wait_in_lane(wereld, "A", [1])

    async with relaying(wereld, database, amqp_url, republish_after_s=1):
        await until(lambda: _count(wereld, 1))
        assert len(await on_queue(amqp_url, QUEUE_KLEIN)) == 1
        assert await queue_depth(amqp_url, QUEUE_KLEIN) == 0
        await until(lambda: _has_depth(amqp_url, 1))


async def _has_depth(amqp_url: str, expected: int) -> bool:
    return await queue_depth(amqp_url, QUEUE_KLEIN) == expected


async def test_what_is_merely_slow_is_not_piled_up(wereld: Wereld, database: str, amqp_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While enough wait on the broker nothing is published again, however long they wait; what is new still is."""
    monkeypatch.setattr(relay, "REPUBLISH_READY_MAX", 10)
    await wait_in_lane(wereld, "A", range(1, 11))

    async with relaying(wereld, database, amqp_url, republish_after_s=1):
        await until(lambda: _count(wereld, 10))
        await asyncio.sleep(2.5)
        assert await queue_depth(amqp_url, QUEUE_KLEIN) == 10
        await wait_in_lane(wereld, "B", [99])
        await until(lambda: _count(wereld, 11))


async def test_a_new_connection_publishes_all_that_is_not_done_again(wereld: Wereld, database: str, amqp_url: str) -> None:
    """The relay starts anew on a broker that was emptied."""
    await wait_in_lane(wereld, "A", [1, 2])
    async with relaying(wereld, database, amqp_url):
        await until(lambda: _count(wereld, 2))
    await empty_queues(amqp_url)

    async with relaying(wereld, database, amqp_url):
        await until(lambda: _has_depth(amqp_url, 2))


async def test_of_two_relays_one_leads_and_the_other_takes_over(
    wereld: Wereld, database: str, amqp_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wake-up is on the broker once; when the leader stops, the one that stood by goes on."""
    monkeypatch.setattr(relay, "RECONNECT_S", 0.1)
    async with relaying(wereld, database, amqp_url):
        async with relaying(wereld, database, amqp_url):
            await until(lambda: _has_one_leader(wereld))
            await wait_in_lane(wereld, "A", [1, 2, 3])
            await until(lambda: _count(wereld, 3))
            await asyncio.sleep(0.5)
            assert await _has_one_leader(wereld)
            assert len(await on_queue(amqp_url, QUEUE_KLEIN)) == 3
        await wait_in_lane(wereld, "B", [4])
        await until(lambda: _count(wereld, 4))


async def _has_one_leader(wereld: Wereld) -> bool:
    leaders: int = await wereld.pool.fetchval(
        "select count(*) from pg_locks join pg_database d on d.oid = database"
        " where locktype = 'advisory' and granted and d.datname = current_database()"
    )
    return leaders == 1
