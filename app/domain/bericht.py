"""The parts that every bericht has: header, client, name, address, and the bericht itself.

Values are as written in the XML: codes are strings, numbers and amounts are `int`, dates are `date`; a time of day stays a string, because
XML Schema knows times (24:00:00) that Python does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.declaratie import Declaratie, DeclaratieAntwoord
from app.domain.klassen import Berichtklasse, Samengesteld
from app.domain.levering import StartProduct, StopProduct
from app.domain.periode import OpenPeriode
from app.domain.toewijzing import ToegewezenProduct
from app.domain.verzoek import AangevraagdProduct, Antwoord, Verzoek

Domein = Literal["ijw", "iwmo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtIdentificatie(Samengesteld):
    """Number that the sender gave the bericht (at most 12 characters) and the day it was sent."""

    identificatie: str
    dagtekening: date


@dataclass(frozen=True, slots=True, kw_only=True)
class XsdVersie(Samengesteld):
    """Versions of the schemas a bericht was made with; recorded, never a reason to refuse."""

    basisschema_xsd_versie: str
    bericht_xsd_versie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Berichtklasse):
    """The envelope data of a bericht.

    The three kinds of header of the standard are one class: a retourbericht (302 306 308 316 318 320) adds the fields `…_retour` to the copied
    header of the bericht it answers (IV028), a 325 adds those of the declaratie it answers (IV087). `retour_codes` stands on Berichtklasse.
    """

    bericht_code: str
    bericht_versie: int = 3
    bericht_subversie: int = 2
    afzender: str
    ontvanger: str
    bericht_identificatie: BerichtIdentificatie
    xsd_versie: XsdVersie
    declaratie_identificatie: BerichtIdentificatie | None = None
    identificatie_retour: str | None = None
    dagtekening_retour: date | None = None
    xslt_versie: str | None = None
    xsd_versie_retour: XsdVersie | None = None
    xsd_versie_declaratie: XsdVersie | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Geboortedatum(Samengesteld):
    """Day of birth and how much of it is known (DatumGebruik 1: day unknown, 2: day and month unknown, 3: all unknown)."""

    datum: date
    datum_gebruik: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Achternaam(Samengesteld):
    """Family name and its prefix."""

    achternaam: str
    voorvoegsel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Naam(Samengesteld):
    """Name of a person: full in a 301 (CDT_VolledigeNaam), short in 305 and 307 (CDT_VerkorteNaam: no Partnernaam, no NaamGebruik)."""

    geslachtsnaam: Achternaam
    partnernaam: Achternaam | None = None
    voornamen: str | None = None
    voorletters: str | None = None
    naam_gebruik: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Communicatie(Samengesteld):
    """Special form of communication and language."""

    vorm: str
    taal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Huis(Samengesteld):
    """House number with its additions."""

    huisnummer: int
    huisletter: str | None = None
    huisnummer_toevoeging: str | None = None
    aanduiding_woonadres: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adres(Samengesteld):
    """Postal address."""

    huis: Huis | None = None
    postcode: str | None = None
    straatnaam: str | None = None
    plaatsnaam: str | None = None
    land_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telefoon(Samengesteld):
    """Telephone number and country number."""

    telefoonnummer: str
    landnummer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telefoonnummers(Samengesteld):
    """One or two telephone numbers."""

    telefoon01: Telefoon
    telefoon02: Telefoon | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Berichtklasse):
    """An address or another way to reach a client or a relation; `soort` is of list COD757."""

    soort: str
    adres: Adres | None = None
    organisatie: str | None = None
    telefoon: Telefoonnummers | None = None
    emailadres: str | None = None
    periode: OpenPeriode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatie(Berichtklasse):
    """A person related to the client; logical key `nummer`."""

    nummer: str
    volgorde: int | None = None
    soort: str
    geboortedatum: Geboortedatum | None = None
    geslacht: str | None = None
    naam: Naam
    contact: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Berichtklasse):
    """The person of a bericht about one client (301, 305, 307, 315, 317 and their retourberichten).

    A 317 names the client by Bsn alone; the others always have `geboortedatum`, `geslacht` and `naam`.
    """

    bsn: str
    geboortedatum: Geboortedatum | None = None
    geslacht: str | None = None
    naam: Naam | None = None
    communicatie: Communicatie | None = None
    juridische_status: str | None = None
    wettelijke_vertegenwoordiging: str | None = None
    gezagsdrager_bekend: str | None = None
    commentaar: str | None = None
    relaties: tuple[Relatie, ...] = ()
    contactgegevens: tuple[Contact, ...] = ()
    toegewezen_producten: tuple[ToegewezenProduct, ...] = ()
    start_producten: tuple[StartProduct, ...] = ()
    stop_producten: tuple[StopProduct, ...] = ()
    aangevraagde_producten: tuple[AangevraagdProduct, ...] = ()
    verzoek: Verzoek | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bericht:
    """One message of the standard, read as a whole.

    Attributes:
        domein: `ijw` or `iwmo`.
        soort: Number of the message type, such as `301`; with `domein` the key of the catalogue.
        header: Always there.
        client: Of 301, 305, 307, 315, 317 and of a retourbericht that rejects at client level.
        declaratie: Of a 323.
        declaratie_antwoord: Of a 325 that judges the declaratie.
        antwoord: Of a 319, and of a 320 that rejects it.
    """

    domein: Domein
    soort: str
    header: Header
    client: Client | None = None
    declaratie: Declaratie | None = None
    declaratie_antwoord: DeclaratieAntwoord | None = None
    antwoord: Antwoord | None = None
