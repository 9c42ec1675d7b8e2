"""The outbox: which wake-ups are taken, in what order, how many of a lane, and what is taken again."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.adapters.database import Connection
from app.mailbox import outbox

NU = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
MINUUT = timedelta(minutes=1)
TAKE_S_MAX = 0.02


@pytest.fixture
async def connection(database: str) -> AsyncIterator[Connection]:
    """A connection to an empty database."""
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


async def wait_in_lane(
    connection: Connection, agb: str, bericht_nrs: Sequence[int], *, since: datetime = NU, taak: str = "verwerken"
) -> None:
    """Wake-ups of one lane."""
    await connection.execute(
        """
        insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)
        select $4, nr, 'ijw', $1, 'ijw.323.0664', false, $3 from unnest($2::bigint[]) nr
        """,
        agb,
        list(bericht_nrs),
        since,
        taak,
    )


async def take(
    connection: Connection, *, nu: datetime = NU, republish_before: datetime | None = None, lane: int = 20, limit: int = 200
) -> list[int]:
    """The bericht_nrs that the relay would publish, in order."""
    taken = await outbox.take_unpublished(connection, nu=nu, republish_before=republish_before, lane_in_flight_max=lane, limit=limit)
    return [taak.bericht_nr for taak in taken]


async def publish(connection: Connection, bericht_nrs: Sequence[int], nu: datetime = NU) -> None:
    """The broker confirmed these."""
    rows = await connection.fetch("select outbox_nr from outbox where bericht_nr = any($1::bigint[])", list(bericht_nrs))
    await outbox.mark_published(connection, [row["outbox_nr"] for row in rows], nu)


async def test_lanes_are_taken_in_turn_the_oldest_of_each_first(connection: Connection) -> None:
    """A lane with a thousand waiting does not stand before one with two."""
    await wait_in_lane(connection, "A", range(100, 1100))
    await wait_in_lane(connection, "B", [5000, 5001])

    assert await take(connection, limit=6) == [100, 5000, 101, 5001, 102, 103]


async def test_of_a_lane_no_more_than_its_maximum_is_on_the_way(connection: Connection) -> None:
    """What is published and not done counts; when some of it is done, as many follow."""
    await wait_in_lane(connection, "A", range(1, 51))
    first = await take(connection, lane=20)
    await publish(connection, first)

    assert first == list(range(1, 21))
    assert await take(connection, lane=20) == []
    await outbox.done(connection, [1, 2, 3])
    assert await take(connection, lane=20) == [21, 22, 23]


async def test_what_is_not_due_is_not_taken_and_takes_no_place(connection: Connection) -> None:
    """A postponed bericht comes when its time is there."""
    await wait_in_lane(connection, "A", [1], since=NU + MINUUT)
    await wait_in_lane(connection, "A", [2, 3])

    assert await take(connection, lane=2) == [2, 3]
    assert await take(connection, lane=2, nu=NU + MINUUT) == [1, 2]


async def test_what_was_published_long_ago_and_is_not_done_is_taken_again(connection: Connection) -> None:
    """The broker may have lost it; not so when the limit is not reached, or when nothing may be published again."""
    await wait_in_lane(connection, "A", [1, 2])
    await publish(connection, [1], NU)
    await publish(connection, [2], NU + MINUUT)

    assert await take(connection, nu=NU + 2 * MINUUT, republish_before=NU + MINUUT) == [1]
    assert await take(connection, nu=NU + 2 * MINUUT, republish_before=None) == []


async def test_after_a_new_connection_to_the_broker_everything_is_taken_again(connection: Connection) -> None:
    """The broker may have forgotten all of it."""
    await wait_in_lane(connection, "A", [1, 2])
    await publish(connection, [1, 2])

    await outbox.mark_all_unpublished(connection)

    assert await take(connection) == [1, 2]


async def test_waiting_lanes_are_those_with_something_due_the_longest_waiting_first(connection: Connection) -> None:
    """For the local transport, with whether the next one is big; delivery is another task."""
    await wait_in_lane(connection, "C", [1], since=NU + MINUUT)
    await wait_in_lane(connection, "B", [2], taak="bezorgen")
    await wait_in_lane(connection, "A", [4, 5])
    await wait_in_lane(connection, "D", [3, 9])

    assert await outbox.waiting_lanes(connection, nu=NU, limit=10) == [("ijw", "D", False), ("ijw", "A", False)]
    assert await outbox.waiting_lanes(connection, nu=NU, limit=1) == [("ijw", "D", False)]
    await connection.execute("update outbox set groot = true where bericht_nr in (3, 5)")
    assert await outbox.waiting_lanes(connection, nu=NU, limit=10) == [("ijw", "D", True), ("ijw", "A", False)]
    assert await outbox.waiting_lanes(connection, nu=NU + MINUUT, limit=1) == [("ijw", "C", False)]


async def test_lanes_of_both_domains_and_of_delivery_are_all_found(connection: Connection) -> None:
    """The walk over the lanes skips none, also where a lane has only other tasks."""
    await wait_in_lane(connection, "B", [1], taak="bezorgen")
    for nr, agb in enumerate("ACEG", start=10):
        await wait_in_lane(connection, agb, [nr])
    await connection.execute("insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)"
                             " values ('verwerken', 20, 'iwmo', 'A', 'iwmo.323.0664', true, $1)", NU)  # fmt: skip

    taken = await outbox.take_unpublished(connection, nu=NU, republish_before=None, lane_in_flight_max=20, limit=200)

    assert [(taak.domein, taak.agb, taak.groot) for taak in taken] == [
        ("ijw", "A", False),
        ("ijw", "C", False),
        ("ijw", "E", False),
        ("ijw", "G", False),
        ("iwmo", "A", True),
    ]


async def test_putting_again_replaces_the_wake_up(connection: Connection) -> None:
    """One wake-up a bericht: rescheduled, unpublished, and big above one megabyte."""
    for nr, grootte in ((1, 1_000_000), (2, 1_000_001)):
        await connection.execute(
            """
            insert into bericht (bericht_nr, richting, domein, soort, van, aan, gemeente, agb, sha256, grootte, status, ontvangen_op,
                                 ontvangst_datum, ingediend_door)
            values ($1, 'in', 'ijw', '323', 'aanbieder:A', 'gemeente:0664', '0664', 'A', $2, $3, 'ontvangen', $4, '2026-06-03', 'test')
            """,
            nr,
            bytes([nr]),
            grootte,
            NU,
        )
    await outbox.put(connection, [1, 2], beschikbaar_op=NU)
    await publish(connection, [1, 2])

    await outbox.put(connection, [1, 2], beschikbaar_op=NU + MINUUT)

    rows = await connection.fetch(
        "select bericht_nr, agb, routing_key, groot, beschikbaar_op, gepubliceerd_op from outbox order by bericht_nr"
    )
    assert [tuple(row) for row in rows] == [
        (1, "A", "ijw.323.0664", False, NU + MINUUT, None),
        (2, "A", "ijw.323.0664", True, NU + MINUUT, None),
    ]


async def test_backlog_is_what_has_been_due_for_long(connection: Connection) -> None:
    """Neither what came just now nor delivery."""
    await wait_in_lane(connection, "A", [1])
    await wait_in_lane(connection, "A", [2], since=NU - MINUUT, taak="bezorgen")

    assert not await outbox.has_backlog(connection, older_than=NU)
    assert await outbox.has_backlog(connection, older_than=NU + MINUUT)


@pytest.mark.slow
async def test_a_hundred_thousand_waiting_cost_no_more_than_a_few(connection: Connection) -> None:
    """In fifty lanes, all of the first twenty on the broker: the relay asks this twice a second."""
    for lane in range(50):
        await wait_in_lane(connection, f"{lane:08d}", range(lane * 2000, lane * 2000 + 2000))
    await connection.execute("analyze outbox")
    while taken := await outbox.take_unpublished(connection, nu=NU, republish_before=None, lane_in_flight_max=20, limit=200):
        await outbox.mark_published(connection, [taak.outbox_nr for taak in taken], NU)

    took_s = []
    for _ in range(10):
        begin = time.perf_counter()
        assert await take(connection) == []
        assert len(await outbox.waiting_lanes(connection, nu=NU, limit=100)) == 50
        took_s.append(time.perf_counter() - begin)

    assert await connection.fetchval("select count(*) from outbox where gepubliceerd_op is not null") == 50 * 20
    assert min(took_s) < TAKE_S_MAX
