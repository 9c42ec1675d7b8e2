"""What goes over the wire: the shapes of the HTTP interface. Amounts are whole cents, ids are text, instants are UTC."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

PARTIJ_PATTERN = r"^(gemeente:[0-9]{4}|aanbieder:[0-9]{8})$"
BERICHT_PATTERN = r"^(JW|WMO)?3[0-9]{2}$"
RETOURCODE_PATTERN = r"^[0-9A-Z]{4}$"
GEMEENTE_PATTERN = r"^[0-9]{4}$"
AGB_PATTERN = r"^[0-9]{8}$"
NAAM_PATTERN = r"^[^\x00-\x1f]{1,100}$"
MAAND_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])(-01)?$"

Domein = Literal["ijw", "iwmo"]
VerzoekSoort = Literal["315", "317"]
VerzoekStatus = Literal["open", "in_onderzoek", "toegewezen", "afgewezen"]


class Status(StrEnum):
    """Where a bericht is."""

    GEWEIGERD = "geweigerd"
    ONTVANGEN = "ontvangen"
    WACHT_OP_CONTRACT = "wacht_op_contract"
    VASTGEHOUDEN = "vastgehouden"
    VERWERKT = "verwerkt"
    DEELS_AFGEKEURD = "deels_afgekeurd"
    AFGEKEURD = "afgekeurd"
    GEPARKEERD = "geparkeerd"
    KLAAR = "klaar"
    BEZORGD = "bezorgd"
    BEANTWOORD = "beantwoord"
    AFGEKEURD_DOOR_ONTVANGER = "afgekeurd_door_ontvanger"


class Niveau(IntEnum):
    """How far a check goes: format, content, and everything (the rules against earlier berichten and the contracts)."""

    FORMAAT = 1
    INHOUD = 2
    ALLES = 4


class Shape(BaseModel):
    """A shape that is filled from a value of a room."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Lijst(Shape, Generic[T]):
    """A page of a list; `volgende` is the cursor of the next page, null at the end."""

    items: list[T]
    volgende: str | None = Field(description="geef dit als cursor voor de volgende bladzijde; null: er is niet meer")


class BevindingShape(Shape):
    """One rule that does not hold, where, and what to change."""

    regel: str = Field(examples=["TR321"])
    retourcode: str | None = Field(examples=["9321"])
    pad: str = Field(examples=["/Bericht/Declaratie/Clienten/Client[2]/Prestaties/Prestatie[1]/GeleverdVolume"])
    regelnummer: int | None = Field(description="regel in het XML-bestand, vanaf 1")
    waarde: str | None = Field(description="afgeschermd als het een persoonsgegeven is")
    melding: str


class BerichtShape(Shape):
    """One bericht: where it is and what came of it."""

    id: str
    status: Status
    domein: Domein | None
    bericht: str | None = Field(examples=["323"])
    van: str = Field(examples=["aanbieder:42420001"])
    aan: str | None = Field(examples=["gemeente:0664"])
    identificatie: str | None
    ontvangen_op: datetime
    beoordeeld_op: datetime | None
    antwoord: str | None = Field(description="id van het antwoord op dit bericht")
    antwoord_op: str | None = Field(description="id van het bericht waarop dit het antwoord is")
    retourcodes: dict[str, int] = Field(description="aantal bevindingen per retourcode", examples=[{"9321": 2}])
    ingediend_cent: int | None
    toegekend_cent: int | None
    termijn: date | None = Field(description="laatste dag voor het antwoord")
    termijn_wie: str | None = Field(
        description="wie voor de termijn moet handelen: regio (Solidair antwoordt namens de gemeente), of de partij die antwoordt",
        examples=["regio", "aanbieder:42420001"],
    )
    termijn_voldaan_op: date | None = Field(description="dag waarop het antwoord is gemaakt of kwam; null: de termijn loopt")


class TermijnShape(Shape):
    """One term that runs: what must come, from whom, and until when."""

    wat: Literal["antwoord", "retourbericht", "besluit"]
    wie: Literal["wij", "aanbieder", "gemeente"] = Field(description="wie moet handelen; wij: Solidair antwoordt namens de gemeente")
    bericht_nr: str = Field(description="id van het bericht waardoor de termijn loopt")
    volgnr: int | None = Field(description="welk verzoek van een 315 of 317; null: het bericht zelf")
    domein: Domein
    bericht: str = Field(examples=["315"])
    gemeente: str = Field(examples=["0664"])
    gemeente_naam: str | None
    agb: str = Field(examples=["42420001"])
    aanbieder_naam: str | None
    kenmerk: str | None = Field(description="identificatie van het bericht, of ReferentieAanbieder van het verzoek")
    status: str = Field(description="van het verzoek: open of in_onderzoek; anders van het bericht")
    eindigt_op: date = Field(description="laatste dag")
    woonplaats_tot: date | None = Field(description="laatste dag om af te wijzen op het woonplaatsbeginsel; null: die is er niet (meer)")
    werkdagen: int = Field(description="werkdagen die resten; negatief als de termijn voorbij is")
    stand: Literal["loopt", "eindigt_binnenkort", "te_laat"]
    link: str = Field(examples=["/v1/berichten/1024"])


