"""Reporting start and stop: what a report would send, judged against everything, and sending it through the door of all berichten.

For people of an aanbieder, in the name of that aanbieder (`wie_aanbieder`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import structlog

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.composing import store_aanbieder
from app.composing.invullen import Veldfout
from app.composing.melden import Melding, Meldsoort, compose_melding, field_of, read_melding
from app.composing.opstellen import NIVEAU
from app.composing.service_aanbieder import EigenBeeld, toon_eigen_toewijzing
from app.composing.service_wijzigen import Nummer
from app.composing.store_nummers import next_identificatie_aanbieder
from app.domain.bevinding import Bevinding
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import Actor
from app.intake import ontvang
from app.judging import controleer
from app.standard.writing import write

log = structlog.get_logger(__name__)

_VORM = re.compile(r"(A[0-9]{11})\|([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meldzegel:
    """The Identificatie and day that a preview has fixed, carried through the form that sends it: pressing twice sends once.

    A seal proves nothing: an Identificatie that was used is refused by judging as in every bericht (TR056).
    """

    identificatie: str
    dag: date

    @property
    def tekst(self) -> str:
        """As a hidden field carries it."""
        return f"{self.identificatie}|{self.dag.isoformat()}"

    @classmethod
    def van_tekst(cls, tekst: str, vandaag: date) -> Meldzegel:
        """The seal in a hidden field.

        Raises:
            OngeldigVerzoek: We did not make it, or not today: the Dagtekening is the day of sending.
        """
        found = _VORM.fullmatch(tekst)
        if found is None:
            raise OngeldigVerzoek("Bekijk eerst wat er wordt verstuurd.")
        if found[2] != vandaag.isoformat():
            raise OngeldigVerzoek("Dit voorbeeld is van een eerdere dag. Bekijk opnieuw wat er wordt verstuurd.")
        return cls(identificatie=found[1], dag=vandaag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meldvoorstel:
    """What a report would send; with `fouten` that come from the form, nothing else is filled.

    Attributes:
        fouten: What is wrong, at its field (`soort`: of the whole); what judging finds stands there too.
        bevindingen: What judging would find.
        zegel: With which it can be sent.
    """

    beeld: EigenBeeld
    soort: Meldsoort
    fouten: tuple[Veldfout, ...] = ()
    melding: Melding | None = None
    bevindingen: tuple[Bevinding, ...] = ()
    zegel: Meldzegel | None = None
    xml: bytes | None = field(default=None, repr=False)

    @property
    def verzendbaar(self) -> bool:
        """Whether it can be sent: complete, judged, and nothing found."""
        return self.xml is not None and not self.fouten


class MeldingOngeldig(OngeldigVerzoek):
    """Deze melding kan zo niet worden verstuurd."""

    def __init__(self, voorstel: Meldvoorstel) -> None:
        super().__init__("Deze melding kan zo niet worden verstuurd. Bekijk wat er niet klopt.")
        self.voorstel = voorstel


async def bekijk_melding(
    wereld: Wereld, actor: Actor, nummer: Nummer, soort: Meldsoort, antwoorden: Mapping[str, str], zegel: Meldzegel | None = None
) -> Meldvoorstel:
    """What a report would send, judged against everything; nothing is stored but the number that the bericht gets.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        NietGevonden: The aanbieder has no such toewijzing.
        Conflict: The numbers of the aanbieder are used up.
    """
    beeld = await toon_eigen_toewijzing(wereld, actor, nummer.domein, nummer.gemeente, nummer.nummer)
    melding = read_melding(beeld.stand, soort, antwoorden, wereld.vandaag)
    if not isinstance(melding, Melding):
        return Meldvoorstel(beeld=beeld, soort=soort, fouten=melding)
    zegel = zegel or await _new_seal(wereld, beeld.regel.versie.agb)
    bericht = compose_melding(beeld.stand, melding, beeld.client, identificatie=zegel.identificatie, vandaag=wereld.vandaag)
    xml = await asyncio.to_thread(write, bericht)
    found = (await controleer(wereld, actor, xml, niveau=NIVEAU)).oordeel.bevindingen
    return Meldvoorstel(
        beeld=beeld,
        soort=soort,
        fouten=tuple(Veldfout(veld=field_of(each.pad), melding=each.melding) for each in found),
        melding=melding,
        bevindingen=tuple(found),
        zegel=zegel,
        xml=xml,
    )


async def verstuur_melding(
    wereld: Wereld, actor: Actor, nummer: Nummer, soort: Meldsoort, antwoorden: Mapping[str, str], zegel: Meldzegel
) -> int:
    """Send a report; returns the number of the bericht. With the seal of a preview, sending twice sends once.

    Raises:
        NietToegestaan, NietGevonden: As `bekijk_melding`.
        MeldingOngeldig: Something is missing, or judging would refuse it; carries what.
        Geweigerd: The door refuses it after all.
    """
    beeld = await toon_eigen_toewijzing(wereld, actor, nummer.domein, nummer.gemeente, nummer.nummer)
    agb = beeld.regel.versie.agb
    async with wereld.pool.acquire() as connection:
        sent = await store_aanbieder.find_sent(connection, nummer.domein, agb, nummer.gemeente, soort.bericht, zegel.identificatie)
    if sent is not None:
        return sent
    voorstel = await bekijk_melding(wereld, actor, nummer, soort, antwoorden, zegel)
    if not voorstel.verzendbaar or voorstel.xml is None:
        raise MeldingOngeldig(voorstel)
    done = await ontvang(wereld, actor, voorstel.xml)
    log.info("melding_sent", bericht_nr=done.bericht_nr, soort=soort.value, gemeente=nummer.gemeente, toewijzing_nummer=nummer.nummer)
    return done.bericht_nr


async def _new_seal(wereld: Wereld, agb: str) -> Meldzegel:
    """An Identificatie that nobody has, of today."""
    async with transaction(wereld.pool) as connection:
        return Meldzegel(identificatie=await next_identificatie_aanbieder(connection, agb), dag=wereld.vandaag)
