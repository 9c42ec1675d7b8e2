"""Judging a lot without touching the world: stored bytes to berichten, berichten to oordelen, oordelen to answers ready to store.

Runs in a thread, because it costs processor time (lxml, decryption, rules). One bericht that cannot be judged is parked and leaves the others
alone: it changes nothing that they look at.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.adapters.crypto import Kluis
from app.adapters.log import trace_without_values
from app.adapters.xml import SIZE_BYTES_MAX, Schemas, parse, validate_outgoing
from app.domain.bericht import Bericht
from app.domain.errors import Parkeren
from app.domain.oordeel import Oordeel, Verdict
from app.domain.partij import aanbieder, gemeente
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.judging.lot import Wachtend
from app.judging.store import Inhoud, Uitgaand
from app.mailbox import kenmerk
from app.register import afzender_van, gemeente_van
from app.standard import catalogue
from app.standard.answering import antwoord
from app.standard.reading import Leesfout, read
from app.standard.writing import write

LINE = re.compile(r"^/Bericht/Declaratie/Clienten/Client\[(\d+)\](?:/Prestaties/Prestatie\[(\d+)\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gelezen:
    """A bericht of the lot, read; `park_reden` when it could not be."""

    wachtend: Wachtend
    bericht: Bericht | None = None
    park_reden: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beoordeeld:
    """A bericht of the lot with its oordeel and answer, or with the reason why it is parked. `trace_id` names the log event of a bug."""

    wachtend: Wachtend
    bericht: Bericht | None = None
    oordeel: Oordeel | None = None
    antwoord: Uitgaand | None = None
    park_reden: str | None = None
    trace_id: str | None = None


def read_lot(kluis: Kluis, soorten: Mapping[int, str], domein: str, lot: Sequence[Wachtend], inhouden: Sequence[Inhoud]) -> list[Gelezen]:
    """Decrypt and read every bericht of the lot, in order; `soorten` per bericht_nr is the number of the type."""
    stored = {inhoud.bericht_nr: inhoud for inhoud in inhouden}
    return [
        _read_one(kluis, catalogue.soort(domein, soorten[wachtend.bericht_nr]), wachtend, stored[wachtend.bericht_nr]) for wachtend in lot
    ]


def _read_one(kluis: Kluis, soort: catalogue.BerichtSoort, wachtend: Wachtend, stored: Inhoud) -> Gelezen:
    data = kluis.lees(stored.sleutel_versie, stored.inhoud, kenmerk(stored.sha256))
    try:
        return Gelezen(wachtend=wachtend, bericht=read(parse(data), soort))
    except Leesfout as fout:
        return Gelezen(wachtend=wachtend, park_reden=f"Het bericht past in het schema maar is niet te lezen: {fout}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opdracht:
    """What judging a lot needs besides berichten and Snapshot: keys, schemas, fresh numbers for answers, and the day."""

    kluis: Kluis
    schemas: Schemas
    antwoord_nrs: Sequence[int]
    vandaag: date


def judge_lot(
    gelezen: Sequence[Gelezen], snapshot: Snapshot, opdracht: Opdracht, log_bug: Callable[[int, str, str], None]
) -> list[Beoordeeld]:
    """Judge the lot in order; each bericht sees what those before it changed. Nobody sees what the last one changes."""
    outcome: list[Beoordeeld] = []
    for item, antwoord_nr in zip(gelezen, opdracht.antwoord_nrs, strict=True):
        is_last = len(outcome) == len(gelezen) - 1
        done, snapshot = _judge_one(item, snapshot, opdracht, antwoord_nr, log_bug, is_last=is_last)
        outcome.append(done)
    return outcome


def _judge_one(
    item: Gelezen, snapshot: Snapshot, opdracht: Opdracht, antwoord_nr: int, log_bug: Callable[[int, str, str], None], *, is_last: bool
) -> tuple[Beoordeeld, Snapshot]:
    wachtend, bericht = item.wachtend, item.bericht
    if bericht is None:
        return Beoordeeld(wachtend=wachtend, park_reden=item.park_reden), snapshot
    try:
        oordeel = beoordeel(
            bericht,
            snapshot,
            vandaag=wachtend.ontvangst_datum,
            bericht_nr=wachtend.bericht_nr,
            zonder_contract_afwijzen=wachtend.zonder_contract_afwijzen,
        )
        answer = make_answer(oordeel, antwoord_nr, wachtend.bericht_nr, opdracht)
        after = snapshot if is_last else bijwerken(snapshot, oordeel, bericht_nr=wachtend.bericht_nr, van=afzender_van(bericht))
    except Parkeren as reden:
        return Beoordeeld(wachtend=wachtend, bericht=bericht, park_reden=reden.reden), snapshot
    except Exception as error:  # noqa: BLE001 - a bug of ours: logged once, parked with its trace id, never an approval
        trace_id = uuid.uuid4().hex
        log_bug(wachtend.bericht_nr, trace_id, trace_without_values(error))
        reden_tekst = f"Solidair kon dit bericht niet beoordelen door een fout van ons (kenmerk {trace_id}). Beheer is op de hoogte."
        return Beoordeeld(wachtend=wachtend, bericht=bericht, park_reden=reden_tekst, trace_id=trace_id), snapshot
    return Beoordeeld(wachtend=wachtend, bericht=bericht, oordeel=oordeel, antwoord=answer), after


def make_answer(oordeel: Oordeel, antwoord_nr: int, bericht_nr: int, opdracht: Opdracht) -> Uitgaand | None:
    """The answer in the gemeente's name, validated against its schema and encrypted; None for what Solidair does not answer.

    Raises:
        Parkeren: The answer would exceed 25 MB.
        InvalidOutgoing: The answer does not fit its schema; a bug of ours.
    """
    heen = oordeel.bericht
    if catalogue.soort(heen.domein, heen.soort).van != "aanbieder" or oordeel.verdict is Verdict.WACHT_OP_CONTRACT:
        return None
    identificatie = f"S{antwoord_nr:011d}"
    answer = antwoord(oordeel, identificatie=identificatie, dagtekening=opdracht.vandaag)
    data = write(answer)
    if len(data) > SIZE_BYTES_MAX:
        raise Parkeren(f"Het antwoord zou {len(data)} bytes groot zijn; hoogstens 25 000 000 is toegestaan (OP179).")
    soort = catalogue.soort(answer.domein, answer.soort)
    validate_outgoing(data, soort, opdracht.schemas)
    sha256 = hashlib.sha256(data).digest()
    versie, inhoud = opdracht.kluis.bewaar(data, kenmerk(sha256))
    code, agb = gemeente_van(heen), heen.header.afzender
    return Uitgaand(
        bericht_nr=antwoord_nr,
        domein=answer.domein,
        soort=answer.soort,
        van=gemeente(code),
        aan=aanbieder(agb),
        gemeente=code,
        agb=agb,
        identificatie=answer.header.bericht_identificatie.identificatie,
        dagtekening=opdracht.vandaag,
        identificatie_retour=answer.header.identificatie_retour,
        sha256=sha256,
        grootte=len(data),
        antwoord_op_nr=bericht_nr,
        sleutel_versie=versie,
        inhoud=inhoud,
    )


def money_of(oordeel: Oordeel) -> dict[str, int]:
    """The claimed cents (signed) that each bevinding of a 323 is about, per path: of its line, its client, or the whole declaratie."""
    declaratie = oordeel.bericht.declaratie
    if declaratie is None:
        return {}
    found: dict[str, int] = {}
    for bevinding in oordeel.bevindingen:
        match = LINE.match(bevinding.pad)
        if match is None:
            found[bevinding.pad] = declaratie.totaal_ingediend_bedrag.cent
            continue
        prestaties = declaratie.clienten[int(match[1]) - 1].prestaties
        lines = prestaties if match[2] is None else prestaties[int(match[2]) - 1 : int(match[2])]
        found[bevinding.pad] = sum(prestatie.ingediend_bedrag.cent for prestatie in lines)
    return found
