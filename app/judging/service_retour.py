"""Retourberichten of aanbieders: matched to what was sent, and what follows stored, in the transaction that judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.adapters.database import Connection
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Domein
from app.domain.partij import gemeente
from app.judging import store
from app.judging.lot import Wachtend
from app.judging.retour import Gevolg, RetourOordeel, beoordeel_retour
from app.judging.store import Uitkomst
from app.judging.werk import Gelezen
from app.ledger.service_verplichtingen import trek_in
from app.mailbox import inbox, postvak
from app.register import store as register
from app.standard import catalogue


async def judge_retour(connection: Connection, wereld: Wereld, domein: Domein, agb: str, gelezen: Sequence[Gelezen]) -> None:
    """Match 302s and 320s to the 301s and 319s that await them, in order; a rejected one counts as not sent (OP286)."""
    await store.park(connection, wereld.nu, [(item.wachtend, item.park_reden, None) for item in gelezen if item.park_reden is not None])
    readable = [(item.wachtend, item.bericht) for item in gelezen if item.bericht is not None]
    if not readable:
        return
    keys = {item.bericht_nr: _answered_key(domein, bericht) for item, bericht in readable}
    sent = dict(await store.find_sent(connection, domein, agb, sorted(set(keys.values()))))
    oordelen: list[tuple[Wachtend, Bericht, RetourOordeel]] = []
    for item, bericht in readable:
        key = keys[item.bericht_nr]
        oordeel = beoordeel_retour(bericht, sent.get(key))
        oordelen.append((item, bericht, oordeel))
        if oordeel.gevolg is not Gevolg.NIETS:
            sent[key] = replace(sent[key], status=oordeel.gevolg.value)
    await _save_retour(connection, wereld, domein, agb, oordelen)


def _answered_key(domein: str, bericht: Bericht) -> tuple[str, str, str]:
    """(soort, gemeente, identificatie) of the bericht that a retourbericht of an aanbieder answers; its header repeats it (IV028)."""
    answered = catalogue.soort(domein, bericht.soort).antwoord_op
    assert answered is not None
    return answered, bericht.header.afzender, bericht.header.bericht_identificatie.identificatie


STATUS_VAN_GEVOLG = {Gevolg.BEANTWOORD: "beantwoord", Gevolg.INGETROKKEN: "afgekeurd_door_ontvanger"}


async def _save_retour(
    connection: Connection, wereld: Wereld, domein: Domein, agb: str, oordelen: Sequence[tuple[Wachtend, Bericht, RetourOordeel]]
) -> None:
    answered = [
        (oordeel.verzonden_nr, item.bericht_nr, STATUS_VAN_GEVOLG[oordeel.gevolg], item.ontvangst_datum)
        for item, _, oordeel in oordelen
        if oordeel.gevolg is not Gevolg.NIETS and oordeel.verzonden_nr
    ]
    await store.mark_answered(connection, answered)
    parked = [(o.verzonden_nr, item.ontvangst_datum) for item, _, o in oordelen if o.park_reden and o.verzonden_nr]
    if parked:
        await store.end_terms(connection, parked)
    withdrawn = [(nr, door) for nr, door, status, _ in answered if status == STATUS_VAN_GEVOLG[Gevolg.INGETROKKEN]]
    await register.withdraw(connection, withdrawn)
    orders = {item.bericht_nr for item, bericht, _ in oordelen if bericht.soort == "302"}
    await trek_in(connection, domein, agb, [pair for pair in withdrawn if pair[1] in orders], wereld.vandaag)
    await postvak.withdraw(connection, [nr for nr, _ in withdrawn])
    await inbox.store_bevindingen(connection, {item.bericht_nr: oordeel.bevindingen for item, _, oordeel in oordelen})
    _, oordeel_nrs = await store.next_numbers(connection, antwoorden=0, oordelen=len(oordelen))
    outcomes = [
        Uitkomst(
            bericht_nr=item.bericht_nr,
            status="geparkeerd" if oordeel.park_reden else "verwerkt" if oordeel.gevolg is not Gevolg.NIETS else "afgekeurd",
            telt=None if oordeel.park_reden else oordeel.gevolg is not Gevolg.NIETS,
            oordeel_nr=oordeel_nr,
            park_reden=oordeel.park_reden,
        )
        for (item, _, oordeel), oordeel_nr in zip(oordelen, oordeel_nrs, strict=True)
    ]
    await store.save_outcomes(connection, outcomes, wereld.nu)
    entries = [(gemeente(bericht.header.afzender), item.bericht_nr) for item, bericht, o in oordelen if o.gevolg is not Gevolg.NIETS]
    await postvak.put(connection, entries, klaar_op=wereld.nu)
