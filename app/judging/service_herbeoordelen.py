"""Judging declaraties again after the region was corrected: what it would change, carrying it out, or letting it lapse.

What is shown is worked out by the very transaction that would carry it out, undone at its end; carrying out works it out again under the lock
of the lane and refuses when it is no longer what was shown. A lane is one transaction; what was carried out of one stays when another refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from app.adapters.database import Connection, lock_lane, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.judging import store_geraakt
from app.judging import store_herbeoordelen as rows
from app.judging.geraakt import Bereik, Gewijzigd, gewijzigde_dagen
from app.judging.herbeoordelen import Wijziging, vingerafdruk
from app.judging.service_baan_opnieuw import Gevolgen, judge_lane_again
from app.judging.store_herbeoordelen import BaanRij

log = structlog.get_logger(__name__)

REDEN_LENGTE_MAX = 500
WIJZIGINGEN_MAX = 500_000
"""More lines that change are not shown to a person, and not held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keuze:
    """What to judge again, and why: what a load of the region and those after it changed, or what was claimed under a contract in a period.

    Attributes:
        reden: For who looks back.
        lading_nr: The first load of which the changes count; or
        contract, van, tot: A contract, and the first days of ProductPeriodes, both included.
        nieuw_antwoord: Whether an aanbieder gets a new 325 where its outcome changes.
    """

    reden: str
    lading_nr: int | None = None
    contract: str | None = None
    van: date | None = None
    tot: date | None = None
    nieuw_antwoord: bool = True


async def reken_door(wereld: Wereld, actor: Actor, keuze: Keuze) -> int:
    """Work out what judging again would change and keep that for a person to look at; returns the number of the herbeoordeling.

    Raises:
        NietToegestaan: The actor is not contractbeheer of the whole region.
        OngeldigVerzoek: The choice is not complete, or there is no such load or contract.
        Conflict: Nothing was claimed that it concerns, or more lines change than can be shown.
    """
    must_be_allowed(actor)
    _check(keuze)
    async with transaction(wereld.pool) as connection:
        banen = await _affected(connection, keuze)
    if not banen:
        raise Conflict("Er is niets gedeclareerd dat hierdoor geraakt kan zijn.")
    outcomes = await _try_lanes(wereld, banen)
    async with transaction(wereld.pool) as connection:
        nr = await rows.insert_herbeoordeling(
            connection,
            {
                "reden": keuze.reden.strip(),
                "lading_nr": keuze.lading_nr,
                "contract": keuze.contract,
                "van": keuze.van,
                "tot": keuze.tot,
                "nieuw_antwoord": keuze.nieuw_antwoord,
                "gemaakt_op": wereld.nu,
                "gemaakt_door": actor.naam,
            },
        )
        await rows.save_banen(connection, nr, outcomes)
    log.info("herbeoordeling_made", herbeoordeling=nr, banen=len(outcomes), by=actor.naam)
    return nr


async def reken_opnieuw_door(wereld: Wereld, actor: Actor, nr: int) -> None:
    """Work out again what a concept would change, for the lanes that were not carried out yet.

    Raises:
        NietToegestaan, NietGevonden: As `voer_uit`.
        Conflict: It is no concept any more.
    """
    banen = {(baan.domein, baan.agb): baan.vanaf for baan in await _open_lanes(wereld, actor, nr)}
    async with transaction(wereld.pool) as connection:
        affected = await _affected(connection, Keuze(**await rows.keuze_van(connection, nr)))
        done = await rows.done_banen(connection, nr)
    # The region may have changed again since: more lanes, or an earlier beginning.
    for baan, vanaf in affected.items():
        if baan not in done:
            banen[baan] = min(vanaf, banen.get(baan, vanaf))
    outcomes = await _try_lanes(wereld, banen)
    async with transaction(wereld.pool) as connection:
        await _lock_concept(connection, nr)
        await rows.save_banen(connection, nr, outcomes)


async def voer_uit(wereld: Wereld, actor: Actor, nr: int) -> None:
    """Carry out a concept, lane by lane: register, books, bevindingen, and a new 325 where the outcome for the aanbieder changed.

    Raises:
        NietToegestaan: The actor is not contractbeheer of the whole region.
        NietGevonden: There is no such herbeoordeling.
        Conflict: It is no concept any more; or a lane would change otherwise than was shown: then that lane is left as it is, and the concept
            stays for what is left. Lanes that were carried out stay so.
    """
    banen = await _open_lanes(wereld, actor, nr)
    achterhaald = [baan.agb for baan in banen if not await _carry_out(wereld, nr, baan.domein, baan.agb)]
    if achterhaald:
        raise Conflict(
            f"Voor {_genoemd(achterhaald)} is de uitkomst niet meer die van de voorvertoning; daar is niets gewijzigd. "
            "Reken opnieuw door en bekijk wat er verandert.",
            aanbieders=achterhaald,
            uitgevoerd=len(banen) - len(achterhaald),
        )
    async with transaction(wereld.pool) as connection:
        await rows.finish(connection, nr, "uitgevoerd", nu=wereld.nu, door=actor.naam)
    log.info("herbeoordeling_done", herbeoordeling=nr, banen=len(banen), by=actor.naam)


async def laat_vervallen(wereld: Wereld, actor: Actor, nr: int) -> None:
    """End a concept without carrying it out; lanes that were carried out stay so.

    Raises:
        NietToegestaan, NietGevonden, Conflict: As `voer_uit`.
    """
    must_be_allowed(actor)
    async with transaction(wereld.pool) as connection:
        await _lock_concept(connection, nr)
        await rows.finish(connection, nr, "vervallen", nu=wereld.nu, door=actor.naam)


