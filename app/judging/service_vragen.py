"""What people and programs ask of judging: check before sending, judge a parked bericht again, wake what waits for a contract."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import structlog

from app.adapters.database import transaction
from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.domain.bericht import Bericht
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, Parkeren
from app.domain.partij import Actor, Rol
from app.domain.snapshot import Snapshot
from app.domain.werkdagen import na_werkdagen
from app.intake import Oordeel
from app.judging import store
from app.judging.beoordelen import beoordeel
from app.judging.controle import Controle, afzender_partij, at_their_lines, could_not, found_in, judge_bestand
from app.judging.kijken import kijk_op_bericht
from app.judging.resterend import what_is_left
from app.judging.service import load_snapshot
from app.mailbox import outbox

log = structlog.get_logger(__name__)

WACHT_TOT_WERKDAGEN = 3
"""A declaratie waits for a contract until so many working days before its term."""
BEOORDEELDE_SOORTEN = frozenset({"301", "305", "307", "315", "317", "319", "323"})
NOG_NIET_ONTVANGEN = (1 << 63) - 1
"""Stands for the bericht_nr of a bericht that is only checked: after everything that was received."""
NOG_GEEN_CLIENT = -1


async def controleer(wereld: Wereld, actor: Actor, data: bytes, *, niveau: int) -> Controle:
    """What judging would find, without storing anything: the check before sending.

    Args:
        niveau: 1 structure, 2 also what the bericht alone can tell, 4 also the rules against earlier berichten, for the sender of the bericht.
    Returns:
        The findings, of structure only when there are any; for a 323 at niveau 4 also what is left of each toewijzing.
    Raises:
        NietToegestaan: Niveau 4, and the actor may not act for the sender of this bericht.
    """
    alone = await asyncio.to_thread(judge_bestand, data, wereld.schemas, niveau=min(niveau, 2), vandaag=wereld.vandaag)
    accepted, bericht = alone.oordeel.accepted, alone.bericht
    if niveau <= 2 or accepted is None or bericht is None or bericht.soort not in BEOORDEELDE_SOORTEN:
        return alone
    afzender = afzender_partij(accepted)
    if not actor.mag_namens(afzender):
        raise NietToegestaan(f"Alleen {afzender} kan dit bericht tegen eerdere berichten laten controleren; gebruik niveau 2.")
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        agb = accepted.aan if accepted.soort.van == "gemeente" else accepted.van
        snapshot = await load_snapshot(connection, wereld, accepted.soort.domein, agb, [bericht], before=NOG_NIET_ONTVANGEN)
    if bericht.client is not None and bericht.client.bsn not in snapshot.nieuwe_clienten:
        snapshot = replace(snapshot, nieuwe_clienten={**snapshot.nieuwe_clienten, bericht.client.bsn: NOG_GEEN_CLIENT})
    return await asyncio.to_thread(_against_the_past, data, alone.oordeel, bericht, snapshot, wereld.vandaag)


def _against_the_past(data: bytes, structure: Oordeel, bericht: Bericht, snapshot: Snapshot, vandaag: date) -> Controle:
    """A bericht of valid structure, judged by every rule."""
    try:
        found = beoordeel(bericht, snapshot, vandaag=vandaag, bericht_nr=NOG_NIET_ONTVANGEN).bevindingen
    except Parkeren as reden:
        log.warning("controle_not_judged", domein=bericht.domein, soort=bericht.soort, reden=reden.reden)
        return Controle(oordeel=could_not(structure, reden), bericht=bericht)
    oordeel = found_in(structure, at_their_lines(parse(data), found) if found else (), beoordeeld_tot=4)
    if bericht.declaratie is None:
        return Controle(oordeel=oordeel, bericht=bericht)
    rows, has_more = what_is_left(kijk_op_bericht(bericht, snapshot, vandaag=vandaag), bericht.declaratie)
    return Controle(oordeel=oordeel, bericht=bericht, resterend=rows, resterend_afgekapt=has_more)


async def opnieuw(wereld: Wereld, actor: Actor, bericht_nr: int) -> None:
    """Judge a parked bericht again.

    Raises:
        NietGevonden: There is no such bericht for this actor.
        NietToegestaan: The actor has neither the role uitval nor beheer.
        Conflict: The bericht is not parked.
    """
    if not actor.heeft(Rol.UITVAL):
        raise NietToegestaan("Alleen wie uitval behandelt kan een bericht opnieuw laten beoordelen.")
    gemeenten = None if actor.gemeenten is None else sorted(actor.gemeenten)
    async with transaction(wereld.pool) as connection:
        status = await store.status_of(connection, bericht_nr, gemeenten)
        if status is None:
            raise NietGevonden
        if status != "geparkeerd":
            raise Conflict(f"Bericht {bericht_nr} heeft status {status}; alleen een geparkeerd bericht kan opnieuw.")
        await store.reopen(connection, [bericht_nr])
        await outbox.put(connection, [bericht_nr], beschikbaar_op=wereld.nu)
    log.info("bericht_replayed", bericht_nr=bericht_nr, by=actor.naam)


async def wek_wachtenden(wereld: Wereld, *, alle: bool = False) -> int:
    """Judge declaraties again that wait for a contract: all of them after a region was loaded, otherwise those whose term is near.

    Three working days before the term a line without contract is rejected with 0611 (DESIGN section 5). Returns how many were woken.
    """
    async with transaction(wereld.pool) as connection:
        limit = na_werkdagen(wereld.vandaag, WACHT_TOT_WERKDAGEN, vrije_dagen())
        nrs = await store.waiting_for_contract(connection, None if alle else limit)
        await store.reopen(connection, nrs)
        await store.stop_waiting(connection, nrs, limit)
        if nrs:
            await outbox.put(connection, nrs, beschikbaar_op=wereld.nu)
    return len(nrs)
