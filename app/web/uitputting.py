"""The page of the depletion of budgets: where each gemeente, zorgvorm or aanbieder stands, where the year ends, and what the last month changed."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.rapportages import PDF, RIJEN_MAX, XLSX, bestandsnaam
from app.reports import (
    KOPPEN,
    MAANDEN,
    TOELICHTING,
    WAARDOOR_WOORDEN,
    Basis,
    Per,
    Uitputting,
    als_csv,
    als_pdf,
    als_werkmap,
    ervaring_zin,
    euro_heel,
    maandnaam,
    ondertitel,
    onvolledig_zin,
    procent,
    read_uitputting,
    sein,
    tempo,
)
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import PaginaRoute
from app.web.uitputting_grafiek import breed_en_smal

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
RIJEN = 50
ONVOLLEDIG_MAX = 10
"""So many sentences about missing data stand open; the others are counted and stand behind a fold."""


class UitputtingVraag(BaseModel):
    """The choice as it stands in the address; an empty field of the form is the default."""

    model_config = ConfigDict(frozen=True)

    jaar: int | None = Field(default=None, ge=2000, le=2100)
    maand: int | None = Field(default=None, ge=1, le=12)
    basis: Basis = Basis.ZORG
    per: Per = Per.GEMEENTE
    gemeente: str | None = Field(default=None, pattern=r"^[0-9]{4}$")
    na: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value not in ("", None)} if isinstance(data, dict) else data

    def as_query(self) -> dict[str, Any]:
        """The choice for a link."""
        return {name: str(value) for name, value in self.model_dump(mode="json", exclude_none=True, exclude={"na"}).items()}


async def _lees(bezoeker: Bezoeker, vraag: UitputtingVraag, *, limit: int, cursor: str | None = None) -> Uitputting:
    return await read_uitputting(
        bezoeker.wereld,
        bezoeker.actor,
        vraag.jaar,
        tot_en_met=vraag.maand,
        basis=vraag.basis,
        per=vraag.per,
        gemeente=vraag.gemeente,
        cursor=cursor,
        limit=limit,
    )


@router.get("/geld/uitputting")
async def uitputting(bezoeker: Lezer, vraag: Annotated[UitputtingVraag, Query()]) -> Response:
    """The report of a year."""
    report = await _lees(bezoeker, vraag, limit=RIJEN, cursor=vraag.na)
    return bezoeker.pagina(
        "uitputting.html",
        p=report,
        vraag=vraag,
        waarden=vraag.as_query(),
        kop=KOPPEN[report.per],
        ondertitel=ondertitel(report),
        grafiek=breed_en_smal(report.totaal),
        maanden=[(number, name) for number, name in enumerate(MAANDEN, 1)],
        peil=maandnaam(report.peil.year, report.peil.month),
        sein=sein,
        tempo=tempo,
        procent_van=procent,
        hele_euro=euro_heel,
        waardoor=WAARDOOR_WOORDEN,
        onvolledig=[onvolledig_zin(each) for each in report.onvolledig],
        onvolledig_max=ONVOLLEDIG_MAX,
        ervaringen=[ervaring_zin(each.naam, each.ervaring) for each in report.ervaringen],
        toelichting=TOELICHTING,
    )


@router.get("/geld/uitputting.csv")
async def uitputting_csv(bezoeker: Lezer, vraag: Annotated[UitputtingVraag, Query()]) -> Response:
    """All rows as a file."""
    report = await _lees(bezoeker, vraag, limit=RIJEN_MAX)
    return _bestand(als_csv(report), "text/csv; charset=utf-8", bestandsnaam(report, "csv"))


@router.get("/geld/uitputting.xlsx")
async def uitputting_xlsx(bezoeker: Lezer, vraag: Annotated[UitputtingVraag, Query()]) -> Response:
    """Every table of the page as a sheet."""
    report = await _lees(bezoeker, vraag, limit=RIJEN_MAX)
    return _bestand(await asyncio.to_thread(als_werkmap, report), XLSX, bestandsnaam(report, "xlsx"))


@router.get("/geld/uitputting.pdf")
async def uitputting_pdf(bezoeker: Lezer, vraag: Annotated[UitputtingVraag, Query()]) -> Response:
    """The monthly report, of one gemeente when it is chosen."""
    report = await _lees(bezoeker, vraag, limit=RIJEN_MAX)
    return _bestand(await asyncio.to_thread(als_pdf, report), PDF, bestandsnaam(report, "pdf"))


def _bestand(inhoud: str | bytes, soort: str, naam: str) -> Response:
    return Response(inhoud, media_type=soort, headers={"Content-Disposition": f'attachment; filename="{naam}"'})
