"""A lane judged again, inside a transaction that holds its lock: register, and when it is for good also books, bevindingen and answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from app.adapters.database import Connection
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Domein
from app.domain.errors import Conflict
from app.domain.partij import SYSTEEM, gemeente
from app.judging import store
from app.judging import store_herbeoordelen as rows
from app.judging.herbeoordelen import Beoordeling, Herbeoordeeld, Verleden, Wijziging, herbeoordeel, porties, volgnrs_na
from app.judging.lot import Wachtend
from app.judging.service import load_snapshot
from app.judging.werk import Gelezen, Opdracht, make_answer, money_of, read_lot
from app.ledger import boekingen_van
from app.ledger.boeking import SOORT_CREDIT, SOORT_PRESTATIE, Boeking, storneer
from app.ledger.service_verplichtingen import herreken_baan, standen_van_baan
from app.ledger.store import Boekstuk, book, find_boekingen
from app.mailbox import inbox, postvak


@dataclass(slots=True)
class BaanUitkomst:
    """What judging a lane again came to. `wijzigingen` are those that somebody notices."""

    declaraties: int = 0
    regels: int = 0
    wijzigingen: list[Wijziging] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gevolgen:
    """That it is for good: transfers and bevindingen are made too, and answers if `nieuw_antwoord`."""

    nieuw_antwoord: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Portie:
    """A piece of a lane that was judged again."""

    agb: str
    verleden: Verleden
    herbeoordeeld: Sequence[Herbeoordeeld]

    @property
    def wijzigingen(self) -> list[Wijziging]:
        """Every line that stands otherwise."""
        return [wijziging for each in self.herbeoordeeld for wijziging in each.wijzigingen]


async def judge_lane_again(
    connection: Connection, wereld: Wereld, domein: str, agb: str, vanaf: int, *, gevolgen: Gevolgen | None = None
) -> BaanUitkomst:
    """Judge the 323s of a lane again from a place on, a piece at a time; each piece finds in the register what those before it came to.

    The lane is locked. So many statements a piece, whatever is in it; a lane of 50 000 lines is one piece.
    """
    uitkomst = BaanUitkomst()
    verplicht = await standen_van_baan(connection, domein, agb) if gevolgen is not None else {}
    beoordelingen = await rows.beoordelingen(connection, domein, agb, vanaf)
    nrs = [each.bericht_nr for each in beoordelingen]
    for items in porties(beoordelingen):
        portie = await _judge_portie(connection, wereld, cast(Domein, domein), agb, items, zonder=nrs[uitkomst.declaraties :])
        volgnrs = await _keep(connection, portie)
        if gevolgen is not None:
            await _book_changes(connection, wereld, portie, volgnrs)
            await _answer(connection, wereld, portie, gevolgen)
        uitkomst.declaraties += len(items)
        uitkomst.regels += sum(len(each.oordeel.prestaties) for each in portie.herbeoordeeld)
        uitkomst.wijzigingen += [each for each in portie.wijzigingen if each.telt]
    if gevolgen is not None:
        await herreken_baan(
            connection, wereld, cast(Domein, domein), agb, door=SYSTEEM.naam, reden="De baan is opnieuw beoordeeld.", voor=verplicht
        )
    return uitkomst


async def _judge_portie(
    connection: Connection, wereld: Wereld, domein: Domein, agb: str, items: Sequence[Beoordeling], *, zonder: Sequence[int]
) -> _Portie:
    """Read these 323s and judge them on the past without them and those after them."""
    nrs = [each.bericht_nr for each in items]
    lot = [_as_waiting(each) for each in items]
    gelezen = await asyncio.to_thread(read_lot, wereld.kluis, dict.fromkeys(nrs, "323"), domein, lot, await store.contents(connection, nrs))
    pairs = [(item, _readable(each)) for item, each in zip(items, gelezen, strict=True)]
    snapshot = await load_snapshot(connection, wereld, domein, agb, [bericht for _, bericht in pairs], before=nrs[0], zonder=zonder)
    verleden = await rows.verleden(connection, domein, agb, nrs, snapshot)
    return _Portie(agb=agb, verleden=verleden, herbeoordeeld=await asyncio.to_thread(herbeoordeel, pairs, snapshot, verleden))


def _as_waiting(item: Beoordeling) -> Wachtend:
    return Wachtend(
        bericht_nr=item.bericht_nr,
        soort="323",
        grootte=item.grootte,
        ontvangst_datum=item.ontvangst_datum,
        pogingen=0,
        is_herbeoordeling=True,
        zonder_contract_afwijzen=True,
    )


def _readable(gelezen: Gelezen) -> Bericht:
    if gelezen.bericht is None:
        raise Conflict(f"Bericht {gelezen.wachtend.bericht_nr} is niet meer te lezen: {gelezen.park_reden}")
    return gelezen.bericht


@dataclass(frozen=True, slots=True, kw_only=True)
class _Volgnrs:
    """The volgnrs of transfers, per (bericht_nr, regel): of those that undo one, of new ones, and of the last one of each line."""

    storno: Mapping[tuple[int, int], int]
    nieuw: Mapping[tuple[int, int], int]
    laatste: Mapping[tuple[int, int], int]


async def _keep(connection: Connection, portie: _Portie) -> _Volgnrs:
    """Let the register say what these 323s came to, for what is judged after them."""
    volgnrs = _number(portie)
    await rows.save_standen(connection, portie.wijzigingen, {**volgnrs.storno, **volgnrs.nieuw})
    credited = {
        (line.debet_bericht_nr, line.debet_regel): each.was.bericht_nr
        for each in portie.herbeoordeeld
        for line in each.oordeel.prestaties
        if line.toegekend and line.debet_bericht_nr is not None and line.debet_regel is not None
    }
    await rows.save_credits(connection, [each.was.bericht_nr for each in portie.herbeoordeeld], credited)
    return volgnrs


def _number(portie: _Portie) -> _Volgnrs:
    last = {(nr, each.regel): each.volgnr for nr, regels in portie.verleden.regels.items() for each in regels}
    storno: dict[tuple[int, int], int] = {}
    nieuw: dict[tuple[int, int], int] = {}
    for wijziging in portie.wijzigingen:
        if wijziging.verplaatst_geld:
            key = (wijziging.bericht_nr, wijziging.regel)
            undone, made = volgnrs_na(wijziging, last[key])
            if undone is not None:
                storno[key] = undone
            if made is not None:
                nieuw[key] = made
    return _Volgnrs(storno=storno, nieuw=nieuw, laatste={**last, **storno, **nieuw})


async def _book_changes(connection: Connection, wereld: Wereld, portie: _Portie, volgnrs: _Volgnrs) -> None:
    """Undo the transfers of what is no longer granted or is granted elsewhere, and book what is granted now; dated today."""
    before = {(nr, each.regel): each.volgnr for nr, regels in portie.verleden.regels.items() for each in regels}
    undone = [each for each in portie.wijzigingen if (each.bericht_nr, each.regel) in volgnrs.storno]
    keys = [(w.bericht_nr, w.regel, SOORT_CREDIT if w.is_credit else SOORT_PRESTATIE, before[w.bericht_nr, w.regel]) for w in undone]
    standing = await find_boekingen(connection, keys)
    assert len(standing) == len(keys), "what is granted is booked (ledger verify)"
    vandaag = wereld.vandaag
    boekingen = [storneer(each, volgnr=volgnrs.storno[each.bericht_nr, each.regel], boekdatum=vandaag) for each in standing]
    for each in portie.herbeoordeeld:
        boekingen += _new_transfers(each, portie.agb, volgnrs, vandaag)
    await book(connection, Boekstuk.van(boekingen))


def _new_transfers(each: Herbeoordeeld, agb: str, volgnrs: _Volgnrs, vandaag: date) -> list[Boeking]:
    nr = each.was.bericht_nr
    own = {wijziging.regel: volgnrs.nieuw[nr, wijziging.regel] for wijziging in each.wijzigingen if (nr, wijziging.regel) in volgnrs.nieuw}
    lines = []
    for line in each.oordeel.prestaties:
        if line.regel in own:
            # Of a debit that was judged again with its credit, the Snapshot does not know the transfer that stands now.
            debet = (line.debet_bericht_nr or 0, line.debet_regel or 0)
            lines.append(line._replace(debet_volgnr=volgnrs.laatste.get(debet, line.debet_volgnr)))
    only_new = replace(each.oordeel, prestaties=tuple(lines))
    return list(boekingen_van(only_new, bericht_nr=nr, agb=agb, boekdatum=vandaag, volgnrs=own))


async def _answer(connection: Connection, wereld: Wereld, portie: _Portie, gevolgen: Gevolgen) -> None:
    """Totals, status and bevindingen of the 323s that stand otherwise, and a new 325 for those that the aanbieder would read otherwise."""
    changed = [each for each in portie.herbeoordeeld if any(wijziging.telt for wijziging in each.wijzigingen)]
    if not changed:
        return
    again = [each for each in changed if each.verandert_antwoord and gevolgen.nieuw_antwoord]
    numbers, _ = await store.next_numbers(connection, antwoorden=len(again), oordelen=0)
    opdracht = Opdracht(kluis=wereld.kluis, schemas=wereld.schemas, antwoord_nrs=numbers, vandaag=wereld.vandaag)
    answers = await asyncio.to_thread(_make_answers, again, opdracht)
    await store.save_answers(connection, answers, wereld.nu, wereld.vandaag)
    answer_of = {answer.antwoord_op_nr: answer.bericht_nr for answer in answers}
    await rows.save_berichten(
        connection,
        [
            (each.was.bericht_nr, each.oordeel.verdict.value, each.oordeel.toegekend_cent or 0, answer_of.get(each.was.bericht_nr))
            for each in changed
        ],
        wereld.nu,
    )
    await inbox.store_bevindingen(
        connection,
        {each.was.bericht_nr: each.oordeel.bevindingen for each in changed},
        {(each.was.bericht_nr, pad): cents for each in changed for pad, cents in money_of(each.oordeel).items()},
    )
    copies = await store.parties_with_copy(connection)
    entries = [(answer.aan, answer.bericht_nr) for answer in answers]
    entries += [(gemeente(answer.gemeente), answer.bericht_nr) for answer in answers if gemeente(answer.gemeente) in copies]
    await postvak.put(connection, entries, klaar_op=wereld.nu)


def _make_answers(herbeoordeeld: Sequence[Herbeoordeeld], opdracht: Opdracht) -> list[store.Uitgaand]:
    answers = [
        make_answer(each.oordeel, nr, each.was.bericht_nr, opdracht) for each, nr in zip(herbeoordeeld, opdracht.antwoord_nrs, strict=True)
    ]
    return [answer for answer in answers if answer is not None]
