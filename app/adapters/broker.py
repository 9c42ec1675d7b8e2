"""RabbitMQ: the topology in one place, publishing with confirms, consuming with acknowledgement after commit.

Messages carry ids only, no payload and no personal data. The broker may lose everything: the outbox publishes again what is not done.
Works on RabbitMQ 3.10 and 4.x. Described for others in `docs/asyncapi.yaml`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage, AbstractQueueIterator
from aio_pika.exceptions import AMQPException, ChannelInvalidStateError

from app.adapters.log import trace_without_values
from app.domain.errors import Unavailable

log = structlog.get_logger(__name__)

EXCHANGE = "berichten"
DEAD_LETTER_EXCHANGE = "berichten.geparkeerd"
QUEUE_KLEIN = "berichten.verwerken"
QUEUE_GROOT = "berichten.verwerken.groot"
QUEUE_BEZORGEN = "berichten.bezorgen"
QUEUE_GEPARKEERD = "berichten.geparkeerd"
GROOT_SUFFIX = ".groot"
BINDINGS = {QUEUE_KLEIN: "*.*.*", QUEUE_GROOT: f"*.*.*{GROOT_SUFFIX}", QUEUE_BEZORGEN: "*.*.*.bezorgen"}
"""Which routing keys of `EXCHANGE` lead to which queue."""
DELIVERY_LIMIT = 5
CONFIRM_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 10
BROKER_AWAY = (TimeoutError, OSError, AMQPException, ChannelInvalidStateError)
"""What the client library raises when the broker does not answer, refuses, or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wek:
    """A wake-up on the broker: the lane (`domein`, `agb`) has `bericht_nr` to judge.

    `routing_key` is `<domein>.<bericht>.<aan>`; of a big bericht it ends in `.groot`, which leads to a queue of its own.
    """

    bericht_nr: int
    domein: str
    agb: str
    routing_key: str
    groot: bool

    def body(self) -> bytes:
        """The message as JSON."""
        return json.dumps({"bericht_nr": self.bericht_nr, "domein": self.domein, "agb": self.agb}).encode()


class OnleesbareWek(ValueError):
    """A message on our queue is not a wake-up of ours; it goes to the dead letters."""


def read_wek(message: AbstractIncomingMessage) -> Wek:
    """The wake-up in a message.

    Raises:
        OnleesbareWek: It is not of our form.
    """
    try:
        content = json.loads(message.body)
    except (ValueError, RecursionError) as error:
        raise OnleesbareWek("not JSON") from error
    match content:
        case {"bericht_nr": int(bericht_nr), "domein": str(domein), "agb": str(agb)}:
            key = message.routing_key or ""
            return Wek(bericht_nr=bericht_nr, domein=domein, agb=agb, routing_key=key, groot=key.endswith(GROOT_SUFFIX))
        case _:
            raise OnleesbareWek("not a wake-up of this version")


async def declare_topology(channel: AbstractChannel) -> None:
    """Make exchanges, queues and bindings; does nothing when they are there.

    Quorum queues survive the loss of a node. What is rejected or redelivered too often goes to `berichten.geparkeerd`, at least once, so a full
    dead-letter queue refuses publishing rather than lose a message.
    """
    await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
    dead = await channel.declare_exchange(DEAD_LETTER_EXCHANGE, aio_pika.ExchangeType.FANOUT, durable=True)
    geparkeerd = await channel.declare_queue(QUEUE_GEPARKEERD, durable=True, arguments={"x-queue-type": "quorum"})
    await geparkeerd.bind(dead)
    for queue_name, binding in BINDINGS.items():
        queue = await channel.declare_queue(
            queue_name,
            durable=True,
            arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                "x-dead-letter-exchange": DEAD_LETTER_EXCHANGE,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )
        await queue.bind(EXCHANGE, routing_key=binding)


@asynccontextmanager
async def open_channel(url: str, *, prefetch: int) -> AsyncIterator[AbstractChannel]:
    """A connection with one channel, publisher confirms on, topology declared. No automatic recovery: who uses it starts over when it breaks.

    Raises:
        Unavailable: The broker does not answer.
    """
    try:
        connection = await aio_pika.connect(url, timeout=CONNECT_TIMEOUT_S)
    except BROKER_AWAY as error:
        raise Unavailable("de broker is niet bereikbaar") from error
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await channel.set_qos(prefetch_count=prefetch)
            await declare_topology(channel)
        yield channel
    except BROKER_AWAY as error:
        raise Unavailable("de verbinding met de broker is verbroken") from error
    finally:
        await _close(connection)


