"""Signing in and out."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import NietToegestaan
from app.domain.partij import Rol
from app.identity import SESSIE_DUUR, AanmeldenMislukt, aanmelden, afmelden
from app.web.bezoeker import SESSIE_COOKIE, Bezoeker, bezoeker_met, omgeving
from app.web.pagina import HEADERS, PaginaRoute, pagina

FORMULIER_COOKIE = "solidair_formulier"
"""Holds the token of the sign-in form: there is no session yet to bind it to, so form and cookie must agree."""
FORMULIER_COOKIE_S = 3600

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/aanmelden")
async def toon_formulier(request: Request, naar: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """The form."""
    return _formulier(request, naar=naar)


@router.post("/aanmelden")
async def meld_aan(
    request: Request,
    naam: Annotated[str, Form(max_length=200)] = "",
    wachtwoord: Annotated[str, Form(max_length=1000)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
    naar: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Start a session and go where the person was going."""
    cookie = request.cookies.get(FORMULIER_COOKIE, "")
    if not cookie or not hmac.compare_digest(cookie.encode(), csrf.encode()):
        raise NietToegestaan("Dit formulier is verlopen. Ga terug naar het aanmeldscherm en probeer het opnieuw.")
    try:
        gelukt = await aanmelden(omgeving(request).wereld_of(), naam, wachtwoord)
    except AanmeldenMislukt as error:
        return _formulier(request, naar=naar, naam=naam, fout=error.melding, status=401)
    response = RedirectResponse(veilig_pad(naar), status_code=303, headers=HEADERS)
    _set_cookie(request, response, SESSIE_COOKIE, gelukt.sessie_token, max_age_s=int(SESSIE_DUUR.total_seconds()))
    response.delete_cookie(FORMULIER_COOKIE, path="/aanmelden")
    return response


@router.post("/afmelden")
async def meld_af(
    request: Request, bezoeker: Annotated[Bezoeker, Depends(bezoeker_met(*Rol))], csrf: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """End the session."""
    bezoeker.check_csrf(csrf)
    await afmelden(bezoeker.wereld, request.cookies[SESSIE_COOKIE])
    response = RedirectResponse("/aanmelden", status_code=303, headers=HEADERS)
    response.delete_cookie(SESSIE_COOKIE, path="/")
    return response


def veilig_pad(naar: str) -> str:
    """Where to go after signing in: a page of this site only, whatever the link said."""
    plain = naar.isprintable() and "\\" not in naar
    return naar if plain and naar.startswith("/") and not naar.startswith(("//", "/aanmelden", "/afmelden")) else "/"


def _formulier(request: Request, *, naar: str, naam: str = "", fout: str = "", status: int = 200) -> Response:
    token = secrets.token_urlsafe(32)
    response = pagina("aanmelden.html", status=status, csrf=token, naar=veilig_pad(naar), naam=naam, fout=fout)
    _set_cookie(request, response, FORMULIER_COOKIE, token, max_age_s=FORMULIER_COOKIE_S, path="/aanmelden")
    return response


def _set_cookie(request: Request, response: Response, name: str, value: str, *, max_age_s: int, path: str = "/") -> None:
    secure = omgeving(request).secure_cookies
    response.set_cookie(name, value, max_age=max_age_s, path=path, secure=secure, httponly=True, samesite="lax")
