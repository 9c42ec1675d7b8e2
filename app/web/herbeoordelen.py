"""The pages of judging again: what was done, starting one, what it would change, and the button that carries it out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import DomainError, OngeldigVerzoek
from app.judging import (
    Keuze,
    laat_vervallen,
    lijst_herbeoordelingen,
    lijst_ladingen,
    reken_door,
    reken_opnieuw_door,
    toon_herbeoordeling,
    voer_uit,
)
from app.reports import CONTRACTEN_MAX, ContractVraag, list_contracten
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

STATUSSEN = {"concept": ("Concept", "let-op"), "uitgevoerd": ("Uitgevoerd", "goed"), "vervallen": ("Vervallen", "rustig")}
LEEG_FORMULIER = {"reden": "", "lading": "", "contract": "", "van": "", "tot": "", "nieuw_antwoord": "ja"}

Beheerder = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.HERBEOORDELEN))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Csrf = Annotated[str, Form(max_length=200)]
Tekst = Annotated[str, Form(max_length=600)]
Voorstel = Annotated[str, Query(max_length=600)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/herbeoordelen")
async def overzicht(bezoeker: Beheerder, reden: Voorstel = "", contract: Voorstel = "", van: Voorstel = "", tot: Voorstel = "") -> Response:
    """What was judged again, and the form to start; another page may fill it in for the person."""
    return await _overzicht(bezoeker, ingevuld={**LEEG_FORMULIER, "reden": reden, "contract": contract, "van": van, "tot": tot})


@router.post("/herbeoordelen")
async def begin(
    bezoeker: Beheerder,
    reden: Tekst = "",
    lading: Tekst = "",
    contract: Tekst = "",
    van: Tekst = "",
    tot: Tekst = "",
    nieuw_antwoord: Tekst = "",
    csrf: Csrf = "",
) -> Response:
    """Work out what would change, and show it; a choice that cannot be made is said above the form, which stays filled."""
    bezoeker.check_csrf(csrf)
    ingevuld = {"reden": reden, "lading": lading, "contract": contract, "van": van, "tot": tot, "nieuw_antwoord": nieuw_antwoord}
    try:
        nr = await reken_door(bezoeker.wereld, bezoeker.actor, _keuze(ingevuld))
    except DomainError as error:
        return await _overzicht(bezoeker, fout=error, ingevuld=ingevuld)
    return _naar(nr)


@router.get("/herbeoordelen/{nr}")
async def toon(
    bezoeker: Beheerder,
    nr: Nummer,
    bericht: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    regel: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """What changes: totals, and the lines after a place."""
    return await _toon(bezoeker, nr, (bericht, regel))


@router.post("/herbeoordelen/{nr}/uitvoeren")
async def uitvoeren(bezoeker: Beheerder, nr: Nummer, csrf: Csrf = "") -> Response:
    """Carry it out; when it is no longer what was shown, that is said on the same page."""
    bezoeker.check_csrf(csrf)
    try:
        await voer_uit(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, (0, 0), fout=error)
    return _naar(nr)


@router.post("/herbeoordelen/{nr}/opnieuw")
async def opnieuw(bezoeker: Beheerder, nr: Nummer, csrf: Csrf = "") -> Response:
    """Work out again what would change."""
    bezoeker.check_csrf(csrf)
    try:
        await reken_opnieuw_door(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, (0, 0), fout=error)
    return _naar(nr)


@router.post("/herbeoordelen/{nr}/vervallen")
async def vervallen(bezoeker: Beheerder, nr: Nummer, csrf: Csrf = "") -> Response:
    """Let it lapse."""
    bezoeker.check_csrf(csrf)
    try:
        await laat_vervallen(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, (0, 0), fout=error)
    return _naar(nr)


async def _overzicht(bezoeker: Bezoeker, *, fout: DomainError | None = None, ingevuld: dict[str, str] | None = None) -> Response:
    alle = await list_contracten(bezoeker.wereld, bezoeker.actor, ContractVraag(), limit=CONTRACTEN_MAX)
    response = bezoeker.pagina(
        "herbeoordelen.html",
        contracten=alle.items,
        items=await lijst_herbeoordelingen(bezoeker.wereld, bezoeker.actor),
        ladingen=await lijst_ladingen(bezoeker.wereld, bezoeker.actor),
        statussen=STATUSSEN,
        fout=fout,
        ingevuld=ingevuld or LEEG_FORMULIER,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


async def _toon(bezoeker: Bezoeker, nr: int, na: tuple[int, int], *, fout: DomainError | None = None) -> Response:
    gevonden = await toon_herbeoordeling(bezoeker.wereld, bezoeker.actor, nr, na)
    response = bezoeker.pagina("herbeoordeling.html", p=gevonden, h=gevonden.herbeoordeling, na=na, statussen=STATUSSEN, fout=fout)
    response.status_code = 200 if fout is None else fout.status
    return response


def _naar(nr: int) -> Response:
    return RedirectResponse(f"/herbeoordelen/{nr}", status_code=303, headers=HEADERS)


def _keuze(ingevuld: dict[str, str]) -> Keuze:
    """The form as a choice; an empty field is none.

    Raises:
        OngeldigVerzoek: A number or day is not one.
    """
    lading, contract = ingevuld["lading"].strip(), ingevuld["contract"].strip()
    try:
        return Keuze(
            reden=ingevuld["reden"],
            lading_nr=int(lading) if lading else None,
            contract=contract or None,
            van=_dag(ingevuld["van"]) if contract else None,
            tot=_dag(ingevuld["tot"]) if contract else None,
            nieuw_antwoord=bool(ingevuld["nieuw_antwoord"]),
        )
    except ValueError as error:
        raise OngeldigVerzoek("Vul bij een contract de eerste en de laatste dag van de periode in.") from error


def _dag(tekst: str) -> date:
    return date.fromisoformat(tekst.strip())
