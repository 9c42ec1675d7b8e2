"""PostgreSQL: pools, migrations, and the words of the database turned into ours.

The way of a message uses asyncpg directly with prepared statements; what people trigger uses SQLAlchemy Core on the same database.
DSNs are those of asyncpg: `postgresql://user:password@host/database` or `…@/database?host=/socket/folder`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
import structlog
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.adapters.data import data_folder
from app.domain.errors import Unavailable

log = structlog.get_logger(__name__)

POOL_SIZE_MAX = 10
STATEMENT_TIMEOUT_S = 120
LANE_LOCK_SEED = 0
INTAKE_LOCK_SEED = 1

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

TRANSIENT = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What asyncpg says of a connection of the pool that the server ended at the moment it was taken.
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    ConnectionError,
    OSError,
    TimeoutError,
)
"""What passes by itself: try again later, count the attempt."""
DATABASE_AWAY = (*TRANSIENT, asyncpg.PostgresError)
"""For loops that must outlive the database: whatever it says, look again later."""
CheckGeschonden = asyncpg.CheckViolationError
"""The database refuses a row; `constraint_name` says by which check."""


async def _prepare_connection(connection: Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _keep(_connection: Connection) -> None:
    """Nothing to undo when a connection goes back to the pool, which saves a round trip each time.

    asyncpg itself has rolled back by then. Nobody sets a session variable or takes a session lock on a pooled connection (the relay, which
    does, has one of its own), and who listens unlistens.
    """


async def open_pool(dsn: str, *, size_max: int = POOL_SIZE_MAX) -> Pool:
    """A pool of asyncpg connections.

    Raises:
        Unavailable: The database does not answer.
    """
    try:
        return await asyncpg.create_pool(
            dsn, min_size=1, max_size=size_max, init=_prepare_connection, reset=_keep, command_timeout=STATEMENT_TIMEOUT_S
        )
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable("de database is niet bereikbaar") from error


def open_engine(dsn: str, *, size_max: int = POOL_SIZE_MAX) -> AsyncEngine:
    """A SQLAlchemy engine on the same database, for lists and everything else people trigger."""

    async def connect() -> Connection:
        return await asyncpg.connect(dsn, command_timeout=STATEMENT_TIMEOUT_S)

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, pool_size=size_max, max_overflow=0)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """One READ COMMITTED transaction; an exception rolls it back. A world that is away becomes `Unavailable`."""
    try:
        async with pool.acquire() as connection, connection.transaction():
            yield connection
    except TRANSIENT as error:
        raise Unavailable(f"de database kan dit nu niet: {type(error).__name__}") from error


async def lock_lane(connection: Connection, domein: str, agb: str) -> None:
    """Take the lane for judging until the transaction ends; a statement of its own, so that what follows sees all that was committed."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, $2))", f"{domein}:{agb}", LANE_LOCK_SEED)


async def lock_intake(connection: Connection, domein: str, agb: str) -> None:
    """Take the door of a lane until the transaction ends, so that bericht_nr and order of commit agree within a lane."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, $2))", f"{domein}:{agb}", INTAKE_LOCK_SEED)


async def notify(pool: Pool, channel: str, payloads: Sequence[str]) -> None:
    """Tell who listens to a channel, after the commit of what there is to tell.

    PostgreSQL lets one transaction that notifies commit at a time, its write to disk included; inside the transaction of every bericht that
    would put all of them in one row. It is a hint: who listens also looks by itself now and then, so a database that is just away costs delay.
    """
    try:
        await pool.execute("select pg_notify($1, payload) from unnest($2::text[]) payload", channel, list(payloads))
    except TRANSIENT as error:
        log.warning("notice_lost", channel=channel, error=type(error).__name__)


def migrate(dsn: str) -> None:
    """Bring the database to the newest schema; does nothing when it is there already. Safe when two processes do it at once.

    Raises:
        Unavailable: The database does not answer.
    """
    # A thread of its own, because the caller may stand in a running event loop.
    with ThreadPoolExecutor(max_workers=1) as executor:
        executor.submit(lambda: asyncio.run(_migrate(dsn))).result()


async def _migrate(dsn: str) -> None:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()
    except (OSError, asyncpg.PostgresConnectionError) as error:
        raise Unavailable("de database is niet bereikbaar") from error
    finally:
        await engine.dispose()


def _upgrade(connection: SyncConnection) -> None:
    from alembic import command
    from alembic.config import Config

    connection.exec_driver_sql("select pg_advisory_xact_lock(hashtextextended('solidair migrate', 0))")
    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
