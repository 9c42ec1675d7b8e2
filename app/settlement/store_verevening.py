"""The life of a run of the verevening in the database: locked, fixed, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.adapters.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStand:
    """Where a run is, and who made it."""

    jaar: int
    status: str
    gemaakt_door: str


async def lock_run(connection: Connection, run_nr: int) -> RunStand | None:
    """A run, locked until the transaction ends; None when there is none."""
    row = await connection.fetchrow("select jaar, status, gemaakt_door from verevening_run where run_nr = $1 for update", run_nr)
    return None if row is None else RunStand(**row)


async def set_vastgesteld(connection: Connection, run_nr: int, *, door: str, op: datetime) -> None:
    """Somebody fixed it."""
    await connection.execute(
        "update verevening_run set status = 'vastgesteld', vastgesteld_door = $2, vastgesteld_op = $3 where run_nr = $1", run_nr, door, op
    )


async def set_ingetrokken(connection: Connection, run_nr: int, *, door: str, op: datetime) -> None:
    """Somebody withdrew it."""
    await connection.execute(
        "update verevening_run set status = 'ingetrokken', ingetrokken_door = $2, ingetrokken_op = $3 where run_nr = $1", run_nr, door, op
    )
