"""The page of a controller: cost, budget and settlement of a year."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from app.reports import Basis, KostenRegel, read_kosten
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.grafiek import Meting, breed_en_smal
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand

Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Jaar = Annotated[int | None, Query(ge=2000, le=2100)]
Run = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld")
async def geld(bezoeker: Controller, jaar: Jaar = None, run: Run = None, basis: Basis = Basis.ZORG) -> Response:
    """Cost, budget and settlement per gemeente, per zorgvorm and per month; by month of care or by booking month."""
    gevonden = await read_kosten(bezoeker.wereld, bezoeker.actor, jaar, run, basis=basis)
    kosten = [Meting(naam=row.naam, waarde_cent=row.kosten_cent, grens_cent=row.budget_cent) for row in gevonden.gemeenten]
    maanden = [Meting(naam=row.naam, waarde_cent=row.kosten_cent) for row in gevonden.maanden]
    shares = [Meting(naam=row.naam, waarde_cent=row.verevening_cent) for row in gevonden.gemeenten if row.verevening_cent is not None]
    return bezoeker.pagina(
        "geld.html",
        kosten=gevonden,
        zorgvorm_budget=any(row.budget_cent is not None for row in gevonden.zorgvormen),
        grafiek_gemeenten=breed_en_smal(kosten),
        grafiek_maanden=breed_en_smal(maanden),
        grafiek_verevening=breed_en_smal(shares),
    )


@router.get("/geld/kosten.{vorm}")
async def kosten_bestand(
    bezoeker: Controller,
    vorm: Vorm,
    per: Literal["gemeente", "zorgvorm", "maand"] = "gemeente",
    jaar: Jaar = None,
    run: Run = None,
    basis: Basis = Basis.ZORG,
) -> Response:
    """One of the tables of the page as a file."""
    gevonden = await read_kosten(bezoeker.wereld, bezoeker.actor, jaar, run, basis=basis)
    rijen = {"gemeente": gevonden.gemeenten, "zorgvorm": gevonden.zorgvormen, "maand": gevonden.maanden}[per]
    jaarsoort = "boekjaar-" if basis is Basis.BOEK else ""
    kop = ("jaar", per, "naam", "kosten", "budget", "rest", "te_betalen_verevening")
    return await tabel_bestand(f"kosten-{jaarsoort}{gevonden.jaar}-per-{per}", vorm, kop, (_rij(gevonden.jaar, row) for row in rijen))


def _rij(jaar: int, row: KostenRegel) -> tuple[object, ...]:
    amounts = (row.kosten_cent, row.budget_cent, row.rest_cent, row.verevening_cent)
    return (jaar, row.sleutel, row.naam, *(euro_cel(amount) for amount in amounts))
