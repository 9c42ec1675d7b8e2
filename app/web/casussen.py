"""The page with the most expensive cases per gemeente, by pseudonym, beside those of the year before; for controllers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from app.reports import CasussenOverzicht, top_casussen
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.grafiek import Meting, breed_en_smal
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand

Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.CASUSSEN))]
Jaar = Annotated[int | None, Query(ge=2000, le=2100)]
Gemeente = Annotated[str | None, Query(pattern=r"^(\d{4})?$")]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/casussen")
async def casussen(bezoeker: Controller, jaar: Jaar = None, gemeente: Gemeente = None) -> Response:
    """Per gemeente what the ten most expensive cases cost and how many are new; of one gemeente the cases themselves."""
    gevonden = await _lees(bezoeker, jaar, gemeente)
    gekozen = gevonden.gemeenten[0] if len(gevonden.gemeenten) == 1 else None
    metingen = [Meting(naam=f"{casus.rang}. {casus.client}", waarde_cent=casus.bedrag_cent) for casus in gekozen.top] if gekozen else []
    return bezoeker.pagina(
        "casussen.html",
        casussen=gevonden,
        gekozen=gekozen,
        gefilterd=bool(gemeente),
        gemeente=gemeente,
        grafiek_top=breed_en_smal(metingen),
    )


@router.get("/geld/casussen.{vorm}")
async def casussen_bestand(bezoeker: Controller, vorm: Vorm, jaar: Jaar = None, gemeente: Gemeente = None) -> Response:
    """The cases of the page as a file."""
    gevonden = await _lees(bezoeker, jaar, gemeente)
    kop = ("jaar", "gemeente", "naam", "rang", "casus", "kosten", "in_top_vorig_jaar")
    rijen = (
        (gevonden.jaar, each.gemeente, each.naam, casus.rang, casus.client, euro_cel(casus.bedrag_cent), _ja_nee(casus.in_vorige_top))
        for each in gevonden.gemeenten
        for casus in each.top
    )
    return await tabel_bestand(f"casussen-{gevonden.jaar}", vorm, kop, rijen)


async def _lees(bezoeker: Bezoeker, jaar: int | None, gemeente: str | None) -> CasussenOverzicht:
    return await top_casussen(bezoeker.wereld, bezoeker.actor, jaar, gemeente or None)


def _ja_nee(value: bool | None) -> str:
    return "" if value is None else "ja" if value else "nee"
