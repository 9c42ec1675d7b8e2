"""Issuing a toewijzing: drafts that are saved at every step, what they would become, and sending them through the door of all berichten.

Who may: the access team of a gemeente and its software, in the name of that gemeente (`wie`). A draft of another gemeente does not exist.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.composing import store
from app.composing import store_concepten as concepten
from app.composing.invullen import VELD_LENGTE_MAX, VELDEN, Antwoorden, Stap
from app.composing.opstellen import Opstelling, stel_op
from app.composing.store_concepten import ConceptRij, kenmerk
from app.composing.store_nummers import next_identificatie, next_toewijzing_nummer
from app.composing.wie import check_namens, eigen_gemeenten
from app.domain.bericht import Domein
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor
from app.intake import Geweigerd, ontvang
from app.mailbox.bladzijde import Bladzijde, make_cursor, read_cursor

log = structlog.get_logger(__name__)

CONCEPTEN_MAX = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A draft, opened; `antwoorden` name a person."""

    concept_nr: int
    gemeente: str
    domein: Domein
    stap: Stap
    gemaakt_op: datetime
    gemaakt_door: str
    gewijzigd_op: datetime
    gewijzigd_door: str
    antwoorden: Antwoorden = field(repr=False)
    bericht_nr: int | None = None

    @property
    def naam(self) -> str:
        """The client as far as filled in."""
        parts = (self.antwoorden.get(name, "") for name in ("voornamen", "voorvoegsel", "achternaam"))
        return " ".join(part for part in parts if part)


class NietVerzendbaar(OngeldigVerzoek):
    """Deze toewijzing kan zo niet worden verstuurd."""

    def __init__(self, opstelling: Opstelling) -> None:
        super().__init__("Deze toewijzing kan zo niet worden verstuurd. Bekijk wat er nog moet gebeuren.")
        self.opstelling = opstelling


async def begin_concept(wereld: Wereld, actor: Actor, antwoorden: Antwoorden) -> int:
    """Keep a new draft of the gemeente that is filled in.

    Raises:
        NietToegestaan: The actor may not send for any gemeente.
        OngeldigVerzoek: The gemeente is none of the actor's.
    """
    own = eigen_gemeenten(actor)
    if not own:
        raise NietToegestaan("U kunt nog niet namens een gemeente versturen. Vraag uw beheerder om uw account een gemeente te geven.")
    gemeente = antwoorden.get("gemeente", "")
    if gemeente not in own:
        raise OngeldigVerzoek("Kies de gemeente die de toewijzing uitgeeft.")
    async with transaction(wereld.pool) as connection:
        nr = await concepten.next_nr(connection)
        versie, inhoud = _seal(wereld, nr, _kept(antwoorden))
        await concepten.insert(connection, _rij(wereld, actor, nr, antwoorden, Stap.CLIENT, versie, inhoud))
    log.info("concept_begun", concept_nr=nr, gemeente=gemeente)
    return nr


async def toon_concept(wereld: Wereld, actor: Actor, concept_nr: int) -> Concept:
    """A draft.

    Raises:
        NietGevonden: There is none with this number, or of another gemeente.
    """
    return open_concept(wereld, await _find(wereld, actor, concept_nr))


async def bewaar_stap(wereld: Wereld, actor: Actor, concept_nr: int, stap: Stap, antwoorden: Antwoorden) -> Concept:
    """Save what was filled in at a step, right or wrong, so that nothing is lost.

    Raises:
        NietGevonden: No such draft.
        Conflict: It was sent meanwhile.
    """
    rij = await _find(wereld, actor, concept_nr)
    found = open_concept(wereld, rij)
    own = VELDEN.get(stap, ())
    merged = {**found.antwoorden, **{name: text for name, text in _kept(antwoorden).items() if name in own}}
    # A gemeente or law that may not be is a fault of the step, which shows it; the draft stays where it belongs.
    code = merged.get("gemeente", "") if merged.get("gemeente", "") in eigen_gemeenten(actor) else rij.gemeente
    domein: Domein = "iwmo" if merged.get("domein") == "iwmo" else "ijw"
    versie, inhoud = _seal(wereld, concept_nr, merged)
    changes = replace(
        rij,
        gemeente=code,
        domein=domein,
        stap=stap,
        gewijzigd_op=wereld.nu,
        gewijzigd_door=actor.naam,
        sleutel_versie=versie,
        inhoud=inhoud,
    )
    async with transaction(wereld.pool) as connection:
        if not await concepten.update(connection, changes):
            raise Conflict("Deze toewijzing is al verstuurd, of het concept is verwijderd.")
    return open_concept(wereld, changes)


