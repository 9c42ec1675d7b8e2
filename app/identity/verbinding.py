"""The connection of this room; a database that is away becomes our own word for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.database import TRANSIENT
from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable


@asynccontextmanager
async def verbinding(wereld: Wereld) -> AsyncIterator[AsyncConnection]:
    """A connection in one transaction, committed at the end.

    Raises:
        Unavailable: The database does not answer.
    """
    try:
        async with wereld.engine.begin() as connection:
            yield connection
    except (InterfaceError, OperationalError, *TRANSIENT) as error:
        raise Unavailable(f"de database kan dit nu niet: {type(error).__name__}") from error
