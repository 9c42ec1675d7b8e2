"""Waiting until a bericht is judged: one listening connection for all who wait in this process, and a look now and then as safety net."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

import structlog

from app.adapters.database import TRANSIENT, Connection, Pool
from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from app.mailbox.lists import BerichtRegel, toon_bericht

CHANNEL: Final = "bericht_beoordeeld"
"""Judging sends the bericht_nr here when it commits."""
WACHT_S_MAX = 60.0
WACHTENDEN_MAX = 200
"""Who comes after these gets the answer of now."""
KIJK_S = 2.0
ONBEOORDEELD = "ontvangen"

log = structlog.get_logger(__name__)


async def wacht_op_oordeel(wereld: Wereld, actor: Actor, nr: int, seconden: float) -> BerichtRegel:
    """The bericht as soon as it is judged, at the latest after so many seconds (60 at most).

    Raises:
        NietGevonden: There is no such bericht, or not for this actor.
    """
    found = await toon_bericht(wereld, actor, nr)
    if found.status != ONBEOORDEELD or seconden <= 0:
        return found
    kamer = _KAMERS.setdefault(wereld.pool, Wachtkamer(wereld.pool))
    await kamer.wacht(nr, min(seconden, WACHT_S_MAX))
    return await toon_bericht(wereld, actor, nr)


class Wachtkamer:
    """All who wait on one pool. Its task runs, and holds a connection, only while somebody waits."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._wachtenden: dict[int, set[asyncio.Event]] = {}
        self._aantal = 0
        self._task: asyncio.Task[None] | None = None

    async def wacht(self, nr: int, seconden: float) -> None:
        """Return when `nr` is judged, when time is up, or at once when too many wait already."""
        if self._aantal >= WACHTENDEN_MAX:
            return
        event = asyncio.Event()
        self._enter(nr, event)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconden):
                    await event.wait()
        finally:
            await self._leave(nr, event)

    def _enter(self, nr: int, event: asyncio.Event) -> None:
        self._aantal += 1
        self._wachtenden.setdefault(nr, set()).add(event)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="wachtkamer")

    async def _leave(self, nr: int, event: asyncio.Event) -> None:
        self._aantal -= 1
        self._wachtenden[nr].discard(event)
        if not self._wachtenden[nr]:
            del self._wachtenden[nr]
        if self._wachtenden or self._task is None:
            return
        task, self._task = self._task, None
        _KAMERS.pop(self._pool, None)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _run(self) -> None:
        """Listen and look until cancelled; a database that is away is asked again."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await self._listen(connection)
            except TRANSIENT as error:
                log.warning("wait_connection_lost", error=type(error).__name__)
                await asyncio.sleep(KIJK_S)

    async def _listen(self, connection: Connection) -> None:
        await connection.add_listener(CHANNEL, self._notified)
        try:
            while True:
                # The first look is at once: what was judged before we listened sends no notice any more.
                await self._look(connection)
                await asyncio.sleep(KIJK_S)
        finally:
            if not connection.is_closed():
                await connection.remove_listener(CHANNEL, self._notified)

    async def _look(self, connection: Connection) -> None:
        query = "select bericht_nr from bericht where bericht_nr = any($1::bigint[]) and status <> $2"
        for row in await connection.fetch(query, list(self._wachtenden), ONBEOORDEELD):
            self._wake(row["bericht_nr"])

    def _notified(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        if isinstance(payload, str) and payload.isdecimal():
            self._wake(int(payload))

    def _wake(self, nr: int) -> None:
        for event in self._wachtenden.get(nr, ()):
            event.set()


_KAMERS: dict[Pool, Wachtkamer] = {}
"""The rooms in which somebody waits; empty when nobody does."""
