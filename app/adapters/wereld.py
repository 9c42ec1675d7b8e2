"""The outside world as one argument: what a service needs besides who asks and what they ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from app.adapters.bewaren import Bewaarplaats
from app.adapters.clock import Clock, local_date
from app.adapters.crypto import Kluis
from app.adapters.database import Pool
from app.adapters.xml import Schemas

BIG_AT_ONCE_MAX = 2
LANES_AT_ONCE_MAX = 5
"""Lanes judged at the same time in one process. Each holds a connection of the pool and sometimes needs a second one: the smallest pool (8) must
have one left when the sweeper holds two, or all would wait for each other."""

VIER_OGEN_CENT = 10_000_000
"""A hundred thousand euros, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wereld:
    """Database, keys, schemas and clock of one process, made by `bootstrap` and handed to every service.

    `pool` is asyncpg, for the way of a message; `engine` is SQLAlchemy on the same database, for lists and what people trigger. `groot_beurt` is
    held while a big bericht is validated: each costs memory, so two at a time. `baan_beurt` is held while a lane is judged. `vier_ogen_cent`: an act
    in the books that moves more waits for a second person. `bewaard` keeps answers of reports that take long to work out.
    """

    pool: Pool
    engine: AsyncEngine
    kluis: Kluis
    schemas: Schemas
    clock: Clock
    vier_ogen_cent: int = VIER_OGEN_CENT
    groot_beurt: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BIG_AT_ONCE_MAX), repr=False)
    bewaard: Bewaarplaats = field(default_factory=Bewaarplaats, repr=False)
    baan_beurt: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LANES_AT_ONCE_MAX), repr=False)

    @property
    def nu(self) -> datetime:
        """This instant, in UTC."""
        return self.clock()

    @property
    def vandaag(self) -> date:
        """This day in the Netherlands."""
        return local_date(self.clock())
