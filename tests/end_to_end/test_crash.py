"""Start-up, shutdown, loss of broker, loss of database, kill -9 of a worker: each ends with the books of an undisturbed run (DESIGN section 4)."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog

from app.adapters import embedded
from app.adapters.broker import EXCHANGE, QUEUE_GROOT, QUEUE_KLEIN, open_channel
from app.adapters.broker_node import BrokerInUse
from app.adapters.broker_packages import default_cache_dir
from app.adapters.database import migrate
from app.adapters.wereld import Wereld
from app.domain.oordeel import Oordeel
from app.domain.partij import SYSTEEM
from app.judging import opnieuw, store, verwerk_baan
from app.judging.beoordelen import beoordeel
from app.judging.store import Uitkomst
from app.ledger import verify
from tests.builders import AGB, BSN, make_301, make_305, make_307, make_323
from tests.end_to_end.vervoer import (
    backends_waiting_to_book,
    blocked_booking,
    empty_queues,
    make_settings,
    nothing_waits,
    release,
    stop_worker,
    until,
    wait_for_exit,
    worker_process,
    workers_in_process,
)
from tests.end_to_end.werkbank import Boeken, boeken, klopt, status, stuur, wereld_with_region
from tests.end_to_end.werklast import REGIO_MET_MEER_AANBIEDERS, eerste_golf, stuur_golf, tweede_golf
from tests.fixtures.broker import OwnBroker
from workers.handler import handle_wake
from workers.liveness import GeenVoortgang
from workers.local import judge_all
from workers.relay import run_relay
from workers.run import run_workers


async def second_wave_and_compare(wereld: Wereld, ongestoord: Boeken) -> None:
    """After the disturbance: what is left is judged, the second wave goes its way, and all is as if nothing had happened."""
    await until(lambda: nothing_waits(wereld))
    await stuur_golf(wereld, tweede_golf(), seed=2)
    await judge_all(wereld, lot_size_max=50)
    await klopt(wereld)
    assert await boeken(wereld) == ongestoord


async def pogingen(wereld: Wereld) -> list[int]:
    """How often the berichten that still wait were begun, those that were not left out."""
    rows = await wereld.pool.fetch("select pogingen from bericht where status = 'ontvangen' and pogingen > 0")
    return [row["pogingen"] for row in rows]


@pytest.fixture(params=["outbox", pytest.param("rabbitmq", marks=pytest.mark.broker)])
async def amqp_url(request: pytest.FixtureRequest) -> str | None:
    """Both transports: without a broker, and with one whose queues are empty."""
    if request.param == "outbox":
        return None
    url: str = request.getfixturevalue("broker")
    await empty_queues(url)
    return url


@pytest.mark.slow
async def test_kill_9_in_the_middle_of_judging_loses_nothing(
    drukke_wereld: Wereld, database: str, tmp_path: Path, amqp_url: str | None, ongestoord: Boeken
) -> None:
    """The worker is killed while its transaction has written half of a lot: the database undoes it, the next worker judges it again."""
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    async with blocked_booking(database) as observer:
        with worker_process(drukke_wereld, database, tmp_path, amqp_url) as worker:
            await until(lambda: backends_waiting_to_book(observer))
            worker.kill()
            assert await wait_for_exit(worker) == -9
        assert await drukke_wereld.pool.fetchval("select count(*) from boeking") == 0
        begun = await pogingen(drukke_wereld)

    with worker_process(drukke_wereld, database, tmp_path, amqp_url) as worker:
        await until(lambda: nothing_waits(drukke_wereld))
        assert await stop_worker(worker) == 0

    assert begun
    assert set(begun) == {1}
    await second_wave_and_compare(drukke_wereld, ongestoord)


@pytest.mark.slow
async def test_sigterm_finishes_the_lot_in_hand_and_leaves_the_rest(
    drukke_wereld: Wereld, database: str, tmp_path: Path, amqp_url: str | None, ongestoord: Boeken
) -> None:
    """Exit code 0; what was begun has its outcome, what was not waits for the next worker without a counted attempt."""
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    with worker_process(drukke_wereld, database, tmp_path, amqp_url, lot_size_max=7) as worker:
        async with blocked_booking(database) as observer:
            await until(lambda: backends_waiting_to_book(observer))
            ended = asyncio.create_task(stop_worker(worker))
            await asyncio.sleep(0.5)
            assert not ended.done(), "it drains: the lot in hand is not thrown away"
        assert await ended == 0

    assert await pogingen(drukke_wereld) == []
    assert await drukke_wereld.pool.fetchval("select count(*) from boeking") > 0
    assert not await nothing_waits(drukke_wereld)
    with worker_process(drukke_wereld, database, tmp_path, amqp_url) as worker:
        await until(lambda: nothing_waits(drukke_wereld))
        assert await stop_worker(worker) == 0
    await second_wave_and_compare(drukke_wereld, ongestoord)


@pytest.mark.slow
async def test_connections_cut_in_the_middle_of_judging_lose_nothing(
    drukke_wereld: Wereld, database: str, tmp_path: Path, amqp_url: str | None, ongestoord: Boeken
) -> None:
    """Every connection of the worker is terminated inside its transaction: the same process goes on by itself."""
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    async with blocked_booking(database) as observer:
        of_the_test = [row["pid"] for row in await observer.fetch("select pid from pg_stat_activity where datname = current_database()")]
        with worker_process(drukke_wereld, database, tmp_path, amqp_url) as worker:
            await until(lambda: backends_waiting_to_book(observer))
            await observer.execute("select pg_stat_clear_snapshot()")
            cut = await observer.fetch(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> all($1::int[])",
                of_the_test,
            )
            assert len(cut) >= 3, "the listener, the one that judges, the ones that wait in the pool"
            await release(observer)
            await until(lambda: nothing_waits(drukke_wereld))
            assert worker.poll() is None
            assert await stop_worker(worker) == 0

    await second_wave_and_compare(drukke_wereld, ongestoord)


@asynccontextmanager
async def relay_alone(wereld: Wereld, dsn: str, amqp_url: str) -> AsyncIterator[None]:
    """Only the relay: wake-ups reach the broker and nobody consumes them."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_relay(wereld, dsn=dsn, amqp_url=amqp_url, lane_in_flight_max=20, republish_after_s=1, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def all_published(wereld: Wereld) -> bool:
    """Whether the broker confirmed a wake-up for every lane."""
    return not await wereld.pool.fetchval(
        "select exists (select from outbox group by domein, agb having bool_and(gepubliceerd_op is null))"
    )


