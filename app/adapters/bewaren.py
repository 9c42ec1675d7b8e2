"""Answers that take long to work out, kept in this process so that nobody waits for them twice.

An answer goes with the state of the database that it was made from (`stempel`): as long as nothing was written since, it is exact and is given at
once. After a write an answer that takes no time is made anew. Of one that takes long the last is given for at most `oud_s_max` seconds, while a new
one is made beside it; what shows it says as of when it is. So in a small region every answer is exact, and with `oud_s_max` 0 (tests) everywhere.

How much is kept is bounded, and so is the work: one answer of a kind is made at a time, beside readers one of all kinds, and for at most a tenth of
the time.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import structlog

T = TypeVar("T")
log = structlog.get_logger(__name__)

AANTAL_MAX = 64
"""Answers that are kept; those that nobody asked for the longest go first."""
KORT_S = 0.1
"""An answer that took no longer to make is worth waiting for: it is made anew when something was written."""
JONG_S = 30
RUST = 10
"""An answer is not made again beside readers before it is so old, and so many times as old as it took to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Antwoord:
    waarde: Any
    stempel: Hashable
    gemaakt: float
    duurde_s: float


@dataclass(slots=True, kw_only=True)
class Bewaarplaats:
    """The answers of one process. `oud_s_max`: how old an answer may be that is given after something was written."""

    oud_s_max: float = 0
    aantal_max: int = AANTAL_MAX
    klok: Callable[[], float] = time.monotonic
    _antwoorden: OrderedDict[Hashable, _Antwoord] = field(default_factory=OrderedDict, init=False)
    _bezig: dict[Hashable, asyncio.Task[Any]] = field(default_factory=dict, init=False, repr=False)
    _beurt: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    async def haal(self, sleutel: Hashable, stempel: Hashable, maak: Callable[[], Awaitable[T]]) -> T:
        """The answer under `sleutel`, made by `maak` when there is none that may be given.

        Args:
            sleutel: What is asked; the same for the same question.
            stempel: The state of the database, read before `maak` reads anything: an answer is never younger than its stamp says.
            maak: Makes the answer. It may run after this call has returned, so it opens its own connections.
        """
        while True:
            found = self._antwoorden.get(sleutel)
            busy = self._bezig.get(sleutel)
            if found is not None and self._may_be_given(found, stempel):
                self._antwoorden.move_to_end(sleutel)
                if found.stempel != stempel and busy is None and self._rested(found):
                    self._begin(sleutel, stempel, maak, beside=True).add_done_callback(_tell_what_failed)
                return cast(T, found.waarde)
            if busy is None:
                return cast(T, await asyncio.shield(self._begin(sleutel, stempel, maak)))
            # Somebody is making one, perhaps of an earlier state: what comes of it is looked at again.
            await asyncio.wait([busy])

    def _may_be_given(self, found: _Antwoord, stempel: Hashable) -> bool:
        return found.stempel == stempel or (found.duurde_s > KORT_S and self.klok() - found.gemaakt <= self.oud_s_max)

    def _rested(self, found: _Antwoord) -> bool:
        return self.klok() - found.gemaakt > max(JONG_S, RUST * found.duurde_s)

    def _begin(
        self, sleutel: Hashable, stempel: Hashable, maak: Callable[[], Awaitable[Any]], *, beside: bool = False
    ) -> asyncio.Task[Any]:
        task = asyncio.create_task(self._make_in_turn(sleutel, stempel, maak) if beside else self._make(sleutel, stempel, maak))
        self._bezig[sleutel] = task
        return task

    async def _make_in_turn(self, sleutel: Hashable, stempel: Hashable, maak: Callable[[], Awaitable[Any]]) -> Any:
        """Made while nobody waits: several at a time would leave those who read no processor."""
        try:
            async with self._beurt:
                return await self._make(sleutel, stempel, maak)
        finally:
            # Of one that was cancelled before its turn; otherwise somebody may have begun another.
            if self._bezig.get(sleutel) is asyncio.current_task():
                del self._bezig[sleutel]

    async def _make(self, sleutel: Hashable, stempel: Hashable, maak: Callable[[], Awaitable[Any]]) -> Any:
        begin = self.klok()
        try:
            waarde = await maak()
        finally:
            del self._bezig[sleutel]
        now = self.klok()
        self._antwoorden[sleutel] = _Antwoord(waarde=waarde, stempel=stempel, gemaakt=now, duurde_s=now - begin)
        self._antwoorden.move_to_end(sleutel)
        while len(self._antwoorden) > self.aantal_max:
            self._antwoorden.popitem(last=False)
        return waarde

    async def sluit(self) -> None:
        """Stop what is being made; call before the database is closed."""
        tasks = list(self._bezig.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # One that was stopped before its first step has not taken itself off.
        self._bezig.clear()


def _tell_what_failed(task: asyncio.Task[Any]) -> None:
    """Nobody waits for an answer that is made beside readers; who asks when the old one may no longer be given gets the error itself."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("answer_not_made", error=type(error).__name__)
