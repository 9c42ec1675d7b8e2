"""Judging: lane, snapshot, rules, verdict, register changes, boekingen and answer, in one transaction.

A delivery is a wake-up: `verwerk_baan` judges what waits in the lane, in order of intake, until a lot is done. Handling the same wake-up twice
finds nothing to do. The lane lock is the claim; when the process dies the transaction is gone and the lot waits again.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import structlog

from app.adapters.database import Connection, lock_lane, transaction
from app.adapters.kalender import vrije_dagen
from app.adapters.log import trace_without_values
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Domein
from app.domain.errors import Unavailable
from app.domain.oordeel import Oordeel, Verdict
from app.domain.partij import aanbieder, gemeente
from app.domain.snapshot import Snapshot
from app.domain.termijnen import verzoektermijnen
from app.domain.werkdagen import na_werkdagen
from app.judging import store
from app.judging.kijken import BRENGT_CLIENT
from app.judging.lot import POGINGEN_MAX, RETOUR, Wachtend, cut_lot
from app.judging.service_retour import judge_retour
from app.judging.service_vasthouden import hold_waiting
from app.judging.store import Uitkomst
from app.judging.werk import Beoordeeld, Gelezen, Opdracht, judge_lot, money_of, read_lot
from app.ledger import boekingen_van
from app.ledger import store_verplichting as verplichtingen
from app.ledger.store import Boekstuk, book
from app.ledger.verplichtingen import Verplichtingenstand, known_before, touched, volg
from app.mailbox import GROOT_BYTES, inbox, outbox, postvak
from app.parties import contractbeeld
from app.register import afzender_van, gemeente_van, verzoeken
from app.register import store as register
from app.standard import catalogue

log = structlog.get_logger(__name__)

CLAIM_ATTEMPTS_MAX = 3
ANTWOORD_TERMIJN_WERKDAGEN = 3
"""Working days that an aanbieder has for its 302 or 320 (OP090)."""


class LotMislukt(Exception):
    """Judging or storing a lot failed by a bug of ours; it is judged again one by one, and the one that fails alone is parked."""

    def __init__(self, bericht_nrs: Sequence[int], trace_id: str) -> None:
        self.bericht_nrs = list(bericht_nrs)
        self.trace_id = trace_id
        super().__init__(f"judging a lot of {len(self.bericht_nrs)} berichten failed")


async def verwerk_baan(wereld: Wereld, domein: Domein, agb: str, *, lot_size_max: int) -> int:
    """Judge the next lot of a lane; returns how many berichten got an outcome or are held now, 0 when nothing waits.

    Raises:
        Unavailable: The database cannot do this now; the berichten wait and their attempts were counted.
    """
    try:
        async with wereld.baan_beurt:
            return await _verwerk_lot(wereld, domein, agb, lot_size_max)
    except LotMislukt as mislukt:
        if len(mislukt.bericht_nrs) > 1:
            return await verwerk_baan(wereld, domein, agb, lot_size_max=1)
        await _park_failed(wereld, mislukt)
        return 1


async def _verwerk_lot(wereld: Wereld, domein: Domein, agb: str, lot_size_max: int) -> int:
    lot: list[Wachtend] = []
    try:
        async with transaction(wereld.pool) as connection:
            await lock_lane(connection, domein, agb)
            waiting = await store.waiting(connection, domein, agb, lot_size_max + 1)
            if waiting and waiting[0].in_vastgehouden_baan:
                held = await hold_waiting(connection, wereld, domein, agb)
                waiting = await store.waiting(connection, domein, agb, lot_size_max + 1)
                if held and not waiting:
                    return held
            if waiting and waiting[0].pogingen and await outbox.is_postponed(connection, domein, agb, waiting[0].bericht_nr, nu=wereld.nu):
                return 0
            exhausted = [bericht for bericht in waiting if bericht.pogingen >= POGINGEN_MAX]
            if exhausted:
                await store.park(
                    connection, wereld.nu, [(b, f"Dit bericht is {POGINGEN_MAX} keer zonder uitkomst beoordeeld.", None) for b in exhausted]
                )
                return len(exhausted)
            lot = cut_lot(waiting, size_max=lot_size_max, groot_bytes=GROOT_BYTES)
            if lot:
                await store.count_attempt(wereld.pool, [bericht.bericht_nr for bericht in lot])
                await _judge(connection, wereld, domein, agb, lot)
    except Unavailable:
        raise
    except Exception as error:
        if not lot:
            raise
        bericht_nrs, trace_id = [bericht.bericht_nr for bericht in lot], uuid.uuid4().hex
        log.error("lot_failed", domein=domein, berichten=bericht_nrs, trace_id=trace_id, trace=trace_without_values(error))
        raise LotMislukt(bericht_nrs, trace_id) from error
    if lot:
        await store.tell_judged(wereld.pool, [bericht.bericht_nr for bericht in lot])
    return len(lot)


async def _judge(connection: Connection, wereld: Wereld, domein: Domein, agb: str, lot: Sequence[Wachtend]) -> None:
    stored = await store.contents(connection, [bericht.bericht_nr for bericht in lot])
    soorten = {bericht.bericht_nr: bericht.soort for bericht in lot}
    gelezen = await asyncio.to_thread(read_lot, wereld.kluis, soorten, domein, lot, stored)
    if lot[0].soort in RETOUR:
        await judge_retour(connection, wereld, domein, agb, gelezen)
        return
    berichten = [item.bericht for item in gelezen if item.bericht is not None]
    new_bsns = [bericht.client.bsn for bericht in berichten if bericht.soort in BRENGT_CLIENT and bericht.client is not None]
    await register.ensure_clients(wereld.pool, wereld.kluis, new_bsns, wereld.nu)
    for _ in range(CLAIM_ATTEMPTS_MAX):
        snapshot = await load_snapshot(connection, wereld, domein, agb, berichten, before=lot[0].bericht_nr)
        done = await _oordeel(connection, wereld, gelezen, snapshot)
        if not await register.claim_nummers(connection, _numbers(done, snapshot)):
            await _save(connection, wereld, snapshot, done)
            return
        # Another lane took a number meanwhile; it has committed, so a fresh Snapshot sees it and the rule (TR056, TR332) says so.
        await register.release_nummers(connection, [item.wachtend.bericht_nr for item in done])
    raise Unavailable("nummers worden door een andere baan gebruikt")


async def _oordeel(connection: Connection, wereld: Wereld, gelezen: Sequence[Gelezen], snapshot: Snapshot) -> list[Beoordeeld]:
    antwoord_nrs, _ = await store.next_numbers(connection, antwoorden=len(gelezen), oordelen=0)
    opdracht = Opdracht(kluis=wereld.kluis, schemas=wereld.schemas, antwoord_nrs=antwoord_nrs, vandaag=wereld.vandaag)
    return await asyncio.to_thread(judge_lot, gelezen, snapshot, opdracht, _log_bug)


async def load_snapshot(
    connection: Connection,
    wereld: Wereld,
    domein: Domein,
    agb: str,
    berichten: Sequence[Bericht],
    *,
    before: int,
    zonder: Sequence[int] = (),
) -> Snapshot:
    """The whole past of a lot, without these declaraties: the register's part and that of the contracts; a constant number of queries."""
    snapshot = await register.load_snapshot(connection, wereld.kluis, domein, agb, berichten, before=before, zonder=zonder)
    declared = {
        (prestatie.product_categorie, prestatie.product_code)
        for bericht in berichten
        if bericht.declaratie is not None
        for client in bericht.declaratie.clienten
        for prestatie in client.prestaties
    }
    # What a 301 orders is committed at its tariff.
    ordered = {
        (each.product.categorie, each.product.code)
        for bericht in berichten
        if bericht.soort == "301" and bericht.client is not None
        for each in bericht.client.toegewezen_producten
        if each.product is not None and each.product.code is not None
    }
    beeld = await contractbeeld(connection, domein, agb, declared | ordered, {gemeente_van(bericht) for bericht in berichten})
    return replace(snapshot, tarieven=beeld.tarieven, contracten=beeld.contracten, producten=beeld.producten, overgangen=beeld.overgangen)


