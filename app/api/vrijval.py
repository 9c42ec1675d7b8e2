"""`/grootboek/vrijval`: what is left of commitments for old months of care: shown first, then released by an act of a controller."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.handelingen import HandelingUitkomst
from app.api.shapes import MAAND_PATTERN, Shape, as_maand, first_day_of
from app.api.toegang import ActorDep, WereldDep
from app.ledger import laat_vrijvallen, toon_vrijval

router = APIRouter(prefix="/grootboek/vrijval", tags=["grootboek"])


class VrijvalRegel(Shape):
    """What one aanbieder and gemeente have left."""

    domein: str
    aanbieder: str
    gemeente: str
    eerste_maand: str = Field(examples=["2025-01"])
    laatste_maand: str = Field(examples=["2025-05"])
    bedrag_cent: int


class VrijvalShape(Shape):
    """What would be released now."""

    voor: str
    bedrag_cent: int
    regels: list[VrijvalRegel] = Field(description="de grootste eerst")


class VrijvalVerzoek(Shape):
    """Release what is left of months of care before this one."""

    voor: Annotated[str, Field(pattern=MAAND_PATTERN, examples=["2025-06"], description="eerste zorgmaand die blijft staan")]
    reden: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("", summary="Wat er van verplichtingen zou vrijvallen; er verandert niets")
async def toon(
    wereld: WereldDep, actor: ActorDep, voor: Annotated[str, Query(pattern=MAAND_PATTERN, examples=["2025-06"])]
) -> VrijvalShape:
    """Alleen een controller van de regio."""
    found = await toon_vrijval(wereld, actor, voor=first_day_of(voor))
    regels = [
        VrijvalRegel(
            domein=each.domein,
            aanbieder=each.agb,
            gemeente=each.gemeente,
            eerste_maand=as_maand(each.eerste_maand),
            laatste_maand=as_maand(each.laatste_maand),
            bedrag_cent=each.bedrag_cent,
        )
        for each in found
    ]
    return VrijvalShape(voor=voor, bedrag_cent=sum(each.bedrag_cent for each in found), regels=regels)


@router.post("", summary="Laat vrijvallen wat er van oude zorgmaanden over is")
async def laat_vrij(wereld: WereldDep, actor: ActorDep, verzoek: VrijvalVerzoek) -> HandelingUitkomst:
    """Alleen een controller van de regio. Wat later nog wordt gedeclareerd, wordt gewoon betaald: het zijn dan kosten zonder verplichting."""
    made = await laat_vrijvallen(wereld, actor, voor=first_day_of(verzoek.voor), reden=verzoek.reden)
    return HandelingUitkomst(handelingen=[str(nr) for nr in made], wachten=[])