def must_be_allowed(actor: Actor) -> None:
    """It moves money of every gemeente, so who sees only some of them may not.

    Raises:
        NietToegestaan: The actor is not contractbeheer of the whole region.
    """
    if not actor.heeft(Rol.CONTRACTBEHEER) or actor.gemeenten is not None:
        raise NietToegestaan("Alleen contractbeheer van de hele regio mag declaraties herbeoordelen.")


def _check(keuze: Keuze) -> None:
    if not 0 < len(keuze.reden.strip()) <= REDEN_LENGTE_MAX:
        raise OngeldigVerzoek(f"Geef een reden van hoogstens {REDEN_LENGTE_MAX} tekens; wie later kijkt wil weten waarom.")
    by_contract = keuze.contract is not None and keuze.van is not None and keuze.tot is not None
    if (keuze.lading_nr is None) is not by_contract:
        raise OngeldigVerzoek("Kies een lading van de regio, of een contract met een periode.")
    if keuze.van is not None and keuze.tot is not None and keuze.van > keuze.tot:
        raise OngeldigVerzoek("De periode eindigt voordat zij begint.")


async def _affected(connection: Connection, keuze: Keuze) -> dict[store_geraakt.Baan, int]:
    """Per lane where to begin."""
    if keuze.lading_nr is not None:
        if not await store_geraakt.ken_lading(connection, keuze.lading_nr):
            raise OngeldigVerzoek(f"Er is geen lading {keuze.lading_nr}.")
        gewijzigd = list(gewijzigde_dagen(await store_geraakt.gewijzigde_rijen(connection, keuze.lading_nr)))
        gewijzigd += await store_geraakt.deelname_begon_of_eindigde(connection, keuze.lading_nr)
        return await store_geraakt.eerste_geraakte(connection, gewijzigd)
    assert keuze.contract is not None
    assert keuze.van is not None
    assert keuze.tot is not None
    banen = await store_geraakt.banen_van_contract(connection, keuze.contract)
    if not banen:
        raise OngeldigVerzoek(f"Er is geen contract {keuze.contract}.")
    chosen = [Gewijzigd(Bereik(agb=agb, domein=domein), keuze.van, keuze.tot) for domein, agb in banen]
    return await store_geraakt.eerste_geraakte(connection, chosen)


async def _try_lanes(wereld: Wereld, banen: Mapping[store_geraakt.Baan, int]) -> list[tuple[BaanRij, list[Wijziging]]]:
    """What would change, lane by lane; nothing stays of it."""
    outcomes: list[tuple[BaanRij, list[Wijziging]]] = []
    for (domein, agb), vanaf in banen.items():
        async with transaction(wereld.pool) as connection:
            await lock_lane(connection, domein, agb)
            trial = connection.transaction()
            await trial.start()
            try:
                outcome = await judge_lane_again(connection, wereld, domein, agb, vanaf)
            finally:
                await trial.rollback()
        baan = BaanRij(
            domein=domein,
            agb=agb,
            vanaf=vanaf,
            declaraties=outcome.declaraties,
            regels=outcome.regels,
            vingerafdruk=vingerafdruk(outcome.wijzigingen),
        )
        outcomes.append((baan, outcome.wijzigingen))
        if sum(len(wijzigingen) for _, wijzigingen in outcomes) > WIJZIGINGEN_MAX:
            raise Conflict(f"Er veranderen meer dan {WIJZIGINGEN_MAX} regels; kies een contract en een kortere periode.")
    return outcomes


async def _open_lanes(wereld: Wereld, actor: Actor, nr: int) -> list[BaanRij]:
    must_be_allowed(actor)
    async with transaction(wereld.pool) as connection:
        await _lock_concept(connection, nr)
        return await rows.open_banen(connection, nr)


async def _lock_concept(connection: Connection, nr: int) -> None:
    found = await rows.lock_herbeoordeling(connection, nr)
    if found is None:
        raise NietGevonden(f"Er is geen herbeoordeling {nr}.")
    if found[0] != "concept":
        raise Conflict(f"Herbeoordeling {nr} is al {found[0]}.")


async def _carry_out(wereld: Wereld, nr: int, domein: str, agb: str) -> bool:
    """Judge a lane again for good; False when it would change otherwise than was shown, and then nothing has changed."""
    async with transaction(wereld.pool) as connection:
        await lock_lane(connection, domein, agb)
        baan = await rows.lock_baan(connection, nr, domein, agb)
        if baan is None:
            return True  # Somebody else carried it out meanwhile.
        found = await rows.lock_herbeoordeling(connection, nr)
        assert found is not None
        attempt = connection.transaction()
        await attempt.start()
        try:
            outcome = await judge_lane_again(connection, wereld, domein, agb, baan.vanaf, gevolgen=Gevolgen(nieuw_antwoord=found[1]))
        except BaseException:
            await attempt.rollback()
            raise
        if vingerafdruk(outcome.wijzigingen) != baan.vingerafdruk:
            await attempt.rollback()
            await rows.mark_baan(connection, nr, domein, agb, "achterhaald")
            return False
        await attempt.commit()
        await rows.mark_baan(connection, nr, domein, agb, "uitgevoerd")
    log.info("lane_judged_again", herbeoordeling=nr, domein=domein, agb=agb, regels=outcome.regels, gewijzigd=len(outcome.wijzigingen))
    return True


def _genoemd(agbs: Sequence[str]) -> str:
    """Some of them, for a sentence."""
    named = ", ".join(dict.fromkeys(agbs[:3]))
    return f"aanbieder {named}" if len(agbs) <= 3 else f"aanbieder {named} en nog {len(agbs) - 3}"