def _log_bug(bericht_nr: int, trace_id: str, trace: str) -> None:
    log.error("bericht_not_judged", bericht_nr=bericht_nr, trace_id=trace_id, trace=trace)


def _numbers(done: Sequence[Beoordeeld], before: Snapshot) -> list[tuple[str, str, str, str, int]]:
    """The numbers that berichten which count as sent use up: their identificatie (TR056), and toewijzingnummers new since `before` (TR332)."""
    numbers: dict[tuple[str, str, str, str], int] = {}
    for item in done:
        oordeel, nr = item.oordeel, item.wachtend.bericht_nr
        if oordeel is None or not oordeel.telt_als_verzonden or oordeel.verdict is Verdict.WACHT_OP_CONTRACT:
            continue
        bericht = oordeel.bericht
        identificatie = bericht.header.bericht_identificatie.identificatie
        numbers.setdefault((f"identificatie:{bericht.soort}", bericht.domein, afzender_van(bericht), identificatie), nr)
        for toewijzing in oordeel.toewijzingen:
            if (toewijzing.gemeente, toewijzing.toewijzing_nummer) not in before.toewijzingen:
                key = ("toewijzing", toewijzing.domein, gemeente(toewijzing.gemeente), str(toewijzing.toewijzing_nummer))
                numbers.setdefault(key, nr)
    return [(*key, nr) for key, nr in numbers.items()]


