"""HTTP routes, shapes and problems.

`maak_api` makes the interface under /v1 as an application of its own, `operaties` are the routes beside it, `Edge` goes around everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.adapters.wereld import Wereld
from app.api import (
    afrekeningen,
    berichten,
    besluiten,
    betalingen,
    grootboek,
    handelingen,
    herkomst,
    maanden,
    plafonds,
    postvakken,
    rapportages,
    regio,
    regio_ladingen,
    termijnen,
    toewijzingen,
    verevening,
    vrijval,
)
from app.api.edge import API_PREFIX, API_VERSION, Edge
from app.api.openapi import openapi_of
from app.api.operaties import router as operaties
from app.api.problems import ZINNEN, add_handlers, http_problem, problem, trace_id_of
from app.api.verkeer import Verkeer

__all__ = [
    "API_PREFIX",
    "API_VERSION",
    "ZINNEN",
    "Edge",
    "Verkeer",
    "add_handlers",
    "http_problem",
    "maak_api",
    "openapi_of",
    "operaties",
    "problem",
    "trace_id_of",
]

CONTROLES_MAX = 2
"""Checks without sending at the same time; each may hold 25 MB and a tree of it."""


def maak_api(wereld_of: Callable[[], Wereld]) -> FastAPI:
    """The interface, to be mounted at /v1.

    Args:
        wereld_of: Gives the world of this process; asked at each request, because it opens after the routes are made.
    """
    # No documentation pages: they load scripts from elsewhere. No redirect of a trailing slash: such an address does not exist.
    api = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, root_path_in_servers=False)
    api.state.wereld_of = wereld_of
    api.state.controles = asyncio.Semaphore(CONTROLES_MAX)
    for router in (
        berichten.router,
        postvakken.router,
        termijnen.router,
        toewijzingen.router,
        besluiten.router,
        regio.router,
        regio_ladingen.router,
        plafonds.router,
        grootboek.router,
        handelingen.router,
        herkomst.router,
        verevening.router,
        betalingen.router,
        afrekeningen.router,
        maanden.router,
        vrijval.router,
        rapportages.router,
    ):
        api.include_router(router)
    add_handlers(api)
    api.add_api_route("/openapi.json", _openapi, include_in_schema=False)
    return api


async def _openapi(request: Request) -> JSONResponse:
    """The OpenAPI document, for everybody and every page."""
    api: FastAPI = request.app
    if api.openapi_schema is None:
        api.openapi_schema = openapi_of(api)
    return JSONResponse(api.openapi_schema, headers={"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"})
