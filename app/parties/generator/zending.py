"""A bericht with the day and place in the order in which it is sent, and what is wrong with it on purpose."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from app.domain.bericht import Bericht, BerichtIdentificatie, Domein, Header, XsdVersie
from app.standard import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Opzet:
    """A deliberate fault.

    Attributes:
        pad: Path of the berichtklasse that is refused (`/Bericht/Header`, `…/Prestatie[2]`); `/Bericht` or `/` when the door refuses it.
        regel: Code of the rule; at the door `XSD`, `OP192` for a file that is no XML, or `TOEGANG` for a sender or gemeente that does not fit.
        retourcode: Expected code; empty at the door, where there is no retourbericht (IV032).
        waarom: What was done to the bericht, in Dutch.
    """

    pad: str
    regel: str
    retourcode: str
    waarom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Zending:
    """Something that is sent.

    Attributes:
        dag, rang, volgnr: Order of sending; rang puts the kinds of one day in order.
        van: Partij that sends it.
        bericht: What is sent; `bewerking` changes its bytes afterwards, for what a bericht value cannot express.
        wacht: Why it waits for a contract, in Dutch; empty when it does not.
    """

    dag: date
    rang: int
    volgnr: int = 0
    van: str
    bericht: Bericht
    fouten: tuple[Opzet, ...] = ()
    bewerking: tuple[str, str] | None = None
    wacht: str = ""

    @property
    def volgorde(self) -> tuple[date, int, int]:
        """Key that orders the sending."""
        return self.dag, self.rang, self.volgnr


RANG = {"315": 2, "317": 4, "319": 6, "320": 8, "301": 10, "302": 20, "305": 30, "307": 40, "323": 50}


@dataclass(slots=True)
class Nummering:
    """Numbers that a sender gives: each counter goes up by one."""

    laatste: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def volgende(self, *naam: str) -> int:
        """The next number of a counter, from 1."""
        key = "/".join(naam)
        self.laatste[key] += 1
        return self.laatste[key]

    def identificatie(self, van: str) -> str:
        """A new Identificatie of a sender, over all kinds of bericht (TR056)."""
        return f"ID{self.volgende('identificatie', van):09d}"


def make_header(domein: Domein, nummer: str, *, afzender: str, ontvanger: str, identificatie: str, dagtekening: date) -> Header:
    """The header of a heenbericht."""
    soort = catalogue.soort(domein, nummer)
    return Header(
        bericht_code=soort.bericht_code,
        afzender=afzender,
        ontvanger=ontvanger,
        bericht_identificatie=BerichtIdentificatie(identificatie=identificatie, dagtekening=dagtekening),
        xsd_versie=XSD_VERSIE,
    )


XSD_VERSIE = XsdVersie(basisschema_xsd_versie=catalogue.XSD_VERSIE, bericht_xsd_versie=catalogue.XSD_VERSIE)
