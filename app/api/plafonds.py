"""`/plafonds`: how far the ceilings of contracts are used; for gemeenten and the region, never for an aanbieder (OP095)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.shapes import Cursor, Domein, Lijst, Limit, Shape
from app.api.toegang import ActorDep, WereldDep
from app.domain.prognose import Sein
from app.reports import Plafond, PlafondVraag, read_plafonds

router = APIRouter(tags=["plafonds"])


class PlafondPrognoseShape(Shape):
    """Where it ends on the last day, and when it is used up."""

    laag_cent: int
    midden_cent: int | None = Field(description="null: nog geen twee volle maanden")
    hoog_cent: int
    maanden: int = Field(description="volle maanden waaruit het tempo is genomen")
    uitputting: Literal["bereikt", "verwacht", "niet", "onbekend"]
    op: date | None = Field(description="verwachte dag; alleen bij verwacht")


class PlafondShape(Shape):
    """One plafond and what is known of it; amounts in cents."""

    contract: str
    agb: str = Field(examples=["42420001"])
    aanbieder_naam: str
    domein: Domein
    zorgvorm: str = Field(description="leeg: alle zorgvormen")
    jaar: int | None = Field(description="null: het hele contract")
    van: date
    tot: date
    plafond_cent: int
    toegekend_cent: int
    promille: int | None = Field(description="toegekend deel, naar beneden afgerond; null bij een plafond van nul")
    sein: Literal[0, 80, 95, 100] = Field(description="hoogste grens in procenten die is bereikt")
    wacht_cent: int = Field(description="ingediend en niet beoordeeld door wie op dit contract mag declareren; kan ook elders horen")
    wacht_declaraties: int
    verplicht_cent: int = Field(description="wat toewijzingen nog kunnen kosten boven wat is toegekend")
    toewijzingen_zonder_bedrag: int
    prognose: PlafondPrognoseShape


class PlafondLijst(Lijst[PlafondShape]):
    """A page of plafonds, the most urgent first."""


@router.get("/plafonds", summary="Plafonds van een jaar, het meest gebruikte eerst")
async def toon_plafonds(
    wereld: WereldDep,
    actor: ActorDep,
    jaar: Annotated[int | None, Query(ge=2000, le=2100, description="zonder: dit jaar")] = None,
    sein: Annotated[Sein | None, Query(description="alleen wat deze grens als hoogste heeft bereikt")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PlafondLijst:
    """Een plafond waarschuwt en keurt niets af. Van een contract voor meer gemeenten zijn het de cijfers van het hele contract."""
    page = await read_plafonds(wereld, actor, PlafondVraag(jaar=jaar, sein=sein), cursor, limit)
    return PlafondLijst(items=[_as_plafond(each) for each in page.items], volgende=page.volgende)


def _as_plafond(plafond: Plafond) -> PlafondShape:
    names = ("contract", "agb", "aanbieder_naam", "domein", "zorgvorm", "jaar", "van", "tot", "plafond_cent")
    figures = ("toegekend_cent", "promille", "wacht_cent", "verplicht_cent")
    return PlafondShape.model_validate(
        {name: getattr(plafond.rij, name) for name in names}
        | {name: getattr(plafond.stand, name) for name in figures}
        | {
            "sein": int(plafond.sein),
            "wacht_declaraties": plafond.wachtend.aantal,
            "toewijzingen_zonder_bedrag": plafond.onbekend,
            "prognose": PlafondPrognoseShape.model_validate(plafond.prognose),
        }
    )
