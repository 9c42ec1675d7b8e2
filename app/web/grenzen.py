"""The page that watches the boundary of what is shared: did use move to what the region pays together?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from app.reports import GrenzenOverzicht, read_grenzen
from app.solidarity.grenzen import kwartaal_van
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.grafiek import Meting, breed_en_smal
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.woorden import procent

Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.RISICO))]
Run = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/grenzen")
async def grenzen(bezoeker: Controller, run: Run = None) -> Response:
    """Per gemeente the shared part of cost and clients before and after, the largest shift first, and the quarters."""
    gevonden = await read_grenzen(bezoeker.wereld, bezoeker.actor, run)
    metingen = [
        Meting(naam=_naam(gevonden, row.gemeente), waarde_cent=row.na.promille, grens_cent=row.voor.promille)
        for row in gevonden.rijen
        if row.na.promille is not None and row.voor.promille is not None
    ]
    return bezoeker.pagina("grenzen.html", grenzen=gevonden, grafiek_grenzen=breed_en_smal(metingen, tekst=procent))


@router.get("/geld/grenzen.{vorm}")
async def grenzen_bestand(bezoeker: Controller, vorm: Vorm, run: Run = None) -> Response:
    """Every quarter of every gemeente as a file."""
    gevonden = await read_grenzen(bezoeker.wereld, bezoeker.actor, run)
    kop = ("gemeente", "naam", "begin", "kwartaal", "na_begin", "gedeeld", "alle_kosten", "gedeeld_promille")
    rijen = (
        (
            row.gemeente,
            _naam(gevonden, row.gemeente),
            row.begin,
            kwartaal.begin,
            "ja" if kwartaal.begin >= kwartaal_van(row.begin) else "nee",
            euro_cel(kwartaal.kosten.deel),
            euro_cel(kwartaal.kosten.geheel),
            kwartaal.kosten.promille,
        )
        for row in gevonden.rijen
        for kwartaal in row.kwartalen
    )
    return await tabel_bestand("grenzen", vorm, kop, rijen)


def _naam(gevonden: GrenzenOverzicht, code: str) -> str:
    return gevonden.gemeenten.get(code, code)
