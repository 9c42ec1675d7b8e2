"""Pages as responses: templates, security headers, and errors as a Dutch page instead of a stack or a problem document."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.errors import DomainError, NietAangemeld, Unavailable
from app.reports import betekenis
from app.web import woorden
from app.web.talen import Taal, begin_lezing, lezing
from app.web.vertaling import lees_catalogus, vertaalde_omgeving

FORM_BYTES_MAX = 16_000

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""On every page: nothing from elsewhere, no script or style in the page itself, nothing kept by a shared computer."""


@cache
def environment(taal: Taal) -> Environment:
    """The templates in a language, escaped by default; a name that is not given is an error and not an empty place."""
    if taal is Taal.NEDERLANDS:
        return _nederlands()
    env = vertaalde_omgeving(environment(Taal.NEDERLANDS), lees_catalogus(Path(__file__).parent / "vertaling" / taal.value))
    env.globals["taal"] = taal.value
    return env


def _nederlands() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        euro=woorden.euro_of_streep,
        euro_heel=woorden.euro_heel,
        getal=woorden.getal,
        procent=woorden.procent,
        datum=woorden.datum,
        datum_kort=woorden.datum_kort,
        maandnaam=woorden.maandnaam,
        jjjj_mm=woorden.jjjj_mm,
        tijdstip=woorden.tijdstip,
        klok=woorden.klok,
        duur=woorden.duur,
        grootte=woorden.grootte,
        status_woord=woorden.status_woord,
        status_toon=woorden.status_toon,
        paar=lambda value: (value, value),
    )
    env.globals.update(
        partij_woord=woorden.partij_woord,
        betekenis=betekenis,
        oplossers=woorden.OPLOSSERS,
        domeinen=woorden.DOMEINEN,
        statussen=woorden.STATUSSEN,
        run_statussen=woorden.RUN_STATUSSEN,
        regel_staten=woorden.REGEL_STATEN,
        query=query,
        hoeveelheid=woorden.hoeveelheid,
        eenheid_woord=woorden.eenheid_woord,
        taal=Taal.NEDERLANDS.value,
        lezing=lezing,
    )
    return env


def query(waarden: Mapping[str, object], **anders: object) -> str:
    """A query string of what is filled, with some values changed; empty when nothing is."""
    merged = {**waarden, **anders}
    text = urlencode({name: "1" if value is True else str(value) for name, value in merged.items() if value not in (None, "", False)})
    return f"?{text}" if text else ""


def pagina(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of a template, in the language of who asks for it."""
    return HTMLResponse(environment(lezing().taal).get_template(template).render(**values), status_code=status, headers=HEADERS)


def foutpagina(status: int, melding: str) -> HTMLResponse:
    """A page that says what cannot be done, without saying anything about who asked."""
    return pagina("fout.html", status=status, code=status, titel=_TITELS.get(status, "Dit kan niet"), melding=melding)


_TITELS = {
    403: "U mag dit niet",
    404: "Niet gevonden",
    405: "Dit kan hier niet",
    413: "Te groot",
    422: "Niet goed ingevuld",
    500: "Er ging iets mis",
    501: "Nog niet gebouwd",
    503: "Even niet bereikbaar",
}


class PaginaRoute(APIRoute):
    """A route whose refusals are pages: who is not signed in goes to the form, everything else gets a sentence."""

    form_bytes_max = FORM_BYTES_MAX

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with errors as pages."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            begin_lezing(request)
            if request.method == "POST" and not 0 <= content_length(request) <= self.form_bytes_max:
                return foutpagina(413, "Dit formulier is te groot.")
            try:
                response = await handler(request)
            except NietAangemeld:
                return _naar_aanmelden(request)
            except DomainError as error:
                return foutpagina(error.status, error.melding)
            except Unavailable:
                return foutpagina(503, "De gegevens zijn nu niet bereikbaar. Probeer het over een minuut opnieuw; er gaat niets verloren.")
            except RequestValidationError as error:
                return _ongeldig(error)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return handle


def content_length(request: Request) -> int:
    """The size of a body as the request announces it; -1 when it does not."""
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else -1


def _naar_aanmelden(request: Request) -> Response:
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "") if request.method == "GET" else "/"
    return RedirectResponse(f"/aanmelden{query({'naar': target if target != '/' else None})}", status_code=303, headers=HEADERS)


def _ongeldig(error: RequestValidationError) -> Response:
    places = {str(part) for fault in error.errors() for part in fault["loc"][:1]}
    if "path" in places:
        return foutpagina(404, "Deze pagina bestaat niet.")
    names = sorted({str(fault["loc"][-1]) for fault in error.errors()})
    return foutpagina(422, f"Niet goed ingevuld: {', '.join(names)[:200]}. Ga terug en kies een andere waarde.")
