"""One wake-up, whichever transport brought it: judge the next lot of its lane; when the world is away, try again later by way of the outbox."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import cast

import structlog

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.bericht import Domein
from app.domain.errors import Unavailable
from app.judging import verwerk_baan
from app.mailbox import outbox

log = structlog.get_logger(__name__)

RETRY_DELAY_S_MIN = 1.0
RETRY_DELAY_S_MAX = 300.0


async def handle_wake(wereld: Wereld, domein: str, agb: str, *, lot_size_max: int) -> int:
    """Judge one lot of a lane; returns how many berichten got an outcome.

    A transient failure puts the lane off by a delay that grows with the attempts of its first bericht, and returns 0. Should even that fail,
    the wake-up is still in the outbox and comes again.
    """
    try:
        return await verwerk_baan(wereld, cast(Domein, domein), agb, lot_size_max=lot_size_max)
    except Unavailable as error:
        log.warning("lane_postponed", domein=domein, agb=agb, reason=str(error))
        await _postpone(wereld, domein, agb)
        return 0


async def _postpone(wereld: Wereld, domein: str, agb: str) -> None:
    try:
        async with transaction(wereld.pool) as connection:
            waiting = await outbox.attempts(connection, domein, agb)
            if waiting:
                _, attempts = waiting[0]
                await outbox.put(connection, [nr for nr, _ in waiting], beschikbaar_op=wereld.nu + retry_delay(attempts))
    except Unavailable:
        log.warning("database_away", domein=domein, agb=agb)


def retry_delay(attempts: int) -> timedelta:
    """Twice as long each time, at most five minutes, with jitter so that lanes do not come back all at once."""
    seconds = min(RETRY_DELAY_S_MIN * 2**attempts, RETRY_DELAY_S_MAX)
    return timedelta(seconds=seconds * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, hides nothing
