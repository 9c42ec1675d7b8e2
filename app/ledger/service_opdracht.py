"""Booking what a controller asks without a bericht: shown first, booked at once or, above an amount, after a second person agreed.

Every order brings the books to a plan (`opdracht_plan`): doing it twice books nothing the second time, doing it after the plan changed books the
difference, dated today. An order is one act for each soort of boeking it makes. An act that moves more than `Wereld.vier_ogen_cent` is
stored and waits; while it waits no other act of the same plan is taken. Who agrees books exactly what was shown to who asked, or nothing.
"""

from __future__ import annotations

from datetime import date

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.ledger import store_handeling as rows
from app.ledger import store_voorstel
from app.ledger.boeking import Boeking
from app.ledger.handeling import REDEN_TEKENS_MAX, keur_goed, lock_plan, must_be_controller, open_handeling
from app.ledger.handeling_plan import boekingen_naar
from app.ledger.opdracht import Deelplan, Opdracht, OpdrachtSoort, Stuk, Uitkomst, check_opdracht, vingerafdruk
from app.ledger.opdracht_plan import bijdrageplan, organisatieplan, standplan, termijnplannen, voorschotplan, woonplaatsplan
from app.ledger.rekeningschema import KOSTEN
from app.ledger.store import Boekstuk, book
from app.ledger.store_voorstel import Voorstel

log = structlog.get_logger(__name__)

VOORBEELD = "voorbeeld"


async def boek_opdracht(wereld: Wereld, actor: Actor, opdracht: Opdracht, *, reden: str, gezien: str | None = None) -> Uitkomst:
    """Book an order, or let the acts of it that move much wait for a second person.

    Args:
        wereld, actor: The world, and who asks.
        opdracht: What to book.
        reden: Why.
        gezien: The `vingerafdruk` of what was shown; with it nothing else is booked than that.
    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: Something is missing, too much, unknown to the region, or cannot be divided.
        Conflict: An act of the same plan waits for a second person, or the outcome is not what was shown.
    """
    must_be_controller(actor)
    check_opdracht(opdracht)
    async with transaction(wereld.pool) as connection:
        made = await _voer_uit(connection, wereld, actor, opdracht, reden)
        if gezien is not None and made.vingerafdruk != gezien:
            raise Conflict("De uitkomst is intussen anders dan u zag; bekijk haar opnieuw.")
    for stuk in made.stukken:
        event = "handeling_waits" if stuk.wacht else "handeling_booked"
        log.info(event, handeling=stuk.nr, soort=stuk.soort, sleutel=stuk.sleutel, boekingen=len(stuk.boekingen), by=actor.naam)
    return made


async def toon_opdracht(wereld: Wereld, actor: Actor, opdracht: Opdracht) -> Uitkomst:
    """What an order would book: everything is done and rolled back. Numbers of acts mean nothing.

    Raises as `boek_opdracht` does.
    """
    must_be_controller(actor)
    check_opdracht(opdracht)
    async with transaction(wereld.pool) as connection:
        trial = connection.transaction()
        await trial.start()
        try:
            return await _voer_uit(connection, wereld, actor, opdracht, VOORBEELD)
        finally:
            await trial.rollback()


async def keur_opdracht_goed(wereld: Wereld, actor: Actor, nr: int) -> Stuk:
    """A second person agrees with an act that waits: it books what was shown to who asked.

    Raises:
        NietToegestaan: The actor is no controller of the region, or asked for it.
        NietGevonden: No such act waited.
        Conflict: It no longer waits, or would book something else by now.
    """
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        voorstel = await _wachtend(connection, nr)
        await lock_plan(connection, voorstel.soort, voorstel.sleutel)
        await keur_goed(connection, nr, door=actor.naam, op=wereld.nu)
        stuk = await _stuk_van(connection, voorstel, wereld.vandaag)
        if vingerafdruk(stuk.boekingen) != voorstel.vingerafdruk:
            raise Conflict("Intussen zou deze handeling iets anders boeken dan is voorgelegd; trek haar in en leg haar opnieuw voor.")
        await _book(connection, stuk, Opdracht.from_data(voorstel.opdracht))
        await store_voorstel.sluit_voorstel(connection, nr, status="geboekt", op=wereld.nu, door=actor.naam)
    log.info("handeling_approved", handeling=nr, soort=stuk.soort, sleutel=stuk.sleutel, boekingen=len(stuk.boekingen), by=actor.naam)
    return stuk


