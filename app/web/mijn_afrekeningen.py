"""The final settlements of an aanbieder on its own pages: what a year came to per gemeente, and agreeing with it or objecting."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import DomainError, OngeldigVerzoek
from app.domain.partij import aanbieder
from app.settlement import (
    MAAT_WOORD,
    OORZAAK_UITLEG,
    OORZAAK_WOORD,
    STATUS_WOORD,
    TELT,
    AfrekeningStatus,
    Maat,
    geef_akkoord,
    lijst_afrekeningen,
    maak_bezwaar,
    maak_csv,
    maak_staat_pdf,
    maak_xlsx,
    toon_afrekening,
    toon_staat,
)
from app.web import rechten
from app.web.afrekeningen import SOORTEN
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

BEGIN = "/mijn/afrekeningen"
BEZWAAR_TEKENS_MAX = 500

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.AANBIEDER))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Versie = Annotated[int, Form(ge=1, le=99_999)]
Csrf = Annotated[str, Form(max_length=200)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get(BEGIN)
async def overzicht(bezoeker: Lezer, na: Annotated[str | None, Query(max_length=100)] = None) -> Response:
    """The own ones, newest first."""
    lijst = await lijst_afrekeningen(bezoeker.wereld, bezoeker.actor, cursor=na, limit=25)
    return bezoeker.pagina("mijn_afrekeningen.html", lijst=lijst, bladert=na is not None, statussen=STATUS_WOORD)


@router.get(f"{BEGIN}/{{nr}}")
async def toon(bezoeker: Lezer, nr: Nummer) -> Response:
    """One: amounts per gemeente, why they differ, and what both sides said."""
    return await _toon(bezoeker, nr)


@router.get(f"{BEGIN}/{{nr}}/staat.{{soort}}")
async def staat(bezoeker: Lezer, nr: Nummer, soort: Literal["csv", "xlsx", "pdf"]) -> Response:
    """The statement, for the own books and the accountant."""
    found = await toon_staat(bezoeker.wereld, bezoeker.actor, nr)
    match soort:
        case "csv":
            data: str | bytes = await asyncio.to_thread(maak_csv, found)
        case "xlsx":
            data = await asyncio.to_thread(maak_xlsx, found)
        case "pdf":
            data = await asyncio.to_thread(maak_staat_pdf, found, gemaakt_op=bezoeker.wereld.nu)
    name = f"afrekening-{found.beeld.afrekening.jaar}-{found.beeld.afrekening.volgnr}.{soort}"
    return Response(data, media_type=SOORTEN[soort], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post(f"{BEGIN}/{{nr}}/akkoord")
async def akkoord(bezoeker: Lezer, nr: Nummer, versie: Versie, csrf: Csrf = "") -> Response:
    """Agree with the version that was on the page."""
    bezoeker.check_csrf(csrf)
    try:
        await geef_akkoord(bezoeker.wereld, bezoeker.actor, nr, await _zelf(bezoeker, nr), versie)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return RedirectResponse(f"{BEGIN}/{nr}", status_code=303, headers=HEADERS)


@router.post(f"{BEGIN}/{{nr}}/bezwaar")
async def bezwaar(
    bezoeker: Lezer, nr: Nummer, versie: Versie, toelichting: Annotated[str, Form(max_length=2000)] = "", csrf: Csrf = ""
) -> Response:
    """Object with a note: the region computes anew."""
    bezoeker.check_csrf(csrf)
    partij = await _zelf(bezoeker, nr)
    try:
        if not toelichting.strip() or len(toelichting.strip()) > BEZWAAR_TEKENS_MAX:
            raise OngeldigVerzoek(f"Schrijf in hoogstens {BEZWAAR_TEKENS_MAX} tekens waarom u het niet eens bent.")
        await maak_bezwaar(bezoeker.wereld, bezoeker.actor, nr, partij, versie, toelichting=toelichting)
    except OngeldigVerzoek as error:
        return await _toon(bezoeker, nr, fout=error, toelichting=toelichting)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return RedirectResponse(f"{BEGIN}/{nr}", status_code=303, headers=HEADERS)


async def _zelf(bezoeker: Bezoeker, nr: int) -> str:
    """The party in whose name is spoken: the aanbieder of an afrekening that this actor may see."""
    return aanbieder((await toon_afrekening(bezoeker.wereld, bezoeker.actor, nr)).afrekening.agb)


async def _toon(bezoeker: Bezoeker, nr: int, *, fout: DomainError | None = None, toelichting: str | None = None) -> Response:
    """`toelichting` is what was typed in an objection that was refused."""
    found = await toon_afrekening(bezoeker.wereld, bezoeker.actor, nr)
    a, zelf = found.afrekening, aanbieder(found.afrekening.agb)
    asked = a.status in (AfrekeningStatus.AANGEBODEN, AfrekeningStatus.AKKOORD)
    response = bezoeker.pagina(
        "mijn_afrekening.html",
        beeld=found,
        a=a,
        Maat=Maat,
        maten=[maat for maat in Maat if any(each.get(maat) for each in found.gemeenten.values())],
        woorden=MAAT_WOORD,
        oorzaken=OORZAAK_WOORD,
        uitleg=OORZAAK_UITLEG,
        telt=TELT,
        statussen=STATUS_WOORD,
        zelf=zelf,
        gevraagd=asked and zelf in found.wacht_op,
        tekens_max=BEZWAAR_TEKENS_MAX,
        toelichting=toelichting,
        fout=fout,
    )
    response.status_code = 200 if fout is None else fout.status
    return response
