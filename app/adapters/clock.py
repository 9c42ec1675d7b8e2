"""The clock, as an argument: instants in UTC, the day in the Netherlands. Only `bootstrap` makes one.

`SOLIDAIR_NU` fixes the time for demo and tests: the clock then starts at that local time and runs on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Clock = Callable[[], datetime]
"""Gives the current instant, timezone-aware, in UTC."""


def system_clock() -> datetime:
    """The instant of this machine, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime) -> Clock:
    """A clock that stands at `start` now and runs on from there; `start` without zone is local time in the Netherlands."""
    begin = (start if start.tzinfo else start.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    offset = begin - system_clock()
    return lambda: system_clock() + offset


def local_date(instant: datetime) -> date:
    """The day in the Netherlands at an instant."""
    return instant.astimezone(AMSTERDAM).date()
