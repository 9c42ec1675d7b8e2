"""Declaring for an aanbieder without software: what can be claimed over a month, what lines would become, sending them, and what came of them.

Who may: a person of the aanbieder, for that aanbieder (`wie_aanbieder`). A declaratie of another aanbieder does not exist.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store, store_declareren
from app.composing.declareren import Declarabel, Eerder, Opgave, Regel, Regelfout, by_client, compose_323, declarable, read_opgaven
from app.composing.opstellen import NIVEAU
from app.composing.store_declareren import Bestemming, DeclarabelRij
from app.composing.store_nummers import next_identificatie_aanbieder
from app.composing.wie_aanbieder import eigen_agb
from app.domain.bericht import Domein, Naam
from app.domain.bevinding import Bevinding
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.periode import laatste_dag
from app.domain.snapshot import Snapshot
from app.intake import ontvang
from app.judging import controleer
from app.judging.resterend import Resterend
from app.mailbox import kenmerk
from app.mailbox.bladzijde import Bladzijde, make_cursor, page_size, read_cursor
from app.parties import contractbeeld
from app.standard import catalogue
from app.standard.reading import read
from app.standard.rules.volume import Looptijd, as_basis, passende_eenheid, volume_over_looptijd
from app.standard.writing import write

log = structlog.get_logger(__name__)

WACHT = frozenset({"ontvangen", "wacht_op_contract", "vastgehouden", "geparkeerd"})
"""While a declaratie is in one of these, nothing was decided about it."""
_ZEGEL = re.compile(r"(A[0-9]{11})\|([0-9]{4}-[0-9]{2}-[0-9]{2})")
_PLEK = re.compile(r"^/Bericht/Declaratie/Clienten/Client\[(\d+)\](?:/Prestaties/Prestatie\[(\d+)\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratiezegel:
    """Identificatie and Dagtekening that a preview has fixed: sending twice sends the same bericht, which the door takes once."""

    identificatie: str
    dagtekening: date

    @property
    def tekst(self) -> str:
        """As a hidden field carries it."""
        return f"{self.identificatie}|{self.dagtekening.isoformat()}"

    @classmethod
    def van_tekst(cls, tekst: str, vandaag: date) -> Declaratiezegel:
        """The seal in a hidden field.

        Raises:
            OngeldigVerzoek: We did not make it, or not today.
        """
        found = _ZEGEL.fullmatch(tekst)
        if found is None or found[2] != vandaag.isoformat():
            raise OngeldigVerzoek("Bekijk opnieuw wat er wordt gedeclareerd; dit voorbeeld is van een andere dag.")
        return cls(identificatie=found[1], dagtekening=vandaag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aan:
    """Over which month is declared, to which gemeente, under which law."""

    domein: Domein
    gemeente: str
    maand: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratievoorstel:
    """What lines would become.

    Attributes:
        opgaven: As filled in.
        fouten: What is wrong with lines that were filled in.
        regels: The others, as they will stand in the 323.
        bevindingen: What judging would find in each line, by the place of its `Opgave`; by None what is about the declaratie as a whole.
        resterend: What is left of each toewijzing after it.
        zegel: Fixes what is sent; None when there is nothing to send.
    """

    aan: Aan
    opgaven: tuple[Opgave, ...]
    fouten: tuple[Regelfout, ...]
    regels: tuple[Regel, ...]
    bevindingen: Mapping[int | None, tuple[Bevinding, ...]] = field(default_factory=dict)
    resterend: Mapping[int, Resterend] = field(default_factory=dict)
    zegel: Declaratiezegel | None = None
    xml: bytes | None = field(default=None, repr=False)

    @property
    def totaal_cent(self) -> int:
        """What is claimed, debits less credits."""
        return sum(each.prestatie.ingediend_bedrag.cent for each in self.regels)

    @property
    def verzendbaar(self) -> bool:
        """Whether it can be sent as it is: complete, judged, and nothing found."""
        return self.xml is not None and not self.fouten and not self.bevindingen

    @property
    def goede_opgaven(self) -> tuple[Opgave, ...]:
        """The lines with which nothing is wrong."""
        wrong = {each.plek for each in self.fouten} | set(self.bevindingen)
        return tuple(each for plek, each in enumerate(self.opgaven) if plek not in wrong and not each.is_leeg)


class DeclaratieOngeldig(OngeldigVerzoek):
    """Deze declaratie kan zo niet worden verstuurd."""

    def __init__(self, voorstel: Declaratievoorstel) -> None:
        super().__init__("Deze declaratie kan zo niet worden verstuurd. Bekijk wat er nog moet gebeuren.")
        self.voorstel = voorstel


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratiekop:
    """A declaratie that was sent. `periode` is empty while it was not judged, `termijn` the day on which the answer is due."""

    bericht_nr: int
    domein: str
    gemeente: str
    gemeente_naam: str
    identificatie: str | None
    status: str
    ontvangen_op: datetime
    termijn: date | None
    ingediend_cent: int | None
    toegekend_cent: int | None
    aantal_regels: int | None
    antwoord_nr: int | None
    periode: date | None

    @property
    def afgewezen_cent(self) -> int | None:
        """What was claimed and not granted; None while it was not judged."""
        if self.ingediend_cent is None or self.toegekend_cent is None or self.status in WACHT:
            return None
        return self.ingediend_cent - self.toegekend_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomstregel:
    """A line of a declaratie and what became of it; the amounts are in cents without sign."""

    regel: int
    toewijzing_nummer: int
    referentie_nummer: str
    vorig_referentie_nummer: str | None
    is_credit: bool
    categorie: str
    code: str
    omschrijving: str
    begindatum: date
    einddatum: date
    volume: int
    eenheid: str
    tarief_cent: int | None
    bedrag_cent: int
    toegekend: bool
    retour_codes: Sequence[str]
    is_teruggedraaid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratiebeeld:
    """A declaratie with its lines, refused ones first.

    Attributes:
        meldingen: Per line what judging found in it, in sentences.
        algemeen: What was found in the declaratie as a whole.
    """

    kop: Declaratiekop
    regels: tuple[Uitkomstregel, ...]
    meldingen: Mapping[int, Sequence[str]] = field(default_factory=dict)
    algemeen: Sequence[str] = ()


async def bestemmingen(wereld: Wereld, actor: Actor, maand: date) -> tuple[Bestemming, ...]:
    """To which gemeenten the own aanbieder can declare over a month.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
    """
    agb = eigen_agb(actor)
    async with wereld.pool.acquire() as connection:
        return await store_declareren.destinations(connection, agb, maand, laatste_dag(maand))


async def toon_declarabel(wereld: Wereld, actor: Actor, aan: Aan) -> tuple[Declarabel, ...]:
    """What can be claimed over a month, by ToewijzingNummer.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
    """
    agb = eigen_agb(actor)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        rows = await store_declareren.declarable_rows(connection, aan.domein, agb, aan.gemeente, aan.maand, laatste_dag(aan.maand))
        numbers = [row.toewijzing.toewijzing_nummer for row in rows]
        before = await store_declareren.granted_before(
            connection, aan.domein, agb, aan.gemeente, numbers, aan.maand, laatste_dag(aan.maand)
        )
        used = await store_declareren.used(connection, aan.domein, aan.gemeente, numbers)
        region = await _region(connection, aan, agb)
        names = {key: naam for key, (naam, _) in (await store.descriptions(connection, aan.domein, aan.maand)).items()}
    return await asyncio.to_thread(_declarabelen, wereld, aan, rows, before, used, region, names)


async def bekijk_declaratie(
    wereld: Wereld, actor: Actor, aan: Aan, opgaven: Sequence[Opgave], zegel: Declaratiezegel | None = None
) -> Declaratievoorstel:
    """What lines would become, judged against everything; nothing is stored but the number that it gets.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        OngeldigVerzoek: Nothing is filled in, or too much.
        Conflict: The numbers of the aanbieder are used up.
    """
    agb = eigen_agb(actor)
    declarabel = {each.nummer: each for each in await toon_declarabel(wereld, actor, aan)}
    if zegel is None:
        async with transaction(wereld.pool) as connection:
            identificatie = await next_identificatie_aanbieder(connection, agb)
        zegel = Declaratiezegel(identificatie=identificatie, dagtekening=wereld.vandaag)
    regels, fouten = read_opgaven(opgaven, declarabel, zegel.identificatie)
    found = Declaratievoorstel(aan=aan, opgaven=tuple(opgaven), fouten=fouten, regels=regels)
    if not regels and fouten:
        return found
    async with wereld.pool.acquire() as connection:
        last = await store_declareren.last_period(connection, aan.domein, agb, aan.gemeente)
    bericht = compose_323(
        domein=aan.domein,
        gemeente=aan.gemeente,
        agb=agb,
        regels=regels,
        periode=max(aan.maand, last or aan.maand),
        identificatie=zegel.identificatie,
        dagtekening=zegel.dagtekening,
    )
    xml = await asyncio.to_thread(write, bericht)
    outcome = await controleer(wereld, actor, xml, niveau=NIVEAU)
    left = {each.toewijzing_nummer: each for each in outcome.resterend or ()}
    placed = _placed(outcome.oordeel.bevindingen, regels)
    return replace(found, bevindingen=placed, resterend=left, zegel=zegel, xml=xml)


async def verstuur_declaratie(wereld: Wereld, actor: Actor, aan: Aan, opgaven: Sequence[Opgave], zegel: Declaratiezegel) -> int:
    """Send a declaratie as its preview showed it; returns the number of the bericht. Sending twice sends once.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        DeclaratieOngeldig: Something is missing, or judging would refuse a line; carries what.
        Geweigerd: The door refuses it after all.
    """
    agb = eigen_agb(actor)
    async with wereld.pool.acquire() as connection:
        sent = await store_declareren.find_sent(connection, aan.domein, agb, zegel.identificatie)
    if sent is not None:
        return sent
    voorstel = await bekijk_declaratie(wereld, actor, aan, opgaven, zegel)
    if not voorstel.verzendbaar or voorstel.xml is None:
        raise DeclaratieOngeldig(voorstel)
    done = await ontvang(wereld, actor, voorstel.xml)
    log.info("declaratie_sent", bericht_nr=done.bericht_nr, agb=agb, gemeente=aan.gemeente, regels=len(voorstel.regels))
    return done.bericht_nr


async def lijst_declaraties(wereld: Wereld, actor: Actor, *, cursor: str | None = None, limit: int = 25) -> Bladzijde[Declaratiekop]:
    """The declaraties of the own aanbieder, newest first, however they were sent.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        CursorOngeldig: The cursor is not one of ours.
    """
    agb, size = eigen_agb(actor), page_size(limit)
    voor = None if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        rows = await store_declareren.list_declaraties(connection, agb, voor=voor, limit=size + 1)
    items = tuple(Declaratiekop(**dict(row)) for row in rows[:size])
    return Bladzijde(items=items, volgende=make_cursor(items[-1].bericht_nr) if len(rows) > size else None)


async def toon_declaratie(wereld: Wereld, actor: Actor, bericht_nr: int) -> Declaratiebeeld:
    """A declaratie with what became of each line, granted ones too.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        NietGevonden: The own aanbieder sent no such declaratie.
    """
    agb = eigen_agb(actor)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await store_declareren.get_declaratie(connection, agb, bericht_nr)
        if row is None:
            raise NietGevonden("Deze declaratie bestaat niet, of niet voor u.")
        lines = await store_declareren.lines_of(connection, bericht_nr, agb)
        findings = await store_declareren.findings_of(connection, bericht_nr)
        in_lines = any(_PLEK.match(pad) for pad, _ in findings)
        content = await store_declareren.content_of(connection, bericht_nr, agb) if lines and in_lines else None
    kop = Declaratiekop(**dict(row))
    sizes = () if content is None else await asyncio.to_thread(_sizes, wereld, kop.domein, content)
    meldingen, algemeen = sentences_by_line(findings, sizes)
    return Declaratiebeeld(kop=kop, regels=tuple(Uitkomstregel(**dict(line)) for line in lines), meldingen=meldingen, algemeen=algemeen)


def sentences_by_line(findings: Sequence[tuple[str, str]], sizes: Sequence[int]) -> tuple[dict[int, list[str]], list[str]]:
    """Sentences by the number of their line, from 1 in the order of the XML; what is about a client is about all its lines.

    Args:
        findings: Path and sentence of each.
        sizes: How many lines each client has; empty when there is nothing to tell apart.
    Returns:
        Those of lines, and those of the declaratie as a whole.
    """
    by_line: dict[int, list[str]] = {}
    algemeen: list[str] = []
    for pad, melding in findings:
        place = _PLEK.match(pad)
        client = 0 if place is None else int(place[1])
        if place is None or not 0 < client <= len(sizes):
            algemeen.append(melding)
            continue
        before, size = sum(sizes[: client - 1]), sizes[client - 1]
        for number in range(1, size + 1) if place[2] is None else (int(place[2]),):
            by_line.setdefault(before + number, []).append(melding)
    return by_line, list(dict.fromkeys(algemeen))


def _sizes(wereld: Wereld, domein: str, content: tuple[int, bytes, bytes]) -> tuple[int, ...]:
    """How many lines each client of a 323 has."""
    versie, inhoud, sha256 = content
    domain: Domein = "iwmo" if domein == "iwmo" else "ijw"
    declaratie = read(parse(wereld.kluis.lees(versie, inhoud, kenmerk(sha256))), catalogue.soort(domain, "323")).declaratie
    return () if declaratie is None else tuple(len(each.prestaties) for each in declaratie.clienten)


def opnieuw_in_te_dienen(beeld: Declaratiebeeld) -> tuple[Opgave, ...]:
    """The refused debits of a declaratie as lines to fill in again, with what was declared then."""
    return tuple(
        Opgave(nummer=each.toewijzing_nummer, prijs=f"{each.code}/{each.eenheid}", volume=_as_volume(each))
        for each in beeld.regels
        if not each.toegekend and not each.is_credit
    )


def _as_volume(regel: Uitkomstregel) -> str:
    return f"{regel.volume // 100},{regel.volume % 100:02d}" if regel.tarief_cent is None else str(regel.volume)


async def _region(connection: Connection, aan: Aan, agb: str) -> Snapshot:
    beeld = await contractbeeld(connection, aan.domein, agb, None, {aan.gemeente})
    return Snapshot(
        domein=aan.domein,
        agb=agb,
        tarieven=beeld.tarieven,
        contracten=beeld.contracten,
        producten=beeld.producten,
        overgangen=beeld.overgangen,
    )


def _declarabelen(
    wereld: Wereld,
    aan: Aan,
    rows: Sequence[DeclarabelRij],
    before: Mapping[int, Sequence[Eerder]],
    used: Mapping[int, Mapping[str, int]],
    region: Snapshot,
    names: Mapping[tuple[str, str], str],
) -> tuple[Declarabel, ...]:
    """The rows, decrypted."""
    found = []
    for row in rows:
        versie, sealed, key = row.bsn_sleutel
        bsn = wereld.kluis.lees(versie, sealed, f"client:{key.hex()}").decode()
        each = declarable(row.toewijzing, aan.maand, region, names, bsn=bsn, naam=_naam(wereld, aan.domein, row))
        if each is not None:
            over = _over(row, used.get(each.nummer, {}))
            found.append(replace(each, eerder=tuple(before.get(each.nummer, ())), over=over))
    return tuple(found)


def _naam(wereld: Wereld, domein: Domein, row: DeclarabelRij) -> str:
    """The client as the 301 of the toewijzing calls him."""
    versie, inhoud, sha256 = row.bericht
    client = read(parse(wereld.kluis.lees(versie, inhoud, kenmerk(sha256))), catalogue.soort(domein, "301")).client
    return "" if client is None or client.naam is None else _in_words(client.naam)


def _in_words(naam: Naam) -> str:
    family = naam.geslachtsnaam
    return " ".join(part for part in (naam.voornamen or naam.voorletters, family.voorvoegsel, family.achternaam) if part)


def _over(row: DeclarabelRij, used: Mapping[str, int]) -> tuple[int, str] | None:
    """What is left of the whole toewijzing, in its basic eenheid: minutes for hours."""
    toewijzing = row.toewijzing
    if toewijzing.omvang is None:
        return None
    total = volume_over_looptijd(toewijzing.omvang, Looptijd(toewijzing.ingangsdatum, toewijzing.einddatum))
    if total is None:
        return None
    spent = sum(as_basis(volume, eenheid) for eenheid, volume in used.items() if passende_eenheid(toewijzing.omvang.eenheid, eenheid))
    return as_basis(total, toewijzing.omvang.eenheid) - spent, toewijzing.omvang.eenheid


def _placed(bevindingen: Sequence[Bevinding], regels: Sequence[Regel]) -> dict[int | None, tuple[Bevinding, ...]]:
    """What was found, by the line that it is about; what is about a client is about the first of its lines."""
    clients = by_client(regels)
    found: dict[int | None, list[Bevinding]] = {}
    for each in bevindingen:
        place = _PLEK.match(each.pad)
        plek = None
        if place is not None and 0 < int(place[1]) <= len(clients):
            lines = clients[int(place[1]) - 1][1]
            plek = lines[min(int(place[2] or 1), len(lines)) - 1].plek
        found.setdefault(plek, []).append(each)
    return {plek: tuple(each) for plek, each in found.items()}