async def _save(connection: Connection, wereld: Wereld, snapshot: Snapshot, done: Sequence[Beoordeeld]) -> None:
    await store.park(
        connection, wereld.nu, [(item.wachtend, item.park_reden, item.trace_id) for item in done if item.park_reden is not None]
    )
    judged = [item for item in done if item.oordeel is not None]
    if not judged:
        return
    oordelen = {item.wachtend.bericht_nr: item.oordeel for item in judged if item.oordeel is not None}
    counted = {nr: o for nr, o in oordelen.items() if o.telt_als_verzonden and o.verdict is not Verdict.WACHT_OP_CONTRACT}
    claims = {nr: o for nr, o in counted.items() if o.bericht.soort == "323"}
    vandaag, agb = wereld.vandaag, snapshot.agb
    await register.save_toewijzingen(connection, counted.values())
    await register.save_leveringen(connection, counted, agb)
    await _save_verzoeken(connection, counted, agb, {item.wachtend.bericht_nr: item.wachtend.ontvangst_datum for item in judged})
    await _save_money(connection, counted, claims, snapshot, vandaag)
    answers = [item.antwoord for item in judged if item.antwoord is not None]
    await store.save_answers(connection, answers, wereld.nu, vandaag)
    await inbox.store_bevindingen(
        connection,
        {nr: oordeel.bevindingen for nr, oordeel in oordelen.items()},
        {(nr, pad): cents for nr, oordeel in oordelen.items() for pad, cents in money_of(oordeel).items()},
    )
    _, oordeel_nrs = await store.next_numbers(connection, antwoorden=0, oordelen=len(judged))
    outcomes = [_outcome(item, oordeel_nr, wereld) for item, oordeel_nr in zip(judged, oordeel_nrs, strict=True)]
    await store.save_outcomes(connection, outcomes, wereld.nu)
    copies = await store.parties_with_copy(connection)
    await postvak.put(connection, [entry for item in judged for entry in _deliveries(item, copies)], klaar_op=wereld.nu)
    log.info("lot_judged", berichten=len(judged), first=judged[0].wachtend.bericht_nr, answers=len(answers))


async def _save_verzoeken(connection: Connection, counted: Mapping[int, Oordeel], agb: str, ontvangen: Mapping[int, date]) -> None:
    """Store new requests with their terms, and what 301s and 319s decide on earlier ones."""
    termijnen = {
        nr: verzoektermijnen(
            domein=oordeel.bericht.domein,
            soort=oordeel.bericht.soort,
            ontvangen=ontvangen[nr],
            dagtekening=oordeel.bericht.header.bericht_identificatie.dagtekening,
            vrije_dagen=vrije_dagen(),
        )
        for nr, oordeel in counted.items()
        if oordeel.verzoeken
    }
    await verzoeken.save(connection, counted, agb, termijnen)
    await verzoeken.decide(connection, counted, agb, ontvangen)


