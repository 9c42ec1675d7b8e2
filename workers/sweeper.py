"""What must happen in the background whoever is awake: balances folded, declaraties that waited too long for a contract or were held judged,
people told of what is new, and commitments brought to the last load of the region and, at the start of a year, to its end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable
from app.judging import geef_verlopen_vrij, wek_wachtenden
from app.ledger import fold, werk_verplichtingen_bij
from app.notices import maak_meldingen

log = structlog.get_logger(__name__)

SWEEP_S = 10.0


async def run_sweeper(wereld: Wereld, *, stop: asyncio.Event) -> None:
    """Sweep every ten seconds until `stop` is set; commitments beside it, because all lanes together may take longer than that."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_every_ten_seconds(sweep, wereld, stop))
        group.create_task(_every_ten_seconds(sweep_verplichtingen, wereld, stop))


async def _every_ten_seconds(work: Callable[[Wereld], Awaitable[None]], wereld: Wereld, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await work(wereld)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_S)


async def sweep(wereld: Wereld) -> None:
    """One round; what fails because the world is away is done in the next."""
    try:
        await fold(wereld)
        woken = await wek_wachtenden(wereld)
        if woken:
            log.info("waiting_declaraties_woken", berichten=woken)
        await geef_verlopen_vrij(wereld)
        await maak_meldingen(wereld)
    except Unavailable as error:
        log.warning("sweep_postponed", reason=str(error))


async def sweep_verplichtingen(wereld: Wereld) -> None:
    """One round of the commitments; what fails because the world is away is resumed in the next."""
    try:
        await werk_verplichtingen_bij(wereld)
    except Unavailable as error:
        log.warning("commitments_postponed", reason=str(error))