@pytest.mark.slow
@pytest.mark.broker
async def test_a_broker_that_stops_and_starts_loses_nothing(
    drukke_wereld: Wereld, database: str, tmp_path: Path, broker_node: OwnBroker, ongestoord: Boeken
) -> None:
    """Once with wake-ups on it that nobody took, once under the hands of relay and consumers."""
    await empty_queues(broker_node.url)
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    async with relay_alone(drukke_wereld, database, broker_node.url):
        await until(lambda: all_published(drukke_wereld))
    await asyncio.to_thread(broker_node.stop)
    try:
        async with workers_in_process(drukke_wereld, database, tmp_path, amqp_url=broker_node.url):
            await asyncio.sleep(1)
            assert not await nothing_waits(drukke_wereld)
            await asyncio.to_thread(broker_node.start)
            await until(lambda: nothing_waits(drukke_wereld))

            await asyncio.to_thread(broker_node.stop)
            await stuur_golf(drukke_wereld, tweede_golf(), seed=2)
            await asyncio.to_thread(broker_node.start)
            await until(lambda: nothing_waits(drukke_wereld))
    finally:
        with suppress(BrokerInUse):  # it runs already, as it should
            await asyncio.to_thread(broker_node.start)

    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


@pytest.mark.slow
@pytest.mark.broker
async def test_losing_the_whole_broker_loses_nothing(
    drukke_wereld: Wereld, database: str, tmp_path: Path, broker: str, ongestoord: Boeken
) -> None:
    """Queues and exchange are gone with what was on them: first while nobody consumes, then under the hands of the workers."""
    await empty_queues(broker)
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    async with relay_alone(drukke_wereld, database, broker):
        await until(lambda: all_published(drukke_wereld))
    await delete_topology(broker)

    async with workers_in_process(drukke_wereld, database, tmp_path, amqp_url=broker):
        await until(lambda: nothing_waits(drukke_wereld))
        await delete_topology(broker)
        await stuur_golf(drukke_wereld, tweede_golf(), seed=2)
        await until(lambda: nothing_waits(drukke_wereld), timeout_s=20)

    await klopt(drukke_wereld)
    assert await boeken(drukke_wereld) == ongestoord