async def toon_wachtende(wereld: Wereld, actor: Actor, nr: int) -> tuple[Stuk, bool]:
    """What an act that waits would book now, and whether that is still what was shown to who asked.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        NietGevonden: No such act waited.
        Conflict: It no longer waits.
    """
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        voorstel = await _wachtend(connection, nr)
        stuk = await _stuk_van(connection, voorstel, wereld.vandaag)
    return stuk, vingerafdruk(stuk.boekingen) == voorstel.vingerafdruk


async def trek_opdracht_in(wereld: Wereld, actor: Actor, nr: int, *, reden: str) -> None:
    """Withdraw an act that waits, by who asked or by the second person; it stays to be read and never books.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        NietGevonden: No such act waited.
        Conflict: It no longer waits.
        OngeldigVerzoek: No reason, or one that is too long.
    """
    must_be_controller(actor)
    if not 0 < len(reden.strip()) <= REDEN_TEKENS_MAX:
        raise OngeldigVerzoek(f"Geef een reden van ten hoogste {REDEN_TEKENS_MAX} tekens.")
    async with transaction(wereld.pool) as connection:
        await _wachtend(connection, nr)
        await store_voorstel.sluit_voorstel(connection, nr, status="ingetrokken", op=wereld.nu, door=actor.naam, reden=reden.strip())
    log.info("handeling_withdrawn", handeling=nr, by=actor.naam)


async def _wachtend(connection: Connection, nr: int) -> Voorstel:
    voorstel = await store_voorstel.lock_voorstel(connection, nr)
    if voorstel is None:
        raise NietGevonden(f"Handeling {nr} wacht niet op een tweede persoon.")
    if voorstel.status != "wacht":
        raise Conflict(f"Handeling {nr} is al {voorstel.status}.")
    return voorstel


async def _voer_uit(connection: Connection, wereld: Wereld, actor: Actor, opdracht: Opdracht, reden: str) -> Uitkomst:
    """Book every part of an order, or store it to wait."""
    plannen = await _plannen(connection, opdracht)
    made = []
    for deel in plannen:
        await lock_plan(connection, deel.soort, deel.sleutel)
    keys = [(deel.soort, deel.sleutel) for deel in plannen]
    before = await rows.geboekt(connection, keys)
    waits = await store_voorstel.wachtend(connection, keys)
    for deel, key in zip(plannen, keys, strict=True):
        if not _boekingen(deel, before[key], nr=0, dag=wereld.vandaag):
            continue
        if key in waits:
            raise Conflict(
                f"Handeling {waits[key]} voor dezelfde maand wacht nog op een tweede persoon; laat haar goedkeuren of trek haar in."
            )
        nr = await open_handeling(
            connection, soort=deel.soort, sleutel=deel.sleutel, door=actor.naam, op=wereld.nu, reden=reden, gegevens=opdracht.as_data()
        )
        made.append(await _boek_of_wacht(connection, wereld, opdracht, _stuk(deel, before[key], nr, wereld.vandaag)))
    return Uitkomst(stukken=tuple(made))


async def _boek_of_wacht(connection: Connection, wereld: Wereld, opdracht: Opdracht, stuk: Stuk) -> Stuk:
    if stuk.bedrag_cent <= wereld.vier_ogen_cent:
        await _book(connection, stuk, opdracht)
        return stuk
    await store_voorstel.insert_voorstel(
        connection,
        stuk.nr,
        soort=stuk.soort,
        sleutel=stuk.sleutel,
        bedrag_cent=stuk.bedrag_cent,
        vingerafdruk=vingerafdruk(stuk.boekingen),
    )
    return Stuk(nr=stuk.nr, soort=stuk.soort, sleutel=stuk.sleutel, boekingen=stuk.boekingen, wacht=True)