class VerzoekShape(Shape):
    """One request of an aanbieder: a product of a 315, or a 317 as a whole."""

    bericht_nr: str = Field(description="id van het 315 of 317")
    volgnr: int = Field(description="welk product van een 315; van een 317 is het 1")
    domein: Domein
    gemeente: str
    agb: str
    soort: VerzoekSoort
    referentie_aanbieder: str
    status: VerzoekStatus
    categorie: str | None = Field(description="van het gevraagde product; null van een 317, en van een aanvraag zonder product")
    code: str | None
    ontvangst_datum: date
    beslistermijn: date = Field(description="laatste dag om te besluiten: 5 werkdagen, of 8 weken als het verzoek in onderzoek is")
    woonplaatstermijn: date | None = Field(description="laatste dag om af te wijzen op het woonplaatsbeginsel: 2 weken, alleen iJw 315")
    besluit: str | None = Field(description="id van het 301 of 319 dat besloot; null: het besluit moet nog komen")
    besluit_datum: date | None


class PostvakShape(Shape):
    """One bericht that waits for a party."""

    id: str
    domein: Domein
    bericht: str
    van: str
    aan: str
    identificatie: str
    klaar_op: datetime
    antwoord_op: str | None


class ResterendShape(Shape):
    """What is left of one toewijzing that a declaratie names, in whole `eenheid`."""

    toewijzing_nummer: int
    eenheid: str = Field(description="WJ756; een toewijzing in uren staat in minuten (01) als de uren niet heel zijn", examples=["04"])
    toegestaan: int = Field(description="over de hele looptijd")
    verbruikt: int = Field(description="toegekend vóór dit bericht, credits eraf")
    in_dit_bericht: int = Field(description="gedeclareerd in dit bericht, credits eraf, ook wat niet wordt toegekend")
    resterend: int = Field(description="negatief als er meer is gedeclareerd dan er over was")


class ControleShape(Shape):
    """The outcome of a check without sending."""

    valid: bool
    beoordeeld_tot: Niveau = Field(description="het controleniveau tot waar is gecontroleerd; 1 als de structuur niet klopt")
    bevindingen: list[BevindingShape]
    resterend: list[ResterendShape] | None = Field(
        description="wat er resteert van elke toewijzing met een totaal die de declaratie noemt; null als het geen declaratie is, of als "
        "niet tegen eerdere berichten is gecontroleerd"
    )
    resterend_afgekapt: bool = Field(description="waar als de declaratie meer toewijzingen noemt dan er staan")


class SaldoShape(Shape):
    """A balance; debit positive."""

    rekening: str
    gemeente: str
    aanbieder: str
    domein: str
    zorgvorm: str
    zorgmaand: str = Field(examples=["2026-06"])
    boekmaand: str = Field(examples=["2026-07"])
    bedrag_cent: int


class RekeningShape(Shape):
    """One side of a transfer."""

    rekening: str
    gemeente: str
    aanbieder: str


class BoekingShape(Shape):
    """One transfer between two accounts."""

    bericht: str
    regel: int
    soort: str
    volgnr: int
    debet: RekeningShape
    credit: RekeningShape
    bedrag_cent: int
    domein: str
    zorgvorm: str
    zorgmaand: str
    dienst_van: date | None
    dienst_tot: date | None
    boekdatum: date
    regelset: str
    storno_van: str | None


class BerichtLijst(Lijst[BerichtShape]):
    """A page of berichten, newest first."""


class BevindingLijst(Lijst[BevindingShape]):
    """A page of bevindingen, in order of the file."""


class TermijnLijst(Lijst[TermijnShape]):
    """A page of terms, what ends first first."""


class VerzoekLijst(Lijst[VerzoekShape]):
    """A page of requests, newest bericht first."""


class PostvakLijst(Lijst[PostvakShape]):
    """A page of a postvak, oldest first."""


class SaldoLijst(Lijst[SaldoShape]):
    """A page of balances."""


class BoekingLijst(Lijst[BoekingShape]):
    """A page of transfers, in order of the lines of the bericht."""


def as_maand(first_day: date) -> str:
    """A month as the interface writes it."""
    return f"{first_day:%Y-%m}"


def first_day_of(maand: str) -> date:
    """The first day of a month written as `2026-06` or `2026-06-01`."""
    return date.fromisoformat(f"{maand[:7]}-01")


Cursor = Annotated[str | None, Query(description="`volgende` van de vorige bladzijde", max_length=100)]
Limit = Annotated[int, Query(description="hoeveel items een bladzijde heeft", ge=1, le=200)]
Wacht = Annotated[int, Query(description="antwoord zodra het bericht beoordeeld is, uiterlijk na zoveel seconden", ge=0, le=60)]


class VoorwaardeShape(Shape):
    """A condition that a prestatie must meet to be granted, with how it came about."""

    naam: str = Field(examples=["looptijd van het contract"])
    voldaan: bool
    zin: str = Field(examples=["Uw contract J1 loopt af op 31-12-2025; de periode begint op 01-01-2026."])


class MatchingShape(Shape):
    """How a prestatie matches, on toewijzing and contract as they are now: its conditions up to and including the first that fails."""

    regel: int = Field(description="regelnummer van de prestatie, vanaf 1 in de volgorde van het bericht")
    referentie_nummer: str
    toewijzing_nummer: int
    past: bool
    gemist: str | None = Field(description="de voorwaarde die niet is vervuld, in één zin; null als alles past")
    voorwaarden: list[VoorwaardeShape]
