"""The number of unread meldingen in the head of every page, remembered for a few seconds, so that a page costs no query for it."""

from __future__ import annotations

import time

from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from app.notices.service_meldingen import tel_ongelezen

ONTHOUD_S = 10.0
PERSONEN_MAX = 2_000


class OngelezenTeller:
    """What was counted last for each person in this process."""

    def __init__(self) -> None:
        self._geteld: dict[str, tuple[float, int]] = {}

    async def van(self, wereld: Wereld, actor: Actor) -> int:
        """How many this person did not read, at most ten seconds ago."""
        known = self._geteld.get(actor.naam)
        now = time.monotonic()
        if known is not None and now - known[0] < ONTHOUD_S:
            return known[1]
        if len(self._geteld) >= PERSONEN_MAX:
            self._geteld.clear()
        count = await tel_ongelezen(wereld, actor)
        self._geteld[actor.naam] = now, count
        return count

    def vergeet(self, actor: Actor) -> None:
        """Count again next time, because this person read something."""
        self._geteld.pop(actor.naam, None)
