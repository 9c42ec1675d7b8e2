"""One moment of the database for all queries of an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable


@asynccontextmanager
async def lezen(wereld: Wereld) -> AsyncIterator[AsyncConnection]:
    """One snapshot of the database to read from.

    Raises:
        Unavailable: The database does not answer.
    """
    try:
        async with wereld.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection
    except (InterfaceError, OperationalError, ConnectionError, TimeoutError) as error:
        raise Unavailable("de database kan dit nu niet") from error


async def stempel_van(wereld: Wereld) -> str:
    """Which transactions the database shows now: the same text as before means that nothing was written since.

    Raises:
        Unavailable: The database does not answer.
    """
    async with lezen(wereld) as connection:
        return str(await connection.scalar(text("select pg_current_snapshot()::text")))
