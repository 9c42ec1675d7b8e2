"""Payment runs of a gemeente: propose, approve by a second person, withdraw, and give out the file for the bank.

Each step is one transaction under the lock of the gemeente, so two runs at once never take the same item. A controller of the gemeente does this
(or of the whole region); software of the gemeente may propose, read and send, but an approval is a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from app.adapters.bankbestand import maak_pain001
from app.adapters.clock import AMSTERDAM
from app.adapters.database import Connection, transaction
from app.adapters.kalender import target_sluitingsdagen
from app.adapters.wereld import Wereld
from app.domain.bedrag import euro
from app.domain.errors import Conflict, NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor, aanbieder, code_van
from app.domain.partij import gemeente as partij_van
from app.ledger import keur_goed, open_handeling
from app.ledger.store import Boekstuk, book
from app.settlement import store_betalingen as rows
from app.settlement.betalingen import (
    HONDERD,
    OVERBOEKING_CENT_MAX,
    Post,
    RegelStatus,
    Rekening,
    RunStatus,
    Verrekening,
    batch_kenmerk,
    run_status,
    stel_voor,
)
from app.settlement.betalingen_boeken import Boekblad, Plaats
from app.settlement.betalingen_wie import must_be_person, must_pay_for, visible
from app.settlement.pain001 import Betaalregel as Opdrachtregel
from app.settlement.pain001 import eerste_bankdag, maak_opdracht
from app.settlement.store_betalingen import Betaalregel, Betaalrun

log = structlog.get_logger(__name__)

DAGEN_VOORUIT_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bestand:
    """A file to give out."""

    naam: str
    inhoud: bytes


async def stel_betalingen_voor(
    wereld: Wereld, actor: Actor, gemeente: str, *, verrekening: Verrekening, reden: str, uitvoeren_op: date | None = None
) -> int:
    """Propose what a gemeente pays its aanbieders; returns the number of the run, a concept.

    Args:
        wereld, actor: The world, and who proposes.
        gemeente: Whose account it is paid from.
        verrekening: How much of the advances is set off.
        reden: Why, for who reads it later.
        uitvoeren_op: When the bank is to pay; on a day that banks are closed the next. Without it the next day that they are open.
    Raises:
        NietToegestaan: The actor is no controller of this gemeente, nor its software.
        NietGevonden: The region has no such gemeente, or not for this actor.
        OngeldigVerzoek: The gemeente has no bank account, nothing is open, or the day or the choice is none.
    """
    must_pay_for(actor, gemeente)
    check_verrekening(verrekening)
    vandaag = wereld.vandaag
    wanted = eerste_bankdag(uitvoeren_op or vandaag, target_sluitingsdagen())
    if not 0 <= (wanted - vandaag).days <= DAGEN_VOORUIT_MAX or (uitvoeren_op is not None and uitvoeren_op < vandaag):
        raise OngeldigVerzoek(f"Kies een dag van uitvoering vanaf vandaag, hoogstens {DAGEN_VOORUIT_MAX} dagen vooruit.")
    async with transaction(wereld.pool) as connection:
        await rows.lock_gemeente(connection, gemeente)
        if not await rows.is_gemeente(connection, gemeente):
            raise NietGevonden(f"De regio heeft geen gemeente {gemeente}.")
        eigen = (await rows.rekeningen(connection, [partij_van(gemeente)])).get(partij_van(gemeente))
        if eigen is None:
            raise OngeldigVerzoek(f"Van gemeente {gemeente} is geen bankrekening bekend; vul haar in bankrekeningen.csv in.")
        posten = await rows.open_posten(connection, gemeente)
        if not posten:
            raise OngeldigVerzoek("Er staat niets open: alles wat is toegekend zit in een betaling.")
        voorstel = stel_voor(posten, await rows.voorschotten(connection, gemeente), await _rekeningen_van(connection, posten), verrekening)
        nr = await open_handeling(
            connection, soort=rows.ACT_RUN, sleutel=gemeente, door=actor.naam, op=wereld.nu, reden=reden, gegevens=_as_gegevens(verrekening)
        )
        run = rows.NieuweRun(
            run_nr=nr,
            gemeente=gemeente,
            peildatum=vandaag,
            uitvoeren_op=wanted,
            rekening=eigen,
            verrekening=_as_gegevens(verrekening),
        )
        await rows.save_run(connection, run, voorstel)
    log.info("betaalrun_proposed", run=nr, gemeente=gemeente, regels=len(voorstel), by=actor.naam)
    return nr


async def _rekeningen_van(connection: Connection, posten: Sequence[Post]) -> dict[str, Rekening]:
    found = await rows.rekeningen(connection, {aanbieder(post.agb) for post in posten})
    return {code_van(partij): rekening for partij, rekening in found.items()}


def check_verrekening(verrekening: Verrekening) -> None:
    """Raise OngeldigVerzoek unless the choice is one."""
    if not 0 <= verrekening.procent <= HONDERD:
        raise OngeldigVerzoek("Het deel dat met voorschotten wordt verrekend is 0 tot en met 100 procent.")
    if any(not 0 <= cents <= OVERBOEKING_CENT_MAX for cents in verrekening.maximum_cent.values()):
        raise OngeldigVerzoek("Een maximum van wat wordt verrekend is een bedrag vanaf nul.")


def _as_gegevens(verrekening: Verrekening) -> dict[str, object]:
    return {"procent": verrekening.procent, "maximum_cent": dict(verrekening.maximum_cent)}


async def keur_betaalrun_goed(wereld: Wereld, actor: Actor, run_nr: int, *, ibans_gecontroleerd: bool = False) -> None:
    """Approve a proposal as a second person: its advances are set off and its orders booked.

    Args:
        wereld, actor: The world, and who approves.
        run_nr: The run.
        ibans_gecontroleerd: The actor has looked at the accounts that are not those of the last payment.
    Raises:
        NietGevonden: There is no such run, or not for this actor.
        NietToegestaan: By who made it, or by somebody who is no controller.
        Conflict: It is no proposal, or what it rests on has changed since: then withdraw it and propose anew.
    """
    must_be_person(actor)
    async with transaction(wereld.pool) as connection:
        run = await _locked_run(connection, actor, run_nr)
        _check_status(run, RunStatus.CONCEPT)
        await keur_goed(connection, run_nr, door=actor.naam, op=wereld.nu)
        regels = await rows.fetch_regels(connection, run_nr)
        await _check_still_holds(connection, run, regels, ibans_gecontroleerd)
        proposed = [each for each in regels if each.status is RegelStatus.VOORGESTELD]
        blad = Boekblad(run_nr, wereld.vandaag)
        for each in proposed:
            plaats = Plaats(gemeente=run.gemeente, agb=each.agb, peildatum=run.peildatum)
            blad.bestel(plaats, verrekend_cent=each.verrekend_cent, bedrag_cent=each.bedrag_cent)
        await book(connection, Boekstuk.van(blad.boekingen))
        statussen = {each.regel: RegelStatus.ONDERWEG if each.bedrag_cent else RegelStatus.VERREKEND for each in proposed}
        await rows.set_regels(connection, run_nr, statussen)
        await rows.set_run(connection, run_nr, RunStatus.GOEDGEKEURD)
        if run_status(statussen.values()) is RunStatus.AFGEROND:
            await rows.set_run(connection, run_nr, RunStatus.AFGEROND)
    log.info("betaalrun_approved", run=run_nr, gemeente=run.gemeente, boekingen=len(blad.boekingen), by=actor.naam)


async def _check_still_holds(connection: Connection, run: Betaalrun, regels: Sequence[Betaalregel], ibans_gecontroleerd: bool) -> None:
    """What was owed, the advances and the accounts are as they were when the run was proposed."""
    opnieuw = "Trek dit voorstel in en maak een nieuw."
    proposed = [each for each in regels if each.status is RegelStatus.VOORGESTELD]
    since: dict[str, int] = {}
    for post in await rows.open_posten(connection, run.gemeente):
        since[post.agb] = since.get(post.agb, 0) + post.bedrag_cent
    advances = await rows.voorschotten(connection, run.gemeente)
    for each in proposed:
        if since.get(each.agb, 0) < 0:
            terug = euro(-since[each.agb])
            raise Conflict(f"Van aanbieder {each.agb} is sinds het voorstel {terug} meer teruggenomen dan toegekend. {opnieuw}")
        if advances.get(each.agb, 0) < 0:
            raise Conflict(f"Het voorschot van aanbieder {each.agb} is lager dan wat ervan wordt verrekend. {opnieuw}")
        if each.iban is not None and each.iban != each.iban_nu:
            raise Conflict(f"De bankrekening van aanbieder {each.agb} is sinds het voorstel gewijzigd. {opnieuw}")
    changed = [each.agb for each in proposed if each.is_iban_nieuw]
    if changed and not ibans_gecontroleerd:
        raise Conflict(
            f"Naar een andere rekening dan de vorige betaling: aanbieder {', '.join(changed)}. Controleer dat bij de aanbieder zelf en bevestig het.",
            aanbieders=changed,
        )


async def trek_betaalrun_in(wereld: Wereld, actor: Actor, run_nr: int, *, reden: str) -> None:
    """Withdraw a proposal, or an approved run whose file nobody has: what it held is open again.

    Raises:
        NietGevonden, NietToegestaan: As when it is approved.
        Conflict: Its file was given out, or it was withdrawn before.
    """
    must_be_person(actor)
    async with transaction(wereld.pool) as connection:
        run = await _locked_run(connection, actor, run_nr)
        if run.status not in (RunStatus.CONCEPT, RunStatus.GOEDGEKEURD):
            raise Conflict(f"Betaalrun {run_nr} is {run.status.value} en kan niet meer worden ingetrokken.")
        nr = await open_handeling(
            connection,
            soort=rows.ACT_INTREKKING,
            sleutel=run.gemeente,
            door=actor.naam,
            op=wereld.nu,
            reden=reden,
            gegevens={"run": run_nr},
        )
        regels = [each for each in await rows.fetch_regels(connection, run_nr) if each.status is not RegelStatus.GEBLOKKEERD]
        blad = Boekblad(nr, wereld.vandaag)
        for each in regels if run.status is RunStatus.GOEDGEKEURD else ():
            plaats = Plaats(gemeente=run.gemeente, agb=each.agb, peildatum=run.peildatum)
            blad.draai_terug(plaats, verrekend_cent=each.verrekend_cent, bedrag_cent=each.bedrag_cent)
        await book(connection, Boekstuk.van(blad.boekingen))
        await rows.set_regels(connection, run_nr, {each.regel: RegelStatus.INGETROKKEN for each in regels})
        await rows.set_run(connection, run_nr, RunStatus.INGETROKKEN, nr)
    log.info("betaalrun_withdrawn", run=run_nr, gemeente=run.gemeente, handeling=nr, by=actor.naam)


async def exporteer_betaalrun(wereld: Wereld, actor: Actor, run_nr: int) -> Bestand:
    """The pain.001 of an approved run; the first time it is kept, and every next time it is the same bytes.

    Raises:
        NietGevonden: There is no such run, or not for this actor.
        Conflict: It is not approved, or it was withdrawn, or nothing in it is to be paid.
    """
    async with transaction(wereld.pool) as connection:
        run = await _locked_run(connection, actor, run_nr)
        must_pay_for(actor, run.gemeente)
        naam = f"{batch_kenmerk(run.gemeente, run_nr)}.xml"
        if (stored := await rows.fetch_bestand(connection, run_nr)) is not None:
            return Bestand(naam=naam, inhoud=wereld.kluis.lees(*stored, _kenmerk(run_nr)))
        _check_status(run, RunStatus.GOEDGEKEURD)
        assert run.goedgekeurd_op is not None
        regels = [_as_opdrachtregel(each) for each in await rows.fetch_regels(connection, run_nr) if each.status is RegelStatus.ONDERWEG]
        opdracht = maak_opdracht(
            run.gemeente,
            run_nr,
            rekening=Rekening(iban=run.iban, tenaamstelling=run.tenaamstelling, bic=run.bic),
            gemaakt_op=run.goedgekeurd_op.astimezone(AMSTERDAM),
            uitvoeren_op=eerste_bankdag(max(run.uitvoeren_op, wereld.vandaag), target_sluitingsdagen()),
            regels=regels,
        )
        inhoud = maak_pain001(opdracht)
        versie, bestand = wereld.kluis.bewaar(inhoud, _kenmerk(run_nr))
        await rows.save_bestand(
            connection, run_nr, op=wereld.nu, door=actor.naam, versie=versie, bestand=bestand, sha256=hashlib.sha256(inhoud).digest()
        )
    log.info("betaalrun_sent", run=run_nr, gemeente=run.gemeente, regels=len(regels), bytes=len(inhoud), by=actor.naam)
    return Bestand(naam=naam, inhoud=inhoud)


def _as_opdrachtregel(regel: Betaalregel) -> Opdrachtregel:
    assert regel.iban is not None
    assert regel.tenaamstelling is not None
    assert regel.end_to_end_id is not None
    where = Rekening(iban=regel.iban, tenaamstelling=regel.tenaamstelling, bic=regel.bic or "")
    return Opdrachtregel(end_to_end_id=regel.end_to_end_id, bedrag_cent=regel.bedrag_cent, rekening=where, posten=regel.posten)


def _kenmerk(run_nr: int) -> str:
    """What the stored file is bound to."""
    return f"betaalrun:{run_nr}"


async def meld_geweigerd(wereld: Wereld, actor: Actor, run_nr: int, regel: int, *, reden: str) -> None:
    """The bank did not carry out one order of a run that was sent: what it held is owed again.

    For an order that the bank refuses without an entry on a statement; what comes back after it was paid is read from the statement.
    Raises:
        NietGevonden, NietToegestaan: As when it is approved.
        Conflict: The order is not under way, or the bank confirmed a part of it.
    """
    must_be_person(actor)
    async with transaction(wereld.pool) as connection:
        run = await _locked_run(connection, actor, run_nr)
        regels = {each.regel: each for each in await rows.fetch_regels(connection, run_nr)}
        if (found := regels.get(regel)) is None:
            raise NietGevonden(f"Betaalrun {run_nr} heeft geen regel {regel}.")
        if run.status is not RunStatus.VERZONDEN or found.status is not RegelStatus.ONDERWEG or found.betaald_cent:
            raise Conflict(f"Regel {regel} van betaalrun {run_nr} is niet onderweg, of al deels bevestigd.")
        given = {"run": run_nr, "regel": regel}
        nr = await open_handeling(
            connection, soort=rows.ACT_WEIGERING, sleutel=run.gemeente, door=actor.naam, op=wereld.nu, reden=reden, gegevens=given
        )
        blad = Boekblad(nr, wereld.vandaag)
        plaats = Plaats(gemeente=run.gemeente, agb=found.agb, peildatum=run.peildatum)
        blad.draai_terug(plaats, verrekend_cent=found.verrekend_cent, bedrag_cent=found.bedrag_cent)
        await book(connection, Boekstuk.van(blad.boekingen))
        await rows.set_regels(connection, run_nr, {regel: RegelStatus.TERUGGEKOMEN})
        await rows.set_run(
            connection, run_nr, run_status([RegelStatus.TERUGGEKOMEN, *(r.status for r in regels.values() if r is not found)])
        )
    log.info("betaling_refused", run=run_nr, regel=regel, gemeente=run.gemeente, handeling=nr, by=actor.naam)


async def _locked_run(connection: Connection, actor: Actor, run_nr: int) -> Betaalrun:
    """A run as it is once nobody else works on payments of its gemeente."""
    run = visible(await rows.fetch_run(connection, run_nr), actor, run_nr)
    await rows.lock_gemeente(connection, run.gemeente)
    return visible(await rows.fetch_run(connection, run_nr), actor, run_nr)


def _check_status(run: Betaalrun, status: RunStatus) -> None:
    if run.status is not status:
        raise Conflict(f"Betaalrun {run.run_nr} is {run.status.value}, niet {status.value}.")
