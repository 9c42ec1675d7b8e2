"""The page of health: what comes in, what waits, which senders and lanes are quiet, and which signals are red."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from app.reports import GEZONDHEID_WACHTEND, Sein, Wie, read_gezondheid
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.kolomgrafiek import Hoeveelheid, kolommen_breed_en_smal
from app.web.pagina import PaginaRoute
from app.web.woorden import klok

Bewaker = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GEZONDHEID))]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/gezondheid")
async def gezondheid(bezoeker: Bewaker) -> Response:
    """How the installation is doing, from the stored berichten; for who watches the whole region."""
    found = await read_gezondheid(bezoeker.wereld, bezoeker.actor)
    per_uur = [Hoeveelheid(naam=klok(each.begin), aantal=each.ontvangen, deel=each.wacht) for each in found.uren]
    per_dag = [Hoeveelheid(naam=f"{each.dag.day}-{each.dag.month}", aantal=each.ontvangen, deel=each.wacht) for each in found.dagen]
    return bezoeker.pagina(
        "gezondheid.html",
        g=found,
        wie=Wie,
        seinen=Sein,
        wachtend=GEZONDHEID_WACHTEND,
        grafiek_uren=kolommen_breed_en_smal(per_uur),
        grafiek_dagen=kolommen_breed_en_smal(per_dag),
        mag_controles=bezoeker.actor.heeft(*rechten.CONTROLES),
    )
