"""What must happen in the background whoever is awake: balances folded, declaraties that waited too long for a contract judged."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable
from app.judging import wek_wachtenden
from app.ledger import fold

log = structlog.get_logger(__name__)

SWEEP_S = 10.0


async def run_sweeper(wereld: Wereld, *, stop: asyncio.Event) -> None:
    """Sweep every ten seconds until `stop` is set."""
    while not stop.is_set():
        await sweep(wereld)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_S)


async def sweep(wereld: Wereld) -> None:
    """One round; what fails because the world is away is done in the next."""
    try:
        await fold(wereld)
        woken = await wek_wachtenden(wereld)
        if woken:
            log.info("waiting_declaraties_woken", berichten=woken)
    except Unavailable as error:
        log.warning("sweep_postponed", reason=str(error))
