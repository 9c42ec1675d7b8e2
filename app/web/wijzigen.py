"""The pages on which a toewijzing is changed: what is filled in, what it would do, and sending it. Nothing is sent before it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.composing import (
    REDENEN,
    Actie,
    Nummer,
    Voorstel,
    Wijzigbeeld,
    WijzigingOngeldig,
    Zegel,
    bekijk_wijziging,
    omvang_zin,
    toon_mogelijkheden,
    verstuur_wijziging,
)
from app.domain.errors import DomainError
from app.intake import Geweigerd
from app.mailbox import wacht_op_oordeel
from app.standard import codelists
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

WACHT_S = 4.0
AFGEKEURD = frozenset({"afgekeurd", "geparkeerd"})
ACTIE_WOORDEN = {
    Actie.VERLENGEN: "Verlengen",
    Actie.VERKORTEN: "Verkorten",
    Actie.OMVANG: "Volume wijzigen",
    Actie.BUDGET: "Budget wijzigen",
    Actie.INTREKKEN: "Intrekken",
}

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.TOEGANG))]
Tekst = Annotated[str, Form(max_length=1200)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
PAD = "/toegang/toewijzingen/{domein}/{gemeente}/{nummer}/wijzigen"


def _nummer(
    domein: Literal["ijw", "iwmo"],
    gemeente: Annotated[str, Path(pattern="^[0-9]{4}$")],
    nummer: Annotated[int, Path(ge=0, le=999_999_999)],
) -> Nummer:
    return Nummer(domein=domein, gemeente=gemeente, nummer=nummer)


def _antwoorden(
    actie: Tekst = "", einddatum: Tekst = "", volume: Tekst = "", budget: Tekst = "", reden: Tekst = "", commentaar: Tekst = ""
) -> dict[str, str]:
    return {"actie": actie, "einddatum": einddatum, "volume": volume, "budget": budget, "reden": reden, "commentaar": commentaar}


Welke = Annotated[Nummer, Depends(_nummer)]
Ingevuld = Annotated[dict[str, str], Depends(_antwoorden)]


@router.get(PAD)
async def formulier(bezoeker: Lezer, welke: Welke, actie: Annotated[Actie, Query()] = Actie.VERLENGEN) -> Response:
    """The form of one actie, or why it may not be done."""
    beeld = await toon_mogelijkheden(bezoeker.wereld, bezoeker.actor, welke)
    return _formulier(bezoeker, welke, beeld, actie, {})


@router.post(PAD)
async def bekijk(bezoeker: Lezer, welke: Welke, antwoorden: Ingevuld, csrf: Tekst = "") -> Response:
    """What the change would do; what is wrong is said beside its field."""
    bezoeker.check_csrf(csrf)
    return _voorstel(bezoeker, welke, await bekijk_wijziging(bezoeker.wereld, bezoeker.actor, welke, antwoorden), antwoorden)


@router.post(f"{PAD}/versturen")
async def verstuur(
    bezoeker: Lezer, welke: Welke, antwoorden: Ingevuld, zegel: Annotated[str, Form(max_length=600)] = "", csrf: Tekst = ""
) -> Response:
    """Send it and show the toewijzing; when judging refused it after all, the bericht that says why."""
    bezoeker.check_csrf(csrf)
    seal = Zegel.van_tekst(zegel, bezoeker.wereld.vandaag)
    try:
        nr = await verstuur_wijziging(bezoeker.wereld, bezoeker.actor, welke, antwoorden, seal)
    except WijzigingOngeldig as error:
        return _voorstel(bezoeker, welke, error.voorstel, antwoorden, fout=error)
    except Geweigerd as error:
        voorstel = await bekijk_wijziging(bezoeker.wereld, bezoeker.actor, welke, antwoorden, seal)
        return _voorstel(bezoeker, welke, voorstel, antwoorden, fout=error)
    sent = await wacht_op_oordeel(bezoeker.wereld, bezoeker.actor, nr, WACHT_S)
    return RedirectResponse(f"/berichten/{nr}" if sent.status in AFGEKEURD else _pad(welke), status_code=303, headers=HEADERS)


def _formulier(
    bezoeker: Bezoeker, welke: Nummer, beeld: Wijzigbeeld, actie: Actie, waarden: Mapping[str, str], *, voorstel: Voorstel | None = None
) -> Response:
    fouten = () if voorstel is None else voorstel.fouten
    response = bezoeker.pagina(
        "toegang_wijzigen.html",
        beeld=beeld,
        v=beeld.stand.versie,
        actie=actie,
        mogelijkheid=next(each for each in beeld.mogelijkheden if each.actie is actie),
        pad=_pad(welke),
        waarden=waarden,
        fouten=fouten,
        fout_bij={each.veld: each.melding for each in fouten},
        redenen=[(code, codelists.meaning(welke.domein, "RedenWijziging", code) or code) for code in REDENEN[actie]],
        actie_woorden=ACTIE_WOORDEN,
        omvang_zin=omvang_zin,
    )
    response.status_code = 422 if fouten else 200
    return response


def _voorstel(
    bezoeker: Bezoeker, welke: Nummer, voorstel: Voorstel, antwoorden: Mapping[str, str], *, fout: DomainError | None = None
) -> Response:
    if voorstel.fouten or voorstel.wijziging is None:
        actie = Actie(antwoorden["actie"]) if antwoorden["actie"] in set(Actie) else Actie.VERLENGEN
        return _formulier(bezoeker, welke, voorstel.beeld, actie, antwoorden, voorstel=voorstel)
    response = bezoeker.pagina(
        "toegang_wijziging.html",
        p=voorstel,
        v=voorstel.beeld.stand.versie,
        pad=_pad(welke),
        antwoorden=antwoorden,
        reden=codelists.meaning(welke.domein, "RedenWijziging", voorstel.wijziging.reden),
        mogelijkheid=next(each for each in voorstel.beeld.mogelijkheden if each.actie is voorstel.wijziging.actie),
        actie_woorden=ACTIE_WOORDEN,
        omvang_zin=omvang_zin,
        xml="" if voorstel.xml is None else voorstel.xml.decode().replace("><", ">\n<"),
        fout=fout,
    )
    response.status_code = 200 if fout is None and voorstel.verzendbaar else 422
    return response


def _pad(welke: Nummer) -> str:
    return f"/toegang/toewijzingen/{welke.domein}/{welke.gemeente}/{welke.nummer}"
