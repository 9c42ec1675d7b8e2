"""`/postvakken`: what waits for a party, and that it has it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.shapes import Cursor, Limit, PostvakLijst
from app.api.toegang import ActorDep, WereldDep, nr_van
from app.mailbox import bevestig_ontvangst, lees_postvak

router = APIRouter(prefix="/postvakken", tags=["postvakken"])


@router.get("/{partij}", summary="Wat wacht op een partij, oudste eerst")
async def toon_postvak(partij: str, wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 100) -> PostvakLijst:
    """Berichten waarvan de ontvangst nog niet is bevestigd; de XML staat op /berichten/{id}/xml."""
    return PostvakLijst.model_validate(await lees_postvak(wereld, actor, partij, cursor, limit))


@router.post("/{partij}/{bericht_id}/ontvangst", summary="Bevestig de ontvangst", status_code=204, response_class=Response)
async def bevestig(partij: str, bericht_id: str, wereld: WereldDep, actor: ActorDep) -> None:
    """Het bericht verdwijnt uit het postvak; nog eens bevestigen verandert niets."""
    await bevestig_ontvangst(wereld, actor, partij, nr_van(bericht_id))
