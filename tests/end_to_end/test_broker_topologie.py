"""The topology of the broker: as the code declares it, as RabbitMQ has it, and as `docs/asyncapi.yaml` tells others."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPException
from pamqp.common import FieldTable

from app.adapters import broker as topology
from app.adapters.broker import Publisher, Wek, consume, open_channel
from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable
from tests.builders import make_301
from tests.end_to_end.vervoer import empty_queues, nothing_waits, queue_depth, until, workers_in_process
from tests.end_to_end.werkbank import status, stuur

pytestmark = pytest.mark.slow

ASYNCAPI = Path(__file__).resolve().parents[2] / "docs" / "asyncapi.yaml"
QUEUES = (topology.QUEUE_KLEIN, topology.QUEUE_GROOT, topology.QUEUE_BEZORGEN)


@pytest.fixture
async def amqp_url(broker: str) -> str:
    """A broker with empty queues."""
    await empty_queues(broker)
    return broker


async def take(amqp_url: str, name: str) -> AbstractIncomingMessage:
    """One message off a queue; waits for it."""
    async with open_channel(amqp_url, prefetch=1) as channel:
        queue = await channel.get_queue(name, ensure=False)
        async with asyncio.timeout(20):
            async with queue.iterator() as messages:
                message = await anext(messages)
                await message.ack()
                return message


async def publish_raw(amqp_url: str, body: bytes, *, key: str = "ijw.323.0664") -> None:
    """Something on the exchange that is not by our relay."""
    async with open_channel(amqp_url, prefetch=1) as channel:
        exchange = await channel.get_exchange(topology.EXCHANGE, ensure=False)
        await exchange.publish(aio_pika.Message(body), routing_key=key, mandatory=True)


@pytest.mark.broker
@pytest.mark.parametrize(
    ("key", "queue"),
    [
        ("ijw.323.0664", topology.QUEUE_KLEIN),
        ("iwmo.301.42420001", topology.QUEUE_KLEIN),
        ("ijw.323.0664.groot", topology.QUEUE_GROOT),
        ("ijw.325.42420001.bezorgen", topology.QUEUE_BEZORGEN),
    ],
)
async def test_a_routing_key_leads_to_one_queue(amqp_url: str, key: str, queue: str) -> None:
    """Small ones, big ones and what must be delivered do not meet."""
    await publish_raw(amqp_url, b"{}", key=key)

    assert (await take(amqp_url, queue)).routing_key == key
    assert [await queue_depth(amqp_url, name) for name in QUEUES] == [0, 0, 0]


@pytest.mark.broker
async def test_the_broker_keeps_what_was_declared(amqp_url: str) -> None:
    """Declaring a queue with another delivery limit, dead-letter strategy or overflow is refused: so they are what the code says."""
    arguments: FieldTable = {
        "x-queue-type": "quorum",
        "x-delivery-limit": topology.DELIVERY_LIMIT,
        "x-dead-letter-exchange": topology.DEAD_LETTER_EXCHANGE,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    others: FieldTable = {"x-delivery-limit": 99, "x-dead-letter-exchange": "elders", "x-overflow": "drop-head"}
    for name in QUEUES:
        async with open_channel(amqp_url, prefetch=1) as channel:
            await channel.declare_queue(name, durable=True, arguments=arguments)
        for argument, other in others.items():
            with pytest.raises(Unavailable) as refused:
                async with open_channel(amqp_url, prefetch=1) as channel:
                    await channel.declare_queue(name, durable=True, arguments={**arguments, argument: other})
            assert isinstance(refused.value.__cause__, AMQPException)
            assert argument in str(refused.value.__cause__)


@pytest.mark.broker
@pytest.mark.parametrize(
    "body",
    [
        b"<Bericht/>",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"bericht_nr": 1}',
        b'{"bericht_nr": "1", "domein": "ijw", "agb": "42420001"}',
        b'{"bericht_nr": 1, "domein": 7, "agb": null}',
        b"[" * 100_000,
    ],
    ids=["xml", "encoding", "list", "null", "incomplete", "text for number", "wrong types", "deep"],
)
async def test_what_is_no_wake_up_goes_to_the_dead_letters(amqp_url: str, body: bytes) -> None:
    """It is not delivered again and does not stop the consumer: the wake-up behind it is handled."""
    handled: list[int] = []
    done = asyncio.Event()

    async def handle(wek: Wek) -> None:
        handled.append(wek.bericht_nr)
        done.set()

    await publish_raw(amqp_url, body)
    await publish_raw(amqp_url, b'{"bericht_nr": 42, "domein": "ijw", "agb": "42420001"}')
    async with open_channel(amqp_url, prefetch=1) as channel:
        consuming = asyncio.create_task(consume(channel, topology.QUEUE_KLEIN, handle))
        async with asyncio.timeout(20):
            await done.wait()
        consuming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consuming

    dead = await take(amqp_url, topology.QUEUE_GEPARKEERD)
    assert dead.body == body
    assert dead.headers["x-first-death-queue"] == topology.QUEUE_KLEIN
    assert dead.headers["x-first-death-reason"] == "rejected"
    assert handled == [42]


@pytest.mark.broker
async def test_a_wake_up_that_always_fails_goes_to_the_dead_letters_after_the_limit(amqp_url: str) -> None:
    """A bug of ours: it is tried again, not for ever."""
    tries = 0

    async def fail(_wek: Wek) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("a bug")

    await publish_raw(amqp_url, b'{"bericht_nr": 1, "domein": "ijw", "agb": "42420001"}')
    async with open_channel(amqp_url, prefetch=1) as channel:
        consuming = asyncio.create_task(consume(channel, topology.QUEUE_KLEIN, fail))
        dead = await take(amqp_url, topology.QUEUE_GEPARKEERD)
        consuming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consuming

    assert dead.headers["x-first-death-reason"] == "delivery_limit"
    assert tries == topology.DELIVERY_LIMIT + 1


@pytest.mark.broker
async def test_cancelling_finishes_what_is_in_hand_and_gives_back_the_rest(amqp_url: str) -> None:
    """Two of five are being handled: they are acknowledged, the others wait for another consumer."""
    begun, release = asyncio.Semaphore(0), asyncio.Event()

    async def handle(_wek: Wek) -> None:
        begun.release()
        await release.wait()

    for nr in range(5):
        await publish_raw(amqp_url, json.dumps({"bericht_nr": nr, "domein": "ijw", "agb": "42420001"}).encode())
    async with open_channel(amqp_url, prefetch=2) as channel:
        consuming = asyncio.create_task(consume(channel, topology.QUEUE_KLEIN, handle))
        for _ in range(2):
            await begun.acquire()
        consuming.cancel()
        await asyncio.sleep(0.2)
        assert not consuming.done()
        release.set()
        with pytest.raises(asyncio.CancelledError):
            await consuming

    assert await queue_depth(amqp_url, topology.QUEUE_KLEIN) == 3


@pytest.mark.broker
async def test_a_consumer_whose_queue_is_deleted_says_so(amqp_url: str) -> None:
    """By itself the client library would wait for messages for ever."""

    async def handle(_wek: Wek) -> None:
        raise AssertionError("there is nothing to handle")

    async with open_channel(amqp_url, prefetch=1) as channel:
        consuming = asyncio.create_task(consume(channel, topology.QUEUE_KLEIN, handle))
        await asyncio.sleep(0.2)
        async with open_channel(amqp_url, prefetch=1) as other:
            await other.queue_delete(topology.QUEUE_KLEIN)
        async with asyncio.timeout(10):
            with pytest.raises(Unavailable):
                await consuming


@pytest.mark.broker
@pytest.mark.slow
async def test_poison_on_the_queue_does_not_stop_the_workers(wereld: Wereld, database: str, tmp_path: Path, amqp_url: str) -> None:
    """Through the real consumers: the poison is parked, a wake-up for a lane that does not exist is done with, the bericht is judged."""
    await publish_raw(amqp_url, b"poison")
    await publish_raw(amqp_url, b'{"bericht_nr": 1, "domein": "elders", "agb": "x"}')
    nr = await stuur(wereld, make_301())

    async with workers_in_process(wereld, database, tmp_path, amqp_url=amqp_url):
        await until(lambda: nothing_waits(wereld))

    assert await status(wereld, nr) == "klaar"
    assert (await take(amqp_url, topology.QUEUE_GEPARKEERD)).body == b"poison"
    assert [await queue_depth(amqp_url, name) for name in QUEUES] == [0, 0, 0]


@pytest.mark.broker
async def test_a_wake_up_carries_ids_only(amqp_url: str) -> None:
    """Persistent JSON with number and lane; no payload, no person."""
    wek = Wek(bericht_nr=7, domein="ijw", agb="42420001", routing_key="ijw.323.0664", groot=True)
    async with open_channel(amqp_url, prefetch=1) as channel:
        await (await Publisher.on(channel)).publish([wek])

    message = await take(amqp_url, topology.QUEUE_GROOT)

    assert json.loads(message.body) == {"bericht_nr": 7, "domein": "ijw", "agb": "42420001"}
    assert (message.routing_key, message.message_id, message.content_type) == ("ijw.323.0664.groot", "7", "application/json")
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert topology.read_wek(message) == Wek(bericht_nr=7, domein="ijw", agb="42420001", routing_key="ijw.323.0664.groot", groot=True)


async def test_a_broker_that_is_not_there_is_unavailable() -> None:
    """Nobody listens on that port."""
    with pytest.raises(Unavailable):
        async with open_channel("amqp://guest:guest@127.0.0.1:1/", prefetch=1):
            pass


def test_asyncapi_names_what_the_code_declares() -> None:
    """Exchanges, every queue with its binding, and the fields of a wake-up stand in the description; and no other queue does."""
    text = ASYNCAPI.read_text(encoding="utf-8")

    for name in (topology.EXCHANGE, topology.DEAD_LETTER_EXCHANGE):
        assert f"name: {name}\n" in text
    for queue, binding in topology.BINDINGS.items():
        assert f"address: {queue}\n" in text
        assert f'x-binding-key: "{binding}"\n' in text
    named = {line.split(": ")[1] for line in text.splitlines() if line.startswith("    address: ")}
    assert named - {topology.EXCHANGE} == {*topology.BINDINGS, topology.QUEUE_GEPARKEERD}
    assert f"x-delivery-limit: {topology.DELIVERY_LIMIT}\n" in text
    fields = json.loads(Wek(bericht_nr=1, domein="ijw", agb="42420001", routing_key="", groot=False).body())
    assert f"required: [{', '.join(fields)}]\n" in text
