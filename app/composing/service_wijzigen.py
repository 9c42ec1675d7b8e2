"""Changing a toewijzing: what may be done, what a change would do, and sending it through the door of all berichten.

Seeing is for the gemeenten of the actor; sending is in the name of its own gemeente only (`wie`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.composing import store, store_wijzigen
from app.composing.betekenis import Betekenis, explain
from app.composing.invullen import Veldfout, Wie
from app.composing.opstellen import NIVEAU, known_client, region_of
from app.composing.store_nummers import next_identificatie, next_toewijzing_nummer
from app.composing.toewijzen import Besluit, compose_301, with_current
from app.composing.wie import eigen_gemeenten, zichtbare_gemeenten
from app.composing.wijzigen import (
    Buiten,
    Mogelijkheid,
    Stand,
    Wijziging,
    as_version,
    change_product,
    left_outside,
    possibilities,
    read_wijziging,
)
from app.composing.zegel import Zegel, proef
from app.domain.bericht import Bericht, Client, Domein
from app.domain.bevinding import Bevinding
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.snapshot import Snapshot, Toewijzing
from app.domain.toewijzing import ToegewezenProduct
from app.intake import ontvang
from app.judging import controleer
from app.ledger.verplichting import Sleutel
from app.standard.writing import write

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nummer:
    """A toewijzing as an address names it."""

    domein: Domein
    gemeente: str
    nummer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wijzigbeeld:
    """A toewijzing with what may be done to it.

    Attributes:
        client: As the newest 301 of the gemeente has it; None when that cannot be found.
        lopend: The toewijzingen of the client at the aanbieder in their current version, this one included.
        mag_versturen: Whether the actor may send in the name of the gemeente.
    """

    stand: Stand
    mogelijkheden: tuple[Mogelijkheid, ...]
    client: Client | None = field(repr=False)
    aanbieder_naam: str
    lopend: tuple[Toewijzing, ...]
    region: Snapshot = field(repr=False)
    mag_versturen: bool

    @property
    def kan_iets(self) -> bool:
        """Whether anything may be done."""
        return self.mag_versturen and any(each.mag for each in self.mogelijkheden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What lines do to the commitment, in cents; `maanden` are (month of care, before, after) of those that change."""

    voor_cent: int
    na_cent: int
    maanden: tuple[tuple[date, int, int], ...]

    @property
    def verschil_cent(self) -> int:
        """After less before."""
        return self.na_cent - self.voor_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorstel:
    """What a change would be and do; with faults nothing but `beeld` is filled.

    Attributes:
        was, wordt: What the omvang means before and after.
        gewijzigd: The new version as it will be sent.
        mee: Lines that go along unchanged (OP087).
        buiten: Granted prestaties that fall outside.
        bevindingen: What judging would find.
        zegel: Numbers and moment with which it can be sent; None in a look without numbers.
    """

    beeld: Wijzigbeeld
    fouten: tuple[Veldfout, ...] = ()
    wijziging: Wijziging | None = None
    gewijzigd: ToegewezenProduct | None = None
    mee: tuple[ToegewezenProduct, ...] = ()
    was: Betekenis | None = None
    wordt: Betekenis | None = None
    effect: Effect | None = None
    buiten: Buiten | None = None
    bevindingen: tuple[Bevinding, ...] = ()
    zegel: Zegel | None = None
    xml: bytes | None = field(default=None, repr=False)

    @property
    def verzendbaar(self) -> bool:
        """Whether it can be sent: complete, judged, and nothing found."""
        return self.xml is not None and not self.bevindingen and self.beeld.mag_versturen


class WijzigingOngeldig(OngeldigVerzoek):
    """Deze wijziging kan zo niet worden verstuurd."""

    def __init__(self, voorstel: Voorstel) -> None:
        super().__init__("Deze wijziging kan zo niet worden verstuurd. Bekijk wat er niet klopt.")
        self.voorstel = voorstel


async def toon_mogelijkheden(wereld: Wereld, actor: Actor, nummer: Nummer) -> Wijzigbeeld:
    """What may be done to a toewijzing.

    Raises:
        NietToegestaan: The actor is no access team and no gemeente.
        NietGevonden: There is no such toewijzing, or not for this actor.
    """
    gemeenten = zichtbare_gemeenten(actor)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        versie = await store_wijzigen.find_versie(connection, nummer.domein, nummer.gemeente, nummer.nummer, gemeenten)
        if versie is None:
            raise NietGevonden("Deze toewijzing bestaat niet, of niet voor u.")
        stand = Stand(
            versie=versie,
            leveringen=await store_wijzigen.deliveries(connection, versie),
            prestaties=await store_wijzigen.granted(connection, versie),
        )
        names = await store.names_of(connection, [versie.agb])
        return Wijzigbeeld(
            stand=stand,
            mogelijkheden=possibilities(stand, wereld.vandaag),
            client=await known_client(connection, wereld, versie.client_id, versie.gemeente),
            aanbieder_naam=names.get(versie.agb, versie.agb),
            lopend=await store_wijzigen.of_client(connection, versie.client_id, versie.gemeente, versie.domein, versie.agb),
            region=await region_of(connection, Wie(gemeente=versie.gemeente, domein=versie.domein, bsn=""), versie.agb),
            mag_versturen=versie.gemeente in eigen_gemeenten(actor),
        )


