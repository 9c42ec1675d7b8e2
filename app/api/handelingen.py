"""`/grootboek/handelingen`: book without a bericht, by a plan; doing it again books nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import Field

from app.adapters.wereld import Wereld
from app.api.shapes import GEMEENTE_PATTERN, MAAND_PATTERN, NAAM_PATTERN, Domein, Shape, first_day_of
from app.api.toegang import ActorDep, WereldDep
from app.domain.partij import Actor
from app.ledger import (
    boek_bijdragen,
    boek_lokaal,
    boek_organisatiekosten,
    boek_ouderbijdrage,
    boek_pgb_besteding,
    boek_pgb_voorschot,
    boek_termijnen,
    boek_verevening,
    boek_voorschotten,
)

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


class VereveningHandeling(_Handeling):
    """A run of the verevening that was fixed."""

    soort: Literal["verevening"]
    run_nr: Annotated[int, Field(ge=1, le=2**63 - 1)]


Handeling = Annotated[
    TermijnenHandeling | PlanHandeling | OrganisatieHandeling | PgbVoorschotHandeling | ZorgHandeling | VereveningHandeling,
    Body(discriminator="soort"),
]


class HandelingUitkomst(Shape):
    """The acts that booked something."""

    handelingen: list[str] = Field(description="de nummers van de handelingen die iets boekten; leeg: alles stond er al")


_PER_PLAN: Mapping[str, Callable[..., Awaitable[int | None]]] = {"voorschotten": boek_voorschotten, "bijdragen": boek_bijdragen}
_VAN_ZORG: Mapping[str, Callable[..., Awaitable[int | None]]] = {
    "pgb_besteding": boek_pgb_besteding,
    "ouderbijdrage": boek_ouderbijdrage,
    "lokaal": boek_lokaal,
}


@router.post("/handelingen", summary="Boek zonder bericht: termijnen, voorschotten, bijdragen, pgb, ouderbijdrage, verevening")
async def boek_handeling(wereld: WereldDep, actor: ActorDep, handeling: Handeling) -> HandelingUitkomst:
    """Alleen een controller van de regio. Een handeling brengt de boeken naar de stand die zij noemt; nogmaals boekt zij niets."""
    return HandelingUitkomst(handelingen=[str(nr) for nr in await _boek(wereld, actor, handeling) if nr is not None])


async def _boek(wereld: Wereld, actor: Actor, handeling: Any) -> list[int | None]:
    reden = handeling.reden
    match handeling:
        case TermijnenHandeling():
            return [*await boek_termijnen(wereld, actor, first_day_of(handeling.maand), maatstaf=handeling.maatstaf, reden=reden)]
        case PlanHandeling():
            return [await _PER_PLAN[handeling.soort](wereld, actor, first_day_of(handeling.maand), reden=reden)]
        case OrganisatieHandeling():
            maand, cents, maatstaf = first_day_of(handeling.maand), handeling.bedrag_cent, handeling.maatstaf
            return [await boek_organisatiekosten(wereld, actor, maand, bedrag_cent=cents, maatstaf=maatstaf, reden=reden)]
        case PgbVoorschotHandeling():
            maand, cents = first_day_of(handeling.maand), handeling.bedrag_cent
            return [await boek_pgb_voorschot(wereld, actor, handeling.gemeente, maand, bedrag_cent=cents, reden=reden)]
        case ZorgHandeling():
            place = {"domein": handeling.domein, "zorgvorm": handeling.zorgvorm, "bedrag_cent": handeling.bedrag_cent}
            return [
                await _VAN_ZORG[handeling.soort](wereld, actor, handeling.gemeente, first_day_of(handeling.maand), reden=reden, **place)
            ]
        case VereveningHandeling():
            return [await boek_verevening(wereld, actor, handeling.run_nr, reden=reden)]
    raise TypeError(f"unknown act {type(handeling).__name__}")
