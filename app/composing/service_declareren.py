"""Declaring for an aanbieder without software: what can be claimed over a month, what lines would become, and sending them.

Who may: a person of the aanbieder, for that aanbieder (`wie_aanbieder`). What came of declaraties: `service_declaraties`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store, store_declareren
from app.composing.declareren import PLEK, Declarabel, Eerder, Opgave, Regel, Regelfout, by_client, compose_323, declarable, read_opgaven
from app.composing.opstellen import NIVEAU
from app.composing.store_declareren import Bestemming, DeclarabelRij
from app.composing.store_nummers import next_identificatie_aanbieder
from app.composing.wie_aanbieder import eigen_agb
from app.domain.bericht import Domein, Naam
from app.domain.bevinding import Bevinding
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.periode import laatste_dag
from app.domain.snapshot import Snapshot
from app.intake import ontvang
from app.judging import controleer
from app.judging.resterend import Resterend
from app.mailbox import kenmerk
from app.parties import contractbeeld
from app.standard import catalogue
from app.standard.reading import read
from app.standard.rules.volume import Looptijd, as_basis, passende_eenheid, volume_over_looptijd
from app.standard.writing import write

log = structlog.get_logger(__name__)

_ZEGEL = re.compile(r"(A[0-9]{11})\|([0-9]{4}-[0-9]{2}-[0-9]{2})")


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
        place = PLEK.match(each.pad)
        plek = None
        if place is not None and 0 < int(place[1]) <= len(clients):
            lines = clients[int(place[1]) - 1][1]
            plek = lines[min(int(place[2] or 1), len(lines)) - 1].plek
        found.setdefault(plek, []).append(each)
    return {plek: tuple(each) for plek, each in found.items()}