async def _save_money(
    connection: Connection, counted: Mapping[int, Oordeel], claims: Mapping[int, Oordeel], snapshot: Snapshot, vandaag: date
) -> None:
    """Store 323s, their lines, commitments and transfers; while the database takes the lines, a thread works out the transfers."""
    vernieuwd, gebruikt = touched(counted.values())
    if not claims and not vernieuwd:
        return
    bekend = known_before(vernieuwd, snapshot)
    stand = await verplichtingen.load(connection, snapshot.domein, bekend, gebruikt)
    booking = asyncio.create_task(asyncio.to_thread(_boekstuk, counted, claims, snapshot, stand, vandaag))
    try:
        if claims:
            await register.save_declaraties(connection, claims, snapshot.agb)
            await register.save_prestaties(connection, claims, snapshot.agb)
    except BaseException:
        booking.cancel()
        raise
    stuk = await booking
    await verplichtingen.save(connection, snapshot.domein, snapshot.agb, stand, bekend)
    await book(connection, stuk, agb=snapshot.agb)


def _boekstuk(
    counted: Mapping[int, Oordeel], claims: Mapping[int, Oordeel], snapshot: Snapshot, stand: Verplichtingenstand, vandaag: date
) -> Boekstuk:
    granted = [b for nr, o in claims.items() for b in boekingen_van(o, bericht_nr=nr, agb=snapshot.agb, boekdatum=vandaag)]
    return Boekstuk.van([*granted, *volg(stand, counted, snapshot, vandaag)])


def _outcome(item: Beoordeeld, oordeel_nr: int, wereld: Wereld) -> Uitkomst:
    oordeel = item.oordeel
    assert oordeel is not None
    leaves = oordeel.verdict is Verdict.VERWERKT and catalogue.soort(oordeel.bericht.domein, oordeel.bericht.soort).van == "gemeente"
    return Uitkomst(
        bericht_nr=item.wachtend.bericht_nr,
        status="klaar" if leaves else oordeel.verdict.value,
        telt=None if oordeel.verdict is Verdict.WACHT_OP_CONTRACT else oordeel.telt_als_verzonden,
        oordeel_nr=oordeel_nr,
        antwoord_nr=item.antwoord.bericht_nr if item.antwoord else None,
        termijn=na_werkdagen(wereld.vandaag, ANTWOORD_TERMIJN_WERKDAGEN, vrije_dagen()) if leaves else None,
        termijn_wie=aanbieder(oordeel.bericht.header.ontvanger) if leaves else None,
        voldaan_op=wereld.vandaag if item.antwoord else None,
        ingediend_cent=oordeel.ingediend_cent,
        toegekend_cent=oordeel.toegekend_cent,
        aantal_regels=len(oordeel.prestaties) or None,
    )


def _deliveries(item: Beoordeeld, copies: frozenset[str]) -> list[tuple[str, int]]:
    """Whose postvak gets what: the answer to the aanbieder, an accepted 301 to the aanbieder, copies to a gemeente that wants them."""
    bericht, oordeel, nr = item.bericht, item.oordeel, item.wachtend.bericht_nr
    assert bericht is not None
    assert oordeel is not None
    own = gemeente(gemeente_van(bericht))
    entries: list[tuple[str, int]] = []
    if item.antwoord is not None:
        entries.append((item.antwoord.aan, item.antwoord.bericht_nr))
        if own in copies:
            entries += [(own, nr), (own, item.antwoord.bericht_nr)]
    elif oordeel.verdict is Verdict.VERWERKT:
        entries.append((aanbieder(bericht.header.ontvanger), nr))
    return entries


async def _park_failed(wereld: Wereld, mislukt: LotMislukt) -> None:
    reden = (
        f"Solidair kon de uitkomst van dit bericht niet opslaan door een fout van ons (kenmerk {mislukt.trace_id}). Beheer is op de hoogte."
    )
    async with transaction(wereld.pool) as connection:
        outcomes = [
            Uitkomst(bericht_nr=nr, status="geparkeerd", telt=None, park_reden=reden, trace_id=mislukt.trace_id)
            for nr in mislukt.bericht_nrs
        ]
        await store.save_outcomes(connection, outcomes, wereld.nu)