async def lijst_concepten(wereld: Wereld, actor: Actor, cursor: str | None = None) -> Bladzijde[Concept]:
    """The drafts of the gemeenten of the actor, newest first.

    Raises:
        CursorOngeldig: The cursor is not one of ours.
    """
    voor = None if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        rows = await concepten.open_ones(connection, sorted(eigen_gemeenten(actor)), CONCEPTEN_MAX + 1, voor=voor)
    kept = rows[:CONCEPTEN_MAX]
    items = tuple(open_concept(wereld, row) for row in kept)
    return Bladzijde(items=items, volgende=make_cursor(kept[-1].concept_nr) if len(rows) > CONCEPTEN_MAX else None)


async def verwijder_concept(wereld: Wereld, actor: Actor, concept_nr: int) -> None:
    """Delete a draft.

    Raises:
        NietGevonden: No such draft, or it was sent.
    """
    async with transaction(wereld.pool) as connection:
        if not await concepten.delete(connection, concept_nr, sorted(eigen_gemeenten(actor))):
            raise NietGevonden("Dit concept bestaat niet, of niet voor u.")
    log.info("concept_deleted", concept_nr=concept_nr)


async def bekijk_concept(wereld: Wereld, actor: Actor, concept_nr: int, *, controleren: bool = False) -> tuple[Concept, Opstelling]:
    """A draft with what it would become; with `controleren` also judged against everything, for which it gets its numbers.

    Raises:
        NietGevonden: No such draft.
        Conflict: The numbers of the gemeente are used up.
    """
    rij = await _find(wereld, actor, concept_nr)
    found = open_concept(wereld, rij)
    numbers = await _numbers(wereld, rij) if controleren else None
    return found, await stel_op(wereld, actor, found.antwoorden, numbers)


async def verstuur_concept(wereld: Wereld, actor: Actor, concept_nr: int) -> int:
    """Send the toewijzing of a draft; returns the number of the bericht. Sending twice sends once.

    Raises:
        NietGevonden: No such draft.
        NietVerzendbaar: Something is missing, or judging would refuse it; carries what.
        Geweigerd: The door refuses it after all.
    """
    rij = await _find(wereld, actor, concept_nr)
    if rij.bericht_nr is not None:
        return rij.bericht_nr
    if rij.xml is not None and rij.xml_versie is not None:
        # Fixed before, and then this process or another went away: judging it anew would find its own numbers in use.
        return await _send(wereld, actor, concept_nr, (rij.xml_versie, rij.xml))
    opstelling = await stel_op(wereld, actor, open_concept(wereld, rij).antwoorden, await _numbers(wereld, rij))
    if not opstelling.verzendbaar or opstelling.xml is None:
        raise NietVerzendbaar(opstelling)
    versie, sealed = wereld.kluis.bewaar(opstelling.xml, kenmerk(concept_nr))
    async with transaction(wereld.pool) as connection:
        fixed = await concepten.fix_bytes(connection, concept_nr, versie, sealed)
    if fixed is not None:
        return await _send(wereld, actor, concept_nr, fixed)
    nu = await _find(wereld, actor, concept_nr)
    if nu.bericht_nr is None:
        raise Conflict("Deze toewijzing is intussen door een ander gewijzigd. Bekijk haar opnieuw.")
    return nu.bericht_nr


async def _send(wereld: Wereld, actor: Actor, concept_nr: int, fixed: tuple[int, bytes]) -> int:
    """Hand the fixed bytes of a draft to the door, which takes the same bytes once; refused bytes are let go, so that it can be mended."""
    try:
        done = await ontvang(wereld, actor, wereld.kluis.lees(*fixed, kenmerk(concept_nr)))
    except Geweigerd as refused:
        async with transaction(wereld.pool) as connection:
            await concepten.release_bytes(connection, concept_nr)
        log.warning("concept_refused", concept_nr=concept_nr, bericht_nr=refused.bericht_nr)
        raise
    async with transaction(wereld.pool) as connection:
        await concepten.mark_sent(connection, concept_nr, done.bericht_nr)
    log.info("concept_sent", concept_nr=concept_nr, bericht_nr=done.bericht_nr)
    return done.bericht_nr


async def heropen_concept(wereld: Wereld, actor: Actor, concept_nr: int) -> int:
    """A new draft with what was filled in for one that was sent and did not come through.

    Raises:
        NietGevonden: No such draft.
    """
    found = open_concept(wereld, await _find(wereld, actor, concept_nr))
    return await begin_concept(wereld, actor, found.antwoorden)


async def controleer_toewijzing(wereld: Wereld, actor: Actor, antwoorden: Antwoorden) -> Opstelling:
    """What these answers would become, judged against everything, with numbers that nobody has; nothing is stored.

    Raises:
        NietGevonden: The gemeente is none of the actor's.
    """
    check_namens(actor, antwoorden.get("gemeente", ""))
    return await stel_op(wereld, actor, _kept(antwoorden), PROEFNUMMERS)