async def bekijk_wijziging(
    wereld: Wereld, actor: Actor, nummer: Nummer, antwoorden: Mapping[str, str], zegel: Zegel | None = None
) -> Voorstel:
    """What a change would be and do, judged against everything; nothing is stored but the number that the bericht gets.

    Raises:
        NietToegestaan: The actor may not send for the gemeente.
        NietGevonden: There is no such toewijzing, or not for this actor.
    """
    beeld = await toon_mogelijkheden(wereld, actor, nummer)
    if not beeld.mag_versturen:
        raise NietToegestaan("U kunt niet namens deze gemeente versturen. Vraag uw beheerder om uw account die gemeente te geven.")
    wijziging = read_wijziging(beeld.stand, antwoorden, wereld.vandaag)
    if not isinstance(wijziging, Wijziging):
        return Voorstel(beeld=beeld, fouten=wijziging)
    if beeld.client is None:
        return Voorstel(beeld=beeld, fouten=(Veldfout(veld="actie", melding="De gegevens van de cliënt zijn niet gevonden."),))
    zegel = zegel or await new_seal(wereld, nummer.domein, nummer.gemeente, 0)
    versie = beeld.stand.versie
    product = change_product(versie, wijziging, zegel.besluit)
    nieuw = as_version(versie, product)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        effect = await effect_of(connection, nummer.domein, [nieuw], beeld.region)
    lines = with_current([product], beeld.lopend, vandaag=wereld.vandaag)
    bericht = compose_301(
        domein=nummer.domein,
        gemeente=nummer.gemeente,
        agb=versie.agb,
        client=beeld.client,
        producten=lines,
        identificatie=zegel.identificatie,
        vandaag=wereld.vandaag,
    )
    xml, bevindingen = await judge(wereld, actor, bericht)
    return Voorstel(
        beeld=beeld,
        wijziging=wijziging,
        gewijzigd=product,
        mee=lines[1:],
        was=explain(versie, beeld.region),
        wordt=explain(nieuw, beeld.region),
        effect=effect,
        buiten=left_outside(beeld.stand, product),
        bevindingen=bevindingen,
        zegel=zegel,
        xml=xml,
    )


async def verstuur_wijziging(
    wereld: Wereld, actor: Actor, nummer: Nummer, antwoorden: Mapping[str, str], zegel: Zegel | None = None
) -> int:
    """Send a change; returns the number of the bericht. With the seal of a preview, sending twice sends once.

    Raises:
        NietToegestaan, NietGevonden: As `bekijk_wijziging`.
        WijzigingOngeldig: Something is missing, or judging would refuse it; carries what.
        Geweigerd: The door refuses it after all.
    """
    if zegel is not None:
        beeld = await toon_mogelijkheden(wereld, actor, nummer)
        sent = await sent_before(wereld, nummer.domein, nummer.gemeente, beeld.stand.versie.agb, zegel) if beeld.mag_versturen else None
        if sent is not None:
            return sent
    voorstel = await bekijk_wijziging(wereld, actor, nummer, antwoorden, zegel)
    if not voorstel.verzendbaar or voorstel.xml is None:
        raise WijzigingOngeldig(voorstel)
    done = await ontvang(wereld, actor, voorstel.xml)
    actie = None if voorstel.wijziging is None else voorstel.wijziging.actie.value
    log.info("wijziging_sent", bericht_nr=done.bericht_nr, gemeente=nummer.gemeente, toewijzing_nummer=nummer.nummer, actie=actie)
    return done.bericht_nr


async def effect_of(connection: Connection, domein: str, versies: Sequence[Toewijzing], region: Snapshot) -> Effect:
    """What these versions do to the commitment."""
    keyed = {Sleutel(each.gemeente, each.toewijzing_nummer): each for each in versies}
    before, after = await store_wijzigen.committed(connection, domein, keyed, region)
    months = sorted(before.keys() | after.keys())
    changed = tuple((each, before.get(each, 0), after.get(each, 0)) for each in months if before.get(each, 0) != after.get(each, 0))
    return Effect(voor_cent=sum(before.values()), na_cent=sum(after.values()), maanden=changed)


async def judge(wereld: Wereld, actor: Actor, bericht: Bericht) -> tuple[bytes, tuple[Bevinding, ...]]:
    """The bytes of a composed bericht, and what judging would find in them."""
    xml = await asyncio.to_thread(write, bericht)
    outcome = await controleer(wereld, actor, xml, niveau=NIVEAU)
    return xml, tuple(outcome.oordeel.bevindingen)


async def new_seal(wereld: Wereld, domein: str, gemeente: str, aantal: int) -> Zegel:
    """An Identificatie and so many ToewijzingNummers that nobody has, at this moment.

    Raises:
        Conflict: A series of the gemeente is full.
    """
    async with transaction(wereld.pool) as connection:
        identificatie = await next_identificatie(connection, gemeente)
        nummers = [await next_toewijzing_nummer(connection, domein, gemeente) for _ in range(aantal)]
    return Zegel(identificatie=identificatie, besluit=Besluit.op(wereld.nu), nummers=tuple(nummers))


def trial_seal(wereld: Wereld, aantal: int) -> Zegel:
    """A seal for what is only looked at."""
    return proef(Besluit.op(wereld.nu), aantal)


async def sent_before(wereld: Wereld, domein: str, gemeente: str, agb: str, zegel: Zegel) -> int | None:
    """The bericht of this gemeente that was sent with a seal; None when it was not, or counts as not sent."""
    async with wereld.pool.acquire() as connection:
        return await store_wijzigen.find_sent(connection, domein, gemeente, agb, zegel.identificatie)
