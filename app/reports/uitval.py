"""Uitval by cause: what a reader asks for, one cause with its figures and what is done about it, and in which order they stand. Pure.

A cause is a rule that rejects, or what a person must do before berichten can go on; who can take it away is in `oorzaken`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.oorzaak import MET_REGEL, OorzaakSleutel, Uitvalsoort
from app.reports.oorzaken import Oplosser, advies, betekenis

OORZAKEN_MAX = 200
"""Causes in one list."""
TOP_AFZENDERS = 3
"""Senders named with a cause."""


class Volgorde(StrEnum):
    """What stands first: the most money, the nearest deadline, or the most."""

    GELD = "geld"
    TERMIJN = "termijn"
    AANTAL = "aantal"


class Stand(StrEnum):
    """Whether somebody said that a cause was solved, and nothing came after."""

    OPEN = "open"
    OPGELOST = "opgelost"


@dataclass(frozen=True, slots=True, kw_only=True)
class UitvalFilter:
    """Which uitval a reader asks for; None does not limit.

    Attributes:
        vanaf: First day of receipt; what still waits is shown whenever it came.
        gemeente: A gemeentecode.
        afzender: `gemeente:0384` or `aanbieder:42420001`; of what is late that an aanbieder owes: who owes it.
        soort: What happened.
        bericht: Number of a berichtsoort, `323`.
    """

    vanaf: date | None = None
    gemeente: str | None = None
    afzender: str | None = None
    soort: Uitvalsoort | None = None
    bericht: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opvolging:
    """What people do about a cause: who works on it, and who last said something about it and when.

    Attributes:
        opgelost: Marked as solved, and nothing new came since.
        heropend: Marked as solved, but then it came back.
    """

    toegewezen_aan: str | None
    op: datetime
    door: str
    opgelost: bool
    heropend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UitvalOorzaak:
    """All uitval with one cause.

    Attributes:
        reden: Of what is parked: why; otherwise empty.
        aantal: Number of bevindingen; of what waits the berichten, or requests.
        berichten, afzenders: Number of berichten and of senders.
        top: The first senders, most money first, as (partij, name).
        bedrag_cent: Money of the lines concerned; of what waits, what is claimed in it.
        eerst, laatst: First and last day of receipt.
        termijn: The first day on which a term ends of a bericht to which something is still owed.
    """

    sleutel: OorzaakSleutel
    reden: str
    aantal: int
    berichten: int
    afzenders: int
    top: tuple[tuple[str, str | None], ...]
    bedrag_cent: int
    eerst: date
    laatst: date
    termijn: date | None
    opvolging: Opvolging | None = None

    @property
    def betekenis(self) -> str:
        """What is wrong, in a few words."""
        return betekenis_van(self.sleutel, self.reden)

    @property
    def oplosser(self) -> Oplosser:
        """Who can take this cause away."""
        return advies_van(self.sleutel)[0]

    @property
    def advies(self) -> str:
        """What that person should do."""
        return advies_van(self.sleutel)[1]

    @property
    def is_regel(self) -> bool:
        """Whether it is a rule that berichten break, which can be marked as solved."""
        return self.sleutel.soort in MET_REGEL

    @property
    def stand(self) -> Stand:
        """Whether it is solved."""
        return Stand.OPGELOST if self.opvolging is not None and self.opvolging.opgelost else Stand.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class UitvalLijst:
    """Causes of a filter; `afgekapt` when there are more than a list shows."""

    stand_van: datetime
    oorzaken: tuple[UitvalOorzaak, ...]
    afgekapt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notitie:
    """What somebody wrote with a cause."""

    op: datetime
    door: str
    tekst: str


def gesorteerd(oorzaken: Iterable[UitvalOorzaak], volgorde: Volgorde) -> list[UitvalOorzaak]:
    """The causes in an order; what is equal in it by money, then number, then name."""

    def key(oorzaak: UitvalOorzaak) -> tuple[int, int, int, str]:
        first = {
            Volgorde.GELD: 0,
            Volgorde.TERMIJN: oorzaak.termijn.toordinal() if oorzaak.termijn else date.max.toordinal(),
            Volgorde.AANTAL: -oorzaak.aantal,
        }[volgorde]
        return first, -abs(oorzaak.bedrag_cent), -oorzaak.aantal, str(oorzaak.sleutel)

    return sorted(oorzaken, key=key)


def betekenis_van(sleutel: OorzaakSleutel, reden: str = "") -> str:
    """What is wrong with the berichten of a cause; `reden` is why they were parked."""
    match sleutel.soort:
        case Uitvalsoort.AFGEKEURD | Uitvalsoort.GEWEIGERD:
            return betekenis(sleutel.detail, sleutel.retourcode)
        case Uitvalsoort.GEPARKEERD:
            return reden or "Geparkeerd zonder reden"
        case Uitvalsoort.TE_LAAT:
            return _TE_LAAT[sleutel.wie][0].format(nummer=sleutel.detail)
        case _:
            return _WACHT[sleutel.soort][0]


def advies_van(sleutel: OorzaakSleutel) -> tuple[Oplosser, str]:
    """Who can take a cause away, and how."""
    if sleutel.soort in MET_REGEL:
        return advies(sleutel.detail, sleutel.wie)
    if sleutel.soort is Uitvalsoort.TE_LAAT:
        return _TE_LAAT[sleutel.wie][1:]
    return _WACHT[sleutel.soort][1:]


_WACHT: dict[Uitvalsoort, tuple[str, Oplosser, str]] = {
    Uitvalsoort.GEPARKEERD: (
        "Geparkeerd",
        Oplosser.WIJ,
        "Neem de reden weg en laat de berichten daarna opnieuw beoordelen. Aan het bericht zelf hoeft misschien niets te veranderen.",
    ),
    Uitvalsoort.WACHT_OP_CONTRACT: (
        "Voor een prestatie is geen contract of tarief bekend",
        Oplosser.CONTRACTBEHEER,
        "Vul het contract of het tarief aan. De declaraties worden daarna vanzelf beoordeeld; drie werkdagen voor de termijn in elk geval.",
    ),
    Uitvalsoort.VASTGEHOUDEN: (
        "Vastgehouden door een medewerker",
        Oplosser.WIJ,
        "Geef de declaratie vrij als zij beoordeeld mag worden. Drie werkdagen voor de termijn gebeurt dat vanzelf.",
    ),
    Uitvalsoort.TERUG: (
        "De aanbieder heeft de toewijzing afgekeurd",
        Oplosser.TOEGANG,
        "Lees in het retourbericht waarom, en stuur een verbeterde toewijzing.",
    ),
}
_TE_LAAT: dict[str, tuple[str, Oplosser, str]] = {
    "wij": (
        "Wij hebben niet op tijd geantwoord op een {nummer}-bericht",
        Oplosser.WIJ,
        "Ga na waarom het antwoord niet is gemaakt; een bericht dat wacht op beoordeling of is vastgehouden krijgt geen antwoord.",
    ),
    "aanbieder": (
        "De aanbieder heeft niet op tijd geantwoord op een {nummer}-bericht",
        Oplosser.AANBIEDER,
        "Vraag de aanbieder om het retourbericht te sturen, of na te gaan of het bericht is opgehaald.",
    ),
    "gemeente": (
        "Over een verzoek ({nummer}) is niet op tijd beslist",
        Oplosser.TOEGANG,
        "Beslis op het verzoek: wijs toe, of wijs af met de reden.",
    ),
}
