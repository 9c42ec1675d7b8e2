"""Liveness is progress while there is backlog: a worker that handles nothing while work is due ends itself, to be started again.

The reason is a known failure of client libraries: after a restart of the broker a consumer may stay connected and receive nothing.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import asyncpg
import structlog

from app.adapters.database import DATABASE_AWAY
from app.adapters.wereld import Wereld
from app.mailbox import outbox

log = structlog.get_logger(__name__)

CHECKS_PER_LIMIT = 10


class GeenVoortgang(Exception):
    """There is work that is due and nothing was handled for too long: the process must end."""


class Progress:
    """When a wake-up was last handled to its end, on the monotonic clock of the process."""

    def __init__(self) -> None:
        self.last_s = time.monotonic()

    def mark(self) -> None:
        """Something was handled now."""
        self.last_s = time.monotonic()

    def idle_s(self) -> float:
        """Seconds since something was handled."""
        return time.monotonic() - self.last_s


async def watch_liveness(wereld: Wereld, progress: Progress, *, dsn: str, limit_s: float, stop: asyncio.Event) -> None:
    """Look until `stop` is set.

    Raises:
        GeenVoortgang: Nothing was handled for `limit_s`, and work has been due for as long.
    """
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), limit_s / CHECKS_PER_LIMIT)
        except TimeoutError:
            if progress.idle_s() > limit_s and await _has_backlog(dsn, wereld.nu - timedelta(seconds=limit_s), limit_s):
                raise GeenVoortgang(f"niets verwerkt in {progress.idle_s():.0f} s terwijl er werk ligt") from None


async def _has_backlog(dsn: str, older_than: datetime, timeout_s: float) -> bool:
    """Whether work has been due since before then; on a connection of its own, because handlers that hang may hold all those of the pool.

    A database that is away is no reason to end: starting again would not bring it back.
    """
    try:
        connection = await asyncpg.connect(dsn, timeout=timeout_s, command_timeout=timeout_s)
        try:
            return await outbox.has_backlog(connection, older_than=older_than)
        finally:
            await connection.close(timeout=1)
    except DATABASE_AWAY as error:
        log.warning("database_away", error=type(error).__name__)
        return False
