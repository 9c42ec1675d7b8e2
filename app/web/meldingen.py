"""The page of meldingen: what began, ended or is nearly due, and which of it this person read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.oorzaak import OorzaakSleutel
from app.notices import Melding, lees_alles, lees_melding, lijst_meldingen
from app.reports import betekenis_van
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met, omgeving
from app.web.pagina import HEADERS, PaginaRoute

NR_MAX = 2**63 - 1

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.MELDINGEN))]
Nummer = Annotated[int, Path(ge=1, le=NR_MAX)]
Token = Annotated[str, Form(max_length=200)]


@router.get("/meldingen")
async def meldingen(bezoeker: Lezer, voor: Annotated[int | None, Query(ge=1, le=NR_MAX)] = None) -> Response:
    """What this person was told, the newest first."""
    found = await lijst_meldingen(bezoeker.wereld, bezoeker.actor, voor=voor)
    return bezoeker.pagina("meldingen.html", bladzijde=found, voor=voor, over=_over, mag_uitval=bezoeker.actor.heeft(*rechten.UITVAL))


def _over(melding: Melding) -> str:
    """What a cause means, in a few words."""
    sleutel = OorzaakSleutel.lees(melding.onderwerp)
    return melding.onderwerp if sleutel is None else betekenis_van(sleutel)


@router.post("/meldingen/gelezen")
async def alles_gelezen(request: Request, bezoeker: Lezer, tot: Annotated[int, Form(ge=0, le=NR_MAX)], csrf: Token = "") -> Response:
    """Everything that stood on the page, and what is older, is read."""
    bezoeker.check_csrf(csrf)
    await lees_alles(bezoeker.wereld, bezoeker.actor, tot)
    return _terug(request, bezoeker)


@router.post("/meldingen/{melding_nr}/gelezen")
async def een_gelezen(request: Request, bezoeker: Lezer, melding_nr: Nummer, csrf: Token = "") -> Response:
    """One is read."""
    bezoeker.check_csrf(csrf)
    await lees_melding(bezoeker.wereld, bezoeker.actor, melding_nr)
    return _terug(request, bezoeker)


def _terug(request: Request, bezoeker: Bezoeker) -> Response:
    omgeving(request).ongelezen.vergeet(bezoeker.actor)
    return RedirectResponse("/meldingen", status_code=303, headers=HEADERS)
