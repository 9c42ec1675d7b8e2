"""How much there is and how long it waits, for operations; counts and ages only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.tables import bericht, outbox, postvak
from app.adapters.wereld import Wereld
from app.domain.errors import Unavailable
from app.mailbox.lezen import lezen

log = structlog.get_logger(__name__)

WACHTEND = ("ontvangen", "wacht_op_contract", "vastgehouden", "geparkeerd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """The state of the installation at one moment.

    Attributes:
        berichten: Number per status.
        outbox: Number of unfinished tasks per kind.
        postvak: Berichten that a party has not yet acknowledged.
        oudste_s: Per waiting status the age in seconds of its oldest bericht.
    """

    berichten: Mapping[str, int]
    outbox: Mapping[str, int]
    postvak: int
    oudste_s: Mapping[str, float]


async def lees_stand(wereld: Wereld) -> Stand:
    """The state now; four queries, each on an index."""
    per_status = select(bericht.c.status, func.count()).group_by(bericht.c.status)
    per_taak = select(outbox.c.taak, func.count()).group_by(outbox.c.taak)
    waiting = select(func.count()).select_from(postvak).where(postvak.c.ontvangen_op.is_(None))
    oldest = union_all(*(_oldest(status) for status in WACHTEND))
    async with lezen(wereld) as connection:
        berichten = {status: int(count) for status, count in await connection.execute(per_status)}
        taken = {taak: int(count) for taak, count in await connection.execute(per_taak)}
        in_postvak = int((await connection.execute(waiting)).scalar_one())
        since = {row.status: row.ontvangen_op for row in await connection.execute(oldest)}
    ages = {status: max(wereld.nu - instant, timedelta(0)).total_seconds() for status, instant in since.items()}
    return Stand(berichten=berichten, outbox=taken, postvak=in_postvak, oudste_s=ages)


async def is_bereikbaar(wereld: Wereld) -> bool:
    """Whether the database answers and has our tables."""
    try:
        async with lezen(wereld) as connection:
            await connection.execute(select(bericht.c.bericht_nr).limit(1))
    except (Unavailable, SQLAlchemyError) as error:
        log.warning("database_not_ready", error=type(error).__name__)
        return False
    return True


def _oldest(status: str) -> Select[tuple[str, datetime]]:
    """The bericht with the lowest number in a status; numbers follow receipt."""
    oldest = select(bericht.c.status, bericht.c.ontvangen_op).where(bericht.c.status == status).order_by(bericht.c.bericht_nr).limit(1)
    return oldest.subquery().select()
