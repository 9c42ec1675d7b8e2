"""`/rapportages`: the depletion of budgets as JSON, by Accept or suffix as CSV too; the figures of the page, for the reader's gemeenten."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response
from pydantic import Field

from app.api.shapes import GEMEENTE_PATTERN, MAAND_PATTERN, Cursor, Limit, Shape, as_maand, first_day_of
from app.api.toegang import ActorDep, WereldDep
from app.reports import Basis, Per, Uitputting, UitputtingRij, als_csv, als_pdf, als_werkmap, onvolledig_zin, read_uitputting, sein

router = APIRouter(prefix="/rapportages", tags=["rapportages"])

RIJEN_MAX = 5_000
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
BINAIR: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
MAAND_UITLEG = "laatste maand die telt; zonder: de vorige maand, van een eerder jaar december"


class PrognoseShape(Shape):
    """Where the year ends by experience."""

    laag_cent: int
    midden_cent: int
    hoog_cent: int


class IngediendShape(Shape):
    """Received and not judged yet, whatever month it is about."""

    declaraties: int
    zonder_bedrag: int = Field(description="van zoveel ervan is het bedrag nog niet gelezen")
    bedrag_cent: int


class MaandShape(Shape):
    """The course of the year at the end of one month."""

    maand: str = Field(examples=["2026-03"])
    kosten_cent: int
    cumulatief_cent: int
    uitputting_honderdsten: int | None = Field(description="honderdsten van een procent van het budget; null zonder budget")
    norm_honderdsten: int
    lineair_cent: int


class OorzaakShape(Shape):
    """What one cause changed since the month before."""

    oorzaak: Literal["nieuw", "gewijzigd", "declaraties", "laat", "credit", "herrekend", "vrijval", "overig", "tijd"]
    boekingen: int
    toegekend_cent: int
    verplicht_cent: int
    prognose_cent: int


class PlafondGebruikShape(Shape):
    """What an aanbieder was granted of its plafond."""

    plafond_cent: int | None
    gebruikt_honderdsten: int | None
    boven_plafond_cent: int | None


class UitputtingRijShape(Shape):
    """One gemeente, zorgvorm or aanbieder; amounts in cents."""

    code: str = Field(description="gemeentecode, zorgvorm of AGB-code; leeg: zonder aanbieder, of het totaal")
    naam: str
    budget_cent: int | None
    toegekend_cent: int
    uitputting_honderdsten: int | None
    verplicht_cent: int
    ingediend: IngediendShape | None = Field(description="null per zorgvorm: de regels zijn nog niet gelezen")
    betaald_cent: int | None = Field(description="null per zorgvorm: een betaling is voor alle zorg van een aanbieder")
    lineair_cent: int
    prognose: PrognoseShape | None = Field(description="null naar boekmaand")
    saldo_cent: int | None = Field(description="budget min prognose; negatief is een verwacht tekort")
    plafond: PlafondGebruikShape | None
    sein: str
    maanden: list[MaandShape]
    veranderd: list[OorzaakShape] = Field(description="telt op tot het hele verschil met een maand eerder")


class UitputtingShape(Shape):
    """The report."""

    jaar: int
    tot_en_met: str = Field(examples=["2026-06"])
    peil: str = Field(description="boekmaand tot en met welke is gelezen", examples=["2026-07"])
    basis: Literal["zorg", "boek"]
    per: Literal["gemeente", "zorgvorm", "aanbieder"]
    gemeente: str | None
    onvolledig: list[str] = Field(description="wat er nog ontbreekt, een zin per maand")
    items: list[UitputtingRijShape]
    totaal: UitputtingRijShape = Field(description="van alle rijen, ook die op een andere bladzijde")
    volgende: str | None


class UitputtingVraag:
    """What is asked, as it stands in the address."""

    def __init__(
        self,
        jaar: Annotated[int | None, Query(ge=2000, le=2100, description="zonder: dit jaar")] = None,
        maand: Annotated[
            int | None, Query(ge=1, le=12, description="laatste maand die telt; zonder: de vorige maand, van een eerder jaar december")
        ] = None,
        peil: Annotated[str | None, Query(pattern=MAAND_PATTERN, description="lees de boeken tot en met deze boekmaand")] = None,
        basis: Annotated[Basis, Query(description="zorg: naar zorgmaand; boek: naar boekmaand")] = Basis.ZORG,
        per: Annotated[Per, Query()] = Per.GEMEENTE,
        gemeente: Annotated[str | None, Query(pattern=GEMEENTE_PATTERN)] = None,
    ) -> None:
        self.jaar = jaar
        self.opties: dict[str, Any] = {
            "tot_en_met": maand,
            "peil": first_day_of(peil) if peil else None,
            "basis": basis,
            "per": per,
            "gemeente": gemeente,
        }


VraagDep = Annotated[UitputtingVraag, Depends()]


@router.get(
    "/uitputting",
    summary="Budgetuitputting: budget, toegekend, verplicht, ingediend, betaald en de prognose naar het eind van het jaar",
    response_model=UitputtingShape,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}, XLSX: BINAIR}}},
)
async def toon_uitputting(
    wereld: WereldDep,
    actor: ActorDep,
    vraag: VraagDep,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Any:
    """Een budget waarschuwt en keurt niets af. Met `Accept: text/csv` of die van een werkmap alle rijen als bestand."""
    match accept.split(",")[0].split(";")[0].strip():
        case "text/csv":
            return await toon_uitputting_csv(wereld, actor, vraag)
        case soort if soort == XLSX:
            return await toon_uitputting_xlsx(wereld, actor, vraag)
    return _as_uitputting(await read_uitputting(wereld, actor, vraag.jaar, **vraag.opties, cursor=cursor, limit=limit))


@router.get(
    "/uitputting.csv",
    summary="Budgetuitputting als CSV",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
async def toon_uitputting_csv(wereld: WereldDep, actor: ActorDep, vraag: VraagDep) -> Response:
    """Alle rijen en het totaal; puntkomma's, een decimale komma en euro's."""
    report = await read_uitputting(wereld, actor, vraag.jaar, **vraag.opties, limit=RIJEN_MAX)
    return _bestand(als_csv(report), f"{CSV}; charset=utf-8", bestandsnaam(report, "csv"))


@router.get(
    "/uitputting.xlsx", summary="Budgetuitputting als werkmap", response_class=Response, responses={200: {"content": {XLSX: BINAIR}}}
)
async def toon_uitputting_xlsx(wereld: WereldDep, actor: ActorDep, vraag: VraagDep) -> Response:
    """Alle rijen, het verloop per maand, wat er veranderde, en de toelichting: elk op een blad."""
    report = await read_uitputting(wereld, actor, vraag.jaar, **vraag.opties, limit=RIJEN_MAX)
    return _bestand(await asyncio.to_thread(als_werkmap, report), XLSX, bestandsnaam(report, "xlsx"))


@router.get(
    "/uitputting.pdf", summary="Budgetuitputting als maandrapportage", response_class=Response, responses={200: {"content": {PDF: BINAIR}}}
)
async def toon_uitputting_pdf(wereld: WereldDep, actor: ActorDep, vraag: VraagDep) -> Response:
    """Om te lezen en te bewaren; met `gemeente` die van één gemeente."""
    report = await read_uitputting(wereld, actor, vraag.jaar, **vraag.opties, limit=RIJEN_MAX)
    return _bestand(await asyncio.to_thread(als_pdf, report), PDF, bestandsnaam(report, "pdf"))


def bestandsnaam(report: Uitputting, uitgang: str) -> str:
    """What the file is called: `uitputting-2026-06-gemeente.csv`."""
    gemeente = f"-{report.gemeente}" if report.gemeente else ""
    return f"uitputting-{as_maand(report.tot_en_met)}-{report.per}{gemeente}.{uitgang}"


def _bestand(inhoud: str | bytes, soort: str, naam: str) -> Response:
    return Response(inhoud, media_type=soort, headers={"Content-Disposition": f'attachment; filename="{naam}"'})


def _as_uitputting(report: Uitputting) -> UitputtingShape:
    return UitputtingShape(
        jaar=report.jaar,
        tot_en_met=as_maand(report.tot_en_met),
        peil=as_maand(report.peil),
        basis=report.basis.value,
        per=report.per.value,
        gemeente=report.gemeente,
        onvolledig=[onvolledig_zin(each) for each in report.onvolledig],
        items=[_as_rij(rij) for rij in report.rijen],
        totaal=_as_rij(report.totaal),
        volgende=report.volgende,
    )


def _as_rij(rij: UitputtingRij) -> UitputtingRijShape:
    waiting, forecast, ceiling = rij.ingediend, rij.prognose, rij.plafond
    return UitputtingRijShape(
        code=rij.sleutel,
        naam=rij.naam,
        budget_cent=rij.budget_cent,
        toegekend_cent=rij.toegekend_cent,
        uitputting_honderdsten=rij.uitputting_honderdsten,
        verplicht_cent=rij.verplicht_cent,
        ingediend=None
        if waiting is None
        else IngediendShape(declaraties=waiting.aantal, zonder_bedrag=waiting.zonder_bedrag, bedrag_cent=waiting.bedrag_cent),
        betaald_cent=rij.betaald_cent,
        lineair_cent=rij.lineair_cent,
        prognose=None if forecast is None else PrognoseShape(laag_cent=forecast.laag, midden_cent=forecast.midden, hoog_cent=forecast.hoog),
        saldo_cent=rij.saldo_cent,
        plafond=None if ceiling is None else PlafondGebruikShape.model_validate(ceiling),
        sein=sein(rij),
        maanden=[
            MaandShape(
                maand=f"{each.jaar}-{each.maand:02d}",
                kosten_cent=each.kosten_cent,
                cumulatief_cent=each.cumulatief_cent,
                uitputting_honderdsten=None if rij.budget_cent is None else each.uitputting_honderdsten,
                norm_honderdsten=each.norm_honderdsten,
                lineair_cent=each.prognose_cent,
            )
            for each in rij.maanden
        ],
        veranderd=[
            OorzaakShape(
                oorzaak=each.waardoor.value,
                boekingen=each.aantal,
                toegekend_cent=each.toegekend_cent,
                verplicht_cent=each.verplicht_cent,
                prognose_cent=each.prognose_cent,
            )
            for each in rij.verschil
        ],
    )
