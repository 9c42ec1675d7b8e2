"""Transport, number of workers, redelivery and the interleaving of lanes change nothing: the books are equal (DESIGN section 4)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from annotated_types import Ge

from app.adapters.broker import Publisher, Wek
from app.adapters.wereld import Wereld
from app.settings import Settings
from tests.end_to_end.vervoer import empty_queues, nothing_waits, stop_worker, until, worker_process, workers_in_process
from tests.end_to_end.werkbank import Boeken, boeken, klopt, wereld_with_region
from tests.end_to_end.werklast import REGIO_MET_MEER_AANBIEDERS, dooreen, eerste_golf, stuur_golf, tweede_golf
from workers.local import judge_all


def test_the_workload_has_all_kinds_and_keeps_the_order_of_each_lane() -> None:
    """Some hundred berichten of five kinds in both domains; interleaving moves lanes, never berichten within one."""
    golf = eerste_golf()

    mixed = dooreen(golf, seed=3)

    assert len(mixed) > 200
    assert {(bericht.domein, bericht.soort) for bericht in mixed} == {
        (domein, soort) for domein in ("ijw", "iwmo") for soort in ("301", "302", "305", "307", "323")
    }
    assert [id(bericht) for bericht in mixed] != [id(bericht) for bericht in dooreen(golf, seed=4)]
    for berichten in golf.values():
        of_lane = {id(bericht) for bericht in berichten}
        assert [bericht for bericht in mixed if id(bericht) in of_lane] == berichten


def test_the_undisturbed_books_hold_grants_credits_and_refusals(ongestoord: Boeken) -> None:
    """What the others are compared with is worth comparing with."""
    statuses = [oordeel[0] for oordeel in ongestoord.oordelen.values()]

    assert {"verwerkt", "afgekeurd", "klaar", "beantwoord", "afgekeurd_door_ontvanger"} <= set(statuses)
    assert statuses.count("afgekeurd") > 50
    assert {boeking[3] for boeking in ongestoord.boekingen} == {"prestatie", "prestatie_credit", "verplichting"}
    assert max(poging for _, poging in ongestoord.oordelen) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("lot_size_max", "seed"), [(1, 11), (7, 12), (50, 13)])
async def test_lots_and_interleaving_change_nothing(drukke_wereld: Wereld, ongestoord: Boeken, lot_size_max: int, seed: int) -> None:
    """The local transport, lots of one, seven and fifty, lanes interleaved in another way each time."""
    for golf in (eerste_golf(), tweede_golf()):
        await stuur_golf(drukke_wereld, golf, seed)
        await judge_all(drukke_wereld, lot_size_max=lot_size_max)

    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


@pytest.mark.slow
async def test_the_smallest_pool_is_enough(database: str, tmp_path: Path) -> None:
    """Each lane that is judged holds a connection and now and then needs a second one: all lanes at once must not wait for each other."""
    [smallest] = [limit.ge for limit in Settings.model_fields["pool_size_max"].metadata if isinstance(limit, Ge)]
    assert isinstance(smallest, int)
    async with wereld_with_region(database, tmp_path, REGIO_MET_MEER_AANBIEDERS, pool_size_max=smallest) as wereld:
        await stuur_golf(wereld, eerste_golf(), seed=14)

        async with asyncio.timeout(60):
            await judge_all(wereld, lot_size_max=2)

        await klopt(wereld)


@pytest.mark.slow
@pytest.mark.broker
async def test_one_worker_on_rabbitmq_gives_the_same_books(
    drukke_wereld: Wereld, database: str, tmp_path: Path, broker: str, ongestoord: Boeken
) -> None:
    """Relay and consumers run while the berichten come in: the same as when all of them were there first."""
    await empty_queues(broker)

    async with workers_in_process(drukke_wereld, database, tmp_path, amqp_url=broker):
        for golf in (eerste_golf(), tweede_golf()):
            await stuur_golf(drukke_wereld, golf, seed=21)
            await until(lambda: nothing_waits(drukke_wereld))

    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


@pytest.mark.slow
@pytest.mark.broker
async def test_two_worker_processes_give_the_same_books(
    drukke_wereld: Wereld, database: str, tmp_path: Path, broker: str, ongestoord: Boeken
) -> None:
    """Two processes compete for the lanes on RabbitMQ, in lots of seven; both end with exit code 0 at SIGTERM."""
    await empty_queues(broker)

    async with AsyncExitStack() as stack:
        workers = [stack.enter_context(worker_process(drukke_wereld, database, tmp_path, broker, lot_size_max=7)) for _ in range(2)]
        for golf in (eerste_golf(), tweede_golf()):
            await stuur_golf(drukke_wereld, golf, seed=31)
            await until(lambda: nothing_waits(drukke_wereld))
        codes = [await stop_worker(worker) for worker in workers]

    assert codes == [0, 0]
    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


@pytest.mark.slow
async def test_two_worker_processes_without_a_broker_give_the_same_books(
    drukke_wereld: Wereld, database: str, tmp_path: Path, ongestoord: Boeken
) -> None:
    """The local transport in two processes at once: the lane lock keeps them apart."""
    async with AsyncExitStack() as stack:
        workers = [stack.enter_context(worker_process(drukke_wereld, database, tmp_path)) for _ in range(2)]
        for golf in (eerste_golf(), tweede_golf()):
            await stuur_golf(drukke_wereld, golf, seed=41)
            await until(lambda: nothing_waits(drukke_wereld))
        codes = [await stop_worker(worker) for worker in workers]

    assert codes == [0, 0]
    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.parametrize("lot_size_max", [1, 7, 50])
async def test_duplicates_redeliveries_and_restarts_change_nothing(
    drukke_wereld: Wereld,
    database: str,
    tmp_path: Path,
    broker: str,
    ongestoord: Boeken,
    monkeypatch: pytest.MonkeyPatch,
    lot_size_max: int,
) -> None:
    """Every wake-up is published twice in another order, and two sets of consumers stop and start again all the time."""
    await empty_queues(broker)
    _publish_twice(monkeypatch)

    for golf in (eerste_golf(), tweede_golf()):
        await stuur_golf(drukke_wereld, golf, seed=50 + lot_size_max)
        rounds = 0
        while rounds < 2 or not await nothing_waits(drukke_wereld):
            rounds += 1
            assert rounds < 100
            async with (
                workers_in_process(drukke_wereld, database, tmp_path, amqp_url=broker, lot_size_max=lot_size_max),
                workers_in_process(drukke_wereld, database, tmp_path, amqp_url=broker, lot_size_max=lot_size_max),
            ):
                await asyncio.sleep(0.3)

    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


def _publish_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    original, shuffle = Publisher.publish, random.Random(5).shuffle

    async def twice(self: Publisher, wekken: Sequence[Wek]) -> None:
        doubled = [*wekken, *wekken]
        shuffle(doubled)
        await original(self, doubled)

    monkeypatch.setattr(Publisher, "publish", twice)