async def delete_topology(amqp_url: str) -> None:
    """What a broker knows after it was replaced by an empty one."""
    async with open_channel(amqp_url, prefetch=1) as channel:
        for name in (QUEUE_KLEIN, QUEUE_GROOT):
            await channel.queue_delete(name)
        await channel.exchange_delete(EXCHANGE)


async def three_and_a_culprit(wereld: Wereld) -> list[int]:
    """A lane in which the third of four berichten will be the one that goes wrong."""
    return [
        await stuur(wereld, make_301()),
        await stuur(wereld, make_305()),
        await stuur(wereld, make_305(identificatie="DADER")),
        await stuur(wereld, make_323()),
    ]


async def test_a_bericht_whose_judging_raises_is_parked_and_its_lane_goes_on(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours: never an approval, logged once under the kenmerk that the parked bericht shows, without the value that it stumbled on."""
    berichten = await three_and_a_culprit(wereld)

    def stumble(bericht: Any, *args: Any, **kwargs: Any) -> Oordeel:
        if bericht.header.bericht_identificatie.identificatie == "DADER":
            raise ValueError(f"cannot judge {BSN}")
        return beoordeel(bericht, *args, **kwargs)

    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logged:
        patch.setattr("app.judging.werk.beoordeel", stumble)
        await judge_all(wereld, lot_size_max=50)

    assert [await status(wereld, nr) for nr in berichten] == ["klaar", "verwerkt", "geparkeerd", "verwerkt"]
    row = await wereld.pool.fetchrow("select trace_id, park_reden from bericht where bericht_nr = $1", berichten[2])
    [event] = [entry for entry in logged if entry["event"] == "bericht_not_judged"]
    assert event["trace_id"] == row["trace_id"]
    assert row["trace_id"] in row["park_reden"]
    assert "ValueError" in event["trace"]
    assert BSN not in str(logged)
    await opnieuw(wereld, SYSTEEM, berichten[2])
    await judge_all(wereld, lot_size_max=50)
    assert await status(wereld, berichten[2]) == "afgekeurd"
    await klopt(wereld)


async def test_a_lot_that_cannot_be_stored_is_judged_one_by_one_and_only_the_culprit_is_parked(
    drukke_wereld: Wereld, monkeypatch: pytest.MonkeyPatch, ongestoord: Boeken
) -> None:
    """The culprit stands at the end of its lane, far behind the first lot's beginning; the others have the outcome that they would have had."""
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    culprit = await drukke_wereld.pool.fetchval(
        "select max(bericht_nr) from bericht where soort = '323' and identificatie like 'D%05' and agb = $1 and domein = 'ijw'", AGB
    )
    original = store.save_outcomes

    async def fail(connection: Any, outcomes: Sequence[Uitkomst], nu: datetime) -> None:
        if any(outcome.bericht_nr == culprit and outcome.status != "geparkeerd" for outcome in outcomes):
            raise ValueError(f"cannot store {BSN}")
        await original(connection, outcomes, nu)

    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logged:
        patch.setattr(store, "save_outcomes", fail)
        await judge_all(drukke_wereld, lot_size_max=50)

    parked = await drukke_wereld.pool.fetch("select bericht_nr, trace_id, park_reden from bericht where status = 'geparkeerd'")
    assert [row["bericht_nr"] for row in parked] == [culprit]
    assert parked[0]["trace_id"] in {entry.get("trace_id") for entry in logged if entry["event"] == "lot_failed"}
    assert parked[0]["trace_id"] in parked[0]["park_reden"]
    assert BSN not in str(logged)
    await opnieuw(drukke_wereld, SYSTEEM, culprit)
    await judge_all(drukke_wereld, lot_size_max=50)
    await second_wave_and_compare(drukke_wereld, ongestoord)


async def test_a_failure_that_passes_costs_one_attempt_however_many_wake_ups_come(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database cannot do it for a moment: the lane waits as a whole, nothing overtakes and nothing is parked."""
    berichten = await three_and_a_culprit(wereld)

    async def fail(*_: object) -> None:
        raise asyncpg.DeadlockDetectedError("for a moment")

    with monkeypatch.context() as patch:
        patch.setattr(store, "save_outcomes", fail)
        for _ in range(20):
            assert await handle_wake(wereld, "ijw", AGB, lot_size_max=2) == 0
    berichten.append(await stuur(wereld, make_307()))
    assert await handle_wake(wereld, "ijw", AGB, lot_size_max=2) == 0
    due = await wereld.pool.fetch("select distinct beschikbaar_op, gepubliceerd_op from outbox")
    begun = await pogingen(wereld)
    while not await nothing_waits(wereld):
        await judge_all(wereld, lot_size_max=50)
        await asyncio.sleep(0.1)

    assert begun == [1, 1]
    assert [(row["beschikbaar_op"] > row["gepubliceerd_op"] if row["gepubliceerd_op"] else True) for row in due] == [True]
    assert [await status(wereld, nr) for nr in berichten] == ["klaar", "verwerkt", "afgekeurd", "verwerkt", "verwerkt"]
    await klopt(wereld)


@pytest.mark.slow
async def test_a_database_that_crashes_and_recovers_loses_nothing(tmp_path: Path, ongestoord: Boeken) -> None:
    """One of its processes is killed in the middle of judging, which ends all connections: the worker goes on when it is back."""
    with own_database() as dsn:
        migrate(dsn)
        async with wereld_with_region(dsn, tmp_path, REGIO_MET_MEER_AANBIEDERS) as wereld:
            await stuur_golf(wereld, eerste_golf(), seed=1)
            observer = await asyncpg.connect(dsn)
            await observer.execute("begin")
            await observer.execute("lock table boeking in share mode")
            with worker_process(wereld, dsn, tmp_path) as worker:
                await until(lambda: backends_waiting_to_book(observer))
                os.kill((await backends_waiting_to_book(observer))[0], signal.SIGKILL)
                await until(lambda: observer.is_closed())
                await until(lambda: recovered(dsn))
                await until(lambda: nothing_waits_for(dsn))
                assert worker.poll() is None
                assert await stop_worker(worker) == 0

            await second_wave_and_compare(wereld, ongestoord)


@contextmanager
def own_database() -> Iterator[str]:
    """A server that may crash without harm to other tests; gone at the end."""
    folder = default_cache_dir() / f"tests/crash-{os.getpid()}"
    try:
        with embedded.running(folder, settings=embedded.TEST_SETTINGS) as server:
            yield server.dsn
    finally:
        embedded.remove(folder)
        shutil.rmtree(folder, ignore_errors=True)


async def recovered(dsn: str) -> bool:
    """Whether the database takes connections again."""
    try:
        connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


async def nothing_waits_for(dsn: str) -> bool:
    """As `nothing_waits`, on a connection of its own."""
    connection = await asyncpg.connect(dsn)
    try:
        return not await connection.fetchval("select exists (select 1 from outbox)")
    finally:
        await connection.close()


async def test_the_sixth_attempt_parks_and_its_lane_goes_on(wereld: Wereld) -> None:
    """A bericht that was begun five times without an end may be what kills the process: it is not begun again."""
    berichten = await three_and_a_culprit(wereld)
    await wereld.pool.execute("update bericht set pogingen = 5 where bericht_nr = $1", berichten[2])

    await judge_all(wereld, lot_size_max=50)

    assert [await status(wereld, nr) for nr in berichten] == ["klaar", "verwerkt", "geparkeerd", "verwerkt"]
    assert "5 keer" in await wereld.pool.fetchval("select park_reden from bericht where bericht_nr = $1", berichten[2])


async def test_the_fifth_attempt_is_still_made(wereld: Wereld) -> None:
    """Four attempts without an end are not enough to park."""
    nr = await stuur(wereld, make_301())
    await wereld.pool.execute("update bericht set pogingen = 4 where bericht_nr = $1", nr)

    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, nr) == "klaar"


async def test_a_bericht_that_kills_the_process_takes_no_others_with_it(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lot is begun together once; from then on each stands alone, so that after five deaths it alone is parked."""
    berichten = await three_and_a_culprit(wereld)

    class Killed(BaseException):
        """Stands for the end of the process: nothing catches it."""

    def die(bericht: Any, *args: Any, **kwargs: Any) -> Oordeel:
        if bericht.header.bericht_identificatie.identificatie == "DADER":
            raise Killed
        return beoordeel(bericht, *args, **kwargs)

    monkeypatch.setattr("app.judging.werk.beoordeel", die)
    deaths = 0
    for _ in range(12):
        try:
            await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50)
        except Killed:
            deaths += 1

    assert deaths == 5
    assert [await status(wereld, nr) for nr in berichten] == ["klaar", "verwerkt", "geparkeerd", "verwerkt"]
    assert [controle for controle in await verify(wereld) if not controle.klopt] == []


@pytest.mark.slow
@pytest.mark.broker
async def test_a_worker_without_progress_exits_to_be_restarted(
    drukke_wereld: Wereld, database: str, tmp_path: Path, broker: str, ongestoord: Boeken
) -> None:
    """Its handlers hang while work waits: exit code 70, also when what they hang on never answers; the next worker does the work."""
    await empty_queues(broker)
    await stuur_golf(drukke_wereld, eerste_golf(), seed=1)
    async with blocked_booking(database):
        with worker_process(drukke_wereld, database, tmp_path, broker, liveness_s=2) as worker:
            assert await wait_for_exit(worker, timeout_s=30) == 70

    with worker_process(drukke_wereld, database, tmp_path, broker, liveness_s=20) as worker:
        await until(lambda: nothing_waits(drukke_wereld))
        assert await stop_worker(worker) == 0
    await second_wave_and_compare(drukke_wereld, ongestoord)


@pytest.mark.slow
@pytest.mark.broker
async def test_a_worker_without_work_lives_on(wereld: Wereld, database: str, tmp_path: Path, broker: str) -> None:
    """Nothing to do is not the same as doing nothing; nor is a database that is away for a moment."""
    await empty_queues(broker)

    async with workers_in_process(wereld, database, tmp_path, amqp_url=broker, liveness_s=1) as workers:
        await asyncio.sleep(2.5)
        assert not workers.done()
        nr = await stuur(wereld, make_301())
        await until(lambda: nothing_waits(wereld))

    assert await status(wereld, nr) == "klaar"


@pytest.mark.slow
@pytest.mark.broker
async def test_a_consumer_that_stopped_consuming_is_noticed(
    wereld: Wereld, database: str, tmp_path: Path, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known failure of client libraries: connected, and nothing arrives any more."""
    await empty_queues(broker)

    async def deaf(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("workers.consumer.consume", deaf)
    await stuur(wereld, make_301())

    with pytest.raises(GeenVoortgang):
        async with asyncio.timeout(20):
            await run_workers(wereld, make_settings(tmp_path, database, amqp_url=broker, liveness_s=1), database, asyncio.Event())
