"""The page of closing: the months of the books, what a month holds before it is closed, and the button that closes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import DomainError, NietGevonden
from app.domain.partij import Rol
from app.ledger import blik_vooruit, boekmaanden, sluit_maand, volgende_te_sluiten
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.pagina import HEADERS, PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.woorden import tijdstip

MAAND = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
WACHT_WOORDEN = {
    "ontvangen": "Berichten die nog niet beoordeeld zijn",
    "wacht_op_contract": "Declaraties die op een contract wachten",
    "vastgehouden": "Berichten die iemand vasthoudt",
    "geparkeerd": "Geparkeerde berichten",
    "betaalrun_concept": "Betaalruns die op een tweede persoon wachten",
    "betaling_onderweg": "Betalingen die de bank nog niet heeft bevestigd",
}

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Controller = Annotated[Bezoeker, Depends(bezoeker_met(Rol.CONTROLLER))]
Tekst = Annotated[str, Form(max_length=600)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/maanden")
async def maanden(bezoeker: Lezer, maand: Annotated[str | None, Query(pattern=MAAND)] = None) -> Response:
    """The months, and for a controller of the region what the next one to close holds, or the one that is chosen."""
    return await _toon(bezoeker, None if maand is None else date.fromisoformat(f"{maand}-01"))


@router.get("/geld/maanden.{vorm}")
async def maanden_bestand(bezoeker: Lezer, vorm: Vorm) -> Response:
    """The months as a file; number, amount and hash only for who sees the whole region."""
    rijen = (
        (f"{each.boekmaand:%Y-%m}", "afgesloten" if each.is_gesloten else "open", tijdstip(each.gesloten_op) if each.gesloten_op else None,
         each.gesloten_door, each.aantal, euro_cel(each.bedrag_cent), each.hash)
        for each in await boekmaanden(bezoeker.wereld, bezoeker.actor)
    )  # fmt: skip
    return await tabel_bestand("boekmaanden", vorm, _KOP, rijen)


_KOP = ("boekmaand", "status", "afgesloten_op", "afgesloten_door", "boekingen", "bedrag", "hash")


@router.post("/geld/maanden/{maand}")
async def sluit(bezoeker: Controller, maand: str, reden: Tekst = "", csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Close it; what cannot be done is said above the form, which stays filled."""
    bezoeker.check_csrf(csrf)
    day = _first_day(maand)
    try:
        await sluit_maand(bezoeker.wereld, bezoeker.actor, day, reden=reden)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        return await _toon(bezoeker, day, fout=error, reden=reden)
    return RedirectResponse("/geld/maanden", status_code=303, headers=HEADERS)


def _first_day(maand: str) -> date:
    try:
        return date.fromisoformat(f"{maand}-01")
    except ValueError as error:
        raise NietGevonden("Deze maand bestaat niet.") from error


async def _toon(bezoeker: Bezoeker, maand: date | None, *, fout: DomainError | None = None, reden: str = "") -> Response:
    found = await boekmaanden(bezoeker.wereld, bezoeker.actor)
    closes = bezoeker.actor.heeft(Rol.CONTROLLER) and bezoeker.actor.gemeenten is None
    chosen = maand or volgende_te_sluiten(found, bezoeker.wereld.vandaag)
    response = bezoeker.pagina(
        "maanden.html",
        maanden=found,
        mag_sluiten=closes,
        toont_bedragen=bezoeker.actor.gemeenten is None,
        vooruitblik=await blik_vooruit(bezoeker.wereld, bezoeker.actor, chosen) if closes and chosen else None,
        wacht_woorden=WACHT_WOORDEN,
        stand_van=bezoeker.wereld.nu,
        fout=fout,
        reden=reden,
    )
    if fout is not None:
        response.status_code = fout.status
    return response
