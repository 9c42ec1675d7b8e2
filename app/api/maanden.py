"""`/grootboek/maanden` and `/controles`: the months of the books, what one holds before it is closed, closing it, and the invariants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from app.api.shapes import MAAND_PATTERN, Cursor, Lijst, Limit, Shape, as_maand, first_day_of
from app.api.toegang import ActorDep, WereldDep
from app.ledger import Boekmaand, blik_vooruit, boekmaanden, sluit_maand, verifieer
from app.mailbox import make_cursor, read_cursor
from app.reports import read_controles

router = APIRouter(tags=["grootboek"])

Maand = Annotated[str, Path(pattern=MAAND_PATTERN, examples=["2026-06"])]


class BoekmaandShape(Shape):
    """A month of the books; number, cents and hash only for who sees the whole region."""

    maand: str = Field(examples=["2026-06"])
    gesloten: bool
    gesloten_op: datetime | None
    gesloten_door: str | None
    aantal: int | None = Field(description="aantal boekingen bij het afsluiten; null zolang de maand open is")
    bedrag_cent: int | None
    hash: str | None = Field(description="SHA-256 over de boekingen en de vorige maand; bewaar hem buiten Solidair")


class BoekmaandLijst(Lijst[BoekmaandShape]):
    """A page of months, the last first."""


class SoortsomShape(Shape):
    """What a month holds of one soort."""

    soort: str
    aantal: int
    bedrag_cent: int


class WachtShape(Shape):
    """What is still under way for the month."""

    wat: str = Field(description="een status van berichten, betaalrun_concept of betaling_onderweg")
    aantal: int
    bedrag_cent: int | None


class VooruitblikShape(Shape):
    """A month before it is closed."""

    maand: str
    belet: str | None = Field(description="waarom de maand nu niet kan worden afgesloten; null: het kan")
    soorten: list[SoortsomShape]
    wacht: list[WachtShape] = Field(description="houdt het afsluiten niet tegen: het komt later in de open maand, met behoud van zorgmaand")


class AfsluitShape(Shape):
    """Why a month is closed."""

    reden: Annotated[str, Field(min_length=1, max_length=500)]


class ControleShape(Shape):
    """A sentence that must hold, and at most a hundred rows that contradict it."""

    naam: str
    klopt: bool
    uitleg: str | None
    rijen: list[dict[str, Any]]


class VerificatieShape(Shape):
    """The last time that everything was recomputed."""

    begonnen_op: datetime
    klaar_op: datetime
    door: str
    klopt: bool
    controles: list[ControleShape]


class ControlesShape(Shape):
    """The invariants now, and what the last verification found."""

    stand_van: datetime
    klopt: bool
    controles: list[ControleShape]
    laatste_verificatie: VerificatieShape | None


@router.get("/grootboek/maanden", summary="De boekmaanden: open of afgesloten")
async def toon_maanden(wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 60) -> BoekmaandLijst:
    """De laatste eerst; maanden zonder boekingen alleen als zij zijn afgesloten."""
    voor = None if cursor is None else date.fromordinal(min(max(read_cursor(cursor), 1), date.max.toordinal()))
    found = await boekmaanden(wereld, actor, voor=voor, limit=limit + 1)
    items = found[:limit]
    return BoekmaandLijst(
        items=[_as_maand(each) for each in items],
        volgende=make_cursor(items[-1].boekmaand.toordinal()) if len(found) > limit else None,
    )


@router.get("/grootboek/maanden/{maand}", summary="Wat een boekmaand bevat en of zij kan worden afgesloten")
async def toon_vooruitblik(wereld: WereldDep, actor: ActorDep, maand: Maand) -> VooruitblikShape:
    """Alleen voor een controller van de regio."""
    found = await blik_vooruit(wereld, actor, first_day_of(maand))
    return VooruitblikShape(
        maand=as_maand(found.boekmaand),
        belet=found.belet,
        soorten=[SoortsomShape.model_validate(each) for each in found.soorten],
        wacht=[WachtShape.model_validate(each) for each in found.wacht],
    )


@router.post("/grootboek/maanden/{maand}/afsluiting", summary="Sluit een boekmaand af")
async def sluit(wereld: WereldDep, actor: ActorDep, maand: Maand, afsluiting: AfsluitShape) -> BoekmaandShape:
    """Alleen een controller van de regio, op volgorde en als de maand voorbij is. Wat later komt staat in de open maand."""
    return _as_maand(await sluit_maand(wereld, actor, first_day_of(maand), reden=afsluiting.reden))


@router.get("/controles", summary="De invarianten op dit moment, en de uitkomst van de laatste volledige controle")
async def toon_controles(wereld: WereldDep, actor: ActorDep) -> ControlesShape:
    """Alleen voor wie in de hele regio controller is of uitval behandelt."""
    found = await read_controles(wereld, actor)
    laatste = found.laatste
    return ControlesShape(
        stand_van=found.stand_van,
        klopt=found.klopt,
        controles=[
            ControleShape(naam=each.naam, klopt=each.klopt, uitleg=each.uitleg, rijen=_rows(each.rijen)) for each in found.invarianten
        ],
        laatste_verificatie=None if laatste is None else _as_verificatie(laatste),
    )


@router.post("/controles", summary="Reken alle boeken na")
async def reken_na(wereld: WereldDep, actor: ActorDep) -> VerificatieShape:
    """Duurt seconden tot minuten; de uitkomst wordt bewaard."""
    return _as_verificatie(await verifieer(wereld, actor))


def _as_maand(each: Boekmaand) -> BoekmaandShape:
    return BoekmaandShape(
        maand=as_maand(each.boekmaand),
        gesloten=each.is_gesloten,
        gesloten_op=each.gesloten_op,
        gesloten_door=each.gesloten_door,
        aantal=each.aantal,
        bedrag_cent=each.bedrag_cent,
        hash=each.hash,
    )


def _as_verificatie(made: Any) -> VerificatieShape:
    return VerificatieShape(
        begonnen_op=made.begonnen_op,
        klaar_op=made.klaar_op,
        door=made.door,
        klopt=made.klopt,
        controles=[
            ControleShape(naam=each.regel, klopt=each.klopt, uitleg=None, rijen=_rows(each.tegenspraken)) for each in made.controles
        ],
    )


def _rows(rijen: Any) -> list[dict[str, Any]]:
    return [dict(rij) for rij in rijen]
