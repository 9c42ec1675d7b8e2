"""Making meldingen from what is stored, once each whoever does it, and reading them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.domain.werkdagen import na_werkdagen
from app.judging.vasthouden import grens, vrij_vanaf
from app.notices import store_meldingen as store
from app.notices.melding import (
    BEWAAR_DAGEN,
    REGIO,
    STIL_DAGEN,
    TERMIJN_WERKDAGEN,
    Melding,
    NieuweMelding,
    na_nieuwe_rijen,
    na_oplossing,
    na_stilte,
    over_termijnen,
    over_vasthouding,
    termijnen_sleutel,
)

PER_BLADZIJDE = 50
TELLEN_TOT = 99
"""The number in the head of a page stops here."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meldingen:
    """A page of meldingen, the newest first; `volgende` is where the next one begins, None at the end."""

    stand_van: datetime
    items: tuple[Melding, ...]
    volgende: int | None
    ongelezen: int


async def maak_meldingen(wereld: Wereld) -> int:
    """Tell what began, ended or is nearly due since the last time; returns how many are new.

    One transaction under the lock of one row: a second sweeper goes by, and what a process began that died is done by the next.
    """
    async with transaction(wereld.pool) as connection:
        stand = await store.take_stand(connection)
        if stand is None:
            return 0
        told = [
            *await _about_causes(connection, stand, wereld.vandaag),
            *await _about_holds(connection, wereld.vandaag),
            *await _about_terms(connection, wereld.vandaag),
        ]
        made = await store.make(connection, told, wereld.nu)
        await store.throw_away(connection, wereld.nu - timedelta(days=BEWAAR_DAGEN))
    if made:
        log.info("meldingen_made", aantal=made)
    return made


async def _about_causes(connection: Connection, stand: store.Stand, vandaag: date) -> list[NieuweMelding]:
    gezien = await store.new_rows(connection, stand)
    opgelost, opvolging_nr = await store.new_solutions(connection, stand)
    standen = await store.standings(connection, sorted({each.oorzaak for each in gezien} | {each.oorzaak for each in opgelost}))
    changed, begun = na_nieuwe_rijen(standen, gezien, vandaag)
    standen |= {(each.oorzaak, each.gemeente): each for each in changed}
    solved, ended = na_oplossing(standen, opgelost, vandaag)
    await store.save_standings(connection, [*changed, *solved])
    quiet, silent = na_stilte(await store.quiet_since(connection, vandaag - timedelta(days=STIL_DAGEN)), vandaag)
    await store.save_standings(connection, quiet)
    last_row = max((each.rij_nr for each in gezien), default=stand.rij_nr)
    await store.save_stand(connection, store.Stand(max(last_row, stand.rij_nr), opvolging_nr))
    return [*begun, *ended, *silent]


async def _about_holds(connection: Connection, vandaag: date) -> list[NieuweMelding]:
    """Those that end on the next working day."""
    tomorrow = na_werkdagen(vandaag, 1, vrije_dagen())
    ending = await store.holds_ending(connection, grens(tomorrow, vrije_dagen()))
    return [over_vasthouding(nr, bericht_nr, gemeente, vrij_vanaf(termijn, vrije_dagen())) for nr, bericht_nr, gemeente, termijn in ending]


async def _about_terms(connection: Connection, vandaag: date) -> list[NieuweMelding]:
    """Answers owed within two working days; counted no more once the region was told today."""
    if await store.is_made(connection, termijnen_sleutel(REGIO, vandaag)):
        return []
    tot = na_werkdagen(vandaag, TERMIJN_WERKDAGEN, vrije_dagen())
    return over_termijnen(await store.answers_owed(connection, tot), vandaag, tot)


def _gemeenten(actor: Actor) -> list[str] | None:
    return None if actor.gemeenten is None else sorted(actor.gemeenten)


async def lijst_meldingen(wereld: Wereld, actor: Actor, *, voor: int | None = None) -> Meldingen:
    """What this person was told, at most fifty before number `voor`."""
    async with transaction(wereld.pool) as connection:
        found = await store.list_meldingen(connection, _gemeenten(actor), actor.naam, voor=voor, limit=PER_BLADZIJDE + 1)
        unread = await store.count_unread(connection, _gemeenten(actor), actor.naam, TELLEN_TOT + 1)
    items = tuple(found[:PER_BLADZIJDE])
    volgende = items[-1].melding_nr if len(found) > PER_BLADZIJDE else None
    return Meldingen(stand_van=wereld.nu, items=items, volgende=volgende, ongelezen=unread)


async def tel_ongelezen(wereld: Wereld, actor: Actor) -> int:
    """How many this person did not read; a hundred stands for more than 99."""
    async with transaction(wereld.pool) as connection:
        return await store.count_unread(connection, _gemeenten(actor), actor.naam, TELLEN_TOT + 1)


async def lees_melding(wereld: Wereld, actor: Actor, melding_nr: int) -> None:
    """This person read it; twice changes nothing.

    Raises:
        NietGevonden: There is no such melding for this actor.
    """
    async with transaction(wereld.pool) as connection:
        if not await store.is_visible(connection, _gemeenten(actor), melding_nr):
            raise NietGevonden
        await store.mark_read(connection, _gemeenten(actor), actor.naam, tot=melding_nr, een=True)


async def lees_alles(wereld: Wereld, actor: Actor, tot: int) -> int:
    """This person read everything up to melding `tot`, the newest on its page; returns how many were marked."""
    async with transaction(wereld.pool) as connection:
        return await store.mark_read(connection, _gemeenten(actor), actor.naam, tot=tot, een=False)
