"""Rows of accounts as they are managed: listed, changed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.tables import account, sessie


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRegel:
    """An account without its secret. `gemeenten` None: all of the region; `beeindigd_op` None: it goes on."""

    account_nr: int
    naam: str
    rollen: tuple[str, ...]
    gemeenten: tuple[str, ...] | None
    partijen: tuple[str, ...]
    aangemaakt_op: datetime
    beeindigd_op: datetime | None


_COLUMNS = (
    account.c.account_nr,
    account.c.naam,
    account.c.rollen,
    account.c.gemeenten,
    account.c.partijen,
    account.c.aangemaakt_op,
    account.c.beeindigd_op,
)


async def select_accounts(connection: AsyncConnection, *, na: str, limit: int) -> tuple[AccountRegel, ...]:
    """Accounts by name, those after `na`; ended ones too."""
    query = select(*_COLUMNS).where(account.c.naam > na).order_by(account.c.naam).limit(limit)
    return tuple(_as_regel(row._asdict()) for row in await connection.execute(query))


async def lock_regel(connection: AsyncConnection, naam: str) -> AccountRegel | None:
    """The account of this name, locked until the transaction ends."""
    row = (await connection.execute(select(*_COLUMNS).where(account.c.naam == naam).with_for_update())).first()
    return None if row is None else _as_regel(row._asdict())


async def change(connection: AsyncConnection, account_nr: int, values: Mapping[str, Any]) -> None:
    """Give an account these values."""
    await connection.execute(update(account).where(account.c.account_nr == account_nr).values(**values))


async def end_sessions(connection: AsyncConnection, account_nr: int) -> None:
    """Sign an account out everywhere."""
    await connection.execute(delete(sessie).where(sessie.c.account_nr == account_nr))


def _as_regel(row: Mapping[str, Any]) -> AccountRegel:
    gemeenten = None if row["gemeenten"] is None else tuple(row["gemeenten"])
    return AccountRegel(**{**row, "rollen": tuple(row["rollen"]), "partijen": tuple(row["partijen"]), "gemeenten": gemeenten})
