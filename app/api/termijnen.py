"""`/termijnen` and `/verzoeken`: what is owed, by whom and until when, and what aanbieders asked. Read only, and without the persons."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.api.shapes import (
    AGB_PATTERN,
    GEMEENTE_PATTERN,
    Cursor,
    Domein,
    Limit,
    TermijnLijst,
    TermijnShape,
    VerzoekLijst,
    VerzoekShape,
    VerzoekSoort,
    VerzoekStatus,
)
from app.api.toegang import ActorDep, WereldDep
from app.reports import Termijn, TermijnFilter, TermijnStand, VerzoekFilter, VerzoekRegel, Wie, list_termijnen, list_verzoeken

router = APIRouter(tags=["termijnen"])

GemeenteFilter = Annotated[str | None, Query(pattern=GEMEENTE_PATTERN, examples=["0664"])]


@router.get("/termijnen", summary="Termijnen die lopen, eerst wat het eerst eindigt")
async def toon_termijnen(
    request: Request,
    wereld: WereldDep,
    actor: ActorDep,
    wie: Annotated[Wie | None, Query(description="wie moet handelen; wij: Solidair antwoordt namens de gemeente")] = None,
    stand: Annotated[TermijnStand | None, Query(description="eindigt_binnenkort: nog hoogstens twee werkdagen")] = None,
    domein: Domein | None = None,
    gemeente: GemeenteFilter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TermijnLijst:
    """Antwoorden die wij schuldig zijn, retourberichten die een aanbieder schuldig is, en besluiten van gemeenten op verzoeken."""
    vraag = TermijnFilter(wie=wie, stand=stand, domein=domein, gemeente=gemeente)
    page = await list_termijnen(wereld, actor, vraag, cursor, limit)
    root = request.scope.get("root_path", "")
    return TermijnLijst(items=[_as_termijn(each, root) for each in page.items], volgende=page.volgende)


@router.get("/verzoeken", summary="Verzoeken van aanbieders (315, 317), nieuwste bericht eerst")
async def toon_verzoeken(
    wereld: WereldDep,
    actor: ActorDep,
    status: VerzoekStatus | None = None,
    domein: Domein | None = None,
    soort: VerzoekSoort | None = None,
    gemeente: GemeenteFilter = None,
    aanbieder: Annotated[str | None, Query(pattern=AGB_PATTERN, examples=["42420001"])] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> VerzoekLijst:
    """Van een 315 elk aangevraagd product, van een 317 het verzoek als geheel; wat ervan werd en tot wanneer de gemeente kan besluiten."""
    vraag = VerzoekFilter(status=status, domein=domein, soort=soort, gemeente=gemeente, aanbieder=aanbieder)
    page = await list_verzoeken(wereld, actor, vraag, cursor, limit)
    return VerzoekLijst(items=[_as_verzoek(each) for each in page.items], volgende=page.volgende)


def _as_termijn(termijn: Termijn, root: str) -> TermijnShape:
    names = (
        "wat", "wie", "volgnr", "domein", "gemeente", "gemeente_naam", "agb", "aanbieder_naam", "kenmerk", "status", "eindigt_op",
        "woonplaats_tot", "werkdagen", "stand",
    )  # fmt: skip
    return TermijnShape(
        bericht_nr=str(termijn.bericht_nr),
        bericht=termijn.soort,
        link=f"{root}/berichten/{termijn.bericht_nr}",
        **{name: getattr(termijn, name) for name in names},
    )


def _as_verzoek(verzoek: VerzoekRegel) -> VerzoekShape:
    names = (
        "volgnr", "domein", "gemeente", "agb", "soort", "referentie_aanbieder", "status", "categorie", "code", "ontvangst_datum",
        "beslistermijn", "woonplaatstermijn", "besluit_datum",
    )  # fmt: skip
    return VerzoekShape(
        bericht_nr=str(verzoek.bericht_nr),
        besluit=None if verzoek.besluit_nr is None else str(verzoek.besluit_nr),
        **{name: getattr(verzoek, name) for name in names},
    )
