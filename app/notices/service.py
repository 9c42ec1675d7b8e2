"""What a page asks to begin with."""

from __future__ import annotations

from app.adapters.wereld import Wereld
from app.notices import store


async def stand_van_afkeuringen(wereld: Wereld) -> int:
    """Where a page that is opened now begins to count new rejections; asked before the page reads its own data, so that none is missed."""
    async with wereld.pool.acquire() as connection:
        return await store.laatste_afkeuring(connection)
