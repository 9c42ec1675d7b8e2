"""`/grootboek/handelingen`: book without a bericht, by a plan; doing it again books nothing. What moves much waits for a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field

from app.api.shapes import (
    GEMEENTE_PATTERN,
    MAAND_PATTERN,
    NAAM_PATTERN,
    Cursor,
    Domein,
    Lijst,
    Limit,
    RekeningShape,
    Shape,
    as_maand,
    first_day_of,
)
from app.api.toegang import ActorDep, WereldDep, nr_van
from app.domain.errors import OngeldigVerzoek
from app.ledger import (
    Boeking,
    HandelingRegel,
    Opdracht,
    OpdrachtSoort,
    Rekening,
    Uitkomst,
    boek_opdracht,
    boek_verevening,
    keur_opdracht_goed,
    lijst_handelingen,
    maandlijst,
    toon_handeling,
    toon_opdracht,
    trek_opdracht_in,
)
from app.mailbox import make_cursor, read_cursor

router = APIRouter(prefix="/grootboek", tags=["grootboek"])

BEDRAG_CENT_MAX = 10**13
Maand = Annotated[str, Field(pattern=MAAND_PATTERN, examples=["2026-06"])]
Naam = Annotated[str, Field(pattern=NAAM_PATTERN)]
Gemeente = Annotated[str, Field(pattern=GEMEENTE_PATTERN)]
Bedrag = Annotated[int, Field(ge=-BEDRAG_CENT_MAX, le=BEDRAG_CENT_MAX, description="het totaal van de maand in centen, niet het verschil")]


class _Handeling(Shape):
    """What every act says."""

    reden: Annotated[str, Field(min_length=1, max_length=500)]


class TermijnenHandeling(_Handeling):
    """The terms of a month."""

    soort: Literal["termijnen"]
    maand: Maand
    maatstaf: Naam


class PlanHandeling(_Handeling):
    """The advances or contributions of a month, by the plan of the region."""

    soort: Literal["voorschotten", "bijdragen"]
    maand: Maand


class OrganisatieHandeling(_Handeling):
    """The cost of the organisation in a month."""

    soort: Literal["organisatiekosten"]
    maand: Maand
    maatstaf: Naam
    bedrag_cent: Bedrag


class PgbVoorschotHandeling(_Handeling):
    """What a gemeente paid the SVB in advance."""

    soort: Literal["pgb_voorschot"]
    gemeente: Gemeente
    maand: Maand
    bedrag_cent: Bedrag


class ZorgHandeling(_Handeling):
    """An amount of a gemeente for a zorgvorm in a month of care."""

    soort: Literal["pgb_besteding", "ouderbijdrage", "lokaal"]
    gemeente: Gemeente
    maand: Maand
    domein: Domein
    zorgvorm: Naam
    bedrag_cent: Bedrag


class WoonplaatsHandeling(_Handeling):
    """Cost that goes over to another gemeente."""

    soort: Literal["woonplaats"]
    gemeente: Annotated[str, Field(pattern=GEMEENTE_PATTERN, description="die de kosten droeg")]
    naar: Annotated[str, Field(pattern=GEMEENTE_PATTERN, description="die de kosten gaat dragen")]
    maand: Maand
    domein: Domein
    zorgvorm: Naam
    bedrag_cent: Bedrag
    toewijzing_nummer: Annotated[int | None, Field(ge=1, le=999_999_999, description="van de cliënt, bij de gemeente die droeg")] = None


class VereveningHandeling(_Handeling):
    """A run of the verevening that was fixed."""

    soort: Literal["verevening"]
    run_nr: Annotated[int, Field(ge=1, le=2**63 - 1)]


Handeling = Annotated[
    TermijnenHandeling
    | PlanHandeling
    | OrganisatieHandeling
    | PgbVoorschotHandeling
    | ZorgHandeling
    | WoonplaatsHandeling
    | VereveningHandeling,
    Body(discriminator="soort"),
]


class HandelingBoekingShape(Shape):
    """A transfer that is shown before it is booked."""

    soort: str
    debet: RekeningShape
    credit: RekeningShape
    domein: str
    zorgvorm: str
    zorgmaand: str
    bedrag_cent: int


class HandelingUitkomst(Shape):
    """The acts that booked something, and those that wait."""

    handelingen: list[str] = Field(description="de nummers van de handelingen die iets boekten; leeg: alles stond er al, of wacht")
    wachten: list[str] = Field(description="de nummers van de handelingen die op een tweede persoon wachten voor zij boeken")


class HandelingVoorbeeld(Shape):
    """What an order would book."""

    bedrag_cent: int
    wacht: bool = Field(description="of een deel op een tweede persoon zou wachten")
    vingerafdruk: str = Field(description="geef hem als `gezien` mee om alleen dit te boeken")
    boekingen: list[HandelingBoekingShape]


class HandelingShape(Shape):
    """An act: who, when, why, and what it moves."""

    handeling: str
    soort: str
    waarvoor: str = Field(description="de maand, en waar het om gaat")
    status: Literal["geboekt", "wacht", "ingetrokken"]
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None
    ingetrokken_op: datetime | None
    ingetrokken_door: str | None
    ingetrokken_reden: str | None
    aantal: int = Field(description="haar boekingen")
    bedrag_cent: int = Field(description="hoeveel zij boekt, of zou boeken")


class HandelingLijst(Lijst[HandelingShape]):
    """A page of acts, the newest first."""


class MaandtaakShape(Shape):
    """What a plan asks and the books do not say yet."""

    soort: OpdrachtSoort
    maand: str
    bedrag_cent: int
    verschil: bool = Field(description="een deel is eerder geboekt; het plan is sindsdien gewijzigd")
    maand_gesloten: bool
    wacht: str | None = Field(description="de handeling die op een tweede persoon wacht")
    belet: str | None


class MaandlijstShape(Shape):
    """The routine of the month."""

    maatstaf: str
    taken: list[MaandtaakShape]


class IntrekkingShape(Shape):
    """Why an act is withdrawn."""

    reden: Annotated[str, Field(min_length=1, max_length=500)]


Nummer = Annotated[str, Path(pattern="^[0-9]{1,19}$")]
Gezien = Annotated[
    str | None, Query(pattern="^[0-9a-f]{64}$", description="de vingerafdruk van het voorbeeld: iets anders wordt niet geboekt")
]


@router.post("/handelingen", summary="Boek zonder bericht: termijnen, voorschotten, bijdragen, pgb, ouderbijdrage, woonplaats, verevening")
async def boek_handeling(wereld: WereldDep, actor: ActorDep, handeling: Handeling, gezien: Gezien = None) -> HandelingUitkomst:
    """Alleen een controller van de regio. Een handeling brengt de boeken naar de stand die zij noemt; nogmaals boekt zij niets.

    Wat meer verplaatst dan de regio heeft ingesteld, wacht op een tweede persoon (`wachten`).
    """
    if isinstance(handeling, VereveningHandeling):
        nr = await boek_verevening(wereld, actor, handeling.run_nr, reden=handeling.reden)
        return HandelingUitkomst(handelingen=[] if nr is None else [str(nr)], wachten=[])
    return _uitkomst(await boek_opdracht(wereld, actor, _opdracht(handeling), reden=handeling.reden, gezien=gezien))


@router.post("/handelingen/voorbeeld", summary="Wat een handeling zou boeken; er wordt niets geboekt")
async def toon_voorbeeld(wereld: WereldDep, actor: ActorDep, handeling: Handeling) -> HandelingVoorbeeld:
    """Alleen een controller van de regio. Een verevening toont haar eigen berekening."""
    if isinstance(handeling, VereveningHandeling):
        raise OngeldigVerzoek("Een verevening toont wat zij boekt bij haar eigen berekening.")
    found = await toon_opdracht(wereld, actor, _opdracht(handeling))
    return HandelingVoorbeeld(
        bedrag_cent=found.bedrag_cent,
        wacht=found.wacht,
        vingerafdruk=found.vingerafdruk,
        boekingen=[_boeking(each) for stuk in found.stukken for each in stuk.boekingen],
    )


@router.get("/handelingen", summary="Wat zonder bericht is geboekt of op een tweede persoon wacht")
async def list_handelingen(
    wereld: WereldDep,
    actor: ActorDep,
    soort: OpdrachtSoort | None = None,
    maand: Annotated[str | None, Query(pattern=MAAND_PATTERN)] = None,
    door: Annotated[str | None, Query(max_length=100)] = None,
    status: Literal["geboekt", "wacht", "ingetrokken"] | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> HandelingLijst:
    """Alleen een controller van de regio; de nieuwste eerst. De boekingen van een handeling: `/grootboek/boekingen`."""
    found = await lijst_handelingen(
        wereld,
        actor,
        soort=soort,
        maand=None if maand is None else first_day_of(maand),
        door=door,
        status=status,
        voor=None if cursor is None else read_cursor(cursor),
        limit=limit + 1,
    )
    volgende = make_cursor(found[limit - 1].nr) if len(found) > limit else None
    return HandelingLijst(items=[_handeling(each) for each in found[:limit]], volgende=volgende)


@router.get("/handelingen/maandlijst", summary="Wat volgens de plannen nog te boeken is")
async def get_maandlijst(
    wereld: WereldDep, actor: ActorDep, maatstaf: Annotated[str | None, Query(pattern=NAAM_PATTERN)] = None
) -> MaandlijstShape:
    """Alleen een controller van de regio: deze maand en de twaalf ervoor."""
    found = await maandlijst(wereld, actor, maatstaf=maatstaf)
    taken = [
        MaandtaakShape(
            soort=each.soort,
            maand=as_maand(each.maand),
            bedrag_cent=each.bedrag_cent,
            verschil=each.is_verschil,
            maand_gesloten=each.maand_gesloten,
            wacht=None if each.wacht_nr is None else str(each.wacht_nr),
            belet=each.belet,
        )
        for each in found.taken
    ]
    return MaandlijstShape(maatstaf=found.maatstaf, taken=taken)


@router.get("/handelingen/{nr}", summary="Een handeling")
async def get_handeling(wereld: WereldDep, actor: ActorDep, nr: Nummer) -> HandelingShape:
    """Alleen een controller van de regio."""
    return _handeling(await toon_handeling(wereld, actor, nr_van(nr)))


@router.post("/handelingen/{nr}/goedkeuring", summary="Keur een handeling goed als tweede persoon; zij boekt dan")
async def keur_goed(wereld: WereldDep, actor: ActorDep, nr: Nummer) -> HandelingShape:
    """Een andere controller van de regio dan wie haar voorlegde. Zij boekt precies wat is voorgelegd, of niets (409)."""
    await keur_opdracht_goed(wereld, actor, nr_van(nr))
    return _handeling(await toon_handeling(wereld, actor, nr_van(nr)))


@router.post("/handelingen/{nr}/intrekking", summary="Trek een handeling in die op een tweede persoon wacht")
async def trek_in(wereld: WereldDep, actor: ActorDep, nr: Nummer, waarom: IntrekkingShape) -> HandelingShape:
    """Alleen een controller van de regio; zij blijft te lezen en boekt nooit."""
    await trek_opdracht_in(wereld, actor, nr_van(nr), reden=waarom.reden)
    return _handeling(await toon_handeling(wereld, actor, nr_van(nr)))


def _opdracht(handeling: Any) -> Opdracht:
    """The order of a body: its fields have the same names."""
    given = handeling.model_dump(exclude={"reden", "soort", "maand"}, exclude_none=True)
    return Opdracht(soort=OpdrachtSoort(handeling.soort), maand=first_day_of(handeling.maand), **given)


def _uitkomst(made: Uitkomst) -> HandelingUitkomst:
    booked, waits = ([str(stuk.nr) for stuk in made.stukken if stuk.wacht is wacht] for wacht in (False, True))
    return HandelingUitkomst(handelingen=booked, wachten=waits)


def _boeking(boeking: Boeking) -> HandelingBoekingShape:
    return HandelingBoekingShape(
        soort=boeking.soort,
        debet=_rekening(boeking.debet),
        credit=_rekening(boeking.credit),
        domein=boeking.domein,
        zorgvorm=boeking.zorgvorm,
        zorgmaand=as_maand(boeking.zorgmaand),
        bedrag_cent=boeking.bedrag_cent,
    )


def _rekening(rekening: Rekening) -> RekeningShape:
    return RekeningShape(rekening=rekening.soort, gemeente=rekening.gemeente, aanbieder=rekening.agb)


def _handeling(h: HandelingRegel) -> HandelingShape:
    return HandelingShape.model_validate(
        {
            "handeling": str(h.nr),
            "soort": h.soort,
            "waarvoor": h.sleutel,
            "status": h.status,
            "gemaakt_op": h.gemaakt_op,
            "gemaakt_door": h.gemaakt_door,
            "reden": h.reden,
            "goedgekeurd_op": h.goedgekeurd_op,
            "goedgekeurd_door": h.goedgekeurd_door,
            "ingetrokken_op": h.besloten_op,
            "ingetrokken_door": h.besloten_door,
            "ingetrokken_reden": h.besluit_reden or None,
            "aantal": h.aantal,
            "bedrag_cent": h.bedrag_cent,
        }
    )