async def _book(connection: Connection, stuk: Stuk, opdracht: Opdracht) -> None:
    """Store the transfers; cost that goes to another gemeente must have been there.

    Raises:
        OngeldigVerzoek: The gemeente does not bear that much of the zorgvorm in that month.
    """
    await book(connection, Boekstuk.van(stuk.boekingen))
    if opdracht.soort is OpdrachtSoort.WOONPLAATS:
        (code,) = {each.credit.gemeente for each in stuk.boekingen if each.credit.soort == KOSTEN}
        if await rows.kosten_cent(connection, code, opdracht.domein, opdracht.zorgvorm, opdracht.maand) < 0:
            raise OngeldigVerzoek(f"Gemeente {code} draagt van deze zorgvorm in deze maand minder kosten dan er weg zouden gaan.")


async def _stuk_van(connection: Connection, voorstel: Voorstel, vandaag: date) -> Stuk:
    """What an act that waits would book now; nothing when its plan no longer has such a part."""
    key = voorstel.soort, voorstel.sleutel
    plannen = {(deel.soort, deel.sleutel): deel for deel in await _plannen(connection, Opdracht.from_data(voorstel.opdracht))}
    before = await rows.geboekt(connection, [key])
    deel = plannen.get(key, Deelplan(soort=voorstel.soort, sleutel=voorstel.sleutel, plan={}))
    return _stuk(deel, before[key], voorstel.nr, vandaag)


def _stuk(deel: Deelplan, before: rows.Geboekt, nr: int, dag: date) -> Stuk:
    return Stuk(nr=nr, soort=deel.soort, sleutel=deel.sleutel, boekingen=tuple(_boekingen(deel, before, nr=nr, dag=dag)), wacht=False)


def _boekingen(deel: Deelplan, before: rows.Geboekt, *, nr: int, dag: date) -> list[Boeking]:
    return boekingen_naar(deel.plan, before, soort=deel.soort, nr=nr, boekdatum=dag, client_id=deel.client_id)


async def _plannen(connection: Connection, opdracht: Opdracht) -> list[Deelplan]:
    """What the books should say, from what the region lays down and what is asked."""
    maand = opdracht.maand
    match opdracht.soort:
        case OpdrachtSoort.TERMIJNEN:
            due = await rows.bekostigingen(connection, maand.year)
            weights = await rows.gewichten(connection, opdracht.maatstaf, maand.year)
            return termijnplannen(maand, due, weights, opdracht.maatstaf)
        case OpdrachtSoort.VOORSCHOTTEN:
            return [voorschotplan(maand, (await rows.voorschotten(connection, maand, maand)).get(maand, {}))]
        case OpdrachtSoort.BIJDRAGEN:
            return [bijdrageplan(maand, (await rows.bijdragen(connection, maand, maand)).get(maand, {}))]
        case OpdrachtSoort.ORGANISATIEKOSTEN:
            return [organisatieplan(opdracht, await rows.gewichten(connection, opdracht.maatstaf, maand.year))]
    await _check_known(connection, opdracht)
    if opdracht.soort is OpdrachtSoort.WOONPLAATS:
        return [woonplaatsplan(opdracht, await _client(connection, opdracht))]
    return [standplan(opdracht)]


async def _check_known(connection: Connection, opdracht: Opdracht) -> None:
    """Raise OngeldigVerzoek unless the region knows the gemeenten and the zorgvorm."""
    named = [code for code in (opdracht.gemeente, opdracht.naar) if code]
    known = await rows.known_gemeenten(connection, named)
    for code in named:
        if code not in known:
            raise OngeldigVerzoek(f"De regio heeft geen gemeente {code}.")
    if opdracht.zorgvorm and opdracht.zorgvorm not in await rows.known_zorgvormen(connection, opdracht.domein):
        raise OngeldigVerzoek(f"De regio kent zorgvorm {opdracht.zorgvorm} niet in {opdracht.domein}.")


async def _client(connection: Connection, opdracht: Opdracht) -> int | None:
    if opdracht.toewijzing_nummer is None:
        return None
    found = await rows.client_van_toewijzing(connection, opdracht.domein, opdracht.gemeente, opdracht.toewijzing_nummer)
    if found is None:
        raise OngeldigVerzoek(f"Gemeente {opdracht.gemeente} heeft geen toewijzing {opdracht.toewijzing_nummer} in {opdracht.domein}.")
    return found
