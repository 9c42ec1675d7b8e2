"""The life of an afrekening: computed, offered, agreed by the aanbieder and every gemeente, fixed by a second person, paid back.

Each step is one transaction. What is computed is read under the lanes of the aanbieder and the locks of payments, so nothing is judged or paid
between the queries.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from app.adapters.database import Connection, lock_lane, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor, aanbieder, gemeente
from app.ledger import keur_goed, open_handeling
from app.ledger.gebeurtenissen import AFREKENING, VOORSCHOT_VERREKEND
from app.ledger.handeling import must_be_controller
from app.ledger.rekeningschema import CREDITEUR, VOORSCHOT
from app.ledger.store import Boekstuk, book
from app.settlement import store_afrekening as rows
from app.settlement.afrekening import bereken, vingerafdruk
from app.settlement.afrekening_boeken import boekingen_van_plan, boekingen_van_terugbetaling, verdeel_terugbetaling
from app.settlement.afrekening_waarden import OPEN, AfrekeningStatus, Maat, SluitNiet, Uitkomst, Verschil
from app.settlement.afrekening_wie import deel_te_zien, gemeenten_te_zien, must_see, must_speak_for
from app.settlement.betalingen_wie import agbs_van, must_be_person, sees
from app.settlement.store_afrekening import Afrekening, Stem, Versie
from app.settlement.store_afrekening_invoer import ACT, ACT_TERUG, gemeenten_van, lees_invoer
from app.settlement.store_betalingen import lock_gemeente

log = structlog.get_logger(__name__)

DOMEINEN = ("ijw", "iwmo")
VERSCHIL_CENT_MAX = 10**13
VERSCHILLEN_MAX = 500
TOELICHTING_TEKENS_MAX = 1000
ACT_INTREKKING = "jaarafrekening_ingetrokken"


async def maak_afrekening(wereld: Wereld, actor: Actor, agb: str, jaar: int, *, reden: str, verschillen: Sequence[Verschil] = ()) -> int:
    """Compute the afrekening of an aanbieder over a year as a concept; its number. After one that was fixed it holds only the difference.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: The year is not over, or there is nothing to settle.
        Conflict: One is open already, nothing changed since the last one, or register and books do not agree.
    """
    must_be_controller(actor)
    if jaar >= wereld.vandaag.year:
        raise OngeldigVerzoek(f"Zorgjaar {jaar} is nog niet voorbij.")
    async with transaction(wereld.pool) as connection:
        await rows.lock(connection, agb, jaar)
        last = await rows.laatste_van(connection, agb, jaar)
        if last is not None and last[2] in OPEN:
            raise Conflict(f"Afrekening {last[0]} van aanbieder {agb} over {jaar} is nog niet vastgesteld.")
        uitkomst = await _bereken(connection, agb, jaar, _samen(verschillen))
        before = await rows.laatst_vastgesteld(connection, agb, jaar)
        await _check_iets_te_doen(connection, uitkomst, agb, jaar, before)
        nr = await open_handeling(
            connection,
            soort=ACT,
            sleutel=f"{agb}:{jaar}",
            door=actor.naam,
            op=wereld.nu,
            reden=reden,
            gegevens={"agb": agb, "jaar": jaar},
        )
        await rows.insert_afrekening(connection, nr, agb=agb, jaar=jaar, volgnr=(last[1] if last else 0) + 1, vorige_nr=before)
        await rows.save_versie(connection, nr, Versie(1, wereld.nu, actor.naam, reden.strip(), vingerafdruk(uitkomst)), uitkomst)
    log.info("afrekening_made", afrekening=nr, agb=agb, jaar=jaar, gemeenten=len(uitkomst.gemeenten), by=actor.naam)
    return nr


async def _check_iets_te_doen(connection: Connection, uitkomst: Uitkomst, agb: str, jaar: int, before: int | None) -> None:
    if not uitkomst.gemeenten:
        raise OngeldigVerzoek(f"Van aanbieder {agb} is over {jaar} niets toegewezen, gedeclareerd of betaald.")
    if before is None or uitkomst.boekplan:
        return
    version = (await rows.fetch_versies(connection, before))[0].versie
    then = await rows.fetch_maten(connection, before, version, None)
    if {code: _zorg(maten) for code, maten in then.items()} == {code: _zorg(dict(m)) for code, m in uitkomst.gemeenten.items()}:
        raise Conflict(f"Sinds afrekening {before} is er over {jaar} niets veranderd.")


def _zorg(maten: dict[Maat, int]) -> tuple[int, ...]:
    """What was allocated, claimed and granted: what an afrekening itself does not change."""
    return tuple(maten.get(maat, 0) for maat in (Maat.TOEGEWEZEN, Maat.INGEDIEND, Maat.AFGEWEZEN, Maat.TOEGEKEND, Maat.GECREDITEERD))


async def vernieuw_afrekening(wereld: Wereld, actor: Actor, nr: int, *, reden: str, verschillen: Sequence[Verschil] | None = None) -> int:
    """Compute it anew as the next version, a concept again; returns its number. `verschillen` None: those of the version before.

    Raises:
        NietGevonden, NietToegestaan: As when it is made.
        Conflict: It is not open, or register and books do not agree.
    """
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        found = await _locked(connection, actor, nr)
        _check_status(found, *OPEN)
        return await _nieuwe_versie(connection, wereld, actor, found, _check_reden(reden), verschillen)


async def bied_afrekening_aan(wereld: Wereld, actor: Actor, nr: int) -> None:
    """Offer a concept to the aanbieder and the gemeenten.

    Raises:
        Conflict: It is no concept, or what it rests on changed since: then make a new version.
    """
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        found = await _locked(connection, actor, nr)
        _check_status(found, AfrekeningStatus.CONCEPT)
        await _actueel(connection, found)
        await rows.set_status(connection, nr, AfrekeningStatus.AANGEBODEN, found.versie)
    log.info("afrekening_offered", afrekening=nr, versie=found.versie, by=actor.naam)


async def geef_akkoord(wereld: Wereld, actor: Actor, nr: int, partij: str, versie: int) -> None:
    """A party agrees with the version it saw; when all did, it waits to be fixed.

    Raises:
        NietGevonden, NietToegestaan: Not for this actor, or not for them to say.
        Conflict: It is not offered, another version is, or this party spoke before.
    """
    async with transaction(wereld.pool) as connection:
        found, gemeenten = await _spreekt(connection, actor, nr, partij, versie)
        await _stem(connection, nr, Stem(versie, partij, True, wereld.nu, actor.naam, ""))
        said = {each.partij for each in await rows.fetch_stemmen(connection, nr) if each.versie == versie and each.is_akkoord}
        if said >= {aanbieder(found.agb), *map(gemeente, gemeenten)}:
            await rows.set_status(connection, nr, AfrekeningStatus.AKKOORD, versie)
    log.info("afrekening_agreed", afrekening=nr, versie=versie, partij=partij, by=actor.naam)


async def maak_bezwaar(wereld: Wereld, actor: Actor, nr: int, partij: str, versie: int, *, toelichting: str) -> int:
    """A party objects: the next version is computed and it is a concept again; returns that version.

    Raises:
        OngeldigVerzoek: No note, or one that is too long.
        NietGevonden, NietToegestaan, Conflict: As when it agrees.
    """
    note = _check_reden(toelichting, TOELICHTING_TEKENS_MAX)
    async with transaction(wereld.pool) as connection:
        found, _ = await _spreekt(connection, actor, nr, partij, versie)
        await _stem(connection, nr, Stem(versie, partij, False, wereld.nu, actor.naam, note))
        return await _nieuwe_versie(connection, wereld, actor, found, f"bezwaar van {partij}", None)


async def stel_afrekening_vast(wereld: Wereld, actor: Actor, nr: int) -> None:
    """Fix what all agreed on, as a second person, and book it.

    What was paid since it was offered is taken along in a last version; what was agreed on must be the same.

    Raises:
        NietToegestaan: By who made it, or by somebody who is no controller of the region.
        Conflict: Not all agreed, or what they agreed on changed since.
    """
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        found = await _locked(connection, actor, nr)
        _check_status(found, AfrekeningStatus.AKKOORD)
        await keur_goed(connection, nr, door=actor.naam, op=wereld.nu)
        uitkomst = await _actueel(connection, found)
        versie = found.versie
        if await _plan_en_maten(connection, found) != _as_plan_en_maten(uitkomst):
            versie += 1
            vast = Versie(versie, wereld.nu, actor.naam, "betalingen sinds het aanbod meegenomen", vingerafdruk(uitkomst))
            await rows.save_versie(connection, nr, vast, uitkomst)
        boekingen = boekingen_van_plan(uitkomst.boekplan, agb=found.agb, jaar=found.jaar, nr=nr, boekdatum=wereld.vandaag)
        await book(connection, Boekstuk.van(boekingen))
        await rows.set_status(connection, nr, AfrekeningStatus.VASTGESTELD, versie)
    log.info("afrekening_fixed", afrekening=nr, versie=versie, boekingen=len(boekingen), by=actor.naam)


PlanEnMaten = tuple[list[tuple[object, ...]], dict[str, dict[Maat, int]]]


async def _plan_en_maten(connection: Connection, found: Afrekening) -> PlanEnMaten:
    plan = await rows.fetch_boekregels(connection, found.afrekening_nr, found.versie, None)
    return sorted(tuple(each) for each in plan), await rows.fetch_maten(connection, found.afrekening_nr, found.versie, None)


def _as_plan_en_maten(uitkomst: Uitkomst) -> PlanEnMaten:
    return sorted(tuple(each) for each in uitkomst.boekplan), {code: dict(maten) for code, maten in uitkomst.gemeenten.items()}


async def trek_afrekening_in(wereld: Wereld, actor: Actor, nr: int, *, reden: str) -> None:
    """Withdraw one that is not fixed; nothing of it was booked."""
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        found = await _locked(connection, actor, nr)
        _check_status(found, *OPEN)
        given = {"afrekening": nr}
        await open_handeling(connection, soort=ACT_INTREKKING, sleutel=str(nr), door=actor.naam, op=wereld.nu, reden=reden, gegevens=given)
        await rows.set_status(connection, nr, AfrekeningStatus.INGETROKKEN, found.versie)
    log.info("afrekening_withdrawn", afrekening=nr, by=actor.naam)


async def ontvang_terugbetaling(wereld: Wereld, actor: Actor, nr: int, code: str, bedrag_cent: int, *, reden: str) -> int:
    """Book what an aanbieder paid back to a gemeente after the afrekening; returns the act. In parts may be.

    Raises:
        NietGevonden: No such afrekening, or no such gemeente in it for this actor.
        Conflict: It is not fixed.
        OngeldigVerzoek: Nothing, or more than is still to come back.
    """
    must_be_person(actor)
    async with transaction(wereld.pool) as connection:
        found = await _locked(connection, actor, nr)
        if not sees(actor, code):
            raise NietGevonden(f"Gemeente {code} heeft geen deel in deze afrekening, of niet voor u.")
        _check_status(found, AfrekeningStatus.VASTGESTELD)
        await lock_gemeente(connection, code)
        advance, paid = await _nog_terug(connection, found, code)
        if not 0 < bedrag_cent <= advance + paid:
            raise OngeldigVerzoek(f"Van deze afrekening staat bij gemeente {code} nog {advance + paid} cent open om terug te krijgen.")
        given = {"afrekening": nr, "gemeente": code, "bedrag_cent": bedrag_cent}
        act = await open_handeling(connection, soort=ACT_TERUG, sleutel=str(nr), door=actor.naam, op=wereld.nu, reden=reden, gegevens=given)
        delen = verdeel_terugbetaling(bedrag_cent, voorschot_cent=advance, crediteur_cent=paid)
        boekingen = boekingen_van_terugbetaling(delen, agb=found.agb, gemeente=code, jaar=found.jaar, nr=act, boekdatum=wereld.vandaag)
        await book(connection, Boekstuk.van(boekingen))
    log.info("afrekening_repaid", afrekening=nr, gemeente=code, handeling=act, by=actor.naam)
    return act


async def _nog_terug(connection: Connection, found: Afrekening, code: str) -> tuple[int, int]:
    """What is still to come back of a gemeente: of the advance, and of what was paid too much."""
    maten = (await rows.fetch_maten(connection, found.afrekening_nr, found.versie, [code])).get(code, {})
    plan = await rows.fetch_boekregels(connection, found.afrekening_nr, found.versie, [code])
    settled = sum(each.bedrag_cent for each in plan if each.soort == VOORSCHOT_VERREKEND)
    advance = max(maten.get(Maat.VOORSCHOT_OPEN, 0) - settled, 0)
    back = (await rows.terugontvangen(connection, found.afrekening_nr)).get(code, {})
    paid = maten.get(Maat.TE_ONTVANGEN, 0) - advance
    return advance - back.get(VOORSCHOT, 0), paid - back.get(CREDITEUR, 0)


async def _bereken(connection: Connection, agb: str, jaar: int, verschillen: Sequence[Verschil]) -> Uitkomst:
    """What it comes to now, while nobody judges or pays."""
    for domein in DOMEINEN:
        await lock_lane(connection, domein, agb)
    codes = await gemeenten_van(connection, agb)
    for code in codes:
        await lock_gemeente(connection, code)
    if strange := sorted({each.gemeente for each in verschillen}.difference(codes)):
        raise OngeldigVerzoek(f"Gemeente {strange[0]} had niets met aanbieder {agb} te maken.")
    try:
        return bereken(await lees_invoer(connection, agb, jaar, verschillen))
    except SluitNiet as error:
        raise Conflict(f"{error} Zoek dat eerst uit met de boekcontrole.") from error


async def _actueel(connection: Connection, found: Afrekening) -> Uitkomst:
    """What it comes to now, if that is what its version says.

    Raises:
        Conflict: What would be agreed on is something else by now.
    """
    uitkomst = await _bereken(connection, found.agb, found.jaar, await _verschillen_van(connection, found))
    stored = (await rows.fetch_versies(connection, found.afrekening_nr))[0]
    if vingerafdruk(uitkomst) != stored.inhoud_sha256:
        raise Conflict("Sinds deze versie is er gedeclareerd, gecrediteerd, toegewezen of geboekt; maak een nieuwe versie.")
    return uitkomst


async def _verschillen_van(connection: Connection, found: Afrekening) -> list[Verschil]:
    plan = await rows.fetch_boekregels(connection, found.afrekening_nr, found.versie, None)
    return [Verschil(each.gemeente, each.domein, each.zorgvorm, each.bedrag_cent) for each in plan if each.soort == AFREKENING]


async def _nieuwe_versie(
    connection: Connection, wereld: Wereld, actor: Actor, found: Afrekening, reden: str, verschillen: Sequence[Verschil] | None
) -> int:
    agreed = await _verschillen_van(connection, found) if verschillen is None else _samen(verschillen)
    uitkomst = await _bereken(connection, found.agb, found.jaar, agreed)
    versie = found.versie + 1
    await rows.save_versie(connection, found.afrekening_nr, Versie(versie, wereld.nu, actor.naam, reden, vingerafdruk(uitkomst)), uitkomst)
    await rows.set_status(connection, found.afrekening_nr, AfrekeningStatus.CONCEPT, versie)
    log.info("afrekening_version", afrekening=found.afrekening_nr, versie=versie, by=actor.naam)
    return versie


async def _spreekt(connection: Connection, actor: Actor, nr: int, partij: str, versie: int) -> tuple[Afrekening, list[str]]:
    """The afrekening that a party speaks about, and its gemeenten."""
    found = await _locked(connection, actor, nr)
    gemeenten = sorted(await rows.fetch_maten(connection, nr, found.versie, None))
    must_speak_for(actor, partij, found, gemeenten)
    _check_status(found, AfrekeningStatus.AANGEBODEN, AfrekeningStatus.AKKOORD)
    if versie != found.versie:
        raise Conflict(f"Versie {versie} is niet de laatste; dat is versie {found.versie}.")
    return found, gemeenten


async def _stem(connection: Connection, nr: int, stem: Stem) -> None:
    if not await rows.insert_stem(connection, nr, stem):
        raise Conflict(f"{stem.partij} sprak zich over versie {stem.versie} al uit.")


async def _locked(connection: Connection, actor: Actor, nr: int) -> Afrekening:
    """An afrekening as it is once nobody else works on it."""
    found = await zichtbaar(connection, actor, nr)
    await rows.lock(connection, found.agb, found.jaar)
    return await zichtbaar(connection, actor, nr)


async def zichtbaar(connection: Connection, actor: Actor, nr: int) -> Afrekening:
    """An afrekening with the totals of what the actor sees of it.

    Raises:
        NietToegestaan: The actor has nothing to do with money.
        NietGevonden: There is none, or not for this actor.
    """
    must_see(actor)
    found = await rows.fetch_afrekening(connection, nr, gemeenten=gemeenten_te_zien(actor), agbs=agbs_van(actor))
    if found is None:
        raise NietGevonden(f"Afrekening {nr} is er niet, of niet voor u.")
    if deel_te_zien(actor, found) is None and gemeenten_te_zien(actor) is not None:
        whole = await rows.fetch_afrekening(connection, nr)
        assert whole is not None
        return whole
    return found


def _check_status(found: Afrekening, *statussen: AfrekeningStatus) -> None:
    if found.status not in statussen:
        raise Conflict(f"Afrekening {found.afrekening_nr} is {found.status.value}; dit kan nu niet.")


def _check_reden(reden: str, maximum: int = 500) -> str:
    if not 0 < len(reden.strip()) <= maximum:
        raise OngeldigVerzoek(f"Geef een toelichting van ten hoogste {maximum} tekens.")
    return reden.strip()


def _samen(verschillen: Sequence[Verschil]) -> list[Verschil]:
    """Agreed differences, one per gemeente and zorgvorm.

    Raises:
        OngeldigVerzoek: Too many, too big, or without a zorgvorm.
    """
    if len(verschillen) > VERSCHILLEN_MAX:
        raise OngeldigVerzoek(f"Ten hoogste {VERSCHILLEN_MAX} verschillen.")
    found: dict[tuple[str, str, str], int] = {}
    for each in verschillen:
        if each.domein not in DOMEINEN or not each.zorgvorm or abs(each.bedrag_cent) > VERSCHIL_CENT_MAX:
            raise OngeldigVerzoek("Een verschil heeft een gemeente, een domein, een zorgvorm en een bedrag.")
        key = each.gemeente, each.domein, each.zorgvorm
        found[key] = found.get(key, 0) + each.bedrag_cent
    return [Verschil(*key, cents) for key, cents in sorted(found.items()) if cents]
