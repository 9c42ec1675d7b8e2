"""What people do about a cause of uitval: write a note, take it up, mark it as solved, and judge again all that was parked for one reason.

Whether somebody sees the cause is decided where it is read (`reports`); what is written here is seen by who sees the same gemeenten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietToegestaan, OngeldigVerzoek
from app.domain.oorzaak import MET_REGEL, OorzaakSleutel
from app.domain.partij import Actor, Rol
from app.judging import store, store_opvolging
from app.mailbox import outbox
from app.standard.rules.bsn import is_bsn

log = structlog.get_logger(__name__)

OPVOLGERS = (Rol.UITVAL, Rol.TOEGANG, Rol.CONTRACTBEHEER)
"""Roles that work on causes."""
NOTITIE_MAX = 1000
"""Characters of a note."""
OPNIEUW_MAX = 200
"""Parked berichten judged again in one go."""
_NEGEN_CIJFERS = re.compile(r"(?<!\d)\d{9}(?!\d)")


async def schrijf_notitie(wereld: Wereld, actor: Actor, sleutel: OorzaakSleutel, tekst: str) -> None:
    """Add a note to a cause.

    Raises:
        NietToegestaan: None of the roles that work on causes.
        OngeldigVerzoek: Empty, too long, or a Bsn stands in it.
    """
    _check_rol(actor)
    kept = tekst.replace("\r\n", "\n").strip()
    if not kept:
        raise OngeldigVerzoek("Schrijf eerst een notitie.")
    if len(kept) > NOTITIE_MAX:
        raise OngeldigVerzoek("Een notitie heeft hoogstens 1.000 tekens; maak haar korter.")
    if any(is_bsn(digits) for digits in _NEGEN_CIJFERS.findall(kept)):
        raise OngeldigVerzoek("In deze notitie staat een BSN. Haal het weg; noem liever het nummer van het bericht.")
    async with transaction(wereld.pool) as connection:
        await store_opvolging.insert_notitie(connection, sleutel, _gemeenten(actor), tekst=kept, door=actor.naam, nu=wereld.nu)


async def wijs_toe(wereld: Wereld, actor: Actor, sleutel: OorzaakSleutel, aan: str | None) -> None:
    """Say who works on a cause; None is nobody.

    Raises:
        NietToegestaan: None of the roles that work on causes.
        OngeldigVerzoek: There is no such person, or not with one of those roles.
    """
    _check_rol(actor)
    async with transaction(wereld.pool) as connection:
        rollen = [*(rol.value for rol in OPVOLGERS), Rol.BEHEER.value]
        if aan is not None and not await store_opvolging.may_work_on(connection, aan, rollen):
            raise OngeldigVerzoek("Er is geen collega met deze naam die met uitval werkt. Vul de naam in waarmee iemand zich aanmeldt.")
        gemeenten = _gemeenten(actor)
        _, opgelost_tot = await store_opvolging.lock_opvolging(connection, sleutel, gemeenten)
        await store_opvolging.insert_opvolging(
            connection, sleutel, gemeenten, aan=aan, opgelost_tot=opgelost_tot, door=actor.naam, nu=wereld.nu
        )


async def markeer_opgelost(wereld: Wereld, actor: Actor, sleutel: OorzaakSleutel, *, opgelost: bool) -> None:
    """Mark a cause as solved, or open it again. It opens by itself with the first new bericht that has it.

    Raises:
        NietToegestaan: None of the roles that work on causes.
        Conflict: What waits is solved when it no longer waits, not by saying so.
    """
    _check_rol(actor)
    if sleutel.soort not in MET_REGEL:
        raise Conflict("Wat wacht, verdwijnt vanzelf uit de lijst als er niets meer wacht.")
    async with transaction(wereld.pool) as connection:
        gemeenten = _gemeenten(actor)
        aan, _ = await store_opvolging.lock_opvolging(connection, sleutel, gemeenten)
        tot = await store_opvolging.last_row(connection, sleutel) if opgelost else None
        await store_opvolging.insert_opvolging(connection, sleutel, gemeenten, aan=aan, opgelost_tot=tot, door=actor.naam, nu=wereld.nu)


async def alle_opnieuw(wereld: Wereld, actor: Actor, bericht_nrs: Sequence[int]) -> int:
    """Judge these parked berichten again; how many there were that still are parked and visible to the actor.

    Raises:
        NietToegestaan: The actor has neither the role uitval nor beheer.
        OngeldigVerzoek: None, or more than `OPNIEUW_MAX`.
    """
    if not actor.heeft(Rol.UITVAL):
        raise NietToegestaan("Alleen wie uitval behandelt kan berichten opnieuw laten beoordelen.")
    if not 0 < len(bericht_nrs) <= OPNIEUW_MAX:
        raise OngeldigVerzoek("Kies ten minste één en hoogstens 200 geparkeerde berichten.")
    async with transaction(wereld.pool) as connection:
        nrs = await store_opvolging.parked(connection, bericht_nrs, _gemeenten(actor))
        if nrs:
            await store.reopen(connection, nrs)
            await outbox.put(connection, nrs, beschikbaar_op=wereld.nu)
    log.info("berichten_replayed", berichten=nrs, by=actor.naam)
    return len(nrs)


def _check_rol(actor: Actor) -> None:
    if not actor.heeft(*OPVOLGERS):
        raise NietToegestaan("Alleen wie met uitval, toegang of contracten werkt volgt een oorzaak op.")


def _gemeenten(actor: Actor) -> list[str] | None:
    return None if actor.gemeenten is None else sorted(actor.gemeenten)
