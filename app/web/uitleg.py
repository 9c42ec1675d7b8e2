"""The page that explains a run of the verevening to one gemeente, line by line."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as PadDeel
from fastapi.responses import Response

from app.reports import read_uitleg
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import PaginaRoute
from app.web.uitlegblad import uitleg_pdf

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Run = Annotated[int, PadDeel(ge=1, le=2**63 - 1)]
Gemeente = Annotated[int, PadDeel(ge=1, le=9999)]
"""Its code as a number, so that other names in this place (`regels.csv`) stay pages of their own."""
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/verevening/{run:int}/{gemeente:int}")
async def uitleg(bezoeker: Lezer, run: Run, gemeente: Gemeente) -> Response:
    """Own cost, what was shared and on what ground, how the key was made, contribution, and what is left to pay."""
    gevonden = await read_uitleg(bezoeker.wereld, bezoeker.actor, run, f"{gemeente:04d}")
    return bezoeker.pagina("uitleg.html", pagina=gevonden, uitleg=gevonden.uitleg)


@router.get("/geld/verevening/{run:int}/{gemeente:int}.pdf")
async def uitleg_als_pdf(bezoeker: Lezer, run: Run, gemeente: Gemeente) -> Response:
    """The same lines as a file, to go with the papers of a council."""
    gevonden = await read_uitleg(bezoeker.wereld, bezoeker.actor, run, f"{gemeente:04d}")
    data = await asyncio.to_thread(uitleg_pdf, gevonden)
    headers = {"Content-Disposition": f'attachment; filename="verevening-{gevonden.jaar}-{gemeente:04d}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)
