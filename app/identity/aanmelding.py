"""How long signing in is refused after failures; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

VRIJE_POGINGEN = 5
VERTRAGING_S_MIN = 30
VERTRAGING_S_MAX = 900


def vertraging(mislukte_pogingen: int) -> timedelta:
    """The pause after so many failures in a row: none up to four, then 30 s, doubling up to 15 minutes."""
    if mislukte_pogingen < VRIJE_POGINGEN:
        return timedelta(0)
    doublings = min(mislukte_pogingen - VRIJE_POGINGEN, 16)
    return timedelta(seconds=min(VERTRAGING_S_MIN * 2**doublings, VERTRAGING_S_MAX))


def is_geblokkeerd(mislukte_pogingen: int, geblokkeerd_op: datetime | None, nu: datetime) -> bool:
    """Whether an attempt at `nu` comes too early to be looked at."""
    return geblokkeerd_op is not None and nu < geblokkeerd_op + vertraging(mislukte_pogingen)
