"""The transfers of a total as a file: what the page shows of each, and on which line, toewijzing and tariff it rests."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.reports import HerkomstRegel, list_herkomst
from app.web.bezoeker import Bezoeker
from app.web.csvbestand import euro_cel
from app.web.herkomst import BESTAND_MAX, HerkomstVraag, Lezer
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand

PAGINA = 200
KOP = (
    "bron", "regel", "soort", "volgnr", "debet", "credit", "domein", "zorgvorm", "zorgmaand", "boekdatum", "bedrag", "agb", "categorie",
    "product", "toewijzing", "client", "contract", "tarief", "regelset", "draait_terug", "teruggedraaid_door",
)  # fmt: skip

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/herkomst.{vorm}")
async def herkomst_bestand(bezoeker: Lezer, vorm: Vorm, vraag: Annotated[HerkomstVraag, Query()]) -> Response:
    """The transfers of the selection, at most `BESTAND_MAX`."""
    return await tabel_bestand("herkomst", vorm, KOP, [_rij(each) for each in await _lees(bezoeker, vraag)])


async def _lees(bezoeker: Bezoeker, vraag: HerkomstVraag) -> list[HerkomstRegel]:
    found: list[HerkomstRegel] = []
    cursor: str | None = None
    while len(found) < BESTAND_MAX:
        page = await list_herkomst(bezoeker.wereld, bezoeker.actor, vraag.as_filter(), cursor, limit=PAGINA)
        found.extend(page.items)
        if (cursor := page.volgende) is None:
            break
    return found[:BESTAND_MAX]


def _rij(each: HerkomstRegel) -> tuple[object, ...]:
    prestatie, toewijzing, tarief = each.prestatie, each.toewijzing, each.tarief
    sides = (" ".join(filter(None, (side.soort, side.gemeente, side.agb))) for side in (each.debet, each.credit))
    care = (each.domein, each.zorgvorm, f"{each.zorgmaand:%Y-%m}", each.boekdatum, euro_cel(each.telt_cent))
    line = (prestatie.agb, prestatie.categorie, prestatie.code) if prestatie else (None, None, None)
    basis = (tarief.contract, euro_cel(tarief.tarief_cent)) if tarief else (None, None)
    return (
        each.bericht_nr, each.regel, each.soort, each.volgnr, *sides, *care, *line, toewijzing.toewijzing_nummer if toewijzing else None,
        each.client, *basis, each.regelset, each.draait_terug, ", ".join(each.teruggedraaid_door),
    )  # fmt: skip
