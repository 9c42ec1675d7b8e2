"""`/berichten`: submit, check, list, look at, replay."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from app.api.lichaam import read_xml
from app.api.shapes import (
    BERICHT_PATTERN,
    PARTIJ_PATTERN,
    RETOURCODE_PATTERN,
    BerichtLijst,
    BerichtShape,
    BevindingLijst,
    BevindingShape,
    ControleShape,
    Cursor,
    Domein,
    Limit,
    MatchingShape,
    Niveau,
    ResterendShape,
    Status,
    VoorwaardeShape,
    Wacht,
)
from app.api.toegang import ActorDep, WereldDep, nr_van
from app.intake import ontvang
from app.judging import controleer, opnieuw, uitleg_van
from app.mailbox import BerichtFilters, bevindingen_van, lijst_berichten, toon_bericht, wacht_op_oordeel, xml_van

router = APIRouter(prefix="/berichten", tags=["berichten"])

XML_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Een bericht van iJw of iWmo 3.2, UTF-8, ten hoogste 25 000 000 bytes.",
        "content": {"application/xml": {"schema": {"type": "string"}}},
    }
}
LOCATION = {"headers": {"Location": {"description": "Waar het bericht te zien is.", "schema": {"type": "string"}}}}


def filters_van(
    status: Status | None = None,
    domein: Domein | None = None,
    bericht: Annotated[str | None, Query(pattern=BERICHT_PATTERN, examples=["323"])] = None,
    partij: Annotated[str | None, Query(pattern=PARTIJ_PATTERN, description="afzender of geadresseerde")] = None,
    retourcode: Annotated[str | None, Query(pattern=RETOURCODE_PATTERN)] = None,
    van: Annotated[date | None, Query(description="eerste dag van ontvangst")] = None,
    tot: Annotated[date | None, Query(description="laatste dag van ontvangst")] = None,
) -> BerichtFilters:
    """The filters in the query string; `JW323` is the same as `domein=ijw&bericht=323` without its domein."""
    soort = None if bericht is None else bericht[-3:]
    if domein is None and bericht is not None and bericht != soort:
        domein = "ijw" if bericht.startswith("JW") else "iwmo"
    return BerichtFilters(status=status, domein=domein, bericht=soort, partij=partij, retourcode=retourcode, van=van, tot=tot)


@router.post(
    "",
    status_code=202,
    summary="Dien een bericht in",
    response_model=BerichtShape,
    responses={200: {"description": "Dezelfde bytes zijn al ontvangen.", "model": BerichtShape, **LOCATION}, 202: LOCATION},
    openapi_extra=XML_BODY,
)
async def dien_in(request: Request, wereld: WereldDep, actor: ActorDep, wacht: Wacht = 0) -> Response:
    """Neemt het bericht aan, of weigert het met alles wat er niet goed aan is. De inhoudelijke beoordeling volgt erna."""
    ontvangst = await ontvang(wereld, actor, await read_xml(request))
    bericht = await wacht_op_oordeel(wereld, actor, ontvangst.bericht_nr, wacht)
    location = f"{request.scope.get('root_path', '')}/berichten/{ontvangst.bericht_nr}"
    content = BerichtShape.model_validate(bericht).model_dump(mode="json")
    return JSONResponse(content, status_code=202 if ontvangst.nieuw else 200, headers={"Location": location})


@router.post("/controle", summary="Controleer een bericht zonder het in te dienen", response_model=ControleShape, openapi_extra=XML_BODY)
async def controle(request: Request, wereld: WereldDep, actor: ActorDep, niveau: Niveau = Niveau.ALLES) -> ControleShape:
    """Alle regels, ook die tegen eerdere berichten en contracten (niveau 4); er wordt niets bewaard.

    Van een declaratie staat in het antwoord ook wat er van elke toewijzing resteert.
    """
    data = await read_xml(request)
    async with request.app.state.controles:
        outcome = await controleer(wereld, actor, data, niveau=niveau.value)
    return ControleShape(
        valid=outcome.oordeel.valid,
        beoordeeld_tot=Niveau(outcome.oordeel.beoordeeld_tot),
        bevindingen=[BevindingShape.model_validate(each) for each in outcome.oordeel.bevindingen],
        resterend=None if outcome.resterend is None else [ResterendShape.model_validate(each) for each in outcome.resterend],
        resterend_afgekapt=outcome.resterend_afgekapt,
    )


@router.get("", summary="Lijst van berichten, nieuwste eerst")
async def lijst(
    wereld: WereldDep, actor: ActorDep, filters: Annotated[BerichtFilters, Depends(filters_van)], cursor: Cursor = None, limit: Limit = 50
) -> BerichtLijst:
    """Wat uw partijen verstuurden en wat aan hen is gericht."""
    return BerichtLijst.model_validate(await lijst_berichten(wereld, actor, filters, cursor, limit))


@router.get("/{bericht_id}", summary="Een bericht")
async def toon(bericht_id: str, wereld: WereldDep, actor: ActorDep, wacht: Wacht = 0) -> BerichtShape:
    """Waar het is en wat de uitkomst is; status `ontvangen` totdat het beoordeeld is."""
    return BerichtShape.model_validate(await wacht_op_oordeel(wereld, actor, nr_van(bericht_id), wacht))


@router.get(
    "/{bericht_id}/xml",
    summary="De XML van een bericht",
    response_class=Response,
    responses={200: {"content": {"application/xml": {"schema": {"type": "string"}}}}},
)
async def xml(bericht_id: str, wereld: WereldDep, actor: ActorDep) -> Response:
    """De bytes zoals ze binnenkwamen of vertrokken; van een geweigerd bericht ten hoogste de eerste 64 kB."""
    nr = nr_van(bericht_id)
    headers = {"Content-Disposition": f'attachment; filename="bericht-{nr}.xml"'}
    return Response(await xml_van(wereld, actor, nr), media_type="application/xml", headers=headers)


@router.get("/{bericht_id}/bevindingen", summary="Wat er niet goed is aan een bericht")
async def bevindingen(bericht_id: str, wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 200) -> BevindingLijst:
    """In de volgorde van het bestand."""
    return BevindingLijst.model_validate(await bevindingen_van(wereld, actor, nr_van(bericht_id), cursor, limit))


@router.get("/{bericht_id}/prestaties/{regel}/matching", summary="Waarom een prestatie wel of niet past bij toewijzing en contract")
async def matching(bericht_id: str, regel: Annotated[int, Path(ge=1, le=2**31 - 1)], wereld: WereldDep, actor: ActorDep) -> MatchingShape:
    """Toewijzing, product, contract, gemeente en tariefregel, in die volgorde, tot en met de eerste die niet past; zoals ze nu zijn.

    U leest wat u kunt weten: uw toewijzing en uw eigen contracten.
    """
    found = await uitleg_van(wereld, actor, nr_van(bericht_id), regel)
    uitleg = found.uitleg
    return MatchingShape(
        regel=found.regel,
        referentie_nummer=found.prestatie.product_referentie.referentie_nummer,
        toewijzing_nummer=uitleg.toewijzing_nummer,
        past=uitleg.gemist is None,
        gemist=None if uitleg.gemist is None else uitleg.gemist.aanbieder,
        voorwaarden=[VoorwaardeShape(naam=each.naam, voldaan=each.voldaan, zin=each.aanbieder) for each in uitleg.voorwaarden],
    )


@router.post("/{bericht_id}/opnieuw", summary="Beoordeel een geparkeerd bericht opnieuw", status_code=202)
async def beoordeel_opnieuw(bericht_id: str, wereld: WereldDep, actor: ActorDep) -> BerichtShape:
    """Zet een geparkeerd bericht weer in de rij van zijn baan."""
    nr = nr_van(bericht_id)
    await opnieuw(wereld, actor, nr)
    return BerichtShape.model_validate(await toon_bericht(wereld, actor, nr))
