"""What a reader sees of berichten: the filter of a list, one row, one bericht with its course, and the figures of the start page.

Pure values and the small decisions on them; the rows come from `store`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.errors import NietToegestaan
from app.domain.partij import Actor, Rol
from app.standard.catalogue import soort as soort_van

LIJST_MAX = 50
"""Berichten on one page of a list."""
CSV_MAX = 10_000
"""Berichten in one CSV download."""

BEOORDEELD = ("verwerkt", "deels_afgekeurd", "afgekeurd")


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtFilter:
    """Which berichten a reader asks for; None does not limit.

    Attributes:
        partij: `gemeente:0384` or `aanbieder:42420001`, sender or receiver.
        van, tot: First and last day of receipt, both included.
        retourcode, regel: Berichten that have such a bevinding.
        afzender: `gemeente` or `aanbieder`: which side sent it.
        gemeente: A gemeentecode, beside `partij`.
        toewijzing: Berichten about this toewijzing: itself, its changes, starts and stops, and what was declared on it.
        client: Berichten about this client, likewise; only for who may read what is in berichten.
        open_termijn: Only berichten with a term that is not met: an answer of ours or a retourbericht is still owed.
        termijn_voor: Of those, only the ones whose term ends before this day.
        richting: `in` what came to us, `uit` what we sent.
        voor: Cursor: only berichten before this bericht_nr.
    """

    richting: str | None = "in"
    status: str | None = None
    domein: str | None = None
    soort: str | None = None
    partij: str | None = None
    van: date | None = None
    tot: date | None = None
    retourcode: str | None = None
    regel: str | None = None
    afzender: str | None = None
    identificatie: str | None = None
    gemeente: str | None = None
    toewijzing: int | None = None
    client: int | None = None
    open_termijn: bool = False
    termijn_voor: date | None = None
    voor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtRegel:
    """One bericht in a list. Amounts in cents, None for types without money; `oorzaken` are its first causes as (regel, retourcode).

    `termijn_wie` must act before `termijn`: `regio` or the partij whose retourbericht is awaited; `termijn_voldaan_op` is when that was done.
    """

    bericht_nr: int
    richting: str
    domein: str | None
    soort: str | None
    van: str
    aan: str | None
    gemeente: str | None
    identificatie: str | None
    status: str
    ontvangen_op: datetime
    ontvangst_datum: date
    beoordeeld_op: datetime | None
    termijn: date | None
    ingediend_cent: int | None
    toegekend_cent: int | None
    aantal_regels: int | None
    grootte: int
    antwoord_nr: int | None
    antwoord_op_nr: int | None
    park_reden: str | None
    van_naam: str | None = None
    aan_naam: str | None = None
    oorzaken: tuple[tuple[str, str], ...] = ()
    termijn_wie: str | None = None
    termijn_voldaan_op: date | None = None

    @property
    def code(self) -> str:
        """`JW323`; a bericht that was refused before its type was known has none."""
        return soort_van(self.domein, self.soort).code if self.domein and self.soort else "onbekend"

    @property
    def naam(self) -> str:
        """`declaratie`."""
        return soort_van(self.domein, self.soort).naam if self.domein and self.soort else "bericht van onbekende soort"

    @property
    def afgewezen_cent(self) -> int | None:
        """What was claimed and not granted; None until judged."""
        if self.ingediend_cent is None or self.toegekend_cent is None:
            return None
        return self.ingediend_cent - self.toegekend_cent

    def is_te_laat(self, vandaag: date) -> bool:
        """Whether the term has passed while something is still owed."""
        return self.termijn is not None and self.termijn < vandaag and self.termijn_voldaan_op is None

    @property
    def is_te_laat_voldaan(self) -> bool:
        """Whether what was owed came after the term."""
        return self.termijn is not None and self.termijn_voldaan_op is not None and self.termijn_voldaan_op > self.termijn


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtenLijst:
    """One page of a list, newest first; `volgende` is the cursor of the next page, None at the end."""

    stand_van: datetime
    items: tuple[BerichtRegel, ...]
    volgende: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BevindingRegel:
    """One stored bevinding; `volgnr` is its number within the bericht."""

    volgnr: int
    regel: str
    retourcode: str | None
    pad: str
    regelnummer: int | None
    waarde: str | None
    melding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bezorging:
    """When a bericht was laid in a postvak and when it was fetched."""

    partij: str
    klaar_op: datetime
    ontvangen_op: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stap:
    """One step in the course of a bericht; `op` is None while it has not happened."""

    naam: str
    op: datetime | None
    toelichting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statustelling:
    """How many berichten have a status, received today and in the last seven days."""

    status: str
    vandaag: int
    zeven_dagen: int


def mag_inhoud_zien(actor: Actor, van: str, aan: str | None) -> bool:
    """Whether the actor may read the XML, which names persons: its own party's berichten, or for the work of toegang and uitval.

    The other roles see what was found and the money, not the person.
    """
    return actor.heeft(Rol.UITVAL, Rol.TOEGANG) or van in actor.partijen or aan in actor.partijen


def must_search_clients(actor: Actor) -> None:
    """Raises: NietToegestaan: The actor may not look for the berichten of one client."""
    if not actor.heeft(Rol.UITVAL, Rol.TOEGANG):
        raise NietToegestaan("Alleen wie met uitval of toegang werkt zoekt berichten van één cliënt.")


def verloop(bericht: BerichtRegel, antwoord: BerichtRegel | None, bezorgingen: Iterable[Bezorging]) -> tuple[Stap, ...]:
    """The course of a bericht as steps, what has not happened last."""
    if bericht.richting == "uit":
        steps = [Stap(naam="Gemaakt", op=bericht.ontvangen_op)]
    elif bericht.status == "geweigerd":
        return (Stap(naam="Geweigerd aan de deur", op=bericht.ontvangen_op, toelichting="Niet opgeslagen als ontvangen bericht."),)
    else:
        steps = [Stap(naam="Ontvangen", op=bericht.ontvangen_op), _oordeel_stap(bericht)]
        if antwoord is not None:
            steps.append(Stap(naam="Antwoord gemaakt", op=antwoord.ontvangen_op, toelichting=f"{antwoord.code} {antwoord.naam}"))
    namen = {bericht.van: bericht.van_naam, bericht.aan: bericht.aan_naam}
    for bezorging in bezorgingen:
        wie = namen.get(bezorging.partij) or bezorging.partij
        steps.append(Stap(naam="Klaargelegd in postvak", op=bezorging.klaar_op, toelichting=wie))
        steps.append(Stap(naam="Opgehaald", op=bezorging.ontvangen_op, toelichting=wie))
    return tuple(sorted(steps, key=lambda step: step.op is None))


def _oordeel_stap(bericht: BerichtRegel) -> Stap:
    if bericht.status == "geparkeerd":
        return Stap(naam="Geparkeerd", op=bericht.beoordeeld_op, toelichting=bericht.park_reden or "")
    if bericht.status == "wacht_op_contract":
        return Stap(naam="Beoordeeld", op=None, toelichting="Wacht op een contract of tarief aan onze kant.")
    return Stap(naam="Beoordeeld", op=bericht.beoordeeld_op)
