"""Recomputing the books and keeping the outcome: the last one is shown until the next, with the moment it was true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietToegestaan
from app.domain.partij import Actor, Rol
from app.ledger.service import Controle, verify

log = structlog.get_logger(__name__)

VERIFICATIE_LOCK = "solidair verificatie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verificatie:
    """One verification of everything: when, by whom, and each sentence with what contradicts it."""

    begonnen_op: datetime
    klaar_op: datetime
    door: str
    controles: tuple[Controle, ...]

    @property
    def klopt(self) -> bool:
        """Whether nothing contradicts anything."""
        return all(each.klopt for each in self.controles)


def must_see_controles(actor: Actor) -> None:
    """Raise NietToegestaan unless the actor guards the books or the berichten of the whole region: the proofs are about all of it."""
    if not actor.heeft(Rol.CONTROLLER, Rol.UITVAL) or actor.gemeenten is not None:
        raise NietToegestaan("De controles gaan over de hele regio; zij zijn voor wie daar controller is of uitval behandelt.")


async def verifieer(wereld: Wereld, actor: Actor) -> Verificatie:
    """Recompute the books, in one snapshot, and keep the outcome. Takes seconds to minutes; writes go on meanwhile.

    Raises:
        NietToegestaan: The actor does not guard the region.
        Conflict: Somebody else is doing so right now.
    """
    must_see_controles(actor)
    async with transaction(wereld.pool) as connection:
        if not await connection.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", VERIFICATIE_LOCK):
            raise Conflict("De boeken worden op dit moment al nagerekend; de uitkomst komt op deze pagina.")
        begonnen_op = wereld.nu
        controles = tuple(await verify(wereld))
        made = Verificatie(begonnen_op=begonnen_op, klaar_op=wereld.nu, door=actor.naam, controles=controles)
        await connection.execute(
            "insert into verificatie (begonnen_op, klaar_op, door, klopt, uitkomst) values ($1, $2, $3, $4, $5)",
            made.begonnen_op,
            made.klaar_op,
            made.door,
            made.klopt,
            [_stored(each) for each in controles],
        )
    wrong = [each.regel for each in controles if not each.klopt]
    (log.error if wrong else log.info)("books_verified", wrong=wrong, seconds=round((made.klaar_op - begonnen_op).total_seconds(), 1))
    return made


async def laatste_verificatie(wereld: Wereld, actor: Actor) -> Verificatie | None:
    """The outcome of the last verification; None when there was none.

    Raises:
        NietToegestaan: The actor does not guard the region.
    """
    must_see_controles(actor)
    row = await wereld.pool.fetchrow(
        "select begonnen_op, klaar_op, door, uitkomst from verificatie order by verificatie_nr desc limit 1",
    )
    if row is None:
        return None
    controles = tuple(
        Controle(regel=each["regel"], tegenspraken=[dict(zip(each["kolommen"], values, strict=True)) for values in each["tegenspraken"]])
        for each in row["uitkomst"]
    )
    return Verificatie(begonnen_op=row["begonnen_op"], klaar_op=row["klaar_op"], door=row["door"], controles=controles)


def _stored(controle: Controle) -> dict[str, object]:
    """The outcome of one sentence as jsonb keeps it: columns beside values, because it forgets the order of names."""
    kolommen = list(dict.fromkeys(name for row in controle.tegenspraken for name in row))
    rows = [[_plain(row.get(name)) for name in kolommen] for row in controle.tegenspraken]
    return {"regel": controle.regel, "kolommen": kolommen, "tegenspraken": rows}


def _plain(value: object) -> object:
    """A value as JSON can hold it."""
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
