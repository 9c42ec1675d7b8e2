"""Pages for operations, access teams and controllers; rendered here on the server, in Dutch, for the gemeenten of who looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.staticfiles import StaticFiles

from app.adapters.wereld import Wereld
from app.notices import LiveAfkeuringen
from app.web import (
    aanmelden,
    afrekeningen,
    betalingen,
    boeken,
    casussen,
    contract,
    contracten,
    controle,
    controles,
    geld,
    gezondheid,
    grenzen,
    herbeoordelen,
    herkomst,
    herkomst_bestand,
    live,
    maanden,
    matching,
    meldingen,
    mijn,
    mijn_afrekeningen,
    mijn_berichten,
    mijn_declaraties,
    operaties,
    regels,
    risico,
    taalkeuze,
    termijnen,
    toegang,
    uitleg,
    uitputting,
    uitval,
    vasthouden,
    verevening,
    vergelijken,
    verzoeken,
    wijzigen,
)
from app.web.bezoeker import SESSIE_COOKIE, Omgeving
from app.web.pagina import foutpagina
from app.web.talen import begin_lezing

STATIC_PAD = "/static"
"""Where `main` mounts the style sheet and the script."""

__all__ = ["SESSIE_COOKIE", "STATIC_PAD", "begin_lezing", "foutpagina", "maak_web"]


def maak_web(
    wereld_of: Callable[[], Wereld], *, secure_cookies: bool = False, afkeuringen: LiveAfkeuringen | None = None
) -> tuple[APIRouter, StaticFiles]:
    """The pages as a router, and the files they need, to be mounted at `STATIC_PAD`.

    Args:
        wereld_of: Gives the world of the running process; called per request.
        secure_cookies: True behind TLS: cookies are then sent over https only.
        afkeuringen: Tells open pages of new ones; who starts the process ends it when the process stops. Without one the pages have their own.
    """
    surroundings = Omgeving(wereld_of=wereld_of, secure_cookies=secure_cookies, live=afkeuringen or LiveAfkeuringen(wereld_of))

    async def set_surroundings(request: Request) -> None:
        request.state.solidair_web = surroundings

    router = APIRouter(dependencies=[Depends(set_surroundings)], include_in_schema=False)
    for part in (
        aanmelden,
        taalkeuze,
        operaties,
        live,
        meldingen,
        uitval,
        vasthouden,
        matching,
        termijnen,
        toegang,
        verzoeken,
        wijzigen,
        mijn,
        mijn_berichten,
        mijn_declaraties,
        mijn_afrekeningen,
        controle,
        geld,
        uitputting,
        betalingen,
        boeken,
        afrekeningen,
        maanden,
        controles,
        gezondheid,
        casussen,
        verevening,
        vergelijken,
        uitleg,
        risico,
        grenzen,
        contracten,
        contract,
        herkomst,
        herkomst_bestand,
        herbeoordelen,
        regels,
    ):
        router.include_router(part.router)
    return router, StaticFiles(directory=Path(__file__).parent / "static")