async def geef_toewijzing_uit(wereld: Wereld, actor: Actor, antwoorden: Antwoorden) -> tuple[int, int]:
    """Send a toewijzing at once; returns the number of the bericht and the ToewijzingNummer that it got. What cannot be sent leaves no draft.

    Raises:
        NietGevonden: The gemeente is none of the actor's.
        NietVerzendbaar: Something is missing, or judging would refuse it; carries what.
        Geweigerd: The door refuses it after all.
    """
    tried = await controleer_toewijzing(wereld, actor, antwoorden)
    if not tried.verzendbaar:
        raise NietVerzendbaar(tried)
    concept_nr = await begin_concept(wereld, actor, antwoorden)
    try:
        bericht_nr = await verstuur_concept(wereld, actor, concept_nr)
    except (NietVerzendbaar, Geweigerd):
        await verwijder_concept(wereld, actor, concept_nr)
        raise
    rij = await _find(wereld, actor, concept_nr)
    assert rij.toewijzing_nummer is not None
    return bericht_nr, rij.toewijzing_nummer


PROEFNUMMERS = (999_999_999, "T-CONTROLE")
"""ToewijzingNummer and Identificatie of what is only checked."""


async def _find(wereld: Wereld, actor: Actor, concept_nr: int) -> ConceptRij:
    async with wereld.pool.acquire() as connection:
        rij = await concepten.find(connection, concept_nr, sorted(eigen_gemeenten(actor)))
    if rij is None:
        raise NietGevonden("Dit concept bestaat niet, of niet voor u.")
    return rij


async def _numbers(wereld: Wereld, rij: ConceptRij) -> tuple[int, str]:
    """The numbers of a draft; fresh ones when it has none."""
    if rij.toewijzing_nummer is not None and rij.identificatie is not None:
        return rij.toewijzing_nummer, rij.identificatie
    async with transaction(wereld.pool) as connection:
        nummer = rij.toewijzing_nummer or await next_toewijzing_nummer(connection, rij.domein, rij.gemeente)
        identificatie = rij.identificatie or await next_identificatie(connection, rij.gemeente)
        return await concepten.set_numbers(connection, rij.concept_nr, nummer, identificatie)


def _kept(antwoorden: Mapping[str, str]) -> dict[str, str]:
    """The answers that have a place in the form, cut where nobody types on."""
    known = {name for names in VELDEN.values() for name in names}
    return {name: text.replace("\x00", "")[:VELD_LENGTE_MAX] for name, text in antwoorden.items() if name in known}


def _seal(wereld: Wereld, concept_nr: int, antwoorden: Antwoorden) -> tuple[int, bytes]:
    return wereld.kluis.bewaar(json.dumps(dict(antwoorden), ensure_ascii=False).encode(errors="replace"), kenmerk(concept_nr))


def _rij(wereld: Wereld, actor: Actor, nr: int, antwoorden: Antwoorden, stap: Stap, versie: int, inhoud: bytes) -> ConceptRij:
    return ConceptRij(
        concept_nr=nr,
        gemeente=antwoorden["gemeente"],
        domein="iwmo" if antwoorden.get("domein") == "iwmo" else "ijw",
        stap=stap,
        gemaakt_op=wereld.nu,
        gemaakt_door=actor.naam,
        gewijzigd_op=wereld.nu,
        gewijzigd_door=actor.naam,
        sleutel_versie=versie,
        inhoud=inhoud,
        toewijzing_nummer=None,
        identificatie=None,
        xml_versie=None,
        xml=None,
        bericht_nr=None,
    )


def open_concept(wereld: Wereld, rij: ConceptRij) -> Concept:
    """The draft with its answers decrypted."""
    return Concept(
        concept_nr=rij.concept_nr,
        gemeente=rij.gemeente,
        domein=rij.domein,
        stap=rij.stap,
        gemaakt_op=rij.gemaakt_op,
        gemaakt_door=rij.gemaakt_door,
        gewijzigd_op=rij.gewijzigd_op,
        gewijzigd_door=rij.gewijzigd_door,
        antwoorden=json.loads(wereld.kluis.lees(rij.sleutel_versie, rij.inhoud, kenmerk(rij.concept_nr))),
        bericht_nr=rij.bericht_nr,
    )


async def gemeenten_van(wereld: Wereld, actor: Actor) -> dict[str, str]:
    """Names by code of the gemeenten in whose name the actor may send, by name."""
    async with wereld.pool.acquire() as connection:
        names = await store.gemeente_names(connection, sorted(eigen_gemeenten(actor)))
    return {code: names.get(code, code) for code in (*names, *sorted(eigen_gemeenten(actor) - names.keys()))}
