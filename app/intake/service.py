"""The door: who sends, what it is, whether it fits; then bytes, header and wake-up in one transaction. Nothing is lost: a refusal is stored too."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from app.adapters.database import lock_intake, transaction
from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.adapters.xml import SIZE_BYTES_MAX, Accepted
from app.domain.bevinding import Bevinding
from app.domain.errors import DomainError
from app.domain.partij import Actor, aanbieder, gemeente
from app.domain.werkdagen import na_werkdagen
from app.intake.toegang import DoorGegevens, Toegang, check_toegang
from app.intake.validating import Oordeel, validate_bytes
from app.mailbox import GROOT_BYTES, inbox, outbox
from app.mailbox.inbox import Inkomend, Refused
from app.parties import ken_gemeente

log = structlog.get_logger(__name__)

REFUSED_BYTES_MAX = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontvangst:
    """What the door says: the number of the bericht, and whether it is new (False: the same bytes came before and count)."""

    bericht_nr: int
    nieuw: bool
    status: str


class Geweigerd(DomainError):
    """Dit bericht is aan de deur geweigerd."""

    def __init__(self, bevindingen: Sequence[Bevinding], *, status: int, bericht_nr: int | None = None) -> None:
        super().__init__(bevindingen[0].melding)
        self.bevindingen = list(bevindingen)
        self.status = status
        self.bericht_nr = bericht_nr


async def ontvang(wereld: Wereld, actor: Actor, data: bytes) -> Ontvangst:
    """Take a bericht in.

    Returns:
        The number it got, or that of the same bytes that came before from the same sender and still count (OP286 otherwise).
    Raises:
        Geweigerd: Not a valid bericht (400 or 413), or not the actor's to send (403); stored and visible to operations.
        Unavailable: The database does not answer.
    """
    oordeel = await _validate(wereld, data)
    accepted = oordeel.accepted
    if accepted is None:
        raise await _refuse(wereld, actor, data, oordeel.bevindingen, status=413 if len(data) > SIZE_BYTES_MAX else 400)
    toegang = await _toegang(wereld, actor, accepted)
    if toegang.bevindingen:
        raise await _refuse(wereld, actor, data, toegang.bevindingen, status=403, accepted=accepted)
    return await _store(wereld, actor, accepted, toegang, data)


async def _validate(wereld: Wereld, data: bytes) -> Oordeel:
    """Check in a thread; big berichten at most two at a time, because each costs memory."""
    if len(data) <= GROOT_BYTES:
        return await asyncio.to_thread(validate_bytes, data, wereld.schemas)
    async with wereld.groot_beurt:
        return await asyncio.to_thread(validate_bytes, data, wereld.schemas)


async def _toegang(wereld: Wereld, actor: Actor, accepted: Accepted) -> Toegang:
    code = accepted.van if accepted.soort.van == "gemeente" else accepted.aan
    async with wereld.pool.acquire() as connection:
        gegevens = DoorGegevens(gemeente_bekend=await ken_gemeente(connection, code, wereld.vandaag))
    return check_toegang(accepted, actor, gegevens, vandaag=wereld.vandaag)


async def _store(wereld: Wereld, actor: Actor, accepted: Accepted, toegang: Toegang, data: bytes) -> Ontvangst:
    versie, inhoud = await _encrypt(wereld, data, accepted.sha256)
    soort = accepted.soort
    async with transaction(wereld.pool) as connection:
        await lock_intake(connection, soort.domein, toegang.agb)
        earlier = await inbox.find_same_bytes(connection, toegang.van, accepted.sha256)
        if earlier is not None and earlier.status != "geweigerd" and earlier.telt is not False:
            return Ontvangst(bericht_nr=earlier.bericht_nr, nieuw=False, status=earlier.status)
        nr = await inbox.store(
            connection,
            Inkomend(
                domein=soort.domein,
                soort=soort.nummer,
                van=toegang.van,
                aan=toegang.aan,
                gemeente=toegang.gemeente,
                agb=toegang.agb,
                identificatie=accepted.identificatie,
                dagtekening=accepted.dagtekening,
                identificatie_retour=accepted.identificatie_retour,
                sha256=accepted.sha256,
                poging=earlier.poging + 1 if earlier else 0,
                grootte=len(data),
                ontvangen_op=wereld.nu,
                ontvangst_datum=wereld.vandaag,
                termijn=_termijn(wereld, accepted),
                ingediend_door=actor.naam,
                sleutel_versie=versie,
                inhoud=inhoud,
            ),
        )
    await outbox.ring(wereld.pool)
    log.info("bericht_received", bericht_nr=nr, soort=soort.code, bytes=len(data))
    return Ontvangst(bericht_nr=nr, nieuw=True, status="ontvangen")


def _termijn(wereld: Wereld, accepted: Accepted) -> date | None:
    """The last day on which the answer that we owe may leave (OP090); None for what we do not answer."""
    days = accepted.soort.antwoord_termijn_werkdagen
    if days is None or accepted.soort.van == "gemeente":
        return None
    return na_werkdagen(wereld.vandaag, days, vrije_dagen())


async def _encrypt(wereld: Wereld, data: bytes, sha256: bytes) -> tuple[int, bytes]:
    if len(data) <= GROOT_BYTES:
        return wereld.kluis.bewaar(data, inbox.kenmerk(sha256))
    return await asyncio.to_thread(wereld.kluis.bewaar, data, inbox.kenmerk(sha256))


async def _refuse(
    wereld: Wereld, actor: Actor, data: bytes, bevindingen: Sequence[Bevinding], *, status: int, accepted: Accepted | None = None
) -> Geweigerd:
    """Store the refusal, so that operations can help the sender, and make the error that says why."""
    sha256 = hashlib.sha256(data).digest()
    versie, inhoud = wereld.kluis.bewaar(data[:REFUSED_BYTES_MAX], inbox.kenmerk(sha256))
    codes = _codes(accepted)
    refused = Refused(
        domein=accepted.soort.domein if accepted else None,
        soort=accepted.soort.nummer if accepted else None,
        van=min(actor.partijen, default=actor.naam),
        aan=codes.get("aan"),
        gemeente=codes.get("gemeente"),
        agb=codes.get("agb"),
        identificatie=accepted.identificatie if accepted else None,
        sha256=sha256,
        grootte=len(data),
        ontvangen_op=wereld.nu,
        ontvangst_datum=wereld.vandaag,
        ingediend_door=actor.naam,
        sleutel_versie=versie,
        inhoud=inhoud,
        bevindingen=bevindingen,
    )
    async with transaction(wereld.pool) as connection:
        await lock_intake(connection, "geweigerd", refused.van)
        nr = await inbox.store_refused(connection, refused)
    log.info("bericht_refused", bericht_nr=nr, status=status, findings=len(bevindingen), rule=bevindingen[0].regel)
    return Geweigerd(bevindingen, status=status, bericht_nr=nr)


def _codes(accepted: Accepted | None) -> dict[str, str]:
    if accepted is None:
        return {}
    from_gemeente = accepted.soort.van == "gemeente"
    code, agb = (accepted.van, accepted.aan) if from_gemeente else (accepted.aan, accepted.van)
    return {"gemeente": code, "agb": agb, "aan": aanbieder(agb) if from_gemeente else gemeente(code)}
