"""From answers to a 301: the client as known, the contracts of the aanbieder, what the omvang means, what to look out for, what judging finds.

One read of the database at one moment for the facts, one more for the check; nothing is stored here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.adapters.database import Connection
from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store
from app.composing.betekenis import EENHEDEN, Betekenis, as_toewijzing, explain
from app.composing.invullen import Antwoorden, Productkeuze, Stap, Veldfout, Wie, Zorg, answers_of, field_of, read_persoon, read_regel
from app.composing.invullen import read_wie as _read_wie
from app.composing.invullen import read_zorg as _read_zorg
from app.composing.store import Opgeslagen
from app.composing.toewijzen import Besluit, Regel, compose_301, new_product, with_current
from app.composing.waarschuwen import Feiten, OpenVerzoek, Waarschuwing, warnings_about
from app.composing.wie import eigen_gemeenten
from app.domain.bedrag import euro
from app.domain.bericht import Bericht, Client
from app.domain.bevinding import Bevinding
from app.domain.partij import Actor
from app.domain.periode import geldt_op
from app.domain.snapshot import Snapshot, Tariefregel, Toewijzing
from app.judging import controleer
from app.mailbox import kenmerk
from app.parties import contractbeeld
from app.standard import catalogue, codelists
from app.standard.reading import read
from app.standard.rules.volume import EURO, MINUUT, UUR
from app.standard.writing import write

NIVEAU = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Productoptie:
    """A choice of the list of products: what the form sends, and what a person reads."""

    keuze: Productkeuze
    naam: str
    tarief: str

    @property
    def waarde(self) -> str:
        """As the form sends it."""
        return self.keuze.waarde


@dataclass(frozen=True, slots=True, kw_only=True)
class GeplaatsteBevinding:
    """A finding with the step and field that it is about; both None when nobody filled that in."""

    bevinding: Bevinding
    stap: Stap | None
    veld: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opstelling:
    """What answers would become; what is not known yet is empty.

    Attributes:
        fouten: What is wrong with the fields, by step.
        bekend: The client as the newest 301 of this gemeente has it; None when there is none.
        client_id: Of the client in the register; None when it is new.
        aanbieders: Names by AGB-code of who has a contract on the first day.
        opties: Products of the chosen aanbieder.
        contracten, zorgvorm: The contracts that have the product, and its zorgvorm; empty for a whole category.
        lopend: Current toewijzingen of the client at the chosen aanbieder, which the 301 repeats (OP087).
        bevindingen: What judging would find; None when it was not asked.
        bericht, xml: What is sent; None when something is missing.
    """

    antwoorden: Antwoorden
    fouten: Mapping[Stap, tuple[Veldfout, ...]] = field(default_factory=dict)
    wie: Wie | None = None
    bekend: Client | None = None
    client_id: int | None = None
    client: Client | None = None
    zorg: Zorg | None = None
    aanbieders: Mapping[str, str] = field(default_factory=dict)
    opties: tuple[Productoptie, ...] = ()
    regel: Regel | None = None
    betekenis: Betekenis | None = None
    waarschuwingen: tuple[Waarschuwing, ...] = ()
    verzoeken: tuple[OpenVerzoek, ...] = ()
    lopend: tuple[Toewijzing, ...] = ()
    contracten: frozenset[str] = frozenset()
    zorgvorm: str = ""
    bevindingen: tuple[GeplaatsteBevinding, ...] | None = None
    bericht: Bericht | None = None
    xml: bytes | None = None

    @property
    def open_stap(self) -> Stap:
        """The first step with something wrong; the check when there is none."""
        return next((stap for stap in Stap if self.fouten.get(stap)), Stap.CONTROLE)

    @property
    def verzendbaar(self) -> bool:
        """Whether it can be sent: complete, judged, and nothing found."""
        return self.xml is not None and self.bevindingen == ()

    @property
    def optie(self) -> Productoptie | None:
        """The chosen product."""
        return next((each for each in self.opties if each.waarde == self.antwoorden.get("product")), None)


async def stel_op(wereld: Wereld, actor: Actor, antwoorden: Antwoorden, nummers: tuple[int, str] | None) -> Opstelling:
    """What answers would become, up to the first step that is not right.

    Args:
        nummers: ToewijzingNummer and Identificatie; with them the 301 is composed and judged (niveau 4), without them it is not.
    """
    wie = _read_wie(antwoorden, eigen_gemeenten(actor))
    if not isinstance(wie, Wie):
        return Opstelling(antwoorden=antwoorden, fouten={Stap.CLIENT: wie})
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        found = await _facts(connection, wereld, Opstelling(antwoorden=antwoorden, wie=wie), wie)
    if nummers is None or found.client is None or found.zorg is None or found.regel is None:
        return found
    return await _judged(wereld, actor, found, wie, found.client, found.zorg, found.regel, nummers)


async def _facts(connection: Connection, wereld: Wereld, found: Opstelling, wie: Wie) -> Opstelling:
    """Everything but the check."""
    fouten: dict[Stap, tuple[Veldfout, ...]] = {}
    client_id = await store.find_client(connection, wereld.kluis.pseudoniem(wie.bsn))
    bekend = None if client_id is None else await known_client(connection, wereld, client_id, wie.gemeente)
    filled = found.antwoorden if bekend is None else {**answers_of(bekend), **found.antwoorden}
    client = read_persoon(filled, wie.bsn, bekend, wereld.vandaag)
    if not isinstance(client, Client):
        fouten[Stap.PERSOON] = client
    own = () if client_id is None else await store.current_of_client(connection, client_id, wie.gemeente, wie.domein)
    verzoeken = () if client_id is None else await store.open_verzoeken(connection, client_id, wie.gemeente, wie.domein)
    found = replace(found, antwoorden=filled, fouten=fouten, bekend=bekend, client_id=client_id, verzoeken=verzoeken)
    found = replace(found, client=client if isinstance(client, Client) else None)
    zorg = _read_zorg(found.antwoorden)
    begin = zorg.ingangsdatum if isinstance(zorg, Zorg) else wereld.vandaag
    aanbieders = await store.aanbieders_with_contract(connection, wie.domein, wie.gemeente, begin)
    zorg = _read_zorg(found.antwoorden, frozenset(aanbieders))
    if not isinstance(zorg, Zorg):
        return replace(found, aanbieders=aanbieders, fouten={**fouten, Stap.ZORG: zorg, Stap.OMVANG: (_EERST_ZORG,)})
    return await _with_product(connection, wereld, replace(found, aanbieders=aanbieders, zorg=zorg), wie, zorg, own)


_EERST_ZORG = Veldfout(veld="product", melding="Vul eerst periode en aanbieder in.")


async def _with_product(
    connection: Connection, wereld: Wereld, found: Opstelling, wie: Wie, zorg: Zorg, own: tuple[Toewijzing, ...]
) -> Opstelling:
    """The product, what its omvang means, and what to look out for."""
    region = await region_of(connection, wie, zorg.agb)
    names = await store.descriptions(connection, wie.domein, zorg.ingangsdatum)
    opties = options(region, wie, zorg, {key: naam for key, (naam, _) in names.items()})
    found = replace(found, opties=opties, lopend=tuple(each for each in own if each.agb == zorg.agb and each.is_actueel(wereld.vandaag)))
    regel = read_regel(found.antwoorden, zorg, {each.waarde: each.keuze for each in opties})
    if not isinstance(regel, Regel):
        return replace(found, fouten={**found.fouten, Stap.OMVANG: regel})
    versie = as_toewijzing(regel, domein=wie.domein, gemeente=wie.gemeente, agb=zorg.agb, vandaag=wereld.vandaag)
    betekenis = explain(versie, region)
    lines = region.tarieven.get((region.drager(wie.gemeente, zorg.ingangsdatum), regel.categorie, regel.code or ""), ())
    zorgvorm = names.get((regel.categorie, regel.code or ""), ("", ""))[1]
    contracten = frozenset(line.contract for line in lines)
    found = replace(found, regel=regel, betekenis=betekenis, contracten=contracten, zorgvorm=zorgvorm)
    if found.client is None or found.client.geboortedatum is None:
        return found
    jaren = sorted({jaar for jaar, _ in betekenis.per_jaar})
    feiten = Feiten(
        versie=versie,
        region=region,
        geboortedatum=found.client.geboortedatum.datum,
        vandaag=wereld.vandaag,
        eigen=own,
        namen=await store.names_of(connection, sorted({each.agb for each in own})),
        elders=found.client_id is not None and await store.has_care_elsewhere(connection, found.client_id, wie.gemeente, wereld.vandaag),
        verzoeken=() if regel.referentie_aanbieder else found.verzoeken,
        ruimte=await store.budget_room(connection, wie.gemeente, jaren, sorted({"", zorgvorm})),
        per_jaar=betekenis.per_jaar,
    )
    return replace(found, waarschuwingen=warnings_about(feiten))


async def _judged(
    wereld: Wereld, actor: Actor, found: Opstelling, wie: Wie, client: Client, zorg: Zorg, regel: Regel, nummers: tuple[int, str]
) -> Opstelling:
    """The 301, and what judging would find in it."""
    nummer, identificatie = nummers
    nieuw = new_product(regel, nummer=nummer, besluit=Besluit.op(wereld.nu))
    bericht = compose_301(
        domein=wie.domein,
        gemeente=wie.gemeente,
        agb=zorg.agb,
        client=client,
        producten=with_current([nieuw], found.lopend, vandaag=wereld.vandaag),
        identificatie=identificatie,
        vandaag=wereld.vandaag,
    )
    xml = await asyncio.to_thread(write, bericht)
    outcome = await controleer(wereld, actor, xml, niveau=NIVEAU)
    return replace(found, bericht=bericht, xml=xml, bevindingen=tuple(_placed(outcome.oordeel.bevindingen)))


def _placed(bevindingen: Iterable[Bevinding]) -> Iterable[GeplaatsteBevinding]:
    for each in bevindingen:
        # TR302 points at the later of two lines, which may be the one that goes on; what can be changed is the new one.
        stap, veld = (Stap.OMVANG, "product") if each.regel == "TR302" else field_of(each.pad) or (None, None)
        yield GeplaatsteBevinding(bevinding=each, stap=stap, veld=veld)


async def known_client(connection: Connection, wereld: Wereld, client_id: int, gemeente: str) -> Client | None:
    """The client as the newest accepted 301 of this gemeente has it; what another gemeente sent is not read."""
    stored = await store.newest_301(connection, client_id, gemeente)
    return None if stored is None else await asyncio.to_thread(_read_client, wereld, stored)


def _read_client(wereld: Wereld, stored: Opgeslagen) -> Client | None:
    data = wereld.kluis.lees(stored.sleutel_versie, stored.inhoud, kenmerk(stored.sha256))
    return read(parse(data), catalogue.soort(stored.domein, "301")).client


async def region_of(connection: Connection, wie: Wie, agb: str) -> Snapshot:
    """What the contracts of an aanbieder allow for a gemeente, as judging sees it."""
    beeld = await contractbeeld(connection, wie.domein, agb, None, {wie.gemeente})
    return Snapshot(
        domein=wie.domein,
        agb=agb,
        tarieven=beeld.tarieven,
        contracten=beeld.contracten,
        producten=beeld.producten,
        overgangen=beeld.overgangen,
    )


def options(region: Snapshot, wie: Wie, zorg: Zorg, namen: Mapping[tuple[str, str], str]) -> tuple[Productoptie, ...]:
    """The products that the contracts of the aanbieder have on the first day, in each eenheid, and a budget for each category; by code."""
    drager = region.drager(wie.gemeente, zorg.ingangsdatum)
    found: dict[str, Productoptie] = {}
    categories: set[str] = set()
    for (gemeente, categorie, code), lines in sorted(region.tarieven.items()):
        if gemeente != drager:
            continue
        for line in lines:
            if geldt_op(zorg.ingangsdatum, line.geldig_van, line.geldig_tot):
                categories.add(categorie)
                for option in _options_of(line, namen.get((categorie, code), "product zonder naam")):
                    found.setdefault(option.waarde, option)
    budgets = (_budget_option(wie.domein, categorie) for categorie in sorted(categories))
    return (*found.values(), *budgets)


def _options_of(line: Tariefregel, naam: str) -> Iterable[Productoptie]:
    """A line in its own eenheid; one in minutes can be ordered in hours too (TR341)."""
    for eenheid in (line.eenheid, UUR) if line.eenheid == MINUUT else (line.eenheid,):
        keuze = Productkeuze(categorie=line.categorie, code=line.code, eenheid=eenheid)
        if eenheid == EURO:
            yield Productoptie(keuze=keuze, naam=f"{line.code} {naam}", tarief="in euro's")
        else:
            price = "zonder tarief" if line.tarief_cent is None else f"{euro(line.tarief_cent)} per {EENHEDEN[line.eenheid][0]}"
            in_hours = " (toewijzen in uren)" if eenheid != line.eenheid else ""
            yield Productoptie(keuze=keuze, naam=f"{line.code} {naam}", tarief=f"{price}{in_hours}")


def _budget_option(domein: str, categorie: str) -> Productoptie:
    meaning = codelists.meaning(domein, "ProductCategorie", categorie) or "categorie"
    keuze = Productkeuze(categorie=categorie, code=None, eenheid=None)
    return Productoptie(keuze=keuze, naam=f"{categorie} {meaning}, hele categorie", tarief="budget")
