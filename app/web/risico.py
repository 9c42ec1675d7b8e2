"""The page on risk, for councillors: how often a year costs more than the budget, with and without sharing, and what sharing cannot take away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from app.domain.errors import OngeldigVerzoek
from app.reports import SCHOKKEN_PROMILLE, Deelwijze, GemeenteRisico, RisicoOverzicht, read_risico
from app.web import rechten
from app.web.bandgrafiek import Spreiding, banden_breed_en_smal
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.grafiek import Meting, breed_en_smal
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.woorden import procent

DEELWIJZEN = {
    Deelwijze.WAARBORG: "Alles delen, naar verwachte kosten",
    Deelwijze.QUOTUM: "De helft delen, naar verwachte kosten",
    Deelwijze.STOPLOSS: "Per cliënt delen wat boven € 50.000 komt",
    Deelwijze.VLAKTAKS: "Naar de kosten van de laatste drie jaar",
    Deelwijze.UITSTEL: "Eigen kosten, uitgesmeerd over drie jaar",
}
SCHOKKEN = {promille: "Geen" if not promille else f"{promille // 10}% per jaar" for promille in SCHOKKEN_PROMILLE}

Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.RISICO))]
Delen = Annotated[Deelwijze, Query()]
Schok = Annotated[int, Query(ge=0, le=1000)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/risico")
async def risico(bezoeker: Controller, delen: Delen = Deelwijze.WAARBORG, schok: Schok = SCHOKKEN_PROMILLE[1]) -> Response:
    """Charts and tables of one simulation; what cannot be simulated is said on the page."""
    gevonden, reden = None, ""
    try:
        gevonden = await read_risico(bezoeker.wereld, bezoeker.actor, delen, schok)
    except OngeldigVerzoek as error:  # No finished year, or a budget that is missing: the reader can do something about it.
        reden = error.melding
    rows = (*gevonden.gemeenten, gevonden.regio) if gevonden else ()
    kansen = [Meting(naam=row.naam, waarde_cent=row.met.kans_promille, grens_cent=row.zonder.kans_promille) for row in rows]
    return bezoeker.pagina(
        "risico.html",
        risico=gevonden,
        reden=reden,
        rijen=rows,
        delen=delen.value,
        schok=schok,
        deelwijzen=[(each.value, naam) for each, naam in DEELWIJZEN.items()],
        schokken=list(SCHOKKEN.items()),
        deelnaam=DEELWIJZEN[delen],
        grafiek_kansen=breed_en_smal(kansen, tekst=procent),
        grafiek_spreiding=banden_breed_en_smal([found for row in rows if (found := _spreiding(row)) is not None]),
    )


def _spreiding(row: GemeenteRisico) -> Spreiding | None:
    """The bands of a gemeente; None without a budget to measure them against."""
    if row.budget_cent <= 0:
        return None
    eerst, dan = (
        tuple(cent * 1000 // row.budget_cent for cent in (kans.p5_cent, kans.p50_cent, kans.p95_cent)) for kans in (row.zonder, row.met)
    )
    return Spreiding(naam=row.naam, eerst=(eerst[0], eerst[1], eerst[2]), dan=(dan[0], dan[1], dan[2]))


@router.get("/geld/risico.{vorm}")
async def risico_bestand(
    bezoeker: Controller, vorm: Vorm, delen: Delen = Deelwijze.WAARBORG, schok: Schok = SCHOKKEN_PROMILLE[1]
) -> Response:
    """The figures of the page as a file."""
    gevonden = await read_risico(bezoeker.wereld, bezoeker.actor, delen, schok)
    return await tabel_bestand(f"risico-{gevonden.jaar}", vorm, _KOP, _rijen(gevonden))


_KOP = (
    "jaar", "gemeente", "naam", "delen", "budget", "gemiddeld", "kans_boven_budget_promille", "p5", "p50", "p95", "reserve_es95",
    "spreiding_toeval", "spreiding_schok",
)  # fmt: skip


def _rijen(gevonden: RisicoOverzicht) -> list[tuple[object, ...]]:
    rijen: list[tuple[object, ...]] = []
    for row in (*gevonden.gemeenten, gevonden.regio):
        for naam, kans, toeval, schok in (
            ("niet", row.zonder, row.eigen_toeval_cent, None),
            (gevonden.deelwijze.value, row.met, row.toeval_cent, row.gezamenlijk_cent),
        ):
            amounts = (kans.p5_cent, kans.p50_cent, kans.p95_cent, kans.es95_cent, toeval, schok)
            first = (gevonden.jaar, row.gemeente, row.naam, naam, euro_cel(row.budget_cent), euro_cel(kans.gemiddelde_cent))
            rijen.append((*first, kans.kans_promille, *map(euro_cel, amounts)))
    return rijen
