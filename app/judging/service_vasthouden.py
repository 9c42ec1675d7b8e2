"""Hold a declaratie, release it, and the rules that hold all of one aanbieder. Each act takes the lock of the lane, as judging does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import get_args

import structlog

from app.adapters.database import Connection, lock_lane, transaction
from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.bericht import Domein
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor
from app.judging import store, vasthouden
from app.judging import store_vasthouden as rows
from app.judging.store_vasthouden import SYSTEEM, NieuweRegel
from app.mailbox import outbox

log = structlog.get_logger(__name__)

REGELS_LOPEND_MAX = 100
DOMEINEN: tuple[str, ...] = get_args(Domein)


def must_be_allowed(actor: Actor) -> None:
    """Refuse who may not hold or release.

    Raises:
        NietToegestaan: Neither uitval, controller, contractbeheer nor beheer.
    """
    if not actor.heeft(*vasthouden.ROLLEN):
        raise NietToegestaan(
            "Alleen wie uitval behandelt, contracten beheert of controller is, kan een declaratie vasthouden of vrijgeven."
        )


def gemeenten_van(actor: Actor) -> list[str] | None:
    """The gemeenten that the actor sees, as the queries take them."""
    return None if actor.gemeenten is None else sorted(actor.gemeenten)


async def houd_vast(wereld: Wereld, actor: Actor, bericht_nr: int, reden: str) -> None:
    """Hold a declaratie; what waits behind it waits too.

    Raises:
        NietToegestaan: Not the actor's work.
        OngeldigVerzoek: The reason is too short or too long.
        NietGevonden: There is no such bericht for this actor.
        Conflict: It is no declaratie, has an outcome, is held already, or its term is near.
    """
    must_be_allowed(actor)
    reden = vasthouden.schoon(reden)
    if fout := vasthouden.fout_in_reden(reden):
        raise OngeldigVerzoek(fout)
    async with wereld.baan_beurt, transaction(wereld.pool) as connection:
        plek = await _locked(connection, actor, bericht_nr)
        why = vasthouden.belet(
            soort=plek.soort, status=plek.status, termijn=plek.termijn, vandaag=wereld.vandaag, vrije_dagen=vrije_dagen()
        )
        if why:
            raise Conflict(why)
        await rows.hold(connection, bericht_nr, reden=reden, door=actor.naam, nu=wereld.nu)
        behind = await rows.hold_behind(connection, plek.domein, plek.agb, nu=wereld.nu)
    log.info("bericht_held", bericht_nr=bericht_nr, by=actor.naam, behind=behind)


async def hold_waiting(connection: Connection, wereld: Wereld, domein: str, agb: str) -> int:
    """Before a lot of a locked lane is judged: hold what a rule says, and what stands behind what is held; returns how many."""
    limiet = vasthouden.grens(wereld.vandaag, vrije_dagen())
    held = await rows.hold_by_rules(connection, domein, agb, nu=wereld.nu, limiet=limiet)
    return held + await rows.hold_behind(connection, domein, agb, nu=wereld.nu)


async def geef_vrij(wereld: Wereld, actor: Actor, bericht_nr: int) -> None:
    """Release a declaratie that is held: it is judged now, or waits behind an earlier one that is still held.

    Raises:
        NietToegestaan: Not the actor's work.
        NietGevonden: There is no such bericht for this actor.
        Conflict: It is not held itself.
    """
    must_be_allowed(actor)
    async with wereld.baan_beurt, transaction(wereld.pool) as connection:
        plek = await _locked(connection, actor, bericht_nr)
        held = {rij.bericht_nr: rij for rij in await rows.open_rows(connection, plek.domein, plek.agb)}
        if bericht_nr not in held:
            raise Conflict("Deze declaratie wordt niet vastgehouden.")
        if held[bericht_nr].volgt:
            raise Conflict("Deze declaratie wacht achter een andere die wordt vastgehouden; geef die vrij.")
        vrij = await _release(connection, wereld, plek.domein, plek.agb, {bericht_nr}, door=actor.naam)
    log.info("bericht_released", bericht_nr=bericht_nr, by=actor.naam, berichten=vrij)


async def geef_verlopen_vrij(wereld: Wereld) -> int:
    """Release everything of which the term ends within three working days; returns how many are judged now.

    A lane is one transaction: a process that dies in between leaves the others for the next round.
    """
    limiet = vasthouden.grens(wereld.vandaag, vrije_dagen())
    async with transaction(wereld.pool) as connection:
        lanes = await rows.lanes_due(connection, limiet)
    total = 0
    for domein, agb in lanes:
        async with wereld.baan_beurt, transaction(wereld.pool) as connection:
            await lock_lane(connection, domein, agb)
            due = vasthouden.aan_de_beurt(await rows.open_rows(connection, domein, agb), limiet)
            vrij = await _release(connection, wereld, domein, agb, due, door=SYSTEEM)
        total += vrij
        log.info("held_berichten_released", domein=domein, agb=agb, berichten=vrij)
    return total


async def maak_regel(wereld: Wereld, actor: Actor, regel: NieuweRegel) -> int:
    """Hold every declaratie of an aanbieder that comes in from now until `regel.tot`; returns the number of the rule.

    Raises:
        NietToegestaan: Not the actor's work, or a gemeente that it does not see.
        OngeldigVerzoek: A field does not fit; `veld` in its facts says which.
        Conflict: There are too many rules already.
    """
    must_be_allowed(actor)
    regel = _checked(regel, actor, wereld.vandaag)
    async with transaction(wereld.pool) as connection:
        if not await rows.is_aanbieder(connection, regel.agb):
            raise OngeldigVerzoek("Deze aanbieder staat niet in de regio. Controleer de AGB-code.", veld="agb")
        running = await connection.fetchval("select count(*) from vasthoudregel where beeindigd_op is null and tot >= $1", wereld.vandaag)
        if running >= REGELS_LOPEND_MAX:
            raise Conflict("Er lopen al honderd regels. Beëindig er eerst een.")
        nr = await rows.add_rule(connection, regel, door=actor.naam, nu=wereld.nu)
    log.info("hold_rule_made", regel_nr=nr, agb=regel.agb, by=actor.naam)
    return nr


def _checked(regel: NieuweRegel, actor: Actor, vandaag: date) -> NieuweRegel:
    if not (len(regel.agb) == 8 and regel.agb.isascii() and regel.agb.isdecimal()):
        raise OngeldigVerzoek("Een AGB-code heeft acht cijfers.", veld="agb")
    if regel.domein is not None and regel.domein not in DOMEINEN:
        raise OngeldigVerzoek("Kies de Jeugdwet, de Wmo of beide.", veld="domein")
    if actor.gemeenten is not None and regel.gemeente is None:
        raise OngeldigVerzoek("Kies voor welke gemeente de regel geldt.", veld="gemeente")
    if actor.gemeenten is not None and regel.gemeente not in actor.gemeenten:
        raise NietToegestaan("U kunt alleen declaraties aan uw eigen gemeenten vasthouden.")
    if not vandaag <= regel.tot <= vandaag + timedelta(days=vasthouden.REGEL_DAGEN_MAX):
        raise OngeldigVerzoek("Kies een laatste dag vanaf vandaag, hoogstens 92 dagen vooruit.", veld="tot")
    reden = vasthouden.schoon(regel.reden)
    if fout := vasthouden.fout_in_reden(reden):
        raise OngeldigVerzoek(fout, veld="reden")
    return NieuweRegel(agb=regel.agb, domein=regel.domein, gemeente=regel.gemeente, reden=reden, tot=regel.tot)


async def beeindig_regel(wereld: Wereld, actor: Actor, regel_nr: int, *, ook_vrijgeven: bool) -> int:
    """End a rule, and release what it holds when that is asked; returns how many are judged now.

    Raises:
        NietToegestaan: Not the actor's work.
        NietGevonden: There is no such rule that runs, or not for this actor.
    """
    must_be_allowed(actor)
    async with transaction(wereld.pool) as connection:
        agb = await rows.end_rule(connection, regel_nr, gemeenten_van(actor), door=actor.naam, nu=wereld.nu)
        if agb is None:
            raise NietGevonden("Deze regel loopt niet, of niet voor u.")
    log.info("hold_rule_ended", regel_nr=regel_nr, by=actor.naam)
    total = 0
    for domein in DOMEINEN if ook_vrijgeven else ():
        async with wereld.baan_beurt, transaction(wereld.pool) as connection:
            await lock_lane(connection, domein, agb)
            held = await rows.held_by_rule(connection, domein, agb, regel_nr)
            total += await _release(connection, wereld, domein, agb, held, door=actor.naam)
    return total


async def _locked(connection: Connection, actor: Actor, bericht_nr: int) -> rows.Plek:
    """Where the bericht stands, read under the lock of its lane, so that judging cannot take it meanwhile."""
    seen = await rows.plek(connection, bericht_nr, gemeenten_van(actor))
    if seen is None:
        raise NietGevonden
    await lock_lane(connection, seen.domein, seen.agb)
    again = await rows.plek(connection, bericht_nr, gemeenten_van(actor))
    if again is None:
        raise NietGevonden
    return again


async def _release(connection: Connection, wereld: Wereld, domein: str, agb: str, los: Collection[int], *, door: str) -> int:
    """End these holds of a locked lane and wake what is free then; returns how many that are."""
    outcome = vasthouden.vrijgave(await rows.open_rows(connection, domein, agb), los)
    await rows.end_holds(connection, [*outcome.vrij, *outcome.volgt], door=door, nu=wereld.nu)
    await rows.let_follow(connection, outcome.volgt, nu=wereld.nu)
    if outcome.vrij:
        await store.reopen(connection, outcome.vrij)
        await outbox.put(connection, outcome.vrij, beschikbaar_op=wereld.nu)
    return len(outcome.vrij)
