"""Changing the language of the pages: a form on every page, also before signing in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import NietToegestaan
from app.web.bezoeker import omgeving
from app.web.pagina import PaginaRoute
from app.web.talen import TAAL_COOKIE, als_taal

TAAL_COOKIE_S = 365 * 24 * 3600
TERUG_TEKENS_MAX = 2_000

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.post("/taal")
async def kies_taal(
    request: Request,
    taal: Annotated[str, Form(max_length=10)] = "",
    terug: Annotated[str, Form(max_length=TERUG_TEKENS_MAX)] = "/",
) -> Response:
    """Remember the language and go back to the page that was open.

    Raises:
        NietToegestaan: The form is not one of our pages. Who is not signed in has no token, so what the browser says of its origin decides.
    """
    if not _van_ons(request):
        raise NietToegestaan("Dit formulier komt niet van deze site. Ga terug en probeer het opnieuw.")
    response = RedirectResponse(eigen_pad(terug), status_code=303)
    secure = omgeving(request).secure_cookies
    response.set_cookie(TAAL_COOKIE, als_taal(taal), max_age=TAAL_COOKIE_S, secure=secure, httponly=True, samesite="lax")
    return response


def eigen_pad(naar: str) -> str:
    """A page of this site only, whatever the form said; the start page when it is not one."""
    plain = naar.isascii() and naar.isprintable() and "\\" not in naar
    return naar if plain and naar.startswith("/") and not naar.startswith(("//", "/taal")) else "/"


def _van_ons(request: Request) -> bool:
    """Every browser says of a form that it posts from where it comes; a program that does not say so carries nobody's session.

    `Sec-Fetch-Site` goes first: it also holds behind a proxy that gives us another name.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.url.netloc
