"""Acts: what a person or the product does in the books without a bericht. An act takes its number from the sequence of the berichten.

So a boeking names its source by one number, whether that is a bericht or an act. An act is stored in the transaction of its bookings; it never
changes, except that a second person may approve it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.adapters.database import Connection
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol

REDEN_TEKENS_MAX = 500


def must_be_controller(actor: Actor) -> None:
    """Raise NietToegestaan unless the actor is a controller of the whole region."""
    if not actor.heeft(Rol.CONTROLLER) or actor.gemeenten is not None:
        raise NietToegestaan("Alleen een controller van de regio kan in het grootboek boeken.")


async def open_handeling(
    connection: Connection,
    *,
    soort: str,
    door: str,
    op: datetime,
    reden: str,
    sleutel: str = "",
    gegevens: Mapping[str, object] | None = None,
) -> int:
    """Store an act and return its number; in the transaction that books what follows from it.

    Args:
        connection: In a transaction.
        soort: What kind of act.
        door: Login name; `systeem` for the product itself.
        op: This instant.
        reden: Why, for who reads the books later.
        sleutel: What it is about: with `soort` it finds the acts that brought the books to one plan.
        gegevens: The input, so that what was booked can be explained; no personal data.
    Raises:
        OngeldigVerzoek: No reason, or one that is too long.
    """
    if not 0 < len(reden.strip()) <= REDEN_TEKENS_MAX:
        raise OngeldigVerzoek(f"Geef een reden van ten hoogste {REDEN_TEKENS_MAX} tekens.")
    nr: int = await connection.fetchval(
        "insert into handeling (soort, sleutel, gemaakt_op, gemaakt_door, reden, gegevens) values ($1, $2, $3, $4, $5, $6) returning bericht_nr",
        soort,
        sleutel,
        op,
        door,
        reden.strip(),
        dict(gegevens or {}),
    )
    return nr


async def keur_goed(connection: Connection, nr: int, *, door: str, op: datetime) -> None:
    """A second person approves an act.

    Raises:
        NietGevonden: There is no such act.
        Conflict: It was approved before.
        NietToegestaan: By who made it.
    """
    row = await connection.fetchrow("select gemaakt_door, goedgekeurd_door from handeling where bericht_nr = $1 for update", nr)
    if row is None:
        raise NietGevonden(f"Handeling {nr} is er niet.")
    if row["goedgekeurd_door"] is not None:
        raise Conflict(f"Handeling {nr} is al goedgekeurd.")
    if row["gemaakt_door"] == door:
        raise NietToegestaan("Een ander dan wie de handeling maakte keurt haar goed.")
    await connection.execute("update handeling set goedgekeurd_op = $2, goedgekeurd_door = $3 where bericht_nr = $1", nr, op, door)


async def lock_plan(connection: Connection, soort: str, sleutel: str) -> None:
    """Let one act at a time bring the books to this plan; a statement of its own, so that what follows sees all that was committed."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"solidair handeling:{soort}:{sleutel}")
