"""What a controller asks to book without a bericht: kind, month and what goes with it; and how much it moves. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.errors import OngeldigVerzoek
from app.ledger.boeking import Boeking
from app.ledger.gebeurtenissen import PER_SOORT
from app.ledger.handeling_plan import Post

BEDRAG_CENT_MAX = 10**13
"""A hundred billion euros: more is a mistake."""


class OpdrachtSoort(StrEnum):
    """The kinds of acts."""

    TERMIJNEN = "termijnen"
    VOORSCHOTTEN = "voorschotten"
    BIJDRAGEN = "bijdragen"
    ORGANISATIEKOSTEN = "organisatiekosten"
    PGB_VOORSCHOT = "pgb_voorschot"
    PGB_BESTEDING = "pgb_besteding"
    OUDERBIJDRAGE = "ouderbijdrage"
    LOKAAL = "lokaal"
    WOONPLAATS = "woonplaats"


_ZORG = ("gemeente", "domein", "zorgvorm", "bedrag_cent")
NODIG: Mapping[OpdrachtSoort, tuple[str, ...]] = {
    OpdrachtSoort.TERMIJNEN: ("maatstaf",),
    OpdrachtSoort.VOORSCHOTTEN: (),
    OpdrachtSoort.BIJDRAGEN: (),
    OpdrachtSoort.ORGANISATIEKOSTEN: ("maatstaf", "bedrag_cent"),
    OpdrachtSoort.PGB_VOORSCHOT: ("gemeente", "bedrag_cent"),
    OpdrachtSoort.PGB_BESTEDING: _ZORG,
    OpdrachtSoort.OUDERBIJDRAGE: _ZORG,
    OpdrachtSoort.LOKAAL: _ZORG,
    OpdrachtSoort.WOONPLAATS: ("gemeente", "naar", *_ZORG[1:]),
}
"""What each kind needs besides its month."""
MAG: Mapping[OpdrachtSoort, tuple[str, ...]] = {OpdrachtSoort.WOONPLAATS: ("toewijzing_nummer",)}
"""What it may have."""
VELD_WOORD: Mapping[str, str] = {
    "maatstaf": "de maatstaf",
    "gemeente": "de gemeente",
    "naar": "de gemeente waar de kosten naartoe gaan",
    "domein": "het domein",
    "zorgvorm": "de zorgvorm",
    "bedrag_cent": "het bedrag",
    "toewijzing_nummer": "een toewijzing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opdracht:
    """An act that is asked for. Empty or None is what its kind does not have.

    Attributes:
        soort: Its kind.
        maand: First day of the month it is for: of payment, or of care.
        gemeente: Whose money; of `woonplaats` the one that bore the cost.
        naar: Of `woonplaats`: the gemeente that bears it from now on.
        domein, zorgvorm: Of what care.
        maatstaf: The measure by which an amount is divided.
        bedrag_cent: The total that the books should say for the month, not the difference.
        toewijzing_nummer: Of `woonplaats`: the toewijzing by `gemeente` of the client it is about; None: of no one client.
    """

    soort: OpdrachtSoort
    maand: date
    gemeente: str = ""
    naar: str = ""
    domein: str = ""
    zorgvorm: str = ""
    maatstaf: str = ""
    bedrag_cent: int | None = None
    toewijzing_nummer: int | None = None

    def as_data(self) -> dict[str, Any]:
        """As plain data, what is empty left out; `from_data` reads it."""
        filled = {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) not in ("", None)}
        return {**filled, "soort": str(self.soort), "maand": f"{self.maand:%Y-%m}"}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Opdracht:
        """What `as_data` gave."""
        return cls(**{**data, "soort": OpdrachtSoort(data["soort"]), "maand": date.fromisoformat(f"{data['maand']}-01")})


def check_opdracht(opdracht: Opdracht) -> None:
    """Raise OngeldigVerzoek with one sentence when something is missing, too much, or cannot be."""
    soort = opdracht.soort.replace("_", " ")
    if opdracht.maand.day != 1:
        raise OngeldigVerzoek("Een maand heet naar haar eerste dag.")
    for name in VELD_WOORD:
        filled = getattr(opdracht, name) not in ("", None)
        if name in NODIG[opdracht.soort] and not filled:
            raise OngeldigVerzoek(f"Vul voor {soort} {VELD_WOORD[name]} in.")
        if filled and name not in (*NODIG[opdracht.soort], *MAG.get(opdracht.soort, ())):
            raise OngeldigVerzoek(f"Bij {soort} hoort {VELD_WOORD[name]} niet.")
    if abs(opdracht.bedrag_cent or 0) > BEDRAG_CENT_MAX:
        raise OngeldigVerzoek("Dit bedrag is te groot.")
    if opdracht.soort is OpdrachtSoort.WOONPLAATS:
        if opdracht.naar == opdracht.gemeente:
            raise OngeldigVerzoek("Kies twee verschillende gemeenten.")
        if (opdracht.bedrag_cent or 0) < 0:
            raise OngeldigVerzoek("Geef een bedrag vanaf nul; de kosten gaan van de eerste gemeente naar de tweede.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deelplan:
    """What the books should say after an act: cents per post, for one soort of boeking and what it is about (`sleutel`).

    `client_id` is whom its transfers name, when they name somebody.
    """

    soort: str
    sleutel: str
    plan: Mapping[Post, int]
    client_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuk:
    """One act of an order: its transfers, whether they are booked or wait for a second person (`wacht`)."""

    nr: int
    soort: str
    sleutel: str
    boekingen: tuple[Boeking, ...] = field(repr=False)
    wacht: bool

    @property
    def bedrag_cent(self) -> int:
        """How much it moves."""
        return bewogen_cent(self.soort, self.boekingen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """What an order led to, or would lead to. Without acts there was nothing to book: the books said so already."""

    stukken: tuple[Stuk, ...]

    @property
    def vingerafdruk(self) -> str:
        """Equal when the transfers are the same, whatever their numbers and day."""
        return vingerafdruk(boeking for stuk in self.stukken for boeking in stuk.boekingen)

    @property
    def bedrag_cent(self) -> int:
        """How much it moves."""
        return sum(stuk.bedrag_cent for stuk in self.stukken)

    @property
    def wacht(self) -> bool:
        """Whether a part waits for a second person."""
        return any(stuk.wacht for stuk in self.stukken)


def bewogen_cent(soort: str, boekingen: Iterable[Boeking]) -> int:
    """How much transfers of one soort move: what goes the way of the event, or what goes back when that is more.

    Cost that goes from one gemeente to another counts once, though it is two transfers.
    """
    heen, terug = 0, 0
    paren = PER_SOORT[soort].paren
    for boeking in boekingen:
        if (boeking.debet.soort, boeking.credit.soort) in paren:
            heen += boeking.bedrag_cent
        else:
            terug += boeking.bedrag_cent
    return max(heen, terug)


def vingerafdruk(boekingen: Iterable[Boeking]) -> str:
    """SHA-256 over what transfers move, without number and day."""
    lines = [
        (b.soort, *b.debet, *b.credit, b.bedrag_cent, b.domein, b.zorgvorm, b.zorgmaand.isoformat(), b.client_id or 0) for b in boekingen
    ]
    return hashlib.sha256(json.dumps(sorted(lines)).encode()).hexdigest()
