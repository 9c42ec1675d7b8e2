"""The pages of afrekeningen: the list by year, and one with its amounts, causes, versions, and what can be done with it."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import DomainError, OngeldigVerzoek
from app.domain.partij import Rol
from app.reports import list_partijen
from app.settlement import (
    MAAT_WOORD,
    OORZAAK_UITLEG,
    OORZAAK_WOORD,
    STATUS_WOORD,
    TELT,
    Maat,
    Verschil,
    bied_afrekening_aan,
    geef_akkoord,
    lijst_afrekeningen,
    maak_afrekening,
    maak_bezwaar,
    maak_csv,
    maak_staat_pdf,
    maak_xlsx,
    ontvang_terugbetaling,
    stel_afrekening_vast,
    toon_afrekening,
    toon_staat,
    trek_afrekening_in,
    vernieuw_afrekening,
)
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute
from app.web.woorden import aanbieders_van

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Controller = Annotated[Bezoeker, Depends(bezoeker_met(Rol.CONTROLLER))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Csrf = Annotated[str, Form(max_length=200)]
Tekst = Annotated[str, Form(max_length=1200)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
BEGIN = "/geld/afrekeningen"
EURO = re.compile(r"(-)?([0-9]{1,10}|[0-9]{1,3}(?:\.[0-9]{3}){1,3})(?:,([0-9]{1,2}))?")
SOORTEN = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@router.get(BEGIN)
async def overzicht(
    bezoeker: Lezer, jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None, na: Annotated[str | None, Query(max_length=100)] = None
) -> Response:
    """Those of a year, or of all years."""
    return await _overzicht(bezoeker, jaar=jaar, na=na)


@router.post(BEGIN)
async def maak(bezoeker: Controller, agb: Tekst = "", jaar: Tekst = "", reden: Tekst = "", csrf: Csrf = "") -> Response:
    """Compute one and show it; what cannot be is said above the form, which stays filled."""
    bezoeker.check_csrf(csrf)
    try:
        nr = await maak_afrekening(bezoeker.wereld, bezoeker.actor, agb.strip(), _getal(jaar, "Vul een jaar in als 2025."), reden=reden)
    except DomainError as error:
        return await _overzicht(bezoeker, fout=error, ingevuld={"agb": agb, "jaar": jaar, "reden": reden})
    return _naar(nr)


@router.get(BEGIN + "/{nr}")
async def toon(bezoeker: Lezer, nr: Nummer) -> Response:
    """One afrekening."""
    return await _toon(bezoeker, nr)


@router.get(BEGIN + "/{nr}/staat.{soort}")
async def staat(bezoeker: Lezer, nr: Nummer, soort: Literal["csv", "xlsx", "pdf"]) -> Response:
    """The statement for the accountant."""
    found = await toon_staat(bezoeker.wereld, bezoeker.actor, nr)
    match soort:
        case "csv":
            data: str | bytes = await asyncio.to_thread(maak_csv, found)
        case "xlsx":
            data = await asyncio.to_thread(maak_xlsx, found)
        case "pdf":
            data = await asyncio.to_thread(maak_staat_pdf, found, gemaakt_op=bezoeker.wereld.nu)
    which = found.beeld.afrekening
    headers = {"Content-Disposition": f'attachment; filename="afrekening-{which.agb}-{which.jaar}-{which.volgnr}.{soort}"'}
    return Response(data, media_type=SOORTEN[soort], headers=headers)


@router.post(BEGIN + "/{nr}/{stap}")
async def doe(
    bezoeker: Controller,
    nr: Nummer,
    stap: Literal["versie", "aanbod", "akkoord", "bezwaar", "vaststelling", "intrekking", "terugbetaling"],
    versie: Tekst = "",
    partij: Tekst = "",
    toelichting: Tekst = "",
    gemeente: Tekst = "",
    zorg: Tekst = "",
    bedrag: Tekst = "",
    csrf: Csrf = "",
) -> Response:
    """One step of its course; what cannot be is said on the page."""
    bezoeker.check_csrf(csrf)
    wereld, actor = bezoeker.wereld, bezoeker.actor
    try:
        match stap:
            case "versie":
                agreed = [_verschil(gemeente, zorg, bedrag)] if bedrag.strip() else None
                await vernieuw_afrekening(wereld, actor, nr, reden=toelichting, verschillen=agreed)
            case "aanbod":
                await bied_afrekening_aan(wereld, actor, nr)
            case "akkoord":
                await geef_akkoord(wereld, actor, nr, partij, _getal(versie, "Zeg welke versie."))
            case "bezwaar":
                await maak_bezwaar(wereld, actor, nr, partij, _getal(versie, "Zeg welke versie."), toelichting=toelichting)
            case "vaststelling":
                await stel_afrekening_vast(wereld, actor, nr)
            case "intrekking":
                await trek_afrekening_in(wereld, actor, nr, reden=toelichting)
            case "terugbetaling":
                await ontvang_terugbetaling(wereld, actor, nr, gemeente, lees_euro(bedrag), reden=toelichting)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(nr)


async def _overzicht(
    bezoeker: Bezoeker,
    *,
    jaar: int | None = None,
    na: str | None = None,
    fout: DomainError | None = None,
    ingevuld: dict[str, str] | None = None,
) -> Response:
    last = str(bezoeker.wereld.vandaag.year - 1)
    parties = await list_partijen(bezoeker.wereld, bezoeker.actor)
    response = bezoeker.pagina(
        "afrekeningen.html",
        lijst=await lijst_afrekeningen(bezoeker.wereld, bezoeker.actor, jaar=jaar, cursor=na, limit=50),
        jaar=jaar,
        jaren=[(year, year) for year in range(bezoeker.wereld.vandaag.year - 1, bezoeker.wereld.vandaag.year - 6, -1)],
        statussen=STATUS_WOORD,
        aanbieders=aanbieders_van(parties),
        mag=bezoeker.actor.heeft(Rol.CONTROLLER) and bezoeker.actor.gemeenten is None,
        fout=fout,
        ingevuld=ingevuld or {"agb": "", "jaar": last, "reden": ""},
    )
    response.status_code = 200 if fout is None else fout.status
    return response


async def _toon(bezoeker: Bezoeker, nr: int, *, fout: DomainError | None = None) -> Response:
    found = await toon_afrekening(bezoeker.wereld, bezoeker.actor, nr)
    controller = bezoeker.actor.heeft(Rol.CONTROLLER)
    response = bezoeker.pagina(
        "afrekening.html",
        beeld=found,
        a=found.afrekening,
        Maat=Maat,
        maten=[maat for maat in Maat if any(each.get(maat) for each in found.gemeenten.values())],
        woorden=MAAT_WOORD,
        oorzaken=OORZAAK_WOORD,
        uitleg=OORZAAK_UITLEG,
        telt=TELT,
        statussen=STATUS_WOORD,
        mag=controller,
        mag_regio=controller and bezoeker.actor.gemeenten is None,
        fout=fout,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


def lees_euro(tekst: str) -> int:
    """Cents of an amount as people write it: `1.234,56`, `1234,56`, `-50`.

    Raises:
        OngeldigVerzoek: It is no amount.
    """
    found = EURO.fullmatch(tekst.strip().removeprefix("€").strip())
    if found is None:
        raise OngeldigVerzoek("Vul een bedrag in als 1234,56.")
    sign, euros, cents = found.groups(default="")
    value = int(euros.replace(".", "")) * 100 + int((cents or "0").ljust(2, "0"))
    return -value if sign else value


def _verschil(gemeente: str, zorg: str, bedrag: str) -> Verschil:
    domein, _, zorgvorm = zorg.strip().partition("/")
    return Verschil(gemeente, domein, zorgvorm, lees_euro(bedrag))


def _naar(nr: int) -> Response:
    return RedirectResponse(f"{BEGIN}/{nr}", status_code=303, headers=HEADERS)


def _getal(tekst: str, melding: str) -> int:
    if not tekst.strip().isascii() or not tekst.strip().isdecimal() or len(tekst.strip()) > 9:
        raise OngeldigVerzoek(melding)
    return int(tekst)
