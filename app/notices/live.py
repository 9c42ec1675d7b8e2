"""Who has a page open and wants to hear of new rejections: one poller per process for all of them, and nothing at all while nobody listens.

The count of a listener is that of everything after the row that its page begins at, so a connection that breaks and comes back says the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import structlog

from app.adapters.database import DATABASE_AWAY
from app.adapters.wereld import Wereld
from app.domain.errors import DomainError, Unavailable
from app.domain.partij import Actor
from app.identity import levende_sessies
from app.notices import store
from app.notices.ring import RING_MAX, Ring

KIJK_S = 2.0
SESSIE_S = 15.0
HARTSLAG_S = 20.0
"""So often something is sent, so that what stands in between does not take the connection for dead."""
PER_PERSOON_MAX = 6
LUISTERAARS_MAX = 500
"""Per process."""
OVERLAP = 1_000
"""Numbers are given before they are committed; so far back is looked for rows that were committed later."""

log = structlog.get_logger(__name__)


class TeVeelVensters(DomainError):
    """Er staan te veel vensters open die op nieuwe afkeuringen wachten. Ververs de pagina om te kijken wat er nieuw is."""

    status = 429


@dataclass(eq=False, slots=True)
class _Luisteraar:
    """One open connection."""

    naam: str
    sessie: str
    sinds: int
    gemeenten: frozenset[str] | None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False


class LiveAfkeuringen:
    """All who listen in this process. Its task runs only while somebody does."""

    def __init__(self, wereld_of: Callable[[], Wereld]) -> None:
        self._wereld_of = wereld_of
        self._luisteraars: set[_Luisteraar] = set()
        self._ring = Ring()
        self._task: asyncio.Task[None] | None = None
        self._is_dicht = False

    @property
    def aantal(self) -> int:
        """How many listen."""
        return len(self._luisteraars)

    def luister(self, actor: Actor, sessie: str, sinds: int) -> AsyncIterator[int | None]:
        """How many berichten were rejected after row `sinds`: each time that it changes, and None as a sign of life in between.

        It ends when the session does and when the process stops.

        Raises:
            TeVeelVensters: Too many listen already, this person or all together, or the process stops.
        """
        own = sum(each.naam == actor.naam for each in self._luisteraars)
        if self._is_dicht or own >= PER_PERSOON_MAX or len(self._luisteraars) >= LUISTERAARS_MAX:
            raise TeVeelVensters
        return self._tell(_Luisteraar(naam=actor.naam, sessie=sessie, sinds=sinds, gemeenten=actor.gemeenten))

    async def _tell(self, luisteraar: _Luisteraar) -> AsyncIterator[int | None]:
        self._luisteraars.add(luisteraar)
        try:
            if self._task is None:
                self._task = asyncio.create_task(self._run(), name="live")
            told = 0
            yield None
            while not luisteraar.is_over:
                count = self._ring.aantal(luisteraar.sinds, luisteraar.gemeenten)
                if count != told:
                    told = count
                    yield count
                luisteraar.wake.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HARTSLAG_S):
                        await luisteraar.wake.wait()
                    continue
                yield None
        finally:
            self._luisteraars.discard(luisteraar)
            if not self._luisteraars:
                self._end_task()

    def sluit(self) -> None:
        """End every connection, because the process stops; nobody can listen any more."""
        self._is_dicht = True
        for luisteraar in self._luisteraars:
            luisteraar.is_over = True
            luisteraar.wake.set()
        self._end_task()

    def _end_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        """Look until cancelled; a database that is away is asked again."""
        sessions_seen = time.monotonic()
        while True:
            try:
                await self._look()
                if time.monotonic() - sessions_seen >= SESSIE_S:
                    await self._end_of_sessions()
                    sessions_seen = time.monotonic()
            except (Unavailable, *DATABASE_AWAY) as error:
                log.warning("live_postponed", error=type(error).__name__)
            await asyncio.sleep(KIJK_S)

    async def _look(self) -> None:
        async with self._wereld_of().pool.acquire() as connection:
            found = await store.afkeuringen(connection, na=self._ring.laatste - OVERLAP, limit=RING_MAX)
        if self._ring.voeg_toe(found):
            for luisteraar in self._luisteraars:
                luisteraar.wake.set()

    async def _end_of_sessions(self) -> None:
        alive = await levende_sessies(self._wereld_of(), {each.sessie for each in self._luisteraars})
        for luisteraar in self._luisteraars:
            if luisteraar.sessie not in alive:
                luisteraar.is_over = True
                luisteraar.wake.set()
