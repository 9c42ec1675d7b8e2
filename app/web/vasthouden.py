"""The pages of holding: what is held and until when, holding one declaratie after seeing what waits behind it, and rules for one aanbieder."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import Conflict, NietGevonden, OngeldigVerzoek
from app.judging import (
    NieuweRegel,
    beeindig_regel,
    blik_vasthouden,
    geef_vrij,
    houd_vast,
    lijst_vastgehouden,
    lijst_vasthoudregels,
    maak_regel,
)
from app.reports import list_partijen
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute
from app.web.woorden import aanbieders_van

NR_MAX = 2**63 - 1

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Houder = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.VASTHOUDEN))]
Nummer = Annotated[int, Path(ge=1, le=NR_MAX)]
Token = Annotated[str, Form(max_length=200)]
# Longer than a reason may be, so that a reason that is too long is refused with a sentence and stays in its field.
Tekst = Annotated[str, Form(max_length=4_000)]


@router.get("/vasthouden")
async def vastgehouden(bezoeker: Houder, na: Annotated[int, Query(ge=0, le=NR_MAX)] = 0) -> Response:
    """What is held, the term that ends first on top, and the rules."""
    return await _lijst(bezoeker, na)


async def _lijst(bezoeker: Bezoeker, na: int = 0, fout: str | None = None) -> Response:
    wereld, actor = bezoeker.wereld, bezoeker.actor
    response = bezoeker.pagina(
        "vasthouden.html",
        bladzijde=await lijst_vastgehouden(wereld, actor, na=na),
        regels=await lijst_vasthoudregels(wereld, actor),
        is_van_mij=lambda code: actor.gemeenten is None or code in actor.gemeenten,
        na=na,
        fout=fout,
    )
    if fout:
        response.status_code = Conflict.status
    return response


@router.get("/berichten/{bericht_nr}/vasthouden")
async def vraag_vasthouden(bezoeker: Houder, bericht_nr: Nummer) -> Response:
    """What would wait, and the reason asked."""
    return await _vraag(bezoeker, bericht_nr)


@router.post("/berichten/{bericht_nr}/vasthouden")
async def doe_vasthouden(bezoeker: Houder, bericht_nr: Nummer, reden: Tekst = "", csrf: Token = "") -> Response:
    """Hold it, and show it; a faulty reason stays in its field."""
    bezoeker.check_csrf(csrf)
    try:
        await houd_vast(bezoeker.wereld, bezoeker.actor, bericht_nr, reden)
    except OngeldigVerzoek as error:
        return await _vraag(bezoeker, bericht_nr, reden=reden, fout_bij={"reden": error.melding}, status=error.status)
    except Conflict as error:
        # What it is now says why, and stands on the page.
        return await _vraag(bezoeker, bericht_nr, reden=reden, status=error.status)
    return RedirectResponse(f"/berichten/{bericht_nr}", status_code=303, headers=HEADERS)


async def _vraag(
    bezoeker: Bezoeker, bericht_nr: int, *, reden: str = "", fout_bij: dict[str, str] | None = None, status: int = 200
) -> Response:
    blik = await blik_vasthouden(bezoeker.wereld, bezoeker.actor, bericht_nr)
    response = bezoeker.pagina("vasthouden_bericht.html", blik=blik, waarden={"reden": reden}, fout_bij=fout_bij or {})
    response.status_code = status
    return response


@router.post("/berichten/{bericht_nr}/vrijgeven")
async def doe_vrijgeven(bezoeker: Houder, bericht_nr: Nummer, csrf: Token = "", naar: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Release it, and go back to where it was asked."""
    bezoeker.check_csrf(csrf)
    try:
        await geef_vrij(bezoeker.wereld, bezoeker.actor, bericht_nr)
    except Conflict as error:
        return await _lijst(bezoeker, fout=error.melding)
    target = "/vasthouden" if naar == "lijst" else f"/berichten/{bericht_nr}"
    return RedirectResponse(target, status_code=303, headers=HEADERS)


@router.get("/vasthouden/regels/nieuw")
async def vraag_regel(bezoeker: Houder, agb: Annotated[str, Query(max_length=8)] = "") -> Response:
    """A rule, asked."""
    return await _regel(bezoeker, {"agb": agb})


@router.post("/vasthouden/regels/nieuw")
async def doe_regel(
    bezoeker: Houder,
    csrf: Token = "",
    agb: Annotated[str, Form(max_length=20)] = "",
    domein: Annotated[str, Form(max_length=10)] = "",
    gemeente: Annotated[str, Form(max_length=10)] = "",
    tot: Annotated[str, Form(max_length=20)] = "",
    reden: Tekst = "",
) -> Response:
    """Make a rule, and show the list; what does not fit is said beside its field."""
    bezoeker.check_csrf(csrf)
    waarden = {"agb": agb.strip(), "domein": domein, "gemeente": gemeente, "tot": tot, "reden": reden}
    last = _as_day(tot)
    if last is None:
        return await _regel(bezoeker, waarden, {"tot": "Kies een laatste dag, bijvoorbeeld 31-12-2026."}, OngeldigVerzoek.status)
    regel = NieuweRegel(agb=waarden["agb"], domein=domein or None, gemeente=gemeente or None, reden=reden, tot=last)
    try:
        await maak_regel(bezoeker.wereld, bezoeker.actor, regel)
    except OngeldigVerzoek as error:
        return await _regel(bezoeker, waarden, {str(error.feiten["veld"]): error.melding}, error.status)
    except Conflict as error:
        return await _lijst(bezoeker, fout=error.melding)
    return RedirectResponse("/vasthouden#kop-regels", status_code=303, headers=HEADERS)


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _regel(bezoeker: Bezoeker, waarden: dict[str, str], fout_bij: dict[str, str] | None = None, status: int = 200) -> Response:
    partijen = await list_partijen(bezoeker.wereld, bezoeker.actor)
    values: dict[str, Any] = {
        "aanbieders": aanbieders_van(partijen),
        "gemeenten": [(code.partition(":")[2], naam) for code, naam in partijen if code.startswith("gemeente:")],
        "hele_regio": bezoeker.actor.gemeenten is None,
        "waarden": waarden,
        "fout_bij": fout_bij or {},
        "fouten": [{"veld": veld, "melding": melding} for veld, melding in (fout_bij or {}).items()],
    }
    response = bezoeker.pagina("vasthouden_regel.html", **values)
    response.status_code = status
    return response


@router.post("/vasthouden/regels/{regel_nr}/beeindig")
async def doe_beeindig(
    bezoeker: Houder, regel_nr: Nummer, csrf: Token = "", vrijgeven: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    """End a rule, and release what it holds when that is asked."""
    bezoeker.check_csrf(csrf)
    await beeindig_regel(bezoeker.wereld, bezoeker.actor, regel_nr, ook_vrijgeven=vrijgeven == "ja")
    return RedirectResponse("/vasthouden#kop-regels", status_code=303, headers=HEADERS)


async def blik_of_niets(bezoeker: Bezoeker, bericht_nr: int) -> Any:
    """What holding a bericht does, for the page of that bericht; None for who sees it as a party to it and not as a person of its gemeente."""
    try:
        return await blik_vasthouden(bezoeker.wereld, bezoeker.actor, bericht_nr)
    except NietGevonden:
        return None
