"""The page of the invariants: what holds now, what the last verification of everything found, and the button that does it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import Conflict
from app.ledger import verifieer
from app.reports import read_controles
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

Bewaker = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.CONTROLES))]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/controles")
async def controles(bezoeker: Bewaker) -> Response:
    """What holds, with the rows where it does not."""
    return await _toon(bezoeker)


@router.post("/controles")
async def reken_na(bezoeker: Bewaker, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Recompute everything; who leaves the page finds the outcome on it later."""
    bezoeker.check_csrf(csrf)
    try:
        await verifieer(bezoeker.wereld, bezoeker.actor)
    except Conflict as error:
        return await _toon(bezoeker, melding=error.melding)
    return RedirectResponse("/controles#nagerekend", status_code=303, headers=HEADERS)


async def _toon(bezoeker: Bezoeker, *, melding: str | None = None) -> Response:
    found = await read_controles(bezoeker.wereld, bezoeker.actor)
    laatste = None if found.laatste is None else [(each, _kolommen(each.tegenspraken)) for each in found.laatste.controles]
    response = bezoeker.pagina(
        "controles.html",
        controles=found,
        invarianten=[(each, _kolommen(each.rijen)) for each in found.invarianten],
        nagerekend=laatste,
        melding=melding,
    )
    if melding is not None:
        response.status_code = Conflict.status
    return response


def _kolommen(rijen: Iterable[Mapping[str, object]]) -> list[str]:
    """The names of the columns of rows of one query, in their order."""
    return list(dict.fromkeys(name for rij in rijen for name in rij))
