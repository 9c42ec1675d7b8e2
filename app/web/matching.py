"""The page that explains one prestatie: which toewijzing, contract and tariff line it has, or which condition failed."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from app.judging import Regeluitleg, uitleg_van
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import PaginaRoute

PRESTATIE = re.compile(r"^/Bericht/Declaratie/Clienten/Client\[(\d+)\]/Prestaties/Prestatie\[(\d+)\]")

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.BERICHTEN))]
BerichtNr = Annotated[int, Path(ge=1, le=2**63 - 1)]
Nummer = Annotated[int, Query(ge=1, le=2**31 - 1)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


def plek_van(pad: str) -> dict[str, int] | None:
    """Which prestatie the path of a bevinding is about, for a link to its explanation; None when it is about none."""
    found = PRESTATIE.match(pad)
    return None if found is None else {"client": int(found[1]), "prestatie": int(found[2])}


@router.get("/berichten/{bericht_nr}/regels")
async def regel_op_plek(bezoeker: Lezer, bericht_nr: BerichtNr, client: Nummer, prestatie: Nummer) -> Response:
    """The explanation of a prestatie by its place in the bericht."""
    found = await uitleg_van(bezoeker.wereld, bezoeker.actor, bericht_nr, prestatie, client=client)
    return _pagina(bezoeker, found)


@router.get("/berichten/{bericht_nr}/regels/{regel}")
async def regel(bezoeker: Lezer, bericht_nr: BerichtNr, regel: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """The explanation of a prestatie by its number."""
    found = await uitleg_van(bezoeker.wereld, bezoeker.actor, bericht_nr, regel)
    return _pagina(bezoeker, found)


def _pagina(bezoeker: Bezoeker, found: Regeluitleg) -> Response:
    mag_geld = bezoeker.actor.heeft(*rechten.GELD)
    return bezoeker.pagina("regel.html", r=found, u=found.uitleg, prestatie=found.prestatie, mag_geld=mag_geld)