async def _close(connection: AbstractConnection) -> None:
    """Close, or give up after a while: the client library may wait for an answer that never comes when the broker ends the connection too.

    A connection that is given up costs a socket until the process ends or the broker misses its heartbeat; waiting would keep a worker from
    stopping.
    """
    closing = asyncio.create_task(connection.close())
    done, _ = await asyncio.wait({closing}, timeout=CLOSE_TIMEOUT_S)
    if not done:
        closing.cancel()
        log.warning("broker_close_given_up", after_s=CLOSE_TIMEOUT_S)
    elif (error := closing.exception()) is not None and not isinstance(error, BROKER_AWAY):
        raise error


async def count_ready(channel: AbstractChannel) -> int:
    """How many wake-ups wait on the broker for a consumer.

    Raises:
        AMQPException: A queue is gone; the channel is closed by that, and whoever opens a new one declares the topology again.
    """
    queues = [await channel.declare_queue(name, passive=True) for name in (QUEUE_KLEIN, QUEUE_GROOT)]
    return sum(queue.declaration_result.message_count or 0 for queue in queues)


class Publisher:
    """Publishes wake-ups; returns when the broker has confirmed all of them."""

    def __init__(self, exchange: AbstractExchange) -> None:
        self._exchange = exchange

    @classmethod
    async def on(cls, channel: AbstractChannel) -> Publisher:
        """A publisher on the topic exchange."""
        return cls(await channel.get_exchange(EXCHANGE, ensure=False))

    async def publish(self, wekken: Sequence[Wek]) -> None:
        """Publish and wait for every confirm.

        Raises:
            Unavailable: One of them was not confirmed; all of them may be published again.
        """
        try:
            await asyncio.wait_for(asyncio.gather(*(self._publish_one(wek) for wek in wekken)), CONFIRM_TIMEOUT_S)
        except BROKER_AWAY as error:
            raise Unavailable("de broker heeft niet bevestigd") from error

    async def _publish_one(self, wek: Wek) -> None:
        message = aio_pika.Message(
            wek.body(),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            content_type="application/json",
            message_id=str(wek.bericht_nr),
        )
        key = f"{wek.routing_key}{GROOT_SUFFIX}" if wek.groot else wek.routing_key
        await self._exchange.publish(message, routing_key=key, mandatory=True)


async def consume(channel: AbstractChannel, queue_name: str, handle: Callable[[Wek], Awaitable[None]]) -> None:
    """Handle messages of a queue until the connection ends; each is acknowledged after `handle` returned.

    A message that is not ours is dead-lettered. When `handle` raises, the message goes back to the queue (at most DELIVERY_LIMIT times).
    Cancelled, it takes no more and waits for what is in hand.

    Raises:
        Unavailable: The connection ended, or the broker ended our subscription (the queue was deleted).
    """
    queue = await channel.get_queue(queue_name, ensure=False)
    running: set[asyncio.Task[None]] = set()
    try:
        async with queue.iterator() as messages, _closed_when_unsubscribed(channel, messages):
            async for message in messages:
                task = asyncio.create_task(_handle_one(message, handle))
                running.add(task)
                task.add_done_callback(running.discard)
    except BROKER_AWAY as error:
        raise Unavailable("de verbinding met de broker is verbroken") from error
    finally:
        if running:
            await asyncio.wait(running)
    raise Unavailable("de broker levert niets meer")


@asynccontextmanager
async def _closed_when_unsubscribed(channel: AbstractChannel, messages: AbstractQueueIterator) -> AsyncIterator[None]:
    """End the iteration when the broker ends the subscription; by itself the client library would wait for ever."""
    closing: list[asyncio.Future[None]] = []

    def unsubscribed(_frame: object) -> None:
        # A task, because closing talks to the broker and this runs where its answers are read.
        closing.append(asyncio.ensure_future(messages.close()))

    callbacks = (await channel.get_underlay_channel()).on_consumer_cancel_callbacks
    callbacks.add(unsubscribed)
    try:
        yield
    finally:
        callbacks.discard(unsubscribed)
        await asyncio.gather(*closing)


async def _handle_one(message: AbstractIncomingMessage, handle: Callable[[Wek], Awaitable[None]]) -> None:
    """Handle a message and tell the broker how it went; when it cannot be told, it delivers the message again."""
    try:
        await _settle(message, handle)
    except BROKER_AWAY as error:
        log.warning("wake_up_not_acknowledged", message_id=message.message_id, error=type(error).__name__)


async def _settle(message: AbstractIncomingMessage, handle: Callable[[Wek], Awaitable[None]]) -> None:
    try:
        wek = read_wek(message)
    except OnleesbareWek:
        log.warning("wake_up_unreadable", message_id=message.message_id)
        await message.reject(requeue=False)
        return
    try:
        await handle(wek)
    except Exception as error:  # noqa: BLE001 - our own bug: logged, tried again, dead-lettered by the broker in the end
        log.error("wake_up_failed", bericht_nr=wek.bericht_nr, trace=trace_without_values(error))
        await message.nack(requeue=True)
        return
    await message.ack()
