"""What commands with a database share: settings, a migrated database that is stopped at the end, and the world on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import ValidationError

from app.adapters.crypto import SleutelOngeldig
from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.adapters.wereld import Wereld
from app.bootstrap import database_of, open_wereld
from app.domain.errors import OngeldigVerzoek
from app.settings import Settings

T = TypeVar("T")


def read_settings() -> Settings:
    """The settings from the environment.

    Raises:
        OngeldigVerzoek: One of them is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        details = "; ".join(
            ": ".join([*(f"SOLIDAIR_{str(name).upper()}" for name in fault["loc"]), fault["msg"]]) for fault in error.errors()
        )
        raise OngeldigVerzoek(f"de instellingen kloppen niet: {details}") from error


def with_wereld(work: Callable[[Wereld], Awaitable[T]]) -> T:
    """Run `work` on the database of the settings, brought to the newest schema first.

    Raises:
        OngeldigVerzoek: Settings or keys are wrong.
        Unavailable: The database does not answer.
    """
    settings = read_settings()
    configure_logging(level=settings.log_level)

    async def inside(dsn: str) -> T:
        async with open_wereld(settings, dsn) as wereld:
            return await work(wereld)

    try:
        with database_of(settings) as dsn:
            migrate(dsn)
            return asyncio.run(inside(dsn))
    except SleutelOngeldig as error:
        raise OngeldigVerzoek(str(error)) from error
