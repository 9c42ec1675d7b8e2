"""`/verzoeken/{id}/besluit` and `/toewijzingen/…/wijziging`: deciding and changing without writing XML; for the software of a gemeente."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from app.api.problems import VeldFout, probleem_antwoord, problem, trace_id_of
from app.api.shapes import GEMEENTE_PATTERN, BevindingShape, Domein, Shape
from app.api.toegang import ActorDep, WereldDep
from app.composing import (
    BesluitOngeldig,
    Besluitvoorstel,
    Effect,
    Nummer,
    Veldfout,
    Voorstel,
    WijzigingOngeldig,
    bekijk_besluit,
    bekijk_wijziging,
    verstuur_besluit,
    verstuur_wijziging,
)
from app.domain.bevinding import Bevinding

router = APIRouter(tags=["toewijzingen"])

CENT = 100
Controle = Annotated[bool, Query(description="alleen controleren; er wordt niets verstuurd")]


class BesluitVerzoek(Shape):
    """What the gemeente decides."""

    keus: Literal["toewijzen", "onderzoek", "afwijzen"] = Field(description="toewijzen: zoals gevraagd, een 317 als geheel (IV093)")
    reden: Annotated[str, Field(max_length=2)] = Field(default="", description="bij afwijzen: RedenAfwijzingVerzoek")
    gemeente: Annotated[str, Field(pattern="^([0-9]{4})?$")] = Field(default="", description="bij reden 8 (woonplaatsbeginsel, iJw)")


class WijzigingVerzoek(Shape):
    """What changes on the number; the other fields stay out."""

    actie: Literal["verlengen", "verkorten", "omvang", "budget", "intrekken"]
    reden: Annotated[str, Field(max_length=2)] = Field(default="", description="RedenWijziging; bij intrekken altijd 13")
    einddatum: date | None = None
    volume: Annotated[int, Field(ge=1, le=99_999_999)] | None = Field(
        default=None, description="alleen bij frequentie 6; van een omvang in euro's (eenheid 83) hele euro's"
    )
    budget_cent: Annotated[int, Field(ge=1, le=99_999_999)] | None = None
    commentaar: Annotated[str, Field(max_length=1000)] = ""


class EffectShape(Shape):
    """What it does to the commitment, in cents."""

    voor_cent: int
    na_cent: int


class WijzigUitkomst(Shape):
    """What was sent, or (with `controle`) would be."""

    bericht: str | None = Field(description="id van de 301 of 319; null bij alleen controleren")
    effect: EffectShape | None = Field(description="op de verplichting; null bij een 319")
    buiten_periode: int = Field(default=0, description="toegekende prestaties na de nieuwe einddatum")
    buiten_periode_cent: int = 0


@router.post(
    "/verzoeken/{verzoek_id}/besluit",
    status_code=202,
    response_model=WijzigUitkomst,
    summary="Besluit op een verzoek van een aanbieder (315, 317)",
    responses={
        200: {"description": "Alleen gecontroleerd.", "model": WijzigUitkomst},
        422: probleem_antwoord("Kan zo niet worden verstuurd."),
    },
)
async def besluit(
    request: Request,
    wereld: WereldDep,
    actor: ActorDep,
    verzoek_id: Annotated[
        str, Path(pattern="^[0-9]{1,18}-[0-9]{1,9}$", examples=["12-1"], description="bericht_nr en volgnr van het verzoek")
    ],
    keuze: BesluitVerzoek,
    controle: Controle = False,
) -> Response:
    """Toewijzen maakt een 301 met de referentie van het verzoek, afwijzen en in onderzoek een 319."""
    bericht_nr, _, volgnr = verzoek_id.partition("-")
    answers = keuze.model_dump()
    if controle:
        looked = await bekijk_besluit(wereld, actor, int(bericht_nr), int(volgnr), answers, proef=True)
        return _refused(request, BesluitOngeldig(looked)) if not looked.verzendbaar else JSONResponse(_of_besluit(None, looked.effect))
    try:
        sent = await verstuur_besluit(wereld, actor, int(bericht_nr), int(volgnr), answers)
    except BesluitOngeldig as error:
        return _refused(request, error)
    return _accepted(request, sent, _of_besluit(sent, None))


@router.post(
    "/toewijzingen/{domein}/{gemeente}/{nummer}/wijziging",
    status_code=202,
    response_model=WijzigUitkomst,
    summary="Verleng, verkort, wijzig of trek een toewijzing in",
    responses={
        200: {"description": "Alleen gecontroleerd.", "model": WijzigUitkomst},
        422: probleem_antwoord("Kan zo niet worden verstuurd."),
    },
)
async def wijziging(
    request: Request,
    wereld: WereldDep,
    actor: ActorDep,
    domein: Domein,
    gemeente: Annotated[str, Path(pattern=GEMEENTE_PATTERN)],
    nummer: Annotated[int, Path(ge=0, le=999_999_999)],
    verzoek: WijzigingVerzoek,
    controle: Controle = False,
) -> Response:
    """Op hetzelfde nummer mogen alleen de einddatum, het budget en (bij frequentie 6) het volume anders worden (OP033x1, IV066)."""
    answers = _as_antwoorden(verzoek)
    welke = Nummer(domein=domein, gemeente=gemeente, nummer=nummer)
    if controle:
        looked = await bekijk_wijziging(wereld, actor, welke, answers)
        return _refused(request, WijzigingOngeldig(looked)) if not looked.verzendbaar else JSONResponse(_of_wijziging(None, looked))
    looked = await bekijk_wijziging(wereld, actor, welke, answers)
    try:
        sent = await verstuur_wijziging(wereld, actor, welke, answers, looked.zegel)
    except WijzigingOngeldig as error:
        return _refused(request, error)
    return _accepted(request, sent, _of_wijziging(sent, looked))


def _as_antwoorden(verzoek: WijzigingVerzoek) -> dict[str, str]:
    """The shape as the form would send it."""
    budget = verzoek.budget_cent
    return {
        "actie": verzoek.actie,
        "reden": verzoek.reden,
        "einddatum": "" if verzoek.einddatum is None else verzoek.einddatum.isoformat(),
        "volume": "" if verzoek.volume is None else str(verzoek.volume),
        "budget": "" if budget is None else f"{budget // CENT},{budget % CENT:02d}",
        "commentaar": verzoek.commentaar,
    }


def _of_besluit(bericht_nr: int | None, effect: Effect | None) -> dict[str, object]:
    return _shape(bericht_nr, effect).model_dump(mode="json")


def _of_wijziging(bericht_nr: int | None, voorstel: Voorstel) -> dict[str, object]:
    shape = _shape(bericht_nr, voorstel.effect)
    if voorstel.buiten is not None:
        shape.buiten_periode, shape.buiten_periode_cent = voorstel.buiten.aantal, voorstel.buiten.bedrag_cent
    return shape.model_dump(mode="json")


def _shape(bericht_nr: int | None, effect: Effect | None) -> WijzigUitkomst:
    return WijzigUitkomst(
        bericht=None if bericht_nr is None else str(bericht_nr),
        effect=None if effect is None else EffectShape(voor_cent=effect.voor_cent, na_cent=effect.na_cent),
    )


def _accepted(request: Request, bericht_nr: int, content: dict[str, object]) -> Response:
    location = f"{request.scope.get('root_path', '')}/berichten/{bericht_nr}"
    return JSONResponse(content, status_code=202, headers={"Location": location})


def _refused(request: Request, error: BesluitOngeldig | WijzigingOngeldig) -> Response:
    """What is missing or wrong, as one problem: fields that are not right, and findings of judging."""
    found: Besluitvoorstel | Voorstel = error.voorstel
    return problem(
        error.status,
        error.melding,
        trace_id=trace_id_of(request),
        fouten=_fields(found.fouten) or None,
        bevindingen=_findings(found.bevindingen) or None,
    )


def _fields(fouten: Iterable[Veldfout]) -> list[VeldFout]:
    return [VeldFout(veld=each.veld, melding=each.melding) for each in fouten]


def _findings(bevindingen: Iterable[Bevinding]) -> list[BevindingShape]:
    return [BevindingShape.model_validate(each) for each in bevindingen]
