"""Joins everything: reads the settings, opens the database, the keys, the schemas and the clock. Imported by main, cli, workers and tests only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from app.adapters.bewaren import Bewaarplaats
from app.adapters.clock import Clock, clock_from, system_clock
from app.adapters.crypto import Kluis, SleutelOngeldig, read_kluis, write_new_kluis
from app.adapters.database import open_engine, open_pool
from app.adapters.wereld import Wereld
from app.adapters.xml import Schemas
from app.settings import Settings


@contextmanager
def database_of(settings: Settings) -> Iterator[str]:
    """The DSN of the database: the one that is named, or an embedded one that runs while the context is open."""
    if settings.database_url:
        yield settings.database_url
        return
    from app.adapters.embedded import running

    with running(settings.data_dir / "postgres") as server:
        yield server.dsn


def clock_of(settings: Settings) -> Clock:
    """The clock of this process."""
    return clock_from(settings.nu) if settings.nu else system_clock


def kluis_of(settings: Settings) -> Kluis:
    """The keys of this installation; the demo makes its own in its data folder.

    Raises:
        SleutelOngeldig: No key file is named, or it cannot be read.
    """
    path = settings.key_file
    if path is None and settings.mode in ("demo", "test"):
        path = settings.data_dir / "sleutels.toml"
        write_new_kluis(path)
    if path is None:
        raise SleutelOngeldig("SOLIDAIR_KEY_FILE is niet gezet; alleen `solidair demo` maakt zelf sleutels")
    return read_kluis(path)


@asynccontextmanager
async def open_wereld(settings: Settings, dsn: str) -> AsyncIterator[Wereld]:
    """The world of one process, closed at the end.

    Raises:
        Unavailable: The database does not answer.
        SleutelOngeldig: The keys cannot be read.
    """
    kluis = kluis_of(settings)
    pool = await open_pool(dsn, size_max=settings.pool_size_max)
    engine = open_engine(dsn, size_max=settings.pool_size_max)
    bewaard = Bewaarplaats(oud_s_max=settings.antwoord_oud_s_max)
    try:
        yield Wereld(
            pool=pool,
            engine=engine,
            kluis=kluis,
            schemas=Schemas(settings.xsd_dir),
            clock=clock_of(settings),
            vier_ogen_cent=settings.vier_ogen_cent,
            bewaard=bewaard,
        )
    finally:
        await bewaard.sluit()
        await engine.dispose()
        await pool.close()
