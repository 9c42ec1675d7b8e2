"""The clock: always aware and in UTC, and the day in the Netherlands at an instant."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from app.adapters.clock import AMSTERDAM, clock_from, local_date, system_clock


def test_the_clock_is_aware_and_in_utc() -> None:
    """Of the machine and fixed alike."""
    assert system_clock().utcoffset() == timedelta(0)
    assert clock_from(datetime(2026, 7, 3, 9, 0))().utcoffset() == timedelta(0)  # noqa: DTZ001 - as SOLIDAIR_NU is written


def test_a_start_without_zone_is_dutch_time() -> None:
    """Nine o'clock in July is seven in UTC, in January eight; with a zone it is what it says."""
    second = timedelta(seconds=1)

    assert abs(clock_from(datetime(2026, 7, 3, 9, 0))() - datetime(2026, 7, 3, 7, 0, tzinfo=UTC)) < second  # noqa: DTZ001
    assert abs(clock_from(datetime(2026, 1, 3, 9, 0))() - datetime(2026, 1, 3, 8, 0, tzinfo=UTC)) < second  # noqa: DTZ001
    assert abs(clock_from(datetime(2026, 7, 3, 9, 0, tzinfo=UTC))() - datetime(2026, 7, 3, 9, 0, tzinfo=UTC)) < second


def test_a_fixed_clock_runs_on() -> None:
    """It starts at its time and does not stand still."""
    clock = clock_from(datetime(2026, 7, 3, 9, 0, tzinfo=AMSTERDAM))

    first = clock()
    time.sleep(0.01)

    assert timedelta(milliseconds=10) <= clock() - first < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("instant", "dag"),
    [
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_is_the_one_in_the_netherlands(instant: datetime, dag: date) -> None:
    """Two hours ahead of UTC in summer, one in winter."""
    assert local_date(instant) == dag
